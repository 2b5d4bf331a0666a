"""What the page's script sends along: looked at closely, since anybody can."""

from __future__ import annotations

import logging
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.schema import Filters, Strictness
from qa.ui.page.conversation import Terms

_log = logging.getLogger(__name__)
_Name = Annotated[str, Field(max_length=1000)]
_Date = Annotated[str, Field(max_length=10)]
_Id = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{16})?$")]


class Given(BaseModel):
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


class Act(BaseModel):
    """A wish that is no question.

    Attributes:
        answer: The answer meant; for ``open`` one of any conversation.
        sealed: For ``restore``: a conversation as the browser kept it.
        given: For ``retry``: what would be sent with a question.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["retry", "open", "restore"]
    answer: _Id = ""
    sealed: Annotated[list[str], Field(max_length=200)] = []
    given: Given = Given()


def read_given(text: object) -> Given:
    """What was sent with a question; nothing if it cannot be read."""
    try:
        return Given.model_validate_json(text if isinstance(text, str) else "")
    except ValidationError as exc:
        _log.info("unreadable terms: %s", exc)
        return Given()


def read_act(text: object) -> Act | None:
    """The wish that was sent; None if it cannot be read."""
    try:
        return Act.model_validate_json(text if isinstance(text, str) else "")
    except ValidationError as exc:
        _log.info("unreadable act: %s", exc)
        return None
