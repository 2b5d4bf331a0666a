"""Pictures to blocks: each is a page, a TIFF may hold several."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np

from qa.documents.blocks import Metadata, Read
from qa.documents.recognition import SIDE, Picture, Recogniser, recognise
from qa.errors import SeedError

_PIXELS = 50_000_000
_PAGES = 3000
_KINDS = ("PNG", "JPEG", "TIFF", "WEBP")
_TOO_LARGE = f"is larger than {_PIXELS // 1_000_000} megapixels; scale it down"
_TOO_MANY = "is more than is read of one file; split it"
_WRONG = (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError)
"""What Pillow raises for files that are not what they say."""
_MODES = {"1": "L", "L": "L", "P": "RGBA", "PA": "RGBA", "LA": "RGBA", "RGBA": "RGBA"}
_DAMAGED = "is damaged; open it in a viewer and save it again"


def parse_pictures(
    data: bytes,
    file: str,
    *,
    recogniser: Recogniser,
    page_read: Callable[[int], None] = lambda _: None,
) -> Read:
    """Read the text in a picture, or in each of those that a TIFF holds.

    Args:
        data: The file.
        file: For messages.
        recogniser: Finds the lines.
        page_read: Called with 1 at each picture that is read, with 0 on the way.

    Raises:
        SeedError: It is damaged, too large, an animation, or shows no text.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings(action="ignore"):
            image = Image.open(BytesIO(data), formats=_KINDS)
            count = getattr(image, "n_frames", 1)
    except Image.DecompressionBombError as exc:
        raise SeedError(f"{file}: {_TOO_LARGE}") from exc
    except (UnidentifiedImageError, *_WRONG) as exc:
        raise SeedError(f"{file}: {_DAMAGED}") from exc
    if image.format in {"PNG", "WEBP"} and count > 1:
        raise SeedError(
            f"{file}: is an animation; save the picture that shows the text"
        )
    count = count if image.format == "TIFF" else 1
    pages = range(1, min(count, _PAGES) + 1)
    found = recognise(
        pages, lambda page: _picture(image, page), recogniser, alive=page_read
    )
    if not found.lines:
        reason = next(iter(found.unread), "holds no text")
        raise SeedError(f"{file}: {reason}")
    found.note(range(len(pages) + 1, count + 1), _TOO_MANY)
    return found.read(file, [found.lines.get(page, []) for page in pages], Metadata())


def _picture(image: Any, page: int) -> Picture:
    """A page of an opened picture, turned as it is meant to be seen.

    Raises:
        SeedError: It is damaged or too large.
    """
    from PIL import ImageOps

    try:
        with warnings.catch_warnings(action="ignore"):
            image.seek(page - 1)
            if image.width * image.height > _PIXELS:
                raise SeedError(_TOO_LARGE)
            image.draft("RGB", (SIDE, SIDE))
            shown = _in_bytes(ImageOps.exif_transpose(image))
            shown.thumbnail((SIDE, SIDE))
            return Picture(np.asarray(_on_white(shown)))
    except _WRONG as exc:
        raise SeedError(_DAMAGED) from exc


def _in_bytes(image: Any) -> Any:
    """A picture that can be scaled, with 8 bits a channel."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image.convert(_MODES.get(image.mode, "RGB"))


def _on_white(image: Any) -> Any:
    """What lies behind letters is not drawn where a picture can be seen through."""
    from PIL import Image

    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")
