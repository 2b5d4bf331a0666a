"""What every prompt begins with, read once and kept: the state of the model after it.

The number of threads that it was fastest with is kept beside it.

Reading some six hundred tokens takes a small model most of a second, on a busy
machine several. The state is kept in a file, sealed, written under a temporary name
and renamed; it can be made again at any time. It belongs to one GGUF file that has
spoken, one version of the library, one text and one choice of threads.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

_SEAL: Final = 32
_THREADS: Final = 2
"""Bytes behind the seal that hold the number of threads."""
_KEPT: Final = 4
"""Files at most; those used longest ago go first."""


def path_of(
    folder: Path,
    files: Sequence[Path],
    ids: Sequence[int],
    *,
    context: int,
    threads: Sequence[int],
) -> Path:
    """The file of one model's state after some tokens.

    Args:
        files: The model's, with that of an adapter over it.
        threads: The numbers of which the fastest is kept with it.
    """
    import llama_cpp

    stats = [(file.resolve(), file.stat()) for file in files]
    known = " ".join(f"{file} {s.st_size} {s.st_mtime_ns}" for file, s in stats)
    text = (
        f"{llama_cpp.__version__} {os.uname().machine if os.name == 'posix' else ''} "
        f"{known} {context} {list(threads)} {list(ids)}"
    )
    return folder / f"{sha256(text.encode()).hexdigest()[:16]}.state"


def restore(llama: Any, ids: Sequence[int], path: Path) -> int | None:
    """Bring a model, fresh or used, to where it has read the tokens.

    Returns:
        The threads it was fastest with; None, and a model that has read nothing,
        where the file is not there or is not as it was written.
    """
    import llama_cpp

    try:
        data = path.read_bytes()
    except OSError:
        return None
    seal, kept = data[:_SEAL], data[_SEAL:]
    threads, state = int.from_bytes(kept[:_THREADS]), kept[_THREADS:]
    if not state or sha256(kept).digest() != seal:
        return None
    llama.reset()
    buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
    taken = llama_cpp.llama_state_seq_set_data(llama.ctx, buffer, len(state), 0)
    if taken != len(state):
        llama.reset()
        return None
    llama.input_ids[: len(ids)] = ids
    llama.n_tokens = len(ids)
    # subtle: the logits are not part of it; the next token must be computed.
    llama._requires_eval = True  # noqa: SLF001 - what the library's own loading sets
    with suppress(OSError):
        path.touch()
    return threads


def read(llama: Any, ids: Sequence[int], path: Path | None, *, threads: int) -> None:
    """Read the tokens, and keep the state where a path is given and can be written.

    Args:
        threads: Kept with it.
    """
    import llama_cpp

    llama.reset()
    llama.eval(list(ids))
    size = llama_cpp.llama_state_seq_get_size(llama.ctx, 0)
    if path is None or not size:
        return
    buffer = (ctypes.c_uint8 * size)()
    written = llama_cpp.llama_state_seq_get_data(llama.ctx, buffer, size, 0)
    kept = threads.to_bytes(_THREADS) + bytes(buffer[:written])
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_oldest(path.parent)
        with partial.open("wb") as stream:
            stream.write(sha256(kept).digest() + kept)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _forget_oldest(folder: Path) -> None:
    """Make room, and drop what a killed process left."""
    kept = sorted(folder.glob("*.state*"), key=lambda path: path.stat().st_mtime_ns)
    for old in kept[: max(0, len(kept) - _KEPT + 1)]:
        old.unlink(missing_ok=True)
