"""What readers think of answers, kept as a questions file for ``qa eval``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from qa.errors import SettingsError
from qa.ui.page.conversation import Exchange
from qa.ui.page.references import answer_text

FILE = "feedback.jsonl"
_LOCK_SECONDS = 10.0
Rating = Literal["good", "poor"]


class Feedback:
    """The file; the last word on an answer counts. Several servers may write it."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._lock = FileLock(f"{self._path}.lock", timeout=_LOCK_SECONDS)

    def record(self, exchange: Exchange, rating: Rating) -> None:
        """Write what a reader thinks of an answer.

        Raises:
            SettingsError: The file cannot be written.
        """
        line = json.dumps(_line(exchange, rating), ensure_ascii=False)
        try:
            with self._lock:
                lines = [other for other in self._lines() if not _is(other, exchange)]
                partial = self._path.with_suffix(".partial")
                text = "".join(f"{other}\n" for other in [*lines, line])
                partial.write_text(text, encoding="utf-8")
                partial.replace(self._path)
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError(
                f"{self._path}: cannot be written ({exc}); check the file"
            ) from exc

    def _lines(self) -> list[str]:
        if not self._path.exists():
            return []
        text = self._path.read_text(encoding="utf-8")
        return [line for line in text.split("\n") if line.strip()]


def _is(line: str, exchange: Exchange) -> bool:
    """Whether a line is about this answer; people may have edited the file."""
    return f'"id": "{exchange.id}"' in line


def _line(exchange: Exchange, rating: Rating) -> dict[str, Any]:
    """A question as ``qa eval`` reads it; of other keys it takes no notice.

    A good answer's citations are its gold. A good abstention says that the
    articles leave the question open, a poor one that they do not.
    """
    abstained = exchange.stage == "abstained"
    cited = () if rating == "poor" or abstained else exchange.citations
    gold = [{"source": c.document.file, "evidence": c.quote} for c in cited]
    known = {
        "id": exchange.id,
        "rating": rating,
        "answer": answer_text(exchange),
        "rated": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if exchange.earlier and gold:
        turns = [*exchange.earlier, exchange.question]
        return {**known, "turns": turns, "gold": gold[0]}
    return {
        **known,
        "question": exchange.question,
        "earlier": list(exchange.earlier),
        "answerable": not (abstained and rating == "good"),
        "gold": gold,
    }
