"""Values to what people and programs read: JSON, references, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from qa.schema import Answer, Citation, Filters, Hit, Question, Source

Json = dict[str, Any]
ABSTAINED = "No sentence was found in the articles that answers this."
NEAREST = "The nearest passages:"
"""Follows ``ABSTAINED`` where there are any."""
FROM_PICTURE = "read from a picture (its text may hold errors)"
_ROWS_OR_SLIDES = re.compile(r"\.(pptx|xlsx?|ods|csv|tsv)(?:#|$)", re.IGNORECASE)


def remarks(unanswered: Iterable[str], notes: Iterable[str]) -> list[str]:
    """The lines below an answer: which of several questions are left open, and what
    else a reader should know.
    """
    return [
        *(f"No sentence was found that answers: “{asked}”" for asked in unanswered),
        *notes,
    ]


def draft_lost(reason: str) -> list[str]:
    """A line that says so where the generator's words did not come."""
    lost = "The generator did not finish; without it only quotes are shown"
    return [f"{lost} ({reason})."] if reason else []


def answer_to_json(answer: Answer) -> Json:
    """The Answer object as plain JSON values; the shape is stable."""
    return {
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "shape": answer.shape,
        "strictness": answer.strictness.value,
        "sentences": [
            {"text": s.text, "citations": list(s.citations)} for s in answer.sentences
        ],
        "citations": [citation_to_json(c) for c in answer.citations],
        "rejected": [{"text": r.text, "reason": r.reason} for r in answer.rejected],
        "nearest": [citation_to_json(c) for c in answer.nearest],
        "unanswered": list(answer.unanswered),
        "notes": list(answer.notes),
        "understood": [_question_to_json(question) for question in answer.understood],
        "answerability": answer.answerability,
        "draft_lost": answer.draft_lost,
        "timings": asdict(answer.timings),
        "models": asdict(answer.models),
    }


def _question_to_json(question: Question) -> Json:
    """What a question came to: what was searched for, and where."""
    filters = question.filters or Filters()
    return {
        "text": question.text,
        "intent": question.intent.value,
        "search": question.search,
        "context": question.context,
        "files": list(filters.files),
        "articles": [source.file for source in question.articles],
    }


def citation_to_json(citation: Citation) -> Json:
    """One citation as plain JSON values."""
    values = asdict(citation)
    values["document"]["authors"] = list(citation.document.authors)
    return values


def hit_to_json(hit: Hit) -> Json:
    """One passage found, with where it stands and how it was ranked."""
    passage = hit.passage
    return {
        "id": passage.id,
        "text": passage.text,
        "heading": passage.heading,
        "start": passage.start,
        "end": passage.end,
        "document": {**asdict(hit.source), "authors": list(hit.source.authors)},
        "score": hit.score,
        "dense": asdict(hit.dense),
        "lexical": asdict(hit.lexical),
    }


def cited(citation: Citation) -> str:
    """The article of a citation in one line, and its page; see ``place``."""
    where = reference(citation.document, citation.page)
    return where + f", {FROM_PICTURE}" * citation.from_picture


def place(citation: Citation) -> str:
    """The page of a citation, and whether it was recognised in a picture."""
    page = page_numbers([citation.page], citation.document.file)
    return ", ".join(filter(None, [page, FROM_PICTURE * citation.from_picture]))


def reference(source: Source, page: int | None = None) -> str:
    """An article in one line: authors, title, publisher, date, and the page.

    Without a date of its own a fetched article has the day it was fetched.
    """
    authors = join_names(source.authors)
    fetched = f"retrieved {source.retrieved}" if source.retrieved else ""
    date = source.published or fetched
    stated = [authors, f"“{source.title}”", source.publisher, date]
    parts = [*stated, page_numbers([page], source.file)]
    return ", ".join(part for part in parts if part)


def page_numbers(pages: Iterable[int | None], file: str = "") -> str:
    """``p. 3`` or ``pp. 3, 5``; nothing where there are no pages.

    Args:
        pages: Pages, slides or rows.
        file: As in ``Source.file``; tells which of them.
    """
    kind = _ROWS_OR_SLIDES.search(file)
    one = ("slide" if kind[1].lower() == "pptx" else "row") if kind else ""
    known = sorted({page for page in pages if page is not None})
    if not known:
        return ""
    words = (f"{one} ", f"{one}s ") if one else ("p. ", "pp. ")
    return words[len(known) > 1] + ", ".join(map(str, known))


def join_names(names: tuple[str, ...]) -> str:
    """Names as in prose: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
