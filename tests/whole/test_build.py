"""The offline pipeline on a fake embedder: what a build does, and what it costs."""

import os
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from fakes import BagOfWordsEmbedder, PowerCutError, article, outcomes
from rendering import as_zip

from qa.build import Progress, build
from qa.errors import SeedsError
from qa.index import TextQuery
from qa.library.seeds import remove_file
from qa.retrieval.retriever import Retriever
from qa.wiring.overview import seed_changes


def test_a_build_reports_what_was_added(library):
    library.write("a.txt", article("tower"))
    library.write("b.md", "# Bridges\n\n" + article("bridge"))
    report = library.build()
    assert outcomes(report) == {"a.txt": "added", "b.md": "added"}
    assert report.generation == 1
    assert report.embedded == len(library.embedder.encoded) > 0
    assert sum(seed.passages for seed in report.seeds) == len(library.passage_texts())


def test_a_second_build_embeds_nothing_and_publishes_nothing(library):
    library.write("a.txt", article("tower"))
    library.build()
    before = list(library.embedder.encoded)
    report = library.build()
    assert outcomes(report) == {"a.txt": "unchanged"}
    assert report.generation is None
    assert library.embedder.encoded == before


def test_an_added_file_embeds_only_its_own_texts(library):
    library.write("a.txt", article("tower"))
    library.build()
    library.embedder.encoded.clear()
    library.write("b.txt", article("bridge"))
    report = library.build()
    assert outcomes(report) == {"a.txt": "unchanged", "b.txt": "added"}
    assert library.embedder.encoded
    assert all("bridge" in text for text in library.embedder.encoded)
    assert report.embedded == len(library.embedder.encoded)


def test_a_changed_file_embeds_only_what_changed_in_it(library):
    library.write("a.jsonl", '{"id": 1, "title": "T", "text": "One tower stands."}\n')
    library.write("b.txt", article("bridge"))
    library.build()
    library.embedder.encoded.clear()
    library.write(
        "a.jsonl",
        '{"id": 1, "title": "T", "text": "One tower stands."}\n'
        '{"id": 2, "title": "T", "text": "Two castles fell."}\n',
    )
    report = library.build()
    assert outcomes(report) == {"a.jsonl": "changed", "b.txt": "unchanged"}
    assert library.embedder.encoded == ["Two castles fell."]
    assert "One tower stands." in library.passage_texts()


def test_a_changed_file_leaves_nothing_of_its_earlier_version(library):
    library.write("a.txt", article("tower"))
    library.build()
    library.write("a.txt", article("castle"))
    library.build()
    assert not any("tower" in text for text in library.passage_texts())
    with library.open().snapshot() as snapshot:
        found = snapshot.search_text(TextQuery(("tower0",)), 10)
    assert found == []


def test_a_removed_file_goes_with_its_passages_and_vectors(library):
    library.write("a.txt", article("tower"))
    library.write("b.txt", article("bridge"))
    library.build()
    vectors = library.open().stats().vectors
    library.embedder.encoded.clear()
    (library.seeds / "a.txt").unlink()
    report = library.build()
    assert outcomes(report) == {"a.txt": "removed", "b.txt": "unchanged"}
    assert library.embedder.encoded == []
    assert not any("tower" in text for text in library.passage_texts())
    assert library.open().stats().vectors < vectors


def test_a_renamed_file_embeds_nothing(library):
    library.write("a.md", "# Towers\n\n" + article("tower"))
    library.build()
    library.embedder.encoded.clear()
    (library.seeds / "a.md").rename(library.seeds / "b.md")
    report = library.build()
    assert outcomes(report) == {"a.md": "removed", "b.md": "added"}
    assert library.embedder.encoded == []


def test_the_same_seeds_give_the_same_ids_in_another_index(library, tmp_path):
    library.write("a.txt", article("tower", 20))
    library.build()

    def ids(folder: Path) -> list[str]:
        other = type(library)(folder)
        other.write("a.txt", article("tower", 20))
        other.build()
        with other.open().snapshot() as snapshot:
            (source,) = snapshot.sources()
            passages = snapshot.passages(snapshot.keys_in(source.id)).values()
            return [source.id, *(passage.id for passage, _ in passages)]

    first, second = ids(tmp_path / "one"), ids(tmp_path / "two")
    assert first == second
    assert len(first) == len(set(first)) > 2


def test_an_unreadable_file_is_skipped_with_its_reason_and_the_rest_is_built(library):
    library.write("good.txt", article("tower"))
    library.write("empty.txt", "")
    library.write("binary.txt", b"\x00\x01\x02")
    library.write("big.txt", "long. " * 30_000)
    library.write("paper.pdf", b"%PDF-1.7")
    library.write("old.doc", b"\xd0\xcf\x11\xe0")
    report = library.build()
    reasons = {s.file: s.reason for s in report.seeds if s.outcome == "skipped"}
    assert set(reasons) == {
        "empty.txt",
        "binary.txt",
        "big.txt",
        "paper.pdf",
        "old.doc",
    }
    assert "empty" in reasons["empty.txt"]
    assert "binary" in reasons["binary.txt"]
    assert "larger" in reasons["big.txt"]
    assert "is damaged or no PDF" in reasons["paper.pdf"]
    assert "save it as .docx" in reasons["old.doc"]
    assert report.count("added") == 1


@pytest.mark.parametrize("size", [40, 30], ids=["same settings", "other settings"])
def test_a_file_that_becomes_unreadable_keeps_its_earlier_version(library, size):
    library.write("a.txt", article("tower"))
    library.write("b.txt", article("bridge"))
    library.build()
    library.write("a.txt", b"\x00 broken")
    assert outcomes(library.build(size=size))["a.txt"] == "skipped"
    assert any("tower0" in text for text in library.passage_texts())
    assert outcomes(library.build(size=size))["a.txt"] == "skipped"
    library.write("a.txt", article("tower"))
    assert outcomes(library.build(size=size))["a.txt"] == "unchanged"


@pytest.mark.parametrize(
    "size",
    [
        40,
        pytest.param(30),
    ],
    ids=["same settings", "other settings"],
)
def test_a_kept_earlier_version_is_reported_with_the_reason(library, size):
    library.write("a.txt", article("tower"))
    library.write("b.txt", article("bridge"))
    library.build()
    library.write("a.txt", b"\x00 broken")
    report = library.build(size=size)
    (skipped,) = [seed for seed in report.seeds if seed.outcome == "skipped"]
    assert skipped.reason.startswith("is binary")
    assert skipped.reason.endswith("its earlier version stays indexed")


def test_other_passage_settings_split_everything_again(library):
    library.write("a.txt", article("tower", 12))
    library.build(size=60)
    few = len(library.passage_texts())
    report = library.build(size=20)
    assert outcomes(report) == {"a.txt": "changed"}
    assert len(library.passage_texts()) > few


def test_another_embedder_embeds_everything_again(library):
    library.write("a.txt", article("tower"))
    library.build()
    texts = list(library.embedder.encoded)
    library.embedder = BagOfWordsEmbedder(id="words@2", dimension=32)
    library.build()
    assert library.embedder.encoded == texts
    with library.open().snapshot() as snapshot:
        query = library.embedder.encode_queries(["tower1"])[0]
        assert snapshot.search_vectors(query, 5)


@pytest.mark.parametrize("content", [{}, {"a.pdf": b"%PDF"}, {"a.txt": b" \n"}])
def test_seeds_without_an_article_are_an_error(library, content):
    for file, data in content.items():
        library.write(file, data)
    with pytest.raises(SeedsError, match="holds no article"):
        library.build()


def test_an_emptied_seeds_folder_does_not_empty_the_index(library):
    library.write("a.txt", article("tower"))
    library.build()
    (library.seeds / "a.txt").unlink()
    with pytest.raises(SeedsError):
        library.build()
    assert library.passage_texts()


def test_the_last_article_can_be_removed_on_purpose(library):
    library.write("a.txt", article("tower"))
    library.build()
    remove_file(library.seeds, "a.txt")
    assert outcomes(library.build()) == {"a.txt": "removed"}
    with library.open().snapshot() as snapshot:
        assert snapshot.sources() == ()
    retriever = Retriever(library.open(), library.embedder, reader=None, k=5)
    assert retriever.retrieve("Where is tower1?") == ()
    library.write("b.txt", article("bridge"))
    assert outcomes(library.build()) == {"b.txt": "added"}
    assert retriever.retrieve("Where is bridge1?")


def test_a_missing_seeds_folder_is_an_error(library):
    with pytest.raises(SeedsError, match="no such folder"):
        build(
            library.seeds,
            library.folder,
            embedder=library.embedder,
            size=40,
            max_bytes=1000,
        )
    assert not library.folder.exists()


def test_a_build_killed_while_embedding_resumes_without_embedding_twice(library):
    library.write("a.txt", article("tower", 700))
    library.embedder.fail_after = 256
    with pytest.raises(PowerCutError):
        library.build(size=12)
    assert 0 < len(library.embedder.encoded) < 700
    library.embedder.fail_after = None
    report = library.build(size=12)
    encoded = library.embedder.encoded
    assert len(encoded) == len(set(encoded)) >= 700
    assert report.embedded < len(encoded)
    assert len(library.passage_texts()) == report.seeds[0].passages


def test_a_killed_build_leaves_the_old_index_answering(library):
    library.write("a.txt", article("tower"))
    library.build()
    before = library.passage_texts()
    library.write("b.txt", article("bridge"))
    library.embedder.fail_after = 0
    with pytest.raises(PowerCutError):
        library.build()
    assert library.passage_texts() == before
    library.embedder.fail_after = None
    assert outcomes(library.build())["b.txt"] == "added"


def test_readers_keep_answering_while_builds_publish(library):
    library.write("a.txt", article("tower"))
    library.build()
    index, stop, failures = library.open(), threading.Event(), []
    seen: set[int] = set()

    def read() -> None:
        query = library.embedder.encode_queries(["tower0"])[0]
        while not stop.is_set():
            try:
                with index.snapshot() as snapshot:
                    (key, *_) = snapshot.search_vectors(query, 3)
                    passage, source = snapshot.passages([key])[key]
                    document = snapshot.document(source.id)
                    assert document.text[passage.start : passage.end] == passage.text
                    seen.add(snapshot.generation)
            except Exception as exc:  # noqa: BLE001 - whatever it is, it is the finding
                failures.append(exc)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(8):
        library.write("b.txt", article(f"bridge{number}", 30))
        library.build()
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(seen) > 1


def test_progress_runs_to_the_end_of_each_stage(library):
    library.write("a.txt", article("tower"))
    told: list[Progress] = []
    build(
        library.seeds,
        library.open(),
        embedder=library.embedder,
        size=40,
        max_bytes=1000,
        progress=told.append,
    )
    stages = list(dict.fromkeys(step.stage for step in told))
    assert stages == ["reading", "embedding", "writing"]
    for stage in stages:
        last = [step for step in told if step.stage == stage][-1]
        assert last.done == last.total > 0


def test_an_index_is_stale_exactly_when_file_contents_changed(library):
    library.write("a.txt", article("tower"))
    library.write("b.txt", article("bridge"))
    library.build()

    def stale() -> bool:
        with library.open().snapshot() as snapshot:
            return seed_changes(library.seeds, snapshot, max_bytes=100_000).count > 0

    assert not stale()
    (library.seeds / "a.txt").touch()
    assert not stale()
    library.write("a.txt", article("castle"))
    assert stale()
    library.build()
    assert not stale()
    (library.seeds / "b.txt").unlink()
    assert stale()


def test_a_text_that_occurs_twice_is_embedded_once(library):
    line = '{"id": %d, "title": "Same", "text": "The same words again."}'
    library.write("a.jsonl", line % 1 + "\n" + line % 2)
    library.build()
    assert library.embedder.encoded == ["The same words again."]
    assert library.passage_texts() == ["The same words again."] * 2


def test_a_malformed_file_does_not_make_the_index_stale_for_ever(library):
    library.write("a.txt", article("tower"))
    library.write("b.jsonl", "not JSON")
    library.build()
    assert library.build().generation is None
    with library.open().snapshot() as snapshot:
        changes = seed_changes(library.seeds, snapshot, max_bytes=100_000)
    assert changes.count == 0


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.jsonl", rb'{"id": "1", "text": "A lone \ud800 surrogate."}'),
        ("a.jsonl", rb'{"id": "1", "title": "\ud800", "text": "Text."}'),
        ("a.jsonl", rb'{"id": "\ud800", "text": "Text."}'),
        ("a.md", b"---\ndate: 2023-13-45\n---\nText."),
        ("a.md", b"---\nnumber: " + b"9" * 5000 + b"\n---\nText."),
        ("a.md", b"{\nbraces\n}\nText."),
        ("a\udcff.md", b"A name that is not UTF-8."),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_no_seed_takes_the_build_down(library, file, data):
    library.write("good.txt", article("tower"))
    library.write(file, data)
    assert outcomes(library.build())["good.txt"] == "added"


def test_a_symbolic_link_to_itself_is_skipped(library):
    library.write("good.txt", article("tower"))
    (library.seeds / "loop.md").symlink_to("loop.md")
    assert outcomes(library.build()) == {"good.txt": "added", "loop.md": "skipped"}


@pytest.mark.parametrize("escape", [r"\u0000", r"\u00ad", r"\u200b"])
def test_escapes_in_records_are_cleaned_like_plain_characters(library, escape):
    library.write("a.jsonl", f'{{"id": "1", "text": "One{escape} tower stands."}}')
    library.build()
    assert library.passage_texts() == ["One tower stands."]


def test_a_member_that_cannot_be_read_any_more_keeps_its_earlier_version(library):
    library.write(
        "a.zip", as_zip({"a.txt": article("tower"), "b.txt": article("pier")})
    )
    library.build()
    files = {"a.txt": article("bridge"), "b.txt": b"\x00", "c.pdf": "%PDF"}
    library.write("a.zip", as_zip(files))
    report = library.build()
    reasons = {seed.file: seed.reason for seed in report.seeds}
    assert (
        reasons["a.zip#b.txt"]
        == "is binary, not text; its earlier version stays indexed"
    )
    assert "earlier" not in reasons["a.zip#c.pdf"]
    said = " ".join(library.passage_texts())
    assert "pier0" in said
    assert "bridge0" in said
    assert "tower0" not in said


def test_a_table_that_is_too_long_leaves_nothing_of_its_earlier_version(library):
    def rows(first, last):
        return f"Port,Lamps\n{first},2\n" + "\n" * 50_000 + f"{last},3\n"

    for first, last in [("Velmar", "Oake"), ("Velmar", "Lind"), ("Tarn", "Lind")]:
        library.write("ports.csv", rows(first, last))
        report = library.build()
        assert [seed.outcome for seed in report.seeds][1:] == ["skipped"]
        assert report.seeds[1].reason.endswith("rows; split it")
        assert library.passage_texts() == [f"Port: {first}; Lamps: 2"]


def test_an_archive_that_did_not_change_is_not_read_again(library):
    library.write("a.zip", as_zip({"a.txt": article("tower"), "b.pdf": "%PDF"}))
    library.build()
    assert outcomes(library.build()) == {"a.zip": "unchanged"}


def build_with(library, at, act):
    """A build in whose stage ``at`` something happens to the seeds."""
    pending = [act]

    def progress(told):
        if told.stage == at and pending:
            pending.pop()()

    return build(
        library.seeds,
        library.open(),
        embedder=library.embedder,
        size=40,
        max_bytes=100_000,
        progress=progress,
    )


def test_a_seed_that_vanishes_while_others_are_read_is_skipped_and_kept(library):
    library.write("a.txt", article("tower"))
    library.write("b.txt", article("bridge"))
    library.build()
    library.write("c.txt", article("castle"))
    report = build_with(library, "reading", (library.seeds / "b.txt").unlink)
    assert outcomes(report) == {
        "a.txt": "unchanged",
        "b.txt": "skipped",
        "c.txt": "added",
    }
    assert any("bridge0" in text for text in library.passage_texts())
    assert outcomes(library.build())["b.txt"] == "removed"


@pytest.mark.parametrize("stage", ["embedding", "writing"])
def test_a_seed_that_changes_during_a_build_is_indexed_as_it_was_read(library, stage):
    library.write("a.txt", article("tower"))
    change = partial(library.write, "a.txt", article("castle"))
    assert outcomes(build_with(library, stage, change)) == {"a.txt": "added"}
    assert all("tower" in text for text in library.passage_texts())
    assert outcomes(library.build()) == {"a.txt": "changed"}
    assert all("castle" in text for text in library.passage_texts())


def aged(path):
    """As if it had been written a minute ago."""
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns - 60_000_000_000))


@pytest.fixture
def settled(library, monkeypatch):
    """Two seeds that a build has looked at and may know again by their look."""
    monkeypatch.setattr("qa.documents.files._TICK", 0)
    for name in ("tower", "bridge"):
        library.write(f"{name}.txt", article(name, 9))
        aged(library.seeds / f"{name}.txt")
    library.build()
    return library


def opened(action):
    """The names of the files that are opened meanwhile."""
    names = []

    def hear(event, arguments):
        if event == "open" and listening:
            names.append(Path(str(arguments[0])).name)

    listening = True
    sys.addaudithook(hear)
    action()
    listening = False
    return names


def test_a_seed_that_has_not_changed_is_not_even_read(settled):
    assert "tower.txt" not in opened(settled.build)
    settled.write("tower.txt", article("castle", 9))
    assert "tower.txt" in opened(settled.build)
    assert "bridge.txt" not in opened(settled.build)


def test_status_reads_only_what_looks_other_than_it_did(settled):
    settled.build()

    def changes():
        with settled.open().snapshot() as snapshot:
            return seed_changes(settled.seeds, snapshot, max_bytes=100_000)

    assert "tower.txt" not in opened(changes)
    settled.write("tower.txt", article("castle", 9))
    assert "tower.txt" in opened(changes)
    assert changes().changed == ("tower.txt",)


def test_a_change_that_keeps_size_and_time_is_seen(settled):
    path = settled.seeds / "tower.txt"
    stat = path.stat()
    settled.write("tower.txt", path.read_bytes().replace(b"tower", b"power"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    assert outcomes(settled.build())["tower.txt"] == "changed"


def test_a_file_written_a_moment_ago_is_read_again(library):
    library.write("tower.txt", article("tower", 9))
    library.build()
    assert "tower.txt" in opened(library.build)


def test_files_are_read_side_by_side_and_reported_in_order(library):
    for number in range(12):
        library.write(f"a{number:02}.html", f"<h1>A</h1><p>{article(f'lamp{number}')}")
    library.write("b.pdf", b"no pdf")
    alone = library.build(readers=1)
    assert [seed.file for seed in alone.seeds] == sorted(s.file for s in alone.seeds)
    assert (alone.count("added"), alone.count("skipped")) == (12, 1)
    together = library.build(readers=3)
    assert together.count("unchanged") == 12


def test_a_build_can_be_stopped_while_a_long_file_is_read(library):
    library.write("long.html", f"<p>{article('lamp') * 2000}")
    said = []

    def stop(told):
        said.append(told)
        if len(said) > 1:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        library.build(progress=stop, max_bytes=10**8)
    assert library.build(max_bytes=10**8).count("added") == 1
