"""The line at the top of the page: what answers, and from what."""

from __future__ import annotations

from qa.ui.panels.welcome import LibrarySummary
from qa.ui.server.model_loading import ModelLoader, model_names


def status_line(
    loader: ModelLoader,
    library: LibrarySummary,
    *,
    building: bool = False,
    switching: str = "",
) -> str:
    """The status in one line.

    Args:
        loader: Of the models that answer.
        library: What they answer from.
        building: Whether the index is being built.
        switching: What is being done to change the generator; empty if nothing is.
    """
    if library.problem and building and not loader.failure:
        return "Indexing the articles…"
    names = model_names(loader.parts)
    if switching:
        return f"{switching} · {names['generator']} until then"
    if not loader.done:
        return "Loading models…"
    if loader.failure:
        return loader.failure
    if library.problem:
        return "Ready · no articles yet"
    noun = "article" if library.articles == 1 else "articles"
    answering = f"{library.articles:,} {noun}, generation {library.generation}"
    return " · ".join(["Ready", answering, *names.values()])
