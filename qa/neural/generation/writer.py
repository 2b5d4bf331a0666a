"""The writer: an adapter that taught one generator to answer in its own words.

llama.cpp takes any file for an adapter and dies at the first token of a wrong one, so
its digest and that of the generator it was made for are checked before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from qa.neural.pair_network import read_stated

ADAPTER: Final = "adapter.gguf"
SETTINGS: Final = "writer.json"


class MadeFor(BaseModel):
    """The generator's file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bytes: int
    sha256: str


class WriterSettings(BaseModel):
    """What ``writer.json`` says; training writes it.

    Attributes:
        sha256: Of the adapter.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1]
    sha256: str
    generator: MadeFor


def read_settings(folder: Path) -> WriterSettings:
    """Read ``writer.json``.

    Raises:
        ModelError: It is not there, or not of a form that this version reads.
    """
    return read_stated(folder / SETTINGS, WriterSettings, "writer")
