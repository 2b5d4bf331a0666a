"""Transcripts: another speaker's turns do not answer."""

from dataclasses import replace

import pytest

from qa.answering.speakers import said_by
from qa.schema import Hit, Passage, Reading, SentenceReading, Signal, Source, Span

TURNS = ("The talk was long.", "ANN OAKE: The town pays.", "BO LIND: The fishers pay.")


def hits():
    text = "\n\n".join(TURNS)
    spans = tuple(Span(text.index(t), text.index(t) + len(t)) for t in TURNS)
    passage = Passage("p", "d", 0, len(text), text, "", spans, (1, 1, 2))
    read = tuple(SentenceReading(n / 10, 0.0) for n in range(3))
    reading = Reading(0.0, 0.5, None, read)
    signal = Signal(0.5, 1)
    source = Source("d", "a.txt", "A talk")
    return [Hit(passage, source, 0.5, signal, signal, (0.1, 0.2, 0.3), reading)]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Who pays according to Lind?", [0, 2]),
        ("Who, according to Lind, pays?", [0, 2]),
        ("What did Ann Oake say?", [0, 1]),
        ("Why does Lind want that?", [0, 2]),
        ("What does Minister Oake want?", [0, 1]),
        ("Who pays?", [0, 1, 2]),
        ("What did Dahl say?", [0, 1, 2]),
    ],
)
def test_only_the_turns_of_who_is_asked_are_kept(question, kept):
    (hit,) = said_by(question, hits())
    told = [hit.passage.sentence(n) for n in range(len(hit.passage.sentences))]
    assert told == [TURNS[n] for n in kept]
    assert hit.sentence_scores == tuple((n + 1) / 10 for n in kept)
    assert [r.belongs for r in hit.reading.sentences] == [n / 10 for n in kept]
    assert len(hit.passage.pages) == len(kept)


def test_a_passage_of_another_alone_is_left_out():
    (whole,) = hits()
    own, other = (replace(whole, passage=whole.passage.only([n])) for n in (1, 2))
    assert [h.passage for h in said_by("What did Oake say?", [own, other])] == [
        own.passage
    ]


def test_a_passage_of_one_speaker_is_theirs_throughout():
    (hit,) = hits()
    (other,) = hits()
    lind = replace(hit, passage=replace(hit.passage, heading="A talk · BO LIND:"))
    oake = replace(other, passage=replace(other.passage, heading="A talk · ANN OAKE:"))
    assert said_by("Who pays according to Lind?", [lind, oake]) == (lind,)
