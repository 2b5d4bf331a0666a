"""Which documents a question's filters let through."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.errors import FilterError
from qa.schema import Filters, Source

_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def passing(filters: Filters, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources that pass, at least one.

    Raises:
        FilterError: A filter names what is not in the library, or leaves
            nothing of it.
    """
    _check_names(filters, sources)
    check_dates(filters)
    allowed = tuple(source for source in sources if _passes(source, filters))
    if not allowed:
        raise FilterError("no article passes these filters; widen them")
    return allowed


def _check_names(filters: Filters, sources: Sequence[Source]) -> None:
    files = {name for s in sources for name in (s.file, s.file.split("#")[0])}
    for name in filters.files:
        if name not in files:
            raise FilterError(f"there is no article {name!r}; `qa status` lists them")
    publishers = {source.publisher.casefold() for source in sources}
    for name in filters.publishers:
        if name.casefold() not in publishers:
            known = ", ".join(sorted({s.publisher for s in sources if s.publisher}))
            raise FilterError(f"there is no publisher {name!r}; known are: {known}")


def check_dates(filters: Filters) -> None:
    """Raises FilterError where one is none."""
    for date in (filters.since, filters.until):
        if date and not _ISO.fullmatch(date):
            raise FilterError(f"{date!r} is no date; write 2016, 2016-03 or 2016-03-22")


def _passes(source: Source, filters: Filters) -> bool:
    """Dates compare at the precision of the shorter one: 2016-03 is in 2016."""
    if filters.files and not {source.file, source.file.split("#")[0]} & set(
        filters.files
    ):
        return False
    publishers = {name.casefold() for name in filters.publishers}
    if publishers and source.publisher.casefold() not in publishers:
        return False
    date, since, until = source.published, filters.since, filters.until
    if (since or until) and not date:
        return False
    if since and date[: len(since)] < since[: len(date)]:
        return False
    return not (until and date[: len(until)] > until[: len(date)])
