"""The line that says what is loaded, and from what it answers."""

import threading
from dataclasses import dataclass, replace

from fakes import BagOfWordsEmbedder, WordJudge, WordReader

from qa.errors import ModelError
from qa.neural.generation import LlamaGenerator
from qa.ui.panels.status_line import status_line
from qa.ui.panels.welcome import LibrarySummary
from qa.ui.server.model_loading import ModelLoader
from qa.wiring import Parts


class Slow(BagOfWordsEmbedder):
    """Loads when it is told to."""

    def __init__(self):
        super().__init__(id="words@0123abcd")
        self.loaded = threading.Event()

    def encode_queries(self, texts):
        self.loaded.wait(5)
        return super().encode_queries(texts)


class Broken(BagOfWordsEmbedder):
    def encode_queries(self, texts):
        raise ModelError("the embedder is damaged;\n install it again")


@dataclass
class Named:
    name: str = "small"


def warming(embedder, generator=None, reader=None, judge=None):
    """A loader, and what is set once it is over."""
    over = threading.Event()
    parts = Parts(None, None, None, embedder, reader, judge, generator)
    return ModelLoader(parts, over.set), over


FIVE = LibrarySummary(articles=5, examples=(), problem="", generation=3)


def test_the_status_says_loading_until_the_models_answer():
    embedder, reader, judge = Slow(), WordReader(), WordJudge()
    loader, over = warming(embedder, Named(), reader, judge)
    assert status_line(loader, FIVE) == "Loading models…"
    loader.start()
    assert not over.wait(0.05)
    assert status_line(loader, FIVE) == "Loading models…"
    embedder.loaded.set()
    assert over.wait(5)
    assert status_line(loader, FIVE) == (
        "Ready · 5 articles, generation 3 · words · words · words · small"
    )
    assert reader.read_texts
    assert judge.seen


class Loading(LlamaGenerator):
    """Is loaded when it is told so, or found to be broken."""

    def __init__(self, problem=None):
        self.name = "slow"
        self.loaded, self.problem = threading.Event(), problem

    def start(self):
        pass

    def wait_until_loaded(self, cancel=None):
        self.loaded.wait(5)
        if self.problem:
            raise self.problem


def test_the_status_says_loading_until_the_generator_is_loaded():
    generator = Loading()
    loader, over = warming(BagOfWordsEmbedder(), generator)
    loader.start()
    assert not over.wait(0.1)
    assert status_line(loader, FIVE) == "Loading models…"
    generator.loaded.set()
    assert over.wait(5)
    assert status_line(loader, FIVE).endswith("slow")


def test_a_generator_that_cannot_be_loaded_is_told():
    generator = Loading(ModelError("a.gguf: is no model;\n set another"))
    generator.loaded.set()
    loader, over = warming(BagOfWordsEmbedder(), generator)
    loader.start()
    assert over.wait(5)
    assert status_line(loader, FIVE) == "a.gguf: is no model; set another"


def test_without_a_generator_the_status_says_quotes_only():
    loader, over = warming(BagOfWordsEmbedder())
    loader.start()
    assert over.wait(5)
    status = status_line(loader, replace(FIVE, articles=1))
    models = "words · no reader · no judge · quotes only"
    assert status == f"Ready · 1 article, generation 3 · {models}"


def test_without_articles_the_status_says_so():
    loader, over = warming(BagOfWordsEmbedder())
    loader.start()
    assert over.wait(5)
    assert (
        status_line(loader, LibrarySummary(0, (), "no index"))
        == "Ready · no articles yet"
    )


def test_a_model_that_cannot_be_loaded_is_told_in_one_line():
    loader, over = warming(Broken())
    loader.start()
    assert over.wait(5)
    assert status_line(loader, FIVE) == "the embedder is damaged; install it again"


def test_while_the_first_articles_are_indexed_or_a_model_changes_the_status_says_so():
    loader, over = warming(BagOfWordsEmbedder(), Named())
    loader.start()
    assert over.wait(5)
    none = LibrarySummary(0, (), "no index")
    assert status_line(loader, none, building=True) == "Indexing the articles…"
    assert status_line(loader, FIVE, building=True).startswith("Ready")
    changing = status_line(loader, FIVE, switching="Loading big…")
    assert changing == "Loading big… · small until then"
