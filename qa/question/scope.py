"""A question without its frame: what is asked, and whose articles are asked.

"What does Ann Oake say about ferries?" is about ferries, in the articles of one
author; no passage says "Ann Oake says", and looking for it leads away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.question.coreference import points_back, without_opening
from qa.question.frames import FRAMES, RECORDS, SUMMARIES, Frame
from qa.question.linking import articles_named, named_at_once
from qa.question.works import ANY, ANY_WORK, LIBRARY, WORK, WORKS, WRITER, WRITERS
from qa.schema import Source

_IN_PASSING = re.compile(
    rf"""\bthe\ (?P<who>(?:(?:(?!\ the\ )[^,?]){{2,60}}\ )?\b{ANY_WORK}\b
    (?:\ (?:by|from)\ (?:the\ )?(?:(?-i:[A-Z])\S*\ ?){{1,4}})?)""",
    re.IGNORECASE | re.VERBOSE,
)
_ALL = re.compile(
    rf"""(?:(?:all|the|these|this|my|your|our|of|whole|both|each|every|\d+|two|three
    |four|five|six|seven|eight|nine|ten)\s+)*(?:{ANY}|{LIBRARY})""",
    re.IGNORECASE | re.VERBOSE,
)
_EVERY = re.compile(rf"s$|{LIBRARY}|\b(?:each|every)\b", re.IGNORECASE)
_THIS = re.compile(rf"(?:this|the|my)\s+(?:{WORK}|{WRITER})", re.IGNORECASE)
_IT = re.compile(r"it|this", re.IGNORECASE)
_ONE_BACK = re.compile(
    rf"(?:this|that|the|the same) (?:{WORK}|{WRITER})", re.IGNORECASE
)
_MANY_BACK = re.compile(
    rf"""they|them|both
    |(?:these|those|both|(?:the|these|those)\ (?:two|three|four|five))
    \ (?:{WORKS}|{WRITERS})""",
    re.IGNORECASE | re.VERBOSE,
)
_BACK = re.compile(r"it|this|that|he|she|they", re.IGNORECASE)
"""What may mean the articles that an earlier question named: by a word for one, by a
word for several, or by a word that means as much else."""


_KINDS = "chapter|part|section"
_SECTION = re.compile(
    rf"""(?:the\s+)?(?P<section>(?:{_KINDS})\s+\w+|\w+\s+(?:{_KINDS}))
    (?:\s+(?:of|in|from)\s+(?P<who>.+))?""",
    re.IGNORECASE | re.VERBOSE,
)
_END = re.compile(r"\b(?:end|begin|start)(?=\W*$)", re.IGNORECASE)
_ABOUT = "What is said about "
"""Puts a topic as a question."""
_QUOTED = re.compile(rf"^{_ABOUT}[“\"«]([^“”\"«»]+?)\W*$")
_COUNTED = re.compile(rf"^how\ many\ (?P<kind>{_KINDS})s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Framed:
    """What a question asks, and of which articles.

    Attributes:
        question: Without the frame.
        files: ``Source.file`` of the articles that are named; empty means all.
        several: Whether more than one is named by itself, as in "A and B".
    """

    question: str
    files: tuple[str, ...] = ()
    several: bool = False


def unframed(
    question: str,
    sources: Callable[[], Sequence[Source]],
    *,
    before: Sequence[str] = (),
) -> Framed:
    """Take "According to the Pier Press, …" and its like off a question.

    Args:
        question: As asked.
        sources: Loads those of all documents.
        before: Earlier questions, oldest first; "she" may be an author named there.

    Returns:
        The question as it is, of all articles, where it has no such frame or the
        frame names none of the sources: "What does the mayor say about …?" Of the
        article named, where it is asked about itself: "Who wrote …?"
    """
    plain = without_opening(question)
    for frame in FRAMES:
        if (found := frame.pattern.search(plain)) is None:
            continue
        who = found["who"].strip()
        files, several = _meant(who, before, sources, frame)
        if not files and _ALL.fullmatch(who) is None:
            continue
        parts = found.groupdict()
        asked = parts.get("question") or f"{_ABOUT}{parts['topic']}"
        asked = asked[:1].upper() + asked[1:].rstrip("? ") + "?"
        return Framed(asked, files, several)
    for frame in RECORDS:
        if found := frame.pattern.search(plain):
            return Framed(question, _meant(found["who"], before, sources, frame)[0])
    return Framed(question)


def topic_quoted(search: str) -> str:
    """The topic of "What does Ann Oake say about “Winter ice”?", which is as well the
    heading of a section; empty where none stands in quotation marks.

    Args:
        search: The question without its frame.
    """
    found = _QUOTED.search(search)
    return found[1] if found else ""


def section_in(words: str) -> tuple[str, str] | None:
    """The section that some words mean, "chapter 2", and of which article, as far as
    they say it; None where they mean none.
    """
    found = _SECTION.fullmatch(words.strip())
    return (found["section"].lower(), (found["who"] or "").strip()) if found else None


def section_asked(question: str) -> str:
    """The section that a question wants summed up: "chapter 2", or the "end" of the
    article; empty where it is the whole.
    """
    for frame in SUMMARIES:
        if found := frame.pattern.search(without_opening(question)):
            section = section_in(found["who"])
            end = _END.search(question)
            return section[0] if section else end[0].lower() if end else ""
    return ""


def sections_counted(question: str) -> str:
    """What kind of sections a question wants counted: "chapter"; empty for none."""
    found = _COUNTED.search(question)
    return found["kind"].lower() if found else ""


def asks_of_articles(question: str) -> bool:
    """Whether a question is put as one of what articles say, where "it" may be one."""
    plain = without_opening(question)
    frames = (*FRAMES, *SUMMARIES, *RECORDS)
    return any(frame.pattern.search(plain) for frame in frames)


def summarised(
    question: str,
    sources: Callable[[], Sequence[Source]],
    *,
    before: Sequence[str] = (),
) -> tuple[Source, ...]:
    """The articles that a question wants summed up; empty where it wants no summary.

    "Summarise the Pier Press article", "What does Ann Oake argue?", "What are the
    articles about?"; "the article" is meant where there is only one.

    Args:
        question: As asked.
        sources: Loads those of the documents that may be meant.
        before: Earlier questions, oldest first; "it" may be an article named there.
    """
    plain = without_opening(question)
    for frame in SUMMARIES:
        if (found := frame.pattern.search(plain)) is None:
            continue
        who, known = found["who"].strip(), sources()
        if section := section_in(who):
            who = section[1] or "the book"
        this = not who or _THIS.fullmatch(who) or (not before and _IT.fullmatch(who))
        if this and len(known) == 1:
            return tuple(known)
        files, _ = _meant(who, before, sources, frame)
        if not files and _ALL.fullmatch(who) and _EVERY.search(who):
            return tuple(known)
        if files:
            return tuple(source for source in known if source.file in files)
    return ()


def _meant(
    who: str,
    before: Sequence[str],
    sources: Callable[[], Sequence[Source]],
    frame: Frame,
) -> tuple[tuple[str, ...], bool]:
    """The articles that some words mean, as ``articles_named`` gives them."""
    return _meant_back(who, before, sources, freely=frame.freely) or articles_named(
        who, sources(), titled=frame.titled
    )


def _meant_back(
    who: str,
    before: Sequence[str],
    sources: Callable[[], Sequence[Source]],
    *,
    freely: bool,
) -> tuple[tuple[str, ...], bool] | None:
    """The articles named before that some words mean, as ``articles_named`` gives them.

    Args:
        who: The words.
        before: Earlier questions.
        sources: Loads those of all documents.
        freely: Whether "it", "she" and the like mean an article here.
    """
    if _ONE_BACK.fullmatch(who) or (freely and _BACK.fullmatch(who)):
        files, several = named_before(before, sources)
        return (files, several) if files else None
    if _MANY_BACK.fullmatch(who):
        files, several = named_before(before, sources)
        return (files, True) if several else None
    return None


def named_before(
    before: Sequence[str], sources: Callable[[], Sequence[Source]]
) -> tuple[tuple[str, ...], bool]:
    """The articles named last, where every question since then points at them; as
    ``articles_named`` gives them.
    """
    for question in reversed(before):
        framed = unframed(question, sources)
        if framed.files:
            return framed.files, framed.several
        if summed := summarised(question, sources):
            return tuple(source.file for source in summed), len(summed) > 1
        found = _IN_PASSING.search(question)
        if found and (files := named_at_once(found["who"], sources(), titled=True)):
            return files, False
        if not points_back(question) and question == without_opening(question):
            break
    return (), False
