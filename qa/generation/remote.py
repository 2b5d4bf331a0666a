"""A model behind a server that speaks the OpenAI chat protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator

import httpx

from qa.errors import GenerationError, ModelError
from qa.generation.thinking import without_thinking
from qa.schema import Prompt


class RemoteGenerator:
    """Streams greedy text from ``POST <base>/chat/completions``.

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
        self.name = model
        self.where = base.rstrip("/")
        self._max_tokens = max_tokens
        self._seconds = seconds
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            headers=headers, timeout=seconds, transport=transport
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
        deadline = time.monotonic() + self._seconds
        try:
            with self._client.stream(
                "POST", f"{self.where}/chat/completions", json=request
            ) as response:
                if response.status_code >= 400:
                    raise ModelError(
                        f"{self.where}: answered {response.status_code}; check the "
                        f"setting `generator` (model {self.name!r}) and `openai_key`"
                    )
                lines = response.iter_lines()
                yield from without_thinking(_texts(lines, cancel, deadline))
        except httpx.ConnectError as exc:
            raise ModelError(
                f"{self.where}: no server answers there; start it, or change the "
                "setting `generator`"
            ) from exc
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise GenerationError(f"generation failed: {self.where}: {exc}") from exc

    def close(self) -> None:
        """Nothing is held between drafts."""


def _texts(
    lines: Iterable[str], cancel: threading.Event, deadline: float
) -> Iterator[str]:
    for line in lines:
        if cancel.is_set() or time.monotonic() > deadline:
            return
        yield from _text(line)


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
