# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums that several blocks share: each stores its part, and another grid adds the parts up, in their order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.contraction.epilogue import Epilogue
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.roles import Roles
from mograph.targets.gpu.group import Grid, Thread
from mograph.targets.gpu.loops import Loops
from mograph.targets.gpu.points import UNSIGNED_LESS, compare

THREADS = 128


@dataclass(frozen=True)
class Partials:
    """The parts of a product's sums, of which there are `splits`: for each of the independent products one C after the
    other.
    """

    group: Group
    roles: Roles
    splits: int

    def _loops(self, b: Builder, symbols: Sequence[ir.Value]) -> tuple[Loops, Loops, Loops]:
        return loops_of(b, self.group.nests[self.roles.product], self.roles, symbols)

    def allocate(self, b: Builder) -> tuple[ir.Value, ir.Value]:
        """Memory for all parts, and its address."""
        count: Int = self.splits
        for loops in self._loops(b, self.group.nests[self.roles.product].symbols):
            count = b.mul(count, loops.total)
        memory = b.allocate(self.roles.body.total.type, count)
        return memory, Descriptor(b, memory).aligned()

    def store(
        self, memory: ir.Value, part: Int, rows: Loops, columns: Loops
    ) -> Callable[[Builder, Int, Int, ir.Value, Int], None]:
        """What stores a sum at a row and a column of a part."""

        def finish(b: Builder, row: Int, column: Int, total: ir.Value, count: Int) -> None:
            at = b.add(b.mul(b.add(b.mul(part, rows.total), row), columns.total), column)
            total = b.first(total) if isinstance(total.type, ir.VectorType) else total
            b.store(total, b.address(memory, at, total.type), element_bytes(total.type))

        return finish

    def grid(self, b: Builder) -> Grid:
        """A thread for each element of C."""
        count: Int = 1
        for loops in self._loops(b, self.group.nests[self.roles.product].symbols):
            count = b.mul(count, loops.total)
        return Grid((b.blocks(count, THREADS), 1, 1), (THREADS, 1, 1), name="sum_of_parts")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        """Adds up an element, and finishes it."""
        roles, type_, own = self.roles, self.roles.body.total.type, seen[self.roles.product]
        rows, columns, batch = self._loops(b, own.symbols)
        number = b.value(b.add(b.mul(thread.block(0), THREADS), thread.thread(0)))
        size = b.mul(rows.total, columns.total)
        product, place = b.split(number, size)

        def element() -> None:
            row, column = b.split(place, columns.total)
            first = b.address(own.passed[0], b.add(b.mul(b.mul(product, self.splits), size), place), type_)
            total = b.load(type_, first, element_bytes(type_))
            for part in range(1, self.splits):
                other = b.load(type_, b.address(first, b.mul(size, part), type_), element_bytes(type_))
                total = b.one(roles.kind, type_, total, other)
            outer = batch.indices(product)
            Epilogue(b, self.group, roles, seen, outer, (rows, columns), 1).finish(b, row, column, total, 1)

        b.if_(compare(b, UNSIGNED_LESS, number, b.mul(size, batch.total)), element)
