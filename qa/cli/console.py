"""The two consoles that every command prints to."""

from __future__ import annotations

from typing import Final

from rich.console import Console

out: Final = Console(soft_wrap=True)
"""What was asked for: standard output."""
err: Final = Console(stderr=True, soft_wrap=True)
"""Progress, warnings, errors: standard error."""
