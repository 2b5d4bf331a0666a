"""One seed's bytes to documents, in this process; ``worker`` does it in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.documents.blocks import Block, Metadata, Parsed, Unread, compose
from qa.documents.decoding import decode
from qa.documents.files import PAGES, TEXTS, SeedFile, kind_of
from qa.documents.furniture import drop_furniture
from qa.documents.markdown import parse_markdown
from qa.documents.metadata import stated_metadata, states_metadata
from qa.documents.plain import clean, parse_plain
from qa.documents.records import parse_records
from qa.errors import SeedError
from qa.schema import Document

_LONGEST = 10_000_000
_HEAD = 12


def load_documents(seed: SeedFile) -> list[Document]:
    """Turn a text seed into its documents: one, or one a line for JSON Lines.

    Raises:
        SeedError: The file is empty, binary, mis-encoded or malformed.
    """
    text = clean(decode(seed.data, seed.file))
    if seed.file.lower().endswith(".jsonl"):
        documents = _records(seed.file, text)
    elif seed.file.lower().endswith((".md", ".markdown")):
        documents = [_article(seed.file, *parse_markdown(text, seed.file))]
    else:
        documents = [_article(seed.file, parse_plain(text), Metadata())]
    documents = [document for document in documents if document.text.strip()]
    if not documents:
        raise SeedError(f"{seed.file}: holds no text")
    return documents


def parse_seed(seed: SeedFile) -> Parsed:
    """Turn a seed of any kind but ZIP into its documents.

    The libraries that read untrusted formats are imported here and may crash:
    call this in a process that may be lost.

    Raises:
        SeedError: The file cannot be read; the message says why.
    """
    kind = kind_of(seed.file)
    if not seed.data.strip():
        raise SeedError(f"{seed.file}: is empty")
    if kind in TEXTS:
        return Parsed(tuple(load_documents(seed)))
    blocks, metadata, unread = _parse(seed, kind)
    document = _article(seed.file, _cleaned(blocks), metadata)
    if not document.text.strip():
        raise SeedError(f"{seed.file}: holds no text")
    if len(document.text) > _LONGEST:
        raise SeedError(
            f"{seed.file}: holds more than {_LONGEST:,} characters; split it"
        )
    return Parsed((document,), tuple(unread))


def _parse(seed: SeedFile, kind: str) -> tuple[list[Block], Metadata, list[Unread]]:
    if kind == ".pdf":
        from qa.documents.pdf import parse_pdf

        blocks, stated, unread = parse_pdf(seed.data, seed.file)
        return blocks, _confirmed(stated, blocks), unread
    if kind == ".docx":
        from qa.documents.word import parse_docx

        blocks, stated = parse_docx(seed.data, seed.file)
        return blocks, _confirmed(stated, blocks), []
    if kind == ".epub":
        from qa.documents.epub import parse_epub

        return *parse_epub(seed.data, seed.file), []
    assert kind in PAGES  # noqa: S101 - read_seed refuses other kinds
    from qa.documents.web import parse_page

    return *parse_page(seed.data, seed.file), []


def _confirmed(stated: Metadata, blocks: Sequence[Block]) -> Metadata:
    """What a file's properties say, as far as its own first lines say it too.

    Programs fill them in by themselves: a template's title, an account's name.
    """
    head = [" ".join(block.text.split()).casefold() for block in blocks[:_HEAD]]
    return Metadata(
        title=stated.title if stated.title.casefold() in head else "",
        authors=tuple(
            name for name in stated.authors if name.casefold() in " ".join(head)
        ),
    )


def _cleaned(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without text would stand as empty paragraphs."""
    return [block for block in blocks if block.text.strip()]


def _article(file: str, blocks: list[Block], front: Metadata) -> Document:
    """A whole article: stated metadata kept, furniture dropped, title first."""
    if front.title and not any(_same(b.text, front.title) for b in blocks[:3]):
        blocks = [Block("heading", front.title, level=1), *blocks]
    metadata = front.or_else(stated_metadata(blocks))
    blocks = [_with_role(block, metadata.title) for block in blocks]
    return compose(file, drop_furniture(blocks), metadata)


def _with_role(block: Block, title: str) -> Block:
    """The title is the one level-1 heading; a byline is no heading at all."""
    if title and _same(block.text, title):
        return replace(block, kind="heading", level=1)
    if block.kind == "heading" and states_metadata(block.text):
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
