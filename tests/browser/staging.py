"""A page with scripted answers over a real index, served on a free port."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

import uvicorn
from fakes import BagOfWordsEmbedder, Library
from fastapi import FastAPI

from qa.answering import Finder, check_question
from qa.build import BuildReport
from qa.errors import GenerationError
from qa.retrieval.retriever import Retriever
from qa.schema import (
    Answer,
    Answered,
    Citation,
    Dropped,
    Models,
    Rejected,
    Retrieved,
    Sentence,
    Timings,
    Verified,
)
from qa.settings import Settings
from qa.ui import create_app
from qa.wiring import Parts, exchange_generator

HOSTILE = (
    "<img src=x onerror=pwn(1)> ${pwn(1)} {{constructor}} [x](javascript:pwn(1)) "
    "<script>pwn(1)</script> ![i](http://example.com/i.png) <style>*{display:none}"
    "</style> http://example.com **bold** `code` $$x$$ ```mermaid```"
)
QUOTE = "The lantern law of 1911 made every bridge keeper light a lamp at dusk."
SECOND = "It was repealed in 1934 after the electric lights came."
DRAFT = "Bridge keepers had to light a lamp at dusk under the law of 1911."
FAILURE = "the generator stopped in the middle of its work; ask again"


def _paragraph(subject: str) -> str:
    """Long, and unlike any other: what repeats itself is taken for furniture."""
    return " ".join(
        f"The {subject} committee met for the {number}th time and argued about oil, "
        "wicks and glass."
        for number in range(4, 16)
    )


ARTICLE = f"""---
title: The lantern law
authors: [Ada Brink, Tom Ruyter]
publisher: Harbour Review
date: 2017-02-03
url: https://example.com/lantern-law
---

# The lantern law

{_paragraph("first")}

## How it began

{_paragraph("second")}

{_paragraph("third")}

## Duties of bridge keepers

{_paragraph("fourth")}

{QUOTE} Nobody had asked them. {SECOND}

## What came after it

{_paragraph("fifth")}

{_paragraph("sixth")}
"""
OTHER = json.dumps(
    {
        "id": "toll",
        "title": "Bridges ${pwn(1)} <img src=x onerror=pwn(1)>",
        "authors": ["<b>Mallory</b> ${pwn(2)}"],
        "text": f"The toll book of the harbour says this. {HOSTILE}\n\nNo more.",
    }
)


def stock(library: Library) -> None:
    """Write and index the two articles."""
    library.write("bridges.jsonl", OTHER)
    library.write("lantern.md", ARTICLE)
    library.build()


class Script:
    """Answers by what the question mentions, at a pace that one can watch."""

    def __init__(self, library: Library, *, pause: float = 0.25) -> None:
        self._index = library.open()
        self._retriever = Retriever(self._index, library.embedder, reader=None, k=5)
        self._pause = pause
        self.histories: list[tuple[tuple[str, str], ...]] = []
        self.terms: list[tuple[object, ...]] = []
        self.cancelled = threading.Event()

    def cite(self, file: str, quote: str, number: int) -> Citation:
        with self._index.snapshot() as snapshot:
            source = next(s for s in snapshot.sources() if s.file == file)
            text = snapshot.document(source.id).text
        start = text.index(quote)
        return Citation(
            number, source, "", start, start + len(quote), quote, "supported", 0.9
        )

    def stream(
        self,
        question,
        *,
        history=(),
        filters=None,
        cancel=None,
        strictness=None,
        sources=None,
    ):
        self.terms.append((filters, strictness, sources))
        self.histories.append(tuple((turn.question, turn.answer) for turn in history))
        yield Retrieved(self._retriever.retrieve(question))
        time.sleep(self._pause)
        if "fail" in question:
            raise GenerationError(f"{FAILURE}\n<b>{HOSTILE}</b>")
        if "bug" in question:
            raise ZeroDivisionError
        if "unknown" in question:
            nearest = (self.cite("lantern.md", QUOTE, 1),)
            yield Answered(self._answer(question, nearest=nearest))
            return
        if "endless" in question:
            yield from self._endless(cancel)
            return
        yield from self._ordinary(question)

    def answer(self, question, **terms) -> Answer:
        *_, last = self.stream(check_question(question), **terms)
        return last.answer

    def _ordinary(self, question) -> Iterator[Verified | Dropped | Answered]:
        if "hostile" in question:
            first, quote = "bridges.jsonl#toll", HOSTILE
            said = HOSTILE
        else:
            first, quote, said = "lantern.md", QUOTE, DRAFT
        cited = self.cite(first, quote, 1), self.cite("lantern.md", SECOND, 2)
        sentences = Sentence(said, (1,)), Sentence(SECOND, (2,))
        rejected = Rejected(f"In 1950 {HOSTILE}", f"1950 is not there {HOSTILE}")
        yield Verified(sentences[0], cited[:1])
        time.sleep(self._pause)
        yield Dropped(rejected)
        time.sleep(self._pause)
        yield Verified(sentences[1], cited[1:])
        yield Answered(self._answer(question, sentences, cited, (rejected,)))

    def _endless(self, cancel) -> Iterator[Verified]:
        number = 0
        while not cancel.wait(0.15):
            number += 1
            new = (self.cite("lantern.md", QUOTE, 1),) if number == 1 else ()
            yield Verified(
                Sentence(f"Lamp number {number} was lit at dusk.", (1,)), new
            )
        self.cancelled.set()

    def _answer(self, question, sentences=(), citations=(), rejected=(), nearest=()):
        return Answer(
            question=question,
            abstained=not sentences,
            sentences=tuple(sentences),
            citations=tuple(citations),
            rejected=tuple(rejected),
            nearest=tuple(nearest),
            hits=(),
            evidence=(),
            timings=Timings(0.1, 0.2, 0.3),
            models=Models("words", "scripted"),
        )


class Telling(Script):
    """Says which question it was asked; notes the order and the company."""

    def __init__(self, library):
        super().__init__(library, pause=0.0)
        self.order, self.at_once, self.most = [], 0, 0

    def stream(self, question, **terms):
        self.order.append(question)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        time.sleep(0.02)
        try:
            yield from super().stream(question, **terms)
        finally:
            self.at_once -= 1
            # Asked thousands of times, it must not be what grows.
            self.histories.clear()
            self.terms.clear()


@dataclass(frozen=True)
class Named:
    """A generator of which only the name is asked."""

    name: str = "scripted"

    def close(self) -> None:
        """Nothing is held."""


def staged(library: Library, script: Script) -> Parts:
    index = library.open()
    retriever = Retriever(index, library.embedder, reader=None, k=5)
    finder = Finder(retriever, index)
    return Parts(script, finder, index, BagOfWordsEmbedder(), None, None, Named())


@contextmanager
def served(
    parts: Parts,
    settings: Settings,
    build=None,
    *,
    port: int = 0,
    with_generator=exchange_generator,
    mcp=False,
) -> Iterator[str]:
    """The address of the page, for as long as it is served; port 0 is any.

    Without a way to build the index, it stays as it is; with builds off there is none.
    """
    if settings.builds == "on":
        build = build or (lambda progress: BuildReport((), None))
    make = partial(
        create_app,
        parts,
        settings,
        home=settings.index.parent,
        build=build,
        with_generator=with_generator,
        mcp=mcp,
    )
    with closing(socket.create_server(("127.0.0.1", port))) as listening:
        stop = threading.Event()
        thread = threading.Thread(
            target=asyncio.run, args=[_serve(make, listening, stop)]
        )
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            stop.set()
            thread.join(30)


async def _serve(
    make: Callable[[], FastAPI], listening: socket.socket, stop: threading.Event
) -> None:
    # Gradio leaves an event loop behind where it is not built inside one.
    app = make()
    config = uvicorn.Config(
        app, log_config=None, proxy_headers=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not stop.is_set() and not serving.done():
        await asyncio.sleep(0.05)
    server.should_exit = True
    await serving
    app.state.shared.choice.close()
