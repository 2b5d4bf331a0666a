"""Markdown with YAML front matter to blocks and metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from itertools import pairwise
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from qa.documents.blocks import Block, Metadata
from qa.documents.bylines import AND, named
from qa.documents.metadata import iso_date
from qa.documents.notes import NAMED
from qa.documents.plain import clean_line, parse_preformatted
from qa.documents.scripts import lowered, raised
from qa.documents.tables import row_blocks
from qa.documents.wrapping import SENTENCE_END, lines_apart
from qa.errors import SeedError

_NOTE = re.compile(rf"(?m)^ {{0,3}}{NAMED.pattern}:[ \t]*(\S)")
_LETTERED = re.compile(r"(?m)^ {0,3}(?=\(?[a-z]\) \S)")
_SCRIPTS = {"<sup>": raised, "<sub>": lowered}
_UNSEEN = re.compile(
    r"(?is)<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)"
)
_INLINE = re.compile(
    r"(?i)</?(?:abbr|cite|code|font|kbd|mark|small|span|strong|sub|sup|em|[abiqsu])\b[^<>]*>"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SIGNS = (
    re.compile(r"(?m)^#{1,6} +\S"),
    re.compile(r"(?m)^ {0,3}(?:```|~~~)"),
    re.compile(r"\[[^\[\]\n]{1,200}\]\([^()\s]{1,500}\)"),
    re.compile(r"\*\*\w[^*\n]{0,200}\*\*"),
    _NOTE,
    re.compile(r"(?m)^\|.*\|[ \t]*$"),
)
"""What hardly stands in a text that is no Markdown; two of them do not by chance."""
_BROKEN = "\v"
"""Ends a line where that is meant."""
_LISTS = {"list_item_open", "blockquote_open"}
_FRONT = re.compile(r"\s*---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_KEY = re.compile(r"(?:[\w.-]+|\"[^\"]+\"|'[^']+')\s*:(?:\s|$)|#")
_YAML_LINE = re.compile(rf"{_KEY.pattern}|\s|- |-$|[\]}}]")


def _called(*names: str) -> Any:
    """A key that may be missing, and the names it may have, the first one first."""
    empty = () if names[0] == "authors" else ""
    return Field(default=empty, validation_alias=AliasChoices(*names))


class FrontMatter(BaseModel):
    """The keys an article may state about itself, by the names that people give them;
    others are ignored.
    """

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    title: str = ""
    authors: tuple[str, ...] = _called("authors", "author", "by", "byline")
    publisher: str = _called(
        "publisher", "publication", "journal", "magazine", "outlet"
    )
    date: str = _called("date", "pubdate", "publish_date", "publishDate")
    url: str = ""

    @field_validator("authors", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        if value is None:
            return ()
        if isinstance(value, str):
            parts = re.split(AND, value)  # but "Oake, Ann" is one
            return tuple(parts) if all(" " in part for part in parts) else (value,)
        listed = [value] if isinstance(value, dict) else value
        if not isinstance(listed, list):
            return value
        return tuple(n.get("name", n) if isinstance(n, dict) else n for n in listed)

    @field_validator("title", "publisher", "url", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        if isinstance(value, dict):
            value = value.get("name", value)
        return "" if value is None else value

    @field_validator("date", mode="before")
    @classmethod
    def _iso(cls, value: object) -> object:
        if value is None or value == "":
            return ""
        date = iso_date(str(value))
        if not date:
            raise ValueError(f"{value!r} is no date; write it as 2016-03-22 or 2016-03")
        return date

    @field_validator("url")
    @classmethod
    def _web_only(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("only http and https addresses are kept")
        return value


def check_front_matter(values: object, file: str) -> Metadata:
    """Validate stated metadata, as in front matter or a JSON Lines record.

    Raises:
        SeedError: A key has a value that cannot be used; the message names it.
    """
    try:
        front = FrontMatter.model_validate(values)
    except ValidationError as exc:
        first = exc.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "front matter"
        message = first["msg"].removeprefix("Value error, ")
        raise SeedError(f"{file}: {key}: {message}") from exc
    # Escapes in YAML and JSON can bring in what ``clean`` took out.
    return Metadata(
        clean_line(front.title),
        tuple(name for name in map(clean_line, front.authors) if name),
        clean_line(front.publisher),
        front.date,
        clean_line(front.url),
    )


def parse_markdown(text: str, file: str) -> tuple[list[Block], Metadata]:
    """Cut Markdown into blocks of plain words.

    Args:
        text: Cleaned text of the file.
        file: For messages.

    Raises:
        SeedError: The front matter is not valid YAML or has an unusable value.
    """
    front = _FRONT.match(text)
    if front is None or not _is_front_matter(front["yaml"]):
        return _parsed(text), Metadata()
    try:
        values = yaml.safe_load(front["yaml"]) or {}
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as exc:
        where = getattr(exc, "problem_mark", None)
        line = f" (line {where.line + 2})" if where else ""
        raise SeedError(
            f"{file}: the front matter is not valid YAML{line}; "
            "put values with a colon in quotes"
        ) from exc
    return _parsed(text[front.end() :]), check_front_matter(values, file)


def is_markdown(text: str) -> bool:
    """Whether a text that does not say so is Markdown, by the marks in it."""
    return sum(bool(sign.search(text)) for sign in _SIGNS) > 1


def _is_front_matter(yaml_text: str) -> bool:
    """Whether what stands between two rules is keys, and not text between rules."""
    lines = [line for line in yaml_text.split("\n") if line.strip()]
    return all(map(_YAML_LINE.match, lines)) and (
        not lines or bool(_KEY.match(lines[0]))
    )


def _parsed(text: str) -> list[Block]:
    text = _LETTERED.sub("- ", _NOTE.sub(r"\n- \1", text))
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return list(_blocks(parser.parse(text)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    lists: list[bool] = []
    last = ""
    table: list[list[str]] = []
    for before, token in pairwise((Token("", "", 0), *tokens)):
        if token.type in _LISTS:  # a quote stands like one below who said it
            lists.append(token.tag == "li" or last.endswith(":"))
        elif token.nesting < 0 and token.tag in {"li", "blockquote"}:
            lists.pop()
        elif token.type == "tr_open":
            table.append([])
        elif token.type == "table_close":
            yield from row_blocks(table, 1)
            table = []
        elif token.type in {"code_block", "fence", "html_block"}:
            is_code = token.type != "html_block"
            read = parse_preformatted if is_code else _paragraphs
            yield from read(token.content)
        elif token.type == "inline":
            words = _words(token)
            text = " ".join(words.split())
            if table:
                table[-1].append(text)
            elif text:
                led = last.endswith(":")
                yield from _said(before, words, is_item=any(lists), led=led)
                last = text


def _said(opening: Token, words: str, *, is_item: bool, led: bool) -> Iterator[Block]:
    """What an inline token says; the lines of a paragraph may each stand for itself.

    Args:
        opening: The token before it.
        words: Its words, as ``_words`` gives them.
        is_item: Whether it stands in a list.
        led: Whether what stands before leads in to it.
    """
    hard, soft = (_lines(words, by) for by in (_BROKEN, f"{_BROKEN}|\n"))
    meant = len(hard) > 1 and not any(line[0].islower() for line in hard[1:])
    lines = hard if meant else soft
    apart = meant or lines_apart(soft) or _names_work(soft)
    if opening.type == "paragraph_open" and not is_item and apart:
        for number, line in enumerate(lines):
            yield Block("item", line, level=int(not (led or number)))
    else:
        yield _block(opening, " ".join(lines), is_item=is_item)


def _names_work(lines: Sequence[str]) -> bool:
    """Whether lines below each other say who wrote the article or when, and no
    sentence.
    """
    said = [named(line) for line in lines]
    return any(said) and not any(
        SENTENCE_END.search(line)
        for line, known in zip(lines, said, strict=True)
        if not known
    )


def _lines(words: str, by: str) -> list[str]:
    said = (" ".join(line.split()) for line in re.split(by, words))
    return [line for line in said if line]


def _paragraphs(html: str) -> Iterator[Block]:
    """What a reader sees of a block of HTML."""
    for part in _TAG.split(_INLINE.sub("", _UNSEEN.sub("", html))):
        if text := clean_line(unescape(part)):
            yield Block("paragraph", text)


def _block(opening: Token, text: str, *, is_item: bool) -> Block:
    """A heading, an item or a paragraph, by the token before its words."""
    underlined = opening.markup in {"-", "="}  # of a paragraph this may be a rule
    if opening.type == "heading_open" and not (
        underlined and SENTENCE_END.search(text)
    ):
        return Block("heading", text, int(opening.tag[1:]))
    return Block("item" if is_item else "paragraph", text)


def _words(token: Token) -> str:
    """The words of an inline token: no emphasis marks, link targets, HTML, marks of
    notes or what is struck out; what is raised or lowered stays so. A line ends where
    it does in the file, and with ``_BROKEN`` where that is meant.
    """
    parts: list[str] = []
    script: Callable[[str], str] = str
    struck = 0
    for child in token.children or ():
        if child.type in {"s_open", "s_close"}:
            struck += child.nesting
        elif struck:
            continue
        elif child.type == "html_inline":
            script = _SCRIPTS.get(child.content.lower(), str)
            parts.append(_BROKEN * child.content.lower().startswith("<br"))
        elif child.type == "text":
            text = script(NAMED.sub("", child.content))
            defines = text.startswith(": ") and parts[-1:] in ([_BROKEN], ["\n"])
            parts[-1:] = [text] if defines else [*parts[-1:], text]
        elif child.type == "code_inline":
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(_BROKEN if child.type == "hardbreak" else "\n")
    return "".join(parts)
