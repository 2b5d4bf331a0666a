"""PDF to blocks: the lines of its pages (``glyphs``), then ``layout``."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from statistics import median
from typing import Any

from qa.documents.blocks import Metadata, Read
from qa.documents.columns import Line
from qa.documents.files import to_recognise
from qa.documents.glyphs import UNKNOWN, lines_on
from qa.documents.plain import clean_line
from qa.documents.recognition import (
    SIDE,
    Picture,
    Recognised,
    Recogniser,
    recognise,
)
from qa.errors import SeedError

_PAGES = 3000
_SECONDS = 50.0
_UNNAMED = "its fonts do not say which letters they draw"
_TOO_LONG = "is more than is read of one file; split it"
_SCANNED = "pictures without text"
_INCH = 72.0  # points
_DOTS = 200.0  # an inch, of pages drawn to be recognised


def parse_pdf(
    data: bytes,
    file: str,
    *,
    most: int = _PAGES,
    page_read: Callable[[int], None] = lambda _: None,
    recogniser: Recogniser | None = None,
) -> Read:
    """Read the text layer of a PDF, and pages without text as pictures.

    Args:
        data: The file.
        file: For messages.
        most: Pages that are read; of a longer file the first ones.
        page_read: Called with 1 at each page that is read, with 0 on the way.
        recogniser: Reads pages without text; None where there is none.

    Returns:
        Blocks with their pages, what the file states about itself, and which pages
        could not be read.

    Raises:
        SeedError: It is encrypted, damaged, or has no text at all.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            stated = pdf.get_metadata_dict()
            count = len(pdf)
            pages, pictures = _read(pdf, most, page_read)
            if recogniser is None:
                _check(pages, pictures, file)
            odd = [number for number, page in enumerate(pages, 1) if _is_odd(page)]
            pages = [[] if n in odd else page for n, page in enumerate(pages, 1)]
            if recogniser is None:
                found = _unrecognised(pictures, odd)
            else:
                found = recognise(
                    sorted({*pictures, *odd}),
                    partial(_drawn, pdf),
                    recogniser,
                    alive=page_read,
                    body=_body(pages),
                )
    except pypdfium2.PdfiumError as exc:
        raise SeedError(f"{file}: {_reason(str(exc))}") from exc
    pages = [found.lines.get(n, page) for n, page in enumerate(pages, 1)]
    if not any(pages):
        raise SeedError(f"{file}: {_empty(found)}")
    metadata = Metadata(
        title=clean_line(stated.get("Title", "")),
        authors=tuple(filter(None, [clean_line(stated.get("Author", ""))])),
    )
    found.note(range(len(pages) + 1, count + 1), _TOO_LONG)
    return found.read(file, pages, metadata)


def _read(
    pdf: Any, most: int, page_read: Callable[[int], None]
) -> tuple[list[list[Line]], list[int]]:
    """The lines of each page, and the numbers of pages that are pictures."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    pages: list[list[Line]] = []
    pictures: list[int] = []
    # Of the processor, so that a busy machine reads no less of a book.
    deadline = time.process_time() + _SECONDS
    for number in range(min(len(pdf), most)):
        if time.process_time() > deadline:
            break
        page = pdf[number]
        pages.append(list(lines_on(page.get_textpage())))
        if not pages[-1] and any(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE])):
            pictures.append(number + 1)
        page.close()
        page_read(1)
    return pages, pictures


def _unrecognised(pictures: Sequence[int], odd: Sequence[int]) -> Recognised:
    """Pages without text, with what to do so that they are read."""
    found = Recognised()
    for pages, why in ((pictures, _SCANNED), (odd, _UNNAMED)):
        found.note(pages, f"{why}; {to_recognise(new=False)}")
    return found


def _body(pages: Sequence[Sequence[Line]]) -> float:
    """The size of most letters in points; 0 where there are none."""
    sizes = [line.size for page in pages for line in page]
    return median(sizes) if sizes else 0.0


def _drawn(pdf: Any, number: int) -> Picture:
    """A page as a picture."""
    page = pdf[number - 1]
    width, height = page.get_size()
    scale = min(_DOTS / _INCH, SIDE / max(width, height))
    pixels = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    page.close()
    return Picture(pixels, width)


def _empty(found: Recognised) -> str:
    """Why a file of which no page could be read is refused."""
    return next((f"is scanned: {why}" for why in found.unread), "holds no text")


def _check(pages: Sequence[Sequence[Line]], pictures: list[int], file: str) -> None:
    counts = _readable(line for page in pages for line in page)
    step = to_recognise(new=True)
    if not counts and pictures:
        raise SeedError(f"{file}: is scanned: its pages are {_SCANNED}; {step}")
    if not counts:
        raise SeedError(f"{file}: holds no text")
    if counts[True] > counts[False] / 4:
        raise SeedError(f"{file}: {_UNNAMED}; {step}")


def _is_odd(page: Sequence[Line]) -> bool:
    """Whether one letter in ten of a page cannot be told."""
    counts = _readable(page)
    return counts[True] > counts[False] / 9


def _readable(lines: Iterable[Line]) -> Counter[bool]:
    """How many letters cannot be told (True) and can be."""
    counts: Counter[bool] = Counter()
    for letter, count in Counter("".join(line.text for line in lines)).items():
        counts[_is_unreadable(letter)] += count
    return counts


def _is_unreadable(character: str) -> bool:
    return character == chr(UNKNOWN) or unicodedata.category(character) in {"Co", "Cn"}


def _reason(error: str) -> str:
    if "password" in error.lower():
        return "is encrypted; save it without a password, then build again"
    if "security" in error.lower():
        return "is encrypted in a way that is not read; save it without protection"
    return "is damaged or no PDF; open it in a viewer and save it again"
