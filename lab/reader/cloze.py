"""Pseudo-questions: a clause of a passage, its answer replaced by a question word.

The idea is that of unsupervised question answering by cloze translation (Lewis
et al., 2019, section 2), with rules in place of a translation model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October"
    "|November|December)"
)
_KINDS = (
    (
        "date",
        (
            rf"(?:\b\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}\b,?)?(?: \d{{4}}\b)?"
            r"|\b(?:1\d|20)\d\ds?\b"
        ),
    ),
    (
        "number",
        (
            r"(?:US)?[$£€]?\d[\d,.]*\d(?:\s?(?:%|percent|million|billion))?"
            r"|\b\d\b(?:\s?(?:%|percent|million|billion))?"
        ),
    ),
    ("name", r"\b[A-Z][\w’'&-]*\w(?:(?: (?:of|the|of the|de|von))? [A-Z][\w’'-]+)*"),
)
MENTION = re.compile("|".join(f"(?P<{kind}>{rule})" for kind, rule in _KINDS))
_CHUNK = re.compile(r"\b[a-z][\w-]+(?: [a-z][\w-]+){0,3}")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _listed(
    """
a about above after again against all also although am among an and any are as at be
because been before being between both but by can could did do does during each either
every few first for from further had has have he her here him his how however if in
into is it its itself last later like made many may me might more most much must my
near neither new no nor not of off on once one only or other our out over own per same
several she should since so some such than that the their them then there these they
this those through to too toward two three under until up upon us used very was we
were what when where whether which while who whom whose why will with within without
would you your became become known called including
"""
)
_LEADING = _listed(
    """
and but or while however which that although because as so
"""
)
_AUXILIARIES = _listed(
    """
was were is are had has have can could will would may might must should
"""
)
_PREPOSITIONS = _listed(
    """
in on at since by during from until of to near for
"""
)
_PRONOUNS = _listed(
    """
he she it they this these
"""
)
_TOKEN = re.compile(r"\S+")
_BREAK = re.compile(r"[,;:()—–]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that a question can ask for."""

    kind: str
    start: int
    end: int
    text: str


def mentions(text: str) -> tuple[Mention, ...]:
    """Dates, numbers and names, in order of appearance."""
    return tuple(
        Mention(match.lastgroup or "", *match.span(), match.group())
        for match in MENTION.finditer(text)
        if match.group().lower() not in FUNCTION_WORDS
    )


def phrases(text: str) -> tuple[Mention, ...]:
    """Runs of one to three lower-case content words."""
    found = []
    for chunk in _CHUNK.finditer(text):
        run: list[re.Match[str]] = []
        tokens = [*re.finditer(r"[\w-]+", chunk.group()), None]
        for token in tokens:
            if token is not None and token.group() not in FUNCTION_WORDS:
                run.append(token)
                continue
            if 1 <= len(run) <= 3 and not run[-1].group().endswith(("ed", "ly")):
                start = chunk.start() + run[0].start()
                end = chunk.start() + run[-1].end()
                if end - start > 4:
                    found.append(Mention("phrase", start, end, text[start:end]))
            run = []
    return tuple(found)


def pseudo_question(sentence: str, answer: Mention, title: str, rng: Random) -> str:
    """Ask for `answer`, which stands in `sentence` at its offsets.

    Returns:
        The question, without capitals restored; "" where too little is left of
        the sentence to ask with.
    """
    before, after = _clause(sentence, answer, rng)
    while before and before[0].lower() in _LEADING:
        before = before[1:]
    if before and before[0].lower() in _PRONOUNS and rng.random() < 0.8:
        before = [title, *before[1:]]
    asked, before, after = _question_words(answer, before, after, rng)
    content = [w for w in before + after if w.lower() not in FUNCTION_WORDS]
    if len(content) < 2:
        return ""
    kept = _order(asked, before, after, rng)
    if rng.random() < 0.5:
        kept = [w for w in kept if w in asked or rng.random() > 0.1]
    return " ".join(kept).strip(" ,.;:") + "?"


def _clause(sentence: str, answer: Mention, rng: Random) -> tuple[list[str], list[str]]:
    """Words before and after the answer, up to a break or a length."""
    reach = rng.randint(5, 12)
    before = _TOKEN.findall(sentence[: answer.start])
    after = _TOKEN.findall(sentence[answer.end :])
    left: list[str] = []
    for word in reversed(before):
        if len(left) >= reach or (_BREAK.search(word) and len(left) > 2):
            break
        left.insert(0, word.strip('()[]"“”,;:'))
    right: list[str] = []
    for word in after:
        if len(right) >= reach or (_BREAK.match(word) and len(left) + len(right) > 4):
            break
        right.append(word.strip('()[]"“”,;:.'))
        if _BREAK.search(word) and len(left) + len(right) > 4:
            break
    return [w for w in left if w], [w for w in right if w]


def _question_words(
    answer: Mention, before: list[str], after: list[str], rng: Random
) -> tuple[list[str], list[str], list[str]]:
    """The question words, and what of the clause they leave."""
    last = before[-1].lower() if before else ""
    if answer.kind == "date":
        asked = rng.choice(["when", "when", "in what year", "what year", "what date"])
        return asked.split(), before[:-1] if last in _PREPOSITIONS else before, after
    if answer.kind == "number":
        if re.search(r"%|percent", answer.text):
            return ["what", rng.choice(["percentage", "percent"])], before, after
        if re.search(r"[$£€]", answer.text):
            return ["how", "much"], before, after
        return ["how", "many", *after[:1]], before, after[1:]
    if answer.kind == "name":
        if last in {"in", "at", "near", "from"}:
            asked = rng.choice(["where", "where", "in what place", "in which city"])
            return asked.split(), before[:-1], after
        return [rng.choice(["who", "what", "which", "who", "whom"])], before, after
    if last in {"a", "an", "the"}:
        before = before[:-1]
    return [rng.choice(["what", "what", "what", "which", "how", "why"])], before, after


def _order(
    asked: list[str], before: list[str], after: list[str], rng: Random
) -> list[str]:
    """Put the question together, with the verb before the subject if we can."""
    if not before:
        return [*asked, *after]
    for place, word in enumerate(before[1:], start=1):
        lower = word.lower()
        if lower in _AUXILIARIES:
            rest = before[:place] + before[place + 1 :]
            return [*asked, lower, *rest, *after]
        if lower.endswith("ed") and len(lower) > 4:
            verb = lower[:-1] if lower.endswith(("sed", "ced", "ved")) else lower[:-2]
            return [*asked, "did", *before[:place], verb, *before[place + 1 :], *after]
    if rng.random() < 0.5:
        return [*before, *asked, *after]
    return [*asked, *before, *after]
