"""A model behind a server that speaks the OpenAI chat protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from qa.errors import GenerationError, ModelError
from qa.neural.generation.replies import Head, Reply
from qa.neural.generation.thinking import without_thinking
from qa.schema import Prompt

if TYPE_CHECKING:
    import httpx

_BUSY: Final = frozenset({429, 502, 503, 504})
"""Of a server, or the proxy before it, that may take the request a little later."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for a server, at most.

    Attributes:
        connect: For a connection.
        first: From asking to the first word.
        between: From one word to the next.
        draft: For all of it, with what is asked a second time.
        pause: Before asking a second time, where the server does not say.
    """

    connect: float = 5.0
    first: float = 60.0
    between: float = 15.0
    draft: float = 120.0
    pause: float = 1.0


class RemoteGenerator:
    """Streams text from ``POST <base>/chat/completions``.

    What a server could not take (nobody answers, too many requests, it is starting) is
    sent once more. After the first word nothing is, and a reply that ends without
    saying why it ends is lost: a server that is killed, or that turns to another
    request, leaves half a sentence behind.

    Args:
        base: Address up to and with ``/v1``.
        model: The server's name for the model.
        max_tokens: Of one draft.
        patience: How long to wait for what.
        key: Sent as bearer token when not empty.
        transport: For tests.
    """

    def __init__(
        self,
        base: str,
        model: str,
        *,
        max_tokens: int,
        patience: Patience = Patience(),
        key: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        import httpx

        self.name = model
        self.where = base.rstrip("/")
        self._max_tokens = max_tokens
        self._patience = patience
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            headers=headers,
            # The other bounds are the clock's; whoever reads hangs up.
            timeout=httpx.Timeout(None, connect=patience.connect),
            transport=transport,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def stream(self, prompt: Prompt, cancel: threading.Event) -> Iterator[str]:
        """See ``Generator.stream``."""
        import httpx

        try:
            yield from without_thinking(self._drafted(self._request(prompt), cancel))
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise GenerationError(f"generation failed: {self.where}: {exc}") from exc

    def close(self) -> None:
        """Nothing to do: each draft's connection ends with the draft."""

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        return {
            "model": self.name,
            "messages": [
                {"role": m.role, "content": m.content} for m in prompt.messages
            ],
            "max_tokens": self._max_tokens,
            "temperature": 0.0,
            "seed": 0,
            "stream": True,
        }

    def _drafted(
        self, request: dict[str, Any], cancel: threading.Event
    ) -> Iterator[str]:
        """The pieces of the draft; asked for again if the server could not take it."""
        clock = _Clock(self._patience)
        try:
            yield from self._asked(request, cancel, clock)
        except _NotTakenError as exc:
            pause = self._patience.pause if exc.pause is None else exc.pause
            if pause > clock.left:
                raise
            if not cancel.wait(pause):
                yield from self._asked(request, cancel, clock)

    def _asked(
        self, request: dict[str, Any], cancel: threading.Event, clock: _Clock
    ) -> Iterator[str]:
        """The pieces of one reply, whole or not at its end.

        Raises:
            _NotTakenError: It may be sent again.
            GenerationError: It is lost.
        """
        import httpx

        clock.ask()
        reply = Reply(self._client, f"{self.where}/chat/completions", request)
        said = ""
        try:
            with closing(reply.lines(cancel, lambda: clock.until)) as lines:
                for piece in map(self._piece, lines):
                    clock.note(piece)
                    if piece.text:
                        said = piece.text.rstrip() or said
                        yield piece.text
                    if piece.is_last or (piece.is_over and said[-1:] in _ENDS):
                        return
        except httpx.ConnectError as exc:
            raise _NotTakenError(
                f"{self.where}: no server answers there; start it, or change the "
                "setting `generator`"
            ) from exc
        except TimeoutError as exc:
            raise GenerationError(f"{self.where}: {clock.complaint}") from exc
        if not cancel.is_set():
            raise GenerationError(f"{self.where}: the reply broke off before its end")

    def _piece(self, line: str | Head) -> _Piece:
        if isinstance(line, str):
            return _read(line)
        status = line.status
        if status in _BUSY:
            busy = f"{self.where}: is too busy ({status})"
            raise _NotTakenError(busy, line.retry_after)
        if status >= 500:
            raise GenerationError(f"generation failed: {self.where}: answered {status}")
        if status >= 400:
            raise ModelError(
                f"{self.where}: answered {status}; check the "
                f"setting `generator` (model {self.name!r}) and `openai_key`"
            )
        return _NOTHING


class _NotTakenError(GenerationError):
    """The server did not begin; it may be asked again.

    Args:
        pause: After so many seconds, if it says.
    """

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class _Clock:
    """Until when to wait for the next line, and what to say when that is over."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._deadline = time.monotonic() + patience.draft
        self.ask()

    def ask(self) -> None:
        """The request is sent."""
        self._next = time.monotonic() + self._patience.first
        self._waiting = f"no word within {self._patience.first:g} s"
        self._setting = "first_token_seconds"

    def note(self, piece: _Piece) -> None:
        """Something has come.

        Raises:
            TimeoutError: Though not in time.
        """
        if self.left < 0:
            raise TimeoutError
        if not piece.is_word:
            return
        self._next = time.monotonic() + self._patience.between
        self._waiting = f"no further word within {self._patience.between:g} s"
        self._setting = "next_token_seconds"

    @property
    def left(self) -> float:
        """Seconds of the draft's time."""
        return self._deadline - time.monotonic()

    @property
    def until(self) -> float:
        """The moment to give up, as ``time.monotonic`` counts."""
        return min(self._next, self._deadline)

    @property
    def complaint(self) -> str:
        """Which bound was met, by its setting."""
        if self._next < self._deadline:
            return f"{self._waiting} (setting `{self._setting}`)"
        return f"not done in {self._patience.draft:g} s (setting `answer_seconds`)"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one line of a reply brings.

    Attributes:
        is_word: Whether the model spoke or thought, rather than the server.
        is_last: Whether the model says that it has done.
        is_over: Whether the server says that nothing follows.
    """

    text: str = ""
    is_word: bool = False
    is_last: bool = False
    is_over: bool = False


_NOTHING: Final = _Piece()
_ENDS: Final = frozenset('.!?…]"”’)')
"""Letters that a draft may end with, markers of evidence among them."""


def _read(line: str) -> _Piece:
    """One line of server-sent events.

    The model's end has a reason. ``[DONE]`` alone is an end only behind a sentence:
    llama-cpp-python's server says it as well where it breaks off for another request.
    """
    data = line.removeprefix("data:").strip()
    if not line.startswith("data:") or data == "[DONE]":
        return _Piece(is_over=data == "[DONE]")
    try:
        choices = json.loads(data)["choices"]
        if not choices:
            return _NOTHING
        delta = choices[0]["delta"]
        words = {key: delta[key] for key in delta if key != "role"}
        ended = choices[0].get("finish_reason") is not None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as exc:
        raise GenerationError(
            "generation failed: the server's reply is not in the OpenAI format"
        ) from exc
    text = words.get("content")
    return _Piece(text if isinstance(text, str) else "", any(words.values()), ended)
