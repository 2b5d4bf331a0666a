"""What each word of the lists and patterns is there for.

``rows/`` has a table for each thing that a question is found to be; a row is a text,
`` => ``, and what is made of it. Each word is misspelt in turn to see that a row
notices.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from misspelling import rows_of, unnoticed

from qa.question import (
    answer_type,
    coreference,
    frames,
    intent,
    linking,
    period,
    rewriting,
    scope,
    shape,
    works,
)
from qa.schema import AnswerType, Source

ROWS = Path(__file__).parent / "rows"
SOURCES = (
    Source("a", "a", "Winter ferries of the north", ("Ann Oake",), "Pier Press"),
    Source("b", "b", "The summer ferries", ("Bo Lind", "Ann Dahl"), "Harbour"),
    Source("c", "c", "Fish"),
)


def sources():
    return SOURCES


def put_plainly(text, expected):
    asked, _, said = expected.partition(" | ")
    return rewriting.plainly(text) == rewriting.Plain(asked, said)


def asked_as(request, question):
    return rewriting.as_question(request) == question


def framed(text, expected):
    """Rows of "before // question => asked | articles"."""
    *before, question = text.split(" // ")
    asked, _, files = expected.partition(" |")
    found = scope.unframed(question, sources, before=before)
    return (found.question, "".join(found.files)) == (asked, files.strip())


def summed_up(text, expected):
    *before, question = text.split(" // ")
    found = scope.summarised(question, sources, before=before)
    return "".join(source.id for source in found) == expected


def summed_up_alone(question, expected):
    found = scope.summarised(question, lambda: SOURCES[:1])
    return bool(found) == (expected == "yes")


def of_section(question, expected):
    asked = scope.section_asked(question) or scope.sections_counted(question)
    return asked == expected


def leaning_on(text, expected):
    *before, question = text.split(" // ")
    return coreference.carried(before, question) == expected


def both_asked(request, expected):
    return " ".join(rewriting.compared(request)) == expected


def called(who, expected):
    return "".join(linking.articles_named(who, SOURCES)[0]) == expected


def wants(question, expected):
    return (intent.catalogue_intent(question) or "") == expected


def of_age(question, expected):
    age = intent.age_asked(question)
    if not age:
        return expected == ""
    found, _ = intent.first_or_last(question, DATED, age)
    return " ".join([age, *(source.id for source in found)]) == expected


DATED = (
    Source("new", "a", "Ice", ("Ann Oake",), published="2020"),
    Source("old", "b", "Snow", ("Bo Lind",), published="2010"),
)


def points_at_work(question, expected):
    return intent.points_at_work(question) == (expected == "yes")


def asks_of_all(question, expected):
    return intent.asks_of_all(question) == (expected == "yes")


def of_years(question, expected):
    return str(period.period_asked(question) or "") == expected


def leans(question, expected):
    back = coreference.points_back(question)
    found = "points back" if back else "goes on" * coreference.refers_back(question)
    return found == expected


def opened(question, expected):
    return coreference.without_opening(question) == expected


def shaped(question, expected):
    found = shape.shape_of(question, 3, several=shape.asks_several(question))
    return f"{found.kind} {found.sentences} {found.words}" == expected


def claims(question, expected):
    return (shape.claim_of(question) or "") == expected


def expects(question, expected):
    return answer_type.answer_type(question) == AnswerType(expected)


def answers(text, expected):
    kind, _, sentence = text.partition(": ")
    held = answer_type.holds(AnswerType(kind), [sentence])
    return held == (expected == "yes")


HOLDS: dict[str, Callable[[str, str], bool]] = {
    "plainly": put_plainly,
    "as_question": asked_as,
    "framed": framed,
    "summed_up": summed_up,
    "only_one": summed_up_alone,
    "section": of_section,
    "carried": leaning_on,
    "compared": both_asked,
    "called": called,
    "intent": wants,
    "age": of_age,
    "points_at_work": points_at_work,
    "asks_of_all": asks_of_all,
    "period": of_years,
    "leans": leans,
    "opening": opened,
    "shape": shaped,
    "claim": claims,
    "expects": expects,
    "holds": answers,
}
TABLES = [
    (rewriting, ["plainly", "as_question", "compared"]),
    (frames, ["framed", "summed_up", "only_one", "section"]),
    (scope, ["framed", "summed_up", "only_one", "section"]),
    (intent, ["intent", "age", "points_at_work", "asks_of_all"]),
    (period, ["period"]),
    (coreference, ["leans", "opening", "carried"]),
    (shape, ["shape", "claim"]),
    (answer_type, ["expects", "holds"]),
    (linking, ["called"]),
    (works, ["intent", "framed", "summed_up", "points_at_work"]),
]


def test_each_table_is_read():
    assert sorted(HOLDS) == sorted(path.stem for path in ROWS.iterdir())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [(name, *row) for name in HOLDS for row in rows_of(ROWS / f"{name}.txt")],
)
def test_a_question_is_what_its_row_says(name, text, expected):
    assert HOLDS[name](text, expected)


@pytest.mark.parametrize(
    ("module", "tables"), TABLES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_row_notices_each_word_that_is_misspelt(module, tables, monkeypatch):
    if module is not works:  # what words name is told once, for speed
        monkeypatch.setattr(scope, "articles_named", cache(linking.articles_named))
        monkeypatch.setattr(scope, "named_at_once", cache(linking.named_at_once))
    checks = [(HOLDS[n], *row) for n in tables for row in rows_of(ROWS / f"{n}.txt")]
    importing = {frames: [scope], works: [frames, scope, intent, shape, linking]}
    assert unnoticed(module, checks, importing.get(module, [])) == []
