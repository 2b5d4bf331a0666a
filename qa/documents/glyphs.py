"""The characters of a PDF's page, as pdfium tells them, put together to lines."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from qa.documents.columns import Gap, Line
from qa.documents.plain import clean_line, takes_note_mark
from qa.documents.scripts import accented, lowered, raised

UNKNOWN = 0xFFFD
"""A letter that the font does not name."""
_HYPHENS = ("\ufffe", "\x02", "\xad")  # what a hyphen at a line's end comes as
_BOLD = ("bold", "black", "heavy", "demi")
_FORCED_BOLD, _FIXED_PITCH = 1 << 18, 1
_EVEN = ("courier", "mono", "consol", "typewriter")
_STEPS = 20
_WIDE = 0.4  # times its size is more than a space
_APART = 0.2  # times its size is more than between a word and an exponent
_ROW = 1 << 20  # places on a line; a key of a place is its line times that
_NEAR = tuple(_ROW * n + m for n in (-1, 0, 1) for m in (-1, 0, 1))


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


def lines_on(textpage: Any) -> Iterator[Line]:
    """The pieces of line of a page, in the order in which they are drawn."""
    glyphs = list(_glyphs(textpage))
    if not glyphs:
        return
    upright = Counter(glyph.angle for glyph in glyphs).most_common(1)[0][0]
    piece: _Piece | None = None
    space = False
    drawn: set[int] = set()
    before = glyphs[0]
    for glyph in glyphs:
        before, last = glyph, before
        if glyph.angle != upright:
            continue
        if glyph.character.isspace():
            space = True
        elif not _is_ligature(last, glyph) and _is_doubled(glyph, drawn):
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


def _is_ligature(first: _Glyph, second: _Glyph) -> bool:
    """Whether two letters are those of one drawn character: "ff"."""
    return (
        first.number + 1 == second.number
        and (first.left, first.right) == (second.left, second.right)
        and first.y == second.y
    )


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
        code = code_at(page, index) or UNKNOWN
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
    text = accented(clean_line(text.replace("\ufffe", "")))
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
