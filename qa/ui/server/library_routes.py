"""The library over HTTP: look, add, remove, build, and follow a build.

Arguments come from anybody; files come in under names that
``qa.library.seeds`` makes safe.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse

from qa.errors import QaError
from qa.ui.page.model_choice import may_choose
from qa.ui.panels.shelf import look, shelve, unshelve
from qa.ui.panels.welcome import survey
from qa.ui.server.shared_state import Room

_MEGABYTE = 1_000_000
_NAME_LENGTH = 1000
_CHANGING = "Another generator is being loaded…"


def add_library(app: FastAPI, room: Room) -> None:
    """The routes below ``/page/library``."""
    seeds = room.settings.seeds

    @app.get("/page/library")
    def library() -> dict[str, Any]:
        index = room.parts.index
        shelf = asdict(look(index, seeds, room.builds.state))
        return {**shelf, "examples": survey(index).examples}

    @app.put("/page/library/file")
    async def add(name: str, request: Request) -> dict[str, Any]:
        data = await request.body()
        limit = room.settings.max_seed_mb * _MEGABYTE
        try:
            # Beside the event loop: a slow disk must not hold up other readers.
            added = await asyncio.to_thread(
                shelve, seeds, name[:_NAME_LENGTH], data, max_bytes=limit
            )
        except QaError as exc:
            return {"file": name, "is_new": False, "refused": str(exc)}
        return {**asdict(added), "refused": ""}

    @app.delete("/page/library/file")
    def remove(name: str) -> dict[str, str]:
        try:
            removed = unshelve(seeds, name)
        except QaError as exc:
            raise HTTPException(400, str(exc)) from exc
        room.builds.start()
        return {"file": removed.file, "kept": str(removed.kept)}

    @app.post("/page/library/build")
    def build() -> dict[str, bool]:
        room.builds.start()
        return {"started": True}

    @app.get("/page/events")
    async def events(request: Request) -> StreamingResponse:
        may = may_choose(request.client, request.headers)
        told = _told(room, may_choose=may)
        return StreamingResponse(told, media_type="text/event-stream")


async def _told(room: Room, *, may_choose: bool) -> AsyncIterator[str]:
    """The state of models and building, at once and whenever it changes."""
    async for _ in room.bell.rings():
        state = await asyncio.to_thread(_state, room)
        if not may_choose:  # both name files of this machine
            state["refused"] = ""
            state["changing"] = state["changing"] and _CHANGING
        yield f"data: {json.dumps(state)}\n\n"


def _state(room: Room) -> dict[str, Any]:
    state = room.builds.state
    return {
        "status": room.status(),
        "failure": room.warmup.failure,
        "ready": room.warmup.done,
        "changing": room.choice.state.doing,
        "refused": room.choice.state.failure,
        "generator": room.choice.chosen,
        "running": state.running,
        "runs": state.runs,
        "progress": asdict(state.progress) if state.progress else None,
        "error": state.error,
        "log": [asdict(seed) for seed in state.seeds if seed.outcome != "unchanged"],
    }
