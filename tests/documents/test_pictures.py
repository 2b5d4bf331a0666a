"""Text in pictures: pages without text of a PDF, and pictures by themselves."""

import math
import random
import textwrap
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from fakes import Library, quoting
from nasty import bad_pictures, mutate, pdf, picture
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from qa.cli.app import _print_sources
from qa.documents import Parser, SeedFile
from qa.documents import recognition as bounds
from qa.documents.files import can_recognise, check_kind
from qa.documents.load import parse_seed
from qa.documents.passages import split
from qa.documents.pdf import parse_pdf
from qa.documents.pictures import parse_pictures
from qa.documents.recognition import Found, Picture, recognise
from qa.errors import SeedError
from qa.index.rows import from_document, from_passage, to_document, to_passage
from qa.language.rendering import citation_to_json
from qa.ui.panels.source_panel import lay_out

FERRY = (
    "The ferry company moved its winter timetable to the southern pier in 1987. "
    "The old pier had been closed by ice for eleven weeks, and nobody could land."
)
LAMP = (
    "Ann Oake lit the lamp of Velmar lighthouse for the first time in 1871. "
    "It burned rape oil, of which the keeper carried two cans up each evening."
)
real = pytest.mark.skipif(not can_recognise(), reason="the extra `ocr` is missing")


def page(*texts, size=28, width=1240, height=900):
    """A picture of a page with a paragraph for each text."""
    image = Image.new("RGB", (width, height), "white")
    drawn = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=size)
    y = 100
    for text in texts:
        for line in textwrap.wrap(text, 60):
            drawn.text((120, y), line, fill="black", font=font)
            y += int(1.4 * size)
        y += size
    return image


def saved(image, kind, **options):
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def scanned(*pages):
    """A PDF: a picture for each image, a line of text for each string."""
    buffer = BytesIO()
    drawn = canvas.Canvas(buffer, invariant=1)
    for content in pages:
        if isinstance(content, str):
            drawn.drawString(72, 700, content)
        else:
            drawn.drawImage(ImageReader(content), 0, 300, 595, 430)
        drawn.showPage()
    drawn.save()
    return buffer.getvalue()


class Lines:
    """Finds the same lines in each picture: text, x and y, about 30 pixels high."""

    def __init__(self, *lines, fails=()):
        self.seen = []
        self._lines = lines
        self._fails = fails

    def lines(self, pixels):
        self.seen.append(pixels.shape)
        if len(self.seen) in self._fails:
            raise MemoryError
        for number, (text, x, y) in enumerate(self._lines):
            height = (30.0, 33.5, 28.0)[number % 3]  # as lines with a "p" are, and not
            yield Found(text, (x, y), (x + 12 * len(text), y), height)


HARBOUR = ("The harbour froze in 1963.", 100, 100)


def texts(read):
    return [(block.text, block.page) for block in read.blocks]


def test_of_a_mixed_pdf_only_pages_without_text_are_recognised():
    data = pdf("The tower stands in the old town.", pictures=2)
    lines = Lines(HARBOUR)
    read = parse_pdf(data, "a.pdf", recogniser=lines)
    assert texts(read) == [
        (HARBOUR[0], 1),
        (HARBOUR[0], 2),
        ("The tower stands in the old town.", 3),
    ]
    assert read.pictures == (1, 2)
    assert len(lines.seen) == 2
    assert not read.unread


def test_without_the_extra_such_pages_are_named_with_the_next_step():
    read = parse_pdf(pdf("The tower stands.", pictures=2), "a.pdf")
    (unread,) = read.unread
    assert unread.where == "a.pdf, pages 1-2"
    assert (
        "pip install -c constraints.txt '.[ocr]'`, then `qa build --fresh`"
        in unread.reason
    )
    with pytest.raises(SeedError, match=r"is scanned.*\[ocr\]'`, then `qa build`$"):
        parse_pdf(pdf(pictures=2), "a.pdf")


@pytest.mark.skipif(can_recognise(), reason="the extra `ocr` is there")
def test_without_the_extra_a_picture_is_refused_with_the_next_step():
    with pytest.raises(SeedError, match=r"^a\.PNG: is a picture; .*\[ocr\]"):
        check_kind("a.PNG")


LINES = [
    ("The harbour froze in the winter of that", 100, 100),
    ("year, and the ferries stayed where they", 103, 141),
    ("lay.", 98, 182),
    ("Nobody had seen the like of it before,", 101, 260),
    ("as the keeper wrote.", 100, 300),
]


def test_lines_become_paragraphs_by_where_they_stand():
    lines = Lines(*LINES)
    read = parse_pictures(saved(page(), "PNG"), "a.png", recogniser=lines)
    assert texts(read) == [
        (" ".join(text for text, *_ in LINES[:3]), 1),
        (" ".join(text for text, *_ in LINES[3:]), 1),
    ]


def test_larger_lines_are_headings():
    class Headed(Lines):
        def lines(self, pixels):
            yield Found("Winter in Velmar", (100, 40), (500, 40), 52.0)
            yield from super().lines(pixels)

    read = parse_pictures(saved(page(), "PNG"), "a.png", recogniser=Headed(*LINES))
    kinds = [block.kind for block in read.blocks]
    assert kinds == ["heading", "paragraph", "paragraph"]


def test_letters_beside_a_text_layer_are_as_large_as_there_though_not_measured_so():
    data = pdf("The tower stands in the old town.\nIt is old.", pictures=1)
    large = [(text, 100 + 1.4 * x, 100 + 1.4 * y) for text, x, y in LINES]

    class Large(Lines):
        def lines(self, pixels):
            for line in super().lines(pixels):
                yield Found(line.text, line.left, line.right, 1.4 * line.height)

    read = parse_pdf(data, "a.pdf", recogniser=Large(*large))
    assert {block.kind for block in read.blocks} == {"paragraph"}


class Turned(Lines):
    """The lines of a scan that lies at an angle."""

    def lines(self, pixels):
        for line in super().lines(pixels):
            yield Found(line.text, turned(line.left), turned(line.right), line.height)


def turned(point):
    angle = math.radians(3)
    x, y = point
    return (
        x * math.cos(angle) - y * math.sin(angle),
        x * math.sin(angle) + y * math.cos(angle),
    )


def test_a_scan_that_lies_at_an_angle_is_put_straight():
    columns = [(f"Left line number {n} goes on", 100, 100 + 40 * n) for n in range(6)]
    columns += [(f"right line number {n} goes on", 700, 100 + 40 * n) for n in range(6)]
    read = parse_pictures(saved(page(), "PNG"), "a.png", recogniser=Turned(*columns))
    found = " ".join(block.text for block in read.blocks)
    assert found.index("Left line number 5") < found.index("right line number 0")


def test_each_picture_of_a_tiff_is_a_page():
    pages = [page(), page(), page()]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    told = []
    read = parse_pictures(
        data, "a.tif", recogniser=Lines(HARBOUR, fails=[2]), page_read=told.append
    )
    assert texts(read) == [(HARBOUR[0], 1), (HARBOUR[0], 3)]
    assert [part.where for part in read.unread] == ["a.tif, page 2"]
    assert "memory" in read.unread[0].reason
    assert sum(told) == 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_kinds_and_depths_of_pictures(kind, mode):
    image = page(width=300, height=200)
    if kind != "JPEG" or mode in {"L", "RGB"}:
        image = image.convert(mode)
    lines = Lines(HARBOUR)
    parse_pictures(saved(image, kind), "a", recogniser=lines)
    assert lines.seen == [(200, 300, 3)]


def test_what_can_be_seen_through_is_white_and_16_bits_are_8():
    seen = []

    class Looks(Lines):
        def lines(self, pixels):
            seen.append(int(np.median(pixels)))
            return super().lines(pixels)

    for image in (
        Image.new("RGBA", (40, 30), (0, 0, 0, 0)),
        Image.fromarray(np.full((30, 40), 65_000, np.uint16)),
    ):
        parse_pictures(saved(image, "PNG"), "a.png", recogniser=Looks(HARBOUR))
    assert seen == [255, 253]


def test_a_large_picture_is_scaled_down():
    lines = Lines(HARBOUR)
    image = Image.new("L", (7000, 3500), 255)
    parse_pictures(saved(image, "PNG"), "a.png", recogniser=lines)
    assert lines.seen == [(1500, 3000, 3)]


class Clock:
    """Says one second more each time it is asked."""

    def __init__(self, step):
        self.now, self.step = 0.0, step

    def __call__(self):
        self.now += self.step
        return self.now


def recognised(pages, step):
    lines = Lines(*((f"This is line {n}.", 100, 50 * n) for n in range(1, 6)))
    blank = Picture(np.zeros((400, 600, 3), np.uint8))
    return recognise(
        range(1, pages + 1), lambda _: blank, lines, alive=lambda _: None,
        clock=Clock(step),
    )  # fmt: skip


def test_what_was_read_of_a_page_before_its_time_is_up_is_kept_and_said():
    found = recognised(1, 10.0)
    assert [line.text for line in found.lines[1]] == [
        "This is line 1.",
        "This is line 2.",
        "This is line 3.",
    ]
    assert found.unread == {bounds.CUT: [1]}


def test_pages_read_before_the_time_of_a_file_is_up_are_kept_and_the_rest_said():
    found = recognised(400, 1.0)
    assert len(found.lines) == len(set(range(1, 401)) - set(found.unread.popitem()[1]))
    assert 200 < len(found.lines) < 300


def test_lines_that_cannot_be_made_out_are_left_out_and_told():
    class Unsure(Lines):
        def lines(self, pixels):
            yield from super().lines(pixels)
            yield Found("Tnq hrbxr", (100, 200), (400, 200), 30.0, sure=0.3)

    read = parse_pictures(saved(page(), "PNG"), "a.png", recogniser=Unsure(HARBOUR))
    assert texts(read) == [(HARBOUR[0], 1)]
    assert [(part.text, part.where) for part in read.left_out] == [
        ("Tnq hrbxr", ", page 1")
    ]


def test_a_picture_without_text_is_refused():
    with pytest.raises(SeedError, match=r"a\.png: .* no text is found"):
        parse_pictures(saved(page(), "PNG"), "a.png", recogniser=Lines())


def test_the_index_keeps_what_was_read_from_a_picture():
    text = "The tower of Ostrel stands in the old town since 1420."
    seed = SeedFile("a.pdf", pdf(text, pictures=1), "unused")
    (document,) = parse_seed(seed, recogniser=lambda: Lines(HARBOUR)).documents
    assert document.pictures == (1,)
    assert to_document(from_document(document, "a.pdf")) == document
    passages = split(document, count_tokens=lambda t: [9] * len(t), size=9, window=99)
    assert [passage.pictures for passage in passages] == [(1,), ()]
    for passage in passages:
        row = (*from_passage(1, passage), *from_document(document, "a.pdf")[:8])
        assert to_passage(row)[0] == passage


@pytest.mark.parametrize("file", sorted(set(bad_pictures()) - {"photo.jpg"}))
def test_nasty_pictures_are_refused_with_the_reason(file):
    data, reason = bad_pictures()[file]
    with pytest.raises(SeedError, match=f"^{file}: .*{reason}"):
        parse_pictures(data, file, recogniser=Lines(HARBOUR))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_changed_pictures_are_read_or_refused(kind):
    chance = random.Random(6)
    data = picture(kind, frames=3 if kind == "TIFF" else 1)
    for _ in range(100):
        with suppress(SeedError):
            parse_pictures(mutate(data, chance), "a", recogniser=Lines(HARBOUR))


@real
def test_a_scan_is_read_asked_and_cited_as_such(tmp_path, capsys):
    library = Library(tmp_path)
    text = "The tower of Ostrel stands in the old town since 1420."
    library.write("harbour.pdf", scanned(text, page(FERRY, LAMP)))
    library.build(size=60)
    answer = quoting(library).answer(
        "Where did the ferry company move its winter timetable?"
    )
    (citation,) = (c for c in answer.citations if "timetable" in c.quote)
    assert citation.quote == FERRY[: FERRY.index(" The old")]
    assert citation.page == 2
    assert citation_to_json(citation)["from_picture"] is True
    _print_sources(answer, show_rejected=False)
    assert "p. 2, read from a picture" in " ".join(capsys.readouterr().out.split())
    with library.open().snapshot() as snapshot:
        document = snapshot.document(citation.document.id)
    assert "p. 2, read from a picture" in lay_out(document, [citation], 1).byline
    assert FERRY in document.text
    assert LAMP in document.text
    towers = quoting(library).answer("Since when does the tower of Ostrel stand?")
    assert [c.from_picture for c in towers.citations if c.page == 1] == [False]


@real
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_pictures_are_read_by_the_engine(kind):
    first, second = page(FERRY), page(LAMP)
    more = {"save_all": True, "append_images": [second]} if kind == "TIFF" else {}
    with Parser() as parser:
        data = saved(first, kind, **more)
        (document,) = parser.parse(SeedFile(f"a.{kind.lower()}", data, "")).documents
    assert FERRY in document.text
    assert document.pictures == ((1, 2) if more else (1,))
