"""What the page's script sends along: looked at closely, since anybody can."""

from __future__ import annotations

import logging
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.schema import Filters, Strictness
from qa.ui.page.conversation import Terms

_log = logging.getLogger(__name__)
_Name = Annotated[str, Field(max_length=1000)]
_Date = Annotated[str, Field(max_length=10)]
_Payload = TypeVar("_Payload", bound=BaseModel)
_Id = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{16})?$")]


class QuestionPayload(BaseModel):
    """Sent with a question.

    Attributes:
        replaces: The answer whose question was edited; empty for a new question.
    """

    model_config = ConfigDict(extra="forbid")

    files: Annotated[list[_Name], Field(max_length=500)] = []
    publishers: Annotated[list[_Name], Field(max_length=200)] = []
    since: _Date = ""
    until: _Date = ""
    strictness: Strictness | None = None
    sources: Annotated[int, Field(ge=1, le=20)] | None = None
    replaces: _Id = ""

    @property
    def terms(self) -> Terms:
        """On what terms to answer."""
        filters = Filters(
            tuple(self.files),
            tuple(self.publishers),
            self.since.strip(),
            self.until.strip(),
        )
        return Terms(filters, self.strictness, self.sources)


class ActionPayload(BaseModel):
    """Something other than a question that the reader wants done.

    Attributes:
        answer: The answer meant; for ``open`` one of any conversation.
        signed: For ``restore``: a conversation as the browser kept it.
        payload: For ``retry``: what would be sent with a question.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["retry", "open", "restore"]
    answer: _Id = ""
    signed: Annotated[list[str], Field(max_length=200)] = []
    payload: QuestionPayload = QuestionPayload()


def parse_question_payload(text: object) -> QuestionPayload:
    """What was sent with a question; nothing if it cannot be read."""
    return _parse(QuestionPayload, text) or QuestionPayload()


def parse_action_payload(text: object) -> ActionPayload | None:
    """The action that was sent; None if it cannot be read."""
    return _parse(ActionPayload, text)


def _parse(kind: type[_Payload], text: object) -> _Payload | None:
    try:
        return kind.model_validate_json(text if isinstance(text, str) else "")
    except ValidationError as exc:
        _log.info("unreadable payload: %s", exc)
        return None
