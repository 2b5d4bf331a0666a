"""How a question wants to be answered: the shape of the answer, and its bounds."""

from __future__ import annotations

import re

from qa.question.works import WORKS, WRITERS
from qa.schema import AnswerShape, Shape

_LIST = re.compile(
    r"""^\W*(?:(?:please|can\ you|could\ you)\s+)?
    (?: (?:list|name|enumerate|identify|give\ me\ (?:all|a\ list))\b
      | (?:what|which)\s+(?:are|were)\s+(?:the|some|all)\b
      | (?:what|which)\s+(?:\w+\s+){0,2}(?:reasons|factors|areas|barriers|challenges
        |examples|ways|causes|steps|benefits|risks|obstacles|conditions|drivers)\b )""",
    re.IGNORECASE | re.VERBOSE,
)
_AT_LENGTH = re.compile(
    r"\b(?:in (?:\w+ )?detail|at length|in depth|detailed|elaborate|everything|fully"
    r"|comprehensive(?:ly)?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\bin (?P<number>one|two|three|four|five|six|seven|eight|nine|ten|[1-9]|10)"
    r" (?:short )?sentences?\b",
    re.IGNORECASE,
)
_NUMBERS = "one two three four five six seven eight nine ten".split()
_FEW = 3
"""Articles that a summary has two sentences of."""
_EACH = 40
"""Words that each sentence of a summary may have, taken together."""
_LEAST = 80
"""Words of an answer to one of several questions asked at once."""
_YES_OR_NO = re.compile(
    r"""^\W*(?:is|are|was|were|do|does|did|has|have|had|whether)\s+(?P<claim>.+?)\W*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_SEVERAL = re.compile(
    rf"""\b(
        (?: {WORKS} | {WRITERS} )\b.{{0,30}}
            \b(?: agree | disagree | differ | say | think | argue | see | contradict )
      | (?: agree | disagree | differ | contradict )\w*\b.{{0,40}}
            \b(?: {WORKS} | {WRITERS} | each\ other )
      | (?: compare | contrast | in\ common | different\ views? | both\ {WORKS} )
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def shape_of(
    question: str, sentences: int, *, several: bool = False, summed: int = 0
) -> Shape:
    """The shape of an answer.

    Args:
        question: As asked.
        sentences: Of an answer in prose.
        several: Whether it asks what several articles say.
        summed: How many articles the answer sums up; 0 if it is no summary.
    """
    kind: AnswerShape = "prose"
    words = 120
    if summed:
        kind, sentences = _of_summary(summed, sentences)
        words = _EACH * sentences
    elif several:
        kind, sentences = "comparison", sentences + 1
    elif _LIST.search(question):
        kind, sentences = "list", sentences + 2
    if found := _COUNTED.search(question):
        number = found["number"].lower()
        sentences = _NUMBERS.index(number) + 1 if number in _NUMBERS else int(number)
        sentences = max(sentences, summed, 2 if several else 1)
        return Shape(kind, sentences, max(words, _EACH * sentences))
    if _AT_LENGTH.search(question):
        return Shape(kind, 2 * sentences + 2, max(words, 320))
    return Shape(kind, sentences, words)


def one_of_several(shape: Shape, questions: int) -> Shape:
    """The shape of an answer to one of so many questions asked at once."""
    sentences = max(2, shape.sentences - questions + 1)
    return Shape("prose", sentences, max(_LEAST, shape.words // questions))


def _of_summary(articles: int, sentences: int) -> tuple[AnswerShape, int]:
    if articles == 1:
        return "prose", sentences + 1
    if articles <= _FEW:
        return "comparison", 2 * articles
    return "list", articles


def claim_of(question: str) -> str | None:
    """What a yes-or-no question asks about, as a statement; None for others.

    Words are compared by their stems, so "does China need Russia" may become
    "China need Russia".
    """
    found = _YES_OR_NO.match(question)
    if found is None or re.search(r"\bor\b", question):
        return None
    return f"{found['claim']}."


def asks_several(question: str) -> bool:
    """Whether a question asks what several articles say, or compares them."""
    return bool(_SEVERAL.search(question))
