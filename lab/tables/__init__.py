"""Tables written for this project beside prose on the same subject, with questions that
rows or sentences answer, and near misses that neither does.

A row is an article; ``lab.reader.tables`` says how its rows are read.
"""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
TABLES: Final = _HERE / "train.jsonl"
HELD_OUT_TABLES: Final = _HERE / "dev.jsonl"
"""What no network learns from."""
