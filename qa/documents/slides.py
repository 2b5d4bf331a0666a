"""PPTX to blocks: each slide a part under its title, with tables and notes.

The page of a block is its slide.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from qa.documents.archive import open_package, refuse_entities
from qa.documents.blocks import Block, LeftOut, Metadata, Read
from qa.documents.plain import clean_line
from qa.documents.tables import row_lines
from qa.errors import SeedError


def parse_slides(data: bytes, file: str) -> Read:
    """Read what stands on slides and in their notes.

    Raises:
        SeedError: It is encrypted, damaged or no PowerPoint file.
    """
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SeedError(f"{file}: is encrypted, or an old .ppt; save it as .pptx")
    with open_package(data, file) as package:
        refuse_entities(package, package.namelist(), file)
    try:
        show = Presentation(BytesIO(data))
        slides = list(show.slides)
    except (PythonPptxError, KeyError, ValueError, AttributeError, OSError) as exc:
        raise SeedError(f"{file}: is no PowerPoint file; save it as .pptx") from exc
    blocks: list[Block] = []
    left: list[LeftOut] = []
    for number, slide in enumerate(slides, 1):
        title = slide.shapes.title
        name = clean_line(title.text_frame.text) if title is not None else ""
        blocks.append(Block("heading", name or f"Slide {number}", 2, number))
        for shape in _shapes(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                blocks += _blocks(shape, number)
            if getattr(shape, "has_chart", False):
                left.append(LeftOut(shape.name, "a chart", f", slide {number}"))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            blocks += _paragraphs(slide.notes_slide.notes_text_frame, number)
    stated = show.core_properties
    metadata = Metadata(
        clean_line(stated.title or ""),
        tuple(filter(None, [clean_line(stated.author or "")])),
    )
    return Read(blocks, metadata, left_out=left)


def _shapes(shapes: Any, depth: int = 8) -> Iterator[Any]:
    """The shapes of a slide, also those in groups."""
    for shape in shapes:
        if hasattr(shape, "shapes") and depth:
            yield from _shapes(shape.shapes, depth - 1)
        else:
            yield shape


def _blocks(shape: Any, page: int) -> Iterator[Block]:
    if getattr(shape, "has_table", False):
        grid = [
            [clean_line(cell.text) for cell in row.cells] for row in shape.table.rows
        ]
        heads = int(bool(shape.table.first_row))
        yield from (Block("row", line, page=page) for line in row_lines(grid, heads))
    elif getattr(shape, "has_text_frame", False):
        yield from _paragraphs(shape.text_frame, page)


def _paragraphs(frame: Any, page: int) -> Iterator[Block]:
    for paragraph in frame.paragraphs:
        if text := clean_line(paragraph.text):
            yield Block("paragraph", text, page=page)
