"""What the judge learns from: each source a way to draw groups of examples.

A group holds examples that differ in one thing, a fair sentence and what is no
longer fair of it, over the same evidence; it stays together in a batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from lab.essays import ESSAYS
from lab.judge.cuts import cut_fairly, cut_unfairly
from lab.judge.examples import Draw, Example, Group
from lab.judge.swaps import Swap, names_in, swapped
from lab.notes import NOTES
from lab.restatements import RESTATEMENTS

HELD_OUT: Final = 5
"""Of WiCE and ExpertQA each fifth document is kept out of training."""
CUT_FROM, CUT_TO = 20, 320
"""Characters of a sentence that something is left out of."""
_PASSAGES: Final = 16_000
_STRANGER: Final = 0.12
"""How often a sentence of another article stands beside the evidence."""


def read_lines(path: Path) -> list[dict[str, Any]]:
    """A JSON Lines file."""
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def sources(shared: Path) -> list[tuple[float, Draw]]:
    """Weights and draws; the weights are shares of groups."""
    train = shared / "train"
    files = (train / "written" / "train.jsonl", ESSAYS, NOTES)
    written = [row for file in files for row in read_lines(file)]
    passages = _passages(shared, written)
    pool = sorted({n for sentences in passages for s in sentences for n in names_in(s)})
    pairs = [
        (row["source"], row["target"])
        for name in ("onestop_train", "wikisplit_train", "paws_pairs_train")
        for row in read_lines(train / "pairs" / f"{name}.jsonl")
    ]
    pairs += [
        (" ".join(row["evidence"]), row["answer"])
        for row in read_lines(train / "answers" / "aclsum_train.jsonl")
    ]
    return [
        (0.40, _written(written, pool)),
        (0.15, _written(read_lines(RESTATEMENTS), pool)),
        (0.16, _cuts(passages)),
        (0.16, _claims(read_lines(train / "claims" / "train.jsonl"))),
        (0.04, _judged(train)),
        (0.04, _passage_swaps(passages, pool)),
        (0.05, _rewritten(pairs, pool)),
    ]


def _passages(shared: Path, written: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Sentences of paragraphs that no evaluation asks about."""
    from sentencex import segment

    rows = read_lines(shared / "eval" / "wiki_scale" / "passages.jsonl")
    rng = Random(3)
    chosen = rng.sample(rows, min(_PASSAGES, len(rows)))
    found = [[str(s).strip() for s in segment("en", row["text"])] for row in chosen]
    found = [[s for s in sentences if s] for sentences in found]
    return [s for s in found if s] + [row["sentences"] for row in written]


def _swap(
    text: str, evidence: str, around: Sequence[str], pool: Sequence[str], rng: Random
) -> Example | None:
    swap: Swap | None = swapped(text, around, pool, rng)
    if swap is None:
        return None
    changed = (swap.start, swap.end)
    return Example(swap.text, evidence, supported=False, changed=changed)


def _written(rows: Sequence[dict[str, Any]], pool: Sequence[str]) -> Draw:
    """Answers in own words beside subtly false ones, over one piece of evidence."""

    def draw(rng: Random) -> Group:
        row = rng.choice(rows)
        sentences = row["sentences"]
        number = rng.randrange(len(row["answer"]))
        answer = row["answer"][number]
        cited = [n - 1 for n in answer["sentences"] if n <= len(sentences)]
        false = [u for u in row["unsupported"] if u["of"] == number + 1]
        evidence = _evidence(row, cited, rng)
        if rng.random() < _STRANGER:
            stranger = rng.choice(rng.choice(rows)["sentences"])
            ways = (f"{evidence} {stranger}", f"{stranger} {evidence}")
            evidence = rng.choice(ways)
        fair = answer["text"]
        group = [Example(fair, evidence, supported=True)]
        group += [
            Example(u["text"], evidence, supported=False)
            for u in rng.sample(false, min(2, len(false)))
        ]
        if rng.random() < 0.6 and (swap := _swap(fair, evidence, sentences, pool, rng)):
            group.append(swap)
        chance = rng.random()
        rest = [s for i, s in enumerate(sentences) if i not in cited]
        if chance < 0.2 and rest:
            # What supports it is gone.
            near = rest if rng.random() < 0.5 else rng.sample(rest, min(2, len(rest)))
            group.append(Example(fair, " ".join(near), supported=False))
        elif chance < 0.3 and len(cited) > 1:
            some = [sentences[i] for i in cited]
            some.pop(rng.randrange(len(some)))
            group.append(Example(fair, " ".join(some), supported=False))
        elif chance < 0.55 and false:
            # The false sentence as source: now it is the fair one that errs.
            lie = rng.choice(false)["text"]
            beside = rng.sample(rest, min(len(rest), rng.randrange(3)))
            place = rng.randrange(len(beside) + 1)
            source = " ".join([*beside[:place], lie, *beside[place:]])
            group += [
                Example(fair, source, supported=False),
                Example(lie, source, supported=True),
            ]
        elif chance < 0.65:
            # The source's own sentence, and one thing in it changed.
            plain = sentences[rng.choice(cited)] if cited else rng.choice(sentences)
            if (swap := _swap(plain, evidence, sentences, pool, rng)) and cited:
                group += [Example(plain, evidence, supported=True), swap]
        elif chance < 0.70:
            other = rng.choice(rows)
            group.append(
                Example(fair, " ".join(other["sentences"][:3]), supported=False)
            )
        return tuple(group)

    return draw


def _evidence(row: dict[str, Any], cited: Sequence[int], rng: Random) -> str:
    """The cited sentences alone, with neighbours, or the whole paragraph."""
    sentences = row["sentences"]
    chance = rng.random()
    kept = set(cited)
    if not kept or chance > 0.65:
        kept = set(range(len(sentences)))
    elif chance > 0.45:
        kept |= (
            {max(0, min(kept) - 1)}
            if rng.random() < 0.5
            else {min(len(sentences) - 1, max(kept) + 1)}
        )
    parts = [sentences[i] for i in sorted(kept)]
    if row["title"] and rng.random() < 0.25:
        parts.insert(0, row["title"] + ".")
    return " ".join(parts)


def _claims(rows: Sequence[dict[str, Any]]) -> Draw:
    """Public claims; of entailment trees also with a premise dropped."""
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_set[row["set"]].append(row)
    shares = {
        "fever_dev": 4, "cad_nli": 4, "paws": 5, "mnli_part": 4, "fm2": 3,
        "scifact_rte": 1, "begin": 1.5, "entailmentbank": 1, "argkp": 0.3,
    }  # fmt: skip
    names = [name for name in shares if name in by_set]
    weights = [shares[name] for name in names]

    def draw(rng: Random) -> Group:
        group: list[Example] = []
        while len(group) < 3:
            name = rng.choices(names, weights)[0]
            row = rng.choice(by_set[name])
            evidence, supported = list(row["evidence"]), row["label"] == "supported"
            if name == "entailmentbank" and len(evidence) > 1 and rng.random() < 0.5:
                evidence.pop(rng.randrange(len(evidence)))
                supported = False
            group.append(Example(row["claim"], " ".join(evidence), supported))
        return tuple(group)

    return draw


def judged(train: Path) -> tuple[list[Example], list[Example]]:
    """Claims that people judged over web pages: for training, and held out."""
    parts: tuple[list[Example], list[Example]] = ([], [])
    for number, row in enumerate(
        read_lines(train / "wice" / "oracle_chunks_dev.jsonl")
    ):
        # Sub-claims of one page stand together, nine to a page.
        out = (number // 9) % HELD_OUT == 0
        fair = row["label"] == "supported"
        parts[out].append(Example(row["claim"], _joined(row["evidence"]), fair))
    for row in read_lines(train / "expertqa" / "examples_train_safe.jsonl"):
        known = row["support"] in {"Complete", "Incomplete", "Partial"}
        if row["evidence_has_text"] and known:
            out = int(row["id"].split("-")[0], 16) % HELD_OUT == 0
            evidence, fair = _joined(row["evidence"]), row["support"] == "Complete"
            parts[out].append(Example(row["claim"], evidence[:1200], fair))
    return parts


def _joined(evidence: str | list[str]) -> str:
    return " ".join(evidence) if isinstance(evidence, list) else evidence


def _judged(train: Path) -> Draw:
    examples, _ = judged(train)
    for row in read_lines(train / "wice" / "non_supported_tokens_train.jsonl"):
        pages = row["evidence_sentences"]
        best = [i for group in row["supporting_sentence_sets"] for i in group]
        near = sorted(
            {j for i in best for j in (i - 1, i, i + 1) if 0 <= j < len(pages)}
        )
        places = _marked(row["claim"], row["claim_tokens"], row["non_supported"])
        evidence = " ".join(pages[j] for j in near[:8])
        if evidence:
            examples.append(
                Example(row["claim"], evidence, not any(row["non_supported"]), places)
            )

    def draw(rng: Random) -> Group:
        return tuple(rng.choice(examples) for _ in range(3))

    return draw


def _marked(
    claim: str, tokens: Sequence[str], marks: Sequence[bool]
) -> tuple[int, int] | None:
    """Characters from the first to the last marked word; None if far apart."""
    at, spans = 0, []
    for token, marked in zip(tokens, marks, strict=True):
        start = claim.find(token, at)
        if start < 0:
            return None
        at = start + len(token)
        if marked:
            spans.append((start, at))
    if not spans or spans[-1][1] - spans[0][0] > 60:
        return None
    return spans[0][0], spans[-1][1]


def _passage_swaps(passages: Sequence[Sequence[str]], pool: Sequence[str]) -> Draw:
    """A source's sentence as it stands, and with one thing changed."""

    def draw(rng: Random) -> Group:
        while True:
            sentences, sentence, evidence = _one_of(passages, rng, 40, 3)
            swaps = [_swap(sentence, evidence, sentences, pool, rng) for _ in range(2)]
            made = [s for s in swaps if s is not None]
            if made:
                return (
                    Example(sentence, evidence, supported=True),
                    *made[: rng.randrange(1, 3)],
                )

    return draw


def _cuts(passages: Sequence[Sequence[str]]) -> Draw:
    """A source's sentence with something left out: beside the matter, or the matter."""

    def draw(rng: Random) -> Group:
        while True:
            _, sentence, evidence = _one_of(passages, rng, CUT_FROM, 2)
            cuts = [cut_unfairly(sentence, rng) for _ in range(3)]
            unfair = {cut.text: cut for cut in cuts if cut is not None}
            if not unfair:
                continue
            fair = {sentence, cut_fairly(sentence, rng) or sentence}
            return (
                *(Example(text, evidence, supported=True) for text in sorted(fair)),
                *(
                    Example(
                        cut.text,
                        evidence,
                        supported=False,
                        changed=(cut.start, cut.end),
                    )
                    for cut in unfair.values()
                ),
            )

    return draw


def _one_of(
    passages: Sequence[Sequence[str]], rng: Random, shortest: int, reach: int
) -> tuple[Sequence[str], str, str]:
    """A passage, a sentence of it, and that with fewer than ``reach`` neighbours on
    each side.
    """
    while True:
        sentences = rng.choice(passages)
        place = rng.randrange(len(sentences))
        if shortest <= len(sentences[place]) <= CUT_TO:
            low = max(0, place - rng.randrange(reach))
            around = sentences[low : place + 1 + rng.randrange(reach)]
            return sentences, sentences[place], " ".join(around)


def _rewritten(pairs: Sequence[tuple[str, str]], pool: Sequence[str]) -> Draw:
    """A sentence that people made plainer, and its rewriting with one thing changed."""

    def draw(rng: Random) -> Group:
        source, target = rng.choice(pairs)
        group = [Example(target, source, supported=True)]
        swaps = (_swap(target, source, [source], pool, rng) for _ in range(2))
        return (*group, *(swap for swap in swaps if swap))

    return draw
