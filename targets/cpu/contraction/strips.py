# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Strips of A: the rows of a tile, for a slab of k, copied to where they stay in the first cache."""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.contraction.packing import LINE, Packing
from mograph.targets.cpu.contraction.pairs import PairPacking
from mograph.targets.cpu.contraction.roles import Contraction
from mograph.targets.cpu.contraction.schedule import Schedule
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.partial import Partial, element_bytes


def existing(b: Builder, row: Int, rows: Int, height: int) -> Int:
    """A row of a strip; the last of all `rows` where there are no more. All exist where strips of that height are
    known to divide them.
    """
    return row if isinstance(rows, int) and rows % height == 0 else b.min(row, b.sub(rows, 1))


def even(schedule: Schedule, rows: Int) -> bool:
    """Whether all strips of so many rows are known to have all rows of a tile."""
    return isinstance(rows, int) and rows % schedule.rows == 0


def excess(b: Builder, schedule: Schedule, row: Int, rows: Int) -> Int:
    """How many rows of the tile at a row lie before it, where A is read where it is: the last tile ends with the rows
    that there are, and computes some again that the tile before has stored.
    """
    if even(schedule, rows):
        return 0
    end = b.add(row, schedule.rows)
    return b.sub(end, b.min(end, rows))


def rows_of_c(b: Builder, schedule: Schedule, row: Int, rows: Int, scratch: bool) -> list[Int]:
    """Where the rows of the tile at a row are stored, counted from that row. Those that do not exist go where the last
    one does that exists, but for `scratch`, which has room, and those before the row go where it does.
    """
    numbers = range(schedule.rows)
    if even(schedule, rows) or (schedule.pack_a and scratch):
        return [*numbers]
    if schedule.pack_a:
        last = b.sub(b.sub(rows, 1), row)
        return [b.min(number, last) for number in numbers]
    before = excess(b, schedule, row, rows)
    return [b.sub(number, b.min(number, before)) for number in numbers]


class Strips:
    """Copies strips of A, whose elements are `strides` apart along each loop."""

    def __init__(
        self,
        emitter: Emitter,
        partial: Partial,
        roles: Contraction,
        schedule: Schedule,
        strides: Sequence[Int],
        vector_bits: int,
    ) -> None:
        self.b, self.emitter, self.partial, self.schedule, self.bits = (
            emitter.b,
            emitter,
            partial,
            schedule,
            vector_bits,
        )
        self.factor = roles.body.left
        self.along_m, self.along_k = strides[roles.m], strides[roles.k]

    @property
    def layout(self) -> tuple[int, int]:
        """The distances between rows and along k in a copied strip; as in memory where one of them is 1, and such that
        rows do not compete for the same places of the cache.
        """
        schedule = self.schedule
        if self.along_k != 1 and self.along_m == 1 and not schedule.pairs:
            return 1, 1 << (schedule.rows - 1).bit_length()
        return schedule.lines + LINE // element_bytes(self.factor.value.type), 1

    @property
    def bytes(self) -> int:
        """The size of a copied strip."""
        schedule = self.schedule
        return max(self.layout) * max(schedule.rows, schedule.lines) * element_bytes(self.factor.value.type)

    def copy(self, source: ir.Value, target: ir.Value, first: Int, rows: Int, depth: Int) -> None:
        """Copies the strip from row `first` on of a slab that has so many rows and is `depth` deep."""
        b, schedule, along_k = self.b, self.schedule, self.along_k
        stored = storage_type(self.factor.argument.type)

        def convert(value: ir.Value) -> ir.Value:
            return self.emitter.factor(self.factor, value)

        packing = Packing(b, self.factor.argument.type, self.factor.value.type, convert, self.partial, self.bits)
        across, along = self.layout
        if across == 1:
            start = b.address(source, first, stored)
            count = b.min(b.sub(rows, first), schedule.rows)
            packing.along((start, along_k), (target, along), depth, count, along)
            return

        def line(r: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            row = existing(b, b.add(first, r), rows, schedule.rows)
            start = b.address(source, b.mul(row, self.along_m), stored)
            to = b.address(target, b.mul(r, across), packing.packed)
            if schedule.pairs:
                PairPacking(b, self.factor, self.partial, schedule.lanes).line(start, along_k, to, depth)
            elif along_k == 1:
                packing.along((start, 0), (to, 0), 1, depth, schedule.lanes)
            else:
                packing.singly(start, to, ((0, along_k), (0, 1)), (0, 1), (0, depth))
            return []

        b.loop(0, schedule.rows, 1, [], line)
