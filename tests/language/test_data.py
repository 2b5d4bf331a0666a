"""What each entry of the word lists is there for.

``rows/`` has a table a list; a row is a text, `` => ``, and what the list makes of it.
Each entry is spoiled in turn to see that a row notices.
"""

import gc
import re
from collections.abc import Callable
from functools import _lru_cache_wrapper
from pathlib import Path
from shutil import copytree

import pytest
from passages_found import SOURCE, hit

from qa.answering.rows import rows_asked, rows_in
from qa.documents.blocks import Block
from qa.documents.furniture import without_furniture
from qa.documents.metadata import stated_metadata
from qa.language import word_lists
from qa.language.numbers import quantities
from qa.language.opposites import opposites
from qa.language.places import place
from qa.language.sentences import split_sentences
from qa.language.text import (
    content_stems,
    has_negation,
    stem,
    tokens,
    without_accents,
)
from qa.verification.statements import plain

ROWS = Path(__file__).parent / "rows"


def same_content(text, left):
    return content_stems(text) == list(map(stem, left.split()))


def negated_by(text, found):
    return [token for token in tokens(text) if has_negation(token)] == found.split()


def hedged_by(text, found):
    hedges = word_lists.words("hedges")
    return [token for token in tokens(text) if token.lower() in hedges] == found.split()


def of_the_place(word, name):
    return place(without_accents(word)) == stem(word) == stem(name) == name.lower()


def put_plainly(text, expected):
    return plain(text) == expected


def are_opposites(left, right):
    return stem(right) in opposites(stem(left)) and stem(left) in opposites(stem(right))


def compared_by(superlative, head):
    lines = (f"Hut: Ardoch; {head}: 20; Bunks: 4", f"Hut: Bhan; {head}: 9; Bunks: 12")
    rows = list(rows_in([(hit(*lines).passage, SOURCE)]))
    return bool(rows_asked(f"Which hut is {superlative}?", rows)[0])


def counted(text, expected):
    return ", ".join(map(shown, quantities(text))) == expected


def shown(quantity):
    unit = "" if quantity.unit == "number" else f" {quantity.unit}"
    value = f"{'~' if quantity.about else ''}{quantity.value:.4g}{unit}"
    return f"({value})" if quantity.implied else value


PROSE = "The ferry carried mail to the islands, and fish from them, for fifty years."
LATER = "The harbour is old and grey."


def left_of(*texts):
    blocks = [Block("paragraph", text) for text in texts]
    return [block.text for block in without_furniture(blocks)[0]]


def of_a_page(line, fate, *labels):
    kept = [PROSE, *[line] * (fate == "kept"), PROSE, LATER]
    return left_of(PROSE, line, PROSE, LATER, *labels) == kept


def between_paragraphs(line, fate):
    return of_a_page(line, fate, "Recent posts", "Related news", "Read next")


def after_the_article(line, fate):
    page = ("Share on Facebook", PROSE, "Tweet", PROSE, "Print now", "Subscribe")
    kept = [PROSE, PROSE, "Print now", *[line, LATER] * (fate == "kept")]
    return left_of(*page, line, LATER) == kept


def written_by(line, author):
    return ", ".join(stated_metadata([Block("paragraph", line)]).authors) == author


def split_into(text, expected):
    return " | ".join(split_sentences(text)) == expected


HOLDS: dict[str, Callable[[str, str], bool]] = {
    "abbreviations": split_into,
    "approximations": counted,
    "cardinals": counted,
    "fractions": counted,
    "furniture_beside": between_paragraphs,
    "furniture_lines": between_paragraphs,
    "furniture_tails": after_the_article,
    "hedges": hedged_by,
    "measures": compared_by,
    "multiples": counted,
    "name_particles": written_by,
    "negations": negated_by,
    "occupations": written_by,
    "opposites": are_opposites,
    "ordinals": counted,
    "periods": counted,
    "phrases": put_plainly,
    "places": of_the_place,
    "recurring": counted,
    "scales": counted,
    "stop_words": same_content,
}


def rows_of(name):
    lines = (ROWS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.partition(" =>") for line in lines if line[0] != "#")
    return [(text, expected.strip()) for text, _, expected in parts]


def test_each_list_has_a_table_of_rows():
    lists = {path.stem for path in word_lists.FOLDER.iterdir()}
    # Made of a lexicon, and held against it in tests/lab/test_irregular.py.
    assert sorted(HOLDS) == sorted(lists - {"base_forms"})
    assert sorted(HOLDS) == sorted(path.stem for path in ROWS.iterdir())


@pytest.mark.parametrize(
    ("name", "text", "expected"), [(n, *row) for n in HOLDS for row in rows_of(n)]
)
def test_a_list_says_what_its_rows_say(name, text, expected):
    assert HOLDS[name](text, expected)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The lists in a folder of their own, to be spoiled, and how to forget them."""
    folder = copytree(word_lists.FOLDER, tmp_path / "data")
    monkeypatch.setattr(word_lists, "FOLDER", folder)
    caches = [
        found
        for found in gc.get_objects()
        if type(found) is _lru_cache_wrapper and found.__module__.startswith("qa.")
    ]

    def forget(name="places"):
        for cache in caches:
            if cache is not stem or name == "places":  # stems know no other list
                cache.cache_clear()

    forget()
    yield folder, forget
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize("name", HOLDS)
def test_a_row_notices_each_entry_that_is_spoiled_or_missing(name, copied):
    folder, forget = copied
    path = folder / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = rows_of(name)
    assert not fails(name, rows)
    unnoticed = []
    for number, line in enumerate(lines):
        for other in ways_to_spoil(name, line):
            spoiled = [*lines[:number], other, *lines[number + 1 :]]
            path.write_text("\n".join(spoiled), encoding="utf-8")
            forget(name)
            if not fails(name, rows):
                unnoticed.append((line, other))
    assert unnoticed == []


def ways_to_spoil(name, line):
    """A line with one of its entries misspelt, and without it."""
    if line[:1] == "#" or not line:
        return
    if name.startswith("furniture"):
        for found in re.finditer(r"(?<![\\\w])[a-z]{2,}", line):
            before, after = line[: found.start()], line[found.end() :]
            yield before + misspelt(found.group()) + after
        yield "#"
        return
    value, colon, forms = line.rpartition(": ")
    if colon:
        yield f"{misspelt(value)}: {forms}"
        entries = forms.split(", ")
        for number, form in enumerate(entries):
            before, after = entries[:number], entries[number + 1 :]
            yield f"{value}: {', '.join([*before, misspelt(form), *after])}"
            yield f"{value}: {', '.join([*before, *after])}" if before or after else "#"
        return
    for found in re.finditer(r"[^\s|]+", line):
        before, after = line[: found.start()], line[found.end() :]
        yield before + misspelt(found.group()) + after
        yield before + after


def misspelt(entry):
    return entry + "1" if entry[-1].isdigit() else f"{entry[:1]}q{entry[1:]}"


def fails(name, rows):
    try:
        return not all(HOLDS[name](*row) for row in rows)
    except (LookupError, ValueError, ZeroDivisionError):
        return True
