# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums of a thread in registers, for a tile that a block makes of two slabs in shared memory.

A thread has rows and columns all over the tile, some of which are neighbours: as many as it reads at once. A slab has
lines, one for each step of the sums, in which the rows or the columns of the tile are neighbours.
"""

from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.body import spread, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.points import VECTOR


@record
class Side:
    """What a thread has of a tile's rows or columns: `count` of them, `near` of which are neighbours; the first ones
    are at `first`, and the next ones `apart` from there. `pitch` is how far lines are apart in shared memory.
    """

    count: int
    near: int
    first: Int
    apart: int
    pitch: int

    def at(self, number: int) -> tuple[Int, int]:
        """Where in the tile the row or column of that number is: so far from a number that is known."""
        return self.first, number // self.near * self.apart + number % self.near


def side(b: Builder, count: int, most: int, place: Int, threads: int, pitch: int) -> Side:
    """The rows or columns of the thread at a place among so many, of which at most so many are neighbours."""
    near = min(count, most)
    return Side(count, near, b.mul(place, near), near * threads, pitch)


class Registers:
    """Makes code for a thread's sums: vectors of neighbours of a row, row by row; scalars where there are none."""

    def __init__(self, b: Builder, emitter: Emitter, rows: Side, columns: Side) -> None:
        self.b, self.emitter, self.rows, self.columns = b, emitter, rows, columns
        self.total = emitter.body.total.type
        self.per_row = columns.count // columns.near

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return self.rows.count * self.per_row

    @property
    def type(self) -> ir.Type:
        """The type of one."""
        return vector_of(self.total, self.columns.near)

    def place(self, number: int) -> tuple[Int, Int]:
        """The row and the column of the tile at which a vector begins."""
        row, part = divmod(number, self.per_row)
        found = self.rows.at(row), self.columns.at(part * self.columns.near)
        return self.b.add(*found[0]), self.b.add(*found[1])

    def multiply(self, slabs: Sequence[ir.Value], steps: Int, sums: list[ir.Value]) -> list[ir.Value]:
        """The sums with so many terms: those of all lines of the slabs at these addresses."""
        b, body, rows, near = self.b, self.emitter.body, self.rows, self.columns.near

        def step(k: ir.Value, totals: list[ir.Value]) -> list[ir.Value]:
            left = self._read(rows, slabs[0], body.left.value.type, k)
            right = self._read(self.columns, slabs[1], body.right.value.type, k)
            result: list[ir.Value] = []
            for r in range(rows.count):
                element = left[r // rows.near]
                if rows.near > 1:
                    at = ir.DenseI64ArrayAttr.get([r % rows.near])
                    element = b.one("vector.extract", body.left.value.type, element, static_position=at)
                own, wide = totals[r * self.per_row :], spread(b, element, near)
                result += [self.emitter.combine(wide, each, own[c]) for c, each in enumerate(right)]
            return result

        return b.loop(0, steps, 1, sums, step)

    def _read(self, side: Side, slab: ir.Value, element: ir.Type, line: ir.Value) -> list[ir.Value]:
        """A thread's elements of a line, in vectors of neighbours."""
        b, vector = self.b, vector_of(element, side.near)
        start = b.address(slab, b.add(b.mul(line, side.pitch), side.first), element)
        bytes_ = min(VECTOR, side.near * element_bytes(element))
        return [
            b.load(vector, b.address(start, i * side.apart, element), bytes_) for i in range(side.count // side.near)
        ]
