"""Lists on one line, and the item of them that is asked for."""

from dataclasses import replace

import pytest

from qa.answering.items import (
    in_one_line,
    is_itemised,
    item_asked,
    lists_asked,
    narrowed,
)
from qa.schema import Evidence, Hit, Passage, Signal, Source, Span

LIST = "It has three rules:\n\nNo dogs\n\nNo glass\n\nNo noise"
BARE = "No dogs\n\nNo glass"


def evidence(text, heading=""):
    source = Source("d", "a.md", "A")
    return Evidence(1, source, heading, 100, 100 + len(text), text, 1.0)


def test_a_list_on_one_line_has_marks_for_its_lines():
    assert in_one_line(LIST) == "It has three rules: No dogs; No glass; No noise"
    assert in_one_line("One\nline.") == "One line."
    assert (is_itemised(LIST), is_itemised("One line.")) == (True, False)


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("What is the first rule?", "No dogs"),
        ("What is the third rule of the bath?", "No noise"),
        ("What is the 2nd rule?", "No glass"),
    ],
)
def test_the_item_that_is_asked_for_is_cited_alone(question, item):
    listed = replace(evidence(LIST), answer=Span(100, 102))
    (found,) = item_asked(question, [listed])
    assert (found.text, found.answer) == (item, None)
    start = 100 + LIST.index(item)
    assert (found.start, found.end) == (start, start + len(item))


def test_a_heading_may_say_what_the_items_are():
    (found,) = item_asked("What is the second rule?", [evidence(BARE, "Rules")])
    assert found.text == "No glass"


def test_a_sentence_above_items_that_are_none_leads_in_to_them():
    (found,) = item_asked("The first rule?", [evidence(f"There are rules.\n\n{BARE}")])
    assert found.text == "No dogs"


@pytest.mark.parametrize(
    "text",
    [
        "The bath has rules: (a) no dogs; (b) no glass, and (c) no noise.",
        "The bath has rules: 1) no dogs; 2) no glass; 3) no noise.",
        "Of rules: i) no dogs, ii) no glass; iii) no noise.",
    ],
)
def test_the_item_of_a_list_in_a_sentence_is_cited_alone(text):
    (found,) = item_asked("What is the second rule?", [evidence(text)])
    assert found.text == "no glass"
    assert text[found.start - 100 : found.end - 100] == found.text


def test_a_point_is_cited_with_what_is_said_of_it():
    text = (
        "There are rules. First, no dogs. Second, no glass. It cuts. Third, no noise."
    )
    (found,) = item_asked("What is the second rule?", [evidence(text)])
    assert found.text == "Second, no glass. It cuts."


@pytest.mark.parametrize(
    ("lead", "heading"),
    [("In the first aid box are:", ""), ("It holds aid:", "The first aid box")],
)
def test_a_name_with_an_ordinal_in_it_asks_for_no_item(lead, heading):
    listed = evidence(f"{lead}\n\n{BARE}", heading)
    assert item_asked("What is in the first aid box?", [listed]) == ()
    assert (
        lists_asked("What is in the first aid box?", [hit(listed.text, heading)]) == []
    )


def test_an_ordinal_in_the_question_of_a_list_asks_for_no_item():
    listed = evidence(f"Bring to your first appointment:\n\n{BARE}")
    asked = "What do I bring to my first appointment?"
    assert item_asked(asked, [listed]) == ()
    assert lists_asked(asked, [hit(listed.text)]) == []


def test_a_place_that_the_lead_speaks_of_too_asks_for_the_item():
    listed = evidence(f"The first rule is the hardest. The rules are:\n\n{BARE}")
    (found,) = item_asked("What is the first rule?", [listed])
    assert found.text == "No dogs"


def test_a_sentence_is_no_list_of_one():
    assert item_asked("What is the first rule?", [evidence("It is a rule.")]) == ()


@pytest.mark.parametrize(
    "question",
    ["What is the fourth rule?", "What is the third price?", "What are the rules?"],
)
def test_otherwise_the_list_stays_whole(question):
    assert item_asked(question, [evidence(LIST)]) == ()


def hit(text, heading=""):
    passage = Passage(
        "p", "d", 50, 50 + len(text), text, heading, (Span(50, 50 + len(text)),)
    )
    none = Signal(0.0, None)
    return Hit(
        passage, Source("d", "a.md", "The Bath of Lund"), 1.0, none, none, (1.0,)
    )


AIMS = "The town had two aims in 2012. First, no dogs. Second, no glass."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What are the rules?", "No dogs; No glass"),
        ("What are the rules of the bath of Lund?", "No dogs; No glass"),
        ("How many rules are there?", "2: No dogs; No glass"),
        ("What is the second rule of the bath?", "No glass"),
        ("What were the aims of the town?", AIMS),
        ("What was the second aim of the town?", "Second, no glass."),
        ("How many aims did the town have?", AIMS),
    ],
)
def test_a_list_that_has_all_words_of_the_question_above_it_answers(question, said):
    hits = [hit(BARE, "Rules"), hit(AIMS)]
    (told,) = lists_asked(question, hits)
    assert told.text == said
    (place,) = told.places
    assert 50 <= place.start < place.end <= 50 + max(len(BARE), len(AIMS))


@pytest.mark.parametrize(
    "question",
    [
        "What are the rules of the pool?",  # another thing
        "What are the baths of Lund?",  # all in the title
        "Why are there rules?",
        "Which rules are not kept?",
        "What is the third rule?",
        "What is the first or second rule?",
        "How many baths have rules?",  # of what the list is not
        "List them.",
    ],
)
def test_any_other_question_is_left_to_the_reader(question):
    assert lists_asked(question, [hit(BARE, "Rules"), hit(AIMS)]) == []


def test_of_two_lists_none_is_taken():
    assert lists_asked("What are the rules?", [hit(BARE, "Rules")] * 2) == []


PRIZES = (
    "Prizes:\n\nLongest leek: Ann Oake, 1 m\n\nBest peas: Bo Lind\n\n"
    "Best in show: Ann Oake\n\nYouth: Cy Wu\n\nRain: none"
)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Who grew the longest leek?", ["Longest leek: Ann Oake, 1 m"]),
        ("Who was best in show?", ["Best in show: Ann Oake"]),
        ("What did Cy Wu win?", ["Youth: Cy Wu"]),
        ("Who had the best roses?", [PRIZES]),
        ("Who did not grow the longest leek?", [PRIZES]),
        ("Who won prizes?", [PRIZES]),
        ("Who was the giant longest leek's grower?", [PRIZES]),
        ("Which of the prizes was for youth?", ["Youth: Cy Wu"]),
        ("What did Ann Oake win?", [PRIZES]),  # two of five: the others are few
    ],
)
def test_the_items_that_are_named_are_shown_without_the_others(question, shown):
    assert [item.text for item in narrowed(question, [evidence(PRIZES)])] == shown


def test_a_name_that_the_whole_list_is_of_names_no_item():
    text = "Ann Oake went to:\n\nVelmar with Ann Oake\n\nOstrel\n\nNorr"
    assert narrowed("Where did Ann Oake go?", [evidence(text)])[0].text == text


def test_what_is_no_list_stays():
    prose = evidence("The longest leek: it was grown by Ann Oake.")
    kept = narrowed("Who grew the longest leek?", [prose, evidence(PRIZES)])
    assert [item.text for item in kept] == [prose.text, "Longest leek: Ann Oake, 1 m"]
