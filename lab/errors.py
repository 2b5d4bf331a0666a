"""What can go wrong in the laboratory, as one line for who runs it."""

from __future__ import annotations

from qa.errors import QaError


class BenchError(QaError):
    """The bench could not measure something."""


class CasesError(QaError):
    """Cases cannot be read."""


class TrainingError(QaError):
    """Something cannot be trained or fitted as asked."""


class TrainingStoppedError(TrainingError):
    """The user stopped a training run; it was saved."""
