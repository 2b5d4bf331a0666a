"""Serving the page: the app, its guard, and the one address it is bound to."""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import SettingsError
from qa.neural.memory import share_arenas
from qa.settings import Settings, home
from qa.ui.page.components import mount_page
from qa.ui.page.feedback import Feedback
from qa.ui.server.answer_folder import AnswerFolder
from qa.ui.server.build_runner import Build, BuildRunner
from qa.ui.server.generator_choice import GeneratorChoice, WithGenerator
from qa.ui.server.guard import Guard, is_loopback
from qa.ui.server.model_loading import ModelLoader
from qa.ui.server.notifier import Notifier
from qa.ui.server.recent_answers import RecentAnswers
from qa.ui.server.request_queue import RequestQueue
from qa.ui.server.shared_state import SharedState
from qa.ui.server.signing import ExchangeSigner, load_key
from qa.wiring import (
    Parts,
    assemble,
    exchange_generator,
    prepare_libraries,
    run_build,
)

if TYPE_CHECKING:
    from fastapi import FastAPI

_SHUTDOWN_SECONDS = 2
_OPEN = (
    "everyone who reaches {host} can read, add and remove the articles; "
    "set `auth` (QA_AUTH=user:password), or `host` to 127.0.0.1"
)


def serve(
    settings: Settings,
    *,
    open_browser: bool = False,
    mcp: bool = False,
    ready: Callable[[str], None] = lambda _address: None,
    warn: Callable[[str], None] = lambda _warning: None,
) -> None:
    """Serve the page until interrupted.

    Args:
        settings: Host and port among them.
        open_browser: Show the page in the reader's browser.
        mcp: Also serve assistants, by the Model Context Protocol.
        ready: Told the page's address once it is bound.
        warn: Told when others than this machine's users can reach the page.

    Raises:
        SettingsError: The address cannot be bound, or the extra ``mcp`` is missing.
        ModelError: A model is unknown, missing or damaged.
    """
    if mcp:
        _require_mcp()
    share_arenas()

    with closing(_bind(settings.host, settings.port)) as listening:
        app = create_app(
            assemble(settings),
            settings,
            home=home(),
            build=partial(run_build, settings) if settings.builds == "on" else None,
            mcp=mcp,
        )
        address = f"http://{_shown(settings.host)}:{settings.port}"
        ready(address)
        if (reached := _reached_by_others(settings)) and not settings.auth:
            warn(_OPEN.format(host=reached))
        if open_browser:
            # The socket listens already: the browser's request waits for the app.
            webbrowser.open(address)
        _run(app, listening)


def _reached_by_others(settings: Settings) -> str:
    """Where others than this machine's users reach the page; empty if nowhere."""
    return settings.public_host or ("" if is_loopback(settings.host) else settings.host)


def _run(app: FastAPI, listening: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,
        proxy_headers=False,  # the app's own business: see ``create_app``
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        app.state.shared.builds.stop(_SHUTDOWN_SECONDS)
        app.state.shared.choice.close()


def create_app(
    parts: Parts,
    settings: Settings,
    *,
    home: Path,
    build: Build | None,
    with_generator: WithGenerator = exchange_generator,
    mcp: bool = False,
) -> FastAPI:
    """The app with the page at its root; models begin to load, and a build runs.

    Args:
        parts: The pipeline.
        settings: The settings it was made from.
        home: Folder for what readers leave behind.
        build: Brings the index up to date; None if another program does.
        with_generator: Puts another generator into parts.
        mcp: Also serve assistants, by the Model Context Protocol.
    """
    prepare_libraries(settings)
    from fastapi import FastAPI
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    from qa.ui.server.endpoints import add_endpoints
    from qa.ui.server.library_routes import add_left_out_route, add_library_routes
    from qa.ui.server.routes import add_answer_routes, add_reader_routes

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(
        Guard,
        host=settings.host,
        public=settings.public_host,
        auth=settings.auth,
    )
    if settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.proxies)
    shared = _shared_state(parts, settings, home, build, with_generator)
    add_answer_routes(app, shared)
    add_reader_routes(app, shared)
    add_library_routes(app, shared)
    add_left_out_route(app, shared)
    add_endpoints(app, shared)
    if mcp:
        _add_assistants(app, shared)
    mounted = mount_page(app, shared)
    # Not earlier: loading the models would hold up the page.
    shared.loader.start()
    shared.builds.start()
    mounted.state.shared = shared
    return mounted


def _shared_state(
    parts: Parts,
    settings: Settings,
    home: Path,
    build: Build | None,
    with_generator: WithGenerator,
) -> SharedState:
    notifier, queue = Notifier(), RequestQueue(at_once=settings.at_once)
    signer = ExchangeSigner(load_key(home))
    folder = None
    if settings.answers:
        folder = AnswerFolder(Path(settings.answers), signer)
    loader = ModelLoader(parts, notifier.notify)
    choice = GeneratorChoice(
        loader, settings, queue, changed=notifier.notify, with_generator=with_generator
    )
    return SharedState(
        settings=settings,
        loader=loader,
        choice=choice,
        queue=queue,
        builds=BuildRunner(build, notifier),
        notifier=notifier,
        signer=signer,
        feedback=Feedback(home),
        answers=RecentAnswers(folder=folder),
        folder=folder,
    )


def serve_assistant(settings: Settings) -> None:
    """Serve one assistant over standard input and output, until it leaves.

    Raises:
        SettingsError: The extra ``mcp`` is missing.
        ModelError: A model is unknown, missing or damaged.
    """
    _require_mcp()
    from qa.ui.server.assistants import make_server

    parts = assemble(settings)
    try:
        make_server(lambda: parts, RequestQueue(at_once=settings.at_once)).run("stdio")
    finally:
        if parts.generator is not None:
            parts.generator.close()


def _require_mcp() -> None:
    if find_spec("mcp") is None:
        raise SettingsError(
            "assistants need the package `mcp`, which is not installed; "
            "install it with: pip install -c constraints.txt '.[mcp]'"
        )


def _add_assistants(app: FastAPI, shared: SharedState) -> None:
    """The tools at ``/mcp``, running for as long as the app does."""
    from qa.ui.server.assistants import make_server, routes_of

    server = make_server(lambda: shared.parts, shared.queue)
    app.router.routes.extend(routes_of(server))
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[Any]:
        async with outer(served) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"port {port} on {host} is taken; stop the program that holds it, "
                f"or set QA_PORT to another, such as {port % 65535 + 1}"
            ) from exc
        raise SettingsError(
            f"{host}:{port} cannot be served from ({exc.strerror}); "
            "check the settings `host` and `port`"
        ) from exc


def _shown(host: str) -> str:
    """The host as a browser on this machine writes it."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - replaced, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
