# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What templates make of groups of nests: code for a grid of blocks of threads."""

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Protocol

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen
from mograph.targets.gpu.chip import Chip


@record
class Grid:
    """How many blocks run, in three dimensions, and how many threads each has. `passed` are values that the code needs
    besides, which it finds in `Seen.passed`. `then` is what runs afterwards, and is handed the same values if its grid
    passes none; `scratch` are memrefs that are released once all of it is launched. `name` says what the kernel does,
    by letters and digits. `beside` is how many blocks leave registers for each other on a multiprocessor; 0 leaves that
    to whoever makes the code.
    """

    blocks: tuple[Int, Int, Int]
    threads: tuple[int, int, int]
    passed: Sequence[ir.Value] = field(default=())
    then: "Coded | None" = None
    scratch: Sequence[ir.Value] = field(default=())
    name: str = "kernel"
    beside: int = 0


Share = Callable[[Builder, int], ir.Value]


class Thread:
    """Where a thread is in the grid, as seen by code that `b` creates, and memory of its block."""

    def __init__(self, b: Builder, share: Share) -> None:
        self._b, self._share = b, share

    def shared(self, bytes_: int) -> ir.Value:
        """The address of so many bytes that the threads of a block share, aligned to 16 bytes; others each time."""
        return self._share(self._b, bytes_)

    def barrier(self) -> None:
        """Waits for all threads of the block, whose stores are seen afterwards."""
        self._b.create("gpu.barrier", [], [])

    def block(self, dim: int) -> ir.Value:
        """The number of the thread's block in a dimension."""
        return self._number("gpu.block_id", dim)

    def thread(self, dim: int) -> ir.Value:
        """The number of the thread in its block in a dimension."""
        return self._number("gpu.thread_id", dim)

    def _number(self, op: str, dim: int) -> ir.Value:
        b = self._b
        found = b.one(op, b.index, dimension=ir.Attribute.parse(f"#gpu<dim {'xyz'[dim]}>"))
        return b.one("arith.index_cast", b.i64, found)


class Coded(Protocol):
    """A group that a template has found to be its own, with the schedule that it chose."""

    def grid(self, b: Builder) -> Grid:
        """Called once, with `b` before the group, whose symbols have values there."""

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        """Makes the code of one thread, where each nest's values are as `seen`."""


Match = Callable[[Group, Chip], Coded | None]
"""A template: the group with the schedule chosen for it, or None when it is not for this template. Creates no
operations."""
