"""Questions as people write them: what is asked, and what is only said around it."""

import time

import pytest

from qa.question.rewriting import Plain, as_question, plainly, questions_in


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Hi! Who built the ferries? Thanks.", "Who built the ferries?"),
        ("Good morning, what froze, please?", "What froze?"),
        ("Who built it? Thank you very much in advance!", "Who built it?"),
        ("Can you tell me who built it?", "Who built it?"),
        ("Could you please explain why it froze.", "Why it froze"),
        ("I would like to know how big the fleet is", "How big the fleet is"),
        ("I'd like you to tell me in which year it froze", "In which year it froze"),
        ("I wonder if it froze.", "Whether it froze"),
        ("Do you happen to know whether it froze?", "Whether it froze?"),
        ("Any idea when it froze?", "When it froze?"),
        ("Tell me: who built it?", "Who built it?"),
        ("Help me understand how they met.", "How they met"),
        ("For my report, why did it freeze?", "Why did it freeze?"),
        ("I'm a student and I need to know why it froze.", "Why it froze"),
        ("As an analyst, I want to know why it froze", "Why it froze"),
        ("As a historian of ice, I wonder why they sank.", "Why they sank"),
        ("As a student I'd like to know why it froze", "Why it froze"),
        ("My question is: who leads?", "Who leads?"),
        ("I am writing a paper. Why did it freeze?", "Why did it freeze?"),
        ("We have a briefing. List the ferries.", "List the ferries."),
        ("I work here. The ferry was built when?", "The ferry was built when?"),
    ],
)
def test_only_what_is_asked_is_left(written, asked):
    assert plainly(written) == Plain(asked)


@pytest.mark.parametrize(
    "question",
    [
        "Why did the ferry freeze?",
        "Why did they give thanks?",
        "May people come and go as they please?",
        "Who is called A. Lind. ferryman?",
        "Why did the crowd give cheers?",
        "When did Mr. Lind visit the pier?",
        "Why did it freeze? And who was hurt?",
        "It froze. Nobody was hurt.",
        "In 2014, why did it freeze?",
        "If I buy a ferry, who steers it?",
        "Do I need a ticket, and why?",
        'Who said "I came, I saw" and why?',
        "Does the pier need us, or do we need the pier?",
        "Hello",
        "Thanks!",
        "Please",
        "",
    ],
)
def test_what_is_plain_or_no_question_stays(question):
    assert plainly(question) == Plain(question)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (
            "I read that the ferry froze in 2001. What else froze?",
            Plain("What else froze?", "I read that the ferry froze in 2001."),
        ),
        (
            "I'm preparing a paper on the northern ferries. What froze there?",
            Plain("What froze there?", "The northern ferries."),
        ),
    ],
)
def test_what_is_said_before_is_kept_where_it_says_something(written, plain):
    assert plainly(written) == plain


@pytest.mark.parametrize(
    ("request_", "question"),
    [
        ("List the ferries.", "What are the ferries?"),
        ("Give me a list of the ferries", "What are the ferries?"),
        ("Name one ferry that froze", "What is one ferry that froze?"),
        ("Explain the reasons for the frost", "What are the reasons for the frost?"),
        ("Could you name the northern ferries?", "What are the northern ferries?"),
        ("Describe the winter", "What is the winter?"),
        ("Describe whale oil", "What is whale oil?"),
        ("Tell me more about the winter.", "What is the winter?"),
        ("What do you know about the winter?", "What is the winter?"),
        ("Give me some background on the winter", "What is the winter?"),
    ],
)
def test_a_request_becomes_a_question(request_, question):
    assert as_question(request_) == question


@pytest.mark.parametrize(
    "question",
    [
        "Name of the ferry?",
        "List of ferries",
        "List which ferries froze",
        "Why did it freeze?",
        "winter ferries",
        "Explain",
    ],
)
def test_what_is_no_request_for_things_stays(question):
    assert as_question(question) == question


@pytest.mark.parametrize(
    "part",
    [
        *("I ", "please ", "can you ", "my, ", "I and ", " ", "tell me ", "list a. "),
        *("I to ", "We know ", "as an I "),
    ],
)
def test_a_long_question_takes_no_long_time(part):
    started = time.process_time()
    as_question(plainly((part * 2000)[:2000]).asked)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "parts",
    [
        ("Why did the ferry freeze?", "And who was hurt?"),
        ("I read about the ferries. Who built them?", "List the engines."),
        ("Tell me about the ferries.", "What engines have they got?"),
        ("Why did it freeze? I mean the ferry.", "Who was hurt? Thanks!"),
        ("When did Mr. Lind sail?", "Does the U.S. fleet sail?"),
        ("Is it likely? Why not?",),
        ("Why? Because of the ice?",),
        ("It froze. Nobody was hurt. Who saw it?",),
        ("Is A ice? Is B ice? Is C ice? Is D ice? Is E ice? Is F ice?",),
        ("What froze",),
    ],
)
def test_questions_are_told_apart_where_each_says_something(parts):
    assert questions_in(" ".join(parts)) == parts


def test_a_question_that_is_only_joined_to_another_stands_alone():
    asked = "Why did the ferry freeze? And who rescued the passengers?"
    assert questions_in(asked)[1] == "Who rescued the passengers?"


@pytest.mark.parametrize(
    "listed",
    [
        "1. Why did the ferry freeze?\n2. Who was hurt?",
        "- Why did the ferry freeze?\n- Who was hurt?",
        "(1) Why did the\nferry freeze?\n(2) Who was hurt?",
    ],
)
def test_questions_of_a_list_lose_their_markers(listed):
    first, second = questions_in(listed)
    assert " ".join(first.split()) == "Why did the ferry freeze?"
    assert second == "Who was hurt?"
