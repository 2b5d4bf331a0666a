"""A model's own chat template, which tells messages from one another; its tokens."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from qa.neural.generation.thinking import opens_thinking


class ChatFormat:
    """A model's own chat template, rendered into pieces that are told apart.

    A template that knows ``enable_thinking`` is asked not to: with the sentences that
    answer before it there is little to think about, and readers wait.
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


class ChatTokens:
    """Messages to tokens, piece by piece: only the template's own text may become
    control tokens, an article's ``<|im_start|>`` stays text.

    Args:
        llama: A ``llama_cpp.Llama``; its vocabulary is enough.

    Raises:
        ValueError: The model has no chat template.
    """

    def __init__(self, llama: Any) -> None:
        self._llama = llama
        template = llama.metadata.get("tokenizer.chat_template")
        if not template:
            raise ValueError("it has no chat template, so it is no chat model")
        self._format = ChatFormat(template, self._special("bos"), self._special("eos"))

    def _special(self, key: str) -> str:
        number = self._llama.metadata.get(f"tokenizer.ggml.{key}_token_id")
        if number is None:
            return ""
        text = self._llama.detokenize([int(number)], special=True)
        return str(text.decode("utf-8", "replace"))

    def of(self, messages: list[list[str]]) -> list[int]:
        """Token ids of a prompt, up to where the model goes on."""
        ids: list[int] = []
        for text, special in self._format.pieces(messages):
            if text:
                ids += self.of_text(text, special=special)
        return ids

    def of_text(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids of a text.

        Args:
            text: Any.
            special: Whether control tokens that are written out become such.
        """
        data = text.encode("utf-8", "replace")
        return list(self._llama.tokenize(data, add_bos=False, special=special))

    def opens_thinking(self, messages: list[list[str]]) -> bool:
        """Whether the template begins a block of thinking for the model."""
        own = (text for text, special in self._format.pieces(messages) if special)
        return opens_thinking("".join(own))


def _raise(message: str) -> None:
    raise TemplateError(message)
