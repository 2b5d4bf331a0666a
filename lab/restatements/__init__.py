"""Sentences as a capable writer puts them, fair ones and such with one thing wrong.

In the form of the files of written paragraphs, without question and title: of each
paragraph two or three fair restatements of the same sentences, and two or three that
are put as freely and are not supported.
"""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
RESTATEMENTS: Final = _HERE / "train.jsonl"
HELD_OUT_RESTATEMENTS: Final = _HERE / "dev.jsonl"
"""What no network learns from; the judge is calibrated and measured on it."""
