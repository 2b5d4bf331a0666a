"""A chat to the token ids of one GGUF model."""

from __future__ import annotations

from typing import Any

from qa.neural.generation.chat_format import ChatFormat
from qa.neural.generation.thinking import opens_thinking


class ChatTokens:
    """Tokenises messages as the model was taught to tell them apart.

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
        bos, eos = self._special("bos"), self._special("eos")
        self._format = ChatFormat(template, bos, eos)

    def _special(self, key: str) -> str:
        number = self._llama.metadata.get(f"tokenizer.ggml.{key}_token_id")
        if number is None:
            return ""
        text = self._llama.detokenize([int(number)], special=True)
        return str(text.decode("utf-8", "replace"))

    def tokens(self, messages: list[list[str]]) -> list[int]:
        """Token ids of a prompt; only the template's own text is special.

        A last message of the assistant's is the beginning of its draft.
        """
        begun = messages[-1][1] if messages[-1][0] == "assistant" else ""
        ids: list[int] = []
        for text, special in self._format.pieces(messages[:-1] if begun else messages):
            ids += self.plain(text, special=special)
        return ids + self.plain(begun)

    def plain(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids of a text, whose control tokens stay text unless special."""
        if not text:
            return []
        data = text.encode("utf-8", "replace")
        ids: list[int] = self._llama.tokenize(data, add_bos=False, special=special)
        return ids

    def opens_thinking(self, messages: list[list[str]]) -> bool:
        """Whether the chat template begins a block of thinking for the model."""
        return opens_thinking(
            "".join(t for t, own in self._format.pieces(messages) if own)
        )
