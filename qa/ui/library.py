"""What the page says about the library: its size, its state, what one may ask."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from qa.embedding import Embedder
from qa.errors import QaError
from qa.generation import Generator, LlamaGenerator
from qa.index import Index
from qa.schema import Document

_EXAMPLES = 4
_CHOICES = 500
_TITLE_LENGTH = 90
_HEADING_WORDS = range(2, 11)
# Words of headings that say what a section is, not what it is about, or that ask
# themselves.
_UNTELLING = frozenset(
    {
        *("abstract", "acknowledgements", "appendix", "argument", "author", "authors"),
        *("background", "bibliography", "brief", "caveat", "conclusion", "conclusions"),
        *("contents", "footnotes", "introduction", "methods", "notes", "overview"),
        *("references", "summary", "how", "what", "why"),
    }
)


@dataclass(frozen=True, slots=True)
class Library:
    """The indexed articles as the page greets with them.

    Attributes:
        articles: Indexed documents.
        examples: Questions they should answer.
        problem: Why there is nothing to ask, empty if there is something.
        choices: Titles and seed files to choose articles by; the first of many.
        publishers: All there are.
    """

    articles: int
    examples: tuple[str, ...]
    problem: str
    choices: tuple[tuple[str, str], ...] = ()
    publishers: tuple[str, ...] = ()


def survey(index: Index) -> Library:
    """Look at the index as it is now."""
    try:
        with index.snapshot() as snapshot:
            sources = snapshot.sources()
            step = max(1, len(sources) // _EXAMPLES)
            picked = sources[::step][:_EXAMPLES]
            documents = [snapshot.document(source.id) for source in picked]
    except QaError as exc:
        return Library(0, (), " ".join(str(exc).split()))
    if not sources:
        return Library(0, (), "There are no articles yet.")
    examples = [
        example_question(document, turn) for turn, document in enumerate(documents)
    ]
    return Library(
        articles=len(sources),
        examples=tuple(examples),
        problem="",
        choices=tuple((source.title, source.file) for source in sources[:_CHOICES]),
        publishers=tuple(sorted({s.publisher for s in sources if s.publisher})),
    )


def example_question(document: Document, turn: int = 0) -> str:
    """A plain question about an article, from its title or author and a heading.

    Args:
        document: The article.
        turn: Which of its headings; others each time.
    """
    source = document.source
    title = source.title
    if len(title) > _TITLE_LENGTH:
        title = title[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
    headings = list(_telling_headings(document))
    who = source.authors[0] if source.authors else f"“{title}”"
    if not headings:
        return f"What is “{title}” about?"
    return f"What does {who} say about “{headings[turn % len(headings)]}”?"


def _telling_headings(document: Document) -> Iterator[str]:
    for heading in document.headings:
        text = " ".join(document.text[heading.start : heading.end].split())
        words = text.casefold().replace(":", " ").split()
        if (
            heading.level > 1
            and len(words) in _HEADING_WORDS
            and not _UNTELLING.intersection(words)
        ):
            yield text


class Warmup:
    """Loads the models in the background, so that the page is there at once."""

    def __init__(self, embedder: Embedder, generator: Generator | None) -> None:
        self._embedder = embedder
        self._generator = generator
        self._over = threading.Event()
        self._failure = ""

    def start(self) -> None:
        """Begin, without waiting."""
        threading.Thread(target=self._load, name="warmup", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether the models are loaded, or cannot be."""
        return self._over.is_set()

    def status(self, articles: int) -> str:
        """One line: what is loaded, and from what it answers."""
        if not self.done:
            return "Loading models…"
        if self._failure:
            return self._failure
        noun = "article" if articles == 1 else "articles"
        generator = self._generator.name if self._generator else "quotes only"
        embedder = self._embedder.id.split("@")[0]
        return f"Ready · {articles:,} {noun} · {embedder} · {generator}"

    def _load(self) -> None:
        try:
            # Its child process reads the weights while this one imports torch.
            if isinstance(self._generator, LlamaGenerator):
                self._generator.start()
            self._embedder.encode_queries(["warm up"])
        except QaError as exc:
            self._failure = " ".join(str(exc).split())
        finally:
            self._over.set()
