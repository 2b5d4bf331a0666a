"""A sentence laid over its source: which words were kept, left out and put in.

Words are aligned in their order; punctuation stays as marks between them, since it
tells where a phrase begins and ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.language.text import is_name_form, stem

_QUOTES = str.maketrans({"’": "'", "‘": "'", "‛": "'", "‐": "-", "‑": "-", "−": "-"})
_QUOTATION = re.compile("[\"'“”„«»]")
_TIGHT_DASH = re.compile(r"(?<=\w)–(?=\w)")
_WORD = re.compile(
    r"""(?:[A-Z]\.){2,}
      | (?<!\w)[-+]?[$€£¥]?\d(?:[\d,.]*\d)?\w*%?
      | [^\W_]+(?:['-]\w+)* | [$€£¥%°]""",
    re.VERBOSE,
)
_SAME = {
    "might": "may", "has": "have", "are": "is", "were": "was", "does": "do",
    "an": "a", "toward": "towards", "firstly": "first", "secondly": "second",
    "thirdly": "third", "particularly": "especially",
}  # fmt: skip
"""One word in two forms, which say the same."""
_ENDINGS = frozenset("|s|es|e|ed|d|ing|y|ies|ied|'s|'".split("|"))
_NUMBERS = ({"", "s"}, {"", "es"}, {"y", "ies"}, {"'s", "s"}, {"'s", "es"})
"""Endings of one and of several: "the country has" is not "both countries have"."""
_VERBS = ({"is", "are"}, {"was", "were"}, {"has", "have"}, {"does", "do"})

Blocks = Sequence[tuple[int, int, int]]
"""Runs of shared words: where in the source, where in the sentence, how many."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text and what stands between them.

    Attributes:
        words: As written.
        marks: Punctuation in front of each word and behind the last, no quotes.
        keys: What two forms of a word share.
    """

    words: tuple[str, ...]
    marks: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Source words from ``start`` to ``end`` gave way to others; either may be none.

    Attributes:
        before: What the words put in stand before.
    """

    start: int
    end: int
    put_in: tuple[str, ...]
    before: str


def words_of(text: str) -> Words:
    """Take a text apart."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _TIGHT_DASH.sub("-", text)
    words: list[str] = []
    marks: list[str] = []
    done = 0
    for found in _WORD.finditer(text):
        words.append(found.group())
        marks.append(_mark(text[done : found.start()]))
        done = found.end()
    marks.append(_mark(text[done:]))
    return Words(tuple(words), tuple(marks), tuple(map(_key, words)))


def _mark(between: str) -> str:
    return _QUOTATION.sub("", "".join(between.split()))


def aligned(said: Words, source: Words) -> Blocks:
    """The words that both have in the same order, the longest run first."""
    matcher = SequenceMatcher(None, source.keys, said.keys, autojunk=False)
    return matcher.get_matching_blocks()


def changed_form(
    said: Words, source: Words, blocks: Blocks, *, tense: bool = True
) -> str | None:
    """The first word kept whose form says something else than the source's.

    Args:
        tense: Whether "moves" for "moved", or "move", is something else.
    """
    for a, b, size in blocks:
        for word, known in zip(
            said.words[b : b + size], source.words[a : a + size], strict=True
        ):
            if not _same_form(word.lower(), known.lower(), tense=tense):
                return word
    return None


def edits(said: Words, blocks: Blocks) -> Iterator[Edit]:
    """What was left out of the source and put in instead, in order."""
    start = said_start = 0
    for a, b, size in blocks:
        if a > start or b > said_start:
            yield Edit(
                start, a, said.words[said_start:b], "".join(said.words[b : b + 1])
            )
        start, said_start = a + size, b + size


def _key(word: str) -> str:
    low = word.lower()
    if word[0] in "+-$€£¥" or word[0].isdigit():
        return low.replace(",", "")
    if "." in word:
        return stem(word.replace(".", ""))
    return _SAME.get(low) or stem(low.removesuffix("'s").removesuffix("'"))


def _same_form(said: str, known: str, *, tense: bool) -> bool:
    if tense and {said, known} in _VERBS:
        return False
    if said == known or _SAME.get(said, said) == _SAME.get(known, known):
        return True
    if said[0].isdigit() or known[0].isdigit():
        return said.replace(",", "") == known.replace(",", "")
    if said.removesuffix("'s") == known.removesuffix("'s"):
        return False  # the firm is not the firm's
    if tense and said.endswith("ed") != known.endswith("ed"):
        return False
    shared = next(
        (n for n, (a, b) in enumerate(zip(said, known, strict=False)) if a != b),
        min(len(said), len(known)),
    )
    rests = [_undoubled(word, shared) for word in (said, known)]
    if tense and {*rests} in _NUMBERS:
        return False
    return all(rest in _ENDINGS for rest in rests) or _is_one_name(said, known)


def _undoubled(word: str, shared: int) -> str:
    """What follows the shared part, without the second t of "benefitted"."""
    rest = word[shared:]
    return rest[1:] if shared and rest[1:] and rest[0] == word[shared - 1] else rest


def _is_one_name(said: str, known: str) -> bool:
    """Whether two forms that begin differently have one stem as a name has.

    One of them is possessive or an abbreviation: "Russia's fleet" is the Russian one,
    but "the Russian" is not Russia.
    """
    if not any(word.endswith("'s") or "." in word for word in (said, known)):
        return False
    plain = (word.replace(".", "").removesuffix("'s") for word in (said, known))
    return any(map(is_name_form, plain))
