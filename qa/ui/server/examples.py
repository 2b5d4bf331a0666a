"""Questions to offer, of which the library was seen to hold the answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

from qa.answering import Finder
from qa.errors import QaError
from qa.index import Index, Snapshot
from qa.schema import Span
from qa.ui.panels.sentence_questions import question_of
from qa.ui.panels.welcome import LibrarySummary, example_documents

_log = logging.getLogger(__name__)
_SURE = 0.8
"""Answerability from which on a question is offered."""
_TRIES = 3
"""Questions tried for each article, which takes a search each."""


class ExampleQuestions:
    """Looks for questions once for each generation of the index, in the background.

    Args:
        changed: Called when it has looked.

    Attributes:
        looking: Whether it is at it.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._begun = 0
        self._found: tuple[int, tuple[str, ...]] = 0, ()
        self._stopping = threading.Event()
        self.looking = False

    @property
    def generation(self) -> int:
        """That of which questions were found last; 0 before."""
        return self._found[0]

    def offered(self, summary: LibrarySummary) -> tuple[str, ...]:
        """The questions of a library: those that were found, else the plain ones."""
        generation, found = self._found
        return found if found and generation == summary.generation else summary.examples

    def look(self, summary: LibrarySummary, finder: Finder, index: Index) -> None:
        """Begin to look, if that is not done for this generation; returns at once."""
        with self._lock:
            if not summary.examples or self._begun == summary.generation:
                return
            self._begun = summary.generation
            self.looking = True
        # No daemon: a process that ends inside native code is aborted.
        threading.Thread(
            target=self._look, args=(summary, finder, index), name="examples"
        ).start()

    def stop(self) -> None:
        """Look no further."""
        self._stopping.set()

    def _look(self, summary: LibrarySummary, finder: Finder, index: Index) -> None:
        try:
            found = find_examples(summary, finder, index, self._stopping)
            self._found = summary.generation, found
        except QaError as exc:
            _log.warning("no questions to offer were looked for: %s", exc.line)
        finally:
            self.looking = False
            self._changed()


def find_examples(
    summary: LibrarySummary, finder: Finder, index: Index, stopping: threading.Event
) -> tuple[str, ...]:
    """For each article picked a question that it answers, else its plain one."""
    offered = list(summary.examples)
    with index.snapshot() as snapshot:
        if snapshot.generation != summary.generation:
            return ()
        documents = example_documents(snapshot)
        made = [list(_made(snapshot, document)) for document in documents]
    for number, (document, questions) in enumerate(zip(documents, made, strict=True)):
        for question, span in questions[:_TRIES]:
            if stopping.is_set():
                return ()
            if _answered(finder, question, document, span):
                offered[number] = question
                break
    return tuple(dict.fromkeys(offered))


def _made(snapshot: Snapshot, document: str) -> Iterator[tuple[str, Span]]:
    """Questions made of the sentences of a document, and where these are."""
    for passage, _ in snapshot.passages(snapshot.keys_in(document)).values():
        for number, span in enumerate(passage.sentences):
            if question := question_of(passage.sentence(number)):
                yield question, span


def _answered(finder: Finder, question: str, document: str, span: Span) -> bool:
    """Whether the pipeline finds the sentence, and takes it for an answer."""
    found = finder.search(question)
    if found.answerability < _SURE or not found.hits:
        return False
    best = found.hits[0]
    return best.source.id == document and span in best.passage.sentences
