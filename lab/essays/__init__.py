"""Essays written for this project, with questions to each paragraph.

In the form of the files of written paragraphs; ``paragraph`` is the paragraph's number
in its essay, ``also`` the numbers of others that answer the question too.
"""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
ESSAYS: Final = _HERE / "train.jsonl"
HELD_OUT_ESSAYS: Final = tuple(sorted(_HERE.glob("dev*.jsonl")))
"""What no network learns from; the judge is calibrated and measured on it."""
