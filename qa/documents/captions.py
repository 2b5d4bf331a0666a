"""Subtitles (SRT, VTT) to blocks: whole sentences under the time they begin at."""

from __future__ import annotations

import re
from io import StringIO

from qa.documents.blocks import Block, Metadata, Read
from qa.documents.decoding import decode
from qa.documents.plain import SENTENCE_END, clean
from qa.errors import SeedError

_TAG = re.compile(r"<[^>]{0,100}>|\{\\[^}]{0,100}\}")
_PART_SECONDS = 30


def parse_captions(data: bytes, file: str) -> Read:
    """What is said, by whom where the file tells, and when.

    Raises:
        SeedError: It is no subtitle file.
    """
    import webvtt

    kind = "srt" if file.lower().endswith(".srt") else "vtt"
    try:
        cues = list(
            webvtt.from_buffer(StringIO(clean(decode(data, file))), format=kind)
        )
    except (webvtt.errors.MalformedFileError, ValueError, IndexError) as exc:
        raise SeedError(f"{file}: is no subtitle file; save it again") from exc
    blocks: list[Block] = []
    said = speaker = ""
    last: list[str] = []
    begins, part = "", -_PART_SECONDS
    for cue in cues:
        lines = [" ".join(_TAG.sub("", line).split()) for line in cue.lines]
        fresh = [line for line in lines if line and line not in last]
        last = lines
        voice = " ".join((cue.voice or "").split())
        if said and (voice != speaker or SENTENCE_END.search(said)):
            blocks.append(_said(speaker, said))
            said = ""
        if not said and fresh:
            begins = cue.start.partition(".")[0]
            if (now := _seconds(begins)) >= part + _PART_SECONDS:
                blocks.append(Block("heading", begins, 2))
                part = now
        speaker, said = voice, " ".join([*filter(None, [said]), *fresh])
    if said:
        blocks.append(_said(speaker, said))
    if not blocks:
        raise SeedError(f"{file}: holds no text")
    return Read(blocks, Metadata())


def _said(speaker: str, text: str) -> Block:
    return Block("paragraph", f"{speaker}: {text}" if speaker else text)


def _seconds(clock: str) -> int:
    seconds = 0
    for part in clock.split(":"):
        seconds = 60 * seconds + int(part or 0)
    return seconds
