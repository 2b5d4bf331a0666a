"""What the page greets with: the library's size, its examples, the models' state."""

import threading
from dataclasses import dataclass, replace

import pytest
from fakes import BagOfWordsEmbedder, WordReader, article

from qa.errors import ModelError
from qa.neural.generation import LlamaGenerator
from qa.schema import Document, Heading, Source
from qa.ui.panels.welcome import Library, Warmup, example_question, survey
from qa.wiring import Parts


def document(*headings, title="The lamp", authors=()):
    text, places = title, [Heading(0, len(title), 1)]
    for heading in headings:
        start = len(text) + 2
        text += f"\n\n{heading}\n\nWords."
        places.append(Heading(start, start + len(heading), 2))
    return Document(Source("d", "a.md", title, tuple(authors)), text, tuple(places))


def test_an_example_asks_about_a_heading_of_the_article():
    question = example_question(document("Introduction", "Oil and wicks"))
    assert question == "What does “The lamp” say about “Oil and wicks”?"


def test_an_example_names_the_author_where_one_is_stated():
    question = example_question(document("Oil and wicks", authors=["Ann Lee", "B"]))
    assert question == "What does Ann Lee say about “Oil and wicks”?"


def test_examples_take_other_headings_in_turn():
    long = document("Oil and wicks", "Glass and brass")
    assert "Glass and brass" in example_question(long, 1)
    assert "Oil and wicks" in example_question(long, 2)


@pytest.mark.parametrize(
    "heading", ["Conclusion", "The argument in brief", "Why lamps go out", "word " * 20]
)
def test_headings_that_tell_nothing_are_not_asked_about(heading):
    assert example_question(document(heading)) == "What is “The lamp” about?"


def test_a_heading_in_capitals_is_asked_about_in_ordinary_letters():
    question = example_question(document("OIL AND THE WICKS OF LAMPS"))
    assert "“Oil and the Wicks of Lamps”" in question


def test_a_long_title_is_cut_between_words():
    question = example_question(document(title="word " * 60))
    assert question.endswith("word…” about?")
    assert len(question) < 120


def test_a_library_offers_a_few_examples_from_different_articles(library):
    for number in range(9):
        library.write(f"a{number}.md", f"# Title {number}\n\n" + article(f"x{number}"))
    library.build()
    found = survey(library.open())
    assert found.articles == 9
    assert found.problem == ""
    assert len(set(found.examples)) == 4


def test_without_an_index_the_problem_says_what_to_run(library):
    found = survey(library.open())
    assert (found.articles, found.examples) == (0, ())
    assert "qa build" in found.problem


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


def warming(embedder, generator=None, reader=None):
    """A warmup, and what is set once it is over."""
    over = threading.Event()
    parts = Parts(None, None, None, embedder, reader, generator)
    return Warmup(parts, over.set), over


FIVE = Library(articles=5, examples=(), problem="", generation=3)


def test_the_status_says_loading_until_the_models_answer():
    embedder, reader = Slow(), WordReader()
    warmup, over = warming(embedder, Named(), reader)
    assert warmup.status(FIVE) == "Loading models…"
    warmup.start()
    assert not over.wait(0.05)
    assert warmup.status(FIVE) == "Loading models…"
    embedder.loaded.set()
    assert over.wait(5)
    assert warmup.status(FIVE) == (
        "Ready · 5 articles, generation 3 · words · words · small"
    )
    assert reader.read_texts


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
    warmup, over = warming(BagOfWordsEmbedder(), generator)
    warmup.start()
    assert not over.wait(0.1)
    assert warmup.status(FIVE) == "Loading models…"
    generator.loaded.set()
    assert over.wait(5)
    assert warmup.status(FIVE).endswith("slow")


def test_a_generator_that_cannot_be_loaded_is_told():
    generator = Loading(ModelError("a.gguf: is no model;\n set another"))
    generator.loaded.set()
    warmup, over = warming(BagOfWordsEmbedder(), generator)
    warmup.start()
    assert over.wait(5)
    assert warmup.status(FIVE) == "a.gguf: is no model; set another"


def test_without_a_generator_the_status_says_quotes_only():
    warmup, over = warming(BagOfWordsEmbedder())
    warmup.start()
    assert over.wait(5)
    status = warmup.status(replace(FIVE, articles=1))
    assert status == "Ready · 1 article, generation 3 · words · no reader · quotes only"


def test_without_articles_the_status_says_so():
    warmup, over = warming(BagOfWordsEmbedder())
    warmup.start()
    assert over.wait(5)
    assert warmup.status(Library(0, (), "no index")) == "Ready · no articles yet"


def test_a_model_that_cannot_be_loaded_is_told_in_one_line():
    warmup, over = warming(Broken())
    warmup.start()
    assert over.wait(5)
    assert warmup.status(FIVE) == "the embedder is damaged; install it again"
