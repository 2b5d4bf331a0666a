"""Which seed a document is in."""

import pytest

from qa.documents.files import owning_seed

SEEDS = {"a.zip", "a.zip#b", "c#d.jsonl", "e.txt"}


@pytest.mark.parametrize(
    ("file", "owner"),
    [
        ("e.txt", "e.txt"),
        ("a.zip#x/y.md", "a.zip"),
        ("a.zip#b#1", "a.zip#b"),
        ("c#d.jsonl#7#8", "c#d.jsonl"),
        ("c#9", ""),
        ("gone.zip#e.txt", ""),
    ],
)
def test_a_document_is_in_the_seed_with_the_longest_name_before_a_hash(file, owner):
    assert owning_seed(file, SEEDS.__contains__) == owner
