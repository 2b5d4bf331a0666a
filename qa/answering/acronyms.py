"""What the letters of an acronym stand for: words of its sentence that begin with them.

"The Coastal Safety Agency, or CSA, …" tells it in whatever words join the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qa.answering.facts import Statement
from qa.language.text import folded, is_content, stems, tokens
from qa.schema import Passage, Source

_ASKED = re.compile(
    r"""\b(?:(?P<letters>stands?\s+for|short\s+for|abbreviat\w*|acronym
      |(?:initials|letters)(?=\W+\w+\W+(?:means?|stands?)\b))|means?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(
    r"[^\W\d_a-z][\w'’-]+(?:\s+(?:(?:of|the|for|and|on|in)\s+)*[^\W\d_a-z][\w'’-]+)+"
)
_LETTERS = range(2, 9)
_FEWEST = 3
"""Letters of an acronym that are no chance."""


def acronym_asked(question: str) -> tuple[str, bool]:
    """The acronym whose meaning is asked for, and whether nothing else may be meant;
    empty where none is.
    """
    found = _ASKED.search(question)
    said = [token for token in tokens(_ASKED.sub(" ", question)) if is_content(token)]
    if found is None or len(said) != 1 or len(said[0]) not in _LETTERS:
        return "", False
    return said[0].upper(), found["letters"] is not None


def spelt_out(
    acronym: str, passages: Iterable[tuple[Passage, Source]]
) -> list[Statement]:
    """The first sentence that says what an acronym stands for, quoted."""
    for passage, source in passages:
        for number, span in enumerate(passage.sentences):
            sentence = passage.sentence(number)
            if long_form(acronym, sentence):
                return [Statement(sentence, source, (span,))]
    return []


def may_be_spelt_out(acronym: str, passages: Sequence[tuple[Passage, Source]]) -> bool:
    """Whether passages may say what an acronym stands for, in another language too."""
    sign = re.escape(acronym)
    told = re.compile(
        rf"\({sign}\)|\b{sign}\b(?: \(|,?(?: is)? (?:stands?|short) for\b)"
    )
    said = any(told.search(passage.text) for passage, _ in passages)
    return said or bool(spelt_out(acronym, passages))


def long_form(acronym: str, sentence: str) -> tuple[str, ...]:
    """The words of a sentence with an acronym whose first letters spell it, in a row;
    small words may stand between. Empty where there are none.
    """
    if acronym not in folded(sentence).replace(".", ""):  # most have no such token
        return ()
    words = tokens(sentence)
    starts = range(len(words)) if acronym in words else range(0)
    for inside in (False, True):  # "Union of FisherMen"
        for start in starts:
            if found := _spelt(acronym, words[start:], inside=inside):
                return found
    return ()


def _spelt(acronym: str, words: Sequence[str], *, inside: bool) -> tuple[str, ...]:
    """Words that spell it from the first on; ``inside`` takes the last letter from
    within the last word.
    """
    left = acronym.lower()
    for number, word in enumerate(words):
        if word == acronym:
            break
        if is_content(word) and word[0].lower() == left[0]:
            left = left[1:]
            rest = inside and number and len(left) == 1 and word[0].isupper()
            if not left or (rest and left in word[1:]):
                return tuple(words[: number + 1])
        elif is_content(word) or not number:
            break
    return ()


def names_shortened(question: str) -> Iterator[tuple[str, str, str]]:
    """Each name of several words, the acronym it may have, and the question with that
    instead.
    """
    for name in _NAME.findall(question):
        letters = "".join(word[0] for word in tokens(name) if is_content(word)).upper()
        if len(letters) >= _FEWEST:
            yield name, letters, question.replace(name, letters)


def is_known_as(
    name: str, acronym: str, passages: Iterable[tuple[Passage, Source]]
) -> bool:
    """Whether passages say that a name has an acronym."""
    wanted = stems(name)
    return any(
        wanted == stems(" ".join(long_form(acronym, passage.sentence(number))))
        for passage, _ in passages
        for number in range(len(passage.sentences))
    )
