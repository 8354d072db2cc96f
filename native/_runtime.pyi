# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Thread pool, memory and callable functions of compiled programs."""

from collections.abc import Sequence
from typing import Any

class Function:
    """A compiled entry: called with arrays, in the order of its inputs or by their names, it returns new arrays."""

    @property
    def name(self) -> str:
        """The entry's name."""

    @property
    def checker(self) -> Any:
        """The object that converts or refuses what cannot be passed as it is."""

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Runs the entry: an array if it has one output, else a tuple of arrays."""

def make_function(
    name: str,
    address: int,
    inputs: Sequence[tuple[str, str, int, Sequence[int], bool]],
    weights: Sequence[tuple[Any, str, int, int]],
    outputs: Sequence[tuple[Any, int, int]],
    expressions: Sequence[Sequence[tuple[int, int]]],
    names: Sequence[int],
    checker: Any,
    code: object,
) -> Function:
    """Makes a Function."""

def symbols() -> dict[str, int]:
    """Addresses of the functions that compiled code calls, by name."""

def thread_count() -> int:
    """Threads that share a parallel loop."""

def set_thread_count(count: int) -> None:
    """Sets the number of threads that share a parallel loop."""

def parallel_costs() -> tuple[int, int, int, int]:
    """When a loop is shared, in what pieces, and how long threads look out for the next: picoseconds but the third."""

def set_parallel_costs(share: int, chunk: int, chunks_per_thread: int, spin: int) -> None:
    """Sets what parallel_costs tells."""

def live_bytes() -> int:
    """Bytes of memory that compiled code and its results hold."""

def plan_arena(lifetimes: list[tuple[int, int]], sizes: list[int]) -> tuple[list[int], int, int]:
    """Offsets of buffers in one arena, the arena's bytes, and the most bytes that are alive at one moment. Lifetimes
    are pairs of the first and the last moment.
    """

def trim_memory() -> None:
    """Returns memory that is kept for reuse to the system."""
