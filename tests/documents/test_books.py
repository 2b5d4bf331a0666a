"""Books and long reports: read whole, in time that grows with their length only."""

import pytest
from rendering import as_docx, as_epub, as_pdf, make_article

from qa.documents import Parser, SeedFile

BOOK = make_article(seed=11, sections=40, paragraphs=40)


def as_txt(article):
    lines = [article.title]
    for name, texts in article.sections:
        lines += [name, *texts]
    return "\n\n".join(lines).encode()


def wrapped(article, width=70):
    lines = []
    for paragraph in as_txt(article).decode().split("\n\n"):
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= width:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line, ""]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("a.txt", as_txt),
        ("wrapped.txt", wrapped),
        ("a.md", as_txt),
        ("a.epub", as_epub),
        ("a.docx", as_docx),
        ("a.pdf", lambda book: as_pdf(book)[0]),
        ("two.pdf", lambda book: as_pdf(book, columns=2)[0]),
    ],
)
def test_every_sentence_of_a_book_is_read_and_none_twice(file, made):
    data = made(BOOK)
    with Parser(seconds=60) as parser:
        (document,) = parser.parse(SeedFile(file, data, "unused")).documents
    said = " ".join(document.text.split())
    lost = [s for s in BOOK.sentences() if s.strip() not in said]
    assert lost == []
    assert (
        len(said.split()) < 1.01 * sum(len(s.split()) for s in BOOK.sentences()) + 500
    )


def test_many_lines_that_resemble_each_other_are_read_in_time():
    line = "A line of a list that has no full stop and is number {}\n\n"
    data = "".join(line.format(n) for n in range(30_000)).encode()
    with Parser(seconds=20) as parser:
        (document,) = parser.parse(SeedFile("a.txt", data, "unused")).documents
    assert document.text.count("A line of") == 30_000
