"""Mail to documents: each message one, with its subject, sender and day."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime

from qa.documents.blocks import Block, LeftOut, Metadata, Read, Unread
from qa.documents.plain import clean, clean_line, parse_plain
from qa.documents.web import parse_page
from qa.errors import SeedError

_FROM = re.compile(rb"^From \S.*\d{4}\r?\n", re.MULTILINE)
_MESSAGES = 5000
_QUOTED = re.compile(r"(?m)^[ \t]*>.*(?:\n|$)")
_HEADS = ("From", "To", "Cc", "Date")


def parse_message(data: bytes, file: str) -> Read:
    """One message: who wrote what to whom; what it quotes of others is left out.

    Raises:
        SeedError: It holds no text.
    """
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - by its policy
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None or not any(message.get(name) for name in _HEADS):
        raise SeedError(f"{file}: is no message with a text; save it again")
    text = clean(_content(body))
    left: list[LeftOut] = []
    if body.get_content_type() == "text/html":
        page = parse_page(text.encode(), file)
        blocks, left = list(page.blocks), list(page.left_out)
    else:
        quoted = (part.strip("> \t\n") for part in _QUOTED.findall(text))
        left = [LeftOut(part, "quotes another message") for part in quoted if part]
        blocks = parse_plain(_QUOTED.sub("\n", text))
    heads = "; ".join(f"{n}: {_line(message[n])}" for n in _HEADS if message.get(n))
    attached = [
        Unread(f"{file}, {_line(part.get_filename() or 'attachment')}", _ATTACHED)
        for part in message.iter_attachments()
    ]
    return Read([Block("item", heads), *blocks], _metadata(message), attached, left)


_ATTACHED = "is attached to a message; save it and add it as a file"


def parse_mailbox(data: bytes, file: str) -> list[Read]:
    """The messages of an mbox file.

    Raises:
        SeedError: It holds none.
    """
    starts = [found.end() for found in _FROM.finditer(data)]
    ends = [*(found.start() for found in _FROM.finditer(data)), len(data)][1:]
    read: list[Read] = []
    unread: list[Unread] = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        name = f"{file}#{number}"
        try:
            if number > _MESSAGES:
                unread.append(
                    Unread(name, f"is one of more than {_MESSAGES:,}; split it")
                )
                break
            found = parse_message(data[start:end], name)
        except SeedError as exc:
            unread.append(Unread(name, str(exc).removeprefix(f"{name}: ")))
            continue
        read.append(
            Read(
                found.blocks, found.metadata, found.unread, found.left_out, str(number)
            )
        )
    if not read:
        raise SeedError(f"{file}: holds no message that can be read")
    first = read[0]
    unread += first.unread
    read[0] = Read(first.blocks, first.metadata, unread, first.left_out, first.name)
    return read


def _content(body: MIMEPart) -> str:
    try:
        return str(body.get_content())
    except (LookupError, ValueError):  # a charset that nobody knows
        payload = body.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _metadata(message: EmailMessage) -> Metadata:
    names = [
        name or address for name, address in getaddresses([str(message["From"] or "")])
    ]
    try:
        day = parsedate_to_datetime(str(message["Date"])).date().isoformat()
    except (TypeError, ValueError):
        day = ""
    return Metadata(
        title=_line(message["Subject"]),
        authors=tuple(filter(None, map(_line, names))),
        published=day,
    )


def _line(value: object) -> str:
    return clean_line(str(value or ""))
