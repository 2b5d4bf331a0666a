"""What may be left out of a source's sentence, and what may be put in.

Leaving words out can say more than the source does, or something else: "Some
officials expect X" is not "X", "changes in the elite may matter" is not "the elite
may matter". There is no parser here, so only what is known to be harmless passes:
connectives, asides between commas, a clause of its own at either end, one or two
adjectives. Whatever else differs is a fault. Fair sentences are refused as well at
times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.language.numbers import is_ordinal, number_of
from qa.language.text import has_negation, is_content, stem
from qa.verification.edits import Edit, Words, aligned, changed_form, edits, words_of
from qa.verification.vocabulary import (
    ADDING,
    ADJECTIVE,
    CAUSES,
    CONCESSIVE,
    CONNECTIVES,
    COORDINATE,
    DETERMINERS,
    DIRECTIONS,
    EXAMPLES,
    GENERAL,
    HARMLESS,
    INTENSIFIERS,
    LATE,
    LIMITS,
    MODAL,
    OPENERS,
    OPENERS_BEFORE_COMMA,
    PAIRED,
    PHRASES,
    PHRASES_BETWEEN_MARKS,
    PLACES_AND_TIMES,
    PLAIN_ADJECTIVES,
    PREPOSITIONS,
    PRONOUNS,
    PUT_IN,
    QUANTIFIERS,
    RELATIVES,
    SCANT,
    SUBORDINATE,
    SUPERLATIVE,
    TAKING_BACK,
    TURNING,
    UNFINISHED,
    VERDICTS,
    VIEWS,
)

_EXCERPT = 6
_LONGEST = 400
"""Words of a sentence or source; beyond, comparing them takes seconds."""
_MODIFIERS = 2
_PAIR = 8
"""Words within which "between" waits for its "and"."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A source while a sentence is held against it.

    Attributes:
        general: Whether the sentence says more with fewer words.
        negated: Whether it negates, or is read under a negation that is not in it.
        claim: Whether it is what a question asks about.
    """

    source: Words
    general: bool
    negated: bool
    claim: bool


def shortening_fault(
    sentence: str, source: str, *, claim: bool = False, denied: bool = False
) -> str | None:
    """What was changed that may change what is said, for a person to read.

    Args:
        claim: Whether it is what a question asks about, which leaves open when it
            was and may speak of "the fishermen" where they are "local fishermen".
        denied: Whether the sentence is read under a negation that is not in it.
    """
    said, known = words_of(sentence), words_of(source)
    if max(len(said.words), len(known.words)) > _LONGEST and said != known:
        return "it is too long to be compared"
    blocks = aligned(said, known)
    if (word := changed_form(said, known, blocks, tense=not claim)) is not None:
        return f"“{word}” stands in another form in the source"
    negates = any(map(has_negation, said.words))
    reading = _Reading(known, negates or _is_general(said), negates or denied, claim)
    changes = list(edits(said, blocks))
    faults = (
        *(_put_in(edit, known) for edit in changes),
        *(_left_out(edit, reading) for edit in changes),
    )
    return next(filter(None, faults), None)


def _is_general(said: Words) -> bool:
    words = [word.lower() for word in said.words]
    superlative = SUPERLATIVE.search(" ".join(words))
    return superlative is not None or not GENERAL.isdisjoint(words)


def _put_in(edit: Edit, source: Words) -> str | None:
    named = edit.before[:1].isupper() and edit.before in source.words
    if named and edit.put_in[-1:] and edit.put_in[-1].lower() in {"the", "a", "an"}:
        return f"“{edit.put_in[-1]} {edit.before}” is not what the source says"
    marks = source.marks[edit.start] + source.marks[edit.end]
    for word in edit.put_in:
        if word.lower() in PUT_IN and edit.before.lower() not in SCANT:
            continue
        if word == "and" and re.search("[,;]", marks):
            continue
        if words_of(word).keys[0] in source.keys:
            return "it puts the source's words in another order"
        return f"“{word}” is not what the source says"
    return None


def _left_out(edit: Edit, reading: _Reading) -> str | None:
    """Why the words left out in one place are missed, if they are."""
    source = reading.source
    words = source.words[edit.start : edit.end]
    lost = [word if word == "May" else word.lower() for word in words]
    if not (rest := _telling(lost, edit, reading)):
        return None
    if (verdict := next((w for w in rest if w in VERDICTS), None)) is not None:
        return f"it leaves out “{verdict}”, which the source says of it"
    limit = next((w for w in rest if w in LIMITS or stem(w) in VIEWS), None)
    if limit is not None and not (source.marks[edit.start] and rest[0] in RELATIVES):
        return f"it leaves out “{limit}”, which limits what the source says"
    if edit.start == 0:
        fair = _is_clause_before(edit, source, lost) or (
            reading.claim and not reading.general and _is_modifier(edit, source, rest)
        )
    elif edit.end == len(source.words):
        fair = _is_tail(edit, reading, lost)
    else:
        described = not reading.general and _describes(edit, source, rest)
        fair = described or _is_aside(edit, source, lost)
    if fair:
        return None
    excerpt = " ".join(words[:_EXCERPT]) + (" …" if len(words) > _EXCERPT else "")
    return f"it leaves out “{excerpt}”, which may change what is said"


def _telling(lost: Sequence[str], edit: Edit, reading: _Reading) -> list[str]:
    """What was left out apart from connectives, articles and intensifiers."""
    source = reading.source
    marked = source.marks[edit.start] or source.marks[edit.end]
    after = "".join(source.words[edit.end : edit.end + 1]).lower()
    harmless = CONNECTIVES | (HARMLESS if after not in SCANT else frozenset())
    if edit.start == 0 and after not in {"for", "then"}:
        harmless |= OPENERS
    if edit.start == 0 and "," in source.marks[edit.end]:
        harmless |= OPENERS_BEFORE_COMMA
    if not reading.negated:
        harmless |= INTENSIFIERS
    text = PHRASES.sub(" ", " ".join(lost))
    if marked or edit.start == 0:
        text = PHRASES_BETWEEN_MARKS.sub(" ", text)
    return [word for word in text.split() if word not in harmless]


def _is_clause_before(edit: Edit, source: Words, lost: Sequence[str]) -> bool:
    """Whether what was left out in front is a clause of its own."""
    if edit.end == len(source.words):
        return False
    if source.words[edit.end].lower() in PRONOUNS:
        return False
    behind = source.marks[edit.end]
    if ";" in behind:
        return True
    if "," in behind and lost[0] in CONCESSIVE:
        return True
    if "," in behind and lost[0] in CAUSES:
        return not any(w.lower() in MODAL for w in source.words[edit.end :])
    before_last = source.marks[edit.end - 1]
    joined = lost[-1] in COORDINATE and re.search("[,;–—]", before_last) is not None
    return joined and not _begins_late(source)


def _begins_late(source: Words) -> bool:
    """Whether something stands before the main clause: "When it froze, …"."""
    return source.words[0].lower() in SUBORDINATE | PREPOSITIONS | LATE


def _is_tail(edit: Edit, reading: _Reading, lost: Sequence[str]) -> bool:
    """Whether what was left out behind is a clause or a phrase of its own."""
    source = reading.source
    mark = source.marks[edit.start]
    if _breaks_off(edit, source, lost) or _takes_back(lost, mark):
        return False
    if re.search("[;:]", mark):
        return True
    if lost[0] in SUBORDINATE:
        # "…, although it was old" adds; "… while it was old" says when.
        adds = bool(mark) or lost[0] not in CONCESSIVE
        return adds and not any(map(has_negation, lost))
    if re.search("[–—(]", mark):
        opened = "".join(source.marks[: edit.start])
        return re.search("[–—(]", opened) is None and lost[0] not in UNFINISHED
    if "," in mark:
        return lost[0] in ADDING or lost[0].endswith("ing")
    if reading.claim and lost[0] == "of":
        return not reading.general
    if reading.general or reading.negated or not reading.claim:
        return False
    if lost[0] in DIRECTIONS and len(lost) > 1:  # not "to sell"
        after = source.words[edit.start + 1]
        return lost[1] in DETERMINERS or after[0].isupper()
    return lost[0] in PLACES_AND_TIMES


def _breaks_off(edit: Edit, source: Words, lost: Sequence[str]) -> bool:
    """Whether what stays in front has no end without what was left out."""
    kept = [word.lower() for word in source.words[: edit.start]]
    if kept[-1] in UNFINISHED or lost[0] in {"or", "nor"}:
        return True
    opens = source.words[0].lower() in SUBORDINATE | LATE
    if opens and "," not in "".join(source.marks[: edit.start]):
        return True
    near = range(max(1, edit.start - _PAIR), edit.start)
    in_list = any("," in source.marks[place] for place in near)
    return lost[0] == "and" and (in_list or not PAIRED.isdisjoint(kept[-_PAIR:]))


def _takes_back(lost: Sequence[str], mark: str) -> bool:
    """Whether it takes back what stays: "…, but not in May", "…; so runs the tale"."""
    if lost[0] in {"but", "yet", "not"} and (
        len(lost) == 1 or lost[1] in PREPOSITIONS | {"not", "only"}
    ):
        return True
    told = re.search("[;:]", mark) is not None
    return told and lost[0] in {"this", "that", "so", "not"}


def _is_aside(edit: Edit, source: Words, lost: Sequence[str]) -> bool:
    """Whether what was left out is an aside between two marks.

    Between commas, its first word has to tell: ", the port sank," may be the main
    clause, and ", trains," one of several things.
    """
    if lost[0] in {"but", "or", "nor"}:
        return False
    opened, closed = source.marks[edit.start], source.marks[edit.end]
    pairs = (("[–—-]", "[–—-]"), (r"\(", r"\)"))
    if any(re.search(a, opened) and re.search(b, closed) for a, b in pairs):
        return True
    if opened != "," or closed not in {",", ";"}:
        return False
    if closed == "," and _goes_on(edit, source):
        return False
    if lost[0] in RELATIVES | CONCESSIVE | {"due", "despite", "along", "together"}:
        return True
    if lost[0].endswith("ing") and lost[0] not in EXAMPLES:
        return not _begins_late(source)
    # ", such as ships, have …" ends there; ", such as ships, trains …" does not.
    return lost[0] in EXAMPLES and source.words[edit.end].lower() in UNFINISHED


def _goes_on(edit: Edit, source: Words) -> bool:
    """Whether the comma behind an aside may part the members of a list."""
    words, marks = source.words, source.marks
    if words[edit.end].lower() in {"and", "or", "but", "nor"}:
        return True
    ends = (n for n in range(edit.end + 1, len(words)) if marks[n])
    end = next(ends, None)
    return end is not None and words[end].lower() in {"and", "or", "nor"}


def _describes(edit: Edit, source: Words, lost: Sequence[str]) -> bool:
    """Whether it is a word or two between "the" or "of" and what they describe."""
    before = source.words[edit.start - 1].lower()
    owned = before.endswith("'s")
    if before not in DETERMINERS | PREPOSITIONS and not owned:
        return False
    gerund = before in PREPOSITIONS and any(word.endswith("ing") for word in lost)
    return not gerund and _is_modifier(edit, source, lost)


def _is_modifier(edit: Edit, source: Words, lost: Sequence[str]) -> bool:
    """Whether it is a word or two that describe what follows."""
    if len(lost) > _MODIFIERS or any(source.marks[edit.start : edit.end + 1]):
        return False
    last = edit.end == len(source.words)
    return not last and is_content(source.words[edit.end]) and all(map(_is_plain, lost))


def _is_plain(word: str) -> bool:
    """Whether a word is an adjective that takes nothing back; a year describes too.

    A "rival firm" is no firm of ours and a "toy ship" no ship: nouns stay.
    """
    if word[0].isdigit():
        return re.fullmatch(r"[12]\d{3}", word) is not None
    if word in PLAIN_ADJECTIVES:
        return True
    if "-" in word:
        return word not in QUANTIFIERS and TURNING.match(word) is None
    if word in TAKING_BACK or ADJECTIVE.fullmatch(word) is None:
        return False
    counts = bool(number_of(word)) or is_ordinal(word) or word == "second"
    limits = word in QUANTIFIERS or not is_content(word)
    return not limits and not counts and not word.endswith(("'s", "'", "%"))
