"""Which articles some words, or a whole question, name: by author, publisher, title.

"Oake", "the Pier Press article", "“Winter ferries”" and "Oake and Lind" do; "the sun"
does not, though an author be called Sun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.language.text import (
    content_stems,
    is_content,
    names,
    stem,
    tokens,
    without_accents,
)
from qa.question.works import ANY
from qa.schema import Source

_ARTICLE = re.compile(rf"\b{ANY}\b", re.IGNORECASE)
_TEXT = re.compile(rf"{_ARTICLE.pattern}|[“”\"«»]", re.IGNORECASE)
_AND = re.compile(r",\s*|\s+(?:and|&|with|to|versus|vs\.?)\s+", re.IGNORECASE)
_PARTS = 10
_WORD = re.compile(r"[^\W_]+")
_OF_TITLE = 0.5
"""Share of a title's words that names its article, where an article is spoken of."""
_OF_TITLE_ALONE = 0.8
_LONG, _LONGER = 5, 9
"""Letters of a word in which one, or two, may be mistyped."""


def articles_named(
    who: str, sources: Sequence[Source], *, titled: bool = True
) -> tuple[tuple[str, ...], bool]:
    """The articles that some words name, and no more.

    Args:
        who: The words.
        sources: Of all articles.
        titled: Whether a title alone names its article.

    Returns:
        Their files, and whether they were named one by one: "A and B".
    """
    if files := named_at_once(who, sources, titled=titled):
        return files, False
    parts = _AND.split(who)
    if not 1 < len(parts) <= _PARTS:
        return (), False
    found: dict[str, None] = {}
    for part in parts:
        if not (files := named_at_once(part, sources, titled=titled)):
            return (), False
        found |= dict.fromkeys(files)
    return tuple(found), True


def named_at_once(
    who: str, sources: Sequence[Source], *, titled: bool
) -> tuple[str, ...]:
    """The articles whose author, publisher or title some words name.

    A few words of a title do where they are said to be of an article and only one
    has them; without "article" or quotation marks, nearly all of it is needed. A
    letter or two may be mistyped.
    """
    called, spelt = _called_by(tuple(sources))
    words = [(word, spelt.nearest(word)) for word in tokens(who)]
    of_work = set(content_stems(" ".join(_ARTICLE.findall(who))))
    meant = {s for word, s in words if is_content(word)} - of_work
    if not meant:
        return ()
    told = _TEXT.search(who) is not None
    files = tuple(c.file for c in called if c.is_by(words, meant, told=told))
    if files or not (titled or told):
        return files
    share = _OF_TITLE if told else _OF_TITLE_ALONE
    files = tuple(
        c.file for c in called if meant <= c.title and len(meant) > share * len(c.title)
    )
    if not files and told:
        files = tuple(c.file for c in called if meant <= c.title)
    return files if len(files) == 1 else ()


@lru_cache(maxsize=4)
def _called_by(sources: tuple[Source, ...]) -> tuple[list[_Called], _Spelling]:
    """What the articles of a library are called by; worked out once for each."""
    called = [_Called.of(source) for source in sources]
    known = {word: stem(word) for source in sources for word in _words(source)}
    return called, _Spelling(known, frozenset(known.values()), sorted(known))


def _words(source: Source) -> set[str]:
    """The words that an article's title, authors and publisher are made of."""
    stated = " ".join([source.title, source.publisher, *source.authors])
    return {without_accents(word).lower() for word in tokens(stated)}


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How the words are written that articles are called by.

    Attributes:
        known: Their stems by word, without accents.
        stems: The stems alone.
        words: The words alone, in order.
    """

    known: Mapping[str, str]
    stems: frozenset[str]
    words: Sequence[str]

    def nearest(self, word: str) -> str:
        """The stem of the known word that a word is mistyped for; else its own.

        By the optimal string alignment distance, in which two letters that changed
        places are one mistake.
        """
        plain, own = without_accents(word).lower(), stem(word)
        if own in self.stems or len(plain) < _LONG:
            return own
        most = 2 if len(plain) >= _LONGER else 1
        found = process.extractOne(
            plain, self.words, scorer=OSA.distance, score_cutoff=most
        )
        return self.known[found[0]] if found else own


@dataclass(frozen=True, slots=True)
class _Called:
    """What an article can be called by, as stems.

    Attributes:
        authors: Each by the words of the name, the surname last.
    """

    file: str
    title: frozenset[str]
    publisher: frozenset[str]
    authors: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, source: Source) -> Self:
        """What an article is called by."""
        return cls(
            source.file,
            frozenset(content_stems(source.title)),
            frozenset(content_stems(source.publisher)),
            tuple(tuple(content_stems(author)) for author in source.authors),
        )

    @property
    def all(self) -> frozenset[str]:
        """Every word of it."""
        return self.publisher.union(self.title, *self.authors)

    def is_by(
        self, words: Sequence[tuple[str, str]], meant: set[str], *, told: bool
    ) -> bool:
        """Whether words name an author or the publisher, and no one else.

        A publisher's name is often made of words that stand for much else, as
        "China Daily": without "article", all of them are needed.

        Args:
            words: As written, each with its stem.
            meant: The stems that carry meaning.
            told: Whether they are said to be of an article.
        """
        if not meant <= self.all:
            return False
        if self.publisher & meant and (told or self.publisher <= meant):
            return True
        return any(_names_author(words, meant, author) for author in self.authors)


def _names_author(
    words: Sequence[tuple[str, str]], meant: set[str], author: Sequence[str]
) -> bool:
    """Whether an author is named: in full or by a surname, as "the sun" is not."""
    if not author or author[-1] not in meant:
        return False
    return len(meant.intersection(author)) > 1 or any(
        stemmed == author[-1] and word[0].isupper() and before.lower() != "the"
        for (before, _), (word, stemmed) in pairwise([("", ""), *words])
    )


def articles_meant(
    question: str, sources: Sequence[Source], *, by_author: bool
) -> tuple[Source, ...]:
    """The articles that a question names by title, publisher or author.

    Args:
        question: As asked.
        sources: Of all articles that may be meant.
        by_author: Whether all of an author are meant, and no title names any.
    """
    asked = set(content_stems(question))
    named = []
    for source in sources:
        people = set(content_stems(" ".join([*source.authors, source.publisher])))
        people &= names(question)
        title = set(content_stems(source.title))
        share = len(title & asked) / len(title) if title else 0.0
        if people or (share > _OF_TITLE and not by_author):
            named.append((len(people) + share, source))
    best = max((score for score, _ in named), default=0.0)
    return tuple(source for score, source in named if by_author or score == best)


def titled_like(question: str, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The one article of whose title a question has the most words: two at least, and
    half of them; of none where several have as many.
    """
    asked = set(content_stems(question))
    titles = [called.title for called in _called_by(tuple(sources))[0]]
    common = [len(title & asked) for title in titles]
    near = [
        (count, source)
        for count, title, source in zip(common, titles, sources, strict=True)
        if count > 1 and count >= _OF_TITLE * len(title)
    ]
    most = max((count for count, _ in near), default=0)
    found = tuple(source for count, source in near if count == most)
    return found if len(found) == 1 else ()


def says_title(question: str, sources: Sequence[Source]) -> bool:
    """Whether a question has all words of some title, two at least."""
    asked = set(content_stems(question))
    called, _ = _called_by(tuple(sources))
    return any(len(c.title) > 1 and c.title <= asked for c in called)


_Name = tuple[tuple[str, ...], str]
"""The words of a name, and what it is masked as."""


class NameMask:
    """Finds in a question the names of a library's articles, authors, publishers: a
    whole title, a name or a surname, a whole publisher's name. Titles and publishers of
    one word stand in quotation marks, behind "the", or begin with a capital.

    "Who wrote Winter Ferries?" and "who wrote the salt debate" are one question.

    Args:
        sources: Of all articles; looked at once.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._named: dict[_Name, list[Source]] = {}
        self._by_word: dict[str, list[_Name]] = {}
        for source in sources:
            for name in _names(source):
                if name not in self._named:
                    self._by_word.setdefault(name[0][0], []).append(name)
                self._named.setdefault(name, []).append(source)

    def mask(self, question: str) -> tuple[str, tuple[Source, ...]]:
        """The question with its names masked, and the articles that they name.

        A longer name goes before a shorter one that is a part of it.
        """
        said = {word.lower() for word in _WORD.findall(question)}
        near = {name for word in said for name in self._by_word.get(word, ())}
        known = sorted(near, key=lambda name: (-len(name[0]), name))
        named: dict[str, Source] = {}
        for words, label in known:
            name = r"[^\w]+".join(map(re.escape, words))
            if len(words) == 1 and label != "AUTHOR":  # no "list" names "The List"
                name = rf"(?:(?<=[“\"«])|(?<=\bthe\ )|(?-i:(?=[^\Wa-z]))){name}"
            found = rf"[“\"«]?(?<![^\W_])(?:{name})(?![^\W_])[”\"»]?"
            question, times = re.subn(found, label, question, flags=re.IGNORECASE)
            if times:
                named |= {source.id: source for source in self._named[words, label]}
        return question, tuple(named.values())


def _names(source: Source) -> Iterator[_Name]:
    named = [(source.title, "ARTICLE"), (source.publisher, "PUBLISHER")]
    named += [(author, "AUTHOR") for author in source.authors]
    for text, label in named:
        words = tuple(_WORD.findall(text.lower()))
        if words[1:] and words[0] == "the":
            words = words[1:]  # "the Cipher Brief piece" is of "The Cipher Brief"
        if words:
            yield words, label
        # The "s" of "Velt's" is nobody's, though an author be called Joe S.
        if len(words) > 1 and len(words[-1]) > 1 and label == "AUTHOR":
            yield words[-1:], label
