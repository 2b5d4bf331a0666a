"""Figures on claims kept out of training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import torch

from lab.essays import HELD_OUT_ESSAYS
from lab.judge.cuts import cut_fairly, cut_unfairly
from lab.judge.examples import Example, collate
from lab.judge.sources import CUT_FROM, CUT_TO, judged, read_lines
from lab.notes import HELD_OUT_NOTES
from lab.restatements import HELD_OUT_RESTATEMENTS
from qa.evaluation.scoring import auroc

LONGEST: Final = 384
_SIZE: Final = 64
_SEED: Final = 9


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Examples of one shape; ``kinds`` and ``titles`` stand beside them."""

    examples: tuple[Example, ...]
    kinds: tuple[str, ...]
    titles: tuple[str, ...]

    def of(self, rows: np.ndarray) -> HeldOut:
        """The examples at some rows, given as a mask (N,)."""
        kept = np.flatnonzero(rows)
        return HeldOut(
            tuple(self.examples[row] for row in kept),
            tuple(self.kinds[row] for row in kept),
            tuple(self.titles[row] for row in kept),
        )

    @property
    def truth(self) -> np.ndarray:
        """(N,), whether each is supported."""
        return np.array([example.supported for example in self.examples])


def held_out(shared: Path, *, share: int = 1) -> dict[str, HeldOut]:
    """What no network learns from, by shape.

    ``cited``, ``whole`` and ``alone`` are the claims of ``written/dev`` over the
    cited sentences, the whole paragraph, and nothing; ``cuts`` are sentences of its
    paragraphs with something left out; ``essays``, ``notes`` and ``restated`` are
    claims over the cited sentences of our own essays, short texts and restatements.

    Args:
        shared: The folder that holds ``train``.
        share: Every how many paragraphs and claims are taken.
    """
    rows = read_lines(shared / "train" / "written" / "dev.jsonl")[::share]
    found = {mode: _written(rows, mode) for mode in ("cited", "whole", "alone")}
    found["cuts"] = _cuts(rows)
    for name, files in (
        ("essays", HELD_OUT_ESSAYS),
        ("notes", HELD_OUT_NOTES),
        ("restated", (HELD_OUT_RESTATEMENTS,)),
    ):
        own = [row for file in files for row in read_lines(file)][::share]
        found[name] = _written(own, "cited")
    claims = read_lines(shared / "train" / "claims" / "dev.jsonl")[::share]
    found["claims"] = HeldOut(
        tuple(
            Example(r["claim"], " ".join(r["evidence"]), r["label"] == "supported")
            for r in claims
        ),
        tuple(r["set"] for r in claims),
        tuple(r["id"] for r in claims),
    )
    _, out = judged(shared / "train")
    out = out[::share]
    found["judged"] = HeldOut(tuple(out), ("",) * len(out), ("",) * len(out))
    return found


def _written(rows: Sequence[dict[str, Any]], mode: str) -> HeldOut:
    examples, kinds, titles = [], [], []
    for row in rows:
        for number, answer in enumerate(row["answer"], 1):
            chosen = {
                "cited": [row["sentences"][n - 1] for n in answer["sentences"]],
                "whole": row["sentences"],
                "alone": [],
            }[mode]
            said = [(answer["text"], "", True)]
            said += [
                (false["text"], false["kind"], False)
                for false in row["unsupported"]
                if false["of"] == number
            ]
            for text, kind, supported in said:
                examples.append(Example(text, " ".join(chosen), supported))
                kinds.append(kind)
                titles.append(row["title"] or row["id"])
    return HeldOut(tuple(examples), tuple(kinds), tuple(titles))


def _cuts(rows: Sequence[dict[str, Any]]) -> HeldOut:
    """Sentences less what they say beside, and less what they say."""
    rng = Random(_SEED)
    examples: list[Example] = []
    kinds: list[str] = []
    titles: list[str] = []
    for row in rows:
        for sentence in row["sentences"]:
            if not CUT_FROM <= len(sentence) <= CUT_TO:
                continue
            fair, unfair = cut_fairly(sentence, rng), cut_unfairly(sentence, rng)
            if fair is not None:
                examples.append(Example(fair, sentence, supported=True))
                kinds.append("")
            if unfair is not None:
                examples.append(Example(unfair.text, sentence, supported=False))
                kinds.append(unfair.kind)
            titles += [row["title"]] * (len(examples) - len(titles))
    return HeldOut(tuple(examples), tuple(kinds), tuple(titles))


def scores(network: Any, tokenizer: Any, examples: Sequence[Example]) -> np.ndarray:
    """Logits of support (N,); the network is in the mode it is called in."""
    device = next(network.parameters()).device
    found = np.zeros(len(examples))
    order = sorted(
        range(len(examples)),
        key=lambda i: len(examples[i].claim) + len(examples[i].evidence),
    )
    with torch.inference_mode():
        for start in range(0, len(order), _SIZE):
            rows = order[start : start + _SIZE]
            batch = collate(tokenizer, [examples[i] for i in rows], longest=LONGEST)
            batch = batch.to(device)
            support, _ = network(batch.ids, batch.mask, batch.types, batch.claim)
            found[rows] = support.float().cpu().numpy()
    return found


def caught_at(values: np.ndarray, truth: np.ndarray, alarms: float) -> float:
    """Share of unsupported claims below the bar that so many supported ones fail."""
    return float((values[~truth] < np.quantile(values[truth], alarms)).mean())


def best_balanced(values: np.ndarray, truth: np.ndarray) -> float:
    """The best mean of both shares judged right, over the bars at 201 quantiles."""
    return max(
        float((values >= bar)[truth].mean() + (values < bar)[~truth].mean()) / 2
        for bar in np.quantile(values, np.linspace(0, 1, 201))
    )


def figures_of(values: np.ndarray, part: HeldOut, name: str) -> dict[str, float]:
    """AUC, caught at fixed false alarms, balanced accuracy; caught for each kind too.

    Args:
        values: (N,) scores of the part's examples.
        part: What was scored.
        name: Of the part; it stands before each figure's name.
    """
    truth = part.truth
    found = {
        f"{name}.auc": auroc(values[truth].tolist(), values[~truth].tolist()),
        f"{name}.caught@.5": caught_at(values, truth, 0.5),
        f"{name}.caught@.3": caught_at(values, truth, 0.3),
        f"{name}.balanced": best_balanced(values, truth),
    }
    if name in {"cited", "whole", "cuts", "essays", "notes"}:
        bar = np.quantile(values[truth], 0.3)
        by_kind: dict[str, list[bool]] = defaultdict(list)
        for value, kind in zip(values, part.kinds, strict=True):
            if kind:
                by_kind[kind].append(bool(value < bar))
        for kind in sorted(by_kind):
            found[f"{name}.{kind}@.3"] = float(np.mean(by_kind[kind]))
    return found
