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
from qa.ui.page.references import as_bibtex, as_markdown, as_plain
from qa.ui.page.transcript import export_html, export_markdown
from qa.ui.panels.source_panel import (
    CitationCard,
    SourcePage,
    open_citation,
    preview_citation,
)
from qa.ui.server.generator_choice import may_choose
from qa.ui.server.model_loading import model_names
from qa.ui.server.shared_state import SharedState

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


class RatedAnswer(BaseModel):
    """What a reader thinks of an answer."""

    answer: str
    rating: Rating


class ChosenGenerator(BaseModel):
    """Which of the generators offered is to answer, by its key."""

    generator: Annotated[str, Field(max_length=300)]


def add_answer_routes(app: FastAPI, shared: SharedState) -> None:
    """Sources, references and exports."""
    forms = {**_FORMS, "signed": shared.signer.sign}

    @app.get("/page/cards/{key}", response_model=None)
    def card(key: str) -> CitationCard:
        return preview_citation(key, shared.answers)

    @app.get("/page/sources/{key}", response_model=None)
    def source(key: str) -> SourcePage:
        return open_citation(key, shared.answers, shared.parts.index)

    @app.get("/page/answers/{answer}/{form}")
    def references(answer: str, form: str) -> PlainTextResponse:
        exchange = shared.answers.find(answer)
        if exchange is None or form not in forms:
            raise HTTPException(404, "This answer is no longer kept.")
        return PlainTextResponse(forms[form](exchange))

    @app.get("/page/conversation.{suffix}")
    def export(
        suffix: str, answer: Annotated[list[str], Query(max_length=_EXPORTED)]
    ) -> Response:
        found = [e for e in map(shared.answers.find, answer) if e is not None]
        if suffix not in _EXPORTS or not found:
            raise HTTPException(404, "These answers are no longer kept.")
        written, kind = _EXPORTS[suffix]
        name = f"conversation.{suffix}"
        return Response(
            written(found),
            media_type=f"{kind}; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )


def add_reader_routes(app: FastAPI, shared: SharedState) -> None:
    """What readers think of answers, and which generator they choose."""

    @app.post("/page/feedback")
    def rate(rated: RatedAnswer) -> dict[str, str]:
        exchange = shared.answers.find(rated.answer)
        if exchange is None:
            raise HTTPException(404, "This answer is no longer kept.")
        try:
            shared.feedback.record(exchange, rated.rating)
        except QaError as exc:
            raise HTTPException(500, str(exc)) from exc
        return {"rating": rated.rating}

    @app.get("/page/settings")
    def settings(request: Request) -> dict[str, Any]:
        return _settings_shown(
            shared, may_choose=may_choose(request.client, request.headers)
        )

    @app.post("/page/generator")
    def choose(chosen: ChosenGenerator, request: Request) -> dict[str, str]:
        if not may_choose(request.client, request.headers):
            raise HTTPException(403, "Only the machine that runs this page may choose.")
        try:
            shared.choice.choose(chosen.generator)
        except QaError as exc:
            raise HTTPException(409, str(exc)) from exc
        return {"changing": shared.choice.state.doing}


def _settings_shown(shared: SharedState, *, may_choose: bool) -> dict[str, Any]:
    """What is set; whoever may not choose learns of no other generator."""
    choice = shared.choice
    return {
        "strictness": shared.settings.strictness,
        "sources": shared.settings.evidence_sentences,
        "models": model_names(shared.parts),
        "generators": [
            asdict(offer)
            for offer in choice.offers()
            if may_choose or offer.key == choice.chosen
        ],
        "may_choose": may_choose,
    }
