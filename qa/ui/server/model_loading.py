"""Loading the models in the background, and what they are called."""

from __future__ import annotations

import threading
from collections.abc import Callable

from qa.errors import QaError
from qa.neural.generation import LlamaGenerator
from qa.wiring import Parts


class ModelLoader:
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
        threading.Thread(target=self._load, name="loader").start()

    @property
    def done(self) -> bool:
        """Whether the models are loaded, or cannot be."""
        return self._over.is_set()

    def put_in_place(self, parts: Parts) -> None:
        """Let parts that are loaded answer from now on; no answer may be under way."""
        self.parts, self.failure = parts, ""

    def _load(self) -> None:
        try:
            load_models(self.parts)
        except QaError as exc:
            self.failure = exc.line
        finally:
            self._over.set()
            self._changed()


def load_models(parts: Parts, cancel: threading.Event | None = None) -> None:
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
    if parts.judge is not None and parts.generator is not None:
        parts.judge.weigh([("It is warm.", "It is warm.")])
    if isinstance(parts.generator, LlamaGenerator):
        parts.generator.wait_until_loaded(cancel)


def model_names(parts: Parts) -> dict[str, str]:
    """Which models answer, by what they do, as the status names them."""
    return {
        "embedder": parts.embedder.id.split("@")[0],
        "reader": parts.reader.name.split("@")[0] if parts.reader else "no reader",
        "judge": parts.judge.name.split("@")[0] if parts.judge else "no judge",
        "generator": parts.generator.name if parts.generator else "quotes only",
    }
