"""Bytes to text, whatever encoding they are in."""

from __future__ import annotations

from collections.abc import Iterator

import charset_normalizer

from qa.errors import SeedError

_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"GIF8")

_LABELS = dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii"), "cp1252")
"""What browsers read these as."""
_OPENING, _CLOSING, _BETWEEN = "“‘„«", "”’»", "–—"
_LOOKED = 4096
_FEW, _HALF = 0.01, 0.35
_MOST, _SHORT = 5, 8


def decode(data: bytes, file: str, *, declared: str = "") -> str:
    """Decode text; UTF-8 first, then what is declared, then what is likely.

    Args:
        data: The bytes.
        file: For messages.
        declared: An encoding that the file itself names.

    Raises:
        SeedError: The file is empty, binary or in no encoding that is known.
    """
    if not data.strip():
        raise SeedError(f"{file}: is empty")
    if data.startswith(_BINARY):
        raise SeedError(f"{file}: is binary, not text")
    if wide := _wide(data):
        return data.decode(wide, "replace")
    if data.count(0) > len(data) * _FEW:
        raise SeedError(f"{file}: is binary, not text")
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        if _is_damaged_utf8(data):
            return data.decode("utf-8-sig", "replace")
        for guess in (_LABELS.get(declared.lower(), declared), *_guesses(data)):
            try:
                return data.decode(guess)
            except (LookupError, UnicodeDecodeError):
                continue
        raise SeedError(
            f"{file}: its encoding is not recognised; save it as UTF-8"
        ) from exc


def _wide(data: bytes) -> str:
    """UTF-16, by its mark or by NULs at every other byte; else nothing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:_LOOKED]
    even, odd = start[::2].count(0), start[1::2].count(0)
    few = len(start) < _SHORT or max(even, odd) < len(start) * _HALF
    if few or min(even, odd) > len(start) * _FEW:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether nearly all letters beyond ASCII are UTF-8, so that a few are cut or
    stray; in an 8-bit encoding hardly any are.
    """
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return wrong * _MOST <= sum(not c.isascii() for c in text) - wrong


def _guesses(data: bytes) -> Iterator[str]:
    """Encodings of 8-bit text to try; Windows Western is by far the commonest.

    It is taken where its letters beyond ASCII stand among Latin ones, as they do
    in words; elsewhere the statistics decide. In its place that of old Macs is, where
    it makes better sense.
    """
    western = data.decode("cp1252", "replace")
    letters = [c for c in western if not c.isascii() and c.isalpha()]
    plain = sum(c.isascii() and c.isalpha() for c in western)
    if "\ufffd" not in western and len(letters) < plain / 3:
        macintosh = data.decode("mac_roman")
        yield "mac_roman" if _sense(macintosh) > _sense(western) else "cp1252"
    best = charset_normalizer.from_bytes(data[:200_000]).best()
    if best is not None:
        yield best.encoding


def _sense(text: str) -> int:
    """How many more characters beyond ASCII stand where they belong than where they do
    not: small letters in words, quotes around them; no capital or sign within a word.
    """
    total = 0
    for before, character, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if character.isascii():
            continue
        if character in _OPENING:
            total += 1 if not before.isalnum() else -1
        elif character in _CLOSING:
            total += 1 if not before.isspace() else -1
        elif character.islower():
            total += before.isalpha() or after.isalpha()
        elif character.isalpha():
            total += -1 if before.islower() else after.isalpha()
        elif character not in _BETWEEN:
            total -= before.isalpha() and after.isalpha()
    return total
