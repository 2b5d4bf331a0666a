"""Does a given passage answer? The reader's verdict beside the embedder's likeness.

Each question is asked of one record: an answerable one of its gold record, one
without an answer of the record that looks right (``adversarial_passage_id``).
Answerable ones are asked once more of another record of the same title, drawn at
random, which is the easier test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from qa.errors import EvaluationError
from qa.evaluation.figures import Figure, mean_of
from qa.evaluation.questions import Question
from qa.evaluation.scoring import auroc, calibration_error, span_f1
from qa.index import Snapshot, Store
from qa.neural.embedding import Embedder
from qa.neural.reader import Reader
from qa.schema import Source

_SEED = 20_240_521


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is thought of one question on one record.

    Attributes:
        answerable: The reader's probability.
        likeness: Cosine of the question with the closest sentence.
        answer: The words that the reader would answer with.
    """

    answerable: float
    likeness: float
    answer: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with the opinions on its own record and on another one.

    Attributes:
        elsewhere: On a record of the same title; None where there is no other.
    """

    question: Question
    own: Opinion
    elsewhere: Opinion | None


class RecordJudge:
    """Forms opinions on the records of an index.

    Args:
        index: Holds the records.
        embedder: The one the index was built with.
        reader: One that gives probabilities.
    """

    def __init__(self, index: Store, embedder: Embedder, reader: Reader) -> None:
        self._index = index
        self._embedder = embedder
        self._reader = reader

    def judge(self, questions: Sequence[Question]) -> Iterator[Judged]:
        """Each question that names a record, in order.

        Raises:
            EvaluationError: A record is not in the index, or the reader gives no
                probabilities.
        """
        rng = Random(_SEED)  # noqa: S311 - draws records, keeps no secret
        with self._index.snapshot() as snapshot:
            records: dict[str, Source] = {}
            titles: defaultdict[str, list[Source]] = defaultdict(list)
            for source in snapshot.sources():
                records[source.file] = source
                records.setdefault(source.file.rpartition("#")[2], source)
                titles[source.title].append(source)
            for question in questions:
                names = _records_of(question)
                if not names:
                    continue
                own = _known(names[0], records, question)
                others = [
                    s for s in titles[own.title] if not {s.file, _id(s)} & {*names}
                ]
                elsewhere = None
                if question.answerable and others:
                    elsewhere = self._opinion(snapshot, question, rng.choice(others))
                yield Judged(
                    question, self._opinion(snapshot, question, own), elsewhere
                )

    def _opinion(
        self, snapshot: Snapshot, question: Question, source: Source
    ) -> Opinion:
        keys = snapshot.keys_in(source.id)
        (vector,) = self._embedder.encode_queries([question.question])
        texts = [passage.text for passage, _ in snapshot.passages(keys).values()]
        readings = self._reader.read(question.question, texts)
        best, text = max(
            zip(readings, texts, strict=True), key=lambda p: p[0].answerable or 0.0
        )
        if best.answerable is None:
            raise EvaluationError(
                f"the reader {self._reader.name} only ranks; --answerability needs one "
                "that gives probabilities, such as the project's own"
            )
        answer = text[best.answer.start : best.answer.end] if best.answer else ""
        cosines = snapshot.cosines(vector, keys).values()
        likeness = max(max(values[1:] or values) for values in cosines)
        return Opinion(best.answerable, likeness, answer)


def _records_of(question: Question) -> tuple[str, ...]:
    if question.answerable:
        return tuple(gold.source for gold in question.gold)
    return (question.adversarial,) if question.adversarial else ()


def _id(source: Source) -> str:
    return source.file.rpartition("#")[2]


def _known(name: str, records: dict[str, Source], question: Question) -> Source:
    if name not in records:
        raise EvaluationError(
            f"question {question.id}: there is no record {name!r} in the index; "
            "name the file it is in with --corpus"
        )
    return records[name]


def answerability_figures(
    judged: Sequence[Judged],
) -> tuple[dict[str, float], dict[str, Figure]]:
    """Figures without an interval, and those with one.

    Keys as documented in docs/evaluation.md; a part that there are no questions for is
    absent.
    """
    yes = [item for item in judged if item.question.answerable]
    no = [item for item in judged if not item.question.answerable]
    plain: dict[str, float] = {}
    kinds: tuple[tuple[str, Callable[[Opinion], float]], ...] = (
        ("", lambda opinion: opinion.answerable),
        ("baseline_", lambda opinion: opinion.likeness),
    )
    away = [item.elsewhere for item in yes if item.elsewhere is not None]
    for prefix, score in kinds:
        own = [score(item.own) for item in yes]
        if yes and no:
            plain[f"{prefix}auroc"] = auroc(own, [score(item.own) for item in no])
        if away:
            plain[f"{prefix}same_article_auroc"] = auroc(own, [score(o) for o in away])
    if yes and no:
        plain["calibration_error"] = calibration_error(
            [item.own.answerable for item in judged],
            [float(item.question.answerable) for item in judged],
        )
    asked = [item for item in yes if item.question.answers]
    if not asked:
        return plain, {}
    f1 = mean_of(span_f1(item.own.answer, item.question.answers) for item in asked)
    return plain, {"span_f1": f1}
