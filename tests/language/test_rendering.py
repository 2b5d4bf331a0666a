"""Values to what people and programs read."""

import json

from evaluating import answer, hit
from hypothesis import given
from hypothesis import strategies as st

from qa.language.rendering import (
    answer_to_json,
    citation_to_json,
    join_names,
    reference,
)
from qa.schema import Source

FULL = Source(
    id="s",
    file="a.md",
    title="Piers",
    authors=("Ann Oake", "Bo Lind"),
    publisher="The Post",
    published="2016-03",
    url="https://example.org/piers",
)


def test_names_are_joined_as_in_prose():
    assert join_names(()) == ""
    assert join_names(("Ann",)) == "Ann"
    assert join_names(("Ann", "Bo")) == "Ann and Bo"
    assert join_names(("Ann", "Bo", "Cy")) == "Ann, Bo and Cy"


def test_a_reference_has_what_is_known():
    assert reference(FULL) == "Ann Oake and Bo Lind, “Piers”, The Post, 2016-03"
    assert reference(Source(id="s", file="a.md", title="Piers")) == "“Piers”"


def test_an_answer_has_exactly_the_documented_keys():
    given_ = answer("Why?", "It froze.", hits=[hit("a.md", "It froze.")])
    found = answer_to_json(given_)
    assert list(found) == [
        "question",
        "text",
        "abstained",
        "shape",
        "strictness",
        "sentences",
        "citations",
        "rejected",
        "nearest",
        "unanswered",
        "notes",
        "understood",
        "answerability",
        "draft_lost",
        "timings",
        "models",
    ]
    (sentence,), (citation,) = found["sentences"], found["citations"]
    assert sentence == {"text": "It froze.", "citations": [1]}
    assert citation == citation_to_json(given_.citations[0])
    assert list(citation) == [
        "number",
        "document",
        "heading",
        "start",
        "end",
        "quote",
        "verdict",
        "score",
        "answer",
        "page",
        "from_picture",
    ]
    assert list(citation["document"]) == [
        "id",
        "file",
        "title",
        "authors",
        "publisher",
        "published",
        "url",
        "retrieved",
    ]
    assert list(found["timings"]) == ["retrieve_s", "first_token_s", "total_s"]
    assert list(found["models"]) == ["embedder", "generator", "reader", "judge"]


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_json(text):
    asked = answer(text, text, hits=[hit("a.md", text)])
    found = answer_to_json(asked)
    assert json.loads(json.dumps(found)) == found
    assert found["text"] == f"{text} [1]"
    assert found["citations"][0]["quote"] == text
