"""Settings to the answerer, and to a build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa.answering import Answerer, Limits
from qa.bootstrap.models import (
    make_drafter,
    make_embedder,
    make_generator,
    make_reader,
    make_support,
)
from qa.build import BuildReport, Progress, build
from qa.embedding import Cosines, Embedder
from qa.generation import Generator
from qa.index import Index
from qa.reader import Reader
from qa.retrieval import Retriever
from qa.schema import Models
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """What an edge needs: the answerer, and the index for showing sources."""

    answerer: Answerer
    retriever: Retriever
    index: Index
    embedder: Embedder
    reader: Reader | None
    generator: Generator | None


def assemble(settings: Settings) -> Parts:
    """Wire the online pipeline; models load at first use.

    Raises:
        ModelError: A model is unknown, missing or damaged.
        SettingsError: A prompt template cannot be used.
    """
    embedder = make_embedder(settings)
    generator = make_generator(settings)
    index = Index(settings.index, embedder=embedder.id)
    reader = make_reader(settings)
    cosines = Cosines(embedder)
    retriever = Retriever(index, embedder, reader=reader, k=settings.hits)
    answerer = Answerer(
        retriever,
        index=index,
        similarity=cosines,
        drafter=make_drafter(settings, generator) if generator else None,
        support=make_support(cosines),
        models=Models(
            embedder=embedder.id,
            generator=generator.name if generator else "none",
            reader=reader.name if reader else "none",
        ),
        limits=Limits(
            evidence_sentences=settings.evidence_sentences,
            evidence_words=settings.evidence_words,
            strictness=settings.strictness,
        ),
    )
    return Parts(answerer, retriever, index, embedder, reader, generator)


def run_build(
    settings: Settings, progress: Callable[[Progress], None] = lambda _: None
) -> BuildReport:
    """Bring the index up to date; see ``build.build``."""
    return builder(settings)(progress)


def builder(settings: Settings) -> Callable[[Callable[[Progress], None]], BuildReport]:
    """What builds again and again, with one embedder that stays loaded.

    Raises:
        ModelError: The embedder is unknown, missing or damaged.
    """
    embedder = make_embedder(settings)

    def build_once(progress: Callable[[Progress], None]) -> BuildReport:
        return build(
            settings.seeds,
            settings.index,
            embedder=embedder,
            size=settings.passage_tokens,
            max_bytes=settings.max_seed_mb * 1_000_000,
            progress=progress,
        )

    return build_once
