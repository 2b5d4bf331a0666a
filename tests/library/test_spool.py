"""Seeds on disk come back as they were, and nothing stays behind."""

from dataclasses import replace

import pytest
from fakes import BagOfWordsEmbedder, article

from qa.build import _embed, _texts
from qa.documents.passages import split
from qa.errors import IndexDamagedError
from qa.index import NewSeed, SqliteStore
from qa.library.spool import Spool
from qa.schema import Document, Heading, Source
from qa.workers import Here


def seed(file, number):
    text = f"Über die Brücke\n\n{article(file, number)}\n\n日本 — “quoted” \U0001f600."
    source = Source(f"id{file}", file, f"T {file}", ("A. B", "Ö"), "P", "2020", "", "")
    document = Document(source, text, (Heading(0, 15, 1),), (0, 9))
    embedder = BagOfWordsEmbedder()
    passages = split(
        document,
        count_tokens=embedder.count_tokens,
        size=40,
        window=embedder.window,
    )
    texts = tuple(_texts(document, passage, embedder) for passage in passages)
    return NewSeed(file, "ab" * 32, (document,), (tuple(passages),), (texts,))


def test_seeds_come_back_as_they_were_each_time(tmp_path):
    seeds = [seed(f"{number}.txt", number) for number in range(1, 9)]
    with Spool.open(tmp_path) as spool:
        assert spool.files == []
        assert list(spool) == []
        for one in seeds:
            spool.add(one)
        assert spool.files == [one.file for one in seeds]
        assert list(spool) == seeds
        assert [a.file for a, _ in zip(spool, range(2), strict=False)]
        assert list(spool) == seeds
        spool.add(seed("last.txt", 2))
        assert list(spool) == [*seeds, seed("last.txt", 2)]
    assert list(tmp_path.iterdir()) == []


def test_a_seed_of_no_documents_comes_back_too(tmp_path):
    empty = NewSeed("a.txt", "00", (), (), ())
    with Spool.open(tmp_path) as spool:
        spool.add(empty)
        assert list(spool) == [empty]


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path):
    with (
        pytest.raises(IndexDamagedError, match="cannot be written"),
        Spool.open(tmp_path / "missing"),
    ):
        pass


@pytest.mark.parametrize(("together", "of_the_copy"), [(1, False), (10_000, True)])
def test_texts_are_embedded_once_however_few_are_in_memory(
    tmp_path, together, of_the_copy
):
    """A text that two files share counts for both where both are in memory."""
    seeds, embedder = [seed("a.txt", 9), seed("b.txt", 3)], BagOfWordsEmbedder()
    seeds.append(replace(seeds[0], file="copy.txt"))
    with SqliteStore(tmp_path, embedder=embedder.id).writer() as writer:
        told = []
        with Here(embedder) as workers:
            workers.together = together
            counts = _embed(writer, seeds, workers, 99, told.append)
    own = {text.hash for passages in seeds[0].texts for t in passages for text in t}
    assert len(set(embedder.encoded)) == len(embedder.encoded)
    assert counts["a.txt"] == len(own)
    assert counts["copy.txt"] == (len(own) if of_the_copy else 0)
    assert told[-1].done == told[-1].total
