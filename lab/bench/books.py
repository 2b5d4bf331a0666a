"""Long texts read whole, ten made-up books as TXT, EPUB and PDF; files side by side.

The prose is made of made-up words that follow Zipf's law, so that every one read can be
counted; in a PDF long words are cut at the ends of lines.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from zipfile import ZipFile

import numpy as np

from lab.bench import Plan
from lab.bench.rows import Row
from qa.documents import Parser, Parsers, SeedFile
from qa.documents.load import parse_seed
from qa.neural.processors import usable_cores

_PAGES = (300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1500)
_LINES, _LINE = 46, 80
"""Lines of a page, and letters of a line."""
_VOCABULARY, _ZIPF = 8_000, 1.05
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_FILES, _SHORT, _TURNS = 6, 20, 4
_LEFT, _TOP, _STEP = 72, 770, 15
_CUT, _KEPT = 9, 4
"""Letters of a word that is cut at the end of a line, and those that stay there."""

Chapter = tuple[str, Sequence[str]]
"""A heading and paragraphs."""


def measure_books(plan: Plan, sizes: Sequence[int] = _PAGES) -> Iterator[Row]:
    """Processor time of each book in each format, and the share of words kept."""
    for number, pages in enumerate(sizes):
        chapters = _chapters(pages, seed=number)
        wanted = Counter(_words(" ".join(p for _, texts in chapters for p in texts)))
        for kind, made in _FORMATS.items():
            plan.progress(f"{pages:,} pages as {kind}")
            seed = SeedFile(f"book.{kind}", made(chapters), "")
            began = time.process_time()
            parsed = parse_seed(seed)
            seconds = time.process_time() - began
            read = Counter(_words(parsed.documents[0].text))
            kept = (wanted & read).total() / wanted.total()
            note = f"words kept {kept:.5f}"
            if parsed.unread:
                note += f"; {parsed.unread[0].where}: {parsed.unread[0].reason}"
            yield Row(f"{pages:,} pages, {kind}", seconds, "s", note=note)


def measure_reading(plan: Plan, files: int = _FILES) -> Iterator[Row]:
    """PDFs that a build reads with a process for each core, beside a single one.

    Both by turns, since what else the machine does changes from minute to minute.
    """
    made = [_pdf(_chapters(_SHORT, seed=100 + n)) for n in range(files)]
    seeds = [SeedFile(f"{n}.pdf", data, "") for n, data in enumerate(made)]
    cores = usable_cores()
    seconds = dict.fromkeys((1, cores), 0.0)
    with Parsers(1) as one, Parsers(cores) as several:
        for turn in range(1 + _TURNS):
            for count, parsers in ((1, one), (cores, several)):
                plan.progress(f"turn {turn}: {count} at a time")
                began = time.perf_counter()
                list(parsers.each(Parser.parse, seeds))
                # The first turn begins the processes.
                seconds[count] += (time.perf_counter() - began) * (turn > 0)
    rates = [_TURNS * len(seeds) / seconds[count] for count in (cores, 1)]
    name = f"PDFs of {_SHORT} pages read, {cores} processes"
    yield Row(name, rates[0], "files/s", rates[1], "one process")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _chapters(pages: int, *, seed: int) -> list[Chapter]:
    """So much prose as fills the pages, a chapter every fifteen or so."""
    random = np.random.default_rng([3, seed])
    ranks = 1 / (2.7 + np.arange(_VOCABULARY)) ** _ZIPF
    lengths = random.integers(1, 6, _VOCABULARY)
    known = ["".join(random.choice(_SYLLABLES, n)) for n in lengths]
    drawn = iter(random.choice(known, pages * _LINES * 12, p=ranks / ranks.sum()))
    letters = 0
    chapters: list[Chapter] = []
    for number in range(1, max(2, pages // 15)):
        paragraphs = []
        while letters < pages * _LINES * _LINE * number / max(1, pages // 15 - 1):
            sizes = random.integers(6, 25, random.integers(2, 7))
            paragraph = " ".join(
                " ".join(next(drawn) for _ in range(size)).capitalize() + "."
                for size in sizes
            )
            letters += len(paragraph) + _LINE // 2
            paragraphs.append(paragraph)
        chapters.append((f"Chapter {number}", paragraphs))
    return chapters


def _txt(chapters: Sequence[Chapter]) -> bytes:
    parts = [part for name, texts in chapters for part in (name, *texts)]
    return "\n\n".join(parts).encode()


def _epub(chapters: Sequence[Chapter]) -> bytes:
    items = spine = ""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as book:
        for number, (name, texts) in enumerate(chapters):
            body = "".join(f"<p>{text}</p>" for text in texts)
            page = f"<html><body><h1>{name}</h1>{body}</body></html>"
            book.writestr(f"OPS/{number}.xhtml", page)
            items += (
                f'<item id="c{number}" href="{number}.xhtml" '
                'media-type="application/xhtml+xml"/>'
            )
            spine += f'<itemref idref="c{number}"/>'
        package = (
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata/>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        )
        book.writestr("OPS/book.opf", package)
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        )
    return buffer.getvalue()


def _pdf(chapters: Sequence[Chapter]) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    lines = [line for name, texts in chapters for line in _set(name, texts)]
    for number in range(0, len(lines), _LINES):
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(_LEFT, 810, "A Book of Made-up Words")
        canvas.drawString(297, 30, str(number // _LINES + 1))
        for place, (indent, line, is_name) in enumerate(lines[number:][:_LINES]):
            canvas.setFont(
                *(("Helvetica-Bold", 13) if is_name else ("Times-Roman", 11))
            )
            canvas.drawString(_LEFT + indent, _TOP - _STEP * place, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _set(name: str, texts: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    """The lines of a chapter: their indents, and whether they are its heading."""
    yield 0, name, True
    for text in texts:
        indent, line = 12, ""
        for word in text.split():
            whole = f"{line} {word}".strip()
            room = _LINE - len(line) - 2
            if len(whole) <= _LINE:
                line = whole
            elif len(word) > _CUT and room > _KEPT:
                yield indent, f"{line} {word[:_KEPT]}-", False
                indent, line = 0, word[_KEPT:]
            else:
                yield indent, line, False
                indent, line = 0, word
        yield indent, line, False


_FORMATS: Mapping[str, Callable[[Sequence[Chapter]], bytes]] = {
    "txt": _txt,
    "epub": _epub,
    "pdf": _pdf,
}
