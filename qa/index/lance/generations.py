"""Which generation there is: one row names the version of every other table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from qa.errors import IndexMismatchError
from qa.index.lance.rows import Row
from qa.index.lance.tables import Table

FORMAT = 2
NAME = "generations"


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation.

    Attributes:
        builder: Whoever published it, to tell two apart that took the same number.
        made: ISO 8601 time.
        settings: How passages were split.
        tables: The name and version of each table by what it holds.
    """

    number: int
    builder: str
    made: str
    embedder: str
    settings: str
    seeds: int
    documents: int
    passages: int
    vectors: int
    tables: Mapping[str, tuple[str, int]]
    format: int = FORMAT

    @classmethod
    def newest(cls, table: Table, address: str) -> Self | None:
        """The one that was published last; of two builders, the one that was first.

        Raises:
            IndexMismatchError: Another version of this program wrote it.
        """
        rows = table.rows(["number", "meta", "_rowid"])
        if not rows:
            return None
        row = min(rows, key=lambda row: (-row["number"], row["_rowid"]))
        stated = json.loads(row["meta"])
        if stated["format"] != FORMAT:
            raise IndexMismatchError(
                f"{address}: has format {stated['format']}, this program reads "
                f"{FORMAT}; run `qa build --fresh`"
            )
        tables = {what: (name, int(v)) for what, (name, v) in stated["tables"].items()}
        return cls(**(stated | {"tables": tables}))

    def row(self) -> Row:
        """As the table of generations takes it."""
        return {"number": self.number, "meta": json.dumps(asdict(self))}
