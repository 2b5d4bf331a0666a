"""How a reader tells the sentences that answer, in files of marked questions.

Usage: ``python -m lab.reader.measure READER FILE.jsonl...``; of each file AUROC of the
sentences that belong, the share of first ones that do, and AUROC of questions against
near misses.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoTokenizer

from lab.reader.held_out import of_marked
from lab.reader.marked import load_marked
from lab.reader.model import load_start
from qa.cli import console


def main(arguments: Sequence[str]) -> None:
    """Print a line for each file."""
    folder, *files = map(Path, arguments)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = load_start(folder, dropout=0.0).eval()
    for file in files:
        marked = load_marked(file)
        with torch.inference_mode():
            found = of_marked(network, tokenizer, marked, len(marked))
        told = ", ".join(f"{name} {figure:.3f}" for name, figure in found.items())
        console.out.print(f"{file}, {len(marked)} questions on passages: {told}")


if __name__ == "__main__":
    main(sys.argv[1:])
