"""A stored network, run by ONNX Runtime."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from numpy.typing import NDArray

from qa.errors import ModelError
from qa.exported.store import GRAPH, Stored

_LARGE: Final = 1 << 20
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1


def _give_back_large_blocks() -> None:
    """Have glibc return what a question needed for a moment to the system.

    Otherwise it raises its own thresholds with the first large block that is freed,
    and from then on keeps some 150 MB; other libraries have no such call.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)


class Network:
    """Arrays to arrays; safe to call from several threads.

    Args:
        stored: The network.
        threads: Cores it may take at once.

    Raises:
        ModelError: ONNX Runtime cannot run it.
    """

    def __init__(self, stored: Stored, *, threads: int) -> None:
        import onnxruntime

        _give_back_large_blocks()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # A thread that waits must not burn what the generator could use.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Large blocks are given back after a question, not hoarded.
        options.enable_cpu_mem_arena = False
        path = stored.folder / GRAPH
        try:
            self._session: Any = onnxruntime.InferenceSession(
                path, options, providers=["CPUExecutionProvider"]
            )
        except Exception as exc:  # the library has no narrower base
            raise ModelError(
                f"{path}: cannot be run ({type(exc).__name__}); delete its folder, it "
                "is made again"
            ) from exc

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]:
        """The outputs, in the order in which they were exported."""
        outputs: Sequence[NDArray[Any]] = self._session.run(None, dict(inputs))
        return outputs
