"""For programs: ``/answer``, ``/retrieve`` and ``/status``, by HTTP or Gradio's client.

Both ways run the same functions, wait in the same line as readers, and give the
Answer object of ``qa ask --json``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.answering import QUESTION_LENGTH
from qa.errors import BusyError, FilterError, QaError, QuestionError
from qa.index import Index
from qa.render import answer_to_json, hit_to_json
from qa.schema import Turn
from qa.ui.given import Given
from qa.ui.library import model_names
from qa.ui.room import Room

Json = dict[str, Any]
_WAIT_SECONDS = 300.0
_Text = Annotated[str, Field(max_length=20_000)]


class _Turn(BaseModel):
    """An earlier exchange."""

    question: Annotated[str, Field(max_length=QUESTION_LENGTH)]
    answer: _Text = ""


class Asked(Given):
    """What a program asks; everything but the question may be left out."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(max_length=QUESTION_LENGTH)]
    history: Annotated[tuple[_Turn, ...], Field(max_length=50)] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the answerer takes it."""
        return tuple(Turn(turn.question, turn.answer) for turn in self.history)


def answer(room: Room, asked: Asked, client: str) -> Json:
    """Wait in line, then answer.

    Raises:
        BusyError: Too many wait, or for too long.
        QaError: What the answerer raises.
    """
    place = room.line.join(client)
    try:
        if not place.wait(_WAIT_SECONDS):
            raise BusyError("the line does not move; ask again later")
        terms = asked.terms
        found = room.parts.answerer.answer(
            asked.question,
            history=asked.turns,
            filters=terms.filters,
            strictness=terms.strictness,
            sources=terms.sources,
        )
    finally:
        place.leave()
    return answer_to_json(found)


def retrieve(room: Room, asked: Asked) -> Json:
    """The passages that a search finds, best first, without an answer.

    Raises:
        QaError: What retrieval raises.
    """
    hits = room.parts.retriever.retrieve(
        asked.question, asked.turns, asked.terms.filters
    )
    return {"question": asked.question, "hits": [hit_to_json(hit) for hit in hits]}


def status(room: Room) -> Json:
    """What answers, and from what."""
    names = zip(
        ("embedder", "reader", "generator"), model_names(room.parts), strict=True
    )
    return {
        "ready": room.warmup.done and not room.warmup.failure,
        "building": room.builds.state.running,
        "models": dict(names),
        "index": _stats(room.parts.index),
    }


def _stats(index: Index) -> Json:
    try:
        stats = index.stats()
    except QaError as exc:
        return {"problem": " ".join(str(exc).split())}
    return {
        "generation": stats.generation,
        "documents": stats.documents,
        "passages": stats.passages,
    }


def add_endpoints(app: FastAPI, room: Room) -> None:
    """The endpoints by plain HTTP; refusals are one line under ``detail``."""

    @app.post("/answer")
    def answer_it(asked: Asked, request: Request) -> Json:
        return answer(room, asked, _client(request))

    @app.post("/retrieve")
    def retrieve_it(asked: Asked) -> Json:
        return retrieve(room, asked)

    @app.get("/status")
    def tell_status() -> Json:
        return status(room)

    @app.exception_handler(QaError)
    def refuse(_request: Request, exc: QaError) -> JSONResponse:
        code = 503 if isinstance(exc, BusyError) else 500
        if isinstance(exc, QuestionError | FilterError):
            code = 422
        return JSONResponse({"detail": " ".join(str(exc).split())}, code)

    @app.exception_handler(RequestValidationError)
    def misread(_request: Request, exc: RequestValidationError) -> JSONResponse:
        return JSONResponse({"detail": _first(exc.errors()[0])}, 422)


def _client(request: Request) -> str:
    """Whom to count questions of; this machine's own programs share one count."""
    return f"host {request.client.host if request.client else ''}"


def _first(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"] if part != "body")
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def for_gradio(room: Room) -> dict[str, Callable[..., Json]]:
    """The same as functions whose types Gradio turns into named endpoints."""
    import gradio as gr

    def answer_question(
        question: str,
        history: list[dict[str, str]] = [],  # noqa: B006 - Gradio shows it as default
        terms: dict[str, Any] = {},  # noqa: B006 - the same
    ) -> dict[str, Any]:
        return _told(lambda: answer(room, _asked(question, history, terms), "client"))

    def retrieve_passages(
        question: str,
        history: list[dict[str, str]] = [],  # noqa: B006 - the same
        terms: dict[str, Any] = {},  # noqa: B006 - the same
    ) -> dict[str, Any]:
        return _told(lambda: retrieve(room, _asked(question, history, terms)))

    def tell_status() -> dict[str, Any]:
        return status(room)

    def _told(run: Callable[[], Json]) -> Json:
        try:
            return run()
        except ValidationError as exc:
            raise gr.Error(_first(exc.errors()[0]), print_exception=False) from exc
        except QaError as exc:
            message = " ".join(str(exc).split())
            raise gr.Error(message, print_exception=False) from exc

    return {
        "answer": answer_question,
        "retrieve": retrieve_passages,
        "status": tell_status,
    }


def _asked(question: str, history: list[dict[str, str]], terms: Json) -> Asked:
    return Asked.model_validate({**terms, "question": question, "history": history})
