"""Prompts to text, token by token: the ``Generator`` protocol and its adapters.

``llama`` runs a GGUF file in a child process that it owns; ``remote`` asks a
server that speaks the OpenAI protocol.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Protocol

from qa.neural.generation.llama import LlamaGenerator
from qa.neural.generation.remote import Patience, RemoteGenerator
from qa.schema import Prompt

__all__ = ["Generator", "LlamaGenerator", "Patience", "RemoteGenerator"]


class Generator(Protocol):
    """Drafts text; what it says is untrusted until verified."""

    @property
    def name(self) -> str:
        """Shown with every answer."""

    @property
    def where(self) -> str:
        """The file or address it comes from."""

    def stream(self, prompt: Prompt, cancel: threading.Event) -> Iterator[str]:
        """Draft text piece by piece, bounded in tokens and time.

        Args:
            prompt: The messages.
            cancel: Once set, the stream ends soon, without an error.

        Raises:
            ModelError: The model cannot be loaded.
            GenerationError: It failed on the way; the next call starts afresh.
        """

    def close(self) -> None:
        """Free what it holds; it may be used again and then loads again."""
