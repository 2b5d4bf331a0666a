"""What the training tests share: a tiny BERT, a few paragraphs, written folders."""

import json

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from lab.reader.data import Corpus, Paragraph, Question
from lab.reader.plan import Plan, Supplies

TEXT = (
    "The oil crisis began in October 1973 when Egypt and Syria proclaimed an embargo. "
    "By March 1974 the price had risen from 3 dollars to nearly 12 dollars. "
    "Japan and some European nations were angry about the first oil shock. "
    "Many small farmers in Kansas could no longer afford their large machines."
)
OTHER = (
    "Steam engines were built in Cornwall by Richard Trevithick in 1801. "
    "The largest engine had a cylinder of 90 inches and pumped water from a mine. "
    "Later the Great Western Railway ordered 40 of them from a maker in Bristol."
)
OIL = Paragraph("oil-0", "Oil crisis", TEXT)
STEAM = Paragraph("steam-0", "Steam engine", OTHER)
PUMPS = Paragraph("oil-1", "Oil crisis", OTHER.replace("engine", "pump"))
QUESTIONS = (
    Question("1", "When did the oil crisis begin?", OIL, ("October 1973",)),
    Question("2", "Who built the first engines?", STEAM, ("Richard Trevithick",)),
    Question("3", "When did Kansas proclaim an embargo?", OIL, ()),
)
CORPUS = Corpus(QUESTIONS, (OIL, STEAM, PUMPS))
PLAN = Plan(updates=8, batch=4, workers=1, chunk=3, save_every=3, longest=64)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789.,?!'\"()-"


def figures(network, tokenizer):
    """Of no meaning; a worker process needs a function it can name."""
    return {"held": 1.0}


def supplies(start):
    return Supplies(start, CORPUS, (1.0,) * len(QUESTIONS), CORPUS, figures)


def make_start(folder):
    """A model to start from: a tiny BERT with a tokenizer of characters."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_ALPHABET]
    words += [f"##{letter}" for letter in _ALPHABET]
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=512,
    )
    torch.manual_seed(0)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    vocabulary = {word: row for row, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    settings = {"tokenizer_class": "BertTokenizer", "model_max_length": 512}
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return folder


def write_rows(folder, name, rows):
    folder.mkdir(exist_ok=True)
    text = "\n".join(json.dumps(row) for row in rows)
    (folder / name).write_text(text, encoding="utf-8")


def write_folder(folder, titles, *, traps=True):
    """An article, an answerable and an unanswerable question for each title."""
    passages = [{"id": t, "title": t, "text": f"{TEXT} {t}"} for t in titles]
    asked = {"question": "When?", "answers": ["March 1974"], "answerable": True}
    trap = {"question": "Why?", "answers": [], "answerable": False}
    questions = [asked | {"id": f"{t}1", "gold_passage_ids": [t]} for t in titles]
    if traps:
        questions += [
            trap | {"id": f"{t}2", "adversarial_passage_id": t} for t in titles
        ]
    write_rows(folder, "passages.jsonl", passages)
    write_rows(folder, "questions_train.jsonl", questions)
    write_rows(folder, "questions_dev.jsonl", [{"id": "not read"}])
    return folder
