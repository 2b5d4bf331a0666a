"""Every error a user can cause, one type each, with the exit code it ends in.

A message names the file or the setting and says what to do next; the command
line prints it as it is and nothing else.
"""

from __future__ import annotations

from typing import ClassVar


class QaError(Exception):
    """Base of all errors that are reported to the user as one line."""

    exit_code: ClassVar[int] = 1

    @property
    def line(self) -> str:
        """The message as one line."""
        return " ".join(str(self).split())


class SettingsError(QaError):
    """A setting has a value that cannot be used."""

    exit_code = 2


class QuestionError(QaError):
    """The question is empty or too long."""

    exit_code = 2


class FilterError(QaError):
    """A filter names an article, publisher or date that cannot be used."""

    exit_code = 2


class SeedsError(QaError):
    """The seeds folder is missing or holds nothing that can be indexed."""


class SeedError(QaError):
    """One seed file cannot be read; the build skips it and reports why."""


class FetchError(QaError):
    """An address on the web may not, or cannot, be fetched."""


class ExportError(QaError):
    """The passages cannot be written where they should be."""


class IndexMissingError(QaError):
    """Nothing has been built yet."""


class IndexDamagedError(QaError):
    """The files of the index are not what the catalogue says they are."""


class CatalogueDamagedError(IndexDamagedError):
    """The catalogue is not what was written; a build saves what is intact of it."""


class IndexMismatchError(QaError):
    """The index was built by another embedder or in another format."""


class BuildLockedError(QaError):
    """Another process is building the same index."""


class ClusterError(QaError):
    """The cluster that builds cannot be reached, or fails."""


class ModelError(QaError):
    """A model is unknown, missing or damaged."""


class GenerationError(QaError):
    """The generator failed in the middle of its work; it has been restarted."""


class EvaluationError(QaError):
    """A questions file cannot be used."""

    exit_code = 2


class BusyError(QaError):
    """Too much is being asked at once."""
