"""One thing changed in a true sentence, so that its source no longer supports it.

These changes are how training learns from minimal pairs; the product never sees
this file. A change that cannot be made returns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")
_YEAR = re.compile(r"(?<!\d)(1[0-9]\d\d|20\d\d)(?!\d)")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s(?:of the |of |de |van |al-)?[A-Z][\w’'-]+)*")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|"
    r"does|do|did)\b(?! not|n't)"
)
_NOT = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|does|did) not\b"
)
_SYMMETRIC = re.compile(r"^(?:,|\s|and|or|with|between|&|as well as|both)*$")
_COUNTED = (
    "two three four five six seven eight nine ten eleven twelve twenty thirty fifty"
).split()
_MONTHS = (
    "January February March April May June July August September October November "
    "December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NATIONS = (
    "American British Chinese Russian French German Japanese Indian Italian Spanish "
    "Polish Turkish Canadian Swedish Iranian Greek Dutch Korean Mexican Egyptian"
).split()
_OPENERS = frozenset(
    "The A An In On At By For From It He She They This These That Those But And As If "
    "When While After Before Since Although Though However His Her Its Their There "
    "Some Most Many Both All One Two Three According With Under During Not No Only "
    "What Who Why How Where Which Because To Of I We You".split()
)

# Left and right exclude each other, or nearly; each way is a change.
_OPPOSITES = """
increase|decrease increased|decreased increases|decreases increasing|decreasing
rose|fell rise|fall rises|falls rising|falling grew|shrank growing|shrinking
growth|decline gained|lost won|lost higher|lower highest|lowest larger|smaller
largest|smallest more|fewer greater|lesser before|after earlier|later first|last
early|late began|ended started|stopped opened|closed north|south northern|southern
east|west eastern|western strong|weak stronger|weaker strengthened|weakened
accepted|rejected supported|opposed supports|opposes allowed|forbade
allows|forbids permitted|banned imports|exports imported|exported import|export
buyer|seller success|failure successful|unsuccessful succeeded|failed
public|private majority|minority maximum|minimum improved|worsened better|worse
best|worst rich|poor easy|difficult possible|impossible likely|unlikely
positive|negative agreed|refused confirmed|denied raised|cut raises|cuts
expanded|reduced expand|reduce domestic|foreign internal|external
superior|inferior senior|junior above|below inside|outside often|rarely
always|never includes|excludes included|excluded with|without gains|losses
attack|defend attacked|defended arrived|left joined|left entered|left
bought|sold buys|sells borrowed|lent teacher|pupil cause|effect causes|prevents
caused|prevented because|although optimistic|pessimistic temporary|permanent
old|new older|newer young|old younger|older married|divorced alive|dead
present|absent hot|cold warm|cool dry|wet long|short longer|shorter fast|slow
faster|slower heavy|light thick|thin deep|shallow high|low wide|narrow
appointed|dismissed elected|defeated approved|rejected
""".split()
# Left is true and right says more: one way only.
_STRONGER = """
may|will, might|will, could|will, some|all, most|all, many|all, several|most,
few|many, partly|wholly, largely|entirely, mainly|only, nearly|more than,
almost|more than, sometimes|always, often|always, usually|always, suggests|proves,
suggest|prove, suggested|proved, hopes to|will, plans to|will, aims to|will,
intends to|will, expected to|certain to, believes that|knows that, claims|proves,
claimed|proved, about|exactly, around|exactly, approximately|exactly,
at least|at most, more than|less than, less than|more than, up to|at least,
fewer than|more than, over|under, under|over, until|since, since|until,
half of|all of, a third of|half of, a quarter of|half of, one of|all of,
one of the|the only, was planned|was completed, proposed|decided,
considering|pursuing, tried to|managed to, would|will, should|does, seems to|does,
reportedly|certainly, possibly|certainly, perhaps|certainly, probably|certainly,
contributed to|caused, linked to|caused by, associated with|caused by,
helped to|alone managed to
""".replace("\n", " ").split(",")


@dataclass(frozen=True, slots=True)
class Swap:
    """A changed sentence.

    Attributes:
        text: It.
        start, end: Where the change stands; equal where something is only gone.
        kind: What was changed.
    """

    text: str
    start: int
    end: int
    kind: str


def swapped(
    text: str, around: Sequence[str], pool: Sequence[str], rng: Random
) -> Swap | None:
    """Change one thing in a true sentence.

    Args:
        text: The sentence.
        around: Sentences near it; the best names and numbers to mistake are theirs.
        pool: Names of other articles.
        rng: Chooses.
    """
    makers: list[Callable[[], Swap | None]] = [
        lambda: _number(text, around, rng),
        lambda: _number(text, around, rng),
        lambda: _name(text, around, pool, rng),
        lambda: _name(text, around, pool, rng),
        lambda: _role(text, rng),
        lambda: _role(text, rng),
        lambda: _listed(text, rng),
        lambda: _OPPOSITE_PAIRS.swap(text, "opposite", rng),
        lambda: _STRONGER_PAIRS.swap(text, "hedge", rng),
        lambda: _listed(text, rng),
        lambda: _negated(text, rng),
    ]
    rng.shuffle(makers)
    for make in makers:
        made = make()
        if made is not None and made.text != text:
            return made
    return None


def names_in(text: str) -> list[str]:
    """Capitalised words that are likely names, in order."""
    return [text[a:b] for a, b in _name_places(text)]


def _replace(text: str, start: int, end: int, new: str, kind: str) -> Swap:
    if start == 0 and new[:1].islower():
        new = new[0].upper() + new[1:]
    return Swap(text[:start] + new + text[end:], start, start + len(new), kind)


def _number(text: str, around: Sequence[str], rng: Random) -> Swap | None:
    places = [m.span() for m in _NUMBER.finditer(text)]
    words = [
        m.span()
        for m in re.finditer(r"\b(" + "|".join(_COUNTED) + r")\b", text, re.IGNORECASE)
    ]
    if not places and not words:
        return None
    start, end = rng.choice(places + words)
    old = text[start:end]
    if not old[0].isdigit():
        others = [w for w in _COUNTED if w != old.lower()]
        new = rng.choice(others[:8])
        return _replace(
            text, start, end, new.title() if old[0].isupper() else new, "number"
        )
    near = {m.group() for s in around for m in _NUMBER.finditer(s)} - {
        m.group() for m in _NUMBER.finditer(text)
    }
    is_year = bool(_YEAR.fullmatch(old))
    near = {n for n in near if bool(_YEAR.fullmatch(n)) == is_year}
    if near and rng.random() < 0.6:
        return _replace(
            text, start, end, rng.choice(sorted(near)), "date" if is_year else "number"
        )
    value = float(old.replace(",", ""))
    if is_year:
        new = str(int(value) + rng.choice((-10, -5, -3, -2, -1, 1, 2, 3, 5, 10)))
    elif "." in old:
        places_after = len(old.split(".")[1])
        factor = rng.choice((0.1, 0.5, 0.8, 1.2, 1.5, 2, 10))
        new = f"{value * factor:.{places_after}f}"
    elif value < 20:
        new = str(max(0, int(value) + rng.choice((-3, -2, -1, 1, 2, 3, 5, 10))))
    else:
        factor = rng.choice((0.1, 0.5, 0.8, 0.9, 1.1, 1.2, 1.5, 2, 10))
        whole = round(value * factor)
        new = f"{whole:,}" if "," in old else str(whole)
    return (
        None
        if new == old
        else _replace(text, start, end, new, "date" if is_year else "number")
    )


def _name_places(text: str) -> list[tuple[int, int]]:
    places = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        words = match.group().split()
        while words and words[0] in _OPENERS:
            start += len(words[0]) + 1
            words = words[1:]
        if not words or start >= end:
            continue
        if start == 0 and len(words) == 1:
            continue  # a sentence's first word may be any word
        if words[0] in _MONTHS or words[0] in _DAYS:
            continue
        if text[start:end].endswith(("’s", "'s")):
            end -= 2
        places.append((start, end))
    return places


def _name(
    text: str, around: Sequence[str], pool: Sequence[str], rng: Random
) -> Swap | None:
    places = _name_places(text)
    if not places:
        return None
    start, end = rng.choice(places)
    old = text[start:end]
    near = sorted(
        {n for s in around for n in names_in(s)} - set(names_in(text)) - {old}
    )
    near = [n for n in near if n not in old and old not in n]
    if near and rng.random() < 0.7:
        return _replace(text, start, end, rng.choice(near), "name")
    if not pool:
        return None
    new = rng.choice(pool)
    return None if new in old or old in new else _replace(text, start, end, new, "name")


def _role(text: str, rng: Random) -> Swap | None:
    """Two names of a sentence change places."""
    places = _name_places(text)
    pairs = [
        (a, b)
        for i, a in enumerate(places)
        for b in places[i + 1 :]
        if text[a[0] : a[1]] != text[b[0] : b[1]]
        and not _SYMMETRIC.match(text[a[1] : b[0]])
    ]
    if not pairs:
        return None
    (a, b), (c, d) = rng.choice(pairs)
    new = text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
    return Swap(new, a, len(new) - (len(text) - d), "role")


class _Pairs:
    """Phrases and what each may become, found in one pass."""

    def __init__(self, lines: Sequence[str], *, both: bool) -> None:
        self._becomes: dict[str, list[str]] = {}
        for line in lines:
            left, right = line.strip().split("|")
            self._becomes.setdefault(left, []).append(right)
            if both:
                self._becomes.setdefault(right, []).append(left)
        longest_first = sorted(self._becomes, key=lambda phrase: (-len(phrase), phrase))
        either = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"\b(?:{either})\b", re.IGNORECASE)

    def swap(self, text: str, kind: str, rng: Random) -> Swap | None:
        places = [m.span() for m in self._pattern.finditer(text)]
        if not places:
            return None
        start, end = rng.choice(places)
        new = rng.choice(self._becomes[text[start:end].lower()])
        return _replace(text, start, end, new, kind)


_OPPOSITE_PAIRS = _Pairs(_OPPOSITES, both=True)
_STRONGER_PAIRS = _Pairs(_STRONGER, both=False)


def _listed(text: str, rng: Random) -> Swap | None:
    """A month, a day or a people's adjective becomes another."""
    for listed, kind in ((_MONTHS, "date"), (_DAYS, "date"), (_NATIONS, "name")):
        places = [
            m.span() for m in re.finditer(r"\b(" + "|".join(listed) + r")\b", text)
        ]
        if places:
            start, end = rng.choice(places)
            new = rng.choice([w for w in listed if w != text[start:end]])
            return _replace(text, start, end, new, kind)
    return None


def _negated(text: str, rng: Random) -> Swap | None:
    if found := _NOT.search(text):
        return _replace(text, *found.span(), found.group(1), "negation")
    places = list(_AUXILIARY.finditer(text))
    if not places:
        return None
    start, end = rng.choice(places).span()
    return _replace(text, start, end, f"{text[start:end]} not", "negation")
