"""What the page says about the library: its size, its state, what one may ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from titlecase import titlecase

from qa.errors import QaError
from qa.index import Index
from qa.neural.generation import LlamaGenerator
from qa.schema import Document
from qa.wiring import Parts

_EXAMPLES = 4
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
        generation: Of the index; 0 without one.
    """

    articles: int
    examples: tuple[str, ...]
    problem: str
    generation: int = 0


def survey(index: Index) -> Library:
    """Look at the index as it is now."""
    try:
        with index.snapshot() as snapshot:
            generation = snapshot.generation
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
        generation=generation,
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
            yield titlecase(text) if text.isupper() else text


class Warmup:
    """Loads the models in the background, so that the page is there at once.

    Attributes:
        parts: What answers now.
        failure: Why a model cannot be loaded; empty if none has failed.
    """

    def __init__(self, parts: Parts, changed: Callable[[], None]) -> None:
        self.parts = parts
        self._changed = changed
        self._over = threading.Event()
        self.failure = ""

    def start(self) -> None:
        """Begin, without waiting."""
        # No daemon: a process that ends inside native code is aborted.
        threading.Thread(target=self._load, name="warmup").start()

    @property
    def done(self) -> bool:
        """Whether the models are loaded, or cannot be."""
        return self._over.is_set()

    def status(self, library: Library) -> str:
        """One line: what is loaded, and from what it answers."""
        if not self.done:
            return "Loading models…"
        if self.failure:
            return self.failure
        if library.problem:
            return "Ready · no articles yet"
        noun = "article" if library.articles == 1 else "articles"
        return (
            f"Ready · {library.articles:,} {noun}, generation {library.generation} · "
            + " · ".join(model_names(self.parts).values())
        )

    def put_in_place(self, parts: Parts) -> None:
        """Let parts that are loaded answer from now on; no answer may be under way."""
        self.parts, self.failure = parts, ""

    def _load(self) -> None:
        try:
            load(self.parts)
        except QaError as exc:
            self.failure = " ".join(str(exc).split())
        finally:
            self._over.set()
            self._changed()


def load(parts: Parts, cancel: threading.Event | None = None) -> None:
    """Load all models; what is loaded already takes no time.

    Args:
        parts: The models among them.
        cancel: Once set, it returns soon and the generator may not be loaded.

    Raises:
        ModelError: One cannot be loaded.
    """
    # Its child process reads the weights while this one opens the embedder.
    if isinstance(parts.generator, LlamaGenerator):
        parts.generator.start()
    parts.embedder.encode_queries(["warm up"])
    if parts.reader is not None:
        parts.reader.read("warm up?", ["It is warm."])
    if isinstance(parts.generator, LlamaGenerator):
        parts.generator.wait_until_loaded(cancel)


def model_names(parts: Parts) -> dict[str, str]:
    """Which models answer, by what they do, as the status names them."""
    return {
        "embedder": parts.embedder.id.split("@")[0],
        "reader": parts.reader.name.split("@")[0] if parts.reader else "no reader",
        "generator": parts.generator.name if parts.generator else "quotes only",
    }
