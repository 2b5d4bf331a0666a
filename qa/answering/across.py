"""Questions over many articles, answered from every sentence that has their words.

"In which towns did bakers strike?", "How many fires were there?", "What was the most
recent fire?", "Which fire destroyed the most houses?": a reader sees one passage at a
time. What was looked at is said with the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answering.facts import Statement
from qa.language.numbers import quantities
from qa.language.text import content_stems, stem, stems
from qa.schema import Passage, Source, Span

_PLURAL = r"[^\W\d_]+[^\Ws]s|people|men|women|children"
_LISTED = re.compile(
    rf"^\W*(?:(?:in|at|on|for|from|by|with|of)\s+)?(?:which|what)\s+(?P<head>{_PLURAL})\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"^\W*how many (?P<head>[\w ]+?) (?:(?:are|were) there|have there been)\b",
    re.IGNORECASE,
)
_NEWEST = r"most recent|latest|newest|last"
_DATED = re.compile(rf"\bthe (?P<age>{_NEWEST}|first|earliest|oldest)\b", re.IGNORECASE)
_MOST = re.compile(
    r"^\W*(?:which|what)\b.*\bthe (?P<end>most(?! recent)|highest|largest|fewest|least"
    r"|lowest|smallest)\s+(?:number\s+of\s+)?(?P<what>\w+)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_ASKING = frozenset(
    content_stems(
        "most recent latest newest last first earliest oldest highest largest fewest "
        "least lowest smallest number"
    )
)
_ARTICLES = 3
"""Articles that have to speak of something before a plural asks over all of them."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence that has all words of a question."""

    text: str
    source: Source
    span: Span

    @property
    def year(self) -> str:
        """Of the sentence, or else of its article."""
        years = _YEAR.findall(self.text)
        return years[-1] if years else self.source.published[:4]


def words_across(question: str) -> list[str]:
    """The stems that a sentence needs to answer a question over many articles; none
    where it is no such question.
    """
    if found := _COUNTED.search(question):
        return content_stems(found["head"])
    wanted = [w for w in dict.fromkeys(content_stems(question)) if w not in _ASKING]
    if _MOST.search(question) or _DATED.search(question):
        return wanted
    if found := _LISTED.search(question):
        rest = [word for word in wanted if word != stem(found["head"])]
        return rest if len(rest) > 1 else []
    return []


def told_across(
    question: str, passages: Iterable[tuple[Passage, Source]]
) -> tuple[list[Statement], str]:
    """The sentences that answer, quoted, and what was looked at; nothing where fewer
    than several articles speak of it.

    Args:
        question: With ``words_across``.
        passages: That may hold sentences with all of its words.
    """
    wanted = set(words_across(question))
    told = _with_all(wanted, passages) if wanted else []
    articles = len({one.source.id for one in told})
    if found := _MOST.search(question):
        told = _extreme(told, found["what"], found["end"].lower())
    elif found := _DATED.search(question):
        told = _edge(told, newest=re.fullmatch(_NEWEST, found["age"].lower()))
    elif articles < (2 if _COUNTED.search(question) else _ARTICLES):
        return [], ""
    if articles < 2 or not told:
        return [], ""
    told.sort(key=lambda one: (one.year, one.source.file, one.span.start))
    shown = [Statement(one.text, one.source, (one.span,)) for one in told[:_SHOWN]]
    sentences = "1 sentence" if len(told) == 1 else f"{len(told)} sentences"
    return shown, (
        f"Found {sentences} by looking for these words in all articles; {articles} "
        "articles speak of them, others may in other words."
    )


def _with_all(
    wanted: set[str], passages: Iterable[tuple[Passage, Source]]
) -> list[_Told]:
    return [
        _Told(passage.sentence(number), source, span)
        for passage, source in passages
        for number, span in enumerate(passage.sentences)
        if wanted <= set(stems(passage.sentence(number)))
    ]


def _extreme(told: Sequence[_Told], what: str, end: str) -> list[_Told]:
    """The sentence with the highest, or lowest, number of something; none where one has
    no number of it.
    """
    values = [(_number_of(one.text, what), one) for one in told]
    known = [value for value, _ in values if value is not None]
    if len(known) < len(values) or not known:
        return []
    least = end in {"fewest", "least", "lowest", "smallest"}
    best = min(known) if least else max(known)
    return [one for value, one in values if value == best]


def _number_of(text: str, what: str) -> float | None:
    """The number before a thing: 83 of "83 houses", "83 old houses"."""
    for found in re.finditer(r"\w+", text):
        if stem(found[0]) == stem(what):
            before = quantities(" ".join(text[: found.start()].split()[-3:]))
            counted = [quantity.value for quantity in before if not quantity.implied]
            return counted[-1] if counted else None
    return None


def _edge(told: Sequence[_Told], *, newest: object) -> list[_Told]:
    years = [one.year for one in told]
    if not all(years) or not years:
        return []
    best = max(years) if newest else min(years)
    return [one for one in told if one.year == best]
