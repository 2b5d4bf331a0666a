"""What each word of the lists and patterns is there for.

``rows/`` has a table for each thing that a sentence is found to be; a row is a text,
`` => ``, and what is made of it. Each word is misspelt in turn to see that a row
notices.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from misspelling import rows_of, unnoticed

from qa.answering import attribution, compression, facts, leaning
from qa.language import sentences
from qa.language.text import content_stems
from qa.schema import Evidence, Intent, Source

ROWS = Path(__file__).parent / "rows"


def trimmed(quote, expected):
    return leaning.trimmed(quote) == expected


def dangles(quote, expected):
    return leaning.dangles(quote) == (expected == "yes")


def enumerates(quote, expected):
    return sentences.enumerates(quote) == (expected == "yes")


def attributed(sentence, expected):
    return attribution.attributed(sentence, "Oake", frozenset()) == expected


def shortened(text, question):
    item = Evidence(1, Source("s", "a.md", "Piers"), "", 0, len(text), text, 1.0)
    return compression.compressed(item, question) is not None


def beside(part, expected):
    return shortened(LAMP.format(part), "Which tower?") == (expected == "yes")


def kept_whole(question, expected):
    return shortened(LAMP.format("which is old"), question) == (expected == "no")


LAMP = (
    "The ferry of Lindesund carries lamps, {}, to the southern pier of the harbour "
    "and to the gate of the tower of Maarheim."
)


def imprint(sentence, expected):
    return bool(facts._IMPRINT.match(sentence)) == (expected == "yes")


def counted(question, expected):
    return bool(facts._HOW_MANY.match(question)) == (expected == "yes")


def people_counted(question, expected):
    patterns = {"writers": facts._WRITERS, "publishers": facts._PUBLISHERS}
    found = [kind for kind, pattern in patterns.items() if pattern.match(question)]
    return " ".join(found) == expected


def of_the_author(sentence, expected):
    return bool(facts._THE_AUTHOR.search(sentence)) == (expected == "yes")


def topic(question, expected):
    return facts.topic_of(question) == set(content_stems(expected))


def recorded(text, expected):
    found = facts._RECORDED & set(content_stems(text))
    return bool(found) == (expected == "yes")


def and_when(question, expected):
    return bool(facts._AND_WHEN.search(question)) == (expected == "yes")


def not_stated(intent, expected):
    return facts._RECORDS[Intent(intent)] == expected


def asks_who(question, expected):
    return bool(facts._WHO.search(question)) == (expected == "yes")


HOLDS: dict[str, Callable[[str, str], bool]] = {
    "trimmed": trimmed,
    "dangles": dangles,
    "enumerates": enumerates,
    "attributed": attributed,
    "beside": beside,
    "reason": kept_whole,
    "of_the_author": of_the_author,
    "topic": topic,
    "recorded": recorded,
    "not_stated": not_stated,
    "and_when": and_when,
    "imprint": imprint,
    "counted": counted,
    "people_counted": people_counted,
    "asks_who": asks_who,
}
TABLES = [
    (leaning, ["trimmed", "dangles"]),
    (sentences, ["enumerates"]),
    (attribution, ["attributed"]),
    (compression, ["beside", "reason"]),
    (
        facts,
        [
            "of_the_author",
            "topic",
            "recorded",
            "not_stated",
            "and_when",
            "imprint",
            "counted",
            "people_counted",
            "asks_who",
        ],
    ),
]


def test_each_table_is_read():
    assert sorted(HOLDS) == sorted(path.stem for path in ROWS.iterdir())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [(name, *row) for name in HOLDS for row in rows_of(ROWS / f"{name}.txt")],
)
def test_a_sentence_is_what_its_row_says(name, text, expected):
    assert HOLDS[name](text, expected)


@pytest.mark.parametrize(
    ("module", "tables"), TABLES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_row_notices_each_word_that_is_misspelt(module, tables):
    checks = [(HOLDS[n], *row) for n in tables for row in rows_of(ROWS / f"{n}.txt")]
    assert unnoticed(module, checks) == []
