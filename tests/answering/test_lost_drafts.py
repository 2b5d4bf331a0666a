"""A generator that is lost on the way costs its words, never the answer."""

import time

import pytest
from fakes import GATE, Library, ScriptedGenerator, WordJudge
from faulty import PLAN, WHOLE, FaultyServer

from qa.answering import Answerer, Drafter, Finder, Limits
from qa.answering.prompting import (
    ANSWER_VARIABLES,
    PromptTemplate,
    find_prompts,
)
from qa.errors import GenerationError, ModelError
from qa.neural.generation import Patience, RemoteGenerator
from qa.retrieval.retriever import Retriever
from qa.schema import Answered, Models

MOVED = (
    "The harbour company moved its whole winter timetable to the southern pier in the "
    "spring of 1987."
)
OPPOSED = (
    "Many fishermen of the old town opposed the winter timetable of the harbour "
    "company for years."
)
SHORT = "The harbour company moved its winter timetable to the southern pier in 1987."
QUESTION = "Where did the harbour company move its winter timetable?"
BOUND_SECONDS = 5.0
"""Of an answer on a busy machine, most of it to spare."""
BROKEN = GenerationError("the server\n stopped")
TEMPLATE = PromptTemplate(find_prompts() / "answer.md", ANSWER_VARIABLES)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("harbour"))
    library.write("harbour.md", f"# The harbour\n\n{MOVED}\n\n{OPPOSED}")
    library.build()
    return library


def answerer(library, generator):
    index = library.open()
    retriever = Retriever(index, library.embedder, reader=None, k=10)
    return Answerer(
        Finder(retriever, index, sentences=4, gate=GATE),
        index=index,
        judge=WordJudge(),
        drafter=Drafter(generator, TEMPLATE),
        models=Models(library.embedder.id, "fake"),
        limits=Limits(),
    )


class Breaking(ScriptedGenerator):
    """Says so many words, then fails."""

    def __init__(self, script, words):
        super().__init__(script)
        self._left = words

    def stream(self, prompt, cancel):
        for piece in super().stream(prompt, cancel):
            if not self._left:
                raise BROKEN
            self._left -= 1
            yield piece


def test_quotes_stand_in_for_a_draft_that_is_lost_and_the_answer_says_so(harbour):
    asked = answerer(harbour, ScriptedGenerator(BROKEN, SHORT))
    answer = asked.answer(QUESTION)
    assert answer.draft_lost == "the server stopped"
    assert {s.text for s in answer.sentences} <= {MOVED, OPPOSED}
    assert {c.verdict for c in answer.citations} == {"quoted"}
    later = asked.answer(QUESTION)
    assert (later.draft_lost, later.sentences[0].text) == ("", SHORT)


def test_what_was_drafted_before_it_was_lost_is_kept_and_half_a_sentence_is_not(
    harbour,
):
    generator = Breaking(f"{SHORT} Many fishermen of the old town", 18)
    answer = answerer(harbour, generator).answer(QUESTION)
    assert answer.draft_lost
    assert [s.text for s in answer.sentences] == [SHORT, OPPOSED]
    assert answer.rejected == ()


def test_after_a_loss_no_further_draft_of_the_answer_is_asked_for(harbour):
    generator = ScriptedGenerator(BROKEN)
    answerer(harbour, generator).answer(f"{QUESTION} Who opposed the timetable?")
    assert len(generator.history) == 1


def test_a_generator_that_cannot_be_used_still_fails_the_answer(harbour):
    generator = ScriptedGenerator(ModelError("answered 401; check `openai_key`"))
    with pytest.raises(ModelError, match="openai_key"):
        answerer(harbour, generator).answer(QUESTION)


@pytest.fixture
def faulty():
    servers = []

    def start(plan=PLAN):
        servers.append(FaultyServer(SHORT, plan))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def hasty(base, silence=0.1):
    patience = Patience(first=silence, between=silence, draft=20, pause=0.01)
    return RemoteGenerator(base, "m", max_tokens=60, patience=patience)


@pytest.mark.parametrize("fault", PLAN)
def test_each_way_to_fail_gives_an_answer(harbour, faulty, fault):
    server = faulty((fault,))
    generator = hasty(server.base, 10 if fault in WHOLE else 0.3)
    answer = answerer(harbour, generator).answer(QUESTION)
    assert not answer.abstained
    if fault in WHOLE:
        assert (answer.draft_lost, answer.sentences[0].text) == ("", SHORT)
    else:
        assert server.base in answer.draft_lost or "format" in answer.draft_lost
        assert {s.text for s in answer.sentences} <= {MOVED, OPPOSED}


def test_where_nobody_listens_quotes_answer(harbour, faulty):
    server = faulty()
    server.close()
    answer = answerer(harbour, hasty(server.base)).answer(QUESTION)
    assert "no server answers there" in answer.draft_lost
    assert not answer.abstained


def test_two_hundred_streams_that_are_killed_give_two_hundred_answers(harbour, faulty):
    killed = [fault for fault in PLAN if fault not in WHOLE]
    server, lost = faulty(killed), 0
    asked = answerer(harbour, hasty(server.base))
    for _ in range(200):
        begun = time.monotonic()
        *_, last = asked.stream(QUESTION)
        assert isinstance(last, Answered)
        assert not last.answer.abstained
        lost += bool(last.answer.draft_lost)
        assert time.monotonic() - begun < BOUND_SECONDS
    assert lost == 200
