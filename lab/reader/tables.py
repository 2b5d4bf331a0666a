"""Questions about the rows of tables, as the product has rows read.

A row of ``train.jsonl`` in ``lab/tables`` is an article: prose with a table beside it,
and questions that either answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qa.documents.tables import CELLS, heading_of, row_line

if TYPE_CHECKING:
    from lab.reader.marked import Marked

_LETTERS = 600
"""Of the rows of one passage, at most: figures take a token for two or three."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """Lines that are read together, with the numbers of their rows; of none -1."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]
    heading: str

    @property
    def labelled(self) -> bool:
        """Whether each row says its heads."""
        return not self.heading


def of_table(article: dict[str, Any], empty: Marked) -> Iterator[Marked]:
    """The questions of an article: those about its rows as a PDF has them, below heads
    that stand in the passage's heading, or as other files have them, each with its
    heads; by turns.

    Args:
        article: With ``title``, ``prose``, ``caption``, ``heads``, ``rows``,
            ``questions`` and ``prose_questions``.
        empty: What to fill in.
    """
    said = replace(empty, title=article["title"])
    for asked in article["prose_questions"]:
        gold = frozenset(n - 1 for n in asked["sentences"])
        prose = tuple(article["prose"])
        yield replace(said, sentences=prose, place=1, **_asked(asked, gold))
    passages = _passages(article)
    for number, asked in enumerate(article["questions"]):
        rows = {n - 1 for n in asked["rows"]}
        held = {p: rows.intersection(passages[p].numbers) for p in passages}
        places = frozenset(place for place, found in held.items() if found)
        for place in sorted(places):
            passage = passages[place]
            if passage.labelled == bool(number % 2):
                gold = frozenset(map(passage.numbers.index, held[place]))
                yield replace(
                    said,
                    sentences=passage.lines,
                    place=place,
                    also=places - {place},
                    heading=passage.heading,
                    **_asked(asked, gold),
                )


def _passages(article: dict[str, Any]) -> dict[int, _Passage]:
    """The passages of its table in either form, by number."""
    caption, heads, rows = (article[name] for name in ("caption", "heads", "rows"))
    labelled = [row_line(heads, row) for row in rows]
    bare = [CELLS.join(filter(None, row)) for row in rows]
    told = heading_of(caption, heads=heads)
    found = []
    for lines, heading in ((labelled, ""), (bare, told)):
        for group in _groups(lines):
            above = (caption,) if caption and not heading and 0 in group else ()
            numbers = (*[-1] * len(above), *group)
            said = (*above, *(lines[n] for n in group))
            found.append(_Passage(said, numbers, heading))
    return dict(enumerate(found, 2))


def _asked(row: dict[str, Any], gold: frozenset[int]) -> dict[str, Any]:
    return {
        "question": row["question"],
        "near_miss": row["near_miss"],
        "gold": gold,
        "direct": gold,
    }


def _groups(lines: Sequence[str]) -> Iterator[list[int]]:
    """The numbers of rows that are read together, in passages of like length."""
    total = max(1, sum(map(len, lines)))
    most = total / -(-total // _LETTERS)
    group: list[int] = []
    used = 0
    for number, line in enumerate(lines):
        if group and used + len(line) / 2 > most:
            yield group
            group, used = [], 0
        group.append(number)
        used += len(line)
    yield group
