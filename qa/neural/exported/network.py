"""A stored network, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from qa.errors import ModelError
from qa.neural.exported.store import GRAPH, Stored


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
