# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models that are compiled and have their weights."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from mograph.targets.signature import Signature


class Model:
    """A compiled model: called with arrays, in the order of its inputs or by their names.

    Arrays are numpy's, or those of any library that speaks DLPack or the buffer protocol. It gives an array of numpy's,
    or a tuple of them unless there is exactly one output. Calls from several threads may run at once.

    `signature` says what it takes and gives; `compile_time` how many seconds each step took that led to it.
    """

    __slots__ = ("_function", "compile_time", "signature")

    def __init__(self, function: Callable[..., Any], signature: Signature, compile_time: Mapping[str, float]) -> None:
        self._function = function
        self.signature = signature
        self.compile_time = dict(compile_time)

    def __call__(self, /, *inputs: Any, **named: Any) -> Any:
        """Run it.

        Raises TypeError or ValueError for inputs that do not fit its signature, ValueError for what fails while it
        runs, and MemoryError.
        """
        return self._function(*inputs, **named)

    def capture(self, key: Hashable, /, *buffers: Any) -> Any:
        """Run it on buffers of its device, and keep what it launches as a graph of the device under a key: the outputs,
        in memory that the graph owns, so that outputs of two keys never share any.

        A key may be captured for several shapes and several buffers. What the host computes (shapes, sizes of grids)
        is frozen; memory of the device is read anew by each replay, so that changes in place of the inputs are seen.
        Raises `CaptureError`, a ValueError, for a key that is captured already with these buffers; ValueError for a
        model that has to read from the device while it runs, and on a device without graphs; else what a call raises.
        """
        return _outputs(self._graphs().capture(key, buffers))

    def replay(self, key: Hashable, /, *buffers: Any) -> Any:
        """Launch what was captured under a key with these buffers: the outputs that `capture` gave, computed anew. It
        returns before they are. Raises `CaptureError` for a key that is not captured, or not with these buffers.
        """
        return _outputs(self._graphs().replay(key, buffers))

    def debug_verify_replay(self, key: Hashable, /, *buffers: Any) -> Any:
        """Run without the graph and compare what is launched (kernels, grids, blocks, shared bytes, copies, streams)
        with what was captured: the outputs of this run, in memory of their own. Raises `CaptureError` that names the
        first difference, and for what `replay` raises it.
        """
        return _outputs(self._graphs().verify(key, buffers))

    def release(self, key: Hashable, /) -> None:
        """Give up all graphs of a key, and their memory but for outputs that are still held. Raises `CaptureError` for
        a key that is not captured.
        """
        self._graphs().release(key)

    def _graphs(self) -> Any:
        graphs = getattr(self._function, "graphs", None)
        if graphs is None:
            raise ValueError(f"{self.signature.name}: it runs on the processor, which has no device graphs")
        return graphs

    def __repr__(self) -> str:
        return f"<model {self.signature}>"


def _outputs(outputs: Sequence[Any]) -> Any:
    return outputs[0] if len(outputs) == 1 else tuple(outputs)
