"""The values that travel between the stages: small, frozen, compared by content.

Offsets are code points into ``Document.text``, end exclusive. For each passage
``document.text[p.start:p.end] == p.text``; for each citation
``document.text[c.start:c.end] == c.quote``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

_BETWEEN = 3
"""Characters between two sentences that follow each other."""
Verdict = Literal["supported", "quoted"]
"""``quoted``: the sentence is the quote itself; ``supported``: it passed the checks."""


class Strictness(StrEnum):
    """How certain an answer has to be before it is given."""

    LENIENT = "lenient"
    BALANCED = "balanced"
    STRICT = "strict"

    @property
    def cost(self) -> float:
        """How many needless refusals one answer without ground is as bad as."""
        return {"lenient": 1 / 3, "balanced": 1.0, "strict": 3.0}[self.value]

    @property
    def threshold(self) -> float:
        """The probability from which on answering costs less than abstaining."""
        return self.cost / (1 + self.cost)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a document's text; ``level`` 1 is the title."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a table in a document's text; each is a paragraph of its own.

    Attributes:
        heads: Of its columns, an empty one where a column has none; none at all where
            they are not known.
        labelled: Whether each row says under which heads its cells stand
            ("Port: Velmar; 2020: 38.5"); else bars stand between cells.
        head_rows: How many of the first rows are heads themselves.
        caption: What the text above its rows calls it, empty where that is not known.
    """

    start: int
    end: int
    heads: tuple[str, ...]
    labelled: bool
    head_rows: int = 0
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known about a document besides its text.

    Attributes:
        id: Derived from file name and text, stable over rebuilds.
        file: Path below ``seeds/``; a member of an archive adds ``#`` and its name, a
            JSON Lines record ``#`` and its id.
        title: As stated; otherwise the first words of the text.
        authors: Names in the order stated.
        publisher: Publication or institution, empty if not stated.
        published: ISO 8601 date of any precision (``2017-02``), empty if not stated.
        url: http or https address, empty if not stated.
        retrieved: ISO 8601 day on which it was fetched from there, empty if it was
            not fetched by this program.
    """

    id: str
    file: str
    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    url: str = ""
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its canonical text, headings and tables in order, and its source.

    Attributes:
        pages: Offsets at which its pages begin, the first page first; empty where
            the format has none. A page without text begins where the next one does.
        units: Stretches that are one sentence however many paragraphs they have: a
            short list with what leads in to it.
        pictures: Pages, from 1, whose text was recognised in a picture.
    """

    source: Source
    text: str
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    tables: tuple[Table, ...] = ()
    units: tuple[Span, ...] = ()
    pictures: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, that a character stands on; None without pages."""
        return bisect_right(self.pages, offset) or None

    def is_from_picture(self, offset: int) -> bool:
        """Whether a character was recognised in a picture."""
        return self.page_at(offset) in self.pictures


def speaker_in(heading: str) -> str:
    """Who speaks below a passage's heading, "Fishing · Jon Aker:"; else empty."""
    last = heading.rpartition(" · ")[2]
    return last.removesuffix(":") if last.endswith(":") else ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one section, small enough for the embedder.

    Attributes:
        heading: That of the section, with what the sentences do not say of themselves
            behind it: the heads of a table, or who speaks, with a colon.
        pages: For each sentence the page that it begins on; empty without pages.
        pictures: Those of them whose text was recognised in a picture.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    heading: str
    sentences: tuple[Span, ...]
    pages: tuple[int, ...] = ()
    pictures: tuple[int, ...] = ()

    def sentence(self, number: int) -> str:
        """The text of a sentence, counted from 0."""
        span = self.sentences[number]
        return self.text[span.start - self.start : span.end - self.start]

    def only(self, numbers: Sequence[int]) -> Passage:
        """The passage with some of its sentences; its text stays whole."""
        return replace(
            self,
            sentences=tuple(self.sentences[number] for number in numbers),
            pages=tuple(self.pages[number] for number in numbers if self.pages),
        )

    @property
    def speaker(self) -> str:
        """Who says all of it in a transcript; empty where that is not told."""
        return speaker_in(self.heading)

    def page_of(self, sentence: int) -> int | None:
        """The page that a sentence, counted from 0, begins on; None without pages."""
        return self.pages[sentence] if self.pages else None

    def is_from_picture(self, sentence: int) -> bool:
        """Whether a sentence, counted from 0, was recognised in a picture."""
        return self.page_of(sentence) in self.pictures


@dataclass(frozen=True, slots=True)
class Signal:
    """One retriever's view of a hit: its score and its rank, counted from 1."""

    score: float
    rank: int | None


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """What the reader says of one sentence under one question, as probabilities.

    Attributes:
        belongs: That it belongs in the answer.
        direct: That it states the answer outright.
    """

    belongs: float
    direct: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of one passage under one question.

    Attributes:
        relevance: Log-odds; orders passages under one question.
        answerable: Probability that the passage answers; None from a reader
            that only ranks.
        answer: The words most likely to answer, however improbable an answer
            is; None from a reader that does not look for them.
        sentences: Of each sentence of the passage, in order; None from a reader
            that does not judge them, or was not told where they are.
    """

    relevance: float
    answerable: float | None
    answer: Span | None
    sentences: tuple[SentenceReading, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query.

    Attributes:
        score: The fused score in [0, 1], comparable between queries.
        dense: Cosine of query and passage (or its best sentence).
        lexical: BM25, higher is better; rank None where the words do not occur.
        sentence_scores: The fused score of each of ``passage.sentences``, in [0, 1].
        reading: None where no reader has read the passage.
    """

    passage: Passage
    source: Source
    score: float
    dense: Signal
    lexical: Signal
    sentence_scores: tuple[float, ...]
    reading: Reading | None = None

    def only(self, numbers: Sequence[int]) -> Hit:
        """The hit with some of the sentences of its passage."""
        reading = self.reading
        if reading is not None and reading.sentences is not None:
            read = tuple(reading.sentences[number] for number in numbers)
            reading = replace(reading, sentences=read)
        return replace(
            self,
            passage=self.passage.only(numbers),
            sentence_scores=tuple(self.sentence_scores[n] for n in numbers),
            reading=reading,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered sentence that the generator may use and a citation may quote.

    Attributes:
        answer: The words of it that answer, as the reader found them; else None.
        bears: Whether the reader says that it belongs in the answer, or it only
            goes with one that does; None where the reader does not judge sentences.
        from_picture: Whether it was recognised in a picture, and may hold errors.
    """

    number: int
    source: Source
    heading: str
    start: int
    end: int
    text: str
    score: float
    answer: Span | None = None
    page: int | None = None
    bears: bool | None = None
    from_picture: bool = False

    def follows(self, other: Evidence) -> bool:
        """Whether it stands right behind another piece in one article."""
        between = self.start - other.end
        return self.source.id == other.source.id and 0 <= between <= _BETWEEN

    @property
    def speaker(self) -> str:
        """Who says it in a transcript; empty where that is not told, or by the text."""
        speaker = speaker_in(self.heading)
        return "" if self.text.startswith(f"{speaker}:") else speaker

    @property
    def told(self) -> str:
        """The text, with who says it before it."""
        return f"{self.speaker}: {self.text}" if self.speaker else self.text


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the generator is asked: messages, stable text first."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked pointer from a sentence of the answer to the words behind it.

    Attributes:
        number: From 1, by first appearance in the answer.
        score: Support in [0, 1]; 1 for a verbatim quote.
        answer: The words of the quote that answer, as the reader found them, in
            the document's offsets; None where it found none.
        page: Page that the quote begins on, from 1; None where there are no pages.
        from_picture: Whether it was recognised in a picture, and may hold errors.
    """

    number: int
    document: Source
    heading: str
    start: int
    end: int
    quote: str
    verdict: Verdict
    score: float
    answer: Span | None = None
    page: int | None = None
    from_picture: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer and the numbers of its citations."""

    text: str
    citations: tuple[int, ...]

    @property
    def markers(self) -> str:
        """What follows the text where it is shown as plain text: `` [1] [2]``."""
        return "".join(f" [{number}]" for number in self.citations)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that was drafted and not shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds since the question was asked; None where it never happened."""

    retrieve_s: float
    first_token_s: float | None
    total_s: float


@dataclass(frozen=True, slots=True)
class Models:
    """Names of the models behind an answer."""

    embedder: str
    generator: str
    reader: str = "none"
    judge: str = "none"


AnswerShape = Literal["prose", "list", "comparison"]
"""How the sentences of an answer stand together; a list has one on each line."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a question may be answered from; empty means all.

    Attributes:
        files: Seed files (``Source.file``).
        publishers: Publishers, compared without case.
        since: ISO date, inclusive; documents without a date are left out.
        until: ISO date, inclusive, compared at the precision given.
    """

    files: Sequence[str] = ()
    publishers: Sequence[str] = ()
    since: str = ""
    until: str = ""

    def __bool__(self) -> bool:
        return bool(self.files or self.publishers or self.since or self.until)


class Intent(StrEnum):
    """What a question wants to know.

    The last eight ask about the articles themselves, which the catalogue knows.
    """

    CONTENT = "content"
    """What the articles say."""
    COMPARISON = "comparison"
    """What each of several articles says."""
    SUMMARY = "summary"
    AUTHORS = "authors"
    DATE = "date"
    PUBLISHER = "publisher"
    WORKS = "works"
    """Which articles somebody wrote or published."""
    AGE = "age"
    """Which article is the newest, or the oldest."""
    TOPIC = "topic"
    """Which articles speak of something."""
    LIST = "list"
    """Which articles there are."""
    COUNT = "count"
    """How many articles there are."""

    @property
    def is_catalogue(self) -> bool:
        """Whether the articles themselves are asked about."""
        return self not in {Intent.CONTENT, Intent.COMPARISON, Intent.SUMMARY}


class AnswerType(StrEnum):
    """The kind of thing that a question asks for."""

    ANY = "any"
    NUMBER = "number"
    AMOUNT = "amount"
    """A number with what it measures, or a share."""
    DURATION = "duration"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer should look like.

    Attributes:
        kind: Prose, a list, or one sentence for each article.
        sentences: At most.
        words: At most, but the first sentence always fits.
    """

    kind: AnswerShape
    sentences: int
    words: int


@dataclass(frozen=True, slots=True)
class Question:
    """All that a question and its history come to; see ``question.understand``.

    Attributes:
        text: As asked, without courtesies.
        intent: What it wants to know.
        search: What passages are searched for: the text as a question, without
            "According to …" and the like.
        context: Earlier questions that it leans on, searched for as well; empty
            where it stands alone.
        filters: Which articles may answer: the reader's choice, or those named.
        articles: Those that it asks about: to be summed up, or of which the
            catalogue is asked.
        shape: Of the answer.
        expects: The kind of thing that an answer has to hold.
        claim: Of a yes-or-no question the statement that it asks about.
        undated: Whether others might be the newest or oldest, which state no date.
        section: Of the articles to sum up: "chapter 2", "end", the words of a
            heading; or the kind of sections to count, "chapter". Empty for whole
            articles.
        notes: What a reader should know of how it was understood, a sentence each.
    """

    text: str
    intent: Intent
    search: str
    shape: Shape
    context: str = ""
    filters: Filters | None = None
    articles: tuple[Source, ...] = ()
    expects: AnswerType = AnswerType.ANY
    claim: str | None = None
    undated: bool = False
    section: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_follow_up(self) -> bool:
        """Whether it leans on what was asked before."""
        return bool(self.context)


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer, or an abstention with the nearest passages.

    Attributes:
        unanswered: Of several questions asked at once, those that the articles leave
            open while they answer others.
        understood: What the question came to; several where several were asked.
        answerability: Probability that it can be answered, as the gate saw it; of
            several questions that of the most certain.
        draft_lost: Why the generator's words did not come, or not all, so that
            quotes stand in for them; empty if they did.
        notes: What else a reader should know, a sentence each: what was searched for
            instead of a mistyped word, or what an article does not state.

    Raises:
        ValueError: A sentence without a citation, a citation number that does
            not exist, or an answer that neither abstains nor says anything.
    """

    question: str
    abstained: bool
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[Rejected, ...]
    nearest: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    timings: Timings
    models: Models
    shape: AnswerShape = "prose"
    strictness: Strictness = Strictness.BALANCED
    unanswered: tuple[str, ...] = ()
    understood: tuple[Question, ...] = ()
    answerability: float = 1.0
    draft_lost: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.abstained == bool(self.sentences):
            raise ValueError("an answer either abstains or has sentences")
        known = {citation.number for citation in self.citations}
        for sentence in self.sentences:
            if not sentence.citations or not known.issuperset(sentence.citations):
                raise ValueError(f"sentence without its citation: {sentence.text!r}")

    @property
    def text(self) -> str:
        """The sentences with their markers, as plain text; empty when abstained."""
        marked = [sentence.text + sentence.markers for sentence in self.sentences]
        return join_sentences(marked, self.shape)


def join_sentences(
    sentences: Sequence[str],
    shape: AnswerShape,
    *,
    bullet: str = "- ",
    line_break: str = "\n",
) -> str:
    """The sentences as one text; in a list of several each has a line of its own."""
    if is_list(shape, sentences):
        return line_break.join(bullet + sentence for sentence in sentences)
    return " ".join(sentences)


def is_list(shape: AnswerShape, sentences: Sequence[object]) -> bool:
    """Whether sentences are shown as the items of a list."""
    return shape == "list" and len(sentences) > 1


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: the passages of one question are found, drafting begins."""

    hits: tuple[Hit, ...]
    shape: AnswerShape = "prose"


@dataclass(frozen=True, slots=True)
class Verified:
    """Event: a sentence is checked and may be shown, with citations new to it."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Event: a drafted sentence failed the checks."""

    rejected: Rejected


@dataclass(frozen=True, slots=True)
class Answered:
    """Event: the last one, with the whole answer."""

    answer: Answer


Event = Retrieved | Verified | Dropped | Answered
