"""The library's page: what it lists, and what it takes in."""

import pytest
from fakes import article

from qa.errors import SeedError
from qa.ui.panels.library_listing import (
    add_upload,
    list_left_out,
    list_library,
    remove_seed,
)
from qa.ui.server.build_runner import BuildState

LAMP = (
    "---\ntitle: The lamp\nauthors: [Ann Lee]\npublisher: The Review\n"
    f"date: 2017-02\n---\n\n{article('lamp')}"
)


def rows(library, state=None):
    shelf = list_library(library.open(), library.seeds, state or BuildState())
    return {row.file: row for row in shelf.rows}


def test_an_indexed_article_is_listed_with_what_is_known_of_it(library):
    library.write("lamp.md", LAMP)
    library.build()
    row = rows(library)["lamp.md"]
    assert (row.title, row.authors, row.publisher) == (
        "The lamp",
        "Ann Lee",
        "The Review",
    )
    assert (row.date, row.status, row.seed) == ("2017-02", "indexed", "lamp.md")
    assert row.passages == len(library.passage_texts())


def test_files_that_came_or_went_since_the_build_are_told_apart(library):
    library.write("stays.md", LAMP)
    library.write("goes.md", article("goes"))
    library.build()
    (library.seeds / "goes.md").unlink()
    library.write("comes.md", article("comes"))
    found = {file: row.status for file, row in rows(library).items()}
    assert found == {"stays.md": "indexed", "goes.md": "gone", "comes.md": "new"}


def test_a_skipped_file_is_listed_with_the_reason(library):
    library.write("lamp.md", LAMP)
    library.write("bad.pdf", b"no pdf")
    state = BuildState(seeds=library.build().seeds)
    row = rows(library, state)["bad.pdf"]
    assert row.status == "skipped"
    assert "no PDF" in row.reason


def test_without_an_index_the_files_are_listed_and_the_problem_told(library):
    library.write("lamp.md", LAMP)
    shelf = list_library(library.open(), library.seeds, BuildState())
    assert [row.status for row in shelf.rows] == ["new"]
    assert shelf.generation is None
    assert "no index yet" in shelf.problem


def test_without_a_folder_nothing_is_listed(library):
    assert list_library(library.open(), library.seeds, BuildState()).rows == ()


def test_an_article_of_an_archive_names_the_archive(library):
    record = '{"id": "a", "title": "A", "text": "' + "The lamp burns. " * 9 + '"}'
    library.write("all.jsonl", record)
    library.build()
    assert rows(library)["all.jsonl#a"].seed == "all.jsonl"


def test_an_uploaded_file_gets_a_safe_name(library):
    added = add_upload(library.seeds, "../../evil.md", b"# Evil", max_bytes=100)
    assert (library.seeds / added.file).read_bytes() == b"# Evil"
    assert list(library.home.rglob("evil.md")) == [library.seeds / added.file]


def test_a_link_that_leads_nowhere_hinders_no_upload(library):
    library.write("lamp.md", LAMP)
    (library.seeds / "lost.md").symlink_to("nowhere.md")
    assert add_upload(library.seeds, "a.md", b"# New", max_bytes=100).is_new


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.exe", b"x", "not read"),
        ("a.md", b"", "empty"),
        ("a.md", b"x" * 101, "larger than"),
    ],
)
def test_what_cannot_be_read_is_not_taken_in(library, name, data, reason):
    with pytest.raises(SeedError, match=reason):
        add_upload(library.seeds, name, data, max_bytes=100)
    assert not library.seeds.exists()


def test_only_a_file_named_exactly_is_removed(library):
    library.write("lamp.md", LAMP)
    for name in ("The lamp", "LAMP.md", "../seeds/lamp.md", "lamp", ""):
        with pytest.raises(SeedError, match="not in the library"):
            remove_seed(library.seeds, name)
    removed = remove_seed(library.seeds, "lamp.md")
    assert not (library.seeds / "lamp.md").exists()
    assert removed.kept.read_text(encoding="utf-8") == LAMP


def test_what_is_not_read_is_listed_up_to_a_bound(library):
    labels = "\n\n".join(["Share on Facebook", "Tweet", "Subscribe now"] * 200)
    library.write("page.txt", f"{article('lamp')}\n\n{labels}")
    listing = list_left_out(library.seeds, "page.txt", max_bytes=10**6)
    assert (len(listing.parts), listing.more) == (500, 100)
    assert {part.text for part in listing.parts[:3]} == {
        "Share on Facebook",
        "Tweet",
        "Subscribe now",
    }
    small = "The lamp of Ostrel is red."
    library.write("lamp.md", small)
    assert not list_left_out(library.seeds, "lamp.md", max_bytes=10**6).parts


@pytest.mark.parametrize("file", ["gone.md", "../outside.md", ""])
def test_only_of_what_is_in_the_library_is_told_what_is_not_read(library, file):
    library.write("lamp.md", LAMP)
    (library.seeds.parent / "outside.md").write_text("secret", encoding="utf-8")
    with pytest.raises(SeedError, match="is not in the library"):
        list_left_out(library.seeds, file, max_bytes=10**6)
