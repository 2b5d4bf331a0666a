"""Bytes to text, whatever encoding they are in."""

from __future__ import annotations

from collections.abc import Iterator

import charset_normalizer

from qa.errors import SeedError

_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"GIF8")


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
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(_BINARY) or b"\x00" in data:
        raise SeedError(f"{file}: is binary, not text")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        for guess in (declared, *_guesses(data)):
            try:
                return data.decode(guess)
            except (LookupError, UnicodeDecodeError):
                continue
        raise SeedError(
            f"{file}: its encoding is not recognised; save it as UTF-8"
        ) from exc


def _guesses(data: bytes) -> Iterator[str]:
    """Encodings of 8-bit text to try; Windows Western is by far the commonest.

    It is taken where its letters beyond ASCII stand among Latin ones, as they do
    in words; elsewhere the statistics decide.
    """
    western = data.decode("cp1252", "replace")
    letters = [c for c in western if not c.isascii() and c.isalpha()]
    plain = sum(c.isascii() and c.isalpha() for c in western)
    if "\ufffd" not in western and len(letters) < plain / 3:
        yield "cp1252"
    best = charset_normalizer.from_bytes(data[:200_000]).best()
    if best is not None:
        yield best.encoding
