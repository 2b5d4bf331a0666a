"""Short plain texts written for this project, with questions: notes, minutes, rules,
news, manuals.

In the form of the files of written paragraphs, as ``lab.essays``; of half of the
texts all paragraphs are one.
"""

from pathlib import Path
from typing import Final

NOTES: Final = Path(__file__).parent / "train.jsonl"
