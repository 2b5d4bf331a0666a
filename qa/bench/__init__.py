"""How fast everything is: figures beside what a plain way of doing the same takes.

Each group of figures is a function in a file of its own; ``GROUPS`` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.bench.rows import Row

SIZES = (1_000, 30_000, 300_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure with.

    Attributes:
        sizes: Passages of the libraries that are made.
        folder: An empty one to work in; some 5 kB for each passage.
        progress: Told what is being done.
    """

    sizes: Sequence[int]
    folder: Path
    progress: Callable[[str], None]


Measure = Callable[[Plan], Iterable[Row]]


def _index(plan: Plan) -> Iterable[Row]:
    from qa.bench.scale import measure_index

    return measure_index(plan)


GROUPS: Mapping[str, Measure] = {"index": _index}
"""By the name that ``qa bench --only`` takes, in the order of the table."""

__all__ = ["GROUPS", "SIZES", "Measure", "Plan", "Row"]
