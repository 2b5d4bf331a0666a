"""What a question comes to: what is searched, where, for how long an answer."""

from dataclasses import replace

import pytest

from qa.neural.weights import find_models
from qa.question.intent_head import IntentReader, Wish, read_head
from qa.question.understanding import understand
from qa.schema import AnswerType, Filters, Intent, Source, Turn

OAKE = Source("a", "a.md", "Winter ferries of the north", ("Ann Oake",), "Pier Press")
LIND = Source("b", "b.md", "The summer ferries", ("Bo Lind",), "Harbour")
BEFORE = (Turn("What does Bo Lind say about copper lamps?", "They shine."),)


def ask(question, history=BEFORE, filters=None):
    (understood,) = understand(
        question, history, filters, sources=lambda _: [OAKE, LIND], sentences=3
    )
    return understood


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("What does Ann Oake say about ice?", False),
        ("What does he say about ice?", False),
        ("What does he say about them?", True),
        ("What do the articles say about ice?", False),
        ("And the ice?", True),
    ],
)
def test_a_question_without_its_frame_leans_on_the_last_only_where_it_says_so(
    question, leans
):
    assert ask(question).context == (BEFORE[0].question if leans else "")
    assert ask(question).is_follow_up == leans


def test_the_choice_of_the_reader_comes_before_what_is_named():
    chosen = Filters(files=("b.md",))
    question = "What does Ann Oake say about ice?"
    assert ask(question).filters == Filters(files=("a.md",))
    asked = ask(question, filters=chosen)
    assert (asked.search, asked.filters) == (question, chosen)


def test_a_choice_may_be_a_list():
    chosen = Filters(files=["a.md", "b.md"])
    asked = ask("Summarise the articles", filters=chosen)
    assert (asked.intent, asked.articles) == (Intent.SUMMARY, (OAKE, LIND))


def test_two_that_are_named_are_several():
    several = ask("How do Oake and Lind differ on ice?")
    assert several.intent is Intent.COMPARISON
    assert ask("What do they say about ice?", BEFORE).intent is Intent.CONTENT
    asked = ask("Summarise both articles in one sentence.", ())
    assert (asked.articles, asked.shape.sentences) == ((OAKE, LIND), 2)


def test_what_it_may_mean_is_known_only_where_the_question_points_back():
    assert ask("Who wrote it?").articles == (LIND,)
    assert ask("Who wrote the law?").articles == ()
    assert ask("Who wrote it?", (Turn("Why do rivers freeze?", ""),)).articles == ()


def test_courtesies_are_not_searched_for():
    asked = ask("Hello! Can you list the lamps, please? Thanks.", ())
    assert (asked.search, asked.shape.kind) == ("What are the lamps?", "list")
    asked = ask("Hi, could you tell me what Oake says about ice?", ())
    assert (asked.search, asked.filters.files) == (
        "What is said about ice?",
        ("a.md",),
    )


def test_a_question_may_lean_on_what_is_said_before_it():
    asked = ask("I read about copper lamps. Why do they shine?", ())
    assert (asked.search, asked.context) == ("Why do they shine?", "Copper lamps.")


def test_each_of_several_questions_asked_before_may_be_leant_on():
    before = (Turn("Why do rivers freeze? Who wrote the Pier Press article?"),)
    assert ask("When did it appear?", before).filters.files == ("a.md",)


@pytest.mark.parametrize(
    ("question", "intent", "articles"),
    [
        ("Who wrote Winter ferries of the north?", Intent.AUTHORS, "a"),
        ("When was the Harbour article published?", Intent.DATE, "b"),
        ("Where was The summer ferries published?", Intent.PUBLISHER, "b"),
        ("Which articles are by Ann Oake?", Intent.WORKS, "a"),
        ("Which documents discuss ice?", Intent.TOPIC, ""),
        ("What sources do you have?", Intent.LIST, ""),
        ("How many documents are there?", Intent.COUNT, ""),
        ("Who wrote the article about ice?", Intent.AUTHORS, ""),
        ("When was the winter piece published?", Intent.DATE, "a"),
        ("Who wrote War and Peace?", Intent.CONTENT, ""),
        ("Why do ferries freeze?", Intent.CONTENT, ""),
        ("Summarise the Harbour document", Intent.SUMMARY, "b"),
        ("Compare Oake and Lind on ice", Intent.COMPARISON, ""),
    ],
)
def test_what_is_asked_of_the_catalogue_is_known_by_its_words(
    question, intent, articles
):
    asked = ask(question, ())
    assert asked.intent is intent
    assert "".join(source.id for source in asked.articles) == articles
    assert asked.intent.is_catalogue == (intent not in NOT_OF_THE_CATALOGUE)


NOT_OF_THE_CATALOGUE = {Intent.CONTENT, Intent.SUMMARY, Intent.COMPARISON}


@pytest.mark.parametrize(
    "verb", ["suggest", "recommend", "believe", "find", "reveal", "have to say"]
)
def test_whatever_an_author_does_he_is_asked(verb):
    asked = ask(f"What does Oake {verb} about ice?", ())
    assert (asked.search, asked.filters.files) == (
        "What is said about ice?",
        ("a.md",),
    )


@pytest.mark.parametrize(
    "question",
    ["What's Oake's view of ice?", "What is Oake's personal opinion on ice?"],
)
def test_a_view_is_asked_of_the_one_who_holds_it(question):
    assert ask(question, ()).filters.files == ("a.md",)


def test_what_an_answer_has_to_hold_and_what_it_confirms_are_known():
    assert ask("When did the ferry sink?", ()).expects is AnswerType.TIME
    asked = ask("Did the ferry sink?", ())
    assert (asked.expects, asked.claim) == (AnswerType.ANY, "the ferry sink.")


def test_questions_asked_at_once_are_understood_one_by_one():
    both = understand(
        "What does Ann Oake say about ice? Who wrote it?",
        (),
        None,
        sources=lambda _: [OAKE, LIND],
        sentences=4,
    )
    assert [question.intent for question in both] == [Intent.CONTENT, Intent.AUTHORS]
    assert both[1].articles == (OAKE,)
    assert {question.shape.sentences for question in both} == {3}


def wished(question, intent, named=(OAKE,), history=()):
    """What the question comes to if a head says that it wants this."""
    (understood,) = understand(
        question,
        history,
        None,
        sources=lambda _: [OAKE, LIND],
        sentences=4,
        wishes=lambda _question, _sources: Wish(intent, tuple(named)),
    )
    return understood


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("penned by?", Intent.AUTHORS),
        ("out since?", Intent.DATE),
        ("whatever ann oake penned", Intent.WORKS),
        ("winter ferries of the north in short", Intent.SUMMARY),
    ],
)
def test_what_the_words_do_not_tell_a_head_may(question, intent):
    asked = wished(question, intent)
    assert (asked.intent, asked.articles) == (intent, (OAKE,))
    assert wished(question, intent, named=()).intent is Intent.CONTENT


@pytest.mark.parametrize(
    ("question", "intent", "articles"),
    [
        ("who penned the ferries of summer?", Intent.AUTHORS, "b"),
        ("the summer ferries one, how old?", Intent.DATE, "b"),
        ("the piece on ferries, by whom?", Intent.AUTHORS, ""),
        ("how many by Ann Oake?", Intent.COUNT, "a"),
        ("all there is of Lind", Intent.LIST, "b"),
        ("which pieces mention lamps?", Intent.TOPIC, ""),
    ],
)
def test_an_article_may_be_described_and_not_named(question, intent, articles):
    asked = wished(question, intent, named=())
    assert asked.intent is intent
    assert "".join(source.id for source in asked.articles) == articles


@pytest.mark.parametrize("intent", [Intent.AUTHORS, Intent.DATE, Intent.PUBLISHER])
def test_who_wrote_all_articles_is_a_list(intent):
    assert wished("these texts, by whom?", intent, named=()).intent is Intent.LIST
    assert ask("Who wrote these articles?", ()).intent is Intent.LIST


def test_what_a_title_names_is_not_counted():
    counted = wished("How many winter ferries run north?", Intent.COUNT)
    assert counted.intent is Intent.CONTENT
    rules = wished("What are the winter ferries of the north?", Intent.SUMMARY)
    assert rules.intent is Intent.CONTENT
    topic = wished("How many articles are about lamps?", Intent.COUNT, named=())
    assert topic.intent is Intent.TOPIC
    few = wished("Who likes winter?", Intent.AUTHORS, named=())
    assert few.intent is Intent.CONTENT


def test_where_a_head_is_unsure_the_words_may_tell():
    asked = wished("Who wrote The summer ferries?", Intent.CONTENT, named=())
    assert (asked.intent, asked.articles) == (Intent.AUTHORS, (LIND,))


def test_a_head_compares_the_articles_that_are_named():
    asked = wished("oake or lind, who is gloomier?", Intent.COMPARISON, [OAKE, LIND])
    assert (asked.intent, asked.shape.kind) == (Intent.COMPARISON, "comparison")
    assert list(asked.filters.files) == ["a.md", "b.md"]
    assert wished("oake on ice?", Intent.COMPARISON).intent is Intent.CONTENT


def test_the_newest_is_meant_unless_the_oldest_is_said():
    dated = [replace(OAKE, published="2001"), replace(LIND, published="2009")]
    for question, title in (("freshest?", "b"), ("the first one of all?", "a")):
        (asked,) = understand(
            question,
            (),
            None,
            sources=lambda _: dated,
            sentences=4,
            wishes=lambda *_: Wish(Intent.AGE, ()),
        )
        assert [source.id for source in asked.articles] == [title]


def test_where_no_article_has_a_date_none_is_the_newest():
    assert wished("freshest?", Intent.AGE, named=()).intent is Intent.CONTENT


def test_a_follow_up_is_not_read_by_the_head():
    before = [Turn("Why do rivers freeze?")]
    assert wished("And by whom?", Intent.AUTHORS, history=before).intent is (
        Intent.CONTENT
    )


@pytest.mark.real
def test_the_shipped_head_tells_what_people_mean(real_embedder):
    wishes = IntentReader(
        read_head(find_models() / "intent"), real_embedder.encode_queries
    )
    sources = [OAKE, LIND]
    for question, intent in (
        ("winter ferries of the north - who's the author?", Intent.AUTHORS),
        ("what's in here", Intent.LIST),
        ("Why do ferries freeze?", Intent.CONTENT),
        ("Who wrote the treaty?", Intent.CONTENT),
        ("How many members of the library are pensioners?", Intent.CONTENT),
        ("How many articles are about lamps?", Intent.TOPIC),
        ("What subjects do the texts cover?", Intent.LIST),
    ):
        (asked,) = understand(
            question, (), None, sources=lambda _: sources, sentences=4, wishes=wishes
        )
        assert asked.intent is intent, question
