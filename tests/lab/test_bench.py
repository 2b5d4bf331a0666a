"""The bench: every figure is there, beside its reference, and says what it is."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from lab.app import app
from lab.bench import GROUPS, Plan, Row
from lab.bench.books import measure_books, measure_reading
from lab.bench.library import SyntheticLibrary, store_in


def test_a_row_is_put_beside_its_reference():
    assert Row("x", 3.0, "s", 2.0).ratio == 1.5
    assert Row("x", 3.0, "s").ratio is None


def test_a_made_up_library_is_the_same_each_time_and_can_be_searched(tmp_path):
    library = SyntheticLibrary(60)
    assert library.text(2) == SyntheticLibrary(60).text(2)
    assert len(library.text(2).split("\n")) == 10
    index = store_in(tmp_path, shared=False)
    library.build(index, tmp_path / "seeds", at_once=2)
    near = np.concatenate([library.vectors(n)[:, 0] for n in range(3)])
    with index.snapshot() as snapshot:
        assert snapshot.passage_count == 60
        for key in (1, 30, 60):
            assert snapshot.search_vectors(near[key - 1], 1) == [key]
        (line, *_) = library.text(1).split("\n")
        passage, _ = snapshot.passages([26])[26]
        assert passage.text == line
        assert passage.id == library.passage_id(25)


def test_the_command_prints_one_table_and_saves_one_json(tmp_path):
    path = tmp_path / "bench.json"
    options = ["--only", "index", "--sizes", "50,100", "--folder", str(tmp_path)]
    ran = CliRunner().invoke(app, ["bench", *options, "--save", str(path)])
    assert ran.exit_code == 0, ran.output
    rows = {row["name"]: row for row in json.loads(path.read_text())["index"]}
    for size in ("50", "100"):
        recall = rows[f"{size}: dense search, recall@10"]
        assert recall["value"] == recall["ratio"] > 0.98  # 16 bits may swap two
        assert rows[f"{size}: query, median"]["value"] > 0
        added = rows[f"{size}: adding an article, without embedding"]["value"]
        assert 0 < added <= rows[f"{size}: adding an article, the slowest"]["value"]
        assert rows[f"{size}: full text, median"]["reference"] > 0
    assert {row["note"] for row in rows.values()} == {"made-up words and vectors"}
    assert "recall@10" in ran.output
    assert [path.name for path in tmp_path.iterdir()] == ["bench.json"]


def test_kinds_of_index_are_compared_with_a_scan(tmp_path):
    rows = list(GROUPS["kinds"](Plan((500,), tmp_path, lambda _: None)))
    assert len({row.name for row in rows}) == len(rows) == 6 * 4
    recalls = {row.name: row.value for row in rows if row.name.endswith("recall@10")}
    assert min(recalls.values()) > 0.95
    # 16 bits may swap two where a scan has the same 16 bits
    assert recalls["500: segments of this program, recall@10"] > 0.99
    assert recalls["500: flat, recall@10"] > 0.99
    sizes = {row.name: row.ratio for row in rows if row.name.endswith("disk")}
    assert sizes["500: flat, memory and disk"] == pytest.approx(1, abs=0.01)
    assert sizes["500: flat, 8 bits, memory and disk"] < 0.3


def test_of_a_book_the_words_that_are_kept_are_counted(tmp_path):
    rows = list(measure_books(Plan((), tmp_path, lambda _: None), (30,)))
    assert [row.name for row in rows] == [
        f"30 pages, {k}" for k in ("txt", "epub", "pdf")
    ]
    kept = [float(row.note.removeprefix("words kept ")) for row in rows]
    assert min(kept) > 0.999


def test_reading_side_by_side_is_compared_with_one_process(tmp_path):
    (row,) = measure_reading(Plan((), tmp_path, lambda _: None), 1)
    assert row.ratio > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "nothing"], "--only takes"),
        (["--sizes", "many"], "--sizes takes numbers"),
        (["--sizes", "0"], "--sizes takes numbers"),
    ],
)
def test_wrong_use_is_explained(options, said):
    ran = CliRunner().invoke(app, ["bench", *options])
    assert ran.exit_code == 2
    assert said in " ".join(ran.output.split())


def test_each_group_is_a_function_of_a_plan(tmp_path):
    said = []
    rows = list(GROUPS["index"](Plan([30], tmp_path, said.append)))
    assert all(isinstance(row, Row) for row in rows)
    assert said
