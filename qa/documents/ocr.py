"""The recogniser behind the extra ``ocr``: RapidOCR, with the models of its package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from qa.documents.files import can_recognise
from qa.documents.recognition import Found, Recogniser
from qa.errors import SeedError

_SIDE = 1280
"""Pixels of the longer side in which lines are looked for; they are read in full."""


@cache
def installed_recogniser() -> Recogniser | None:
    """The same recogniser every time; None where the extra is not installed."""
    return _RapidOCR() if can_recognise() else None


class _RapidOCR:
    """Finds the lines of a picture, then reads each by itself: that takes a third less
    memory than several at once, and no longer.
    """

    @cached_property
    def _engine(self) -> Any:
        """Loaded at the first picture: most files have none."""
        import cv2
        import rapidocr

        cv2.setNumThreads(1)  # a build reads with a process for each core
        models = Path(rapidocr.__file__).parent / "models"
        run = "EngineConfig.onnxruntime"
        return rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": 10_000,
                # Named, so that none is ever fetched.
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                f"{run}.intra_op_num_threads": 1,
                f"{run}.inter_op_num_threads": 1,
            }
        )

    def lines(self, pixels: Any) -> Iterator[Found]:
        """See ``Recogniser``."""
        image = pixels[:, :, ::-1]  # as OpenCV has them
        try:
            # subtle: what a call does not say is as in the call before
            find = {"use_det": True, "use_rec": False, "use_cls": False}
            read = {"use_det": False, "use_rec": True, "use_cls": False}
            boxes = self._engine(image, **find).boxes
            for box in () if boxes is None else boxes:
                (part,) = self._engine.crop_text_regions(image, box[None])
                said = self._engine(part, **read)
                for text, sure in zip(said.txts or (), said.scores or (), strict=True):
                    yield _found(text, float(sure), box.tolist())
        except MemoryError:
            raise
        except Exception as exc:  # engines raise anything
            kind = type(exc).__name__
            raise SeedError(f"pictures that cannot be recognised ({kind})") from exc


def _found(text: str, sure: float, box: list[list[float]]) -> Found:
    """A line from the corners of its box: upper left, then clockwise."""
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = box
    left, right = ((x1 + x4) / 2, (y1 + y4) / 2), ((x2 + x3) / 2, (y2 + y3) / 2)
    down = ((x3 + x4 - x1 - x2) / 2, (y3 + y4 - y1 - y2) / 2)
    return Found(
        text, left, right, max(1.0, (down[0] ** 2 + down[1] ** 2) ** 0.5), sure
    )
