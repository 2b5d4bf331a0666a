"""Question and context to hits: dense and full-text search, fused by score, read.

Both searches nominate candidates; each is scored (``query.Wanted``), and the reader
re-orders the first of them. What two articles say in the same words is found in
one of them (``duplicates``). Scores are added, not ranks: see DECISIONS.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from qa.documents.tables import CELLS
from qa.index import Snapshot, Stems, Store
from qa.language.injection import is_order
from qa.language.text import legibly
from qa.neural.embedding import Embedder, Vectors
from qa.neural.probability import probability
from qa.neural.reader import Reader
from qa.retrieval.copies import Told, tell_once
from qa.retrieval.ranking import CARRIED, Wanted, search_terms, text_queries
from qa.schema import Filters, Hit, Passage, Reading, Signal, Source, Span

_CANDIDATES = 50
_READ = 20
"""Passages that the reader reads."""
_READING = 0.92
"""What a reading counts beside the fused score, which counts 1."""
_LEAST = math.log(1e-4)
"""Log-probabilities below it are as good as none."""


class Retriever:
    """Finds passages for questions.

    Args:
        index: What is searched.
        embedder: The one the index was built with.
        reader: Re-orders the first 20 passages; None leaves them as they are.
        k: Hits returned.
        reads: Whether the reader reads the language of a text; what it does not read
            stays as the search found it.
    """

    def __init__(
        self,
        index: Store,
        embedder: Embedder,
        *,
        reader: Reader | None,
        k: int,
        reads: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._k = k
        self._reads = reads

    def retrieve(
        self,
        question: str,
        context: str = "",
        filters: Filters | None = None,
        *,
        per_document: int | None = None,
    ) -> tuple[Hit, ...]:
        """The best passages, best first, ties by place in the library.

        Args:
            question: What is looked for.
            context: What it leans on, may be empty.
            filters: Which documents to search.
            per_document: Passages of one document at most; None for any number.

        Raises:
            FilterError: A filter names what is not in the library.
        """
        # The index is opened first: without one, no model need be loaded.
        with self._index.snapshot(filters) as snapshot:
            vector = self._query_vector(question, context)
            frequencies = snapshot.frequencies(search_terms(f"{context} {question}"))
            wanted = Wanted.weigh(
                question, context, frequencies, passages=snapshot.passage_count
            )
            k = max(self._k, _READ) if per_document is None else _CANDIDATES
            hits = _search(snapshot, vector, frequencies, wanted, k)
        if per_document is not None:
            hits = _at_most(per_document, hits)
        near = " ".join(hit.passage.text for hit in hits[:1])
        if self._reader is not None and self._reads(question) and self._reads(near):
            hits = _read(self._reader, f"{context} {question}".strip(), hits)
        return hits[: self._k]

    def _query_vector(self, question: str, context: str) -> Vectors:
        """Of the question; of a follow-up, half-way to that of both together."""
        if not context:
            vectors = self._embedder.encode_queries([question])
            return np.asarray(vectors[0])
        alone, joined = self._embedder.encode_queries(
            [question, f"{context} {question}"]
        )
        mixed = (1 - CARRIED) * alone + CARRIED * joined
        return np.asarray(mixed / np.linalg.norm(mixed), np.float32)


def _search(
    snapshot: Snapshot,
    vector: Vectors,
    frequencies: Mapping[str, int],
    wanted: Wanted,
    k: int,
) -> tuple[Hit, ...]:
    # Side by side: neither search holds Python's lock, and vectors need no database.
    with ThreadPoolExecutor(max_workers=1) as beside:
        dense = beside.submit(snapshot.search_vectors, vector, _CANDIDATES)
        lexical = _search_words(snapshot, frequencies)
        near = dense.result()
    nearest = snapshot.nearest(vector, near, _CANDIDATES)
    keys = list(dict.fromkeys([*nearest, *(key for key, _ in lexical)]))
    cosines = snapshot.cosines(vector, keys)
    words = snapshot.stems(keys)
    scores = {key: wanted.score(cosines[key], words[key]) for key in keys}
    dense_ranks = _ranks({key: max(cosines[key]) for key in keys})
    bm25 = {key: Signal(score, rank) for rank, (key, score) in enumerate(lexical, 1)}
    best = _without_copies(snapshot, {key: scores[key][0] for key in keys}, words)[:k]
    found = snapshot.passages([told.key for told in best])
    return tuple(
        Hit(
            passage=found[told.key][0].only(told.sentences),
            source=found[told.key][1],
            score=told.score,
            dense=Signal(max(cosines[told.key]), dense_ranks[told.key]),
            lexical=bm25.get(told.key, Signal(0.0, None)),
            sentence_scores=tuple(scores[told.key][1][n] for n in told.sentences),
        )
        for told in best
    )


def _search_words(
    snapshot: Snapshot, frequencies: Mapping[str, int]
) -> list[tuple[int, float]]:
    """Candidates by words, best first; what a narrower query finds leads."""
    found: dict[int, float] = {}
    for query in text_queries(frequencies):
        for key, score in snapshot.search_text(query, _CANDIDATES):
            found.setdefault(key, score)
        if len(found) >= _CANDIDATES:
            break
    return list(found.items())[:_CANDIDATES]


def _without_copies(
    snapshot: Snapshot, scores: Mapping[int, float], words: Mapping[int, Stems]
) -> list[Told]:
    """Best first; no sentence from two documents, the earliest published first."""

    def sources_of(keys: Sequence[int]) -> dict[int, Source]:
        return {key: source for key, (_, source) in snapshot.passages(keys).items()}

    sentences = {key: words[key].sentences for key in scores}
    return tell_once(scores, sentences, sources_of)


def _read(reader: Reader, question: str, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The hits with their readings, re-ordered; those not read stay behind."""
    first, rest = hits[:_READ], hits[_READ:]
    # What stands above says what "it" and "they" are; DECISIONS.md has the gain.
    titles = [_above(hit) for hit in first]
    texts = [
        legibly(title + _readable(hit.passage))
        for title, hit in zip(titles, first, strict=True)
    ]
    sentences = [
        [_moved(span, len(t) - hit.passage.start) for span in hit.passage.sentences]
        for t, hit in zip(titles, first, strict=True)
    ]
    readings = [
        _placed(reading, hit, len(title))
        for reading, hit, title in zip(
            reader.read(legibly(question), texts, sentences), first, titles, strict=True
        )
    ]
    read = [
        replace(hit, score=_with_reading(hit.score, reading), reading=reading)
        for hit, reading in zip(first, readings, strict=True)
    ]
    unread = [replace(hit, score=_combined(hit.score, 0.0)) for hit in rest]
    # Sorting is stable: of equals, the one that retrieval preferred leads.
    return (*sorted(read, key=lambda hit: -hit.score), *unread)


def _readable(passage: Passage) -> str:
    """The text with blanks in place of orders to a model, which no model obeys that
    never sees them.
    """
    text = passage.text
    for number, span in enumerate(passage.sentences):
        if is_order(passage.sentence(number)):
            start, end = span.start - passage.start, span.end - passage.start
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _above(hit: Hit) -> str:
    """The title that a passage stands under; of rows that do not say their heads, of a
    list or another single sentence the heading too, without which they say little.
    """
    title, heading = hit.source.title, hit.passage.heading
    leans = CELLS in heading or len(hit.passage.sentences) == 1
    return (
        f"{title}. {heading}. "
        if leans and heading not in {"", title}
        else f"{title}. "
    )


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _with_reading(score: float, reading: Reading) -> float:
    answerable = reading.answerable
    if answerable is None:
        answerable = probability(reading.relevance)
    # The logarithm: that a passage cannot answer says more than that it may.
    certainty = 1 - math.log(max(answerable, math.exp(_LEAST))) / _LEAST
    return _combined(score, certainty)


def _combined(score: float, certainty: float) -> float:
    return (score + _READING * certainty) / (1 + _READING)


def _placed(reading: Reading, hit: Hit, before: int) -> Reading:
    """The reading with its answer in the document's offsets.

    Args:
        reading: Of the passage with something in front of it.
        hit: The passage.
        before: The length of what stood in front; no answer begins in it.
    """
    if reading.answer is None:
        return reading
    start, end = reading.answer.start - before, reading.answer.end - before
    if start < 0:
        return replace(reading, answer=None)
    offset = hit.passage.start
    return replace(reading, answer=Span(start + offset, end + offset))


def _at_most(number: int, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Leave out what comes after the first hits of each document."""
    seen: Counter[str] = Counter()
    kept = []
    for hit in hits:
        seen[hit.source.id] += 1
        if seen[hit.source.id] <= number:
            kept.append(hit)
    return tuple(kept)


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    ordered = sorted(scores, key=lambda key: (-scores[key], key))
    return {key: rank for rank, key in enumerate(ordered, 1)}
