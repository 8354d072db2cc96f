# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The register tile: some rows of some vectors of C, which stay in registers for all of a slab of k."""

from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.contraction.later import Later, ask
from mograph.targets.cpu.contraction.packing import AHEAD, LINE
from mograph.targets.cpu.contraction.pairs import add_products
from mograph.targets.cpu.contraction.schedule import Schedule
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.partial import Partial, element_bytes


@record
class Side:
    """An operand as a tile sees it: address of its first element, type in memory, and the distances between neighbours
    along the tile's rows (of A) or columns (of B, always 1) and along k.
    """

    base: ir.Value
    stored: ir.Type
    across: Int
    along: Int


class Columns:
    """The vectors of a row of a tile, of whose columns the first `count` exist, all where that is None."""

    def __init__(self, b: Builder, partial: Partial, schedule: Schedule, count: Int | None) -> None:
        self.b, self.partial, self.schedule, self.count = b, partial, schedule, count
        self._masks: list[ir.Value | None] = [None] * schedule.registers
        if partial.masks and count is not None:
            starts = range(0, schedule.width, schedule.lanes)
            self._masks = [partial.mask(schedule.lanes, b.sub(count, start)) for start in starts]

    def load(self, element: ir.Type, row: ir.Value) -> list[ir.Value]:
        """The vectors that start at an address."""
        b, type_ = self.b, ir.VectorType.get([self.schedule.lanes], element)
        bytes_ = element_bytes(element)
        if self.count is None or self.partial.masks:
            return [b.load_lanes(type_, at, bytes_, mask) for at, mask in self._places(element, row)]
        return [self.partial.load(type_, at, self._left(v)) for v, (at, _) in enumerate(self._places(element, row))]

    def store(self, element: ir.Type, row: ir.Value, values: Sequence[ir.Value]) -> None:
        """Writes vectors to where they start at an address."""
        for v, (value, (at, mask)) in enumerate(zip(values, self._places(element, row), strict=True)):
            if self.count is None or self.partial.masks:
                self.b.store_lanes(value, at, element_bytes(element), mask)
            else:
                self.partial.store(value, at, self._left(v))

    def _places(self, element: ir.Type, row: ir.Value) -> list[tuple[ir.Value, ir.Value | None]]:
        lanes = self.schedule.lanes
        return [(self.b.address(row, v * lanes, element), mask) for v, mask in enumerate(self._masks)]

    def _left(self, v: int) -> Int:
        assert self.count is not None
        lanes = self.schedule.lanes
        return self.b.min(self.b.sub(self.count, v * lanes), lanes)


def product_tile(
    emitter: Emitter,
    schedule: Schedule,
    a: Side,
    right: Side,
    depth: Int,
    start: Sequence[ir.Value],
    columns: Columns,
    laters: Sequence[Later],
) -> list[ir.Value]:
    """The sums, row by row, after `depth` steps along k that begin with `start`. B is whole vectors where it is packed,
    and only as much as there is where it is not. Meanwhile the tile asks for what is read later.
    """
    b, body = emitter.b, emitter.body
    vector = ir.VectorType.get([schedule.lanes], body.left.value.type)
    everything = columns if not schedule.pack_b else Columns(b, columns.partial, schedule, None)
    left_type, right_type = storage_type(a.stored), storage_type(right.stored)

    def step(lines: tuple[ir.Value, ir.Value], number: int, sums: list[ir.Value]) -> list[ir.Value]:
        line, panel = lines
        if schedule.close and schedule.pack_b:
            for at in range(0, schedule.width, max(1, LINE // element_bytes(right_type))):
                soon = b.add(b.mul(right.along, number + AHEAD), at)
                b.prefetch(b.address(panel, soon, right_type), 1)
        row = everything.load(right_type, b.address(panel, b.mul(right.along, number), right_type))
        if not schedule.pack_b:
            row = [emitter.factor(body.right, each) for each in row]
        result = []
        for r in range(schedule.rows):
            at = b.add(b.mul(a.across, r), b.mul(a.along, number))
            element = b.load(left_type, b.address(line, at, left_type), element_bytes(left_type))
            if not schedule.pack_a:
                element = emitter.factor(body.left, element)
            spread = b.one("vector.broadcast", vector, element)
            for v, each in enumerate(row):
                total = sums[r * schedule.registers + v]
                result.append(
                    add_products(b, spread, each, total) if schedule.pairs else emitter.combine(spread, each, total)
                )
        return result

    def trip(k: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
        ask(b, laters, k, schedule.steps)
        lines = (
            b.address(a.base, b.mul(k, a.along), left_type),
            b.address(right.base, b.mul(k, right.along), right_type),
        )
        for number in range(schedule.steps):
            sums = step(lines, number, sums)
        return sums

    return b.loop(0, b.blocks(depth, 2) if schedule.pairs else depth, schedule.steps, start, trip)
