"""Subtitles (SRT, VTT) to blocks: whole sentences under the time they begin at."""

from __future__ import annotations

import re
from io import StringIO

from qa.documents.blocks import Block, Metadata, Read
from qa.documents.decoding import decode
from qa.documents.files import kind_of, stem_of
from qa.documents.plain import clean
from qa.documents.wrapping import SENTENCE_END
from qa.errors import SeedError

_TAG = re.compile(r"<[^>]{0,100}>|\{\\[^}]{0,100}\}")
_PART_SECONDS = 30


def parse_captions(data: bytes, file: str) -> Read:
    """What is said, by whom where the file tells, and when.

    Raises:
        SeedError: It is no subtitle file.
    """
    import webvtt

    text = StringIO(clean(decode(data, file)))
    try:
        cues = list(webvtt.from_buffer(text, format=kind_of(file)[1:]))
    except (webvtt.errors.MalformedFileError, ValueError, IndexError) as exc:
        raise SeedError(f"{file}: is no subtitle file; save it again") from exc
    blocks: list[Block] = []
    said = speaker = ""
    last: list[str] = []
    part = -_PART_SECONDS
    for cue in cues:
        lines = [" ".join(_TAG.sub("", line).split()) for line in cue.lines]
        fresh = [line for line in lines if line and line not in last]
        last = lines
        voice = " ".join((cue.voice or "").split())
        if said and (voice != speaker or SENTENCE_END.search(said)):
            blocks.append(_said(speaker, said))
            said = ""
        seconds = cue.start_in_seconds
        if not said and fresh and seconds >= part + _PART_SECONDS:
            blocks.append(Block("heading", cue.start.partition(".")[0], 2))
            part = seconds
        speaker, said = voice, " ".join([*filter(None, [said]), *fresh])
    if said:
        blocks.append(_said(speaker, said))
    if not blocks:
        raise SeedError(f"{file}: holds no text")
    return Read(blocks, Metadata(stem_of(file)))


def _said(speaker: str, text: str) -> Block:
    return Block("paragraph", f"{speaker}: {text}" if speaker else text)
