"""What computes over pairs of texts: torch, or an exported network without it.

The reader and the judge are two such networks: a BERT body that takes a pair, and
heads of which each looks at the tokens of one text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import ModelError
from qa.neural.exported import Network, Stored
from qa.neural.processors import computes_bfloat16, usable_cores
from qa.neural.texts import encodable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FILES: Final = ("model.safetensors", "config.json", "tokenizer.json")
SPECIAL_TOKENS: Final = 3
"""Around a pair."""
NEVER: Final = -1e4
"""A logit of what must not be chosen; finite, so that softmax stays a number."""
_EXPORTED_TOKENS: Final = 2048
_TORCH_TOKENS: Final = 1024

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_Item = TypeVar("_Item")


class Values(BaseModel):
    """Some of what training wrote down beside the weights."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Stated(Values):
    """What it wrote down for every network.

    Attributes:
        sha256: Of each file that is loaded, by name.
        longest: Tokens read at once, special ones included.
    """

    sha256: dict[str, str]
    longest: int


_Stated = TypeVar("_Stated", bound=Stated)


@dataclass(frozen=True, slots=True)
class Run:
    """What computes logits.

    Attributes:
        logits: Ids, mask, types and which tokens the heads look at, each (B, T),
            to the two outputs of the network.
        batch_tokens: How many tokens, with padding, it is fastest with.
        workers: How many calls at a time.
    """

    logits: Callable[[Ints, Ints, Ints, NDArray[np.bool_]], tuple[Floats, Floats]]
    batch_tokens: int
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a network over pairs needs to read: its tokenizer, and what computes.

    Attributes:
        first, separator: Ids of "[CLS]" and "[SEP]".
    """

    tokenizer: Tokenizer
    run: Run
    first: int
    separator: int

    def tokens(self, text: str) -> Any:
        """The tokens of a text, with their offsets, without special ones."""
        return self.tokenizer.encode(encodable(text), add_special_tokens=False)

    def arrays(
        self, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]
    ) -> tuple[Ints, Ints, Ints]:
        """Ids, mask and types of B pairs of tokens, padded: each (B, T)."""
        length = max(len(one) + len(other) for one, other in pairs) + SPECIAL_TOKENS
        ids = np.zeros((len(pairs), length), np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        for row, (one, other) in enumerate(pairs):
            head = [self.first, *one, self.separator]
            stop = len(head) + len(other) + 1
            ids[row, :stop] = [*head, *other, self.separator]
            mask[row, :stop] = 1
            types[row, len(head) : stop] = 1
        return ids, mask, types


def load(
    folder: Path,
    exported: Stored | None,
    inputs: Sequence[str],
    in_torch: Callable[[Path], Run],
) -> Loaded:
    """A network to read with: the exported one, or without it in torch.

    Raises:
        ModelError: It, or the tokenizer in its folder, cannot be loaded.
    """
    tokenizer, first, separator = load_tokenizer(folder)
    if exported is None:
        return Loaded(tokenizer, in_torch(folder), first, separator)
    # Its threads do not spin, so that a busy machine bears one more than torch.
    run = run_exported(exported, inputs, threads=max(1, usable_cores() - 1))
    return Loaded(tokenizer, run, first, separator)


def batched(
    items: Iterable[_Item], length: Callable[[_Item], int], most: int
) -> Iterator[list[_Item]]:
    """Items of like length, so many that padding and memory stay small.

    Args:
        items: What is read together.
        length: Tokens of one.
        most: Tokens of a batch, with padding.
    """
    batch: list[_Item] = []
    for item in sorted(items, key=length):
        if batch and (len(batch) + 1) * length(item) > most:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def run_exported(stored: Stored, inputs: Sequence[str], *, threads: int) -> Run:
    """By a network that ``pair_export`` made, with the names of its inputs.

    Raises:
        ModelError: It cannot be run.
    """
    network = Network(stored, threads=threads)

    def run(
        ids: Ints, mask: Ints, types: Ints, seen: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        values = (ids, mask, types, seen)
        first, second = network.run(dict(zip(inputs, values, strict=True)))
        return first, second

    return Run(run, _EXPORTED_TOKENS)


def run_in_torch(network: Any) -> Run:
    """By torch, the body in bfloat16 where the processor computes in it."""
    import torch

    if computes_bfloat16():
        network.bert.to(torch.bfloat16)

    def run(
        ids: Ints, mask: Ints, types: Ints, seen: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        torch.set_num_threads(1)  # torch keeps this for each thread
        values = map(torch.from_numpy, (ids, mask, types, seen))
        with torch.inference_mode():
            first, second = network(*values)
        return first.numpy(), second.numpy()

    return Run(run, _TORCH_TOKENS, max(1, usable_cores() - 1))


def load_network(
    folder: Path, kind: Callable[[Any], Any], *, attention: str = "sdpa"
) -> Any:
    """A network with its weights, in float32, ready to run.

    Args:
        folder: Its own.
        kind: Makes it of its body.
        attention: How transformers computes it; ``eager`` exports best.

    Raises:
        ModelError: They cannot be loaded.
    """
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    weights, config, _ = (folder / name for name in FILES)
    try:
        settings = BertConfig.from_json_file(config)
        settings._attn_implementation = attention  # noqa: SLF001 - its only way in
        network = kind(BertModel(settings, add_pooling_layer=False))
        network.load_state_dict(load_file(weights))
    except OSError as exc:
        raise ModelError(
            f"{folder}: the weights cannot be loaded ({exc}); install or train them "
            "again"
        ) from exc
    return network.eval()


def load_tokenizer(folder: Path) -> tuple[Any, int, int]:
    """The tokenizer of a folder, and the ids of "[CLS]" and "[SEP]".

    Raises:
        ModelError: It cannot be loaded, or is none for BERT.
    """
    from tokenizers import Tokenizer

    path = folder / FILES[2]
    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ModelError(
            f"{path}: cannot be loaded ({exc}); install or train it again"
        ) from exc
    tokenizer.no_padding()
    tokenizer.no_truncation()
    first, separator = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
    if first is None or separator is None:
        raise ModelError(f"{path}: is not a tokenizer for BERT")
    return tokenizer, first, separator


def read_stated(path: Path, kind: type[_Stated], part: str) -> _Stated:
    """What training wrote down beside the weights.

    Args:
        path: Of the file.
        kind: What it has to hold.
        part: ``reader`` or ``judge``, for the message.

    Raises:
        ModelError: It is not there, or not of a form that this version reads.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise ModelError(
            f"{path}: cannot be read ({exc.strerror}); "
            f"install or train the {part} again"
        ) from exc
    except ValidationError as exc:
        where = ".".join(str(step) for step in exc.errors()[0]["loc"])
        raise ModelError(
            f"{path}: not the settings of a {part} ({where or 'no JSON'}); "
            f"install or train the {part} again"
        ) from exc
