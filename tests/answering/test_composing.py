"""Checked sentences to an answer that reads well: order, shape, sources, bounds."""

import threading
from dataclasses import replace

import pytest
from fakes import ScriptedGenerator, WordJudge, understood

from qa.answering import Drafter
from qa.answering.attribution import attributed, names_of, written_inside
from qa.answering.composing import Cited, Composing
from qa.answering.leaning import antecedent, dangles, trimmed
from qa.answering.prompting import (
    ANSWER_VARIABLES,
    PromptTemplate,
    find_prompts,
)
from qa.answering.writing import Task, Writer, plan
from qa.question.shape import Shape, asks_several, claim_of, one_of_several, shape_of
from qa.schema import Dropped, Evidence, Source, Span, Strictness, Verified
from qa.verification import Verifier, conflict

ANSWER = PromptTemplate(find_prompts() / "answer.md", ANSWER_VARIABLES)
PROSE = Shape("prose", 3, 120)
OAKE = Source("a", "a.md", "Winter ferries", ("Ann Oake",), "Pier Press", "", "")
LIND = Source("b", "b.md", "Summer ferries", ("Bo Lind",), "Pier Press", "", "")
LONG = (
    "The ferry company of Lindesund, which carries the mail as well, moved its whole "
    "winter timetable to the southern pier in 1987."
)
SHORT = (
    "The ferry company of Lindesund moved its whole winter timetable to the southern "
    "pier in 1987."
)
OPPOSED = "Local fishermen opposed the winter timetable of the ferry company."
STORE = "The southern pier has no cold store for the fish of the islands."


def evidence(*texts, source=OAKE, start=0):
    """Sentences of one article, one after the other."""
    items = []
    for number, text in enumerate(texts, 1):
        end = start + len(text)
        items.append(Evidence(number, source, "", start, end, text, 1.0))
        start = end + 1
    return items


def write(
    items,
    *,
    question="Why?",
    drafter=None,
    shape=PROSE,
    planned=None,
    lead=0,
    judge=None,
):
    planned = tuple(items if planned is None else planned)
    task = Task(
        replace(understood(question), shape=shape),
        tuple(items),
        planned,
        planned[lead] if planned else None,
        written_inside(item.text for item in items),
    )
    composing = Composing()
    verifier = Verifier(judge or WordJudge(), Strictness.BALANCED)
    writer = Writer(
        task,
        composing,
        verifier=verifier,
        drafter=drafter,
        cancel=threading.Event(),
    )
    events = list(writer.write())
    told = [e.sentence for e in events if isinstance(e, Verified)]
    assert told == composing.sentences
    dropped = [e.rejected for e in events if isinstance(e, Dropped)]
    assert dropped == composing.rejected
    return composing


def said(composing):
    return [sentence.text for sentence in composing.sentences]


def drafts(*scripts):
    return Drafter(ScriptedGenerator(*scripts), ANSWER)


def test_a_row_is_told_with_its_heads_and_quoted_as_it_stands():
    (item,) = evidence("Velt | 4 | 9")
    composing = write([replace(item, heading="Table 1 · Port | 2019 | 2020")])
    assert said(composing) == ["Port: Velt; 2019: 4; 2020: 9"]
    assert composing.citations[0].quote == "Velt | 4 | 9"
    assert composing.citations[0].verdict == "supported"


def test_a_shortened_sentence_takes_the_place_of_its_quote():
    composing = write(evidence(LONG), drafter=drafts(SHORT))
    assert said(composing) == [SHORT]
    assert composing.citations[0].quote == LONG
    assert composing.citations[0].verdict == "supported"


@pytest.mark.parametrize(("answer", "kept"), [("the mail", False), ("1987", True)])
def test_a_drafted_sentence_keeps_what_answers(answer, kept):
    (item,) = evidence(LONG)
    start = LONG.index(answer)
    item = replace(item, answer=Span(start, start + len(answer)))
    composing = write([item], drafter=replace(drafts(SHORT), small=True))
    assert (said(composing) == [SHORT]) == kept
    if not kept:
        (rejected,) = composing.rejected
        assert rejected.reason == "it leaves out what was asked"


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        (
            "Lindesund has its boats elsewhere when the harbour freezes.",
            "it is too far from the words of its source",
        ),
        ("The firm moved to the southern pier in 1987.", "it leaves out who says so"),
    ],
)
def test_a_small_model_has_to_keep_near_the_words_of_its_source(draft, fault):
    told = f"Ann Oake denies that {LONG.replace('company', 'firm')}"
    (item,) = evidence(told)
    for small, shown in ((False, draft), (True, told)):
        drafter = replace(drafts(draft), small=small)
        composing = write([item], drafter=drafter, judge=WordJudge(0.0))
        assert said(composing) == [shown]
        assert [r.reason for r in composing.rejected] == [fault] * small


def test_what_a_small_model_writes_needs_what_cut_sentences_need():
    draft = "It was so: the ferry company moved its winter timetable in 1987."
    for of_cuts, small, shown in (
        (0.5, True, draft),
        (1.1, True, LONG),
        (1.1, False, draft),
    ):
        judge = WordJudge(0.5, of_cuts=of_cuts)
        drafter = replace(drafts(draft), small=small)
        composing = write(evidence(LONG), drafter=drafter, judge=judge)
        assert said(composing) == [shown]


def test_a_draft_that_names_whom_he_means_needs_no_sentence_before_it():
    named = "Mayor Dahl was born in Maarheim and studied law."
    items = evidence(named, "He opened the new school of the town in 2003.")
    draft = "Mayor Dahl opened the new school of the town in 2003."
    alone = write(items, drafter=drafts(draft), lead=1, judge=WordJudge(0.5))
    assert said(alone) == [draft]
    assert said(write(items, lead=1)) == [item.text for item in items]
    others = [*items, *evidence("He retired in 2010.", STORE, start=items[-1].end + 1)]
    beside = write(others, drafter=drafts(STORE[:-1] + "!"), lead=1)
    assert said(beside)[:2] == [item.text for item in items]
    retired = write(others, drafter=drafts("Dahl retired in 2010."), lead=1)
    assert said(retired) == [*(item.text for item in items), "Dahl retired in 2010."]


def test_a_draft_does_not_say_again_what_leads():
    items = evidence("Ken Doyle was a painter.", "He was born in the year 1921.")
    first, second = (item.text for item in items)
    composing = write(items, drafter=drafts(first), lead=1)
    assert said(composing) == [first, second]
    assert composing.rejected[0].reason == "it repeats what was said"
    named = "Ken Doyle was born in the year 1921."
    for lead, shown in ((0, [first, named]), (1, [named])):
        composing = write(items, drafter=drafts(named), lead=lead, judge=WordJudge(0.5))
        assert said(composing) == shown


def test_what_a_draft_says_from_one_article_is_not_said_again_from_another():
    other = SHORT.replace("its whole", "the whole")
    both = [*evidence(SHORT), *evidence(other, source=LIND)]
    composing = write(both, drafter=drafts(other))
    assert len(said(composing)) == 1


def test_what_answers_most_directly_leads_though_only_the_rest_is_drafted():
    composing = write(evidence(LONG, STORE), drafter=drafts(STORE.replace("The", "A")))
    assert len(said(composing)) == 2
    assert said(composing)[0].startswith(LONG[:20])


def test_where_no_draft_survives_the_quote_is_said():
    drafter = drafts("Zebras rule Oslo. Ships rule Rome.")
    composing = write(evidence(LONG), drafter=drafter)
    assert said(composing) == [LONG]
    assert len(composing.rejected) == 2


def test_each_citation_has_its_own_verdict():
    longer = f"{OPPOSED[:-1]}, although they had few boats."
    both = [*evidence(OPPOSED), *evidence(longer, source=LIND)]
    composing = write(both, planned=both[:1])
    assert [c.verdict for c in composing.citations] == ["quoted", "supported"]


def test_a_quote_that_names_its_own_author_is_said_whole():
    quote = f"Ann Oake argues that {OPPOSED[0].lower()}{OPPOSED[1:]}"
    assert said(write(evidence(quote))) == [quote]


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("But the pier moved.", "The pier moved."),
        ("But for the pier, it moved.", "But for the pier, it moved."),
        ("Yet to be sold is the pier.", "Yet to be sold is the pier."),
        ("And to the north lay a pier.", "And to the north lay a pier."),
        ("First, the pier moved.", "The pier moved."),
        ("First, it moved. Second, it fell.", "First, it moved. Second, it fell."),
        ("First, it moved. Then it fell.", "It moved. Then it fell."),
        ("However, it moved. Second, it fell.", "It moved. Second, it fell."),
    ],
)
def test_a_connective_is_taken_away_only_where_it_is_one(quote, told):
    assert trimmed(quote) == told


def test_a_shorter_part_of_the_quote_is_better_than_all_of_it():
    quote = f"{OPPOSED[:-1]}, although they had few boats."
    composing = write(evidence(quote), drafter=drafts(OPPOSED))
    assert said(composing) == [OPPOSED]
    assert composing.citations[0].verdict == "supported"


def test_a_draft_of_everything_is_followed_by_what_it_left_out():
    drafter = drafts(f"{SHORT} {SHORT}")
    composing = write(evidence(LONG, STORE), drafter=drafter)
    assert said(composing) == [SHORT, STORE]
    assert composing.rejected[0].reason == "it repeats what was said"


def test_an_answer_from_several_articles_names_them():
    items = evidence(LONG, STORE) + evidence(OPPOSED, source=LIND)
    composing = write(items)
    assert said(composing) == [
        f"According to Ann Oake, t{LONG[1:]}",
        STORE,
        f"According to Bo Lind: {OPPOSED}",
    ]


def test_a_source_that_the_draft_named_is_not_named_twice():
    items = evidence(LONG) + evidence(OPPOSED, source=LIND)
    draft = f"Ann Oake argues that {SHORT[0].lower()}{SHORT[1:]}"
    composing = write(items, drafter=drafts(draft))
    assert said(composing)[0] == f"According to Ann Oake, {SHORT[0].lower()}{SHORT[1:]}"


def test_what_two_articles_say_is_said_once_and_cites_both():
    items = evidence(OPPOSED) + evidence(OPPOSED, source=LIND)
    composing = write(items)
    assert len(composing.sentences) == 1
    assert composing.sentences[0].citations == (1, 2)


def test_articles_that_contradict_each_other_are_shown_to():
    ours = "The ferry company moved its winter timetable to the pier in 1987."
    theirs = "The ferry company moved its winter timetable to the pier in 1991."
    items = evidence(ours) + evidence(STORE, theirs, source=LIND)
    planned = plan(items, items[:1], PROSE)
    assert [item.text for item in planned] == [ours, theirs]
    composing = write(items, planned=planned)
    assert said(composing) == [
        f"According to Ann Oake, t{ours[1:]}",
        f"By contrast, according to Bo Lind, t{theirs[1:]}",
    ]
    assert [s.citations for s in composing.sentences] == [(1,), (2,)]


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("The firm bought 24 new ships.", "The firm bought 36 new ships.", True),
        ("The gap between them grows.", "The gap between them does not grow.", True),
        ("The firm bought 24 new ships.", "The town sold 36 old lamps.", False),
        ("The firm bought 24 new ships.", "The firm bought new ships.", False),
        ("Oslo bought new ships.", "Bergen bought new ships.", False),
        ("In 1990 the firm had 24 ships.", "In 1991 the firm had 36 ships.", False),
        ("It has 24 new ships.", "It has 36 new ships.", False),
        ("Oslo has 24 new ships.", "Bergen has 36 new ships.", False),
        ("The firm moved in 1990.", "The firm moved in 1991.", True),
    ],
)
def test_a_contradiction_is_a_number_a_negation_or_an_opposite(one, other, contradict):
    assert conflict(one, other) is contradict
    assert conflict(other, one) is contradict


def test_the_direct_answer_leads_and_the_argument_keeps_its_order():
    items = evidence(LONG, STORE, OPPOSED)
    relevant = [items[1], items[2], items[0]]
    assert plan(items, relevant, PROSE) == (items[1], items[0], items[2])


def test_what_they_points_at_comes_first_or_neither_does():
    before, after = evidence("The fishermen are many.", "They opposed the timetable.")
    other = evidence(STORE, source=LIND)[0]
    assert antecedent(after, [other, before]) == before
    assert plan([before, after, other], [after, other], PROSE) == (before, after, other)
    assert plan([after, other], [other, after], PROSE) == (other,)
    assert plan([after], [after], PROSE) == (after,)


@pytest.mark.parametrize(
    ("quote", "alone", "points"),
    [
        ("However, the pier\nfroze.", "The pier froze.", False),
        ("In sum, they froze.", "They froze.", True),
        ("But such a pier freezes.", "Such a pier freezes.", True),
        ("However long it is, it froze.", "However long it is, it froze.", False),
        ("Theirs is a cold pier.", "Theirs is a cold pier.", False),
        ("The most important is ice.", "The most important is ice.", True),
        ("The former is cold.", "The former is cold.", True),
        ("The former pier is cold.", "The former pier is cold.", False),
        ("The latter kind is cold.", "The latter kind is cold.", True),
        ("For that reason it froze.", "For that reason it froze.", True),
        ("In this paper we ask why.", "In this paper we ask why.", False),
        ("In this century it froze.", "In this century it froze.", False),
        ("For those who fish it froze.", "For those who fish it froze.", False),
    ],
)
def test_a_quote_stands_alone(quote, alone, points):
    assert trimmed(quote) == alone
    assert dangles(quote) is points


def test_an_answer_stops_before_it_is_too_long():
    items = evidence(*(f"The pier number {n} {'is very ' * 20}cold." for n in range(9)))
    composing = write(items, shape=Shape("list", 9, 120))
    assert sum(len(text.split()) for text in said(composing)) <= 120
    assert len(said(write(evidence(LONG), shape=Shape("prose", 3, 5)))) == 1


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Why did the ferry move?", "prose"),
        ("What are the reasons for the move?", "list"),
        ("List the piers.", "list"),
        ("Which two main reasons are given?", "list"),
        ("What is the reason?", "prose"),
        ("Do the articles agree about the pier?", "comparison"),
    ],
)
def test_the_question_decides_the_shape(question, kind):
    assert shape_of(question, 3, several=asks_several(question)).kind == kind


def test_who_asks_for_more_gets_more():
    assert shape_of("Why did it move?", 3).words == 120
    more = shape_of("Explain in detail why it moved.", 3)
    assert (more.words, more.sentences) == (320, 8)


@pytest.mark.parametrize(
    ("question", "articles", "shape"),
    [
        ("Summarise it.", 1, Shape("prose", 5, 200)),
        ("Summarise both.", 2, Shape("comparison", 4, 160)),
        ("Summarise all.", 6, Shape("list", 6, 240)),
        ("Summarise it in two sentences.", 1, Shape("prose", 2, 200)),
        ("Summarise it in 9 short sentences.", 1, Shape("prose", 9, 360)),
    ],
)
def test_a_summary_is_as_long_as_its_articles_and_the_question_want(
    question, articles, shape
):
    assert shape_of(question, 4, summed=articles) == shape


def test_one_of_several_questions_is_answered_in_fewer_words():
    assert one_of_several(Shape("list", 6, 120), 2) == Shape("prose", 5, 80)
    assert one_of_several(Shape("prose", 4, 120), 5) == Shape("prose", 2, 80)
    assert one_of_several(Shape("prose", 10, 320), 2).words == 160


def test_who_wants_so_many_sentences_gets_no_more():
    assert shape_of("Why did it move, in one sentence?", 3).sentences == 1


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Does Oslo need Bergen?", "Oslo need Bergen."),
        ("Is the pier cold", "the pier cold."),
        ("Whether the pier is cold", "the pier is cold."),
        ("Is the pier cold or warm?", None),
        ("Why does Oslo need Bergen?", None),
    ],
)
def test_a_yes_or_no_question_is_a_claim(question, claim):
    assert claim_of(question) == claim


def test_yes_or_no_leads_where_a_source_says_so():
    question = "Did the fishermen oppose the winter timetable?"
    assert said(write(evidence(OPPOSED), question=question)) == [f"Yes: {OPPOSED}"]
    denied = OPPOSED.replace("opposed", "did not oppose")
    assert said(write(evidence(denied), question=question)) == [f"No: {denied}"]
    assert said(write(evidence(STORE), question=question)) == [STORE]


def test_sources_are_called_by_who_wrote_them_and_no_two_alike():
    alone = Source("c", "c.md", "Piers", (), "The Pier Post", "", "")
    many = Source("d", "d.md", "Lamps", ("A B", "C D", "E F"), "", "", "")
    bare = Source("e", "e.md", "Winter", (), "", "", "")
    again = Source("f", "f.md", "More piers", (), "The Pier Post", "", "")
    assert names_of([OAKE, alone, many, bare]) == {
        "a": "Ann Oake",
        "c": "the Pier Post article",
        "d": "A B and others",
        "e": "“Winter”",
    }
    assert names_of([alone, again]) == {"c": "“Piers”", "f": "“More piers”"}


def test_a_name_keeps_its_capital_and_a_plain_word_does_not():
    known = written_inside(["He saw Oslo, and then close ties grew."])
    assert attributed("Oslo froze.", "X", known) == "According to X, Oslo froze."
    assert attributed("Close ties.", "X", known) == "According to X, close ties."
    assert attributed("The pier.", "X", known) == "According to X, the pier."
    assert attributed("Lamps burn.", "X", known) == "According to X: Lamps burn."


def test_a_piece_of_evidence_that_is_named_twice_is_cited_once():
    one, two = (Cited(item, "quoted", 1.0) for item in evidence(LONG, SHORT))
    composing = Composing()
    verified = composing.add(LONG, [one, two, one])
    assert verified.sentence.citations == (1, 2)
    assert [citation.number for citation in verified.citations] == [1, 2]
    assert composing.add(SHORT, [two]).citations == ()


def test_what_follows_stands_right_behind_in_the_same_article():
    one, two = evidence(LONG, SHORT)
    assert two.follows(one)
    assert not one.follows(two)
    assert not replace(two, source=LIND).follows(one)
    assert not replace(two, start=two.start + 3).follows(one)
    assert replace(two, start=two.start + 2).follows(one)
