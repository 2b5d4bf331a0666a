"""A shared folder of a few made-up paragraphs, in the shapes the judge learns from."""

import pytest
from training import make_start, write_rows

SENTENCES = [
    "In 1987 Anna Berg reportedly sold 12 large ships to the town of Norland.",
    "The mayor of Norland, who feared a strike, denied that the pier was lost.",
    "However, all ferries sank in the winter of 1990 if the papers are right.",
    "The harbour was closed by the council, but the town grew rich again.",
]


def paragraph(number):
    return {
        "id": f"p-{number}",
        "title": f"Harbour {number}",
        "sentences": SENTENCES,
        "question": "who sold the ships",
        "answer_words": "Anna Berg",
        "answer": [
            {"text": "Anna Berg is said to have sold 12 ships.", "sentences": [1]},
            {"text": "The mayor would not call the pier lost.", "sentences": [1, 2]},
        ],
        "unsupported": [
            {"text": "Anna Berg sold 12 ships for gold.", "of": 1, "kind": "detail"},
            {"text": "The mayor gave up the pier.", "of": 2, "kind": "negation"},
        ],
        "unanswerable": "who bought the lamps",
    }


def claim(number):
    return {
        "id": f"c-{number}",
        "set": "fever_dev" if number % 3 else "entailmentbank",
        "claim": f"The ferry left in {1900 + number}.",
        "evidence": ["The ferry left the pier in 1901.", "It sank in May."],
        "label": "supported" if number % 2 else "contradicted",
    }


@pytest.fixture(scope="session")
def judged_folder(tmp_path_factory):
    """The folders ``train`` and ``eval`` that a judge is trained from."""
    shared = tmp_path_factory.mktemp("shared")
    rows = {
        "train/written/train.jsonl": [paragraph(n) for n in range(4)],
        "train/written/dev.jsonl": [paragraph(n) for n in range(4, 10)],
        "train/claims/train.jsonl": [claim(n) for n in range(8)],
        "train/claims/dev.jsonl": [claim(n) for n in range(8, 16)],
        "train/answers/aclsum_train.jsonl": [
            {"evidence": SENTENCES[:2], "answer": SENTENCES[0]}
        ],
        "train/wice/oracle_chunks_dev.jsonl": [
            {"claim": SENTENCES[n % 4], "evidence": SENTENCES[:2], "label": label}
            for n, label in enumerate(["supported", "not_supported"] * 9)
        ],
        "train/wice/non_supported_tokens_train.jsonl": [
            {
                "claim": "It sank in May.",
                "claim_tokens": ["It", "sank", "in", "May"],
                "non_supported": [False, False, True, True],
                "evidence_sentences": SENTENCES,
                "supporting_sentence_sets": [[2]],
            }
        ],
        "train/expertqa/examples_train_safe.jsonl": [
            {
                "id": f"{n:x}-1",
                "claim": SENTENCES[n % 4],
                "evidence": " ".join(SENTENCES[:3]),
                "evidence_has_text": True,
                "support": "Complete" if n % 2 else "Partial",
            }
            for n in range(10)
        ],
        "eval/wiki_scale/passages.jsonl": [
            {"id": f"w-{n}", "title": "Harbour", "text": " ".join(SENTENCES)}
            for n in range(3)
        ],
    }
    for name in ("onestop", "wikisplit", "paws_pairs"):
        rows[f"train/pairs/{name}_train.jsonl"] = [
            {"source": SENTENCES[0], "target": "Anna Berg sold ships to Norland."}
        ]
    rows["train/pairs/onestop_train.jsonl"].append(
        {"source": SENTENCES[0], "target": SENTENCES[0].replace("large", "big")}
    )
    rows["train/pairs/onestop_dev.jsonl"] = rows["train/pairs/onestop_train.jsonl"]
    for name, lines in rows.items():
        path = shared / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_rows(path.parent, path.name, lines)
    return shared


@pytest.fixture(scope="session")
def judged_start(tmp_path_factory):
    """A tiny body to begin with."""
    return make_start(tmp_path_factory.mktemp("judge-start"))


@pytest.fixture(scope="session")
def judged_tokenizer(judged_start):
    from transformers import BertTokenizerFast

    return BertTokenizerFast(tokenizer_file=str(judged_start / "tokenizer.json"))
