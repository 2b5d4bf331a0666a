"""Which generator answers: another can be chosen while the page runs, for everybody.

It is loaded beside the one that answers, and takes its place between two answers.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import BusyError, ModelError
from qa.settings import DEFAULT_GENERATOR, Settings
from qa.ui.server.failures import failure_line
from qa.ui.server.model_loading import ModelLoader, load_models, model_names
from qa.ui.server.request_queue import RequestQueue
from qa.wiring import Parts

WithGenerator = Callable[[Parts, Settings], Parts]
"""The same parts with the generator that the settings name, not loaded yet."""
_BEAT_SECONDS = 0.1
_CLOSING_SECONDS = 10.0
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True, slots=True)
class GeneratorOption:
    """A generator that can be chosen.

    Attributes:
        key: What the page sends back.
        name: As the status names it.
        configured: Whether the settings name it, so that every start begins with it.
    """

    key: str
    name: str
    configured: bool


@dataclass(frozen=True, slots=True)
class SwitchProgress:
    """How far an exchange is.

    Attributes:
        doing: What is being done, in a few words; empty if nothing is.
        failure: Why the one chosen last does not answer; empty if it does.
    """

    doing: str = ""
    failure: str = ""


class GeneratorChoice:
    """Exchanges the generator, one at a time.

    Args:
        loader: Holds the parts that answer.
        settings: What they were made from; never changed by a choice.
        queue: Before the answerer.
        changed: Called whenever the state is another.
        with_generator: Makes the parts.
    """

    def __init__(
        self,
        loader: ModelLoader,
        settings: Settings,
        queue: RequestQueue,
        *,
        changed: Callable[[], None],
        with_generator: WithGenerator,
    ) -> None:
        self._loader = loader
        self._settings = settings
        self._queue = queue
        self._changed = changed
        self._with_generator = with_generator
        self._configured = model_names(loader.parts)["generator"]
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self.state = SwitchProgress()
        self._own = settings.generator
        if self._own not in {DEFAULT_GENERATOR, "none"}:
            self._own = "configured"
        self.chosen = self._own
        """The key of the generator that answers."""

    def offers(self) -> list[GeneratorOption]:
        """The configured generator, the embedded one, the GGUF files in ``models/``
        beside the index, and none.
        """
        return [
            GeneratorOption(key, self._name(key), key == self._own)
            for key in self._found()
        ]

    def choose(self, key: str) -> None:
        """Begin to load the generator of a key; keys come from anybody.

        Raises:
            ModelError: There is none of this key.
            BusyError: Models are being loaded already.
        """
        with self._lock:
            if key not in (found := self._found()):
                raise ModelError("there is no such generator here; look again")
            if self.state.doing or not self._loader.done:
                raise BusyError("a model is being loaded; choose again when it is done")
            if key == self.chosen and not self._loader.failure:
                return
            self.state = SwitchProgress(doing=self._doing(key))
            self._thread = threading.Thread(
                target=self._run, args=[key, found[key]], name="choice", daemon=True
            )
            self._thread.start()
        self._changed()

    def close(self) -> None:
        """Give up what is being loaded, and end the generator that answers."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(_CLOSING_SECONDS)
        _close(self._loader.parts)

    def _found(self) -> dict[str, str]:
        """Settings of the generators there are, by key.

        A key is no path: readers elsewhere need not know where files are.
        """
        configured = self._settings.generator
        files = sorted((self._settings.index.parent / "models").glob("*.gguf"))
        found = {self._own: configured, DEFAULT_GENERATOR: DEFAULT_GENERATOR}
        for file in files:
            if not _same(file, configured):
                found[file.name] = str(file.resolve())
        found["none"] = "none"
        return found

    def _name(self, key: str) -> str:
        if key == self._own:
            return self._configured
        return "quotes only" if key == "none" else key.removesuffix(".gguf")

    def _doing(self, key: str) -> str:
        verb = "Changing to" if key == "none" else "Loading"
        return f"{verb} {self._name(key)}…"

    def _run(self, key: str, generator: str) -> None:
        failure = ""
        try:
            settings = self._settings.model_copy(update={"generator": generator})
            parts = self._with_generator(self._loader.parts, settings)
            self._load(key, parts)
        except Exception as exc:  # noqa: BLE001 - a thread has no caller to raise to
            failure = failure_line(exc, "loading a generator")
        finally:
            self.state = SwitchProgress(failure=failure)
            self._changed()

    def _load(self, key: str, parts: Parts) -> None:
        old = self._loader.parts
        try:
            load_models(parts, self._closing)
            if self._put_in_place(parts):
                self.chosen, parts = key, old
        finally:
            _close(parts)

    def _put_in_place(self, parts: Parts) -> bool:
        """Wait until nothing is being answered; False if the page closes before."""
        ticket = self._queue.join_between()
        try:
            while not ticket.wait(_BEAT_SECONDS):
                if self._closing.is_set():
                    break
            else:
                if not self._closing.is_set():
                    self._loader.put_in_place(parts)
                    return True
            return False
        finally:
            ticket.leave()


def may_choose(client: Any, headers: Mapping[str, str]) -> bool:
    """Whether a request comes from the machine itself, so from who runs the page.

    Args:
        client: With its ``host``; None if unknown.
        headers: Of the request; one that a proxy passed on could be anybody's.
    """
    if client is None or any(name in headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(client.host).is_loopback
    except ValueError:
        return False


def _same(file: Path, setting: str) -> bool:
    return file.resolve() == Path(setting).expanduser().resolve()


def _close(parts: Parts) -> None:
    if parts.generator is not None:
        parts.generator.close()
