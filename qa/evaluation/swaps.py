"""Claims made from passages: true ones reworded, and ones with one thing swapped.

What a judge must tell apart, without a person writing it: each claim knows its
evidence, how it was made and whether it holds. Seeded, so that a bench is the
same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from qa.language.numbers import quantities
from qa.language.sentences import split_sentences
from qa.verification.statements import Statement, canonical, statement

_NUMBER = re.compile(r"(?<= )(\d{1,3}(?:,\d{3})+|\d+)(?=[ ,;.](?!\d))")
_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would)\b")
_NOT = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would) not\b")
_ASIDE = re.compile(r" \([^()]{3,80}\)")
_TAIL = re.compile(
    r"(?:, (?:which|who|whose|where|while|although|and) [^.;]{8,})(?=\.$)"
)
_FRONT = re.compile(
    r"^((?:In|On|During|By|After|Since|At) [^,.;]{2,40}), ([^;:]{20,})\.$"
)
_WORDS = dict(
    enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
)
_SYNONYMS = {
    "began": "started", "started": "began", "approximately": "about", "many": "several",
    "however,": "", "also": "", "large": "big", "difficult": "hard", "stated": "said",
    "primarily": "mainly", "mainly": "primarily", "received": "got", "because": "since",
    "although": "though", "located": "situated", "called": "known as",
    "near": "close to",
    "purchased": "bought", "bought": "purchased", "constructed": "built",
    "built": "constructed", "whole": "entire", "entire": "whole", "often": "frequently",
    "frequently": "often", "attempt": "try", "required": "needed", "needed": "required",
    "sufficient": "enough", "entirely": "completely", "completely": "entirely",
    "major": "important", "obtained": "got", "various": "different", "allowed": "let",
    "helped": "aided", "therefore": "thus", "currently": "now", "nearly": "almost",
    "almost": "nearly", "town": "city", "created": "made", "remained": "stayed",
}  # fmt: skip
_PAIRS = """
increase decrease, increased decreased, increasing decreasing, rose fell, more fewer,
higher lower, highest lowest, larger smaller, largest smallest, before after,
first last, early late, earlier later, north south, northern southern, east west,
eastern western, oldest newest, major minor, important unimportant, common rare,
strong weak, accepted rejected, allowed forbade, import export, imports exports,
imported exported, won lost, success failure, successful unsuccessful, began ended,
public private, rich poor, majority minority, maximum minimum, upper lower,
internal external, hot cold, best worst, most least, improved worsened, rapid slow,
supported opposed, urban rural, difficult easy, positive negative, large small
"""
_OPPOSITE = {
    word: other
    for left, right in (pair.split() for pair in _PAIRS.split(","))
    for word, other in ((left, right), (right, left))
}
_UPRIGHT = re.compile(r"[A-Z0-9][^\"“”:]*[a-z]\.")


@dataclass(frozen=True, slots=True)
class Made:
    """A claim that was made.

    Attributes:
        kind: How: ``number``, ``name``, ``negation``, ``opposite``, ``role`` and
            ``passage`` do not hold; all others do.
    """

    claim: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to make claims from, with the title of its article."""

    title: str
    sentences: tuple[str, ...]


def texts(passages: Sequence[tuple[str, str]]) -> list[Text]:
    """Titles and passages, taken apart into sentences."""
    return [Text(title, tuple(split_sentences(text))) for title, text in passages]


class Maker:
    """Makes claims.

    Args:
        passages: What from; names and numbers are swapped among them.
        rng: Chooses.
    """

    def __init__(self, passages: Sequence[Text], rng: Random) -> None:
        self._passages = passages
        self._rng = rng
        self._names = _names_by_title(passages)

    def make(self) -> Iterator[Made]:
        """From each passage one true claim and one swapped, in turn."""
        true: list[Callable[[str], str | None]] = [
            _same, _shortened, _tail_dropped, self._reworded, _renumbered, _refronted,
        ]  # fmt: skip
        for text in self._passages:
            places = [i for i, s in enumerate(text.sentences) if _is_usable(s)]
            if not places:
                continue
            place = self._rng.choice(places)
            sentence = text.sentences[place]
            evidence = self._around(text, place)
            for reword in self._rng.sample(true, len(true)):
                claim = reword(sentence)
                if claim is not None:
                    kind = reword.__name__.strip("_")
                    yield Made(claim, evidence, supported=True, kind=kind)
                    break
            yield from self._false(text, place, evidence)

    def _false(
        self, text: Text, place: int, evidence: tuple[str, ...]
    ) -> Iterator[Made]:
        swaps = {
            "number": self._number, "name": self._name, "negation": self._negation,
            "opposite": self._opposite, "role": self._role, "passage": self._passage,
        }  # fmt: skip
        for kind in self._rng.sample(sorted(swaps), len(swaps)):
            claim = swaps[kind](text, text.sentences[place], evidence)
            if claim is not None and claim != text.sentences[place]:
                yield Made(claim, evidence, supported=False, kind=kind)
                return

    def _around(self, text: Text, place: int) -> tuple[str, ...]:
        """The sentence alone, with its neighbours, or the whole passage."""
        choice = self._rng.random()
        if choice < 0.5:
            return (text.sentences[place],)
        if choice < 0.75:
            return text.sentences[max(0, place - 1) : place + 2]
        return text.sentences

    def _reworded(self, sentence: str) -> str | None:
        words = sentence.split(" ")
        places = [i for i, w in enumerate(words) if i and w in _SYNONYMS]
        if not places:
            return None
        for place in places:
            words[place] = _SYNONYMS[words[place]]
        return " ".join(word for word in words if word)

    def _number(self, _: Text, sentence: str, evidence: tuple[str, ...]) -> str | None:
        found = list(_NUMBER.finditer(sentence))
        if not found:
            return None
        chosen = self._rng.choice(found)
        value = int(chosen[0].replace(",", ""))
        spread = max(3, min(value // 4, 30) if 1000 < value < 2100 else value // 2)
        other = value + self._rng.choice((-1, 1)) * self._rng.randint(1, spread)
        known = {q.value for text in evidence for q in quantities(text)}
        if other < 2 or float(other) in known:
            return None
        written = f"{other:,}" if "," in chosen[0] else str(other)
        return sentence[: chosen.start()] + written + sentence[chosen.end() :]

    def _name(self, text: Text, sentence: str, evidence: tuple[str, ...]) -> str | None:
        spans = _name_spans(sentence)
        if not spans:
            return None
        span = self._rng.choice(spans)
        near = self._names[text.title]
        pool = near if self._rng.random() < 0.6 else self._any_names()
        known = statement(" ".join(evidence)).all_stems
        wide = len(sentence[slice(*span)].split())
        options = [
            name for name in pool
            if len(name.split()) == wide and not statement(name).all_stems & known
        ]  # fmt: skip
        if not options:
            return None
        name = self._rng.choice(sorted(options))
        return sentence[: span[0]] + name + sentence[span[1] :]

    def _any_names(self) -> set[str]:
        return self._names[self._rng.choice(sorted(self._names))]

    def _negation(self, _: Text, sentence: str, __: tuple[str, ...]) -> str | None:
        if found := _NOT.search(sentence):
            return sentence[: found.start()] + found[1] + sentence[found.end() :]
        found = _AUXILIARY.search(sentence)
        if not found or any(word.negation for word in statement(sentence).words):
            return None
        return sentence[: found.end()] + " not" + sentence[found.end() :]

    def _opposite(
        self, _: Text, sentence: str, evidence: tuple[str, ...]
    ) -> str | None:
        known = statement(" ".join(evidence)).all_stems
        for found in self._rng.sample(
            words := list(re.finditer(r"\b[a-z]{3,}\b", sentence)), len(words)
        ):
            other = _OPPOSITE.get(found[0])
            if other and canonical(other) not in known:
                return sentence[: found.start()] + other + sentence[found.end() :]
        return None

    def _role(self, _: Text, sentence: str, __: tuple[str, ...]) -> str | None:
        """Two names change places, unless they stand side by side."""
        spans = _name_spans(sentence)
        pairs = [
            (a, b) for a in spans for b in spans
            if b[0] - a[1] > 8
            and not re.search(r"\b(?:and|or|with)\b|,", sentence[a[1] : b[0]])
            and not statement(sentence[slice(*a)]).all_stems
            & statement(sentence[slice(*b)]).all_stems
        ]  # fmt: skip
        if not pairs:
            return None
        a, b = self._rng.choice(pairs)
        left, right = sentence[slice(*a)], sentence[slice(*b)]
        return (
            sentence[: a[0]] + right + sentence[a[1] : b[0]] + left + sentence[b[1] :]
        )

    def _passage(self, text: Text, _: str, evidence: tuple[str, ...]) -> str | None:
        """A sentence of another passage, of the same article where there is one."""
        others = [
            s for t in self._by_title(text.title) if t is not text
            for s in t.sentences if _is_usable(s) and s not in evidence
        ]  # fmt: skip
        return self._rng.choice(others) if others else None

    def _by_title(self, title: str) -> list[Text]:
        same = [text for text in self._passages if text.title == title]
        return same if len(same) > 1 else [self._rng.choice(self._passages)]


def _is_usable(sentence: str) -> bool:
    return 7 <= len(sentence.split()) <= 45 and bool(_UPRIGHT.fullmatch(sentence))


def _same(sentence: str) -> str:
    return sentence


def _shortened(sentence: str) -> str | None:
    shorter, count = _ASIDE.subn("", sentence)
    return shorter if count and _is_usable(shorter) else None


def _tail_dropped(sentence: str) -> str | None:
    shorter, count = _TAIL.subn("", sentence)
    return shorter if count and _is_usable(shorter) else None


def _renumbered(sentence: str) -> str | None:
    """Thousands without separators, small numbers in words."""

    def rewrite(found: re.Match[str]) -> str:
        value = int(found[0].replace(",", ""))
        if "," in found[0]:
            return str(value)
        return _WORDS.get(value, found[0])

    changed = _NUMBER.sub(rewrite, sentence)
    return changed if changed != sentence else None


def _refronted(sentence: str) -> str | None:
    """Turn "In 1987, it froze." into "It froze in 1987."."""
    found = _FRONT.match(sentence)
    if not found:
        return None
    front, rest = found.groups()
    return f"{rest[0].upper()}{rest[1:]} {front[0].lower()}{front[1:]}."


def _name_spans(sentence: str) -> list[tuple[int, int]]:
    """Where names stand: runs of capitalised words, the first word only if sure."""
    parsed: Statement = statement(sentence)
    names = {word.text for word in parsed.words if word.name}
    return [
        found.span()
        for found in re.finditer(r"[A-Z]\w+(?: [A-Z]\w+)*", sentence)
        if all(part in names for part in found[0].split())
    ]


def _names_by_title(passages: Sequence[Text]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in passages:
        for sentence in text.sentences:
            found.setdefault(text.title, set()).update(
                sentence[slice(*span)] for span in _name_spans(sentence)
            )
    return found
