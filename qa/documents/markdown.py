"""Markdown with YAML front matter to blocks and metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from qa.documents.blocks import Block, Metadata
from qa.documents.metadata import iso_date
from qa.documents.plain import SENTENCE_END, clean
from qa.errors import SeedError

_FRONT = re.compile(r"\s*---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_KEY = re.compile(r"(?:[\w.-]+|\"[^\"]+\"|'[^']+')\s*:(?:\s|$)|#")
_YAML_LINE = re.compile(rf"{_KEY.pattern}|\s|- |-$|[\]}}]")


class FrontMatter(BaseModel):
    """The keys an article may state about itself; others are ignored."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    url: str = ""

    @field_validator("authors", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else value

    @field_validator("title", "publisher", "url", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
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
    return Metadata(
        _one_line(front.title),
        tuple(name for name in map(_one_line, front.authors) if name),
        _one_line(front.publisher),
        front.date,
        _one_line(front.url),
    )


def _one_line(value: str) -> str:
    """Escapes in YAML and JSON can bring in what ``clean`` took out."""
    return " ".join(clean(value).split())


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


def _is_front_matter(yaml_text: str) -> bool:
    """Whether what stands between two rules is keys, and not text between rules."""
    lines = [line for line in yaml_text.split("\n") if line.strip()]
    return all(map(_YAML_LINE.match, lines)) and (
        not lines or bool(_KEY.match(lines[0]))
    )


def _parsed(text: str) -> list[Block]:
    return list(_blocks(MarkdownIt("commonmark").enable("table").parse(text)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    level = items = 0
    underlined = False
    for token in tokens:
        if token.type in {"list_item_open", "tr_open"}:
            items += 1
        elif token.type in {"list_item_close", "tr_close"}:
            items -= 1
        elif token.type == "heading_open":
            level = int(token.tag[1:])
            underlined = token.markup in {"-", "="}
        elif token.type == "heading_close":
            level, underlined = 0, False
        elif token.type in {"inline", "code_block", "fence"}:
            words = _words(token) if token.type == "inline" else token.content
            text = " ".join(words.split())
            if underlined and SENTENCE_END.search(text):
                level = 0  # a paragraph above a rule
            if text and level:
                yield Block("heading", text, level)
            elif text:
                yield Block("item" if items else "paragraph", text)


def _words(token: Token) -> str:
    """The words of an inline token: no emphasis marks, link targets or HTML."""
    parts = []
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return "".join(parts)
