"""The offline pipeline: seeds to a new generation of the index.

Only what is new is paid for: unchanged files are not parsed, and a text whose
vector is cached is not embedded. One bad file is reported and skipped; what was
indexed of it before stays.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import Literal

from qa.documents import Parsed, look_at, read_seed, scan_seeds
from qa.documents.files import note_of
from qa.documents.passages import context, split
from qa.errors import SeedError, SeedsError
from qa.index import NewSeed, Store, VectorText, Writer
from qa.library.seeds import REMOVED
from qa.library.spool import Spool
from qa.neural.embedding import Embedder
from qa.schema import Document, Passage
from qa.workers import Fresh, Here, Seen, Workers

_BATCH = 256
_KEPT = "its earlier version stays indexed"
_UNSEARCHED = (
    "holds a title and no text that can be searched; "
    "`qa status --left-out` shows what is not read of it"
)
_RECIPE = 10
"""Raised when the same file would give other passages or embedded texts."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one stage of a build is: files, or texts to embed.

    Attributes:
        pages: Pages of PDFs that were read until now.
    """

    stage: Literal["reading", "embedding", "writing"]
    done: int
    total: int
    pages: int = 0


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What happened to one seed file, and for a skipped one why."""

    file: str
    outcome: Literal["added", "changed", "removed", "unchanged", "skipped"]
    passages: int = 0
    embedded: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The outcome of a build; ``generation`` is None when nothing changed.

    ``repaired`` says what was wrong with the index and what was saved of it.
    """

    seeds: tuple[SeedReport, ...]
    generation: int | None
    repaired: str = ""

    def count(self, outcome: str) -> int:
        """How many seeds ended so."""
        return sum(seed.outcome == outcome for seed in self.seeds)

    @property
    def embedded(self) -> int:
        """Texts embedded in this build."""
        return sum(seed.embedded for seed in self.seeds)


def build(
    seeds: Path,
    index: Store,
    *,
    embedder: Embedder,
    size: int,
    max_bytes: int,
    workers: Workers | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """Bring the index up to date with the seeds folder.

    Args:
        seeds: Folder of articles.
        index: Made if missing.
        embedder: That of the index; loaded only when there is something new.
        size: Tokens a passage should not exceed.
        max_bytes: Larger seed files are skipped.
        workers: Who parses and embeds; this process if none are given.
        progress: Told how far each stage is.

    Raises:
        SeedsError: No seeds folder, or nothing in it can be indexed and not all of
            it was removed by ``qa.library.seeds.remove_file``.
        BuildLockedError: Another build is running.
        IndexDamagedError: The index cannot be read or written.
        ClusterError: The cluster that builds cannot be reached, or fails.
    """
    files = scan_seeds(seeds)
    settings = recipe(embedder.id, size=size)
    with (
        index.writer() as writer,
        workers or Here(embedder) as working,
        Spool.open(writer.scratch) as new,
    ):
        job = _Job(seeds, writer, working, embedder, size, max_bytes)
        reports = job.read(files, writer.splits_as(settings), new, progress)
        if not _is_emptied(seeds, files, job.indexed):
            _require_articles(seeds, reports)
        removed = sorted(set(job.indexed) - set(files))
        if not new.files and not removed and writer.is_current(settings):
            writer.forget_unused()
            writer.note_looks(job.looks)
            return BuildReport(tuple(reports), None)
        embedded = _embed(writer, new, working, job.to_embed, progress)
        progress(Progress("writing", 0, 1))
        replaced = [file for file in new.files if file in job.indexed]
        generation = writer.publish(
            new, [*removed, *replaced], settings=settings, looks=job.looks
        )
        progress(Progress("writing", 1, 1))
        repaired = writer.repaired
    reports = [
        replace(r, embedded=embedded[r.file]) if r.file in embedded else r
        for r in reports
    ]
    reports += [SeedReport(file, "removed") for file in removed]
    reports.sort(key=attrgetter("file"))
    return BuildReport(tuple(reports), generation, repaired)


def recipe(embedder: str, *, size: int) -> str:
    """What has to be the same for indexed passages to be still good."""
    return f"size={size} recipe={_RECIPE} embedder={embedder}"


@dataclass(slots=True)
class _Job:
    """Reading the seeds of one build."""

    seeds: Path
    writer: Writer
    workers: Workers
    embedder: Embedder
    size: int
    max_bytes: int
    indexed: dict[str, str] = field(init=False)
    looked: dict[str, str] = field(init=False)
    looks: dict[str, str] = field(default_factory=dict)
    to_embed: int = 0

    def __post_init__(self) -> None:
        self.indexed, self.looked = self.writer.seeds(), self.writer.looks()

    def read(
        self,
        files: Sequence[str],
        reuse: bool,  # noqa: FBT001 - whether the indexed passages are still good
        new: Spool,
        progress: Callable[[Progress], None],
    ) -> list[SeedReport]:
        """Parse and split what is new; report on every file."""
        same = {file for file in files if reuse and self._looks_same(file)}
        reports = [SeedReport(file, "unchanged") for file in files if file in same]
        done = len(same)

        def tell() -> None:
            progress(Progress("reading", done, len(files), self.workers.pages))

        def look(file: str) -> Seen | Fresh:
            return self._look(file, self.indexed.get(file) if reuse else None)

        tell()
        rest = [file for file in files if file not in same]
        for seen in self.workers.read(look, rest, waiting=tell):
            read, seed = self._report(seen)
            if seed is None and read[0].outcome == "skipped" and not reuse:
                seed = self._again(seen.file)
            reports += read
            if seed:
                new.add(seed)
                self.to_embed += len(self.writer.missing(_all_texts([seed])))
            done += 1
            tell()
        return sorted(reports, key=attrgetter("file"))

    def _looks_same(self, file: str) -> bool:
        """Whether an indexed file looks as it did, so that it need not be read."""
        noted, look = self.looked.get(file), look_at(self.seeds, file)
        return bool(look) and noted == note_of(look, self.indexed.get(file, ""))

    def _look(self, file: str, known: str | None) -> Seen | Fresh:
        """What a file is now; in any thread, so that nothing is changed here."""
        look = look_at(self.seeds, file)
        try:
            seed = read_seed(self.seeds, file, max_bytes=self.max_bytes)
        except SeedError as exc:
            return Seen.refusing(file, exc)
        if seed.sha256 == known:
            return Seen(file, look, seed.sha256)
        return Fresh(look, seed)

    def _report(self, seen: Seen) -> tuple[list[SeedReport], NewSeed | None]:
        """The report on a file first, then on what is in it and cannot be read."""
        file, parsed = seen.file, seen.parsed
        indexed = file in self.indexed
        if seen.refused:
            reason = seen.refused + (f"; {_KEPT}" if indexed else "")
            return [SeedReport(file, "skipped", reason=reason)], None
        if seen.look:
            self.looks[file] = note_of(seen.look, seen.sha256)
        if parsed is None:
            return [SeedReport(file, "unchanged")], None
        kept = self._kept(file, parsed) if indexed else {}
        documents = [*parsed.documents, *itertools.chain(*kept.values())]
        new = self._prepare(file, seen.sha256, documents)
        count = sum(map(len, new.passages))
        reports = [SeedReport(file, "changed" if indexed else "added", count)]
        for document, passages in zip(documents, new.passages, strict=True):
            if not passages:
                where = document.source.file
                reports.append(SeedReport(where, "skipped", reason=_UNSEARCHED))
        for part in parsed.unread:
            reason = part.reason + ("; " + _KEPT if kept.get(part.where) else "")
            reports.append(SeedReport(part.where, "skipped", reason=reason))
        return reports, new

    def _kept(self, file: str, parsed: Parsed) -> dict[str, list[Document]]:
        """Earlier versions of what cannot be read any more, and stands nowhere else."""
        fresh = {document.source.file for document in parsed.documents}
        earlier = [d for d in self.writer.documents(file) if d.source.file not in fresh]
        return {
            part.where: [
                document
                for document in earlier
                if f"{document.source.file}#".startswith(f"{part.where}#")
            ]
            for part in parsed.unread
        }

    def _again(self, file: str) -> NewSeed | None:
        """An unreadable seed's earlier version, from the catalogue."""
        documents = self.writer.documents(file)
        return self._prepare(file, self.indexed[file], documents) if documents else None

    def _prepare(
        self, file: str, sha256: str, documents: Sequence[Document]
    ) -> NewSeed:
        """Split documents and say which texts each passage embeds."""
        passages = tuple(
            split(
                document,
                count_tokens=self.embedder.count_tokens,
                size=self.size,
                window=self.embedder.window,
            )
            for document in documents
        )
        texts = tuple(
            tuple(_texts(document, passage, self.embedder) for passage in of_document)
            for document, of_document in zip(documents, passages, strict=True)
        )
        return NewSeed(file, sha256, tuple(documents), passages, texts)


def _texts(
    document: Document, passage: Passage, embedder: Embedder
) -> tuple[VectorText, ...]:
    """The passage after its heading, then each sentence after the title and
    who says it.
    """
    title, heading = document.source.title, passage.heading
    heading = "" if heading == title else heading
    alone = len(passage.sentences) == 1 and heading  # too little to say whose it is
    words = f"{title}, {heading}" if alone else heading
    before = context(words, embedder.count_tokens)
    texts = [f"{before}{passage.text}"]
    if len(passage.sentences) > 1:
        stated = ", ".join(filter(None, [title, passage.speaker]))
        before = context(stated, embedder.count_tokens)
        sentences = (document.text[s.start : s.end] for s in passage.sentences)
        texts += [f"{before}{sentence}" for sentence in sentences]
    return tuple(VectorText(sha256(t.encode()).digest(), t) for t in texts)


def _embed(
    writer: Writer,
    new: Iterable[NewSeed],
    workers: Workers,
    total: int,
    progress: Callable[[Progress], None],
) -> dict[str, int]:
    """Embed and cache what has no vector yet, some texts in memory at a time.

    They are ``total`` or fewer, since seeds may share a text.

    Returns:
        How many texts were embedded for each file; one that two files share counts
        for both where they are embedded together.
    """
    done, embedded = 0, {}
    for seeds in _together(new, workers.together):
        missing = writer.missing(_all_texts(seeds))
        batches = [missing[n : n + _BATCH] for n in range(0, len(missing), _BATCH)]
        vectors = workers.embed([[text.text for text in batch] for batch in batches])
        for batch in batches:
            progress(Progress("embedding", done, total))
            writer.cache(batch, next(vectors))
            done += len(batch)
        fresh = {text.hash for text in missing}
        for seed in seeds:
            hashes = {text.hash for text in _all_texts([seed])}
            embedded[seed.file] = len(hashes & fresh)
    if total:
        progress(Progress("embedding", total, total))
    return embedded


def _together(new: Iterable[NewSeed], most: int) -> Iterator[list[NewSeed]]:
    """Seeds in groups of at least so many texts, but for the last one."""
    seeds: list[NewSeed] = []
    texts = 0
    for seed in new:
        seeds.append(seed)
        texts += sum(1 for _ in _all_texts([seed]))
        if texts >= most:
            yield seeds
            seeds, texts = [], 0
    if seeds:
        yield seeds


def _all_texts(seeds: Sequence[NewSeed]) -> Iterator[VectorText]:
    for seed in seeds:
        for passages in seed.texts:
            for texts in passages:
                yield from texts


def _is_emptied(seeds: Path, files: Sequence[str], indexed: Iterable[str]) -> bool:
    """Whether all articles were removed on purpose, and not lost with their folder."""
    if files:
        return False
    kept = [(seeds / REMOVED / file).is_file() for file in indexed]
    return bool(kept) and all(kept)


def _require_articles(seeds: Path, reports: Sequence[SeedReport]) -> None:
    if all(report.outcome == "skipped" for report in reports):
        reasons = "".join(f"; {r.file}: {r.reason}" for r in reports[:3])
        raise SeedsError(
            f"{seeds}: holds no article; add .md, .txt, .pdf, .html or .docx files"
            + reasons
        )
