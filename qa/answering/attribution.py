"""How what was verified is put: with its source named, where there are several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from qa.language.text import tokens
from qa.schema import Source

_TOKEN = re.compile(r"\w+|[^\w\s]")
_NAMED = 2
"""Authors named; of more, the first."""


def names_of(sources: Iterable[Source]) -> dict[str, str]:
    """What to call each source in a sentence, by its id; no two alike."""
    unique = {source.id: source for source in sources}
    called = {key: _called(source) for key, source in unique.items()}
    counts = list(called.values())
    return {
        key: name if counts.count(name) == 1 else f"“{unique[key].title}”"
        for key, name in called.items()
    }


def _called(source: Source) -> str:
    authors = source.authors
    if 0 < len(authors) <= _NAMED:
        return " and ".join(authors)
    if authors:
        return f"{authors[0]} and others"
    if source.publisher:
        return f"the {source.publisher.removeprefix('The ')} article"
    return f"“{source.title}”"


def attributed(sentence: str, who: str, known: frozenset[str]) -> str:
    """A sentence with its source in front: "According to Ann Oake, …"; but "Oake
    maintains …" as it is.

    Args:
        sentence: Begins with a capital.
        who: The source.
        known: Words as they are written inside sentences; they tell whether the
            sentence's first word is a name.
    """
    first = next(iter(tokens(sentence)), "")
    if first == who.rpartition(" ")[2]:
        return sentence
    if first.lower() in known | _SMALL and first != "I":
        return f"According to {who}, {lowered(sentence)}"
    if first in known:
        return f"According to {who}, {sentence}"
    return f"According to {who}: {sentence}"


def lowered(sentence: str) -> str:
    """A sentence with a small first letter."""
    return sentence[:1].lower() + sentence[1:]


def written_inside(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts as they are written where no sentence begins."""
    return frozenset(
        word
        for text in texts
        for before, word in pairwise(_TOKEN.findall(text))
        if before[0].isalnum() or before == ","
    )


_SMALL = frozenset(
    """the a an this that these those it they he she we both all some many most few
    in on at by for from with as of to into despite since although though while when
    if so there its their his her our such each every no neither either not only without
    under over after before during between among because what who how""".split()
)
