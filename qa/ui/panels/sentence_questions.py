"""Questions that a sentence of an article answers, by its shape: where an auxiliary
stands between subject and predicate, either can be asked for without another form of a
word. Whether the library answers is for the pipeline to say.
"""

from __future__ import annotations

import re

from qa.language.text import content_stems, has_negation, is_content, names, tokens
from qa.language.word_lists import words

_SINGULAR = {"are": "is", "were": "was", "have": "has"}
_SENTENCE = re.compile(
    r"(?P<subject>\S+(?: [^\s,;:]+){0,14}?) "
    r"(?P<verb>is|are|was|were|has|have|can|will|must) "
    r"(?P<rest>[^,;:()“”\"]{8,110})"
    r"(?:, (?:and|but|while|whereas|which|so|though|although) .+)?\."
)
_BECAUSE = re.compile(r"(?P<what>.+?) (?:because|since) .+")
_IN_YEAR = re.compile(
    r"(?P<what>\w+(?:ed|en|ilt|ound|ade|eld|un)\b.*) in (?:1\d|20)\d\d"
)
_SIZE = re.compile(
    r"(?:about |some |nearly |over )?\d[\d,.]* \w+ "
    r"(?P<how>long|high|tall|deep|wide|old)"
)
_LEANING = frozenset(
    """it its they their them he she his her him this these those that which who whose
    such so both here there then we our you your i my also other another same latter
    former what how why when where than if but""".split()
)
"""Words that need what stands around a sentence, or begin another clause in it."""
_SHORTEST, _LONGEST = 3, 14
"""Content words, and words, of what is asked."""


def question_of(sentence: str) -> str:
    """A question that a sentence answers; empty where its shape allows none."""
    found = _SENTENCE.fullmatch(" ".join(sentence.split()))
    if found is None or any(map(has_negation, tokens(sentence))):
        return ""
    subject, verb, rest = found["subject"], found["verb"], found["rest"]
    asked = _asked(subject, verb, rest)
    said = tokens(asked)[1:]
    alone = not _LEANING.intersection(word.lower() for word in said)
    tells = len(content_stems(asked)) >= _SHORTEST and len(said) <= _LONGEST
    return asked if alone and tells and names(asked) else ""


def _asked(subject: str, verb: str, rest: str) -> str:
    low = subject[:1].lower() + subject[1:]
    article = subject.startswith(("The ", "A ", "An "))
    inner = low if article else subject
    if _is_name(subject) or article:
        if because := _BECAUSE.fullmatch(rest):
            return f"Why {verb} {inner} {because['what']}?"
        if verb in {"was", "were"} and (dated := _IN_YEAR.fullmatch(rest)):
            return f"When {verb} {inner} {dated['what']}?"
        if size := _SIZE.fullmatch(rest):
            return f"How {size['how']} {verb} {inner}?"
    if _is_name(subject) or _BECAUSE.fullmatch(rest) or not _is_phrase(subject):
        return ""
    person = words("occupations") & {word.lower() for word in tokens(subject)}
    return f"{'Who' if person else 'What'} {_SINGULAR.get(verb, verb)} {rest}?"


def _is_name(subject: str) -> bool:
    """Whether all words of a subject are capitalised, articles aside."""
    return all(word[0].isupper() for word in tokens(subject))


def _is_phrase(subject: str) -> bool:
    """Whether a subject says more than a pronoun, and is no clause of its own."""
    said = tokens(subject)
    alone = not _LEANING.intersection(word.lower() for word in said)
    return alone and is_content(said[-1]) and len(content_stems(subject)) > 1
