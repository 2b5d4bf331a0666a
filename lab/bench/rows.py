"""One measured figure beside its reference: what every part of the bench returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, and what the plain way of doing the same took in the same run.

    Attributes:
        name: What was measured.
        value: The figure, in ``unit``.
        reference: The same for the plain way; None where there is none.
        reference_name: What the plain way is.
        note: What a reader of the table has to know.
    """

    name: str
    value: float
    unit: str
    reference: float | None = None
    reference_name: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Value by reference; None without one."""
        return self.value / self.reference if self.reference else None
