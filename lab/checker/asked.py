"""Questions that people asked of a passage, with answers, to claims.

A person's question is a paraphrase of what the passage says; with its answer in
the place of the question word it becomes a claim, with another answer a false
one. The English is rough ("the king did reign in 1066"), which does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_BE = r"(is|was|are|were)"
_DO = r"(did|does|do)"
_AUXILIARY = r"(is|was|are|were|can|could|will|would|has|have|had|may|must|should)"
_NOUN = r"(?:[\w'-]+ ){0,4}?"
_PARTICIPLE = re.compile(
    r" (?=(?:\w+(?:ed|wn|en|ilt|ght|eld|ung|ost|ent)|made|born|found|put|held|set|"
    r"located|based|called|done)\b)"
)
_PREPOSITIONS = "in on at by from to for of with during as about over since".split()
_BARE_TIME = re.compile(r"\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], str], str | None]]


def as_claim(question: str, answer: str) -> str | None:
    """The claim, or nothing where no rule fits the question."""
    asked = " ".join(question.split()).rstrip(" ?.")
    answer = answer.strip().rstrip(".")
    if not asked or not answer:
        return None
    for pattern, rewrite in _RULES:
        found = pattern.fullmatch(asked)
        if found:
            said = rewrite(found, answer)
            return _finished(said) if said else None
    return None


def _finished(said: str) -> str:
    said = " ".join(said.split())
    return f"{said[0].upper()}{said[1:]}."


def _placed(answer: str) -> str:
    """An answer to when or where, with a preposition if it has none."""
    first = answer.split(maxsplit=1)[0].lower()
    if first in _PREPOSITIONS or first in {"between", "after", "before", "near"}:
        return answer
    return f"in {answer}"


def _passive(subject: str, verb: str, answer: str) -> str | None:
    """The verb before the participle: "the treaty was signed in 1848"."""
    parts = _PARTICIPLE.split(subject, maxsplit=1)
    if len(parts) < 2:
        return f"{subject} {verb} {answer}"
    return f"{parts[0]} {verb} {parts[1]} {answer}"


def _rule(pattern: str, rewrite: Callable[[re.Match[str], str], str | None]) -> _Rule:
    return re.compile(pattern, re.IGNORECASE), rewrite


_RULES: tuple[_Rule, ...] = (
    _rule(
        rf"(in|on|at|by|from|for|to|during|with|under) (?:what|which)"
        rf" {_NOUN}{_DO} (.+)",
        lambda m, a: f"{m[1]} {_without_preposition(a)}, {m[3]}",
    ),
    _rule(
        rf"(in|on|at|by|from|for|to|during|with|under) (?:what|which)"
        rf" {_NOUN}{_AUXILIARY} (.+)",
        lambda m, a: _passive(m[3], m[2], f"{m[1]} {_without_preposition(a)}"),
    ),
    _rule(rf"(?:when|where) {_DO} (.+)", lambda m, a: f"{m[2]} {_placed(a)}"),
    _rule(
        rf"(?:when|where) {_AUXILIARY} (.+)",
        lambda m, a: _passive(m[2], m[1], _placed(a)),
    ),
    _rule(rf"what year {_DO} (.+)", lambda m, a: f"{m[2]} {_placed(a)}"),
    _rule(
        rf"what year {_AUXILIARY} (.+)",
        lambda m, a: _passive(m[2], m[1], _placed(a)),
    ),
    _rule(
        rf"how (?:many|much) ({_NOUN}){_DO} (.+)",
        lambda m, a: f"{m[3]} {_counted(a, m[1])}",
    ),
    _rule(
        r"how (?:many|much) ([\w'-]+(?: [\w'-]+)?) (.+)",
        lambda m, a: f"{_counted(a, m[1])} {m[2]}",
    ),
    _rule(rf"how {_DO} (.+)", lambda m, a: f"{m[2]} {a}"),
    _rule(rf"why {_DO} (.+)", lambda m, a: f"{m[2]} because {a}"),
    _rule(
        rf"(?:what|which|who|whom) {_BE} (.+)",
        lambda m, a: _named(m[2], m[1], a),
    ),
    _rule(
        rf"(?:what|which|who|whom)(?: {_NOUN})? ?{_DO} (.+)",
        lambda m, a: f"{m[2]} {a}",
    ),
    _rule(
        rf"(?:what|which) [\w'-]+ {_AUXILIARY} (.+)",
        lambda m, a: f"{a} {m[1]} {m[2]}",
    ),
    _rule(r"(?:who) (?!do|did|does)(.+)", lambda m, a: f"{a} {m[1]}"),
    _rule(
        r"(?:what|which) [\w'-]+ ((?!of\b|in\b|and\b)\w+(?:s|ed|d|t|e)\b.+)",
        lambda m, a: f"{a} {m[1]}",
    ),
)


def _counted(answer: str, what: str) -> str:
    what = what.strip()
    last = what.split()[-1] if what else ""
    return answer if last and last in answer else f"{answer} {what}"


def _without_preposition(answer: str) -> str:
    first, _, rest = answer.partition(" ")
    return rest if first.lower() in _PREPOSITIONS and rest else answer


def _named(subject: str, verb: str, answer: str) -> str | None:
    """What something is: "the capital is Oslo", "the ship was called Fram"."""
    ends = subject.rsplit(maxsplit=1)[-1].lower()
    if ends in {"called", "named", "termed", "known", "used", "made", "found", "as"}:
        return _passive(subject, verb, answer)
    return f"{subject} {verb} {answer}"
