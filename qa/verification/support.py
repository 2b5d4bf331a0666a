"""The score of support: what can be counted of a sentence, weighed by a formula.

Each feature is a share or a cosine; the formula is a logistic regression whose
weights ``python -m lab train-checker`` fits on people's judgements, on questions
that people asked of a passage, and on claims made with one thing swapped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import ModelError
from qa.language.numbers import quantities
from qa.neural.probability import probability
from qa.verification.ground import Fault, Ground
from qa.verification.statements import Statement

FORMULA: Final = "checker.json"

Cosines = Callable[[str, Sequence[str]], Sequence[float]]
"""Cosine of a sentence with each of several texts."""


class _Stored(BaseModel):
    """What ``checker.json`` holds; more may stand there for people."""

    model_config = ConfigDict(extra="ignore")

    formula: dict[str, float]


def read_formula(folder: Path) -> dict[str, float]:
    """Weights of the features by name, and the ``bias``.

    Raises:
        ModelError: The file is not there or is no formula.
    """
    path = folder / FORMULA
    try:
        formula = _Stored.model_validate_json(path.read_bytes()).formula
    except OSError as exc:
        raise ModelError(
            f"{path}: cannot be read ({exc.strerror}); install the package again"
        ) from exc
    except ValidationError as exc:
        raise ModelError(f"{path}: is no formula; install the package again") from exc
    if "bias" not in formula:
        raise ModelError(f"{path}: has no “bias”; install the package again")
    return formula


class WeighedSupport:
    """Features weighed by a logistic regression.

    Args:
        cosines: The embedder's.
        formula: Weights of the features by name, and the ``bias``.
    """

    def __init__(self, cosines: Cosines, formula: Mapping[str, float]) -> None:
        self._cosines = cosines
        self._formula = formula

    def __call__(
        self, said: Statement, source: Ground, faults: Sequence[Fault]
    ) -> float:
        """How likely the source supports a sentence."""
        values = features(said, source, faults, self._cosines)
        odds = sum(self._formula.get(name, 0.0) * v for name, v in values.items())
        odds += self._formula["bias"]
        return probability(odds)


def features(
    said: Statement, source: Ground, faults: Sequence[Fault], cosines: Cosines
) -> dict[str, float]:
    """What is counted of one sentence and its source, by name."""
    wanted, known = said.stems, source.stems
    size = max(1, len(wanted))
    text, *others = compared(said, source)
    alike = cosines(text, others)
    kinds = [fault.kind for fault in faults]
    names = said.names
    return {
        "covered": len(wanted & known) / size,
        "covered_by_one": len(wanted & source.closest.all_stems) / size,
        "pairs_covered": _pairs_covered(said, source),
        "absent": min(8, len(wanted - known)) / 8,
        "names_absent": len(names - known - source.initials - source.context)
        / max(1, len(names)),
        "cosine": float(alike[0]),
        "cosine_of_one": float(max(alike[1:])),
        "source_length": math.log1p(sum(len(s.words) for s in source.sentences)),
        "length": math.log1p(len(said.content)),
        "numbers": min(4, sum(not q.implied for q in quantities(said.text))) / 4,
        "lacks_number": float(bool({"number", "period"} & set(kinds))),
        "lacks_name": float("name" in kinds),
    }


def compared(said: Statement, source: Ground) -> list[str]:
    """The texts whose cosines are asked for: of the sentence with the source as a
    whole, and with each of its sentences.
    """
    sentences = [sentence.text for sentence in source.sentences]
    return [said.text, " ".join(sentences), *sentences]


def _pairs_covered(said: Statement, source: Ground) -> float:
    """Share of neighbouring content words that are neighbours in the source."""
    ours = {(a.stem, b.stem) for a, b in pairwise(said.content)}
    theirs = {
        (a.stem, b.stem)
        for sentence in source.sentences
        for a, b in pairwise(sentence.content)
    }
    return len(ours & theirs) / max(1, len(ours))
