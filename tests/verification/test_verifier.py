"""Drafts to checked sentences: what a source does not say does not pass."""

from dataclasses import replace

import pytest
from fakes import WordJudge
from hypothesis import given
from hypothesis import strategies as st

from qa.neural.judge import Opinion
from qa.schema import Evidence, Rejected, Source, Strictness
from qa.verification import (
    Support,
    Verifier,
    drafted_sentences,
    is_cut,
    is_quote,
    is_verbatim,
    judge_claims,
    says_same,
    settled_sentences,
    without_attribution,
)

PIER = "In 1987 the ferry company moved its winter timetable to the southern pier."
WAR = "The long war will probably deepen the new relationship."


def evidence(*texts, authors=(), apart=True):
    """Pieces of one article; what is not apart follows what stands before it."""
    source = Source(id="s", file="a.txt", title="Piers", authors=authors)
    items, start = [], 0
    for number, text in enumerate(texts, 1):
        end = start + len(text)
        items.append(Evidence(number, source, "", start, end, text, 1.0))
        start = end + (100 if apart else 1)
    return items


def verify(sentence, items, strictness=Strictness.BALANCED, judge=None):
    return Verifier(judge or WordJudge(0.8), strictness).verify(sentence, items)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        (PIER, 2),
        (PIER.replace("winter", "old"), 2),
        ("The timetable of the ferry company moved to the southern pier.", 2),
        ("A copper lamp shines in the tower.", 1),
    ],
)
def test_a_sentence_is_shown_with_what_supports_it_best(sentence, number):
    items = evidence("In the tower stands a lamp of copper.", PIER)
    outcome = verify(sentence, items)
    assert isinstance(outcome, Support)
    assert [item.number for item in outcome.evidence] == [number]
    assert (outcome.score == 1) == (sentence == PIER)


def test_two_pieces_support_what_neither_does_alone_and_both_are_cited():
    items = evidence(
        "The ferry left the old pier.", "A lamp burns.", "The company sold its ships."
    )
    said = "The ferry left the old pier, the company sold its ships."
    outcome = verify(said, items)
    assert isinstance(outcome, Support)
    assert [item.number for item in outcome.evidence] == [1, 3]


def test_what_it_leans_on_is_read_with_a_sentence_and_cited():
    judge = WordJudge(0.8)
    items = evidence(
        "The harbour of Lindesund froze.", "It thawed in May.", apart=False
    )
    outcome = verify("The harbour of Lindesund thawed in May.", items, judge=judge)
    assert isinstance(outcome, Support)
    assert [item.number for item in outcome.evidence] == [1, 2]
    assert any(text == f"{items[0].text} {items[1].text}" for _, text in judge.seen)


def test_what_a_sentence_leans_on_is_read_however_much_other_evidence_there_is():
    items = evidence("A harbour froze in Lindesund.", "It thawed in May.", apart=False)
    thaws = evidence(*(f"The {n} lamp thawed in the May of it." for n in "abcd"))
    others = [replace(item, number=3 + i) for i, item in enumerate(thaws)]
    others = [replace(item, source=replace(item.source, id="t")) for item in others]
    said = "A harbour froze in Lindesund, it thawed in May."
    judge = WordJudge(0.95)
    verify(said, [*items, *others], judge=judge)
    assert judge.seen[6][1] == f"{items[0].text} {items[1].text}"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("In 1978 the ferry company moved to the pier.", "the year 1978 is not in the"),
        ("The ferry company moved 3 timetables to the pier.", "the number 3 is not"),
        ("The ferry company moved its pier for $12.", "of €, not of $"),
        ("The ferry company moved to a “cold southern” pier.", "“cold southern”"),
        ("Did the ferry company move its timetable to the pier?", "a question"),
        ("The ferry company moved its timetable to", "not a complete sentence"),
        ("It moved.", "too little"),
        ("...", "not a complete"),
        ("Old ferry " * 60 + "moved.", "too long"),
    ],
)
def test_exact_tests_speak_before_the_judge_is_asked(sentence, reason):
    judge = WordJudge(needed=0.0)
    outcome = verify(sentence, evidence(PIER, "It paid €12 there."), judge=judge)
    assert isinstance(outcome, Rejected)
    assert outcome.text == sentence
    assert reason in outcome.reason
    assert not judge.seen


def test_a_strange_name_is_the_reason_where_the_judge_refuses_and_no_reason_to():
    said = "The ferry company moved to the Karlsen pier."
    refused = verify(said, evidence(PIER), judge=WordJudge(0.95))
    assert refused == Rejected(said, "the source does not name Karlsen")
    assert isinstance(verify(said, evidence(PIER), judge=WordJudge(0.5)), Support)
    renamed = verify("The Soviet Union moved the pier.", evidence(PIER)).reason
    assert "USSR" not in renamed, "a reason speaks the sentence's words"
    titled = [replace(item, heading="The Karlsen pier") for item in evidence(PIER)]
    assert "name" not in verify(said, titled, judge=WordJudge(0.95)).reason


def test_a_number_has_to_stand_in_what_is_cited():
    items = evidence("The company has 40 ships.", PIER)
    said = "In 1987 the ferry company moved its 40 winter timetable."
    outcome = verify(said, items, judge=WordJudge(needed=0.5))
    assert isinstance(outcome, Support)
    assert len(outcome.evidence) == 2


def test_a_refusal_names_what_is_objected_to_and_what_comes_closest():
    said = "The railway company moved its goods to the northern bank."
    outcome = verify(said, evidence("A lamp of the bank.", PIER))
    assert outcome == Rejected(
        said, f"“railway” is not what the source says; closest is “{PIER}”"
    )
    said = "Copper lamps burn brightly."
    assert verify(said, evidence(PIER)) == Rejected(
        said, "the source is about something else"
    )


@pytest.mark.parametrize(
    ("strictness", "shown"),
    [
        (Strictness.STRICT, False),
        (Strictness.BALANCED, False),
        (Strictness.LENIENT, True),
    ],
)
def test_strictness_is_how_probable_support_has_to_be(strictness, shown):
    said = "The old ferry firm moved its poor timetable to the southern pier."
    outcome = verify(said, evidence(PIER), strictness)
    assert isinstance(outcome, Support) == shown


@pytest.mark.parametrize("strictness", Strictness)
def test_without_a_judge_only_whole_sentences_of_a_source_pass(strictness):
    verifier = Verifier(None, strictness)
    items = evidence(WAR, f"It froze. {PIER}")
    for said in (PIER, PIER.upper(), f"Yes, {PIER}"):
        assert isinstance(verifier.verify(said, items), Support)
    part = "The ferry company moved its winter timetable to the southern pier."
    outcome = verifier.verify(part, items)
    assert outcome == Rejected(part, "it is not word for word what the source says")
    assert verifier.answers("the ferry company moved.", items[1]) is None


def test_an_author_may_be_named_and_what_an_article_says_is_judged_without():
    judge = WordJudge(needed=1.0)
    said = "According to Yun Sun, china follows an approach."
    items = evidence(
        "China follows a pragmatic or an other approach.", authors=("Yun Sun",)
    )
    assert isinstance(verify(said, items, judge=judge), Support)
    assert isinstance(verify(said, evidence(items[0].text), judge=judge), Rejected)


def test_without_evidence_nothing_is_supported():
    assert verify(PIER, []) == Rejected(PIER, "there is no evidence")


_NUMBERS = st.integers(2, 3000).map(str)


@given(number=_NUMBERS, other=_NUMBERS)
def test_a_sentence_passes_with_the_numbers_of_its_source_only(number, other):
    said = "The winter ferry carried {} fishermen of Lindesund to town."
    items = evidence(said.format(number))
    outcome = verify(said.format(other), items, judge=WordJudge(needed=0.0))
    assert isinstance(outcome, Support) == (number == other)


@pytest.mark.parametrize(
    ("claim", "source", "answer"),
    [
        ("the company moved its timetable.", "The company moved its timetable.", True),
        ("the company moved a lamp.", "The company moved its timetable.", None),
        ("the company did sell 3 ships.", "The company did sell 2 ships.", None),
        ("the pier is old.", "The pier is not old.", False),
        ("the company sell it.", "The company will sell it.", None),
        ("the company sell it.", "The company may sell it.", None),
        ("the pier is old.", "Nobody says the pier is not old.", None),
        ("China armed Russia.", "China armed Russia.", None),
    ],
)
def test_yes_and_no_are_given_only_where_the_source_says_so(claim, source, answer):
    (item,) = evidence(source)
    assert Verifier(WordJudge(1.0)).answers(claim, item) is answer


def test_yes_needs_a_judge_that_tells_who_did_it():
    class Telling(WordJudge):
        def weigh(self, pairs):
            return [Opinion(0.9 if said in text else 0.8) for said, text in pairs]

    (item,) = evidence("In 2022 China armed Russia. It did not tell.")
    verifier = Verifier(Telling(0.7))
    assert verifier.answers("China armed Russia.", item) is True
    assert verifier.answers("Russia armed China.", item) is None


def test_what_may_be_said_of_each_other_just_as_well_is_not_said():
    class Blind(WordJudge):
        def weigh(self, pairs):
            doers = [said.split()[0] for said, _ in pairs]
            return [Opinion(0.8 if doer == "Russia" else 0.75) for doer in doers]

    items = evidence("Beijing sold high-grade arms less often to Moscow.")
    verifier = Verifier(Blind(0.7))
    said = "China armed Russia well."
    reason = "the source may say it the other way round"
    assert verifier.verify(said, items) == Rejected(said, reason)
    assert isinstance(verifier.verify("Russia armed China well.", items), Support)


def test_claims_are_judged_over_all_of_their_evidence():
    claims = [
        ("The ferry moved.", ["The ferry left.", "It moved."]),
        ("The ferry froze at sea.", ["The ferry left."]),
        ("The ferry moved in 1978.", ["The ferry moved in 1987."]),
        ("The ferry moved.", []),
    ]
    found = judge_claims(WordJudge(0.8), claims, Strictness.BALANCED)
    assert [j.verdict == "supported" for j in found] == [True, False, False, False]
    assert [round(j.score, 2) for j in found] == [1.0, 0.4, 0.4, 0.0]
    assert "1978" in found[2].reason
    assert all(judgement.alone == 0 for judgement in found)
    quoted = [("It moved.", ["The ferry left.", "It moved."]), claims[0]]
    found = judge_claims(None, quoted, Strictness.BALANCED)
    assert [j.verdict for j in found] == ["supported", "not_supported"]


def test_a_quote_is_a_whole_sentence_and_not_a_part_of_one():
    assert is_quote(PIER.lower(), f"It froze. {PIER}")
    assert not is_quote("The pier moved.", "Some say the pier moved.")


@pytest.mark.parametrize(
    ("who", "named"),
    [
        ("Oake", True),
        ("Ann Oake and Bo Lind", True),
        ("the Pier Daily", True),
        ("the author", True),
        ("Ann", False),
        ("Pier", False),
        ("Oake and the mayor", False),
    ],
)
def test_who_wrote_an_article_is_named_in_full_or_by_surname(who, named):
    source = Source("s", "a.txt", "P", ("Ann Oake", "Bo Lind"), "Pier Daily", "", "")
    said = f"{who} argues that the winter is long."
    assert (without_attribution(said, source) == "The winter is long.") is named


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        ("", []),
        (" \n\n ", []),
        ("One is here [1]. Two is there [2, 3].", ["One is here.", "Two is there."]),
        ("It froze.[1] It thawed. [2]", ["It froze.", "It thawed."]),
        ("It froze [1]. It thawed [1-3].", ["It froze.", "It thawed."]),
        ("- One holds [1].\n2) Two holds.\n* Three.", ["One holds.", "Two holds.",
         "Three."]),
        ("Dr. Smith of the U.S. paid 3.14 dollars. He left.",
         ["Dr. Smith of the U.S. paid 3.14 dollars.", "He left."]),
        ("It froze [1", ["It froze [1"]),
        ("The pier [old] moved.", ["The pier [old] moved."]),
    ],
)  # fmt: skip
def test_a_draft_is_its_sentences_without_markers_and_list_marks(draft, sentences):
    assert drafted_sentences(draft) == sentences


def test_a_year_in_brackets_is_no_marker():
    draft = "The treaty (1987) was signed in Oslo."
    assert drafted_sentences(draft) == [draft]


@pytest.mark.parametrize(
    ("draft", "settled"),
    [
        ("", []),
        ("It froze", []),
        ("It froze.", []),
        ("It froze. [1] Fish", []),
        ("It froze [1]. Fish died in", ["It froze."]),
        ("It froze. Fish died. Then it thawed", ["It froze.", "Fish died."]),
        ("He met Dr. Smith of the U.S. Navy", []),
    ],
)
def test_a_sentence_is_settled_once_the_next_has_a_few_words(draft, settled):
    assert settled_sentences(draft) == settled


def streamed(draft, size=1):
    """The sentences of a draft that comes in pieces of ``size`` characters."""
    found = []
    for end in range(size, len(draft) + size, size):
        settled = settled_sentences(draft[:end])
        assert settled[: len(found)] == found
        found = settled
    return found + drafted_sentences(draft)[len(found) :]


_DRAFTED = st.sampled_from(
    [
        "The pier froze [1].",
        "Dr. Smith of the U.S. paid 3.14 dollars [2].",
        "The pier moved. [1]",
        "He left “the pier.”",
        "The pier (an old one) moved [1, 2].",
        "The “old” pier moved.[1]",
        "It cost $5 million!",
        "It has e.g. a lamp.",
        "Was it No. 1 of all piers?",
    ]
)
_JOINT = st.sampled_from([" ", "\n", "\n\n", "\n- ", "\n2. "])


@given(parts=st.lists(st.tuples(_DRAFTED, _JOINT), max_size=6), size=st.integers(1, 9))
def test_a_draft_in_pieces_has_the_same_sentences_as_at_once(parts, size):
    draft = "".join(sentence + joint for sentence, joint in parts)
    assert streamed(draft, size) == drafted_sentences(draft)
    assert len(streamed(draft, size)) == len(parts)


def test_a_sentence_in_quotes_does_not_lose_its_first_mark_to_the_one_before():
    draft = "The pier froze [1]. “The pier moved,” he said [3]."
    assert streamed(draft) == ["The pier froze.", "“The pier moved,” he said."]


def test_an_abbreviation_before_a_marker_and_a_stop_ends_one_sentence():
    draft = "He lives in the U.S. [1]. The pier froze [2]."
    assert streamed(draft) == ["He lives in the U.S.", "The pier froze."]


@pytest.mark.parametrize(
    ("sentence", "verbatim"),
    [
        (PIER, True),
        (PIER.upper(), True),
        ("The ferry company moved its winter timetable!", True),
        ("In 1987, the ferry company moved.", True),
        ("The company moved its winter timetable.", False),
        ("The ferry company left.", False),
    ],
)
def test_a_sentence_is_verbatim_up_to_case_and_punctuation(sentence, verbatim):
    assert is_verbatim(sentence, PIER) is verbatim


def test_sentences_of_the_same_content_say_the_same():
    assert says_same(PIER, "The ferry company moved its winter timetable.")
    assert says_same("Ferries moved.", "The ferry was moving.")
    assert not says_same(PIER, WAR)
    assert not says_same("It was so.", "It was so.")  # nothing of its own


@pytest.mark.parametrize(
    ("sentence", "cut"),
    [
        ("The war will deepen the new relationship.", True),
        ("“The long war will deepen” the relationship", True),
        ("The war was deepened by the relationship.", False),
        ("A long war can make friends.", False),
    ],
)
def test_a_sentence_of_its_sources_words_is_cut(sentence, cut):
    assert is_cut(sentence, WAR) == cut


def test_a_cut_sentence_needs_a_support_of_its_own():
    sentence = "The war will deepen the new relationship."
    fair, worse = (WordJudge(0.8, of_cuts=needed) for needed in (0.9, 1.1))
    assert isinstance(verify(sentence, evidence(WAR), judge=fair), Support)
    assert isinstance(verify(sentence, evidence(WAR), judge=worse), Rejected)
    for judge, verdict in ((fair, "supported"), (worse, "not_supported")):
        (judged,) = judge_claims(judge, [(sentence, [WAR])], Strictness.BALANCED)
        assert judged.verdict == verdict
