"""``python -m lab irregular-list``: inflected words that stemmers do not know."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from lab.files import write_text
from qa.language.word_lists import FOLDER

_LEXICON = "resources/lemma_lu.csv.gz"
_SAFE = frozenset({"noun", "verb"})
"""Of adjectives the base form says less: "better" is not "good", nor "oldest" "old"."""
_HEAD = """\
# Base forms of English words, each with those inflected forms that are another stem.
# Made by `python -m lab irregular-list` of the lexicon in LemmInflect (MIT licence),
# which is made of the SPECIALIST Lexicon (US National Library of Medicine).
# Used by qa.language.inflection.base_form.
"""


def irregular_forms() -> dict[str, list[str]]:
    """By base form, in order, its forms that the stemmers take for other words.

    A form with several base forms is left out: "left" may be "leave", or a side.
    """
    import snowballstemmer

    stemmers = [snowballstemmer.stemmer(name) for name in ("english", "porter")]
    bases: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    packed = files("lemminflect").joinpath(_LEXICON).read_bytes()
    for form, kind, lemmas in csv.reader(gzip.decompress(packed).decode().splitlines()):
        bases[form].update(lemmas.split("/"))
        kinds[form].add(kind)
    found: dict[str, list[str]] = defaultdict(list)
    for form in sorted(bases):
        if len(bases[form]) > 1 or not kinds[form] <= _SAFE:
            continue
        (base,) = bases[form]
        plain = all(word.isalpha() and word.islower() for word in (form, base))
        if plain and any(s.stemWord(form) != s.stemWord(base) for s in stemmers):
            found[base].append(form)
    return dict(sorted(found.items()))


def as_lines(forms: dict[str, list[str]]) -> str:
    """The word list, as ``qa.language.word_lists.table`` reads it."""
    rows = [f"{base}: {', '.join(others)}" for base, others in forms.items()]
    return "\n".join([_HEAD, *rows, ""])


def irregular_list(
    *,
    out: Annotated[Path, typer.Option(help="Where the list goes.")] = FOLDER
    / "base_forms.txt",
) -> None:
    """Write the word list of irregular forms anew from the lexicon."""
    write_text(out, as_lines(irregular_forms()))
