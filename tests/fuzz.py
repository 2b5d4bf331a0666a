"""Each parser against files nobody wrote: ``python tests/fuzz.py --files 200``.

Three kinds of files for each format: good ones with bytes changed, pieces of its
syntax in any order, and one piece repeated until the file is large. Prints, for each
format, how many were read and refused, the slowest, and what must not happen: a
reader that is taken down, offsets that do not hold, a refusal without a name.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from io import BytesIO
from itertools import count
from zipfile import ZipFile

from fakes import article
from nasty import MADE, mutate
from rendering import as_zip
from reportlab.pdfgen import canvas

from qa.documents import Parser, SeedFile
from qa.documents.passages import split
from qa.errors import SeedError

LARGE = 49_000
SHAPE = (
    "<p:sp><p:nvSpPr><p:cNvPr id='9' name='a'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
    "<p:spPr/>"
)
SYNTAX = {
    "txt": [
        "Word. ",
        "\n",
        "\n\n",
        "\t",
        "U.S. ",
        "-\n",
        "…",
        "“",
        "“a ”",
        "1. ",
        ". ",
        "\0",
    ],
    "md": [
        *(
            "# ",
            "## ",
            "> ",
            "- ",
            "1. ",
            "```",
            "~~~",
            "    ",
            "| a | b |\n",
            "|-|-|\n",
        ),
        *("[", "]", "(", ")", "![", "](", "<", ">", "*", "_", "**", "`", "\\", "&#0;"),
        *(
            "\n",
            "\n\n",
            "---\n",
            "===\n",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "word ",
            "[^1]",
        ),
    ],
    "jsonl": [
        *(
            '{"id": NEW, "text": "Words."}\n',
            '{"id": NEW, "text": "A.\\u0000"}\n',
            "\n",
        ),
        *(
            '{"id": NEW, "text": "\\ud800 B."}\n',
            '{"id": NEW, "text": 1e999}\n',
            "{}\n",
        ),
        *('{"id": NEW, "title": "T", "text": "C."}\n', '{"id": "1", "text": "A."}\n'),
        *('{"id": NEW, "date": "99", "text": "D."}\n', "[" * 99, '{"a":' * 9, "[1]\n"),
        f'{{"id": {"9" * 400}, "text": "E."}}\n',
    ],
    "html": [
        *("<p>", "</p>", "<div>", "<b>", "<table>", "<td>", "<li>", "<h1>", "</h1>"),
        *(
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<svg>",
            "<![CDATA[",
            "&amp;",
            "&#0;",
        ),
        *("word ", "Sentence here. ", "<a href='", "'>", "<", ">", "<br>", "<sup>"),
    ],
    "epub": [
        *("<p>", "</p>", "<h1>", "<?xml", "&bogus;", "word ", "<svg>", "<p", "<p/>"),
        *(
            "<p>Word.</p>",
            "<h1>Head</h1>",
            "<div/>",
            "<table><tr><td>x</td></tr></table>",
        ),
    ],
    "docx": [
        *("<w:p><w:r><w:t>Word. </w:t></w:r></w:p>", "<w:p/>", "<w:tbl/>", "<w:r/>"),
        *("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", "<w:sectPr/>", "<w:del/>"),
        *("<w:p><w:hyperlink/></w:p>", "<w:ins><w:r><w:t>x</w:t></w:r></w:ins>", "&x;"),
        "<w:p><w:pPr><w:pStyle w:val='Heading9'/></w:pPr><w:r><w:t>H</w:t></w:r></w:p>",
    ],
    "csv": ["a,", '"', "\n", ";", "1,", '""', "Town,", "\t", "é", "|", "a b;", "\0"],
    "json": [
        *('{"a": 1},', '"word",', "null,", "1e999,", '"\\ud800",', '{"a": {"b": []}},'),
        *("[[true]],", '["a", {}],', '{"a":', "[", "]", "}", '"'),
    ],
    "xlsx": [
        *("<row>", "</row>", "<row/>", "<c><v>1</v></c>", "<c t='s'><v>9</v></c>"),
        *("<row><c t='inlineStr'><is><t>word</t></is></c></row>", "<row><c/></row>"),
        *(
            "<row r='9'><c r='ZZ9'><v>1e999</v></c></row>",
            "<row r='0'/>",
            "&x;",
            "word",
        ),
    ],
    "pptx": [
        *(f"{SHAPE}</p:sp>", f"{SHAPE}<p:txBody/></p:sp>", "<p:grpSp/>", "&x;", "word"),
        *("<p:graphicFrame/>", "<p:cxnSp/>", "<!-- a -->", "<p:sp>", "<a:t>word</a:t>"),
        f"{SHAPE}<p:txBody><a:p><a:r><a:t>Word.</a:t></a:r></a:p></p:txBody></p:sp>",
        f"{SHAPE}<p:txBody><a:p/><a:p><a:br/></a:p></p:txBody></p:sp>",
    ],
    "odt": [
        *(
            "<text:p>Word.</text:p>",
            "<text:h text:outline-level='99'>H</text:h>",
            "&x;",
        ),
        *(
            "<text:list><text:list-item><text:p>a</text:p></text:list-item></text:list>",
        ),
        *("<table:table><table:table-row/></table:table>", "<text:s/>", "<text:note/>"),
        *("<text:p>", "</text:p>", "word"),
    ],
    "rtf": ["{\\rtf1 ", "{", "}", "\\par ", "\\'e9", "word ", "\\u1234?", "\\bin9"],
    "vtt": [
        *("WEBVTT\n\n", "00:00:01.000 --> 00:00:02.000\n", "word\n", "\n", "<v A>"),
        *("--> ", "9:9 --> 8:8\n", "NOTE\n", "STYLE\n", "</v>"),
    ],
    "eml": [
        *("From: a\n", "Content-Type: multipart/mixed; boundary=x\n", "--x\n", "\n"),
        *("> word\n", "=?utf-8?q?a?=", "word ", "Date: 99\n", "--x--\n", "<p>word"),
        "Content-Type: text/html; charset=none\n",
    ],
    "pdf": [
        "BT ",
        "ET ",
        "(word) Tj ",
        "[",
        "]",
        "q ",
        "Q ",
        "1e30 0 0 1 0 0 cm ",
        "<<",
    ],
}
# The part of a package that holds the text.
PART = {
    "epub": "OPS/c0.xhtml",
    "docx": "word/document.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "pptx": "ppt/slides/slide1.xml",
    "odt": "content.xml",
}
# What made-up text stands in there, and around made-up text of other kinds.
OPENING = rb"<(w:body|body|sheetData|p:spTree|office:text)>"
AROUND = {"json": "[{}0]", "rtf": "{{\\rtf1 {}", "vtt": "WEBVTT\n\n{}"}


def original(kind):
    texts = {"txt": article("plain").encode(), "jsonl": b'{"id": 1, "text": "One."}\n'}
    if kind == "pdf":
        return plain_pdf()
    return texts[kind] if kind in texts else MADE[kind]()


def plain_pdf():
    """A PDF whose text can be changed, since nothing in it is compressed."""
    buffer = BytesIO()
    drawn = canvas.Canvas(buffer, invariant=1, pageCompression=0)
    for number in range(30):
        line = f"The tower{number} stands in the old town and has done so for long."
        drawn.drawString(72, 720 - 15 * number, line)
    drawn.save()
    return buffer.getvalue()


def packed(kind, text):
    """A file of a kind around made-up text."""
    if kind == "pdf":
        return original("pdf").replace(b"stream\n", b"stream\n" + text.encode(), 1)
    if kind not in PART:
        numbers = count()
        text = AROUND.get(kind, "{}").format(text)
        return re.sub("NEW", lambda _: str(next(numbers)), text).encode()
    return repacked(kind, lambda part: re.sub(OPENING, rb"\g<0>" + text.encode(), part))


def repacked(kind, change):
    """A package in which the part that holds the text is another."""
    with ZipFile(BytesIO(original(kind))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return as_zip({**parts, PART[kind]: change(parts[PART[kind]])})


def changed(kind, chance):
    """A good file changed, or the text inside of a good package."""
    if kind in PART and chance.random() < 0.7:
        return repacked(kind, lambda part: mutate(part, chance))
    return mutate(original(kind), chance)


def files(kind, number, chance):
    """So many files of a kind, each with what it is."""
    pieces = SYNTAX.get(kind, [])
    for piece in pieces:
        yield f"repeated {piece!r}", packed(kind, piece * (LARGE // len(piece)))
    for _ in range(number):
        if pieces and chance.random() < 0.5:
            some = chance.sample(pieces, chance.randint(1, len(pieces)))
            text = "".join(chance.choices(some, k=chance.choice([3, 50, 500])))
            yield "in any order", packed(kind, text)
        else:
            yield "changed", changed(kind, chance)


def count_words(texts):
    return [len(text.split()) for text in texts]


def whole(document):
    """Whether all that is said of a document's text is true of it."""
    text = document.text
    if set(text) & {"\x00", "\r"} or list(document.pages) != sorted(document.pages):
        return False
    if any(not 0 <= h.start < h.end <= len(text) for h in document.headings):
        return False
    passages = split(document, count_tokens=count_words, size=50, window=120)
    return all(text[p.start : p.end] == p.text for p in passages)


def run(kind, number, seconds):
    """Read so many files of a kind in the reader's child process."""
    chance, found, slowest = random.Random(kind), Counter(), (0.0, "")
    with Parser(seconds=seconds) as parser:
        for what, data in files(kind, number, chance):
            started = time.monotonic()
            try:
                parsed = parser.parse(SeedFile(f"a.{kind}", data, "unused"))
                found["read"] += 1
                found["untrue"] += not all(map(whole, parsed.documents))
            except SeedError as error:
                said = str(error)
                found["refused"] += 1
                found["unnamed"] += not said.startswith(f"a.{kind}") or "\n" in said
                found["taken_down"] += "takes" in said
                if "takes" in said:
                    sys.stderr.write(f"{kind}, {what}: {said}\n")
            slowest = max(slowest, (round(time.monotonic() - started, 2), what))
    return {**found, "slowest": slowest}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    found = {
        kind: run(kind, arguments.files, arguments.seconds)
        for kind in sorted({*SYNTAX, *MADE})
    }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
