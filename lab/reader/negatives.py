"""Make questions that a passage does not answer, and find passages that do not."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from lab.reader.cloze import FUNCTION_WORDS, mentions
from lab.reader.data import Paragraph, sentences, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_OPPOSITES = """
first:last early:late earliest:latest largest:smallest larger:smaller large:small
big:little highest:lowest higher:lower high:low most:least more:fewer more:less
best:worst better:worse good:bad increase:decrease increased:decreased
increasing:decreasing rise:fall rose:fell before:after begin:end began:ended
start:stop started:stopped beginning:end win:lose won:lost winner:loser north:south
northern:southern east:west eastern:western left:right upper:lower inside:outside
internal:external interior:exterior oldest:youngest older:younger old:new
ancient:modern longest:shortest longer:shorter fast:slow faster:slower strong:weak
stronger:weaker hot:cold warm:cool male:female man:woman men:women king:queen
father:mother son:daughter brother:sister husband:wife buy:sell bought:sold
import:export imported:exported friend:enemy ally:enemy attack:defend
attacked:defended public:private rural:urban rich:poor domestic:foreign
national:international positive:negative major:minor majority:minority maximum:minimum
above:below always:never common:rare easy:difficult success:failure
successful:unsuccessful allow:prohibit allowed:prohibited accept:reject
accepted:rejected agree:disagree support:oppose supported:opposed create:destroy
created:destroyed built:demolished open:close opened:closed join:leave joined:left
enter:leave gain:lose gained:lost join:separate include:exclude included:excluded
similar:different same:different legal:illegal possible:impossible known:unknown
formal:informal direct:indirect heavy:light hard:soft deep:shallow wide:narrow
full:empty alive:dead birth:death born:died arrive:depart arrived:departed love:hate
loved:hated teacher:student parent:child day:night morning:evening summer:winter
light:dark white:black peace:war cause:prevent caused:prevented appear:disappear
expand:shrink expanded:shrank encourage:discourage encouraged:discouraged
liberal:conservative primary:secondary
"""
OPPOSITES: dict[str, str] = {}
for _pair in _OPPOSITES.split():
    _a, _b = _pair.split(":")
    OPPOSITES.setdefault(_a, _b)
    OPPOSITES.setdefault(_b, _a)
_NEGATABLE = re.compile(
    r"\b(did|does|do|was|were|is|are|has|have|had|can|could)\b", re.IGNORECASE
)
_CONTENT = re.compile(r"\b[a-z]{4,}\b")


def swap_mention(
    question: str, places: Sequence[str], answers: Sequence[str], rng: Random
) -> str:
    """Put another name, number or date of the same kind in the question.

    Args:
        places: texts to take the other one from.

    Returns:
        The changed question; "" where nothing can be swapped.
    """
    first = question.find(" ") + 1
    asked = [m for m in mentions(question) if m.start >= first]
    if not asked:
        return ""
    old = rng.choice(asked)
    taken = words(" ".join((old.text, *answers)))
    others = sorted(
        {
            m.text
            for place in places
            for m in mentions(place)
            if m.kind == old.kind and not words(m.text) & taken
        }
    )
    if not others:
        return ""
    other: str = rng.choice(others)
    return question[: old.start] + other + question[old.end :]


def turn_around(question: str, rng: Random) -> str:
    """Replace a word by its opposite, or deny the verb; "" where neither fits."""
    found = [m for m in re.finditer(r"[a-z]+", question) if m.group() in OPPOSITES]
    if found:
        old = rng.choice(found)
        return question[: old.start()] + OPPOSITES[old.group()] + question[old.end() :]
    verb = _NEGATABLE.search(question)
    if verb is None or rng.random() < 0.5:
        return ""
    word = rng.choice(["not", "never"])
    rest = question[verb.end() :].split(" ")
    place = min(len(rest) - 1, rng.randint(2, 3))
    return question[: verb.end()] + " ".join([*rest[:place], word, *rest[place:]])


def swap_word(question: str, places: Sequence[str], rng: Random) -> str:
    """Replace one content word by one of another text; "" where none fits."""
    first = question.find(" ") + 1
    asked = [
        m
        for m in _CONTENT.finditer(question)
        if m.start() >= first and m.group() not in FUNCTION_WORDS
    ]
    others = sorted(
        {w for place in places for w in _CONTENT.findall(place)}
        - FUNCTION_WORDS
        - words(question)
    )
    if not asked or not others:
        return ""
    old = rng.choice(asked)
    ending = old.group()[-2:]
    alike = [w for w in others if w.endswith(ending)] or others
    other: str = rng.choice(alike)
    return question[: old.start()] + other + question[old.end() :]


def without_sentence(text: str, span: tuple[int, int], answers: Sequence[str]) -> str:
    """The passage less the sentence that answers; "" if too little is left."""
    kept = [text[a:b] for a, b in sentences(text) if b <= span[0] or a >= span[1]]
    rest = " ".join(kept)
    if len(rest.split()) < 25 or mentions_answer(rest, answers):
        return ""
    return rest


def mentions_answer(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the answers occurs in the text, letter case aside."""
    lower = text.lower()
    return any(answer.lower() in lower for answer in answers)


class LookAlikes:
    """The paragraphs most like a question by BM25 (k1 = 1.2, b = 0.75)."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        from scipy.sparse import csr_matrix

        self.paragraphs = tuple(paragraphs)
        self._vocabulary: dict[str, int] = {}
        rows, columns, counts = [], [], []
        lengths = np.zeros(len(self.paragraphs))
        for row, paragraph in enumerate(self.paragraphs):
            bag = Counter(
                re.findall(r"\w+", f"{paragraph.title} {paragraph.text}".lower())
            )
            lengths[row] = sum(bag.values())
            for word, count in bag.items():
                rows.append(row)
                columns.append(self._vocabulary.setdefault(word, len(self._vocabulary)))
                counts.append(count)
        row_of, column_of = np.array(rows), np.array(columns)
        tf = np.array(counts, dtype=np.float64)
        n = len(self.paragraphs)
        document_frequency = np.bincount(column_of, minlength=len(self._vocabulary))
        idf = np.log(1 + (n - document_frequency + 0.5) / (document_frequency + 0.5))
        norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        weights = idf[column_of] * tf * 2.2 / (tf + norm[row_of])
        shape = (len(self._vocabulary), n)
        self._by_word = csr_matrix((weights, (column_of, row_of)), shape=shape)

    def scores(self, question: str) -> np.ndarray:
        """BM25 of every paragraph, shape (n,)."""
        known = [
            self._vocabulary[w]
            for w in sorted(words(question))
            if w in self._vocabulary
        ]
        return np.asarray(self._by_word[known].sum(axis=0)).ravel()

    def top(self, question: str, k: int) -> tuple[Paragraph, ...]:
        """The k best paragraphs, best first."""
        scores = self.scores(question)
        order = np.argsort(-scores, kind="stable")[:k]
        return tuple(self.paragraphs[row] for row in order)
