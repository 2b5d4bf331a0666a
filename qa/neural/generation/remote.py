"""A model behind a server that speaks the OpenAI chat protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.errors import GenerationError, ModelError
from qa.neural.generation.replies import Reply
from qa.neural.generation.thinking import without_thinking
from qa.schema import Prompt

if TYPE_CHECKING:
    import httpx


class RemoteGenerator:
    """Streams text from ``POST <base>/chat/completions``.

    Args:
        base: Address up to and with ``/v1``.
        model: The server's name for the model.
        max_tokens: Of one draft.
        seconds: Time bound of one draft.
        key: Sent as bearer token when not empty.
        transport: For tests.
    """

    def __init__(
        self,
        base: str,
        model: str,
        *,
        max_tokens: int,
        seconds: float,
        key: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        import httpx

        self.name = model
        self.where = base.rstrip("/")
        self._max_tokens = max_tokens
        self._seconds = seconds
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            headers=headers,
            timeout=seconds,
            transport=transport,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def stream(self, prompt: Prompt, cancel: threading.Event) -> Iterator[str]:
        """See ``Generator.stream``."""
        request = {
            "model": self.name,
            "messages": [
                {"role": m.role, "content": m.content} for m in prompt.messages
            ],
            "max_tokens": min(prompt.max_tokens or self._max_tokens, self._max_tokens),
            "temperature": prompt.temperature,
            "seed": prompt.seed,
            "stream": True,
            **({"stop": ["\n"]} if prompt.one_line else {}),
        }
        import httpx

        reply = Reply(self._client, f"{self.where}/chat/completions", request)
        try:
            deadline = time.monotonic() + self._seconds
            yield from without_thinking(self._texts(reply, cancel, deadline))
        except httpx.ConnectError as exc:
            raise ModelError(
                f"{self.where}: no server answers there; start it, or change the "
                "setting `generator`"
            ) from exc
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise GenerationError(f"generation failed: {self.where}: {exc}") from exc

    def close(self) -> None:
        """Nothing to do: each draft's connection ends with the draft."""

    def _texts(
        self, reply: Reply, cancel: threading.Event, deadline: float
    ) -> Iterator[str]:
        for line in reply.lines(cancel, deadline):
            if isinstance(line, str):
                yield from _text(line)
            elif line >= 400:
                raise ModelError(
                    f"{self.where}: answered {line}; check the "
                    f"setting `generator` (model {self.name!r}) and `openai_key`"
                )


def _text(line: str) -> Iterator[str]:
    """The text in one line of server-sent events."""
    data = line.removeprefix("data:").strip()
    if not line.startswith("data:") or data == "[DONE]":
        return
    try:
        choices = json.loads(data)["choices"]
        text = choices[0]["delta"].get("content") if choices else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as exc:
        raise GenerationError(
            "generation failed: the server's reply is not in the OpenAI format"
        ) from exc
    if isinstance(text, str) and text:
        yield text
