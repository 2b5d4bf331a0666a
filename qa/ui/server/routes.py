"""What the page's script asks of the server, besides Gradio's own events.

Arguments come from anybody: each is looked up, never followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field

from qa.errors import QaError
from qa.ui.page.conversation import Exchange
from qa.ui.page.feedback import Rating
from qa.ui.page.model_choice import may_choose
from qa.ui.page.references import as_bibtex, as_markdown, as_plain
from qa.ui.page.transcript import export_html, export_markdown
from qa.ui.panels.source import Card, Page, open_citation, preview
from qa.ui.panels.welcome import model_names
from qa.ui.server.shared_state import Room

_FORMS: dict[str, Callable[[Exchange], str]] = {
    "plain": as_plain,
    "markdown": as_markdown,
    "bibtex": as_bibtex,
    "question": lambda exchange: exchange.question,
}
_EXPORTS = {
    "md": (export_markdown, "text/markdown"),
    "html": (export_html, "text/html"),
}
_EXPORTED = 200


class Judged(BaseModel):
    """What a reader thinks of an answer."""

    answer: str
    rating: Rating


class Chosen(BaseModel):
    """Which of the generators offered is to answer, by its key."""

    generator: Annotated[str, Field(max_length=300)]


def add_reading(app: FastAPI, room: Room) -> None:
    """Sources, references and exports."""
    forms = {**_FORMS, "sealed": room.sealer.seal}

    @app.get("/page/cards/{key}", response_model=None)
    def card(key: str) -> Card:
        return preview(key, room.kept)

    @app.get("/page/sources/{key}", response_model=None)
    def source(key: str) -> Page:
        return open_citation(key, room.kept, room.parts.index)

    @app.get("/page/answers/{answer}/{form}")
    def references(answer: str, form: str) -> PlainTextResponse:
        exchange = room.kept.find(answer)
        if exchange is None or form not in forms:
            raise HTTPException(404, "This answer is no longer kept.")
        return PlainTextResponse(forms[form](exchange))


def add_judging(app: FastAPI, room: Room) -> None:
    """What readers think of answers, and what is set."""

    @app.post("/page/feedback")
    def judge(judged: Judged) -> dict[str, str]:
        exchange = room.kept.find(judged.answer)
        if exchange is None:
            raise HTTPException(404, "This answer is no longer kept.")
        try:
            room.feedback.record(exchange, judged.rating)
        except QaError as exc:
            raise HTTPException(500, str(exc)) from exc
        return {"rating": judged.rating}

    @app.get("/page/settings")
    def settings(request: Request) -> dict[str, Any]:
        return _set(room, may_choose=may_choose(request.client, request.headers))

    @app.post("/page/generator")
    def choose(chosen: Chosen, request: Request) -> dict[str, str]:
        if not may_choose(request.client, request.headers):
            raise HTTPException(403, "Only the machine that runs this page may choose.")
        try:
            room.choice.choose(chosen.generator)
        except QaError as exc:
            raise HTTPException(409, str(exc)) from exc
        return {"changing": room.choice.state.doing}

    @app.get("/page/conversation.{suffix}")
    def export(
        suffix: str, answer: Annotated[list[str], Query(max_length=_EXPORTED)]
    ) -> Response:
        found = [e for e in map(room.kept.find, answer) if e is not None]
        if suffix not in _EXPORTS or not found:
            raise HTTPException(404, "These answers are no longer kept.")
        written, kind = _EXPORTS[suffix]
        name = f"conversation.{suffix}"
        return Response(
            written(found),
            media_type=f"{kind}; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )


def _set(room: Room, *, may_choose: bool) -> dict[str, Any]:
    """What is set; whoever may not choose learns of no other generator."""
    choice = room.choice
    return {
        "strictness": room.settings.strictness,
        "sources": room.settings.evidence_sentences,
        "models": model_names(room.parts),
        "generators": [
            asdict(offer)
            for offer in choice.offers()
            if may_choose or offer.key == choice.chosen
        ],
        "may_choose": may_choose,
    }
