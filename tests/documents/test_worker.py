"""The child process that reads files: bounded, restarted, and nobody else's."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from fakes import article
from lxml import etree
from nasty import pdf, zip_of
from rendering import as_docx, as_epub, as_html, as_zip, make_article

from qa.documents import Parser, SeedFile, seed_text
from qa.documents.blocks import Metadata
from qa.documents.load import _confirmed, parse_seed
from qa.documents.tree import ran_out_of_memory
from qa.errors import SeedError

ARTICLE = make_article(seed=2, sections=1, paragraphs=2)
PAGE = "<p>" + "The tower stands in the old town, they say. " * 9


def seed(file, data):
    return SeedFile(file, data, "unused")


def reason(parser, file, data):
    with pytest.raises(SeedError) as caught:
        parser.parse(seed(file, data))
    assert str(caught.value).startswith(f"{file}: ")
    return str(caught.value)


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_read():
    with Parser(seconds=0.0) as parser:
        assert "takes longer than" in reason(parser, "a.html", PAGE.encode())
        parser._seconds = 60.0
        assert parser.parse(seed("b.html", PAGE.encode())).documents


def test_lxml_tells_that_memory_ran_out_in_a_log():
    exc = etree.XMLSyntaxError("unknown error", 0, 0, 0)
    assert not ran_out_of_memory(exc)
    exc.error_log = [SimpleNamespace(type_name="ERR_NO_MEMORY")]
    assert ran_out_of_memory(exc)
    assert ran_out_of_memory(MemoryError())


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_is_read():
    with Parser(memory_mb=300) as parser:
        assert "memory" in reason(parser, "a.html", b"<p>The tower stood." * 150_000)
        assert parser.parse(seed("b.html", PAGE.encode())).documents


def test_what_the_reader_finds_comes_whole():
    listed = "<p>It is open on:</p><ul><li>Monday</li><li>Friday</li></ul>"
    cells = "<table><tr><th>Town<th>Year</tr><tr><td>Velmar<td>1901</tr></table>"
    data = f"<article><h1>Piers</h1>{PAGE}</p>{listed}{cells}</article>".encode()
    with Parser() as parser:
        parsed = parser.parse(seed("a.html", data))
    (document,) = parsed.documents
    assert document.units
    assert document.tables
    assert parsed == parse_seed(seed("a.html", data))


def test_a_reader_that_dies_between_two_pages_is_named(monkeypatch):
    program = "import sys; sys.stdin.buffer.readline(); print('pages 2')"
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with Parser() as parser:
        monkeypatch.setattr(parser, "_start", lambda: child)
        assert "takes its reader down" in reason(parser, "a.pdf", b"%PDF")
        assert parser.pages == 2


def test_a_reader_that_dies_is_named_and_started_again():
    with Parser() as parser:
        assert parser.parse(seed("a.html", PAGE.encode())).documents
        parser._child.kill()
        assert "takes its reader down" in reason(parser, "b.html", PAGE.encode())
        assert parser.parse(seed("b.html", PAGE.encode())).documents


def test_an_archive_goes_on_after_a_member_took_the_reader_down():
    archive = zip_of(*((f"{n}.html", PAGE) for n in range(3)))
    with Parser() as parser:
        ask = parser._ask

        def dying(file, data, member=""):
            if member == "1.html":
                parser._child.kill()
            return ask(file, data, member)

        parser._ask = dying
        parsed = parser.parse(seed("a.zip", archive))
    assert [d.source.file for d in parsed.documents] == ["a.zip#0.html", "a.zip#2.html"]
    assert [u.where for u in parsed.unread] == ["a.zip#1.html"]


def test_no_process_is_left_behind():
    with Parser() as parser:
        parser.parse(seed("a.html", PAGE.encode()))
        child = parser._child
        assert child.poll() is None
    assert child.poll() is not None


def test_short_text_needs_no_child_and_long_text_is_read_the_same_in_it():
    text = article("tower", 20)
    with Parser() as parser:
        (short,) = parser.parse(seed("a.txt", text.encode())).documents
        assert parser._child is None
        long = text + "\n\n" + article("bridge", 5000)
        (document,) = parser.parse(seed("a.txt", long.encode())).documents
        assert parser._child is not None
    assert document.text.startswith(short.text)


def test_the_child_imports_no_model_and_no_library_before_it_needs_it():
    code = "import qa.documents.child, sys; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    loaded = set(ran.stdout.split())
    heavy = {"torch", "faiss", "numpy", "trafilatura", "mammoth", "pypdfium2"}
    assert not loaded & heavy


def test_the_child_is_told_no_setting_and_so_no_key(monkeypatch):
    monkeypatch.setenv("QA_OPENAI_KEY", "secret")
    with Parser() as parser:
        parser.parse(seed("a.html", PAGE.encode()))
        environment = Path(f"/proc/{parser._child.pid}/environ")
        if not environment.exists():
            pytest.skip("no /proc on this system")
        assert b"secret" not in environment.read_bytes()


def test_members_of_an_archive_are_documents_of_their_own():
    records = '{"id": "r1", "text": "The tower stood."}\n'
    files = {
        "notes.txt": article("tower"),
        "sub/b.docx": as_docx(ARTICLE),
        "c.jsonl": records,
        "__MACOSX/notes.txt": "x",
        ".hidden.txt": "x",
        "bad.pdf": "%PDF-1.7",
    }
    with Parser() as parser:
        parsed = parser.parse(seed("a.zip", as_zip(files)))
    names = [document.source.file for document in parsed.documents]
    assert names == ["a.zip#notes.txt", "a.zip#sub/b.docx", "a.zip#c.jsonl#r1"]
    assert [unread.where for unread in parsed.unread] == ["a.zip#bad.pdf"]


def test_a_book_states_its_title_author_and_date():
    with Parser() as parser:
        (book,) = parser.parse(seed("a.epub", as_epub(ARTICLE))).documents
    assert book.source.title == ARTICLE.title
    assert book.source.authors == ("Jane Doe",)
    assert book.source.published == "2021-05"
    assert ARTICLE.sentences()[0].strip() in book.text


def test_the_contents_and_what_is_beside_the_text_of_a_book_are_no_chapters():
    book = zipfile.ZipFile(io.BytesIO(as_epub(ARTICLE)))
    files = {name: book.read(name).decode() for name in book.namelist()}
    item = '<item id="{0}" href="c0.xhtml" media-type="text/html" {1}/></manifest>'
    package = files["OPS/book.opf"]
    package = package.replace("</manifest>", item.format("nav", 'properties="nav"'))
    package = package.replace("</manifest>", item.format("beside", ""))
    more = '<itemref idref="nav"/><itemref idref="beside" linear="no"/></spine>'
    changed = as_zip({**files, "OPS/book.opf": package.replace("</spine>", more)})
    one, other = (
        parse_seed(seed("a.epub", data)).documents
        for data in (as_epub(ARTICLE), changed)
    )
    assert one == other


def test_pages_that_are_pictures_are_named_and_the_others_are_read():
    data = pdf("The tower stands in the old town.", pictures=2)
    with Parser() as parser:
        parsed = parser.parse(seed("a.pdf", data))
    (document,), (unread,) = parsed.documents, parsed.unread
    assert unread.where == "a.pdf, pages 1-2"
    assert unread.reason.startswith("pictures ")
    assert document.page_at(document.text.index("tower")) == 3


def test_the_properties_of_a_file_count_only_where_its_text_says_the_same():
    with Parser() as parser:
        (document,) = parser.parse(seed("a.docx", as_docx(ARTICLE))).documents
    assert "python-docx" not in document.source.authors


@pytest.mark.parametrize(
    ("around", "authors"),
    [("O. Brandt", ("Oskar Brandt",)), ("B. Lind", ()), ("Old Brandt", ())],
)
def test_an_author_of_the_properties_may_be_named_around_the_text(around, authors):
    stated = Metadata("Herring", ("Oskar Brandt",))
    assert _confirmed(stated, ["Herring"], [around, "141"]).authors == authors


@pytest.mark.parametrize("name", ["a.html", "C# notes.html"])
def test_the_text_behind_a_document_can_be_looked_up(tmp_path, name):
    (tmp_path / name).write_bytes(as_html(ARTICLE))
    assert ARTICLE.sentences()[0].strip() in seed_text(tmp_path, name)


def test_the_text_behind_a_member_can_be_looked_up(tmp_path):
    (tmp_path / "a.zip").write_bytes(as_zip({"b.html": PAGE}))
    assert "old town" in seed_text(tmp_path, "a.zip#b.html")
    assert seed_text(tmp_path, "a.zip#none.html") == ""


READING = """
import sys, time
for _ in range(4):
    time.sleep(1)
    print("pages 3", flush=True)
print('{"error": "a.pdf: is read"}', flush=True)
time.sleep(60)
"""


def test_a_book_may_take_longer_than_the_limit_as_long_as_pages_are_read():
    def start():
        command = [sys.executable, "-c", READING]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe)

    with Parser(seconds=3.0) as parser:
        parser._start = start
        assert reason(parser, "a.pdf", b"%PDF") == "a.pdf: is read"
        assert parser.pages == 12


TRANSCRIPT = "\n\nANN OAKE: No. It is dear.\n\nBO LIND: I agree.\n"
PARTS = f"# Lamps\n\n{PAGE[3:]}\n\n## Oil\n\n- whale\n- rape\n{TRANSCRIPT}"
PARTS += "\n| Lamp | 2019 |\n| --- | --- |\n| Pier | 1.5 |\n| Tower | 2.5 |\n"


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.md", (PARTS + "\n\n" + article("bridge", 5000)).encode()),
        ("a.pdf", pdf("The tower stands in the old town.", pictures=2)),
        ("a.ipynb", json.dumps({"cells": [
            {"cell_type": "markdown", "source": PARTS},
            {"cell_type": "code", "source": "", "outputs": [{"text": "1 \ud800"}]},
        ]}).encode()),
    ],
)  # fmt: skip
def test_nothing_is_lost_on_the_way_out_of_the_child(file, data):
    with Parser() as parser:
        parsed = parser.parse(seed(file, data))
        assert parser._child is not None
    assert parsed == parse_seed(seed(file, data))
    (document,) = parsed.documents
    assert document.pages or (document.tables and len(document.units) == 3)
    assert document.pages or document.headings
