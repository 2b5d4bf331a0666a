"""The nodes of a Ray cluster as workers: on each an actor parses, then one embeds.

Bytes and texts travel with the work, so that no node needs the seeds; what was made of
them comes back in order. Ray gives others what a killed actor or node had. Rows are
numbered: one that is missing or came twice ends the build before anything is published.
"""

from __future__ import annotations

import logging
import os
import socket
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from qa.documents import Parsers
from qa.errors import ClusterError, ModelError, QaError, SettingsError
from qa.neural.embedding import Embedder, Vectors
from qa.workers.here import parsers_at_once
from qa.workers.workers_protocol import Fresh, Seen

LOCAL = "local"
"""The address of a cluster that is this machine alone, and ends with the build."""
_PACKAGE = "qa-articles"
_REACHED_SECONDS = 5.0
_SENT_BYTES = 256_000_000
_SENT_FILES = 10_000
"""Sent together at most; one file more may be large."""
_FILES, _TEXTS = 32, 256
"""That an actor is given at once, and does again if it is killed."""


class Cluster:
    """Workers on each node of a Ray cluster; see ``Workers``. It is joined when there
    is something to do.

    Args:
        address: ``host:port`` of its head, or ``LOCAL``.
        embedder: Makes the embedder, on each node.
        id: What its id has to be there.

    Raises:
        SettingsError: Ray is not installed.
    """

    together = 200_000
    pages = 0

    def __init__(
        self, address: str, *, embedder: Callable[[], Embedder], id: str
    ) -> None:
        if find_spec("ray") is None:
            raise SettingsError(
                "ray: builds on a cluster need Ray; "
                "run `pip install -c constraints.txt '.[scale]'`, or empty the setting"
            )
        self._address = address
        self._embedder = embedder
        self._id = id
        self._opened = ExitStack()
        self._joined = False

    def __enter__(self) -> Cluster:
        """Set what Ray reads when it is first imported: nothing is told to anybody."""
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
        if self._address != LOCAL:
            # Something else may listen there: once is half a minute already.
            os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")
        return self

    def __exit__(self, *_: object) -> None:
        """End what is under way, then leave: in that order, or Ray joins anew."""
        self._opened.close()

    def read(
        self,
        look: Callable[[str], Seen | Fresh],
        files: Iterable[str],
        *,
        waiting: Callable[[], None],
    ) -> Iterator[Seen]:
        """See ``Workers``; files are looked at here."""
        for group in _groups(map(look, files)):
            waiting()
            rows = [_to_row(found) for found in group if isinstance(found, Fresh)]
            made = self._made(_Parsing, rows, _FILES)
            for found in group:
                if isinstance(found, Fresh):
                    yield _of_seen().validate_json(next(made))
                else:
                    yield found

    def embed(self, batches: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        """See ``Workers``."""
        rows = [{"text": text} for batch in batches for text in batch]
        made = self._made(_Embedding, rows, _TEXTS, self._embedder, self._id)
        for batch in batches:
            yield np.stack([next(made) for _ in batch])

    def _made(
        self, actor: type, rows: Sequence[Mapping[str, Any]], most: int, *given: Any
    ) -> Iterator[Any]:
        """What actors make of rows, in order.

        Args:
            actor: Made on each node, of this version and of what is ``given``.
            rows: Split into blocks of so many at ``most``, some for each node.

        Raises:
            ClusterError: From taking more than there are rows, too.
        """
        with self._reported():
            nodes = self._join()
            import ray.data

            blocks = max(-(-len(rows) // most), min(len(rows), 4 * nodes))
            made = ray.data.from_items(
                [{"number": number, **row} for number, row in enumerate(rows)],
                override_num_blocks=blocks,
            ).map_batches(
                actor,
                fn_constructor_args=(version(_PACKAGE), *given),
                batch_size=None,
                batch_format="pyarrow",
                concurrency=nodes,
                num_cpus=1,
            )
            received = iter(made.iter_rows())
            self._opened.callback(received.close)
            for number, row in enumerate(received):
                if row["number"] != number:
                    break
                yield row["made"]
        raise self._failed("something was lost or came twice")

    def _join(self) -> int:
        """Be of the cluster; how many nodes there are that compute."""
        import ray.data

        if not self._joined:
            if self._address != LOCAL:
                host, _, port = self._address.rpartition(":")
                socket.create_connection((host, int(port)), _REACHED_SECONDS).close()
            with warnings.catch_warnings():
                # A process that Ray starts has no use for LanceDB's threads.
                warnings.filterwarnings("ignore", "lancedb fork support")
                ray.init(
                    self._address,
                    include_dashboard=False,
                    log_to_driver=False,
                    logging_level=logging.CRITICAL,
                )
            self._opened.callback(ray.shutdown)
            self._joined = True
            logging.getLogger("ray.data").setLevel(logging.CRITICAL)
            context = ray.data.DataContext.get_current()
            context.execution_options.preserve_order = True
            context.enable_progress_bars = False
            context.print_on_execution_start = False
            context.raise_original_map_exception = True
        return sum(
            node["Alive"] and node["Resources"].get("CPU", 0) >= 1
            for node in ray.nodes()
        )

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Turn what Ray raises into ours; what is ours on a node stays so."""
        from ray.exceptions import RayError

        try:
            yield
        except (RayError, OSError, RuntimeError, ValueError) as exc:
            cause = getattr(exc, "cause", None)
            ours = cause if isinstance(cause, QaError) else self._failed(str(exc))
            raise ours from exc

    def _failed(self, reason: str) -> ClusterError:
        *_, last = reason.strip().splitlines() or ["it ended"]
        return ClusterError(
            f"ray: the cluster {self._address} cannot be used ({last[:200]}); nothing "
            "was published and no vector is lost: check that `ray status` shows it on "
            "this machine, and build again, or empty the setting"
        )


class _Parsing:
    """The actor that parses files, as a build on its node would."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._parsers = Parsers(parsers_at_once())

    def __call__(self, rows: Any) -> dict[str, Any]:
        _check_version(self._version)
        fresh = map(_to_fresh, rows.to_pylist())
        seen = self._parsers.each(lambda parser, found: found.parse(parser), fresh)
        made = [_of_seen().dump_json(found) for found in seen]
        return {"number": rows["number"].to_numpy(), "made": made}


class _Embedding:
    """The actor that embeds texts with all cores of its node."""

    def __init__(self, version: str, make: Callable[[], Embedder], id: str) -> None:
        self._version = version
        self._make = make
        self._id = id
        self._embedder: Embedder | None = None

    def __call__(self, rows: Any) -> dict[str, Any]:
        _check_version(self._version)
        self._embedder = embedder = self._embedder or self._make()
        if embedder.id != self._id:
            raise ModelError(
                f"embedder: a node of the cluster has {embedder.id} and the builder "
                f"{self._id}; install the same one there"
            )
        vectors = embedder.encode_documents(rows["text"].to_pylist())
        return {"number": rows["number"].to_numpy(), "made": vectors}


def _check_version(theirs: str) -> None:
    if theirs != (own := version(_PACKAGE)):
        raise SettingsError(
            f"ray: a node of the cluster has {_PACKAGE} {own} and the builder "
            f"{theirs}; install the same one there"
        )


@cache
def _of_seen() -> TypeAdapter[Seen]:
    return TypeAdapter(Seen)


@cache
def _of_fresh() -> TypeAdapter[Fresh]:
    return TypeAdapter(Fresh)


def _to_row(fresh: Fresh) -> dict[str, Any]:
    """A file as it is sent: its bytes, and the rest as JSON."""
    rest = replace(fresh, seed=replace(fresh.seed, data=b""))
    return {"data": fresh.seed.data, "rest": _of_fresh().dump_json(rest)}


def _to_fresh(row: Mapping[str, Any]) -> Fresh:
    fresh = _of_fresh().validate_json(row["rest"])
    return replace(fresh, seed=replace(fresh.seed, data=row["data"]))


def _groups(looked: Iterable[Seen | Fresh]) -> Iterator[list[Seen | Fresh]]:
    """As much at a time as is sent together."""
    group: list[Seen | Fresh] = []
    size = 0
    for found in looked:
        group.append(found)
        size += len(found.seed.data) if isinstance(found, Fresh) else 0
        if size >= _SENT_BYTES or len(group) >= _SENT_FILES:
            yield group
            group, size = [], 0
    if group:
        yield group
