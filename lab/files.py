"""Writing what was fitted."""

from __future__ import annotations

from pathlib import Path

from lab.errors import TrainingError


def write_text(path: Path, text: str) -> None:
    """Write a file, with its folder.

    Raises:
        TrainingError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise TrainingError(f"{path}: cannot be written ({exc.strerror})") from exc
