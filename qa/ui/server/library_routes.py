"""The library over HTTP: look, add, remove, build, and follow a build.

Arguments come from anybody; files come in under names that
``qa.library.seeds`` makes safe.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse

from qa.errors import QaError
from qa.ui.panels.library_listing import (
    add_upload,
    list_left_out,
    list_library,
    remove_seed,
)
from qa.ui.panels.welcome import summarise_library
from qa.ui.server.generator_choice import may_choose
from qa.ui.server.shared_state import SharedState

_MEGABYTE = 1_000_000
_NAME_LENGTH = 1000
_READING = "Another file is being read. Try again in a moment."
_CHANGING = "Another generator is being loaded…"


def add_library_routes(app: FastAPI, shared: SharedState) -> None:
    """The routes below ``/page/library``."""
    seeds = shared.settings.seeds
    limit = shared.settings.max_seed_mb * _MEGABYTE

    @app.get("/page/library")
    def library() -> dict[str, Any]:
        index = shared.parts.index
        listing = asdict(list_library(index, seeds, shared.builds.state))
        return {**listing, "examples": summarise_library(index).examples}

    @app.put("/page/library/file")
    async def add(name: str, request: Request) -> dict[str, Any]:
        data = await request.body()
        try:
            # Beside the event loop: a slow disk must not hold up other readers.
            added = await asyncio.to_thread(
                add_upload, seeds, name[:_NAME_LENGTH], data, max_bytes=limit
            )
        except QaError as exc:
            return {"file": name, "is_new": False, "refused": str(exc)}
        return {**asdict(added), "refused": ""}

    @app.delete("/page/library/file")
    def remove(name: str) -> dict[str, Any]:
        try:
            removed = remove_seed(seeds, name)
        except QaError as exc:
            raise HTTPException(400, str(exc)) from exc
        started = shared.builds.start()
        return {"file": removed.file, "kept": str(removed.kept), "started": started}

    @app.post("/page/library/build")
    def build() -> dict[str, bool]:
        return {"started": shared.builds.start()}

    @app.get("/page/events")
    async def events(request: Request) -> StreamingResponse:
        may = may_choose(request.client, request.headers)
        stream = _state_events(shared, may_choose=may)
        return StreamingResponse(stream, media_type="text/event-stream")


def add_left_out_route(app: FastAPI, shared: SharedState) -> None:
    """What is not read of a file, which is read for it: one file at a time."""
    seeds = shared.settings.seeds
    limit = shared.settings.max_seed_mb * _MEGABYTE
    reading = threading.Lock()

    @app.get("/page/library/left-out")
    def show(name: str) -> dict[str, Any]:
        if not reading.acquire(blocking=False):
            return {"parts": [], "more": 0, "refused": _READING}
        try:
            found = list_left_out(seeds, name[:_NAME_LENGTH], max_bytes=limit)
        except QaError as exc:
            return {"parts": [], "more": 0, "refused": str(exc)}
        else:
            return {**asdict(found), "refused": ""}
        finally:
            reading.release()


async def _state_events(shared: SharedState, *, may_choose: bool) -> AsyncIterator[str]:
    """The state of models and building, at once and whenever it changes."""
    async for _ in shared.notifier.changes():
        state = await asyncio.to_thread(_state, shared)
        if not may_choose:  # both name files of this machine
            state["refused"] = ""
            state["changing"] = state["changing"] and _CHANGING
        yield f"data: {json.dumps(state)}\n\n"


def _state(shared: SharedState) -> dict[str, Any]:
    state = shared.builds.state
    return {
        "status": shared.status(),
        "failure": shared.loader.failure,
        "ready": shared.loader.done,
        "changing": shared.choice.state.doing,
        "refused": shared.choice.state.failure,
        "generator": shared.choice.chosen,
        "running": state.running,
        "runs": state.runs,
        "progress": asdict(state.progress) if state.progress else None,
        "error": state.error,
        "log": [asdict(seed) for seed in state.seeds if seed.outcome != "unchanged"],
    }
