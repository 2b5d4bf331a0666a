"""The seeds folder changes safely: names, copies, refusals, removal."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.documents import scan_seeds
from qa.errors import SeedError, SeedsError
from qa.library.filenames import safe_name, safe_path
from qa.library.seeds import (
    Added,
    Refused,
    add_bytes,
    add_file,
    add_folder,
    find_seed,
    remove_file,
)

TEXT = b"The heron stands in the reeds.\n"


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


def written(path, data=TEXT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def add(seeds, source, **options):
    return add_file(seeds, source, **{"max_bytes": 1000, **options})


def test_a_file_is_copied_under_its_name(seeds, tmp_path):
    source = written(tmp_path / "heron.md")
    assert add(seeds, source) == Added("heron.md", is_new=True)
    assert (seeds / "heron.md").read_bytes() == TEXT
    assert source.exists()


def test_the_seeds_folder_is_made(tmp_path):
    source = written(tmp_path / "heron.md")
    assert add(tmp_path / "new" / "seeds", source).is_new


def test_the_same_bytes_are_there_already(seeds, tmp_path):
    source = written(tmp_path / "heron.md")
    add(seeds, source)
    assert add(seeds, source) == Added("heron.md", is_new=False)
    assert scan_seeds(seeds) == ["heron.md"]


def test_other_bytes_get_a_free_name_and_are_found_again(seeds, tmp_path):
    add(seeds, written(tmp_path / "heron.md"))
    other = written(tmp_path / "other" / "heron.md", b"Another heron.")
    assert add(seeds, other).file == "heron-2.md"
    assert add(seeds, other) == Added("heron-2.md", is_new=False)
    assert (seeds / "heron.md").read_bytes() == TEXT


def test_the_folders_own_readme_is_not_hidden_behind(seeds, tmp_path):
    added = add(seeds, written(tmp_path / "README.md"))
    assert scan_seeds(seeds) == [added.file]


def test_a_file_that_is_a_seed_already_is_not_copied(seeds):
    source = written(seeds / "birds" / "heron.md")
    assert add(seeds, source) == Added("birds/heron.md", is_new=False)
    assert scan_seeds(seeds) == ["birds/heron.md"]


def test_an_upload_keeps_the_name_it_had(seeds, tmp_path):
    source = written(tmp_path / "tmp1234")
    assert add(seeds, source, name="../../Heron.MD").file == "Heron.MD"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("heron.exe", "not read"),
        ("heron.doc", "save it as .docx"),
        ("heron", "not read"),
    ],
)
def test_other_kinds_are_refused_with_what_to_do(seeds, tmp_path, name, told):
    with pytest.raises(SeedError, match=told):
        add(seeds, written(tmp_path / name))
    assert scan_seeds(seeds) == []


def test_a_file_that_is_too_big_is_refused_by_the_name_it_was_given(seeds, tmp_path):
    source = written(tmp_path / "long.md", b"x" * 1001)
    with pytest.raises(SeedError, match="max_seed_mb") as caught:
        add(seeds, source)
    assert str(caught.value).startswith(f"{source}: ")
    assert list(seeds.iterdir()) == []


def test_what_is_not_there_and_what_is_no_file_is_refused(seeds, tmp_path):
    with pytest.raises(SeedError, match="no such file"):
        add(seeds, tmp_path / "gone.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(SeedError, match="no regular file"):
        add(seeds, tmp_path / "folder.md")


def test_a_folder_is_walked_and_what_cannot_be_added_is_said(seeds, tmp_path):
    folder = tmp_path / "birds"
    written(folder / "heron.md")
    written(folder / "water" / "gull.txt", b"The gull.")
    written(folder / "photo.png")
    written(folder / ".hidden.md")
    (folder / "out.md").symlink_to(written(tmp_path / "secret.md"))
    found = list(add_folder(seeds, folder, max_bytes=1000))
    assert [f.file for f in found if isinstance(f, Added)] == [
        "birds/heron.md",
        "birds/water/gull.txt",
    ]
    refused = {f.file: f.reason for f in found if isinstance(f, Refused)}
    assert "link" in refused[str(folder / "out.md")]
    assert "picture" in refused[str(folder / "photo.png")]
    assert scan_seeds(seeds) == ["birds/heron.md", "birds/water/gull.txt"]


def test_a_folder_within_or_around_the_seeds_is_refused(seeds, tmp_path):
    (seeds / "birds").mkdir()
    for folder in (seeds, seeds / "birds", tmp_path):
        with pytest.raises(SeedsError, match="seeds folder"):
            list(add_folder(seeds, folder, max_bytes=1000))


def test_nothing_is_written_through_a_link_out_of_the_seeds(seeds, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (seeds / "birds").symlink_to(outside)
    with pytest.raises(SeedError, match="leads out"):
        add_bytes(seeds, "birds/heron.md", TEXT, keep_folders=True)
    (seeds / "gull.md").symlink_to(outside / "gull.md")
    assert add_bytes(seeds, "gull.md", TEXT).file == "gull-2.md"
    assert list(outside.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path):
    (tmp_path / "seeds").write_text("a file")
    with pytest.raises(SeedsError, match="cannot be written"):
        add_bytes(tmp_path / "seeds", "heron.md", TEXT)


def test_a_scan_never_sees_half_a_file(seeds):
    data = b"word " * 200_000
    sizes, over = set(), threading.Event()

    def watch():
        while not over.is_set():
            sizes.update((seeds / f).stat().st_size for f in scan_seeds(seeds))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(30):
        add_bytes(seeds, f"long{number}.md", data)
    over.set()
    watcher.join()
    assert sizes <= {len(data)}
    assert all(path.suffix == ".md" for path in seeds.iterdir())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.md", "passwd.md"),
        ("C:\\Users\\me\\heron.md", "heron.md"),
        ("/abs/heron.md", "heron.md"),
        (".hidden.md", "hidden.md"),
        ("..md", "md"),
        ("con.md", "_con.md"),
        ("LPT1.txt", "_LPT1.txt"),
        ("a\x00b\n.md", "ab.md"),
        ("a\u202egpj.md", "agpj.md"),
        ("a#b?.md", "a-b-.md"),
        ("-rf.md", "rf.md"),
        ("heron.md. ", "heron.md"),
        ("", "article"),
        ("...", "article"),
        ("Reiher und Möwe.pdf", "Reiher und Möwe.pdf"),
        ("Mo\u0308we.md", "Möwe.md"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


@given(st.text(st.characters(), max_size=400), st.sampled_from([".md", ".pdf", ""]))
def test_any_name_ends_as_one_visible_file_below_the_folder(name, suffix):
    safe = safe_name(name + suffix)
    assert safe
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith((".", "-"))
    assert safe.isprintable()
    assert len(safe.encode()) <= 200
    assert safe_name(safe) == safe
    assert ".." not in safe_path(name + suffix).split("/")


def test_a_seed_is_removed_by_path_name_or_title_and_can_be_had_back(seeds):
    for ways, name in enumerate(["birds/heron.md", "HERON.md", "heron", "The Heron"]):
        written(seeds / "birds" / "heron.md")
        removed = remove_file(seeds, name, {"birds/heron.md": "The heron"})
        assert removed.file == "birds/heron.md"
        assert removed.kept.read_bytes() == TEXT
        assert scan_seeds(seeds) == []
        assert len(list((seeds / ".removed").rglob("*.md"))) == ways + 1


def test_what_was_removed_can_be_added_again(seeds):
    written(seeds / "heron.md")
    kept = remove_file(seeds, "heron.md").kept
    assert add(seeds, kept) == Added("heron.md", is_new=True)


def test_a_name_that_several_or_none_have_is_refused(seeds):
    written(seeds / "a" / "heron.md")
    written(seeds / "b" / "heron.md")
    with pytest.raises(SeedError, match=r"2 articles .* a/heron\.md, b/heron\.md"):
        remove_file(seeds, "heron.md")
    with pytest.raises(SeedError, match=r"close to it: a/heron\.md"):
        remove_file(seeds, "a/heronn.md")
    with pytest.raises(SeedError, match="qa status"):
        remove_file(seeds, "zzz")
    assert len(scan_seeds(seeds)) == 2


def test_the_exact_path_wins_over_equal_names(seeds):
    written(seeds / "heron.md")
    written(seeds / "b" / "heron.md")
    assert remove_file(seeds, "heron.md").file == "heron.md"


def test_a_part_of_an_archive_is_not_removed_alone(seeds):
    written(seeds / "birds.zip")
    with pytest.raises(SeedError, match=r"is part of birds\.zip"):
        remove_file(seeds, "The heron", {"birds.zip#heron.md": "The heron"})


def test_a_name_cannot_reach_out_of_the_seeds(seeds, tmp_path):
    written(tmp_path / "other.md")
    with pytest.raises(SeedError):
        find_seed(seeds, "../other.md", {})
