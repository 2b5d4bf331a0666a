"""Transcripts: who is asked about, and which turns are another's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.documents.blocks import SPEAKER
from qa.language.text import content_stems, stem
from qa.schema import Hit

_NAMES = r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*)*"
_ASKED = re.compile(
    rf"\b(?:(?i:according to) (?P<source>{_NAMES})"
    rf"|(?:does|did) (?P<who>{_NAMES}) [a-z])"
)


def said_by(question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits without the turns of others, where a question like "Who should pay according
    to Aker?" is about what one speaker of a transcript says.
    """
    found = _ASKED.search(question)
    if found is None:
        return tuple(hits)
    who = stem((found["source"] or found["who"]).split()[-1])
    turns = [_turns(hit) for hit in hits]
    if not any(who in turn for of_hit in turns for turn in of_hit):
        return tuple(hits)
    kept = []
    for hit, of_hit in zip(hits, turns, strict=True):
        own = [n for n, turn in enumerate(of_hit) if not turn or who in turn]
        if own:
            kept.append(hit.only(own))
    return tuple(kept)


def _turns(hit: Hit) -> list[list[str]]:
    """For each sentence the words for its speaker; none outside of turns."""
    passage = hit.passage
    if passage.speaker:
        return [content_stems(passage.speaker)] * len(passage.sentences)
    sentences = map(passage.sentence, range(len(passage.sentences)))
    labels = (SPEAKER.match(sentence) for sentence in sentences)
    return [content_stems(label[0]) if label else [] for label in labels]
