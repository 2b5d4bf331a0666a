"""Seed files to documents: what the articles say, without what surrounds them.

The order of the work: read bytes (``files``), cut them into blocks (``load`` picks the
module of the format), take the stated metadata, leave web furniture out of texts, and
join the rest into canonical text. What is long, or no text, is read in a child process
(``worker``, ``child``).
"""

from qa.documents.blocks import LeftOut, Parsed, Unread
from qa.documents.files import SeedFile, check_kind, look_at, read_seed, scan_seeds
from qa.documents.load import load_documents
from qa.documents.origins import Origin, write_origin
from qa.documents.parsers import Parsers
from qa.documents.raw_text import left_out, seed_text
from qa.documents.worker import Parser

__all__ = [
    "LeftOut",
    "Origin",
    "Parsed",
    "Parser",
    "Parsers",
    "SeedFile",
    "Unread",
    "check_kind",
    "left_out",
    "load_documents",
    "look_at",
    "read_seed",
    "scan_seeds",
    "seed_text",
    "write_origin",
]
