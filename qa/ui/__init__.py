"""The browser page: a question on the left, the source itself on the right."""

from qa.ui.server.serving import create_app, serve, serve_assistant

__all__ = ["create_app", "serve", "serve_assistant"]
