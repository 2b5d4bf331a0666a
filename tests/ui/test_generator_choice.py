"""Another generator while the page runs: loaded beside the old one, put in between."""

import threading
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from fakes import BagOfWordsEmbedder

from qa.errors import BusyError, ModelError
from qa.neural.generation import LlamaGenerator
from qa.settings import DEFAULT_GENERATOR, Settings
from qa.ui.panels.status_line import status_line
from qa.ui.panels.welcome import LibrarySummary
from qa.ui.server.generator_choice import GeneratorChoice, SwitchProgress, may_choose
from qa.ui.server.model_loading import ModelLoader
from qa.ui.server.request_queue import RequestQueue
from qa.wiring import Parts, assemble, exchange_generator


class Loading(LlamaGenerator):
    """Is loaded when it is told so, or found to be broken."""

    def __init__(self, name, problem=None):
        self.name, self.problem = name, problem
        self.loaded, self.closed = threading.Event(), threading.Event()

    def start(self):
        pass

    def wait_until_loaded(self, cancel=None):
        while not self.loaded.wait(0.01) and not (cancel and cancel.is_set()):
            pass
        if self.problem:
            raise self.problem

    def close(self):
        self.closed.set()


@dataclass
class Chosen:
    """A choice with what it works on, and every state it went through."""

    settings: Settings
    generator: Loading
    made: dict[str, Loading] = field(default_factory=dict)
    states: list[SwitchProgress] = field(default_factory=list)

    def __post_init__(self):
        self.changed = threading.Event()
        self.generator.loaded.set()
        parts = Parts(
            "old", None, None, BagOfWordsEmbedder(), None, None, self.generator
        )
        self.queue, over = RequestQueue(limit=2), threading.Event()
        self.loader = ModelLoader(parts, over.set)
        self.choice = GeneratorChoice(
            self.loader,
            self.settings,
            self.queue,
            changed=self._note,
            with_generator=self._exchange,
        )
        self.loader.start()
        assert over.wait(5)

    def _note(self):
        self.states.append(self.choice.state)
        if not self.choice.state.doing:
            self.changed.set()

    def _exchange(self, parts, settings):
        made = self.made.get(settings.generator)
        answerer = f"with {settings.generator}"
        return replace(parts, answerer=answerer, generator=made)

    def choose(self, key):
        self.changed.clear()
        self.choice.choose(key)

    def ended(self):
        assert self.changed.wait(5)
        return self.choice.state.failure

    @property
    def answerer(self):
        return self.loader.parts.answerer


@pytest.fixture
def chosen(tmp_path):
    made = Chosen(Settings(index=tmp_path / "index"), Loading("embedded"))
    yield made
    made.choice.close()


def test_the_generators_there_are_are_offered(tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    for name in ("b.gguf", "a.gguf", "notes.txt"):
        (models / name).write_bytes(b"GGUF")
    settings = Settings(index=tmp_path / "index", generator=str(models / "b.gguf"))
    chosen = Chosen(settings, Loading("b"))
    offers = chosen.choice.offers()
    assert [(o.key, o.name, o.configured) for o in offers] == [
        ("configured", "b", True),
        (DEFAULT_GENERATOR, DEFAULT_GENERATOR, False),
        ("a.gguf", "a", False),
        ("none", "quotes only", False),
    ]
    assert chosen.choice.chosen == "configured"


def test_the_old_one_answers_until_the_new_one_is_loaded(chosen, tmp_path):
    (tmp_path / "models").mkdir()
    file = tmp_path / "models" / "new.gguf"
    file.write_bytes(b"GGUF")
    new = chosen.made[str(file)] = Loading("new")
    chosen.choose("new.gguf")
    assert chosen.choice.state.doing == "Loading new…"
    assert chosen.answerer == "old"
    assert not chosen.generator.closed.is_set()
    with pytest.raises(BusyError, match="being loaded"):
        chosen.choice.choose("none")
    new.loaded.set()
    assert chosen.ended() == ""
    assert (chosen.answerer, chosen.choice.chosen) == (f"with {file}", "new.gguf")
    assert chosen.generator.closed.is_set()
    assert not new.closed.is_set()
    assert chosen.settings.generator == DEFAULT_GENERATOR


def test_nobodys_answer_is_cut(chosen):
    ticket = chosen.queue.join("reader")
    chosen.choose("none")
    assert not chosen.changed.wait(0.3)
    assert (chosen.answerer, chosen.generator.closed.is_set()) == ("old", False)
    behind = chosen.queue.join("other")
    ticket.leave()
    assert chosen.ended() == ""
    assert behind.wait(5)
    assert chosen.answerer == "with none"


def test_an_exchange_waits_behind_any_number_of_questions(chosen):
    tickets = [chosen.queue.join(f"reader {n}") for n in range(3)]
    with pytest.raises(BusyError):
        chosen.queue.join("one too many")
    chosen.choose("none")
    for ticket in tickets:
        assert chosen.answerer == "old"
        ticket.leave()
    assert chosen.ended() == ""
    assert chosen.answerer == "with none"


def test_one_that_cannot_be_loaded_leaves_the_old_one(chosen, tmp_path):
    (tmp_path / "models").mkdir()
    file = tmp_path / "models" / "bad.gguf"
    file.write_bytes(b"no model")
    bad = chosen.made[str(file)] = Loading("bad", ModelError("bad:\n cannot be used"))
    bad.loaded.set()
    chosen.choose("bad.gguf")
    assert chosen.ended() == "bad: cannot be used"
    assert (chosen.answerer, chosen.choice.chosen) == ("old", DEFAULT_GENERATOR)
    assert bad.closed.is_set()
    assert not chosen.generator.closed.is_set()
    chosen.choose("none")
    assert chosen.ended() == ""


def test_a_bug_while_loading_is_told_and_leaves_the_old_one(chosen, caplog):
    chosen._exchange = None
    chosen.choice._with_generator = None
    chosen.choose("none")
    assert chosen.ended() == "Unexpected TypeError; the terminal says more. Try again."
    assert chosen.answerer == "old"


def test_what_is_not_offered_is_not_followed(chosen, tmp_path):
    outside = tmp_path / "outside.gguf"
    outside.write_bytes(b"GGUF")
    for key in (str(outside), "../outside.gguf", "configured", "openai:http://h/v1#m"):
        with pytest.raises(ModelError, match="no such generator"):
            chosen.choice.choose(key)


def test_choosing_what_answers_changes_nothing(chosen):
    chosen.choice.choose(DEFAULT_GENERATOR)
    assert chosen.states == []


def test_a_working_generator_mends_what_could_not_be_loaded_at_the_start(tmp_path):
    broken = Loading("broken", ModelError("broken.gguf: is no model"))
    chosen = Chosen(Settings(index=tmp_path / "index"), broken)
    five = LibrarySummary(articles=5, examples=(), problem="", generation=3)
    assert status_line(chosen.loader, five) == "broken.gguf: is no model"
    chosen.choose("none")
    assert chosen.ended() == ""
    assert status_line(chosen.loader, five).endswith("quotes only")


def test_closing_gives_up_what_is_being_loaded(chosen, tmp_path):
    (tmp_path / "models").mkdir()
    file = tmp_path / "models" / "new.gguf"
    file.write_bytes(b"GGUF")
    new = chosen.made[str(file)] = Loading("new")
    chosen.choose("new.gguf")
    chosen.choice.close()
    assert new.closed.is_set()
    assert chosen.generator.closed.is_set()
    assert chosen.answerer == "old"


@pytest.mark.parametrize(
    ("host", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("192.168.1.7", {}, False),
        ("testclient", {}, False),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, False),
        ("127.0.0.1", {"forwarded": "for=10.0.0.1"}, False),
    ],
)
def test_only_the_machine_itself_may_choose(host, headers, may):
    assert may_choose(SimpleNamespace(host=host), headers) is may


def test_nobody_unknown_may_choose():
    assert not may_choose(None, {})


@pytest.mark.real
def test_the_embedded_model_goes_and_comes_back(library):
    library.write("a.md", "# Lamps\n\nThe keeper lit the lamp at dusk in 1911.")
    library.build()
    settings = Settings(seeds=library.seeds, index=library.folder)
    parts = assemble(settings)
    quoting = exchange_generator(
        parts, settings.model_copy(update={"generator": "none"})
    )
    assert quoting.generator is None
    assert quoting.finder is parts.finder
    again = exchange_generator(quoting, settings)
    assert again.generator.name == DEFAULT_GENERATOR
