"""Short plain texts written for this project, with questions: notes, minutes, rules,
news, manuals.

In the form of the files of written paragraphs, as ``lab.essays``; of half of the
texts all paragraphs are one. Those of ``alike.jsonl``, some of them of other kinds,
speak of two or three like things each, and the questions ask of one of them.
"""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
NOTES: Final = _HERE / "train.jsonl"
HELD_OUT_NOTES: Final = tuple(sorted(_HERE.glob("dev*.jsonl")))
"""What no network learns from; the judge is calibrated and measured on it. Gate and
evidence are fitted on ``fitting.jsonl``, which none learns from either.
"""
