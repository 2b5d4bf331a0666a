"""From folders of JSON lines to what a run learns from, with a part held out."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lab.errors import TrainingError
from lab.reader.data import Corpus, load_corpus, merge, sentences
from lab.reader.held_out import Measure
from lab.reader.marked import Marked, is_held_out, load_marked
from lab.reader.plan import Supplies
from lab.reader.squad import load_squad

_KEPT_OUT = {"dev", "val", "valid", "validation", "test", "fitting"}
_HELD_OUT = 0.03
_WATCHED = 200
_NO_TRAPS = (
    "unanswerable questions are needed {where}: rows of questions*.jsonl with "
    '"answerable": false and "adversarial_passage_id"'
)


@dataclass(frozen=True, slots=True)
class Source:
    """A folder with `passages*.jsonl` and, if it has any, `questions*.jsonl`; a
    `.json` file as SQuAD's are; or a file of questions with marked sentences.

    Attributes:
        weight: How often its questions are drawn, against those of others.
    """

    folder: Path
    weight: float = 1.0


def parse_source(text: str) -> Source:
    """Read `PATH` or `PATH=WEIGHT`.

    Raises:
        TrainingError: The weight is no number above 0.
    """
    folder, _, weight = text.rpartition("=") if "=" in text else (text, "", "1")
    try:
        value = float(weight)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise TrainingError(
            f"{text}: write a path, or PATH=WEIGHT with a number above 0"
        )
    return Source(Path(folder), value)


def load_source(source: Source) -> Corpus:
    """The training part: no file named dev, val or test, no row of such a split.

    Raises:
        TrainingError: The folder has no passages, or a record is not of the form.
    """
    if _is_squad(source):
        _refuse_kept_out(source)
        return load_squad(source.folder)
    if not source.folder.is_dir():
        raise TrainingError(
            f"{source.folder}: no such folder; name folders with passages*.jsonl"
        )
    passages, questions = (
        sorted(
            path
            for path in source.folder.glob(f"{kind}*.jsonl")
            if not _is_kept_out(path)
        )
        for kind in ("passages", "questions")
    )
    if not passages:
        raise TrainingError(
            f"{source.folder}: no passages*.jsonl to train on; files named dev, val "
            "or test are kept out"
        )
    try:
        return load_corpus(passages, questions, split="train")
    except (OSError, UnicodeDecodeError) as exc:
        raise TrainingError(
            f"{source.folder}: cannot be read ({exc}); the files must be UTF-8"
        ) from exc


def _is_squad(source: Source) -> bool:
    return source.folder.suffix == ".json"


def _is_kept_out(path: Path) -> bool:
    return bool(_KEPT_OUT & set(re.split(r"[^a-z]+", path.stem.lower())))


def _refuse_kept_out(source: Source) -> None:
    if _is_kept_out(source.folder):
        raise TrainingError(
            f"{source.folder}: files named dev, val, test or fitting are not learnt "
            "from"
        )


def choose_held_out(corpus: Corpus, seed: int) -> tuple[str, ...]:
    """Titles of about 3 % of the articles that are asked of, by seed.

    Among them are an article with unanswerable and one with answerable
    questions, one and the same if there is one; as much is left to learn from.

    Raises:
        TrainingError: There are too few articles for both sides.
    """
    kinds: defaultdict[str, set[bool]] = defaultdict(set)
    for question in corpus.questions:
        kinds[question.paragraph.title].add(bool(question.answers))
    titles = sorted(kinds)
    Random(seed).shuffle(titles)
    traps = [title for title in titles if False in kinds[title]]
    known = [title for title in titles if True in kinds[title]]
    if len(traps) < 2:
        raise TrainingError(_NO_TRAPS.format(where="in two articles at least"))
    if len(known) < 2:
        raise TrainingError("answerable questions are needed in two articles at least")
    first = next((t for t in traps if t in known), traps[0])
    chosen = [first] if first in known else [first, known[0]]
    wanted = max(len(chosen), round(_HELD_OUT * len(titles)))
    others = [title for title in titles if title not in chosen]
    spare = next((t for t in others if t in traps and t in known), "")
    others = [title for title in others if title != spare] if spare else others
    return tuple(sorted([*chosen, *others[: wanted - len(chosen)]]))


def gather(
    start: Path, sources: Sequence[Source], held_out: Iterable[str], seed: int
) -> Supplies:
    """Everything a run needs.

    Args:
        start: Folder of the model to start from.
        sources: What to learn from: folders, and files with marked sentences.
        held_out: Titles of articles kept out of training, to watch and to
            calibrate on; none: `choose_held_out` does.
        seed: Decides what is held out.

    Raises:
        TrainingError: A source cannot be used, a title is not there, or one kind
            of question is missing on one side.
    """
    files = [s for s in sources if s.folder.is_file() and not _is_squad(s)]
    folders = [source for source in sources if source not in files]
    corpora = [load_source(source) for source in folders]
    whole = merge(corpora)
    titles = frozenset(held_out) or frozenset(choose_held_out(whole, seed))
    unknown = sorted(titles - {p.title for p in whole.paragraphs})
    if unknown:
        raise TrainingError(f"--held-out {unknown[0]}: no article has that title")
    kept = [corpus.without_titles(titles) for corpus in corpora]
    weights = [
        source.weight
        for source, corpus in zip(folders, kept, strict=True)
        for _ in corpus.questions
    ]
    watched = whole.only_titles(titles)
    corpus = merge(kept)
    _want_both(watched, "in the articles held out; name others with --held-out")
    _want_both(corpus, "to learn from")
    known = _sentences_of(folders, watched) if files else frozenset()
    marked = _gather_marked(files, known)
    aside = tuple(item for item, _ in marked if is_held_out(item.title))
    return Supplies(
        start,
        corpus,
        tuple(weights),
        watched,
        Measure(watched, aside, _WATCHED),
        marked=tuple(pair for pair in marked if not is_held_out(pair[0].title)),
        held_out_marked=aside,
    )


def _gather_marked(
    files: Sequence[Source], known: frozenset[str]
) -> list[tuple[Marked, float]]:
    """Each marked question with its weight."""
    for source in files:
        _refuse_kept_out(source)
    return [
        (item, source.weight)
        for source in files
        for item in load_marked(source.folder, known=known)
    ]


def _sentences_of(folders: Sequence[Source], watched: Corpus) -> frozenset[str]:
    """Sentences of what is watched, and of all passages of folders, of any split: some
    are measured on.
    """
    texts = [paragraph.text for paragraph in watched.paragraphs]
    texts += (
        str(json.loads(line).get("text", ""))
        for source in folders
        for path in sorted(source.folder.glob("passages*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip()
    )
    return frozenset(text[a:b] for text in texts for a, b in sentences(text))


def _want_both(corpus: Corpus, where: str) -> None:
    found = {bool(question.answers) for question in corpus.questions}
    if False not in found:
        raise TrainingError(_NO_TRAPS.format(where=where))
    if True not in found:
        raise TrainingError(f"answerable questions are needed {where}")
