"""A model's own chat template, which tells messages from one another."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment


class ChatFormat:
    """A model's own chat template, rendered into pieces that are told apart.

    A template that knows ``enable_thinking`` is asked not to: a model that shortens
    one sentence has nothing to think about, and readers wait.
    """

    def __init__(self, template: str, bos: str, eos: str) -> None:
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True
        )
        environment.globals["raise_exception"] = _raise
        self._template = environment.from_string(template)
        self._tokens = {"bos_token": bos, "eos_token": eos}

    def pieces(self, messages: list[list[str]]) -> Iterator[tuple[str, bool]]:
        """Text pieces in order; True for the template's, False for content."""
        nonce = secrets.token_hex(8)
        marked = [
            {"role": role, "content": f"<{nonce}-{number}>"}
            for number, (role, _) in enumerate(messages)
        ]
        text = self._template.render(
            messages=marked,
            add_generation_prompt=True,
            enable_thinking=False,
            **self._tokens,
        )
        for number, part in enumerate(re.split(rf"<{nonce}-(\d+)>", text)):
            if number % 2 == 0:
                yield part, True
            else:
                yield messages[int(part)][1], False


def _raise(message: str) -> None:
    raise TemplateError(message)
