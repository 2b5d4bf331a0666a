"""What the judge is shown, and how it becomes tokens and targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

LONGEST: Final = 256
# subtle: matrix products are compiled once a shape; few shapes, few compilations
_STEP: Final = 16
_GROUPS_DRAWN: Final = 640
_ORDER: Final = 0.5
_PLACE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, its evidence, and whether that supports it.

    Attributes:
        changed: Where the sentence was changed, in characters, if that is known.
    """

    claim: str
    evidence: str
    supported: bool
    changed: tuple[int, int] | None = None


Group = tuple[Example, ...]
Draw = Callable[[Random], Group]


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids and targets; B examples of T tokens.

    Attributes:
        ids, mask, types: shape (B, T), what BERT takes; the claim comes first.
        claim: (B, T), true at the claim's tokens.
        changed: (B, T), 1 at tokens that were changed; NaN where unknown.
        supported: (B,), 0 or 1.
        group: (B,), the number of the group an example belongs to.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    claim: Tensor
    changed: Tensor
    supported: Tensor
    group: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        names = self.__dataclass_fields__
        return Batch(*(getattr(self, n).to(device, non_blocking=True) for n in names))


def collate(
    tokenizer: Any,
    examples: Sequence[Example],
    groups: Sequence[int] = (),
    *,
    longest: int = LONGEST,
) -> Batch:
    """Tokenise pairs of claim and evidence; evidence too long loses its end."""
    encoded = tokenizer(
        [e.claim for e in examples],
        [e.evidence for e in examples],
        truncation="only_second",
        max_length=longest,
        padding=True,
        pad_to_multiple_of=_STEP,
        return_offsets_mapping=True,
    )
    rows = range(len(examples))
    claim = torch.tensor([[p == 0 for p in encoded.sequence_ids(r)] for r in rows])
    changed = torch.full(claim.shape, float("nan"))
    for row, example in enumerate(examples):
        if example.changed is None:
            continue
        start, end = example.changed
        offsets = torch.tensor(encoded["offset_mapping"][row])
        inside = (offsets[:, 0] < max(end, start + 1)) & (offsets[:, 1] > start)
        changed[row, claim[row]] = inside[claim[row]].float()
    return Batch(
        ids=torch.tensor(encoded["input_ids"]),
        mask=torch.tensor(encoded["attention_mask"]),
        types=torch.tensor(encoded["token_type_ids"]),
        claim=claim,
        changed=changed,
        supported=torch.tensor([float(e.supported) for e in examples]),
        group=torch.tensor(list(groups) or [0] * len(examples)),
    )


def losses(network: Any, batch: Batch) -> dict[str, Tensor]:
    """Mean loss of each task over the batch, in nats times its weight.

    ``support`` is cross-entropy; ``order`` is that of a fair sentence standing above
    each that is no longer fair (RankNet, Burges et al. 2005, section 3); ``place`` is
    cross-entropy of the objection, a softmax over the claim, with the tokens changed.

    Args:
        network: Gives logits of support (B,) and of objection (B, T).
        batch: B examples of T tokens.

    Returns:
        A scalar a task.
    """
    support, objection = network(batch.ids, batch.mask, batch.types, batch.claim)
    truth = batch.supported
    # A fair sentence has to stand above what is no longer fair of it.
    pairs = (batch.group[:, None] == batch.group[None]) & (truth[:, None] > truth[None])
    margins = functional.softplus(support[None] - support[:, None])
    order = (margins * pairs).sum() / pairs.sum().clamp(min=1)
    target = batch.changed.nan_to_num()
    count = target.sum(dim=1, keepdim=True)
    log_share = objection.log_softmax(dim=1)
    places = -(target / count.clamp(min=1.0) * log_share).sum(dim=1)
    known = (count[:, 0] > 0).sum().clamp(min=1)
    return {
        "support": functional.binary_cross_entropy_with_logits(support, truth),
        "order": _ORDER * order,
        "place": _PLACE * places.sum() / known,
    }


def chunk_of(
    draws: Sequence[tuple[float, Draw]], batch: int, seed: int, chunk: int
) -> list[tuple[list[Example], list[int]]]:
    """The batches of one chunk: of like length, made of whole groups, shuffled.

    Returns:
        Examples and the numbers of their groups.
    """
    rng = Random(f"{seed}/{chunk}")
    weights = [weight for weight, _ in draws]
    groups = [
        rng.choices(draws, weights)[0][1](rng)
        for _ in range(max(_GROUPS_DRAWN, 6 * batch))
    ]
    groups.sort(key=lambda g: max(len(e.claim) + len(e.evidence) for e in g))
    made: list[tuple[list[Example], list[int]]] = [([], [])]
    for number, group in enumerate(groups):
        if len(made[-1][0]) + len(group) > batch:
            made.append(([], []))
        made[-1][0].extend(group)
        made[-1][1].extend([number] * len(group))
    rng.shuffle(made)
    return made
