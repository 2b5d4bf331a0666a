"""For programs: ``/answer``, ``/retrieve`` and ``/status``, by HTTP or Gradio's client.

Both ways run the same functions and give the Answer object of ``qa ask --json``;
questions wait in the queue that readers wait in, searches do not.
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
from qa.index import Store
from qa.language.rendering import answer_to_json, hit_to_json
from qa.schema import Hit, Turn
from qa.ui.page.payload import QuestionPayload
from qa.ui.server.model_loading import model_names
from qa.ui.server.request_queue import RequestQueue
from qa.ui.server.shared_state import SharedState
from qa.wiring import Parts

Json = dict[str, Any]
_WAIT_SECONDS = 300.0
_Text = Annotated[str, Field(max_length=20_000)]


class _Turn(BaseModel):
    """An earlier exchange."""

    question: Annotated[str, Field(max_length=QUESTION_LENGTH)]
    answer: _Text = ""


class QuestionRequest(QuestionPayload):
    """What a program asks; everything but the question may be left out."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(max_length=QUESTION_LENGTH)]
    history: Annotated[tuple[_Turn, ...], Field(max_length=50)] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the answerer takes it."""
        return tuple(Turn(turn.question, turn.answer) for turn in self.history)


def answer(
    parts: Callable[[], Parts],
    queue: RequestQueue,
    asked: QuestionRequest,
    *,
    client: str,
) -> Json:
    """Wait in the queue, then answer.

    Args:
        parts: Gives what answers, asked at the front of the queue.
        queue: To wait in.
        asked: The question and its terms.
        client: Whom to count it of.

    Raises:
        BusyError: Too many wait, or for too long.
        QaError: What the answerer raises.
    """
    ticket = queue.join(client)
    try:
        if not ticket.wait(_WAIT_SECONDS):
            raise BusyError("the queue does not move; ask again later")
        terms = asked.terms
        found = parts().answerer.answer(
            asked.question,
            history=asked.turns,
            filters=terms.filters,
            strictness=terms.strictness,
            sources=terms.sources,
        )
    finally:
        ticket.leave()
    return answer_to_json(found)


def retrieve(
    parts: Parts, queue: RequestQueue, asked: QuestionRequest, *, client: str
) -> tuple[Hit, ...]:
    """The passages that a search finds, best first, without an answer.

    Raises:
        BusyError: This client searches too often.
        QaError: What retrieval raises.
    """
    queue.count(f"searching {client}")
    return parts.finder.search(asked.question, asked.turns, asked.terms.filters).hits


def _hits(shared: SharedState, asked: QuestionRequest, client: str) -> Json:
    hits = retrieve(shared.parts, shared.queue, asked, client=client)
    return {"question": asked.question, "hits": [hit_to_json(hit) for hit in hits]}


def status(shared: SharedState) -> Json:
    """What answers, and from what."""
    return {
        "ready": shared.loader.done and not shared.loader.failure,
        "building": shared.builds.state.running,
        "models": model_names(shared.parts),
        "index": _stats(shared.parts.index),
    }


def _stats(index: Store) -> Json:
    try:
        stats = index.stats()
    except QaError as exc:
        return {"problem": exc.line}
    return {
        "generation": stats.generation,
        "documents": stats.documents,
        "passages": stats.passages,
    }


def add_endpoints(app: FastAPI, shared: SharedState) -> None:
    """The endpoints by plain HTTP; refusals are one line under ``detail``."""

    @app.post("/answer")
    def post_answer(asked: QuestionRequest, request: Request) -> Json:
        return answer(
            lambda: shared.parts, shared.queue, asked, client=client_of(request)
        )

    @app.post("/retrieve")
    def post_retrieve(asked: QuestionRequest, request: Request) -> Json:
        return _hits(shared, asked, client_of(request))

    @app.get("/status")
    def get_status() -> Json:
        return status(shared)

    @app.exception_handler(QaError)
    def refuse(_request: Request, exc: QaError) -> JSONResponse:
        code = 503 if isinstance(exc, BusyError) else 500
        if isinstance(exc, QuestionError | FilterError):
            code = 422
        return JSONResponse({"detail": exc.line}, code)

    @app.exception_handler(RequestValidationError)
    def misread(_request: Request, exc: RequestValidationError) -> JSONResponse:
        return JSONResponse({"detail": _first_error(exc)}, 422)


def client_of(request: Any) -> str:
    """Whom to count questions of: the host by HTTP, the one program otherwise."""
    client = getattr(request, "client", None)
    return f"host {client.host if client else ''}"


def refusal(exc: ValidationError | QaError) -> str:
    """Why something is not done, in one line."""
    return exc.line if isinstance(exc, QaError) else _first_error(exc)


def _first_error(exc: ValidationError | RequestValidationError) -> str:
    """The first of pydantic's errors in one line."""
    error = exc.errors()[0]
    where = ".".join(str(part) for part in error["loc"] if part != "body")
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def for_gradio(shared: SharedState) -> dict[str, Callable[..., Json]]:
    """The same as functions whose types Gradio turns into named endpoints."""
    import gradio as gr

    def answer_question(
        question: str,
        history: list[dict[str, str]] = [],  # noqa: B006 - Gradio shows it as default
        terms: dict[str, Any] = {},  # noqa: B006 - the same
        request: Any = None,
    ) -> dict[str, Any]:
        client = client_of(request)
        return _or_gradio_error(
            lambda: answer(
                lambda: shared.parts,
                shared.queue,
                _asked(question, history, terms),
                client=client,
            )
        )

    def retrieve_passages(
        question: str,
        history: list[dict[str, str]] = [],  # noqa: B006 - the same
        terms: dict[str, Any] = {},  # noqa: B006 - the same
        request: Any = None,
    ) -> dict[str, Any]:
        client = client_of(request)
        return _or_gradio_error(
            lambda: _hits(shared, _asked(question, history, terms), client)
        )

    def get_status() -> dict[str, Any]:
        return status(shared)

    for asking in (answer_question, retrieve_passages):
        # So Gradio gives them the request and shows nobody a parameter of that name;
        # as text it would not be found, since Gradio is not imported above.
        asking.__annotations__["request"] = gr.Request
    return {
        "answer": answer_question,
        "retrieve": retrieve_passages,
        "status": get_status,
    }


def _or_gradio_error(run: Callable[[], Json]) -> Json:
    import gradio as gr

    try:
        return run()
    except (ValidationError, QaError) as exc:
        raise gr.Error(refusal(exc), print_exception=False) from exc


def _asked(
    question: str, history: list[dict[str, str]], terms: Json
) -> QuestionRequest:
    return QuestionRequest.model_validate(
        {**terms, "question": question, "history": history}
    )
