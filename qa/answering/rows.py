"""Questions over the rows of a table: which row is named, which holds a value, which
has most.

A row is a sentence that says under which heads its cells stand ("Port: Velmar; 2020
(tonnes): 38.5", see ``documents.tables``). What a question names of it, key and head,
is exact; a reader of prose makes little of it.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.answering.facts import Statement
from qa.documents.bylines import DATE, DAY_IN_FIGURES
from qa.documents.tables import CELLS, heads_in, is_figure, row_line
from qa.language import word_lists
from qa.language.numbers import place_of
from qa.language.text import content_stems, has_negation, numbers, stem, stems, tokens
from qa.schema import Hit, Passage, Source, Span

_PART = re.compile(r"(?P<label>[^:;]{1,60}): (?P<cell>.+)")
_UNIT = re.compile(r"\([^)]*\)|\s(?:per|in)\s+[^\W\d]+\s*$")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_EXTREME = re.compile(
    r"""(?:(?P<place>\w+)\s+)?(?<!\bat\ )\b
    (?P<word>most|highest|largest|biggest|greatest|longest|tallest|newest|latest|heaviest
    |deepest|widest|dearest|(?P<least>least|lowest|smallest|fewest|shortest|oldest
    |earliest|first|lightest|shallowest|narrowest|cheapest))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_VALUE = re.compile(
    r"""[^\d−-]{0,3}(?P<minus>[−-]?)(?P<whole>\d{1,3}(?:[,\ ]\d{3})+|\d+)
    (?:[.,](?P<part>\d+))?\W*\w{0,3}""",
    re.VERBOSE,
)
_Day = tuple[int, ...]
"""Its numbers in any order, as they are written in many: 4/3 is 3/4."""
_DATE = re.compile(rf"\b(?:{DATE})\b", re.IGNORECASE | re.VERBOSE)
_FIGURES = re.compile(rf"\b{DAY_IN_FIGURES}\b")
_WORDS = re.compile(r"[^\W\d_]{3,}")
_MONTHS = ("", *(name.lower() for name in calendar.month_abbr[1:]))
_QUARTER = re.compile(r"\b(\w+)\s+quarter\b", re.IGNORECASE)
_ASKS_WHICH = re.compile(
    r"\b(?:which|what|how many|list|name)(?P<things>(?:\s+\w+){1,3})", re.IGNORECASE
)
_WHO = re.compile(r"\bwho\b", re.IGNORECASE)
_Cells = tuple[tuple[str, str], ...]
"""Of a row, each with the head above it."""
_Where = tuple[str, Span]
"""An article, and a place in it."""
_CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d])\w+")
"""Letters and figures, as "K5"."""
_SUM = frozenset(content_stems("total sum overall"))
_COUNTS = frozenset(stems("number no n total"))
"""What a head calls a number of things: "Total (n)"."""
_NAMED = 10
"""Rows that one question names at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by head, where it stands, and under which caption."""

    cells: _Cells
    source: Source
    span: Span
    text: str
    caption: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The heads that it has cells under."""
        return tuple(label for label, _ in self.cells)

    @property
    def key(self) -> tuple[str, str]:
        """The cell that names it, with its head: the first that is no figure, or of
        figures alone the first, as a year is.
        """
        return next((c for c in self.cells if not is_figure(c[1])), self.cells[0])

    @property
    def named(self) -> frozenset[str]:
        """The stems of the cell that names it."""
        return _names_in(*self.key)

    @property
    def where(self) -> _Where:
        """Its article, and where it stands in that."""
        return self.source.id, self.span

    @property
    def years(self) -> frozenset[str]:
        """The years of its caption."""
        return _years(self.caption)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says, as it may name rows and heads."""

    text: str
    stems: frozenset[str]
    years: frozenset[str]
    negations: frozenset[str]
    days: frozenset[_Day]

    @classmethod
    def of(cls, question: str) -> Asked:
        """Take a question apart."""
        years = _years(question)
        negations = frozenset(map(stem, filter(has_negation, tokens(question))))
        quarters = (place_of(found[1].lower()) for found in _QUARTER.finditer(question))
        said = {*content_stems(question), *(f"q{place}" for place in quarters)}
        return cls(question, frozenset(said), years, negations, _days(question))

    def fits(self, row: Row) -> bool:
        """Whether a row has the years and the negations that are asked for; a year may
        be that of its whole table.
        """
        told = numbers(row.text) | (row.years if row.years <= self.years else set())
        return self.years <= told and self.negations <= set(stems(row.text))

    def names(self, row: Row) -> bool:
        """Whether it names a row: by its key, or by a first cell like "22.04"."""
        keys = (row.named, _names_in(*row.cells[0]))
        return any(key and key <= self.stems for key in keys)

    def lacks_year_of(self, row: Row) -> bool:
        """Whether the heads of a row are years, and neither it nor its caption has one
        that is asked for.
        """
        told = _years(" ".join(row.labels))
        known = numbers(row.text) | row.years
        return bool(self.years and told) and not self.years & known

    @property
    def things(self) -> set[str]:
        """The stems of what it asks which of it is: "Which old lamps …?"."""
        wanted = _ASKS_WHICH.search(self.text)
        return set(content_stems(wanted["things"])) if wanted else set()

    def seeks(self, table: Sequence[Row]) -> bool:
        """Whether it asks which of the rows of a table it is: "Which lamps …?"."""
        return bool(self.things & set(content_stems(table[0].key[0])))

    def heads_of(self, row: Row) -> list[str]:
        """The heads of a row that it names, without that of the key: "2020" of "2020
        (tonnes)" where no other has the year, a day, or all words of one; else the one
        that it has several words of and the most, and its last.
        """
        labels = [name for name in row.labels if name != row.key[0]]
        held = Counter(year for name in labels for year in self._years_in(name))
        named = [
            name
            for name in labels
            if any(held[year] == 1 for year in self._years_in(name))
            or (self.days and self.days & _days(name))
            or self._names_words(name)
        ]
        return named or self._most_like(labels)

    def _most_like(self, labels: Sequence[str]) -> list[str]:
        words = [content_stems(_UNIT.sub(" ", name)) for name in labels]
        common = [
            len(self.stems.intersection(said)) if {*said[-1:]} <= self.stems else 0
            for said in words
        ]
        most = max(common, default=0)
        found = [name for name, n in zip(labels, common, strict=True) if n == most]
        return found if most > 1 and len(found) == 1 else []

    def _years_in(self, label: str) -> frozenset[str]:
        return self.years & numbers(_UNIT.sub(" ", label))

    def _names_words(self, label: str) -> bool:
        words = frozenset(content_stems(_UNIT.sub(" ", label)))
        if "how many" in self.text.lower() and words - _COUNTS:
            words -= _COUNTS  # "Number of items"
        return bool(words - self.years) and words <= self.stems


def rows_in(passages: Iterable[tuple[Passage, Source]]) -> Iterator[Row]:
    """The rows among the sentences of passages, each with its heads in it."""
    for passage, source in passages:
        caption, above = heads_in(passage.heading)
        own = "" if len(above) > 1 else above[0]
        about = caption or own or source.title
        for number, span in enumerate(passage.sentences):
            for said in _cells_in(passage.sentence(number), above):
                heads, values = zip(*said, strict=True)
                yield Row(said, source, span, row_line(heads, values), about)


def told(text: str, heading: str) -> str:
    """A row that does not say its heads with those of its passage; else as it is."""
    if CELLS not in heading or CELLS not in text:
        return text
    found = _cells_in(text, heads_in(heading)[1])
    return "; ".join(row_line(*zip(*said, strict=True)) for said in found) or text


def is_head(text: str, heading: str) -> bool:
    """Whether a row is one of the heads of its table."""
    if CELLS not in heading or CELLS not in text:
        return False
    return _are_heads(text.split(CELLS), heads_in(heading)[1])


def _cells_in(text: str, above: Sequence[str]) -> Iterator[_Cells]:
    """The cells of the rows that a sentence is: with its heads, or below them."""
    parts = [_PART.fullmatch(part) for part in text.split("; ")]
    cells = text.split(CELLS)
    if len(parts) > 1 and all(parts):
        yield tuple((p["label"], p["cell"]) for p in parts if p)
    elif 1 < len(cells) <= len(above) and not _are_heads(cells, above):
        yield from _side_by_side(tuple(zip(above, cells, strict=False)))


def _are_heads(cells: Sequence[str], heads: Sequence[str]) -> bool:
    """Whether cells are parts of heads that stand in several rows."""
    words = [set(head.split()) for head in heads]
    return all(any(set(cell.split()) <= head for head in words) for cell in cells)


def _side_by_side(cells: _Cells) -> Iterator[_Cells]:
    """The cells of a row; where heads come again, those of each table in it, from a
    name on.
    """
    heads = [head for head, _ in cells]
    names = [n for n, (_, cell) in enumerate(cells) if cell and not is_figure(cell)]
    starts = names[1:] if len(set(heads)) < len(heads) else []
    for start, end in pairwise([0, *starts, len(cells)]):
        yield tuple(cell for cell in cells[start:end] if cell[1])


def rows_asked(question: str, rows: Sequence[Row]) -> tuple[list[Statement], str]:
    """The rows that a question asks for, quoted, and what was counted or compared.

    Args:
        question: What is searched for.
        rows: Of all tables that may answer.
    """
    asked = Asked.of(question)
    named = _named(asked, rows)
    found, note = _extreme(asked, rows) if _are_measures(named, rows) else ([], "")
    found = found or named
    if not found:
        found, note = _holding(asked, rows)
    return [Statement(row.text, row.source, (row.span,)) for row in found], note


def of_rows_named(question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits without the rows that a question is not about; but not where it asks which
    row it is or has most, or who, which a key may tell.
    """
    if _EXTREME.search(question) or _WHO.search(question):
        return tuple(hits)
    asked = Asked.of(question)
    tables = [
        table
        for table in _tables(list(rows_in((hit.passage, hit.source) for hit in hits)))
        if not asked.seeks(table)
    ]
    others = _unnamed(asked, tables)
    strange = _strange(asked, tables, hits)
    kept = []
    for hit in hits:
        spans = [(hit.source.id, span) for span in hit.passage.sentences]
        own = [n for n, span in enumerate(spans) if span not in others | strange]
        if own:
            left = hit.only(own)
            kept.append(_capped(left) if strange.intersection(spans) else left)
    return tuple(kept)


def _unnamed(asked: Asked, tables: Sequence[Sequence[Row]]) -> set[_Where]:
    """The other rows of tables of which it names one, and that one too where its heads
    are other years.
    """
    others: set[_Where] = set()
    meant: set[_Where] = set()  # tables side by side share their lines
    for table in tables:
        if named := [row for row in table if asked.names(row)]:
            others |= {row.where for row in table}
            meant |= {row.where for row in named if not asked.lacks_year_of(row)}
    return others - meant


def _strange(
    asked: Asked, tables: Sequence[Sequence[Row]], hits: Sequence[Hit]
) -> set[_Where]:
    """The rows of tables that are named by codes, where it has a code that was found
    nowhere: of another row, that of "K5" and not of "K3".
    """
    texts = (
        f"{hit.source.title} {hit.passage.heading} {hit.passage.text}" for hit in hits
    )
    known = {word for text in texts for word in stems(text)}
    if _codes(asked.stems) <= known:
        return set()
    return {
        row.where
        for table in tables
        if all(_codes(row.named) for row in table)
        and not any(asked.names(row) for row in table)
        for row in table
    }


def _codes(words: Iterable[str]) -> set[str]:
    """Those of letters and figures."""
    return {word for word in words if _CODE.fullmatch(word)}


def _capped(hit: Hit) -> Hit:
    """A hit that answers no more probably than a sentence of it belongs in the answer:
    what the reader said of it, it said of rows that are gone.
    """
    reading = hit.reading
    if reading is None or reading.sentences is None or reading.answerable is None:
        return hit
    most = max(sentence.belongs for sentence in reading.sentences)
    capped = min(reading.answerable, most)
    return replace(hit, reading=replace(reading, answerable=capped))


def _named(asked: Asked, rows: Sequence[Row]) -> list[Row]:
    """Rows whose key a question names, with one of their heads; of two keys the
    longer, and of rows with one key those whose kind is named, if any are.
    """
    named = [row for row in rows if row.named and row.named <= asked.stems]
    found = [
        row
        for row in named
        if asked.heads_of(row)
        and asked.fits(row)
        and not any(row.named < other.named for other in named)
    ]
    kinds = [set(content_stems(row.key[0])) for row in found]
    of_kind = [r for r, kind in zip(found, kinds, strict=True) if kind <= asked.stems]
    found = of_kind or found
    return found if len(found) <= _NAMED else []


def _are_measures(named: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether rows, if any, are named by words of a head: "the smallest own brands
    share" names no row "Own Brands", if there is one.
    """
    labels = {label for row in rows for label in row.labels} if named else ()
    heads = [set(content_stems(label)) for label in labels]
    return all(any(row.named <= head for head in heads) for row in named)


def _extreme(asked: Asked, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The row with the highest or lowest figure under a head that is named, or with the
    second highest and so on.
    """
    if (wanted := _EXTREME.search(asked.text)) is None:
        return [], ""
    place = place_of((wanted["place"] or "").lower()) or 1
    for table in _tables(rows):
        kind = set(content_stems(table[0].key[0])) & asked.stems
        if not kind and not asked.things & _said_of(table[0].caption):
            continue
        for label in _compared(asked, table, wanted, alone=bool(kind)):
            values = [(_value(row, label), row) for row in table if asked.fits(row)]
            known = [value for value, _ in values if value is not None]
            ranked = sorted(set(known), reverse=not wanted["least"])
            if len(known) > 1 and place <= len(ranked):
                found = [row for value, row in values if value == ranked[place - 1]]
                return found, (
                    f"Compared: {label} in {len(known)} rows of the table in "
                    f"“{table[0].source.title}”."
                )
    return [], ""


def _holding(asked: Asked, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The rows that hold what is asked for, in each column that has such words, where
    their kind is named too.
    """
    for table in _tables(rows):
        if not asked.seeks(table):
            continue
        holding = [(_holding_under(row, asked), row) for row in table]
        columns = set[str]().union(*(labels for labels, _ in holding))
        found = [r for labels, r in holding if labels == columns and asked.fits(r)]
        if columns and found:
            return found, (
                f"Counted: {len(found)} of {len(table)} rows of the table in "
                f"“{table[0].source.title}”."
            )
    return [], ""


def _holding_under(row: Row, asked: Asked) -> set[str]:
    """The heads under which a row holds words that are asked for."""
    return {
        label
        for label, cell in row.cells
        if label != row.key[0]
        and not is_figure(cell)
        and (words := set(content_stems(cell)))
        and words <= asked.stems
    }


def _tables(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one article that are named under the same head, without sums, two or
    more; one with an empty cell has fewer heads.
    """
    tables: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if not row.named & _SUM:
            tables.setdefault((row.source.id, row.key[0]), []).append(row)
    return [table for table in tables.values() if len(table) > 1]


def _compared(
    asked: Asked, table: Sequence[Row], superlative: re.Match[str], *, alone: bool
) -> list[str]:
    """The heads that are named, or the one that the superlative speaks of ("highest" of
    "Height"), or else, if one may stand ``alone``, the only one with figures below it.
    """
    heads = dict.fromkeys(name for row in table for name in row.labels)
    named = dict.fromkeys(name for row in table for name in asked.heads_of(row))
    figures = [n for n in heads if any(_value(row, n) is not None for row in table)]
    meant = _meant(asked, superlative, table[0].key[0], figures)
    if named or len(meant) == 1:
        return list(named) or meant
    counts = [n for n in figures if set(stems(n)) & _COUNTS]
    if set(stems(asked.text)) & _COUNTS and len(counts) == 1:
        return counts
    return figures if alone and len(figures) == 1 else []


def _meant(
    asked: Asked, superlative: re.Match[str], key: str, heads: Sequence[str]
) -> list[str]:
    """The heads that tell what a superlative compares, where no other measure follows
    it: "the highest hut", "lies highest", but "the highest price" not.
    """
    things = set(content_stems(key))
    compared = content_stems(asked.text[superlative.end() :])[:1]
    if not set(compared) <= things:
        return []
    word = superlative["word"].lower()
    measures = set(content_stems(word_lists.table("measures").get(word, "")))
    words = {head: set(content_stems(_UNIT.sub(" ", head))) for head in heads}
    return [h for h in heads if words[h] & measures and words[h] <= measures | things]


def _said_of(caption: str) -> set[str]:
    """The stems of the words of a caption that are no names, as of "United States"."""
    first, *words = caption.split() or [""]
    return set(content_stems(" ".join([first, *filter(str.islower, words)])))


def _names_in(head: str, cell: str) -> frozenset[str]:
    """The stems by which a cell is named; of a mere number its head too: "day 3"."""
    counts = cell.isdecimal() and not _years(cell)
    return frozenset(content_stems(f"{head} {cell}" if counts else cell))


def _days(text: str) -> frozenset[_Day]:
    """The days and months of a text, "30 June 2011" and "6/30/2011" alike."""
    days = [found[0] for found in (*_DATE.finditer(text), *_FIGURES.finditer(text))]
    numbered = (
        [
            *map(int, re.findall(r"\d+", day)),
            *(_MONTHS.index(name[:3].lower()) for name in _WORDS.findall(day)),
        ]
        for day in days
    )
    return frozenset(tuple(sorted(day)) for day in numbered)


def _years(text: str) -> frozenset[str]:
    return frozenset(filter(_YEAR.fullmatch, numbers(text)))


def _value(row: Row, label: str) -> float | None:
    cell = next((c for name, c in row.cells if name == label), "")
    if (found := _VALUE.fullmatch(cell)) is None:
        return None
    value = float(f"{re.sub(r'[, ]', '', found['whole'])}.{found['part'] or 0}")
    return -value if found["minus"] else value
