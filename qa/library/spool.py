"""Seeds that were read and wait to be indexed, on disk: a first build may read far
more than there is memory for.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pydantic import TypeAdapter

from qa.errors import IndexDamagedError
from qa.index import NewSeed

_FAST = 1
_LINE = TypeAdapter(NewSeed)


class Spool:
    """Seeds in the order they were added, read from disk one at a time.

    Attributes:
        files: Their names.
    """

    def __init__(self, stream: IO[bytes], folder: Path) -> None:
        self._stream = stream
        self._folder = folder
        self.files: list[str] = []

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

    def add(self, seed: NewSeed) -> None:
        """Put one behind the others; not while they are read.

        Raises:
            IndexDamagedError: It cannot be written.
        """
        line = _LINE.dump_json(seed) + b"\n"
        try:
            self._stream.seek(0, 2)
            self._stream.write(gzip.compress(line, _FAST))
            self._stream.flush()
        except OSError as exc:
            raise _unwritable(self._folder, exc) from exc
        self.files.append(seed.file)

    def __iter__(self) -> Iterator[NewSeed]:
        self._stream.seek(0)
        with gzip.open(self._stream) as lines:
            for line in lines:
                yield _LINE.validate_json(line)


def _unwritable(folder: Path, error: OSError) -> IndexDamagedError:
    return IndexDamagedError(
        f"{folder}: cannot be written ({error.strerror}); nothing was changed, free "
        "some space or check the folder and build again"
    )
