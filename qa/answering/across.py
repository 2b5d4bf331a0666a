"""Questions over many articles, answered from every sentence that has their words.

"In which towns did bakers strike?", "How many fires were there?", "What was the most
recent fire?", "Which fire destroyed the most houses?": a reader sees one passage at a
time. What was looked at is said with the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qa.answering.facts import Statement
from qa.language.numbers import quantities
from qa.language.text import content_stems, stem, stems
from qa.question.coreference import points_back
from qa.schema import Passage, Source, Span

_PLURAL = r"[^\W\d_]+[^\Ws]s|people|men|women|children"
_LISTED = re.compile(
    rf"""^\W*(?:(?:in|at|on|for|from|by|with|of)\s+)?
    (?:which|what(?=\s+\w+\s+(?:are|were|did|do|have|had)\b))\s+(?P<head>{_PLURAL})\b""",
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = re.compile(
    r"^\W*how many [\w ]+? (?:(?:are|were) there|have there been)\b", re.IGNORECASE
)
_DATED = re.compile(
    r"""^\W*(?:what|which|when|where)\ (?:was|were)\ the
    \ (?:(?P<newest>most\ recent|latest|newest|last)|first|earliest)\b(?!.*\bof\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Events: the oldest bridge is not that of the oldest news."""
_MOST = re.compile(
    r"""^\W*(?:which|what)\s+(?:of\s+the\s+)?(?P<head>\w+)\b.*\bthe\ (?:most(?!\ recent)
    |highest|largest|(?P<least>fewest|least|lowest|smallest))\s+(?:number\s+of\s+)?(?P<what>\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_ASKING = frozenset(
    content_stems(
        "most recent latest newest last first earliest oldest highest largest fewest "
        "least lowest smallest number"
    )
)
Having = Callable[[Sequence[str]], Iterable[tuple[Passage, Source]]]
_ARTICLES = 3
"""Articles that have to speak of something before a plural asks over all of them."""


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

    def stated(self, *, named: bool) -> Statement:
        """Quoted, behind the name of its article or without."""
        before = f"According to “{self.source.title}”: " if named else ""
        return Statement(before + self.text, self.source, (self.span,))


def words_across(question: str) -> list[list[str]]:
    """The stems that a sentence needs to answer a question over many articles, and
    those that do where no sentence has them; none where it is no such question, or
    leans on another.
    """
    if points_back(_COUNTED.sub("", question)):
        return []
    wanted = [w for w in dict.fromkeys(content_stems(question)) if w not in _ASKING]
    if found := _MOST.search(question):
        # An article on a station need not call it one where it counts its trains.
        return [wanted, *_without(found["head"], wanted)] if wanted else []
    if wanted and (_COUNTED.search(question) or _DATED.search(question)):
        return [wanted]
    found = _LISTED.search(question)
    return _without(found["head"], wanted) if found else []


def _without(head: str, wanted: Sequence[str]) -> list[list[str]]:
    """What is left without what is asked for, if that is more than a word."""
    rest = [word for word in wanted if word != stem(head)]
    return [rest] if 1 < len(rest) < len(wanted) else []


def told_across(question: str, having: Having) -> tuple[list[Statement], str]:
    """The sentences that answer, quoted, and what was looked at; nothing where fewer
    than several articles speak of it.

    Args:
        question: What is asked.
        having: Finds the passages that may hold sentences with all of some stems.
    """
    for number, words in enumerate(words_across(question)):
        if told := _with_all(set(words), having(words)):
            return _together(question, told, named=number > 0)
    return [], ""


def _together(
    question: str, told: list[_Told], *, named: bool
) -> tuple[list[Statement], str]:
    """What sentences tell, each with its article ``named`` where that alone says what
    it is told of.
    """
    articles = len({one.source.id for one in told})
    if found := _MOST.search(question):
        told = _extreme(told, found["what"], least=bool(found["least"]))
    elif found := _DATED.search(question):
        told = _edge(told, newest=bool(found["newest"]))
    elif articles < (2 if _COUNTED.search(question) else _ARTICLES):
        return [], ""
    if articles < 2 or not told:
        return [], ""
    told.sort(key=lambda one: (one.year, one.source.file, one.span.start))
    sentences = "1 sentence" if len(told) == 1 else f"{len(told)} sentences"
    return [one.stated(named=named) for one in told], (
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


def _extreme(told: Sequence[_Told], what: str, *, least: bool) -> list[_Told]:
    """The sentence with the highest, or lowest, number of something; none where one has
    no number of it.
    """
    values = [_number_of(one.text, what) for one in told]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return []
    best = (min if least else max)(known, default=None)
    return [one for value, one in zip(values, told, strict=True) if value == best]


def _number_of(text: str, what: str) -> float | None:
    """The number before a thing: 83 of "83 houses", "83 old houses"; never a year."""
    for found in re.finditer(r"\w+", text):
        if stem(found[0]) == stem(what):
            before = quantities(" ".join(text[: found.start()].split()[-3:]))
            counted = [
                quantity.value
                for quantity in before
                if not (quantity.implied or _YEAR.fullmatch(quantity.written))
            ]
            return counted[-1] if counted else None
    return None


def _edge(told: Sequence[_Told], *, newest: bool) -> list[_Told]:
    """The sentences of the last year, or the first; none where one has no year."""
    years = [one.year for one in told]
    if not all(years):
        return []
    best = (max if newest else min)(years, default="")
    return [one for one in told if one.year == best]
