# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Groups of nests, and what templates make of them.

A group is a sequence of nests that run as one: its tasks are the points of the outer loops that all of its nests share.
No task touches what another one writes, so that tasks may run in any order and on any thread, and each runs the nests
one after the other for its point. Buffers that live in the group only are its temporaries; a template keeps the part of
them that a task needs wherever it likes.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.nest import Access, Allocation, Nest, Product, Seen, Symbols
from mograph.targets.cpu.weights import Weights


@record
class Temp:
    """A buffer that lives in a group only: the operation that allocates it, its element type, and how many elements
    there are for one point of the shared loops, which index its outermost dimensions; the layout is the identity.
    """

    op: ir.Operation
    element: ir.Type
    elements: Product


@dataclass
class Group:
    """Nests whose first `shared` loops are the same: of the same extents, in the same order.

    `temps` are the memrefs that nothing outside reads. Accesses to one have no base address, and a template has to find
    a place for all of them. Elements that differ in a shared loop belong to different tasks. `aligned` are memrefs that
    are known to start with a line of the cache. What is read of `weights` can be prepared when the model is loaded.
    """

    nests: list[Nest]
    shared: int
    temps: dict[ir.Value, Temp]
    symbols: Symbols
    weights: Weights
    aligned: Collection[ir.Value] = ()

    def materialize(self, b: Builder) -> None:
        """Creates the numbers and addresses that the nests speak of."""
        descriptors: dict[ir.Value, Descriptor | Allocation] = {
            memref: Allocation(b, temp.op) for memref, temp in self.temps.items()
        }
        self.symbols.materialize(b, descriptors)
        bases: dict[object, ir.Value | None] = {}
        for nest in self.nests:
            for access in nest.memory:
                access.base = access.base or bases.get((access.memref, access.offset))
            nest.materialize(b, descriptors, self.temps)
            bases.update({(access.memref, access.offset): access.base for access in nest.memory})

    def readers(self, memref: ir.Value) -> list[tuple[int, Access]]:
        """The accesses of nests, which are given by number, that read a memref."""
        return [(i, a) for i, nest in enumerate(self.nests) for a in nest.memory if a.memref == memref and a.is_read]

    def writers(self, memref: ir.Value) -> list[tuple[int, Access]]:
        """The accesses of nests, which are given by number, that write a memref."""
        return [(i, a) for i, nest in enumerate(self.nests) for a in nest.memory if a.memref == memref and a.is_output]


@record
class Work:
    """How the items of a group's code are handed out: how many there are, the estimated picoseconds for each, how many
    at least are taken together, whether they have to run one after the other, and whether they are so little work that
    the code is put where the group is instead of into a function. `passed` are values that the items need besides,
    which they find in `Seen.passed`; `finish` makes code that runs once when all items are done.
    """

    items: Int
    picoseconds: Int
    unit: int = 1
    serial: bool = False
    in_place: bool = False
    passed: Sequence[ir.Value] = ()
    finish: Callable[[Builder], None] | None = None


class Coded(Protocol):
    """A group that a template has found to be its own, with the schedule that it chose."""

    def work(self, b: Builder) -> Work:
        """Called once, with `b` before the group, whose symbols have values there."""

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        """Makes the code for the items lo <= i < hi, where each nest's values are as `seen`."""
