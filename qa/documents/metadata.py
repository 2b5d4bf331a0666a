"""Title, authors, publisher and date, where the text of an article states them.

Nothing is guessed: each field comes from a phrase that people use to state it
("By …", "… is a fellow at …", "originally appeared in … on …").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from dateutil import parser as dates
from titlecase import titlecase

from qa.documents.blocks import Block, Metadata
from qa.documents.bylines import AND, DATE, MONTH, name, named
from qa.documents.wrapping import looks_like_heading
from qa.language.word_lists import words

_AFFILIATION = re.compile(r"\b(?:at|of|with) the ([A-Z]{2,8})\.?$")
_APPEARED = re.compile(
    r"\b(?:originally |first )?(?:appeared|published|posted) (?:in|on|by|at) "
    r"(?P<where>(?:the |The )?[A-Z][\w’'&.: -]{1,60}?)"
    rf"(?: on (?P<date>{DATE}))?(?:[.,]|$)"
)
_OF_ITSELF = re.compile(
    r"(?:This|An? (?:earlier|longer|shorter|version)|Originally|First|Published|Posted"
    r"|Appeared|Reprinted)\b"
)
_DISCLAIMER = re.compile(
    r"\b(?:those|views|opinions|positions?) of (?:the )?"
    r"([A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*){0,5}) or any other\b"
)
_HOUSE = re.compile(
    r"\b([A-Z][\w-]*(?: [A-Z][\w-]*){0,4})[’']s "
    r"(?:editorial independence|editorial team)"
)
_STATED_DATE = re.compile(
    rf"^(?:published|posted|first published|date|updated)(?: on)?:? ({DATE})",
    re.IGNORECASE,
)
_DATELINE = re.compile(rf"^(?:{DATE})$")
_PSEUDONYM = re.compile(r"^The authors?\b.{0,80}\b(?:is|are|writes?)\b")
_HEADER_BLOCKS = 8
_CLOSING_BLOCKS = 40
_FEW, _MOST = 6, 0.6
_BYLINE = 200
_CAPITALS = 3
_DEGREE = r"(?:[A-Z][a-z]?){2,4}\b"
"""That stands behind a name: "MPH", "PhD"."""


@cache
def _byline() -> re.Pattern[str]:
    return re.compile(rf"^(?i:by):?\s+({name()}(?:(?:{AND}){name()})*)")


@cache
def _degrees() -> re.Pattern[str]:
    """A name with its degrees: "Ann Oake, MPH, PhD"."""
    after = r"(?:[,;]?\s+(?:and\s+)?|\s*&\s*|$)(?![a-z])"
    return re.compile(rf"({name()})((?:, {_DEGREE})+){after}")


@cache
def _biography() -> re.Pattern[str]:
    return re.compile(
        rf"^(?P<who>{name()}) (?:is|was) (?:an? |the |currently )?[^.]{{0,120}}?"
        rf"\b(?i:{'|'.join(sorted(words('occupations')))})\b"
    )


def is_dateline(line: str) -> bool:
    """Whether a line is a date and nothing else, like the issue of a journal."""
    return bool(_DATELINE.match(line))


def states_metadata(line: str) -> bool:
    """Whether a line names the authors or says where and when it appeared."""
    return len(line) < 500 and bool(
        _byline().match(line)
        or named(line)
        or _biography().match(line)
        or (_APPEARED.search(line) and line.startswith("This "))
        or _PSEUDONYM.match(line)
    )


def stated_metadata(blocks: Sequence[Block]) -> Metadata:
    """Collect what the blocks of a whole page state about the article.

    Only what stands at its head or below it speaks of the article; in between the same
    words speak of others.
    """
    below = _below(blocks)
    lines = [block.text for block in (*blocks[:_HEADER_BLOCKS], *below)]
    return Metadata(
        title=_title(blocks),
        authors=_authors(lines, [block.text for block in below]),
        publisher=_publisher(lines),
        published=_published(lines),
    )


def _below(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks after most of the text; of a few blocks all."""
    if len(blocks) <= _FEW:
        return blocks
    passed, whole = 0, sum(len(block.text) for block in blocks)
    for number, block in enumerate(blocks):
        if passed >= _MOST * whole:
            return blocks[number:][-_CLOSING_BLOCKS:]
        passed += len(block.text)
    return blocks[-1:]


def iso_date(text: str, *, day_first: bool | None = None) -> str:
    """A stated date as ISO 8601 at its own precision, empty if it is none.

    A range of months ("February-March 2017") gives its first month.

    Args:
        text: The date as stated.
        day_first: How 3/4/2020 is read; None where nothing says, then it is a year.
            With full stops the day stands first everywhere.
    """
    text = re.sub(rf"({MONTH})\s?[-–/]\s?{MONTH}", r"\1", text.strip())
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        return text if _in_calendar(text) else ""
    if re.match(r"\d{4}/", text):
        text = text.replace("/", "-")
    if numeric := re.match(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})\b", text):
        first, other = int(numeric[1]), int(numeric[3])
        stated = True if numeric[2] == "." or first > 12 else day_first
        stated = False if stated is None and other > 12 else stated
        if stated is None and first != other:
            return numeric[4]
        day, month = (first, other) if stated else (other, first)
        iso = f"{numeric[4]}-{month:02}-{day:02}"
        return iso if _in_calendar(iso) else ""
    first_of, second_of = datetime(2000, 1, 1), datetime(2001, 2, 2)
    try:
        low, high = (dates.parse(text, default=d) for d in (first_of, second_of))
    except (ValueError, OverflowError):
        return ""
    if low.year != high.year:
        return ""
    if low.month != high.month:
        return f"{low.year:04}"
    return low.strftime("%Y-%m-%d" if low.day == high.day else "%Y-%m")


def _in_calendar(iso: str) -> bool:
    try:
        date.fromisoformat(iso + "-01" * (2 - iso.count("-")))
    except ValueError:
        return False
    return iso.isascii()


def _title(blocks: Sequence[Block]) -> str:
    """The first heading before the first prose.

    A single word is often a rubric; it is the title where it stands highest.
    """
    found: Block | None = None
    for block in blocks[:_HEADER_BLOCKS]:
        if block.kind == "heading" and (found is None or block.level <= found.level):
            found = block
            if len(block.text.split()) > 1:
                break
        if not looks_like_heading(block.text) and len(block.text) > 200:
            break
    if found is None or (len(found.text.split()) == 1 and found.level > 1):
        return ""
    return _natural_case(found.text, [b.text for b in blocks])


def _natural_case(title: str, lines: Sequence[str]) -> str:
    """Capitals throughout become title case; words the text capitalises stay."""
    if not title.isupper():
        return title
    body = " ".join(line for line in lines if not line.isupper())

    def as_in_text(word: str, **_: object) -> str | None:
        return word if re.search(rf"\b{re.escape(word)}\b", body) else None

    return str(titlecase(title, callback=as_in_text))


def _authors(lines: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    for line in lines:
        if (said := named(line)) and said.authors:
            return said.authors
        match = _byline().match(line) if len(line) < _BYLINE else None
        if match and not (match[1].isupper() and len(match[1].split()) > _CAPITALS):
            return tuple(re.split(AND, match[1]))
    for line in lines[:_HEADER_BLOCKS]:
        if titled := _titled(line):
            return titled
    found = [match["who"] for line in below if (match := _biography().match(line))]
    return tuple(dict.fromkeys(found))


def _titled(line: str) -> tuple[str, ...]:
    """The names that a line begins with, each with its degrees; none where all are in
    capitals, as "MS" and "USA" behind a town are.
    """
    found: list[re.Match[str]] = []
    while match := _degrees().match(line, found[-1].end() if found else 0):
        found.append(match)
    stated = not all(match[2].isupper() for match in found)
    return tuple(match[1] for match in found) if stated else ()


def _publisher(lines: Sequence[str]) -> str:
    for line in lines:
        if _OF_ITSELF.match(line) and (match := _APPEARED.search(line)):
            return str(match["where"]).strip()
        if (said := named(line)) and said.publisher:
            return said.publisher
    for find in (_DISCLAIMER.search, _affiliation, _HOUSE.search):
        for line in lines:
            if match := find(line):
                return str(match[1])
    return ""


def _affiliation(line: str) -> re.Match[str] | None:
    return _AFFILIATION.search(line) if _biography().match(line) else None


def _published(lines: Sequence[str]) -> str:
    for line in lines:
        match = _APPEARED.search(line) if _OF_ITSELF.match(line) else None
        if match and match["date"]:
            return iso_date(match["date"])
    for line in lines:
        if match := _STATED_DATE.match(line):
            return iso_date(match[1])
    told = (said.published for line in lines if (said := named(line)))
    first = next(filter(None, told), "")
    return iso_date(first) if first else ""
