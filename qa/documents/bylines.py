"""Lines that say who wrote an article, when and where it appeared, and nothing else.

"By Ann Oake", "Published 3 May 2020 in the Pier Post", "By Ann Oake | 3 May 2020"; not
"Ann Oake" alone. A place without "published" may be where somebody wrote, "The Hague, 3
May 2020", and is no publisher, but between bars with author and date.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from qa.documents.blocks import Metadata
from qa.language.word_lists import words

MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
DATE: Final = (
    rf"(?:\d{{4}}-\d{{2}}(?:-\d{{2}})?"
    rf"|{MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?,?\ \d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\ {MONTH},?\ \d{{4}}"
    rf"|{MONTH}(?:\s?[-–/]\s?{MONTH})?,?\ \d{{4}})"
)
DAY_IN_FIGURES: Final = r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}"
"""In whatever order; one group."""
AND: Final = r",\s+(?:and\s+)?|\s+and\s+|\s*&\s*"
_LONGEST: Final = 200
_PLACE: Final = r"(?:the\s)?(?-i:[A-Z])[\w’'&.-]*(?:\s[\w’'&.-]+){0,5}"
_PART: Final = re.compile(
    rf"\s+[|·•–—-]\s+|;\s+|,\s+(?=the\s|{DATE}\.?$)|(?<=\d\d\d\d),\s+", re.IGNORECASE
)
_APPEARED: Final = (
    r"(?:first\s|last\s|originally\s)?(?:published|posted|printed|issued)"
)
_WHEN: Final = re.compile(
    rf"(?:(?:{_APPEARED}|dated?|(?:last\s)?(?:updated|revised)|written)(?:\son)?:?\s+)?"
    rf"(?P<date>{DATE})",
    re.IGNORECASE,
)
_IMPRINT: Final = re.compile(
    rf"{_APPEARED}(?:(?:\son)?:?\s+(?P<date>{DATE}))?\s(?:in|by)\s(?P<where>{_PLACE})",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(rf"(?=\S+\s){_PLACE}")
"""A name of two words or more: one may be that of a town."""
_WHERE: Final = re.compile(rf"(?=the\s){_PLACE}", re.IGNORECASE)


def name() -> str:
    """An expression for the name of a person."""
    particles = "|".join(sorted(words("name_particles")))
    capital = r"[A-ZÀ-Þ][\w’'.-]"
    return rf"(?:{capital}+(?:\ (?:(?:{particles})\ )?{capital}*){{1,3}})"


@cache
def _who() -> re.Pattern[str]:
    return re.compile(
        r"(?i:(?:(?:written|words|text|story|report|article)\s)?by:?|authors?:)\s+"
        rf"(?P<names>{name()}(?:(?:{AND}){name()})*)"
    )


def named(line: str) -> Metadata | None:
    """What a line says that says no more than who, when and where.

    Returns:
        ``published`` as it stands there; None for every other line, for one that is
        all capitals, and for one that says neither who nor when.
    """
    if len(line) >= _LONGEST or line.isupper():
        return None
    authors: tuple[str, ...] = ()
    published = publisher = ""
    barred = line.count("|") > 1
    for part in _PART.split(line.strip().rstrip(".")):
        if who := _who().fullmatch(part):
            authors = authors or tuple(re.split(AND, who["names"]))
        elif when := _WHEN.fullmatch(part):
            published = published or when["date"]
        elif imprint := _IMPRINT.fullmatch(part):
            published = published or imprint["date"] or ""
            publisher = publisher or imprint["where"]
        elif barred and authors and not publisher and _TITLED.fullmatch(part):
            publisher = part
        elif not _WHERE.fullmatch(part):
            return None
    if not (authors or published):
        return None
    return Metadata(authors=authors, published=published, publisher=publisher)
