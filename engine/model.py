# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models that are compiled and have their weights."""

from collections.abc import Callable, Mapping
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

    def __repr__(self) -> str:
        return f"<model {self.signature}>"
