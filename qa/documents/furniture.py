"""Web furniture: what stands around an article on its page and is no part of it.

Three kinds go: single lines of a known form (share buttons, prices, captions,
cookie notices), the tail that begins at a line such as "Recent posts", and
what is said twice (pull quotes, doubled captions). Lines in which the article
names its authors or its issue are kept wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from qa.documents.blocks import Block
from qa.documents.metadata import is_dateline, states_metadata
from qa.documents.plain import looks_like_heading

_LINE = re.compile(
    r"""^(
      (share|tweet|pin|follow\ us|like\ us)(\ this|\ (on|via|by)\ .*)?
    | (share|print|e-?mail|save|download|listen|copy\ link|facebook|twitter|linkedin|x)
    | (sign|log)\ (in|up|out).* | subscribe.* | register\ (now|here|for).*
    | (main\ )?menu | home | search.{0,20} | skip\ to\ .* | back\ to\ .* | top
    | advertisement | sponsored.{0,20} | accept(\ all)?(\ cookies)? | cookie\ settings
    | (previous|next)(\ (post|article|page|story))? | read\ (more|next|also)\b.*
    | (click|tap)\ (here|to)\b.* | learn\ more.* | view\ (all|comments).*
    | (photo|image|picture|credit|illustration|caption)s?(\ (by|credit))?\s*[:/©].*
    | .*\b(image|photo|picture|credit)s?\s*:\s*[^.]{2,60}
    | ©.* | copyright\ .{0,80} | .{0,60}all\ rights\ reserved\.?
    | \*?\s*(indicates\ )?required(\ fields?)? | \*.{0,20}\brequired\b.*
    | .*[£$€¥]\s?\d[\d.,]*(\s*\(.{0,40}\))? | product\ variations?
    | add\ to\ (cart|basket)
    | (also\ )?available\ (in|to|for|as|on)\b.* | table\ of\ contents | footnotes
    | .*[>»›]\s* | \d+\ min(ute)?s?\ (read|listen).* | reading\ time.*
    | i.?m\ interested\ in\W* | quote | tags?\s*:.* | filed\ under.* | topics?\s*:.*
    | page\ \d+(\ of\ \d+)? | \d{1,4} | \W+
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_TAIL = re.compile(
    r"""^(
      (latest|recent|related|popular|similar|featured|trending|other|most\ read)
      \ (posts?|articles?|news|stories|story|content|reading|publications?|comments?)
    | (more|also)\ (from|on|in|by)\b.* | you\ (may|might)\ also\b.* | read\ next
    | explore\ (our|more|related)\b.* | stay\ (in\ (contact|touch)|connected|informed)
    | (our\ )?newsletters?.* | get\ our\ .* | choose\ your\b.* | sign\ up\b.*
    | (leave\ a\ )?(comments?|reply) | \d+\ comments? | recommended(\ .*)? | about\ us
    | keep\ reading | what\ to\ read\ next | contact(\ us)?
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"""\b(we|this\ (web)?site)\ (and\ our\ partners\ )?uses?\ cookies\b
    | \byour\ (cookie|privacy)\ (preferences|settings|choices)\b
    | \bsubscribe\ to\ (our|the)\b | \bsign\ up\ (for|to)\ (our|the)\b
    | \b(write|writing)\ for\ us\b | \bsend\ (a\ short\ pitch|us\ an\ e-?mail)\b
    | \bguidelines\ for\ contributors\b | \baccepts?\ funding\b
    | \beditorial\ (team|independence)\b | \bfunding\ sources\b
    | \benable\ javascript\b | \byour\ browser\ (does\ not|is)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TWICE_LENGTH = 40


def drop_furniture(blocks: Sequence[Block]) -> list[Block]:
    """Keep the article: its headings, its prose, and what it says of itself."""
    kept = _drop_tail(_drop_lines(blocks))
    kept = _drop_repeated(kept)
    return _drop_lone_headings(kept)


def _drop_lines(blocks: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    dropped: list[str] = []
    for block in blocks:
        if block.kind == "item":
            kept.append(block)
        elif _TAIL.match(block.text):
            kept.append(replace(block, kind="heading", level=2))
        elif _LINE.match(block.text) or _is_notice(block.text):
            dropped.append(block.text)
        elif not _is_fragment(block.text):
            kept.append(block)
    # The alternative text of an image repeats its caption without the credit.
    return [b for b in kept if not any(d.startswith(b.text) for d in dropped)]


def _is_fragment(text: str) -> bool:
    """A label such as "in Program": a few words, no capital, no full stop."""
    return text[0].islower() and len(text.split()) < 4 and text[-1].isalnum()


def _is_notice(text: str) -> bool:
    return len(text) < 800 and bool(_NOTICE.search(text))


def _drop_tail(blocks: Sequence[Block]) -> list[Block]:
    """Cut at the first tail heading with less prose after it than before it."""
    lengths = [0 if looks_like_heading(b.text) else len(b.text) for b in blocks]
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        if not _TAIL.match(block.text):
            kept.append(block)
        elif sum(lengths[number:]) < sum(lengths[:number]):
            return kept + _stated_in(blocks[number:])
    return kept


def _stated_in(tail: Sequence[Block]) -> list[Block]:
    """Of a tail, the lines that name authors, or a publication and its date."""
    kept: list[Block] = []
    for number, block in enumerate(tail):
        if is_dateline(block.text):
            name = tail[number - 1].text if number else ""
            named = looks_like_heading(name) and not _TAIL.match(name)
            text = f"{name}\n{block.text}" if named else block.text
            kept.append(Block("paragraph", text))
        elif states_metadata(block.text):
            kept.append(replace(block, kind="paragraph", level=0))
    return kept


def _drop_repeated(blocks: Sequence[Block]) -> list[Block]:
    """Drop doubled lines and unpunctuated lines lifted out of a paragraph."""
    texts = [block.text for block in blocks]
    kept: list[Block] = []
    earlier: set[str] = set()
    for block in blocks:
        if not _is_lifted(block.text, earlier, texts):
            kept.append(block)
        earlier.add(block.text)
    return kept


def _is_lifted(text: str, earlier: set[str], texts: Sequence[str]) -> bool:
    if len(text) < _TWICE_LENGTH:
        return False
    if text in earlier:
        return True
    if text.endswith((".", "?", "!", "”", '"', ":")):
        return False
    longer = [other for other in texts if len(other) > len(text)]
    return any(fuzz.partial_ratio(text, other) >= 85 for other in longer)


def _drop_lone_headings(blocks: Sequence[Block]) -> list[Block]:
    """Drop a heading with nothing under it, unless it is the title."""
    kept: list[Block] = []
    for block in reversed(blocks):
        below = kept[-1] if kept else None
        lone = block.kind == "heading" and (
            below is None or (below.kind == "heading" and below.level <= block.level)
        )
        if not lone or block.level == 1:
            kept.append(block)
    return kept[::-1]
