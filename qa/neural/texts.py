"""Text that a tokenizer takes."""

from __future__ import annotations

import re
from typing import Final

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text, of the same length, without halves of surrogate pairs."""
    return _SURROGATES.sub("\ufffd", text)
