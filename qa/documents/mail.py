"""Mail to documents: each message one, with its subject, sender and day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING

from lxml.html import tostring

from qa.documents.blocks import Block, LeftOut, Metadata, Read, Unread
from qa.documents.plain import clean, clean_line, parse_plain
from qa.documents.tree import parse_html
from qa.documents.web import parse_page
from qa.errors import SeedError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FROM = re.compile(rb"^From \S.*\d{4}\r?\n", re.MULTILINE)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
"""What would look like the next message."""
_MESSAGES = 5000
_ATTACHED = "is attached to a message; save it and add it as a file"
_QUOTED = re.compile(r"(?m)^[ \t]*>.*(?:\n|$)")
_MARKED = "//blockquote[@type='cite' or contains(@class, 'gmail_quote')]"
_HEADS = ("From", "To", "Cc", "Date")


def parse_message(data: bytes, file: str) -> Read:
    """One message: who wrote what to whom; what it quotes of others is left out.

    Raises:
        SeedError: It holds no text.
    """
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - by its policy
    body = message.get_body(preferencelist=("plain", "html"))
    heads = {name: said for name in _HEADS if (said := _header(message, name))}
    if body is None or not heads:
        raise SeedError(f"{file}: is no message with a text; save it again")
    text = clean(_content(body))
    left: list[LeftOut] = []
    if body.get_content_type() == "text/html":
        tree = parse_html(text, file)
        quoted = list(_without_quotes(tree))
        page = parse_page(tostring(tree, encoding="utf-8"), file)
        blocks, left = list(page.blocks), list(page.left_out)
    else:
        quoted = [part.strip("> \t\n") for part in _QUOTED.findall(text)]
        blocks = parse_plain(_QUOTED.sub("\n", text))
    left += (LeftOut(part, "quotes another message") for part in quoted if part)
    head = Block("row", "; ".join(f"{name}: {said}" for name, said in heads.items()))
    attached = [
        Unread(f"{file}, {clean_line(part.get_filename() or 'attachment')}", _ATTACHED)
        for part in message.iter_attachments()
    ]
    return Read([head, *blocks], _metadata(message), attached, left)


def _without_quotes(tree: HtmlElement) -> Iterator[str]:
    """Take out what mail programs mark as a quote; yields its text."""
    for quote in tree.xpath(_MARKED):
        if tree in quote.iterancestors():  # else it stood in another
            yield clean_line(" ".join(quote.itertext()))
            quote.drop_tree()


def parse_mailbox(data: bytes, file: str) -> list[Read]:
    """The messages of an mbox file.

    Raises:
        SeedError: It holds none.
    """
    read: list[Read] = []
    unread: list[Unread] = []
    for number, message in enumerate(_FROM.split(data)[1:], 1):
        name = f"{file}#{number}"
        if number > _MESSAGES:
            unread.append(Unread(name, f"is one of more than {_MESSAGES:,}; split it"))
            break
        try:
            found = parse_message(_ESCAPED.sub(rb"\1", message), name)
        except SeedError as exc:
            unread.append(Unread(name, str(exc).removeprefix(f"{name}: ")))
        else:
            read.append(replace(found, name=str(number)))
    if not read:
        raise SeedError(f"{file}: holds no message that can be read")
    read[0] = replace(read[0], unread=[*unread, *read[0].unread])
    return read


def _content(body: MIMEPart) -> str:
    try:
        return str(body.get_content())
    except (LookupError, ValueError):  # a charset that nobody knows
        payload = body.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _metadata(message: EmailMessage) -> Metadata:
    senders = getaddresses([_header(message, "From")])
    try:
        day = parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (TypeError, ValueError):
        day = ""
    return Metadata(
        title=_header(message, "Subject"),
        authors=tuple(filter(None, (name or address for name, address in senders))),
        published=day,
    )


def _header(message: EmailMessage, name: str) -> str:
    """What a header says; as it stands where Python's parser fails on it."""
    try:
        return clean_line(str(message[name] or ""))
    except (AttributeError, IndexError):
        raw = {key.lower(): value for key, value in message.raw_items()}
        return clean_line(str(raw[name.lower()]))
