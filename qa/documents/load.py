"""One seed's bytes to documents, in this process; ``worker`` does it in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.documents.blocks import Block, LeftOut, Metadata, Parsed, Read, compose
from qa.documents.decoding import decode
from qa.documents.files import PAGES, TEXTS, SeedFile, kind_of
from qa.documents.furniture import without_furniture
from qa.documents.markdown import parse_markdown
from qa.documents.metadata import stated_metadata, states_metadata
from qa.documents.plain import clean, parse_plain
from qa.documents.records import parse_records
from qa.errors import SeedError
from qa.language.injection import is_order
from qa.schema import Document

_LONGEST = 10_000_000
_HEAD = 12


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
        blocks, stated = (
            parse_markdown(text, seed.file)
            if marked
            else (parse_plain(text), Metadata())
        )
        blocks, metadata = _with_stated(blocks, stated)
        blocks, left = without_furniture(blocks)
        document, orders = _article(seed.file, blocks, metadata)
        documents = [document] if document.text.strip() else []
        left = [*left, *orders]
    if not documents:
        raise SeedError(f"{seed.file}: holds no text")
    return Parsed(tuple(documents), (), _at(seed.file, left))


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
        return parse_text(seed)
    read = _parse(seed, kind)
    blocks, metadata = _with_stated(
        _cleaned(read.blocks), read.metadata, undated=kind not in PAGES
    )
    document, left = _article(seed.file, blocks, metadata)
    if not document.text.strip():
        raise SeedError(f"{seed.file}: holds no text")
    if len(document.text) > _LONGEST:
        raise SeedError(
            f"{seed.file}: holds more than {_LONGEST:,} characters; split it"
        )
    return Parsed(
        (document,), tuple(read.unread), _at(seed.file, [*read.left_out, *left])
    )


def _parse(seed: SeedFile, kind: str) -> Read:
    if kind == ".pdf":
        from qa.documents.pdf import parse_pdf

        read = parse_pdf(seed.data, seed.file)
        return replace(read, metadata=_confirmed(read.metadata, read.blocks))
    if kind == ".docx":
        from qa.documents.word import parse_docx

        blocks, stated = parse_docx(seed.data, seed.file)
        return Read(blocks, _confirmed(stated, blocks))
    if kind == ".epub":
        from qa.documents.epub import parse_epub

        return Read(*parse_epub(seed.data, seed.file))
    assert kind in PAGES  # noqa: S101 - read_seed refuses other kinds
    from qa.documents.web import parse_page

    return parse_page(seed.data, seed.file)


def _at(file: str, left: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    return tuple(replace(part, where=f"{file}{part.where}") for part in left)


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
