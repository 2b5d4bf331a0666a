"""``python -m lab fit-intent`` and ``measure-intent``: questions to a head, and how
well it and the patterns tell what is wanted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lab.errors import TrainingError
from lab.files import write_text
from qa.cli import console

if TYPE_CHECKING:
    from lab.intent.asked import Asked
    from lab.intent.fit import Encode

_HERE = Path(__file__).parent
_NAME = re.compile(
    r"(?<!^)\b(?:[Tt]he )?[A-Z][\w'’-]+(?: (?:of the |of )?[A-Z][\w'’-]+)*"
)
_MASKS = ("ARTICLE", "ARTICLE", "the ARTICLE", "AUTHOR", "PUBLISHER", "the PUBLISHER")
_HELD_OUT = [_HERE / "heldout.jsonl", _HERE / "heldout_spoken.jsonl"]


def fit_intent(
    content: Annotated[
        list[Path],
        typer.Argument(
            metavar="CONTENT...",
            help="JSON lines with a `question` each, all asked of the articles' "
            "content.",
        ),
    ],
    *,
    train: Annotated[
        Path, typer.Option(help="Masked questions with their intents.")
    ] = _HERE / "train.jsonl",
    out: Annotated[Path, typer.Option(help="Where intent.json goes.")] = Path(
        "models/intent"
    ),
    sample: Annotated[
        int,
        typer.Option(
            min=1, help="Questions of each CONTENT; as many more with a name masked."
        ),
    ] = 400,
    cost: Annotated[
        float,
        typer.Option(
            min=1,
            help="How many questions searched in vain are as bad as one about the "
            "content that is never searched.",
        ),
    ] = 8.0,
    seed: Annotated[int, typer.Option(help="Decides what is drawn.")] = 7,
) -> None:
    """Fit the head that tells what a question wants.

    Measure it with: python -m lab measure-intent.
    """
    from lab.intent.asked import load_asked
    from lab.intent.fit import fit_intents, to_json
    from qa.question.intent_head import HEAD

    encode, embedder = _encoder()
    asked = load_asked(train)
    rng = Random(seed)
    for path in content:
        asked += _content(path, sample, rng)
    with console.err.status("fitting"):
        fitted = fit_intents(asked, encode, embedder=embedder, seed=seed, cost=cost)
    data = {
        "/".join(path.parts[-2:]): sha256(path.read_bytes()).hexdigest()
        for path in (train, *content)
    }
    write_text(out / HEAD, json.dumps(to_json(fitted, data)) + "\n")
    listed = ", ".join(f"{name} {value}" for name, value in fitted.figures.items())
    most = fitted.head.content_at_most
    said = f"{out / HEAD}: written; content at most {most}; {listed}"
    console.out.print(escape(said), highlight=False)


def measure_intent(
    held_out: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="QUESTIONS...",
            help="JSON lines with question, intent and articles; those kept here if "
            "none is named.",
        ),
    ] = None,
    *,
    head: Annotated[Path, typer.Option(help="Where intent.json is.")] = Path(
        "models/intent"
    ),
) -> None:
    """Compare the patterns with the head on questions that neither has seen."""
    from lab.intent.asked import load_asked
    from lab.intent.patterns import intent_by_patterns
    from qa.question.intent_head import INTENTS, classify, read_head
    from qa.question.linking import NameMask

    encode, _ = _encoder()
    fitted = read_head(head)
    for path in held_out or _HELD_OUT:
        asked = load_asked(path)
        vectors = encode([NameMask(i.sources).mask(i.question)[0] for i in asked])
        ways: dict[str, Sequence[str]] = {
            "patterns": [intent_by_patterns(a.question, a.sources) for a in asked],
            "likeliest": [INTENTS[n] for n in fitted.layers.chances(vectors).argmax(1)],
            "head": [classify(v, fitted) for v in vectors],
        }
        console.out.print(_table(path.name, [a.intent for a in asked], ways))


def _table(name: str, wanted: list[str], ways: Mapping[str, Sequence[str]]) -> Table:
    from lab.intent.comparing import accuracy, mistaken, scores
    from qa.question.intent_head import INTENTS

    table = Table("", "asked", *ways, title=f"{name}: precision / recall")
    by_way = {way: scores(wanted, told) for way, told in ways.items()}
    for intent in INTENTS:
        found = [score[intent] for score in by_way.values()]
        cells = (f"{score.precision:.2f} / {score.recall:.2f}" for score in found)
        table.add_row(intent, str(found[0].asked), *cells)
    table.add_section()
    right = (f"{accuracy(wanted, told):.3f}" for told in ways.values())
    table.add_row("accuracy", str(len(wanted)), *right)
    misread = (str(mistaken(wanted, told)) for told in ways.values())
    table.add_row("content misread", str(wanted.count("content")), *misread)
    return table


def _encoder() -> tuple[Encode, str]:
    import numpy as np

    from qa.settings import load_settings
    from qa.wiring import make_embedder

    embedder = make_embedder(load_settings())
    return lambda texts: np.asarray(embedder.encode_queries(texts)), embedder.id


def _content(path: Path, sample: int, rng: Random) -> list[Asked]:
    from lab.intent.asked import Asked

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        questions = sorted({json.loads(line)["question"] for line in lines})
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise TrainingError(f"{path}: holds no questions ({exc!r})") from exc
    rng.shuffle(questions)
    # A title is often what the article is about: a masked name is no sign by itself.
    masked = [
        _NAME.sub(rng.choice(_MASKS), question, count=1)
        for question in questions
        if _NAME.search(question)
    ]
    drawn = questions[:sample] + masked[:sample]
    return [Asked(question, "content", ()) for question in drawn]
