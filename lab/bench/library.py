"""A library of any size that looks like a real one where it matters for speed.

Its words follow Zipf's law, its vectors lie in clusters within clusters with most of
their variance in few directions, as those of a sentence embedder do. Everything
follows from the numbers of passages, so that nothing need be kept to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qa.build import recipe
from qa.index import NewSeed, SqliteStore, Store, VectorText
from qa.index.lance import LanceStore
from qa.schema import Document, Passage, Source, Span

Floats = NDArray[np.float32]

DIMENSION = 384
TOKENS = 240
"""Of a passage at most, for builds that go on with such a library."""
_ARTICLE = 25
"""Passages of an article, which is one file."""
_SENTENCES = 2
_WORDS = 28
"""Of a sentence."""
_VOCABULARY = 200_000
_ZIPF = 1.05
_TOPICS = 2_000
_FUNCTION = 20
"""The most frequent words are like "the" and "of": no search asks for them."""
_SEED = 0
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its vector, which is near that of a passage."""

    text: str
    vector: Floats


class KnownEmbedder:
    """Gives questions their vectors and any other text a random one, at once."""

    id = "synthetic@1"
    where = "here"
    dimension = DIMENSION
    window = 256

    def __init__(self, questions: Sequence[Question] = ()) -> None:
        self._known = {question.text: question.vector for question in questions}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words are tokens here."""
        return [len(text.split()) for text in texts]

    def encode_documents(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (n, d)."""
        rows = [self._vector(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), DIMENSION)

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (n, d)."""
        return self.encode_documents(texts)

    def _vector(self, text: str) -> Floats:
        if text in self._known:
            return self._known[text]
        random = np.random.default_rng(crc32(text.encode()))
        vector: Floats = _unit(random.normal(size=(1, DIMENSION)))[0]
        return vector


def store_in(home: Path, *, shared: bool) -> Store:
    """Where a library is indexed: SQLite and FAISS, or as on shared storage.

    Raises:
        SettingsError: LanceDB is not installed.
    """
    index = home / "index"
    if shared:
        address = str(home / "shared")
        return LanceStore(address, embedder=KnownEmbedder.id, scratch=index)
    return SqliteStore(index, embedder=KnownEmbedder.id)


@dataclass(frozen=True)
class SyntheticLibrary:
    """So many passages in articles of 25."""

    passages: int

    @property
    def articles(self) -> int:
        """How many; the last may be shorter."""
        return -(-self.passages // _ARTICLE)

    def _size(self, article: int) -> int:
        """Articles beyond the last one are whole, for whoever wants to add some."""
        rest = self.passages - article * _ARTICLE
        return min(_ARTICLE, rest) if rest > 0 else _ARTICLE

    @cached_property
    def _common(self) -> tuple[Floats, Floats, NDArray[np.float64]]:
        """The topics, the directions in which vectors differ, and the words' shares."""
        random = np.random.default_rng(_SEED)
        spread = 1 / np.sqrt(1 + np.arange(DIMENSION) / 12)
        turned, _ = np.linalg.qr(random.normal(size=(DIMENSION, DIMENSION)))
        directions = (spread[:, None] * turned.T).astype(np.float32)
        topics = random.normal(size=(_TOPICS, DIMENSION)).astype(np.float32)
        shares = 1 / (2.7 + np.arange(_VOCABULARY)) ** _ZIPF
        return topics, directions, np.cumsum(shares / shares.sum())

    def vectors(self, article: int) -> Floats:
        """Of each passage and its sentences, shape (passages, 1 + sentences, d)."""
        topics, directions, _ = self._common
        random = np.random.default_rng([_SEED, 1, article])
        # Few topics are written about much.
        topic = topics[int(_TOPICS * random.random() ** 2)]
        size = self._size(article)
        own = topic + 0.8 * random.normal(size=DIMENSION)
        shape = (size, 1 + _SENTENCES, DIMENSION)
        every = 0.8 * random.standard_normal(shape, np.float32)
        every[:, 0] += own
        every[:, 1:] += every[:, :1]
        turned = every.reshape(-1, DIMENSION) @ directions
        return _unit(turned.reshape(shape))

    def text(self, article: int) -> str:
        """The sentences of the passages, one passage a line."""
        *_, shares = self._common
        random = np.random.default_rng([_SEED, 2, article])
        drawn = random.random((self._size(article), _SENTENCES, _WORDS))
        lines = np.searchsorted(shares, drawn).tolist()
        return "\n".join(
            " ".join(f"{' '.join(map(word, sentence)).capitalize()}." for sentence in s)
            for s in lines
        )

    def questions(self, count: int, *, common: bool) -> list[Question]:
        """Questions near a passage's vector, in its words or in common ones only."""
        _, directions, _ = self._common
        random = np.random.default_rng([_SEED, 3, common])
        found = []
        for number in range(count):
            article = int(random.integers(self.articles))
            place = int(random.integers(self._size(article)))
            near = self.vectors(article)[place, 0]
            away = _unit(random.normal(size=(1, DIMENSION)) @ directions)[0]
            vector = _unit((near + 0.9 * away)[None])[0]
            words = self.text(article).split("\n")[place].lower().replace(".", "")
            rare = [w for w in words.split() if w not in _FUNCTION_WORDS]
            chosen = random.choice(rare, 5, replace=False).tolist()
            if common:
                ranks = random.integers(_FUNCTION, 6 * _FUNCTION, 4)
                chosen = [word(int(rank)) for rank in ranks]
            asked = f"What {' '.join(chosen)} {number if common else ''}?"
            found.append(Question(asked.replace(" ?", "?"), vector))
        return found

    def build(self, store: Store, seeds: Path, *, at_once: int = 800) -> None:
        """Index it, ``at_once`` articles a generation, and write the files."""
        seeds.mkdir(parents=True, exist_ok=True)
        settings = recipe(KnownEmbedder.id, size=TOKENS)
        with store.writer() as writer:
            for first in range(0, self.articles, at_once):
                articles = range(first, min(first + at_once, self.articles))
                new = [self._write(article, seeds) for article in articles]
                texts = [t for seed in new for p in seed.texts[0] for t in p]
                vectors = [self.vectors(article) for article in articles]
                writer.cache(texts, np.concatenate(vectors).reshape(-1, DIMENSION))
                writer.publish(new, [], settings=settings)

    def passage_id(self, number: int) -> str:
        """Of a passage, by its number from 0 in the library."""
        article, place = divmod(number, _ARTICLE)
        digest = sha256(self.text(article).encode()).hexdigest()
        return f"{digest[:16]}-{place}"

    def _write(self, article: int, seeds: Path) -> NewSeed:
        text = self.text(article)
        path = seeds / f"{article // 1000:03}" / f"{article:07}.txt"
        path.parent.mkdir(exist_ok=True)
        data = text.encode()
        path.write_bytes(data)
        file = path.relative_to(seeds).as_posix()
        digest = sha256(data).hexdigest()
        source = Source(digest[:16], file, f"Article {article}")
        passages = tuple(_passages(source.id, text))
        texts = tuple(tuple(_texts(passage)) for passage in passages)
        document = Document(source, text)
        return NewSeed(file, digest, (document,), (passages,), (texts,))


def word(number: int) -> str:
    """A made-up word of at least two syllables."""
    syllables, number = "", number + len(_SYLLABLES)
    while number:
        number, rest = divmod(number, len(_SYLLABLES))
        syllables += _SYLLABLES[rest]
    return syllables


def _unit(rows: NDArray[np.floating]) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)


def _passages(document: str, text: str) -> Iterator[Passage]:
    start = 0
    for number, line in enumerate(text.split("\n")):
        end = start + len(line)
        middle = text.index(". ", start, end) + 1
        spans = (Span(start, middle), Span(middle + 1, end))
        yield Passage(f"{document}-{number}", document, start, end, line, "", spans)
        start = end + 1


def _texts(passage: Passage) -> Iterator[VectorText]:
    for part in ("", *map(str, range(len(passage.sentences)))):
        digest = sha256(f"{passage.id} {part}".encode()).digest()
        yield VectorText(digest, part)


_FUNCTION_WORDS = frozenset(map(word, range(_FUNCTION)))
