"""Whatever is in a file, it is read or refused by name; a build survives it all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nasty import bad_files, good_files

from qa.documents import SeedFile
from qa.documents.load import parse_seed
from qa.documents.passages import split
from qa.errors import SeedError

FOLDER = Path(__file__).parents[1]
TEXT = st.text(max_size=300)
PIECES = (
    "<p> </p> <b> <h1> </h1> <li> <table><td> <br> <sup>1 </sup> <!-- --> <svg> <"
    " Words. <![CDATA[ &amp; &#0; &#x202e; &#13; <a\thref=' <script> </script>"
    " \u200b \u202e"
)
MARKUP = st.lists(st.sampled_from(PIECES.split(" ")) | TEXT, max_size=40).map("".join)


def count_words(texts):
    return [len(text.split()) for text in texts]


def read_or_reason(file, data):
    try:
        return parse_seed(SeedFile(file, data, "unused")).documents, ""
    except SeedError as error:
        return (), str(error)


def check(file, data):
    """Either a reason that names the file, or documents whose offsets hold."""
    documents, reason = read_or_reason(file, data)
    if not documents:
        assert reason.startswith(file)
        assert "\n" not in reason
        return []
    for document in documents:
        text = document.text
        text.encode("utf-8")
        assert not set(text) & {"\x00", "\u202e", "\u200b", "\r"}
        for heading in document.headings:
            assert 0 <= heading.start < heading.end <= len(text)
        assert list(document.pages) == sorted(document.pages)
        for passage in split(document, count_tokens=count_words, size=50, window=120):
            assert text[passage.start : passage.end] == passage.text
    return documents


@given(TEXT)
def test_any_text_is_read_or_refused(text):
    check("a.txt", text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    for kind in ("txt", "md", "jsonl", "html"):
        check(f"a.{kind}", data)


@given(
    st.dictionaries(
        st.sampled_from(["title", "authors", "publisher", "date", "url", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
            ),
            max_leaves=5,
        ),
        max_size=6,
    ),
    TEXT,
)
def test_any_front_matter_is_read_or_refused(values, text):
    check("a.md", f"---\n{json.dumps(values)}\n---\n{text}".encode(errors="replace"))


@given(st.text(alphabet="-: \n[]{}&*!|>'\"#%@`,?a1", max_size=120))
def test_any_yaml_is_read_or_refused(front):
    check("a.md", f"---\n{front}\n---\nThe tower stood.".encode())


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "text", "title", "date", "authors"]),
            st.none() | st.integers() | TEXT | st.lists(TEXT, max_size=2),
        ),
        max_size=5,
    )
)
def test_any_json_lines_are_read_or_refused(records):
    lines = "\n".join(json.dumps(record) for record in records)
    documents = check("a.jsonl", lines.encode())
    ids = [document.source.file for document in documents]
    assert len(ids) == len(set(ids))


@given(MARKUP)
def test_any_html_is_read_or_refused(markup):
    check("a.html", markup.encode("utf-8", "replace"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """200 nasty files, built in a process of its own so that its memory is known."""
    ran = subprocess.run(
        [sys.executable, FOLDER / "nasty.py", tmp_path_factory.mktemp("nasty"), "200"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_build_of_200_nasty_files_ends_below_2_gb(built):
    assert built["files"] == 200
    assert sum(built["peak_mb"]) < 2000


def test_every_bad_file_is_named_with_its_reason(built):
    outcomes = built["outcomes"]
    for file, (_, expected) in bad_files().items():
        outcome, reason = outcomes[file]
        assert (file, outcome) == (file, "skipped")
        assert expected in reason, file
    assert "leads out" in outcomes["outside.txt"][1]
    assert all(reason for outcome, reason in outcomes.values() if outcome == "skipped")


def test_every_good_file_is_indexed(built):
    outcomes = built["outcomes"]
    assert {file: outcomes[file][0] for file in good_files()} == dict.fromkeys(
        good_files(), "added"
    )
    assert outcomes["mixed.zip#bad.pdf"][0] == "skipped"
    assert outcomes["half.pdf, pages 1-2"][0] == "skipped"
