"""One article as PDF, web page, Word file and book, each with its own furniture."""

import random
import re
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from docx import Document as Word
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

WORDS = re.findall(
    r"\S+",
    "the alliance between two governments remained strategic although relationship"
    " partners expected considerable infrastructure investment in exchange for"
    " military cooperation and long-term energy agreements which neither parliament"
    " discussed openly while independent observers described growing asymmetry"
    " of influence across central regions where development depended on pipelines",
)


@dataclass
class Article:
    """Title, author and sections; a section is a heading and its paragraphs."""

    title: str
    author: str
    sections: list = field(default_factory=list)

    def sentences(self):
        texts = [text for _, texts in self.sections for text in texts]
        return [part for text in texts for part in re.findall(r"[^.]+\.", text)]


def make_article(seed=7, sections=4, paragraphs=6):
    """Sentences of plain English words, no two alike."""
    chance = random.Random(seed)

    def sentence():
        words = chance.choices(WORDS, k=chance.randint(9, 22))
        return f"{' '.join(words)} in {chance.randint(1900, 2020)}.".capitalize()

    def paragraph():
        return " ".join(sentence() for _ in range(chance.randint(3, 6)))

    made = Article("The Growing Asymmetry of a Long Partnership", "Jane Doe")
    for number in range(sections):
        name = f"What changed in decade {number + 1}"
        made.sections.append((name, [paragraph() for _ in range(paragraphs)]))
    return made


class Pdf:
    """Draws lines one by one, so that it knows on which page each word lands."""

    def __init__(self, *, columns=1):
        self.buffer = BytesIO()
        self.canvas = canvas.Canvas(self.buffer, pagesize=A4, invariant=1)
        self.columns = columns
        self.width = (451 - 25 * (columns - 1)) / columns
        self.page, self.column, self.y = 1, 0, 760.0

    def text(self, text, *, font="Times-Roman", size=10.0, indent=0.0):
        """Draw a paragraph, with words cut at the ends of lines.

        Returns the page of each of its words.
        """
        pages, line, words = [], "", text.split()
        while words:
            word = words.pop(0)
            room = self.width - indent
            joined = f"{line} {word}".strip()
            if stringWidth(joined, font, size) <= room:
                line = joined
                pages.append(self._page_of_line())
                continue
            cut = self._cut(f"{line} ", word, font, size, room)
            if cut:
                pages.append(self._page_of_line())
            self._draw(f"{line} {word[:cut]}-" if cut else line, font, size, indent)
            line, indent = "", 0.0
            if cut:
                line = word[cut:]
            else:
                words.insert(0, word)
        self._draw(line, font, size, indent)
        return pages

    def bytes(self):
        self._finish_page()
        self.canvas.save()
        return self.buffer.getvalue()

    @staticmethod
    def _cut(before, word, font, size, room):
        """How many letters of a long word still fit, 0 if it is not cut."""
        for letters in range(len(word) - 3, 2, -1):
            part = word[:letters]
            fits = stringWidth(f"{before}{part}-", font, size) <= room
            if fits and len(word) > 7 and word.isalpha():
                return letters
        return 0

    def _page_of_line(self):
        if self.y < 110:
            self._next_column()
        return self.page

    def _draw(self, line, font, size, indent):
        self._page_of_line()
        left = 72 + self.column * (self.width + 25) + indent
        self.canvas.setFont(font, size)
        self.canvas.drawString(left, self.y, line)
        self.y -= 1.2 * size

    def _next_column(self):
        self.column, self.y = self.column + 1, 760.0
        if self.column == self.columns:
            self._finish_page()
            self.canvas.showPage()
            self.page, self.column = self.page + 1, 0

    def _finish_page(self):
        self.canvas.setFont("Times-Italic", 9)
        self.canvas.drawString(72, 800, "Journal of Samples, Vol. 3")
        self.canvas.drawRightString(523, 800, str(self.page))
        self.canvas.setFont("Times-Roman", 9)
        self.canvas.drawCentredString(297, 40, f"Page {self.page} of 9")


def as_pdf(article, *, columns=1, footnotes=False):
    """The PDF, and for each sentence of it the page that it begins on."""
    pdf = Pdf(columns=columns)
    places = []
    pdf.text(article.title, font="Helvetica-Bold", size=14)
    pdf.y -= 8
    pdf.text(f"By {article.author}")
    for name, texts in article.sections:
        pdf.y -= 10
        pdf.text(name, font="Helvetica-Bold", size=12)
        pdf.y -= 4
        for text in texts:
            if footnotes and pdf.y > 300 and pdf.column == 0:
                note(pdf)
            pages = pdf.text(text, indent=12)
            ends = [w.endswith(".") for w in text.split()]
            firsts = [True, *ends[:-1]]
            places += [p for p, first in zip(pages, firsts, strict=True) if first]
    return pdf.bytes(), places


def note(pdf):
    """A footnote at the end of the first column."""
    pdf.canvas.setFont("Times-Roman", 7.5)
    pdf.canvas.drawString(72, 84, f"{pdf.page} See Smith, Alliances, p. 4{pdf.page}.")


def as_html(article):
    """A page as a browser saves it, with everything that stands around it."""
    body = ""
    for name, texts in article.sections:
        paragraphs = "".join(f"<p>{escape(text)}</p>\n" for text in texts)
        body += f"<h2>{escape(name)}</h2>\n{paragraphs}"
    return f"""<!doctype html><html><head><meta charset="utf-8">
<title>{escape(article.title)} | Example Review</title>
<link rel="canonical" href="https://example.org/asymmetry">
<script type="application/ld+json">{{"@graph": [{{"@type": "WebSite", "name": "x"}},
{{"@type": "NewsArticle", "headline": "{article.title}", "datePublished":
"2021-05-03T10:00:00Z", "author": [{{"@type": "Person", "name": "{article.author}"}}],
"publisher": {{"@type": "Organization", "name": "Example Review"}}}}]}}</script></head>
<body><header><nav><ul><li><a href="/">Home</a></li></ul></nav></header>
<div class="cookie-banner">We use cookies. <button>Accept</button></div>
<main><article><h1>{escape(article.title)}</h1><p>By {article.author}</p>
<div class="share"><a href="#">Share on Facebook</a></div>
{body}</article>
<aside><h3>Related articles</h3><ul><li><a href="/b">Something else</a></li></ul>
</aside></main><footer><p>© 2021 Example Review. All rights reserved.</p></footer>
<script>track()</script></body></html>""".encode()


def as_docx(article):
    """A Word file with a header, a footer and pictureless styles."""
    word = Word()
    word.core_properties.title = "Template of the house"
    word.sections[0].header.paragraphs[0].text = "Journal of Samples, Vol. 3"
    word.sections[0].footer.paragraphs[0].text = "Page 1"
    word.add_heading(article.title, 0)
    word.add_paragraph(f"By {article.author}")
    for name, texts in article.sections:
        word.add_heading(name, 1)
        for text in texts:
            word.add_paragraph(text)
    buffer = BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def as_epub(article):
    """A book with one chapter a section."""
    chapters = {
        f"c{number}.xhtml": f"<html><body><h2>{escape(name)}</h2>"
        + "".join(f"<p>{escape(text)}</p>" for text in texts)
        + "</body></html>"
        for number, (name, texts) in enumerate(article.sections)
    }
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>'
        for name in chapters
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    package = f"""<package xmlns="http://www.idpf.org/2007/opf"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(article.title)}</dc:title>
<dc:creator>{article.author}</dc:creator><dc:date>2021-05</dc:date></metadata>
<manifest>{items}</manifest><spine>{spine}</spine></package>"""
    container = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>"""
    files = {f"OPS/{name}": text for name, text in chapters.items()}
    return as_zip(
        {"META-INF/container.xml": container, "OPS/book.opf": package, **files}
    )


def as_zip(files):
    """An archive of texts or bytes by name."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


TOWNS = [
    ["Town", "Population", "River"],
    ["Velmar", 41_200, "Ruhm"],
    ["Ostrel", 950.5, ""],
]

MESSAGE = (
    "From: Ann Oake <ann@pier.test>\nTo: Bo <bo@pier.test>\nSubject: The pier\n"
    "Date: Tue, 10 May 2022 10:00:00 +0200\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n\n"
    "The pier opens in June.\n\n> When does it open?\n> It is cold.\n"
)


VTT = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Ann>The pier opens\n\n"
    "00:00:03.000 --> 00:00:05.000\n<v Ann>in <i>June</i>.\n\n"
    "00:01:10.500 --> 00:01:12.000\n<v Bo>Who pays?\n"
)


def workbook(**sheets):
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in rows.items():
            sheet.write_row(number - 1, 0, row)
    book.close()
    return buffer.getvalue()


def slides(rows=(("Port", "2020"), ("Velmar", "41"))):
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Why the pier froze"
    box = slide.shapes.add_textbox(0, 0, Inches(4), Inches(1))
    box.text_frame.text = "It was cold."
    slide.notes_slide.notes_text_frame.text = "Speak slowly."
    second = show.slides.add_slide(show.slide_layouts[6])
    table = second.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    buffer = BytesIO()
    show.save(buffer)
    return buffer.getvalue()


def ods(name, rows):
    """A spreadsheet of one sheet, all cells text."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    table = f'<table:table table:name="{name}">{lines}</table:table>'
    return _open_document("spreadsheet", table, **{"META-INF/manifest.xml": "<a/>"})


def odt(body, **parts):
    return _open_document("text", body, **parts)


def _open_document(kind, body, **parts):
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "text", "table")
    )
    content = (
        f"<office:document-content{names}><office:body><office:{kind}>{body}"
        f"</office:{kind}></office:body></office:document-content>"
    )
    return as_zip(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            **parts,
        }
    )
