"""Figures on questions kept out of training, for the log and for calibration."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from lab.reader.batches import collate
from lab.reader.data import Corpus, Example, Labelled, by_title
from lab.reader.marked import Marked
from lab.reader.model import of_sentences
from lab.reader.negatives import mentions_answer
from qa.evaluation.scoring import auroc, span_f1
from qa.neural.reader.span_decoding import best_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.neural.reader.reader_network import ReaderNetwork

LONGEST_SPAN = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """What a network says of one example, in log-odds; of its sentences in turn."""

    answerable: float
    relevant: float
    margin: float
    text: str
    belongs: tuple[float, ...]
    direct: tuple[float, ...]


@dataclass(frozen=True)
class Measure:
    """AUROC and span F1 on held-out questions; called with network, tokenizer.

    Attributes:
        marked: questions with marked sentences.
        most: questions of each kind, at most.
    """

    corpus: Corpus
    marked: tuple[Marked, ...] = ()
    most: int = 300

    def __call__(self, network: ReaderNetwork, tokenizer: Any) -> dict[str, float]:
        """The figures, by name."""
        rng = Random(0)
        answerable = [q for q in self.corpus.questions if q.answers]
        unanswerable = [q for q in self.corpus.questions if not q.answers]
        answerable = rng.sample(answerable, min(self.most, len(answerable)))
        unanswerable = rng.sample(unanswerable, min(self.most, len(unanswerable)))
        articles = by_title(self.corpus.paragraphs)
        elsewhere = []
        for question in answerable:
            others = [
                p
                for p in articles[question.paragraph.title]
                if p.id != question.paragraph.id
                and not mentions_answer(p.text, question.answers)
            ]
            if others:
                text = rng.choice(others).text
                elsewhere.append(Example(question.text, text, answerable=False))
        gold = judge(network, tokenizer, _on_own_passage(answerable))
        near = judge(network, tokenizer, _on_own_passage(unanswerable))
        far = judge(network, tokenizer, elsewhere)
        pairs = zip(gold, answerable, strict=True)
        yes = [j.answerable for j in gold]
        return {
            "adversarial": auroc(yes, [j.answerable for j in near]),
            "adversarial_margin": auroc(
                [j.margin for j in gold], [j.margin for j in near]
            ),
            "same_article": auroc(yes, [j.answerable for j in far]),
            "relevant": auroc([j.relevant for j in gold], [j.relevant for j in far]),
            "span_f1": sum(span_f1(j.text, q.answers) for j, q in pairs) / len(gold),
            **of_marked(network, tokenizer, self.marked, self.most),
        }


def of_marked(
    network: ReaderNetwork, tokenizer: Any, marked: Sequence[Marked], most: int
) -> dict[str, float]:
    """Whether sentences that answer are told apart, and near misses; nothing without
    any.

    Args:
        most: Questions that are asked, the first ones.

    Returns:
        AUROC of ``belongs`` over all sentences, the share of ``first`` ones that
        belong, and AUROC of questions against near misses, by what the passage
        answers and by its best sentence.
    """
    written = [m for m in marked if m.near_miss and m.complete][:most]
    if not written:
        return {}
    own = judge(network, tokenizer, [marked_example(m) for m in written])
    missed = judge(
        network, tokenizer, [marked_example(m, missed=True) for m in written]
    )
    pairs = [
        (value, n in item.gold)
        for item, judged in zip(written, own, strict=True)
        for n, value in enumerate(judged.belongs)
    ]
    sums = [[a + b for a, b in zip(j.belongs, j.direct, strict=True)] for j in own]
    firsts = [
        each.index(max(each)) in item.gold
        for item, each in zip(written, sums, strict=True)
    ]
    return {
        "belongs": auroc([v for v, g in pairs if g], [v for v, g in pairs if not g]),
        "first": sum(firsts) / len(firsts),
        "near_miss": auroc([j.answerable for j in own], [j.answerable for j in missed]),
        "near_miss_best": auroc(
            [max(j.belongs) for j in own], [max(j.belongs) for j in missed]
        ),
    }


def marked_example(
    item: Marked, *, missed: bool = False, question: str = ""
) -> Example:
    """A paragraph as the product reads it, under its question.

    Args:
        item: The paragraph.
        missed: Ask its near miss.
        question: Ask this, which it does not answer.
    """
    text = "".join(f"{above}. " for above in (item.title, item.heading) if above)
    places = []
    for number, sentence in enumerate(item.sentences):
        text += " " if number else ""
        places.append(Labelled(len(text), len(text) + len(sentence), None, None))
        text += sentence
    asked = question or (item.near_miss if missed else item.question)
    answers = not question and not missed
    return Example(asked, text, answerable=answers, sentences=tuple(places))


def _on_own_passage(questions: Sequence[Any]) -> list[Example]:
    return [
        Example(q.text, q.paragraph.text, answerable=bool(q.answers)) for q in questions
    ]


def judge(
    network: ReaderNetwork, tokenizer: Any, examples: Sequence[Example], size: int = 32
) -> list[Judged]:
    """Run the network; the order of the examples is kept. Passages are cut at 384."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].passage))
    found: dict[int, Judged] = {}
    device = next(network.parameters()).device
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        group = [examples[i] for i in rows]
        batch = collate(tokenizer, group, longest=384)
        batch = batch.to(device)
        tokens, judged = network(batch.ids, batch.mask, batch.types, batch.passage)
        marked = of_sentences(tokens[..., 2:], batch.sentence, batch.belongs.shape[1])
        first, last, margin = best_spans(
            tokens[..., :2].float().cpu().numpy(),
            batch.passage.cpu().numpy(),
            longest=LONGEST_SPAN,
        )
        offsets = tokenizer(
            [e.question for e in group],
            [e.passage for e in group],
            truncation="longest_first",
            max_length=384,
            padding=True,
            return_offsets_mapping=True,
        )["offset_mapping"]
        for place, row in enumerate(rows):
            a, b = offsets[place][first[place]][0], offsets[place][last[place]][1]
            found[row] = Judged(
                answerable=float(judged[place, 0]),
                relevant=float(judged[place, 1]),
                margin=float(margin[place]),
                text=examples[row].passage[a:b],
                belongs=tuple(marked[place, : len(group[place].marks), 0].tolist()),
                direct=tuple(marked[place, : len(group[place].marks), 1].tolist()),
            )
    return [found[i] for i in range(len(examples))]
