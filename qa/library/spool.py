"""Seeds that were read and wait to be indexed, on disk: a first build may read far
more than there is memory for.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from qa.errors import IndexDamagedError
from qa.index import NewSeed, VectorText
from qa.index.rows import from_document, from_passage, to_document, to_passage
from qa.schema import Document, Passage

_FAST = 1
_LENGTH = 8


class Spool:
    """Seeds in the order they were added, read from disk one at a time."""

    def __init__(self, stream: IO[bytes], folder: Path) -> None:
        self._stream = stream
        self._folder = folder
        self._count = 0

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Spool]:
        """An empty one in a file without a name in a folder; a kill leaves nothing.

        Raises:
            IndexDamagedError: The folder cannot be written.
        """
        try:
            stream = TemporaryFile(  # noqa: SIM115 - its closing may fail
                dir=folder, prefix="build.spool-"
            )
        except OSError as exc:
            raise _unwritable(folder, exc) from exc
        try:
            yield cls(stream, folder)
        finally:
            with suppress(OSError):  # on a full disk, for what is not wanted any more
                stream.close()

    def __len__(self) -> int:
        return self._count

    def add(self, seed: NewSeed) -> None:
        """Put one behind the others; not while they are read.

        Raises:
            IndexDamagedError: It cannot be written.
        """
        data = zlib.compress(json.dumps(_plain(seed)).encode(), _FAST)
        try:
            self._stream.seek(0, 2)
            self._stream.write(len(data).to_bytes(_LENGTH))
            self._stream.write(data)
            self._stream.flush()
        except OSError as exc:
            raise _unwritable(self._folder, exc) from exc
        self._count += 1

    def __iter__(self) -> Iterator[NewSeed]:
        self._stream.seek(0)
        for _ in range(self._count):
            length = int.from_bytes(self._stream.read(_LENGTH))
            place = self._stream.tell() + length
            yield _seed(json.loads(zlib.decompress(self._stream.read(length))))
            self._stream.seek(place)


def _unwritable(folder: Path, error: OSError) -> IndexDamagedError:
    return IndexDamagedError(
        f"{folder}: cannot be written ({error.strerror}); nothing was changed, free "
        "some space or check the folder and build again"
    )


def _plain(seed: NewSeed) -> list[Any]:
    passages = [[from_passage(0, p) for p in of_one] for of_one in seed.passages]
    texts = [
        [[[text.hash.hex(), text.text] for text in of_passage] for of_passage in of_one]
        for of_one in seed.texts
    ]
    documents = [from_document(document, seed.file) for document in seed.documents]
    return [seed.file, seed.sha256, documents, passages, texts]


def _seed(plain: list[Any]) -> NewSeed:
    file, sha256, rows, of_documents, texts = plain
    documents = tuple(to_document(tuple(row)) for row in rows)
    return NewSeed(
        file,
        sha256,
        documents,
        tuple(map(_passages, documents, of_documents)),
        tuple(
            tuple(
                tuple(VectorText(bytes.fromhex(h), text) for h, text in of_passage)
                for of_passage in of_one
            )
            for of_one in texts
        ),
    )


def _passages(document: Document, rows: list[list[Any]]) -> tuple[Passage, ...]:
    source = from_document(document, "")
    return tuple(to_passage((*row, *source))[0] for row in rows)
