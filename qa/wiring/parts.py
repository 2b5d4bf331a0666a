"""Settings to the answerer, and to a build."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from qa.answering import Answerer, Finder, Limits
from qa.answering.bearing import read_bearing
from qa.build import BuildReport, Progress, build
from qa.errors import QaError
from qa.index import Store
from qa.language.text import reads_as_english
from qa.library.freshness import outdated
from qa.neural.embedding import Embedder
from qa.neural.generation import Generator, LlamaGenerator
from qa.neural.judge import Judge
from qa.neural.reader import Reader
from qa.neural.weights import find_models
from qa.retrieval.retriever import Retriever
from qa.schema import Models
from qa.settings import DEFAULT_EMBEDDER, DEFAULT_READER, SECRET, Settings
from qa.wiring.models import (
    make_bulk_embedder,
    make_drafter,
    make_embedder,
    make_gate,
    make_generator,
    make_judge,
    make_reader,
    make_wishes,
)
from qa.wiring.stores import make_store
from qa.workers import Cluster, Here, Workers


@dataclass(frozen=True, slots=True)
class Parts:
    """What an edge needs: the answerer, and the index for showing sources."""

    answerer: Answerer
    finder: Finder
    index: Store
    embedder: Embedder
    reader: Reader | None
    judge: Judge | None
    generator: Generator | None


def assemble(settings: Settings) -> Parts:
    """Wire the online pipeline; models load at first use.

    Raises:
        ModelError: A model is unknown, missing or damaged.
        SettingsError: A prompt template cannot be used.
    """
    embedder = make_embedder(settings)
    index = make_store(settings, embedder=embedder.id)
    reader = make_reader(settings)
    judge = make_judge(settings)
    # With an embedder that may read other languages, an English reader is not asked
    # about these; with the embedded one neither reads them, and the answer says so.
    other = settings.embedder != DEFAULT_EMBEDDER and settings.reader == DEFAULT_READER
    retriever = Retriever(
        index,
        embedder,
        reader=reader,
        k=settings.hits,
        reads=reads_as_english if other else lambda _: True,
    )
    finder = Finder(
        retriever,
        index,
        wishes=make_wishes(embedder),
        gate=make_gate(),
        reads="English" if settings.embedder == DEFAULT_EMBEDDER else "",
    )
    return _with_generator(settings, finder, index, embedder, reader, judge)


def exchange_generator(parts: Parts, settings: Settings) -> Parts:
    """The same parts with the generator that the settings name, and its drafting.

    Raises:
        ModelError: The generator is unknown, missing or damaged.
        SettingsError: A prompt template cannot be used.
    """
    return _with_generator(
        settings,
        parts.finder,
        parts.index,
        parts.embedder,
        parts.reader,
        parts.judge,
    )


def _with_generator(
    settings: Settings,
    finder: Finder,
    index: Store,
    embedder: Embedder,
    reader: Reader | None,
    judge: Judge | None,
) -> Parts:
    generator = make_generator(settings)
    answerer = Answerer(
        finder,
        index=index,
        drafter=make_drafter(settings, generator) if generator else None,
        judge=judge,
        models=Models(
            embedder=embedder.id,
            generator=generator.name if generator else "none",
            reader=reader.name if reader else "none",
            judge=judge.name if judge else "none",
        ),
        limits=Limits(
            evidence_sentences=settings.evidence_sentences,
            evidence_words=settings.evidence_words,
            strictness=settings.strictness,
        ),
        bearing=read_bearing(find_models() / "evidence"),
        outdated=partial(outdated, settings.seeds),
    )
    return Parts(answerer, finder, index, embedder, reader, judge, generator)


def start_loading(parts: Parts) -> None:
    """Load all models side by side, without waiting.

    Whoever needs a model waits for it, and is told there what is wrong with it.
    """
    if isinstance(parts.generator, LlamaGenerator):
        parts.generator.start()
    loads: list[Callable[[], object]] = [partial(parts.embedder.encode_queries, [])]
    if parts.reader is not None:
        loads.append(partial(parts.reader.read, "", []))
    if parts.judge is not None and parts.generator is not None:
        loads.append(partial(parts.judge.weigh, []))
    for load in loads:
        # No daemon: a process that ends inside native code is aborted.
        threading.Thread(target=_quietly, args=[load]).start()


def _quietly(load: Callable[[], object]) -> None:
    with suppress(QaError):
        load()


def run_build(
    settings: Settings, progress: Callable[[Progress], None] = lambda _: None
) -> BuildReport:
    """Bring the index up to date; see ``build.build``."""
    return builder(settings)(progress)


def builder(settings: Settings) -> Callable[[Callable[[Progress], None]], BuildReport]:
    """What builds again and again, each time with what is quickest.

    Raises:
        ModelError: The embedder is unknown, missing or damaged.
    """
    make_bulk_embedder(settings)

    def build_once(progress: Callable[[Progress], None]) -> BuildReport:
        # Made anew, so that the memory of a large build ends with it.
        embedder = make_bulk_embedder(settings)
        return build(
            settings.seeds,
            make_store(settings, embedder=embedder.id),
            embedder=embedder,
            size=settings.passage_tokens,
            max_bytes=settings.max_seed_mb * 1_000_000,
            workers=make_workers(settings, embedder),
            progress=progress,
        )

    return build_once


def make_workers(settings: Settings, embedder: Embedder) -> Workers:
    """Who parses and embeds for a build.

    Raises:
        SettingsError: They need a package that is not installed.
    """
    if not settings.ray:
        return Here(embedder)
    sent = settings.model_copy(update=dict.fromkeys(SECRET, ""))
    make = partial(make_bulk_embedder, sent)
    return Cluster(settings.ray, embedder=make, id=embedder.id)
