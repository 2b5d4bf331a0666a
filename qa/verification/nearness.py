"""How near a sentence keeps to the words of its source."""

from __future__ import annotations

import re

from qa.language.text import content_stems, folded

_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_TOLD = re.compile(r"\bthat\b", re.IGNORECASE)


def share_in_order(text: str, source: str, *, named: str = "") -> float:
    """Share of a text's content words that a source has, in the same order: the
    longest common subsequence of their stems, by dynamic programming.

    Args:
        text: What is said.
        source: What it rests on.
        named: What else it may use words of, for what its source means by "it".
    """
    known = content_stems(source)
    also = set(content_stems(named)) - set(known)
    said = [stem for stem in content_stems(text) if stem not in also]
    longest = [0] * (len(known) + 1)
    for stem in said:
        before = 0
        for place, other in enumerate(known, 1):
            found = before + 1 if stem == other else longest[place - 1]
            before, longest[place] = longest[place], max(longest[place], found)
    return longest[-1] / len(said) if said else 0.0


def is_freed(text: str, source: str) -> bool:
    """Whether all that a text has of its source stands there as said by somebody:
    in quotation marks, or behind the "that" of "It is often claimed that …".
    """
    own = set(content_stems(text)) & set(content_stems(source))
    plain = folded(source)
    before, *behind = _TOLD.split(plain, maxsplit=1)
    inside_and_out = [
        (" ".join(_QUOTED.findall(plain)), _QUOTED.sub(" ", plain)),
        ("".join(behind), before),
    ]
    for inside, out in inside_and_out:
        within, without = set(content_stems(inside)), set(content_stems(out))
        telling = own - (within & without)
        if telling and telling <= within:
            return True
    return False
