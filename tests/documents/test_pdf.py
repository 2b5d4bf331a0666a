"""PDF as drawn: raised marks, turned text, ligatures, locks, damage."""

from io import BytesIO

import pytest
from nasty import PIXEL
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from qa.documents.pdf import parse_pdf
from qa.documents.scripts import accented
from qa.errors import SeedError


def drawn(draw, **options):
    buffer = BytesIO()
    page = canvas.Canvas(buffer, invariant=1, **options)
    draw(page)
    page.showPage()
    page.save()
    return buffer.getvalue()


def texts(data):
    return [block.text for block in parse_pdf(data, "a.pdf").blocks]


def raised(page, *parts):
    """Parts of a line, every other one small and raised."""
    text = page.beginText(72, 700)
    for number, part in enumerate(parts):
        text.setFont("Times-Roman", 6 if number % 2 else 10)
        text.setRise(4 if number % 2 else 0)
        text.textOut(part)
    page.drawText(text)


def test_marks_of_notes_go_and_powers_stay():
    parts = ("The alliance", "12", " held 38 km", "2", " of land.", "3", " It grew.")
    assert texts(drawn(lambda page: raised(page, *parts))) == [
        "The alliance held 38 km² of land. It grew."
    ]


def test_what_is_raised_after_a_number_is_not_read_into_it():
    parts = ("It counts 800", "3", " cells and 10", "6", " more.")
    assert texts(drawn(lambda page: raised(page, *parts))) == [
        "It counts 800³ cells and 10⁶ more."
    ]


def test_the_mark_of_an_item_may_be_larger_than_its_words():
    def draw(page):
        for mark, words, y in (("•", "In Norr", 700), ("•", "10 km off Velt", 686)):
            page.setFont("Helvetica", 13)
            page.drawString(72, y, mark)
            page.setFont("Helvetica", 10)
            page.drawString(84, y + 1.5, words)

    blocks = parse_pdf(drawn(draw), "a.pdf").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("item", "• In Norr"),
        ("item", "• 10 km off Velt"),
    ]


def test_a_figure_with_an_exponent_that_begins_a_line_is_one():
    def draw(page):
        page.setFont("Helvetica", 10)
        page.drawString(72, 700, "10")
        page.setFont("Helvetica", 6)
        page.drawString(83.2, 704, "2")
        page.setFont("Helvetica", 10)
        page.drawString(89, 700, "lamps")

    assert texts(drawn(draw)) == ["10² lamps"]


def in_fonts(*lines):
    def draw(page):
        for number, (font, words) in enumerate(lines):
            page.setFont(font, 10)
            page.drawString(72, 700 - 12 * number, words)

    return texts(drawn(draw))


def test_lines_of_code_stand_by_themselves():
    prose = "The lamp is lit by hand at dusk and put out at dawn, as it always"
    assert in_fonts(
        ("Times-Roman", prose),
        ("Times-Roman", "was. Begin with:"),
        ("Courier", "# light it"),
        ("Courier", "lamp --oil 3"),
        ("Times-Roman", "Then wait until it burns."),
    ) == [
        f"{prose} was. Begin with:",
        "# light it",
        "lamp --oil 3",
        "Then wait until it burns.",
    ]


def test_a_line_that_begins_with_code_and_goes_on_is_prose():
    def draw(page):
        page.setFont("Times-Roman", 10)
        page.drawString(72, 700, "The lamp is lit by hand at dusk and put out at dawn,")
        line = page.beginText(72, 688)
        line.setFont("Courier", 10)
        line.textOut("lamp --oil ")
        line.setFont("Times-Roman", 10)
        line.textOut("does it.")
        page.drawText(line)

    assert texts(drawn(draw)) == [
        "The lamp is lit by hand at dusk and put out at dawn, lamp --oil does it."
    ]


def test_a_page_that_is_typewritten_is_prose():
    lines = ("The lamp is lit by hand", "at dusk and put out at", "dawn, as ever.")
    assert in_fonts(*(("Courier", line) for line in lines)) == [" ".join(lines)]


def test_cells_of_narrow_columns_are_told_by_the_rows_near_them():
    rows = (
        ("Port", "1931", "1932"),
        ("Long Velmar", "7.5", "8.5"),
        ("Norr", "3.5", "12.5"),
        ("New Halden", "1.5", "2.5"),
    )

    def draw(page):
        page.setFont("Helvetica", 10)
        for number, row in enumerate(rows):
            text = page.beginText(72, 700 - 14 * number)
            text.textOut(f"{row[0]} ")
            page.drawText(text)
            for x, cell in ((142, row[1]), (175, row[2])):
                page.drawString(x, 700 - 14 * number, cell)

    assert texts(drawn(draw)) == [" | ".join(row) for row in rows]


def test_text_across_the_margin_is_left_out():
    def draw(page):
        page.drawString(72, 700, "The tower stands in the old town.")
        page.saveState()
        page.translate(30, 200)
        page.rotate(90)
        page.drawString(0, 0, "Downloaded by somebody")
        page.restoreState()

    assert texts(drawn(draw)) == ["The tower stands in the old town."]


def test_a_page_drawn_sideways_is_read_line_by_line():
    def draw(page):
        page.setPageRotation(90)
        page.translate(300, 100)
        page.rotate(90)
        page.drawString(0, 0, "The tower stands in the old town and")
        page.drawString(0, -12, "has stood there.")

    assert texts(drawn(draw)) == [
        "The tower stands in the old town and has stood there."
    ]


def test_letters_drawn_twice_to_look_bold_are_read_once():
    def draw(page):
        for shift in (0, 0.4):
            page.drawString(72 + shift, 700, "All ballast fell off. 1100 books")

    assert texts(drawn(draw)) == ["All ballast fell off. 1100 books"]


def test_ligatures_become_their_letters():
    def draw(page):
        registerFont(TTFont("Vera", "Vera.ttf"))
        page.setFont("Vera", 10)
        page.drawString(72, 700, "The \ufb01rst \ufb02ag.")

    assert texts(drawn(draw)) == ["The first flag."]


def test_a_ligature_of_a_letter_twice_is_no_letter_drawn_twice():
    codes = "1 beginbfchar <78> <00660066> endbfchar"
    cmap = f"1 begincodespacerange <00> <ff> endcodespacerange {codes}"
    content = "BT /F 12 Tf 72 700 Td (The dixerence.) Tj ET"
    font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R"
    page = (
        "/Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        f" /Resources << /Font << /F << {font} >> >> >>"
    )
    streams = [
        f"<< /Length {len(s)} >> stream\n{s}\nendstream" for s in (content, cmap)
    ]
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< {page} >>",
        *streams,
    ]
    objects = "".join(f"{n} 0 obj {part} endobj\n" for n, part in enumerate(parts, 1))
    data = f"%PDF-1.4\n{objects}trailer << /Root 1 0 R /Size 6 >>\n"
    assert texts(data.encode()) == ["The difference."]


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("B¨orsch", "Börsch"),
        ("ˇCapek", "Čapek"),
        ("ˆetre", "être"),
        ("S˜ao", "São"),
        ("˚Ake", "Åke"),
        ("3¨4 ¨q ¨", "3¨4 ¨q ¨"),
        ("ma˜nana", "ma˜nana"),
        ("Go¨ttingen, Ba¨ume", "Go¨ttingen, Ba¨ume"),
        ("20 ˚west", "20 ˚west"),
    ],
)
def test_accents_that_are_drawn_before_their_letters_are_theirs(drawn, read):
    assert accented(drawn) == read


def test_a_file_locked_against_changes_only_is_read():
    lock = StandardEncryption("", ownerPassword="x", canModify=0)
    data = drawn(lambda page: page.drawString(72, 700, "Words to read."), encrypt=lock)
    assert texts(data) == ["Words to read."]


def test_pages_of_pictures_are_listed_in_runs():
    def draw(page):
        for number in range(1, 7):
            if number == 4:
                page.drawString(72, 700, "Words on the fourth page.")
            else:
                page.drawImage(ImageReader(BytesIO(PIXEL)), 50, 50, 400, 600)
            page.showPage()
        page.drawString(72, 700, "The last one.")

    read = parse_pdf(drawn(draw), "a.pdf")
    (unread,) = read.unread
    assert unread.where == "a.pdf, pages 1-3, 5-6"
    assert [(block.text, block.page) for block in read.blocks] == [
        ("Words on the fourth page.", 4),
        ("The last one.", 7),
    ]


def test_of_a_file_that_is_too_long_the_first_pages_are_kept_and_the_rest_is_told():
    def draw(page):
        for number in range(4):
            page.drawString(72, 700, f"Words on page {number + 1}.")
            page.showPage()
        page.drawString(72, 700, "The last one.")

    read = parse_pdf(drawn(draw), "a.pdf", most=2)
    assert [block.page for block in read.blocks] == [1, 2]
    assert [part.where for part in read.unread] == ["a.pdf, pages 3-5"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no PDF"),
        (b"%PDF-1.7 and nothing", "no PDF"),
        (drawn(lambda page: None), "holds no text"),
        (
            drawn(
                lambda page: page.drawString(72, 700, "Words."),
                encrypt=StandardEncryption("x"),
            ),
            "is encrypted",
        ),
    ],
)
def test_what_cannot_be_read_is_told(data, reason):
    with pytest.raises(SeedError, match=reason):
        parse_pdf(data, "a.pdf")


def test_a_page_without_letters_is_left_out_and_named():
    def draw(page):
        registerFont(TTFont("Vera", "Vera.ttf"))
        page.drawString(72, 700, "The tower stands in the old town.")
        page.showPage()
        page.setFont("Vera", 10)
        page.drawString(72, 700, "\ue000\ue001 a")

    read = parse_pdf(drawn(draw), "a.pdf")
    assert [block.text for block in read.blocks] == [
        "The tower stands in the old town."
    ]
    assert [part.where for part in read.unread] == ["a.pdf, page 2"]


def test_fonts_without_letters_are_told():
    def draw(page):
        registerFont(TTFont("Vera", "Vera.ttf"))
        page.setFont("Vera", 10)
        page.drawString(72, 700, "\ue000\ue001\ue002\ue003 \ue004\ue005")

    with pytest.raises(SeedError, match="do not say which letters"):
        parse_pdf(drawn(draw), "a.pdf")
