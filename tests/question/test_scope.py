"""Questions that name whose article they ask: what is left, and of which articles."""

import pytest

from qa.question.scope import Framed, summarised, unframed
from qa.schema import Source

OAKE = Source("a", "a.md", "Winter ferries of the north", ("Ann Oake",), "Pier Press")
LIND = Source("b", "b.md", "The summer ferries", ("Bo Lind", "Ann Dahl"), "Harbour")
PLAIN = Source("c", "c.md", "Fish")


def ask(question):
    return unframed(question, lambda: [OAKE, LIND, PLAIN])


@pytest.mark.parametrize(
    ("question", "asked", "files"),
    [
        ("What does Ann Oake say about ice?", "What is said about ice?", ["a.md"]),
        ("what did Lind write on the ice", "What is said about the ice?", ["b.md"]),
        ("What does the Pier Press article say about ice?", None, ["a.md"]),
        ("What do Lind and Dahl think of ice?", None, ["b.md"]),
        ("What Ann Oake says about ice", None, ["a.md"]),
        ("What is Oake's view on ice?", None, ["a.md"]),
        ("How does Bo Lind describe ice?", None, ["b.md"]),
        ("What does “The Summer Ferries” say about ice?", None, ["b.md"]),
        ("What does the paper on winter ferries say about ice?", None, ["a.md"]),
        ("What do the articles say about ice?", None, []),
        ("According to Ann Oake, why did it freeze?", "Why did it freeze?", ["a.md"]),
        ("Why did it freeze, according to Oake?", "Why did it freeze?", ["a.md"]),
        ("Based on the articles, why did it freeze?", "Why did it freeze?", []),
        ("In Oake's article, why did it freeze?", "Why did it freeze?", ["a.md"]),
        ("Why did it freeze in the Pier Press piece?", "Why did it freeze?", ["a.md"]),
    ],
)
def test_the_frame_is_taken_off(question, asked, files):
    assert ask(question) == Framed(asked or "What is said about ice?", tuple(files))


@pytest.mark.parametrize(
    ("question", "files"),
    [
        ("What do Oake and Lind say about ice?", "ab"),
        ("Compare what Ann Oake and Bo Lind say about ice.", "ab"),
        ("Contrast Oake, Lind and the Fish article on ice", "abc"),
        ("How do Oake and the Harbour author differ on ice?", "ab"),
        ("Do Oake and Lind agree about ice?", "ab"),
    ],
)
def test_articles_named_one_by_one_are_several(question, files):
    named = tuple(f"{letter}.md" for letter in files)
    assert ask(question) == Framed("What is said about ice?", named, several=True)


@pytest.mark.parametrize(
    "question",
    [
        "What does the mayor say about ice?",
        "What does she say about ice?",
        "What does Ann say about ice?",
        "What does Oake's rival say about ice?",
        "What does the ferries article say about ice?",
        "How does the north see ice?",
        "According to the law, who owns the ice?",
        "Based on the law, who owns the ice?",
        "In Fish, who owns the ice?",
        "Who is quoted in the peace papers?",
        "What does Ann Oake do?",
        "What do Oake and the mayor say about ice?",
        "How do ferries and trains differ on ice?",
        "Why does the ferry freeze?",
    ],
)
def test_what_names_no_source_stays(question):
    assert ask(question) == Framed(question)


def test_the_sources_are_not_loaded_for_a_question_without_a_frame():
    assert unframed("Why does it freeze?", lambda: 1 / 0) == Framed(
        "Why does it freeze?"
    )


@pytest.mark.parametrize(
    ("question", "files"),
    [
        ("Summarise the Pier Press article.", "a"),
        ("Please summarize Ann Oake's article in three sentences", "a"),
        ("Can you sum up The summer ferries for me?", "b"),
        ("Give me a short summary of the paper by Bo Lind, please.", "b"),
        ("an overview of “Winter ferries of the north”", "a"),
        ("What is the Harbour article about?", "b"),
        ("What's Fish about?", "c"),
        ("Tell me about the Harbour article", "b"),
        ("Please explain Ann Oake's piece in two sentences.", "a"),
        ("What the Harbour article is about", "b"),
        ("What Ann Oake argues", "a"),
        ("What Ann Oake discusses", "a"),
        ("What are the main points of Oake's article?", "a"),
        ("What is Lind's main argument?", "b"),
        ("What does Ann Oake argue?", "a"),
        ("tl;dr the article on fish", "c"),
        ("What does “Fish” say?", "c"),
        ("What are the main arguments of the Fish article?", "c"),
        ("Summarise Oake and Lind", "ab"),
        ("What are the articles about?", "abc"),
        ("Summarise all of the articles briefly", "abc"),
        ("Give me an overview of the library", "abc"),
        ("Summarise both articles", "abc"),
        ("I want an overview of the library", "abc"),
        ("List the key points of Oake's article", "a"),
        ("What was Lind's main finding?", "b"),
        ("Compare Oake and Lind", "ab"),
        ("How do Oake and Lind differ?", "ab"),
        ("Summarise Oake's article in plain words, briefly, please", "a"),
    ],
)
def test_a_summary_is_of_the_articles_that_are_named(question, files):
    asked = summarised(question, lambda: [OAKE, LIND, PLAIN])
    assert "".join(source.id for source in asked) == files


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the trade in fish",
        "What is the mayor about?",
        "What does the mayor argue?",
        "What are the main reasons for the ice?",
        "What is it about?",
        "Summarise this article",
        "Why does Ann Oake argue?",
        "What does Fish say?",
        "What are the main arguments of Fish?",
    ],
)
def test_no_summary_is_asked_of_what_is_no_article(question):
    assert summarised(question, lambda: [OAKE, LIND, PLAIN]) == ()


SUN = Source("s", "s.md", "Friendship at sea", ("Yun Sun",), "China Daily")
KING = Source("k", "k.md", "Russia-China relations after the war", ("Mary King",))


@pytest.mark.parametrize(
    "question",
    [
        "What did the press say?",
        "What did the king say?",
        "What does the sun say?",
        "What is China's main claim?",
        "What did China say?",
        "Summarise Russia-China relations",
        "Summarise the war",
    ],
)
def test_a_word_that_stands_for_much_else_names_no_article(question):
    sources = [OAKE, LIND, SUN, KING]
    assert summarised(question, lambda: sources) == ()


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("What does Sun say?", SUN),
        ("What did Mary King say?", KING),
        ("What did king Mary say?", KING),
        ("What does China Daily say?", SUN),
        ("What does the China Daily article say?", SUN),
        ("Summarise the article on Russia-China relations", KING),
    ],
)
def test_the_name_itself_does(question, source):
    assert summarised(question, lambda: [OAKE, LIND, SUN, KING]) == (source,)


def test_the_article_is_the_only_one():
    for question in ("Summarise this article.", "What is it about?", "tl;dr it"):
        assert summarised(question, lambda: [OAKE]) == (OAKE,)


def test_it_is_what_was_spoken_of_before():
    before = ["Why does it freeze?"]
    assert summarised("What is it about?", lambda: [OAKE], before=before) == ()
    assert summarised("Sum up this paper", lambda: [OAKE], before=before) == (OAKE,)


NAMED = "What does Ann Oake say about ice?"
BOTH = "Compare what Oake and Lind say about ice."
ICE = "Why do rivers freeze?"


@pytest.mark.parametrize(
    ("question", "before", "asked", "files"),
    [
        ("What does she say about fish?", [NAMED], "fish", "a"),
        ("And what does the author say about fish?", [NAMED], "fish", "a"),
        ("What does she say about that?", [NAMED], "that", "a"),
        ("What does it say about fish?", ["Summarise Oake's article"], "fish", "a"),
        (
            "What does he say about fish?",
            [NAMED, "Who wrote it?", "What does she say about nets?"],
            "fish",
            "a",
        ),
        ("What does she say about fish?", [NAMED, ICE], None, ""),
        ("What does she say about fish?", [], None, ""),
        ("What does the mayor say about fish?", [NAMED], None, ""),
        ("How do they see fish?", [NAMED], None, ""),
        ("How does the author see fish?", [NAMED], "fish", "a"),
        ("What does she say about fish?", [NAMED, "And nets?"], "fish", "a"),
        ("What does Lind say about fish?", [NAMED], "fish", "b"),
    ],
)
def test_an_article_named_before_is_still_meant(question, before, asked, files):
    found = unframed(question, lambda: [OAKE, LIND, PLAIN], before=before)
    expected = f"What is said about {asked}?" if asked else question
    assert found == Framed(expected, tuple(f"{name}.md" for name in files))


def test_both_are_those_named_before():
    sources = [OAKE, LIND, PLAIN]
    for who in ("they", "both authors", "the two papers"):
        question = f"What do {who} say about fish?"
        found = unframed(question, lambda: sources, before=[BOTH])
        assert found == Framed("What is said about fish?", ("a.md", "b.md"), True)


@pytest.mark.parametrize(
    ("question", "before", "files"),
    [
        ("Summarise it.", [NAMED], "a"),
        ("Now sum up the article in two sentences", [NAMED], "a"),
        ("What is the paper about?", ["Summarise Oake's article", "Sum it up"], "a"),
        ("Compare the two articles", [BOTH], "ab"),
        ("How do they differ?", [BOTH], "ab"),
        ("How do they differ?", [NAMED], ""),
        ("What is this about?", [NAMED], ""),
        ("What did they conclude?", [NAMED], ""),
        ("Summarise both articles", [BOTH], "ab"),
        ("Summarise both articles", [], "abc"),
        ("Summarise the articles", [NAMED], "abc"),
        ("Summarise it.", [ICE], ""),
        ("Summarise it.", [NAMED, ICE], ""),
    ],
)
def test_a_summary_is_of_what_was_named_before(question, before, files):
    asked = summarised(question, lambda: [OAKE, LIND, PLAIN], before=before)
    assert "".join(source.id for source in asked) == files


def test_a_list_of_names_is_given_up_at_the_first_that_names_nothing(monkeypatch):
    asked = []

    def named(who, *_, **__):
        asked.append(who)

    monkeypatch.setattr("qa.question.linking.named_at_once", named)
    assert summarised("Summarise x, Oake, Lind", lambda: [OAKE]) == ()
    assert asked == ["x, Oake, Lind", "x"]


@pytest.mark.timeout(10)
def test_a_long_question_is_soon_read():
    tails = " in points" * 200
    for question in (f"Summarise x{tails} x", f"What does Oake say about x{tails} x"):
        assert summarised(question, lambda: [OAKE]) == ()
        assert unframed(question, list).question == question


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Winter ferries of the north?",
        "Who is the author of the Pier Press article?",
        "When did Ann Oake's article appear?",
        "Where was “Winter ferries of the north” published?",
        "What is the date of the Pier Press piece?",
    ],
)
def test_what_is_asked_about_an_article_is_asked_of_it_alone(question):
    assert ask(question) == Framed(question, ("a.md",))


@pytest.mark.parametrize(
    "before",
    [
        "Who wrote the Pier Press article?",
        "When did Winter ferries of the north appear?",
        "Which ice does the Pier Press article mean?",
        "Why is the article by Ann Oake so short?",
        "Why is the ice thick according to the author of the Pier Press piece?",
    ],
)
def test_an_article_named_in_passing_is_the_one_that_it_means(before):
    known = [OAKE, LIND, PLAIN]
    for question in ("What does it say about ice?", "When did it appear?"):
        assert unframed(question, lambda: known, before=[before]).files == ("a.md",)


def test_what_is_asked_about_other_works_is_asked_of_all():
    for question in ("Who wrote War and Peace?", "When did it appear?"):
        assert ask(question) == Framed(question)


@pytest.mark.parametrize(
    ("question", "files"),
    [
        ("Summarise the Habrour document", "b"),
        ("Summarise the text “Winter feries of the north”", "a"),
        ("Summarise the winter feries report", "a"),
        ("Summarise the Harbour commentary", "b"),
        ("Summarise the Habrourx document", ""),
    ],
)
def test_a_name_may_be_mistyped_by_a_letter(question, files):
    asked = summarised(question, lambda: [OAKE, LIND, PLAIN])
    assert "".join(source.id for source in asked) == files


def test_accents_may_be_left_out():
    source = Source("z", "z.md", "Fisch", ("Jörg Müller",))
    found = unframed("What does Muller say about ice?", lambda: [source])
    assert found.files == ("z.md",)


def test_what_a_title_names_too_is_not_asked_but_asked_about():
    law = Source("l", "l.md", "The lantern law")
    question = "What did the lantern law ask of keepers?"
    assert unframed(question, lambda: [law]) == Framed(question)
    asked = unframed("What did the lantern law paper ask of keepers?", lambda: [law])
    assert asked.files == ("l.md",)
