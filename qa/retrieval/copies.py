"""The same words in two articles, found sentence by sentence, are told once.

Sentences are compared as stems in order: case, punctuation and inflection do not
count, but a number or a "not" does. What differs in one word is another statement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import blake2b
from zlib import crc32

from qa.schema import Source

Words = tuple[str, ...]
"""The stems of a sentence, in order."""

_LEAST_WORDS = 6
"""Shorter sentences are the same by chance."""
_LEAST_SHARE = 0.5
_AS_GOOD = 0.9


@dataclass(frozen=True, slots=True)
class Repeat:
    """An article that says again what an earlier one says.

    Attributes:
        file: As in ``Source.file``.
        of: The earlier one's.
        share: Of its words, those in sentences of the earlier one, in [0, 1].
    """

    file: str
    of: str
    share: float


@dataclass(frozen=True, slots=True)
class Told:
    """A passage, what it is worth, and which of its sentences are told first here."""

    key: int
    score: float
    sentences: tuple[int, ...]


def age(source: Source) -> tuple[str, str]:
    """Sorts articles that say the same, the original first.

    The earliest date stated leads, then the name of the file.
    """
    return source.published or "undated", source.file


def find_repeats(
    articles: Iterable[tuple[str, Iterable[str]]], *, one_in: int = 1
) -> tuple[Repeat, ...]:
    """Articles at least half of whose words stand in one earlier article.

    Each sentence belongs to the first article that has it, so that the time is
    linear in the sentences, and all copies name the same original.

    Args:
        articles: Names and sentences, each its stems with a space between, the
            originals first.
        one_in: Compare one sentence in so many, the same ones everywhere (Broder
            1997, section 3.3); bounds the memory of a large library.

    Returns:
        In the order of ``articles``.
    """
    owners: dict[int, str] = {}
    found = []
    for name, sentences in articles:
        shared: Counter[str] = Counter()
        total = 0
        for sentence in sentences:
            words = sentence.count(" ") + 1
            if words < _LEAST_WORDS:
                continue
            data = sentence.encode("utf-8")
            if one_in > 1 and crc32(data) % one_in:
                continue
            total += words
            owner = owners.setdefault(_digest(data), name)
            if owner != name:
                shared[owner] += words
        if shared:
            owner, count = max(shared.items(), key=lambda item: (item[1], item[0]))
            if count >= _LEAST_SHARE * total:
                found.append(Repeat(name, owner, count / total))
    return tuple(found)


def _digest(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest())


def tell_once(
    scores: Mapping[int, float],
    sentences: Mapping[int, Sequence[Words]],
    sources_of: Callable[[Sequence[int]], Mapping[int, Source]],
) -> list[Told]:
    """Rank passages so that no sentence is told from two documents.

    A shared sentence is told by the oldest document among the passages that are
    about as good as the best one, which takes its place. A passage that has nothing
    of its own left is left out.

    Args:
        scores: Of the passages, by key.
        sentences: Their words, by key.
        sources_of: The sources of passages; asked only for those that share.

    Returns:
        Best first, ties by key.
    """
    holders = _holders(sentences)
    shared = sorted(set().union(*holders.values()))
    sources = sources_of(shared) if shared else {}
    worth = dict(scores)
    tellers: dict[Words, str] = {}
    for words, keys in holders.items():
        best = max(scores[key] for key in keys)
        good = [key for key in keys if scores[key] >= _AS_GOOD * best]
        teller = min(good, key=lambda key: (age(sources[key]), -scores[key], key))
        worth[teller] = max(worth[teller], best)
        tellers[words] = sources[teller].id
    said: defaultdict[str, set[Words]] = defaultdict(set)
    for key in shared:
        said[sources[key].id].update(sentences[key])
    told = []
    for key in sorted(worth, key=lambda key: (-worth[key], key)):
        own = tuple(range(len(sentences[key])))
        if key in sources:
            own = _own(sentences[key], sources[key].id, tellers, said)
        if own:
            told.append(Told(key, worth[key], own))
    return told


def _holders(sentences: Mapping[int, Sequence[Words]]) -> dict[Words, set[int]]:
    """The passages that have a sentence, where several have it."""
    holders: dict[Words, set[int]] = {}
    for key, of_passage in sentences.items():
        for words in of_passage:
            if len(words) >= _LEAST_WORDS:
                holders.setdefault(words, set()).add(key)
    return {words: keys for words, keys in holders.items() if len(keys) > 1}


def _own(
    sentences: Sequence[Words],
    document: str,
    tellers: Mapping[Words, str],
    said: Mapping[str, Set[Words]],
) -> tuple[int, ...]:
    """Which sentences of a passage are told here.

    Where a longer one is told elsewhere, the short ones beside it are too, if they
    stand there.
    """
    others = {tellers[words] for words in sentences if words in tellers} - {document}
    elsewhere = set().union(*(said[other] for other in others))
    return tuple(
        number
        for number, words in enumerate(sentences)
        if words not in elsewhere or tellers.get(words) == document
    )
