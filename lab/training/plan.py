"""What plans of trainings share: how the learning rate goes, and whose a folder is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lab.errors import TrainingError
from lab.training.checkpoint import write_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_PLAN: Final = "plan.json"


class Falling:
    """A plan whose learning rate rises for a while and then falls to 0 at its end."""

    updates: int
    peak: float
    warm_up: int
    average: float

    def learning_rate(self, update: int) -> float:
        """Linear up for ``warm_up`` updates (a tenth at most), then linear down."""
        warm_up = max(1, min(self.warm_up, self.updates // 10))
        falling = (self.updates - update) / max(1, self.updates - warm_up)
        return self.peak * min((update + 1) / warm_up, max(0.0, falling))

    def kept_average(self, update: int) -> float:
        """Share of the moving average kept at an update; less at the beginning."""
        return min(self.average, (1 + update) / (10 + update))


def claim_folder(folder: Path, plan: DataclassInstance, **beside: Any) -> None:
    """Make a folder that of a run, or find that it is.

    Args:
        folder: Of the checkpoints.
        plan: The run's; ``save_every`` does not change what comes of it.
        beside: What else decides the weights.

    Raises:
        TrainingError: It holds another run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _PLAN
    wanted = {k: v for k, v in asdict(plan).items() if k != "save_every"} | beside
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != wanted:
        raise TrainingError(
            f"{folder}: holds a run of another plan, or of other data; name another "
            "folder with --work, or delete this one"
        )
    write_json(wanted, path)
