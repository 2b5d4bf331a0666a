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

from qa.lexicon import HEDGES, has_negation, is_content, stem
from qa.verification.edits import Edit, Words, changed_form, edits, words_of
from qa.verification.quantities import NUMBER_WORDS, ORDINALS

_QUANTIFIERS = frozenset(
    """some few several many more most less fewer part parts half majority minority
    further possible former minor only least attempted planned proposed intended
    failed false fake fictional imaginary mock perceived so-called would-be
    self-styled""".split()
)
"""What limits the noun behind it."""
_LIMITS = HEDGES | frozenset(
    """partially mainly largely chiefly primarily generally usually often sometimes
    rarely occasionally nearly roughly approximately supposedly ostensibly too
    necessarily nominally technically formally officially temporarily
    unless provided providing assuming whether once until till otherwise
    except excepting excluding save barring apart aside theory principle case event
    hypothetically said says told tells""".split()
)
"""What limits the sentence that it stands in."""
_VIEWS = frozenset(
    map(
        stem,
        """perspective viewpoint opinion view eye according argue claim believe contend
        assert suggest expect predict warn insist hope fear pessimist optimist critic
        sceptic skeptic propaganda rumour rumor narrative myth lie lied deny denied
        accuse forbid forbade pretend doubt dispute reject refute allege imagine dream
        think thought wish want plan promise threaten propose demand call urge
        """.split(),
    )
)
"""Whose view it is, or that it is a view."""
_CONNECTIVES = frozenset(
    """however moreover furthermore also thus therefore hence indeed additionally
    consequently accordingly similarly likewise meanwhile nonetheless nevertheless
    notably importantly""".split()
)
_OPENERS = frozenset(
    """and but yet so still first firstly second secondly third thirdly finally lastly
    overall""".split()
)
"""Connectives too where a sentence begins with them."""
_INTENSIFIERS = frozenset(
    "much very highly particularly especially significantly greatly".split()
)
_PHRASES = re.compile(
    r"""\b(?:at\ the\ same\ time | for\ (?:example | instance) | of\ course
      | in\ (?:fact | addition | sum | short | turn | particular | other\ words
        | conclusion) | as\ a\ result | as\ well | on\ the\ (?:one | other)\ hand
      | the\ latter | after\ all | that\ said | by\ contrast | if\ anything)\b""",
    re.VERBOSE,
)
_HARMLESS = frozenset("the a an both that".split())
_PUT_IN = frozenset("the a an also".split())
_PRONOUNS = frozenset(
    """he she it they him her them this that these those such we us you i its their
    his""".split()
)
_DETERMINERS = frozenset(
    """the a an this that these those its their his her our my your""".split()
)
_PREPOSITIONS = frozenset(
    """of in on at to from by with for against into over under between among through
    about toward towards than after before during via within without until across
    as like since around near amid""".split()
)
_UNFINISHED = (
    _DETERMINERS
    | _PREPOSITIONS
    | frozenset(
        """and or but nor not no is are was were be been being has have had do does did
        will would can could may might shall should must very more most so if that
        which who whose both either neither between""".split()
    )
)
"""What no sentence ends with."""
_PLACES_AND_TIMES = frozenset(
    "in at during by with through amid via after alongside within across near".split()
)
"""What a phrase begins with that a question may leave open."""
_RELATIVES = frozenset("which who whose whom where".split())
_DIRECTIONS = frozenset("to from into onto towards".split())
_SUBORDINATE = frozenset("because while whereas although though thereby".split())
_LATE = frozenset("when whenever if unless once despite given".split())
_EXAMPLES = frozenset(
    "such including like especially particularly notably even".split()
)
"""What begins an example, or what is meant above all."""
_COORDINATE = frozenset("and but while yet whereas".split())
_CONCESSIVE = frozenset("although though while whereas".split())
_CAUSES = frozenset("by through after following amid due despite because".split())
_MODAL = frozenset("can could may might will would shall should must".split())
_GENERAL = frozenset(
    """all every each any both only most least more less fewer few first last sole
    always ever""".split()
)
"""What makes more out of fewer words: "all old ships sank", "the largest in Asia"."""
_SUPERLATIVE = re.compile(r"\b(?:the|its|their|\w+'s)\s+\w+est\b")
_PAIRED = frozenset("both between either neither".split())
_PAIR = 8
"""Words within which "between" waits for its "and"."""
_ADDING = (
    _RELATIVES | _COORDINATE | _CONCESSIVE | _EXAMPLES
    | frozenset("thus thereby rather due despite not".split())
)  # fmt: skip
"""What begins, behind a comma, a part that only adds to its sentence."""
_ADJECTIVE = re.compile(
    r"(?!un|non|anti|quasi|semi|pseudo|in(?!t)|im|il|ir|dis|mis)"
    r"\w{2,}(?:al|ive|ous|ful|ic|ary|able|ible|ent|ant|ern|ing)"
)
_PLAIN_ADJECTIVES = frozenset(
    """new old big large great small strong good bad long short high low deep wide broad
    close rich poor heavy main key young proud modern busy growing""".split()
)
_TAKING_BACK = frozenset(
    """potential nominal virtual partial conditional hypothetical theoretical fictional
    provisional artificial occasional optional trial rival abortive tentative putative
    prospective alternative apparent symbolic imaginary temporary preliminary
    preparatory pending missing failing lacking dissenting opposing competing
    proposal parliament government president""".split()
)
"""What looks like an adjective and is none, or takes back what it stands before."""
_MODIFIERS = 2
_EXCERPT = 6


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
    if (word := changed_form(said, known, tense=not claim)) is not None:
        return f"“{word}” stands in another form in the source"
    negates = any(map(has_negation, said.words))
    reading = _Reading(known, negates or _is_general(said), negates or denied, claim)
    changes = list(edits(said, known))
    faults = (
        *(_put_in(edit, known) for edit in changes),
        *(_left_out(edit, reading) for edit in changes),
    )
    return next(filter(None, faults), None)


def _is_general(said: Words) -> bool:
    words = [word.lower() for word in said.words]
    superlative = _SUPERLATIVE.search(" ".join(words))
    return superlative is not None or not _GENERAL.isdisjoint(words)


def _put_in(edit: Edit, source: Words) -> str | None:
    named = edit.before[:1].isupper() and edit.before in source.words
    if named and edit.put_in[-1:] and edit.put_in[-1].lower() in {"the", "a", "an"}:
        return f"“{edit.put_in[-1]} {edit.before}” is not what the source says"
    marks = source.marks[edit.start] + source.marks[edit.end]
    for word in edit.put_in:
        if word.lower() in _PUT_IN or (word == "and" and re.search("[,;]", marks)):
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
    limit = next((w for w in rest if w in _LIMITS or stem(w) in _VIEWS), None)
    if limit is not None and not (source.marks[edit.start] and rest[0] in _RELATIVES):
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
    harmless = _CONNECTIVES | _HARMLESS
    if edit.start == 0:
        harmless |= _OPENERS
    if not reading.negated:
        harmless |= _INTENSIFIERS
    text = _PHRASES.sub(" ", " ".join(lost))
    return [word for word in text.split() if word not in harmless]


def _is_clause_before(edit: Edit, source: Words, lost: Sequence[str]) -> bool:
    """Whether what was left out in front is a clause of its own."""
    if edit.end == len(source.words):
        return False
    if source.words[edit.end].lower() in _PRONOUNS:
        return False
    behind = source.marks[edit.end]
    if ";" in behind:
        return True
    if "," in behind and lost[0] in _CONCESSIVE:
        return True
    if "," in behind and lost[0] in _CAUSES:
        return not any(w.lower() in _MODAL for w in source.words[edit.end :])
    before_last = source.marks[edit.end - 1]
    joined = lost[-1] in _COORDINATE and re.search("[,;–—]", before_last) is not None
    return joined and not _begins_late(source)


def _begins_late(source: Words) -> bool:
    """Whether something stands before the main clause: "When it froze, …"."""
    return source.words[0].lower() in _SUBORDINATE | _PREPOSITIONS | _LATE


def _is_tail(edit: Edit, reading: _Reading, lost: Sequence[str]) -> bool:
    """Whether what was left out behind is a clause or a phrase of its own."""
    source = reading.source
    kept = [word.lower() for word in source.words[: edit.start]]
    if kept[-1] in _UNFINISHED or lost[0] in {"or", "nor"}:
        return False
    opens = source.words[0].lower() in _SUBORDINATE | _LATE
    if opens and "," not in "".join(source.marks[: edit.start]):
        return False
    near = range(max(1, edit.start - _PAIR), edit.start)
    in_list = any("," in source.marks[place] for place in near)
    if lost[0] == "and" and (in_list or not _PAIRED.isdisjoint(kept[-_PAIR:])):
        return False
    mark = source.marks[edit.start]
    if re.search("[;:]", mark) or lost[0] in _SUBORDINATE:
        return True
    if re.search("[–—(]", mark):
        opened = "".join(source.marks[: edit.start])
        return re.search("[–—(]", opened) is None and lost[0] not in _UNFINISHED
    if "," in mark:
        return lost[0] in _ADDING or lost[0].endswith("ing")
    if reading.claim and lost[0] == "of":
        return not reading.general
    if reading.general or reading.negated or not reading.claim:
        return False
    if lost[0] in _DIRECTIONS and len(lost) > 1:  # not "to sell"
        after = source.words[edit.start + 1]
        return lost[1] in _DETERMINERS or after[0].isupper()
    return lost[0] in _PLACES_AND_TIMES


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
    if lost[0] in _RELATIVES | _CONCESSIVE | {"due", "despite", "along", "together"}:
        return True
    if lost[0].endswith("ing") and lost[0] not in _EXAMPLES:
        return not _begins_late(source)
    # ", such as ships, have …" ends there; ", such as ships, trains …" does not.
    return lost[0] in _EXAMPLES and source.words[edit.end].lower() in _UNFINISHED


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
    if before not in _DETERMINERS | _PREPOSITIONS and not owned:
        return False
    gerund = before in _PREPOSITIONS and any(word.endswith("ing") for word in lost)
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
    if word in _PLAIN_ADJECTIVES or "-" in word:
        return word not in _QUANTIFIERS
    if word in _TAKING_BACK or _ADJECTIVE.fullmatch(word) is None:
        return False
    counts = word in NUMBER_WORDS or word in ORDINALS
    limits = word in _QUANTIFIERS or not is_content(word)
    return not limits and not counts and not word.endswith(("'s", "'", "%"))
