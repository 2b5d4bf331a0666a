"""Essays written for this project, with questions to each paragraph.

In the form of the files of written paragraphs; ``paragraph`` is the paragraph's number
in its essay, ``also`` the numbers of others that answer the question too.
"""

from pathlib import Path
from typing import Final

ESSAYS: Final = Path(__file__).parent / "train.jsonl"
