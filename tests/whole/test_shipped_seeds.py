"""The digests in seeds/ are ours: no run of the articles' words, all metadata."""

import os
import re
import unicodedata
from pathlib import Path

import pytest

from qa.documents import load_documents, read_seed, scan_seeds

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
ARTICLES = ROOT.parent / "shared" / "seeds"


def words(text):
    text = unicodedata.normalize("NFKC", re.sub(r"(\w)-\n\s*(\w)", r"\1\2", text))
    return re.findall(r"[a-z0-9']+", text.replace("’", "'").replace("‘", "'").lower())


def runs(text, length=8):
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def test_five_digests_are_indexed_with_a_title_and_sections():
    files = scan_seeds(SEEDS)
    assert len(files) == 5
    for file in files:
        (document,) = load_documents(read_seed(SEEDS, file, max_bytes=100_000))
        assert document.headings[0].level == 1
        assert len(document.headings) > 3
        assert 200 < len(document.text.split()) < 1100


def test_no_digest_shares_eight_words_in_a_row_with_an_article():
    if not ARTICLES.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{ARTICLES} is missing")
        pytest.skip("the articles are not here")
    original = set().union(*(runs(p.read_text("utf-8")) for p in ARTICLES.iterdir()))
    assert original
    for path in SEEDS.glob("*.md"):
        shared = runs(path.read_text("utf-8")) & original
        assert not shared, f"{path.name}: {' '.join(min(shared))}"
