"""One seed's bytes to documents, in this process; ``worker`` does it in another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module

from qa.documents.blocks import Block, LeftOut, Metadata, Parsed, Read, Unread
from qa.documents.composing import compose
from qa.documents.decoding import decode
from qa.documents.files import PAGES, PICTURES, TABLES, TEXTS, SeedFile, kind_of
from qa.documents.furniture import without_furniture
from qa.documents.markdown import is_markdown, parse_markdown
from qa.documents.metadata import is_dateline, stated_metadata, states_metadata
from qa.documents.notes import without_marks
from qa.documents.ocr import installed_recogniser
from qa.documents.plain import clean, parse_plain
from qa.documents.recognition import Recogniser
from qa.documents.records import parse_records
from qa.errors import SeedError
from qa.language.injection import is_order
from qa.schema import Document

_LONGEST = 10_000_000
_HEAD = 12
_NAME = re.compile(r"(?:[^\W\d_]\. ?)+[^\W\d_][\w’'-]+")
_READERS = {
    "page": ("web", "parse_page"),
    "docx": ("word", "parse_docx"),
    "epub": ("epub", "parse_epub"),
    "pptx": ("slides", "parse_slides"),
    "odt": ("office", "parse_odt"),
    "rtf": ("office", "parse_rtf"),
    "eml": ("mail", "parse_message"),
    "srt": ("captions", "parse_captions"),
    "vtt": ("captions", "parse_captions"),
    "json": ("notebooks", "parse_json"),
    "ipynb": ("notebooks", "parse_notebook"),
}
PROPERTIES = {".pdf", ".docx", ".pptx", ".odt"}
"""Kinds whose properties programs fill in by themselves."""


def load_documents(seed: SeedFile) -> list[Document]:
    """Turn a text seed into its documents: one, or one a line for JSON Lines.

    Raises:
        SeedError: The file is empty, binary, mis-encoded or malformed.
    """
    return list(parse_text(seed).documents)


def parse_text(seed: SeedFile) -> Parsed:
    """The documents of a text seed, and what of it was left out.

    Raises:
        SeedError: The file is empty, binary, mis-encoded or malformed.
    """
    text = clean(decode(seed.data, seed.file))
    kind = kind_of(seed.file)
    if kind == ".jsonl":
        documents = [d for d in _records(seed.file, text) if d.text.strip()]
        left: Sequence[LeftOut] = ()
    else:
        marked = kind in {".md", ".markdown"}
        marked |= kind in {".txt", ".text"} and is_markdown(text)
        blocks, stated = (
            parse_markdown(text, seed.file)
            if marked
            else (parse_plain(without_marks(text)), Metadata())
        )
        blocks, metadata = _with_stated(blocks, stated)
        blocks, left = without_furniture(blocks, marked=marked)
        document, orders = _article(seed.file, blocks, metadata)
        documents = [document] if document.text.strip() else []
        left = [*left, *orders]
    if not documents:
        raise SeedError(f"{seed.file}: holds no text")
    return Parsed(tuple(documents), (), _at(seed.file, left))


def parse_seed(
    seed: SeedFile,
    *,
    page_read: Callable[[int], None] = lambda _: None,
    recogniser: Callable[[], Recogniser | None] = installed_recogniser,
) -> Parsed:
    """Turn a seed of any kind but ZIP into its documents.

    The libraries that read untrusted formats are imported here and may crash:
    call this in a process that may be lost.

    Args:
        seed: The file.
        page_read: Called with 1 at each page of a file that is read, with 0 on the way.
        recogniser: Gives what reads text in pictures, if there is something.

    Raises:
        SeedError: The file cannot be read; the message says why.
    """
    kind = kind_of(seed.file)
    if not seed.data.strip():
        raise SeedError(f"{seed.file}: is empty")
    if kind in TEXTS:
        return parse_text(seed)
    documents: list[Document] = []
    unread: list[Unread] = []
    left: list[LeftOut] = []
    for read in _parse(seed, kind, page_read, recogniser):
        file = f"{seed.file}#{read.name}" if read.name else seed.file
        undated = kind not in PAGES
        blocks, metadata = _with_stated(
            _cleaned(read.blocks), read.metadata, undated=undated
        )
        document, orders = _article(file, blocks, metadata)
        if document.text.strip():
            documents.append(replace(document, pictures=read.pictures))
        unread += read.unread
        left += _at(file, [*read.left_out, *orders])
    if not documents:
        raise SeedError(f"{seed.file}: holds no text")
    if sum(len(document.text) for document in documents) > _LONGEST:
        raise SeedError(
            f"{seed.file}: holds more than {_LONGEST:,} characters; split it"
        )
    return Parsed(tuple(documents), tuple(unread), tuple(left))


def _parse(
    seed: SeedFile,
    kind: str,
    page_read: Callable[[int], None],
    recogniser: Callable[[], Recogniser | None],
) -> list[Read]:
    """What a file holds; each parser is imported where it is needed."""
    data, file = seed.data, seed.file
    if kind in TABLES:
        from qa.documents import sheets

        parse = sheets.parse_csv if kind in {".csv", ".tsv"} else sheets.parse_workbook
        return parse(data, file)
    if kind == ".mbox":
        from qa.documents.mail import parse_mailbox

        return parse_mailbox(data, file)
    if kind in PICTURES and (reader := recogniser()):
        from qa.documents.pictures import parse_pictures

        return [parse_pictures(data, file, recogniser=reader, page_read=page_read)]
    if kind == ".pdf":
        from qa.documents.pdf import parse_pdf

        read = parse_pdf(data, file, page_read=page_read, recogniser=recogniser())
    else:
        read = _reader_of(kind)(data, file)
    if kind in PROPERTIES:
        said = [block.text for block in read.blocks[:_HEAD]]
        around = [part.text for part in read.left_out[:_HEAD]]
        read = replace(read, metadata=_confirmed(read.metadata, said, around))
    return [read]


def _reader_of(kind: str) -> Callable[[bytes, str], Read]:
    """The parser of a kind that holds one article."""
    module, function = _READERS["page" if kind in PAGES else kind[1:]]
    parser: Callable[[bytes, str], Read] = getattr(
        import_module(f"qa.documents.{module}"), function
    )
    return parser


def _at(file: str, left: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(clean(part.text), part.reason, f"{file}{part.where}") for part in left
    )


def _confirmed(
    stated: Metadata, said: Sequence[str], around: Sequence[str]
) -> Metadata:
    """What a file's properties say, as far as its own first lines say it too; of an
    author the surname in what stands around the text is enough, "O. Brandt".

    Programs fill them in by themselves: a template's title, an account's name.
    """
    head = [" ".join(text.split()).casefold() for text in said]
    heads = {text.casefold().split()[-1] for text in around if _NAME.fullmatch(text)}
    return Metadata(
        title=stated.title if stated.title.casefold() in head else "",
        authors=tuple(
            name
            for name in stated.authors
            if name.casefold() in " ".join(head) or name.casefold().split()[-1] in heads
        ),
    )


def _cleaned(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without text would stand as empty paragraphs."""
    return [block for block in blocks if block.text.strip()]


def _with_stated(
    blocks: list[Block], front: Metadata, *, undated: bool = True
) -> tuple[list[Block], Metadata]:
    """Blocks with the title first, and what they state beside what is known."""
    if front.title and not any(_same(b.text, front.title) for b in blocks[:3]):
        blocks = [Block("heading", front.title, level=1), *blocks]
    said = stated_metadata(blocks)
    metadata = front.or_else(said if undated else replace(said, published=""))
    return [_with_role(block, metadata.title) for block in blocks], metadata


def _article(
    file: str, blocks: Sequence[Block], metadata: Metadata
) -> tuple[Document, list[LeftOut]]:
    """A heading with nothing below it is text: it would be in no passage."""
    below = (*blocks, Block("heading", ""))[1:]
    kept: list[Block] = []
    left: list[LeftOut] = []
    for block, after in zip(blocks, below, strict=True):
        lone = block.kind == after.kind == "heading" and after.level <= block.level
        if not lone or _same(block.text, metadata.title):
            kept.append(block)
        elif is_order(block.text):
            left.append(LeftOut(block.text, "speaks to a machine, not to readers"))
        else:
            kept.append(replace(block, kind="paragraph", level=0))
    return compose(file, kept, metadata), left


def _with_role(block: Block, title: str) -> Block:
    """The title is the one level-1 heading; a byline is no heading and no item."""
    if title and _same(block.text, title):
        return replace(block, kind="heading", level=1)
    if block.kind in {"heading", "item"} and (
        states_metadata(block.text) or is_dateline(block.text)
    ):
        return replace(block, kind="paragraph", level=0)
    return block


def _same(left: str, right: str) -> bool:
    return left.casefold() == right.casefold()


def _records(file: str, text: str) -> list[Document]:
    documents = []
    for record in parse_records(text, file):
        blocks = parse_plain(record.text)
        name = f"{file}#{record.id}"
        documents.append(compose(name, blocks, record.metadata))
    return documents
