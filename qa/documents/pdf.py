"""PDF to blocks: characters from pdfium, lines from characters, then ``layout``."""

from __future__ import annotations

import ctypes
import math
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any, NamedTuple

from qa.documents.blocks import Metadata, Read
from qa.documents.columns import Gap, Line
from qa.documents.files import to_recognise
from qa.documents.plain import clean_line, takes_note_mark
from qa.documents.recognition import (
    SIDE,
    Picture,
    Recognised,
    Recogniser,
    recognise,
)
from qa.documents.scripts import lowered, raised
from qa.errors import SeedError

_PAGES = 3000
_SECONDS = 50.0
_UNNAMED = "its fonts do not say which letters they draw"
_TOO_LONG = "is more than is read of one file; split it"
_HYPHENS = ("\ufffe", "\x02", "\xad")  # what a hyphen at a line's end comes as
_UNKNOWN = 0xFFFD  # a letter that the font does not name
_BOLD = ("bold", "black", "heavy", "demi")
_FORCED_BOLD, _FIXED_PITCH = 1 << 18, 1
_EVEN = ("courier", "mono", "consol", "typewriter")
_STEPS = 20
_WIDE = 0.4  # times its size is more than a space
_APART = 0.2  # times its size is more than between a word and an exponent
_ROW = 1 << 20  # places on a line; a key of a place is its line times that
_NEAR = tuple(_ROW * n + m for n in (-1, 0, 1) for m in (-1, 0, 1))
_SCANNED = "pictures without text"
_INCH = 72.0  # points
_DOTS = 200.0  # an inch, of pages drawn to be recognised


class _Glyph(NamedTuple):
    """A character as drawn; ``angle`` in degrees, the rest in points.

    A tuple, since a page has thousands: a frozen dataclass takes five times as long.
    """

    number: int
    character: str
    left: float
    right: float
    y: float
    size: float
    angle: int


@dataclass(slots=True)
class _Piece:
    """Characters of one line, drawn one after the other."""

    first: _Glyph
    text: str
    left: float
    right: float
    last: int
    gaps: list[Gap] = field(default_factory=list)


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
        pages.append(list(_lines(page.get_textpage())))
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
    return character == chr(_UNKNOWN) or unicodedata.category(character) in {"Co", "Cn"}


def _reason(error: str) -> str:
    if "password" in error.lower():
        return "is encrypted; save it without a password, then build again"
    if "security" in error.lower():
        return "is encrypted in a way that is not read; save it without protection"
    return "is damaged or no PDF; open it in a viewer and save it again"


def _lines(textpage: Any) -> Iterator[Line]:
    """The pieces of line of a page, in the order in which they are drawn."""
    glyphs = list(_glyphs(textpage))
    if not glyphs:
        return
    upright = Counter(glyph.angle for glyph in glyphs).most_common(1)[0][0]
    piece: _Piece | None = None
    space = False
    drawn: set[int] = set()
    for glyph in glyphs:
        if glyph.angle != upright:
            continue
        if glyph.character.isspace():
            space = True
        elif _is_doubled(glyph, drawn):
            continue
        elif piece and _belongs(piece, glyph):
            _extend(piece, glyph, space=space)
            space = False
        else:
            if piece:
                yield _line(piece, textpage)
            piece = _Piece(
                glyph, glyph.character, glyph.left, glyph.right, glyph.number
            )
            space = False
    if piece:
        yield _line(piece, textpage)


def _is_doubled(glyph: _Glyph, drawn: set[int]) -> bool:
    """Whether the same character was drawn at nearly this place, to make it bold."""
    size = max(1, round(glyph.size))
    kind = (ord(glyph.character) << 13) + size
    place = round(_STEPS * glyph.left / size) + _ROW * round(_STEPS * glyph.y / size)
    key = (kind << 42) + place
    if not drawn.isdisjoint([key + near for near in _NEAR]):
        return True
    drawn.add(key)
    return False


def _glyphs(textpage: Any) -> Iterator[_Glyph]:
    """Every character that has a size, turned so that its line is level."""
    from pypdfium2 import raw

    page = ctypes.cast(textpage.raw, ctypes.c_void_p)
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    at_box, at_x, at_y = map(ctypes.addressof, (box, x, y))
    code_at = _plain(raw.FPDFText_GetUnicode, ctypes.c_uint)
    object_at = _plain(raw.FPDFText_GetTextObject, ctypes.c_void_p)
    box_at = _plain(raw.FPDFText_GetLooseCharBox, ctypes.c_int, 1)
    origin_at = _plain(raw.FPDFText_GetCharOrigin, ctypes.c_int, 2)
    turns: dict[int | None, tuple[float, float, float, int]] = {}
    for index in range(raw.FPDFText_CountChars(textpage.raw)):
        code = code_at(page, index) or _UNKNOWN
        if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            continue
        drawn = object_at(page, index)
        if drawn is None or drawn not in turns:
            turns[drawn] = _turn(textpage.raw, index)
        size, cosine, sine, angle = turns[drawn]
        character = chr(code)
        if character.isspace():
            yield _Glyph(index, character, 0.0, 0.0, 0.0, size, angle)
        elif 0.5 < size < 5000:
            box_at(page, index, at_box)
            origin_at(page, index, at_x, at_y)
            left = box.left * cosine + box.bottom * sine
            right = box.right * cosine + box.top * sine
            if right < left:
                left, right = right, left
            level = y.value * cosine - x.value * sine
            yield _Glyph(index, character, left, right, level, size, angle)


def _plain(function: Any, result: Any, places: int = 0) -> Any:
    """A function of pdfium that takes addresses: the binding's own checks of what a
    pointer points to, for each character, take longer than the function.

    Args:
        function: It takes a page, the number of a character, and so many places to
            write to.
        result: The type of what it gives.
        places: How many.
    """
    kind = ctypes.CFUNCTYPE(
        result, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * places
    )
    return kind(ctypes.cast(function, ctypes.c_void_p).value or 0)


def _turn(page: Any, index: int) -> tuple[float, float, float, int]:
    """The size in which a character is drawn, and its direction."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(page, index, matrix)
    turn = math.atan2(matrix.b, matrix.a)
    scale = math.hypot(matrix.c, matrix.d)
    size = abs(raw.FPDFText_GetFontSize(page, index) * scale)
    return size, math.cos(turn), math.sin(turn), round(math.degrees(turn))


def _belongs(piece: _Piece, glyph: _Glyph) -> bool:
    """Whether a character goes on with a piece: near, and on its base line."""
    size = max(piece.first.size, glyph.size)
    if (
        glyph.size < 0.85 * piece.first.size
        and glyph.left - piece.right > _APART * size
        and not any(map(str.isalpha, piece.text))
    ):
        return False  # the mark of an item, larger than its words
    if max(glyph.left - piece.right, piece.left - glyph.right) > 1.2 * size:
        return False
    height = abs(glyph.y - piece.first.y)
    script = 0.6 if glyph.size < 0.85 * piece.first.size else 0.25
    return height < script * piece.first.size


def _extend(piece: _Piece, glyph: _Glyph, *, space: bool) -> None:
    """Put a character at the end, unless it is the mark of a footnote."""
    first = piece.first
    small = glyph.size < 0.85 * first.size
    high = small and glyph.y > first.y + 0.1 * first.size
    low = small and glyph.y < first.y - 0.05 * first.size
    if space and glyph.left - piece.right > _WIDE * first.size:
        piece.gaps.append(Gap(len(piece.text.split()), piece.right, glyph.left))
    piece.last = glyph.number
    piece.left = min(piece.left, glyph.left)
    piece.right = max(piece.right, glyph.right)
    if high and takes_note_mark(piece.text) and glyph.character in "0123456789*†‡,":
        return
    character = glyph.character
    if high or low:
        character = raised(character) if high else lowered(character)
        space = space and not piece.text[-1:].isalnum()
    piece.text += " " * space + character


def _line(piece: _Piece, textpage: Any) -> Line:
    text = piece.text
    if text.endswith(_HYPHENS):
        text = text[:-1] + "-"
    text = clean_line(text.replace("\ufffe", ""))
    first = piece.first
    font = _font(textpage, first.number)
    return Line(
        text,
        piece.left,
        piece.right,
        first.y,
        first.size,
        bold=font.bold,
        code=font.even and _font(textpage, piece.last).even,
        gaps=tuple(piece.gaps),
    )


class _Font(NamedTuple):
    """Of a character; ``even`` where each letter is as wide as any other."""

    bold: bool
    even: bool


def _font(textpage: Any, index: int) -> _Font:
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, name, len(name), flags)
    lower = name.value.decode("utf-8", "replace").lower()
    return _Font(
        bool(flags.value & _FORCED_BOLD) or any(word in lower for word in _BOLD),
        bool(flags.value & _FIXED_PITCH) or any(word in lower for word in _EVEN),
    )
