# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention on AMD's matrix units: MFMA on CDNA, WMMA on RDNA. Each wavefront has some queries, and multiplies them
with blocks of keys, which its block loads with their values to registers first, one ahead, and then to shared memory.

The units are given keys for A and queries for B, so that a lane gets scores of one query, and values for A and powers
for B. Which keys a lane has scores of depends on which lines of the tile were its rows: they are taken in an order by
which each of the two halves of a row has eight neighbours of every sixteen. These are a chunk along k of the second
product, so that powers are where that wants them; on RDNA 3, which wants whole rows, halves exchange them. The columns
of the mix have the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from mlir import ir

from mograph.targets.amd.attention_schedule import Schedule, choose
from mograph.targets.amd.tiles import Load, operands
from mograph.targets.amd.units import units_of
from mograph.targets.cpu.body import spread
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.operands import Operands
from mograph.targets.gpu.attention.schedule import rounded
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.exchange import exchanged, of_lanes
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.layout import CHUNK, Layout
from mograph.targets.gpu.narrow import SLT, Narrow, Number
from mograph.targets.gpu.points import less, where
from mograph.targets.gpu.product import Factor

__all__ = ["choose", "emit", "exp2"]

_EIGHT, _STEP = 8, 16  # elements of a chunk, and those of a row that both halves have
_BYTES = 2


def emit(b: Builder, thread: Thread, between: Between, operands: Operands, schedule: Schedule, chip: Chip) -> None:
    """The code of a thread of a block of queries. All threads of the block come by here."""
    _Attention(b, thread, between, operands, schedule, chip).run()


def exp2(b: Builder, value: ir.Value) -> ir.Value:
    """2 to a power, by the unit for it: within a unit of the last place, 0 below 2^-126."""
    return b.one("rocdl.exp2", b.f32, value)


@dataclass
class _State:
    """What is known of a lane's query by now: the highest score, its part of the sum of powers, and of the mix."""

    highest: ir.Value
    total: ir.Value
    mix: list[ir.Value]

    @property
    def values(self) -> list[ir.Value]:
        """All of it, as loops carry it."""
        return [self.highest, self.total, *self.mix]


class _Attention:
    def __init__(
        self, b: Builder, thread: Thread, between: Between, o: Operands, schedule: Schedule, chip: Chip
    ) -> None:
        self.b, self.i, self.thread, self.between, self.o, self.schedule = b, Narrow(b), thread, between, o, schedule
        i, s = self.i, schedule
        self.element = o.keys.element
        self.unit = next(each for each in units_of(chip, str(self.element)) if each.size == s.size)
        self.count = self.unit.sums(s.subgroup)
        self.sums = ir.VectorType.get([self.count], b.f32)
        self.eight = ir.VectorType.get([_EIGHT], b.f32)
        self.number = i.cut(thread.thread(0))
        wave, lane = i.split(self.number, s.subgroup)
        self.half, mine = i.split(lane, s.size)
        self.line = self._order(mine)
        self.own = i.add(i.mul(wave, s.size), mine)
        self.row = b.add(o.first, i.wide(self.own))
        self.of_keys = Layout(s.keys, rounded(o.shape.depth), _BYTES, by_k=True)
        self.of_values = Layout(rounded(o.shape.width), s.keys, _BYTES, by_k=True)
        self.first = self.of_keys.total
        self.stage = self.first + self.of_values.total
        turned = Factor(o.values.base, self.element, 1, o.values.across, o.values.aligned)
        self.keys = self._of_keys(o.begin)
        self.values = Load(b, self.of_values, turned, s.wide, s.threads, self.number, 0, o.shape.width, between.keys)
        self.tiles = ceil(o.shape.width / s.size)
        self.key_places = self._places(self.of_keys, self.line)
        self.value_places = self._places(self.of_values, self.line)
        of_queries = Layout(s.rows, rounded(o.shape.depth), _BYTES, by_k=True)
        self.query_places = [] if s.held else self._places(of_queries, self.own)
        self.shared = thread.shared(s.shared(o.shape))

    def _order(self, row: Number) -> Number:
        """The line of a tile that is a row of the units' matrix, so that a lane has sums of neighbouring lines."""
        i, run = self.i, self.unit.run
        block, within = i.split(row, run)
        pair, half = i.split(block, 2)
        high, low = i.split(i.add(i.mul(pair, run), within), _EIGHT)
        return i.add(i.add(i.mul(high, _STEP), i.mul(half, _EIGHT)), low)

    def run(self) -> None:
        """Reads the queries, and goes through the keys."""
        b, i, s, o = self.b, self.i, self.schedule, self.o
        queries = self._queries()
        self.held = [operands(b, self.unit, _BYTES, each) for each in queries] if s.held else []
        if not s.held:
            self._keep(queries)
        begun = _State(b.number(b.f32, float("-inf")), b.number(b.f32, 0.0), [b.number(self.sums, 0.0)] * self.tiles)
        carried = o.loops(b, s.keys, [i.value(0), *self._load(o.begin), *begun.values], self._some)
        highest, total, *mix = carried[-len(begun.values) :]
        total = self._of_row("arith.addf", total)

        def finish() -> None:
            for number, value in enumerate(self._eights(mix)):
                self._finish(number * _STEP, value, highest, total)

        where(b, less(b, self.row, self.between.rows), finish)

    def _finish(self, start: int, value: ir.Value, highest: ir.Value, total: ir.Value) -> None:
        """What follows the mix, for eight columns that are neighbours, if there are these."""
        b, i, width, together = self.b, self.i, self.o.shape.width, self.schedule.vector
        first = i.wide(i.add(i.mul(self.half, _EIGHT), start))

        def end() -> None:
            for at in range(0, _EIGHT, together):
                part = self._slice(value, at, together)
                self.between.finish(self.row, b.add(first, at), part, highest, total)

        where(b, less(b, first, width) if start + _STEP > width else None, end)

    # From memory

    def _queries(self) -> list[list[ir.Value]]:
        """The chunks that a lane takes of its row, which it loads itself, for each step along it; what is beyond the
        row is 0. Behind the last row is that again.
        """
        b, i, o = self.b, self.i, self.o
        four = ir.VectorType.get([4], b.i32)
        row = b.min(self.row, b.sub(self.between.rows, 1))
        line = b.address(o.queries.base, b.mul(b.mul(row, o.queries.across), _BYTES), b.i8)
        found = []
        for step in range(ceil(o.shape.depth / _STEP)):
            chunks = []
            for place in self._chunks(step):
                at, last = i.mul(place, CHUNK), o.shape.depth * _BYTES - CHUNK
                value = b.load(four, b.address(line, i.wide(i.at_most(at, last)), b.i8), CHUNK)
                if (step + 1) * _STEP > o.shape.depth:
                    there = self._less(i.value(at), i.value(last + 1))
                    value = b.one("arith.select", four, there, value, b.number(four, 0))
                chunks.append(value)
            found.append(chunks)
        return found

    def _keep(self, queries: Sequence[Sequence[ir.Value]]) -> None:
        """Stores a lane's chunks in shared memory. They are read by the same wavefront, behind a barrier."""
        b, i = self.b, self.i
        tile = i.at(self.shared, 2 * self.stage)
        for step, chunks in enumerate(queries):
            for chunk, place in zip(chunks, self.query_places[step], strict=True):
                b.store(chunk, i.at(tile, place), CHUNK)

    def _query(self, step: int) -> list[ir.Value]:
        """A lane's operands of its row, for a step along it."""
        if self.schedule.held:
            return self.held[step]
        return self._operands(self.i.at(self.shared, 2 * self.stage), self.query_places[step], 0)

    def _less(self, x: ir.Value, y: ir.Value) -> ir.Value:
        return self.b.one("arith.cmpi", self.b.i1, x, y, predicate=ir.IntegerAttr.get(self.b.i64, SLT))

    def _chunks(self, step: int) -> list[Number]:
        """The chunks of a line that a lane takes for a step along it: that of its half, or both."""
        return [2 * step, 2 * step + 1] if self.unit.groups == 1 else [self.i.add(self.half, 2 * step)]

    def _of_keys(self, at: Int) -> Load:
        """What loads the keys from a place on."""
        s, o = self.schedule, self.o
        return Load(self.b, self.of_keys, o.keys, 1, s.threads, self.number, at, self.between.keys, o.shape.depth)

    def _load(self, at: Int) -> list[ir.Value]:
        """Begins to load the keys from a place on, and their values; nothing where there are none."""
        b, o, keys = self.b, self.o, self._of_keys(at)
        chunk, count = ir.VectorType.get([4], b.i32), len(keys.places) + len(self.values.places) * self.values.wide
        op = b.create("scf.if", [chunk] * count, [self._less(b.value(at), b.value(o.end))], regions=2)
        with b.inside(ir.Block.create_at_start(op.regions[0])):
            b.create("scf.yield", [], [*keys.start(0), *self.values.start(at)])
        with b.inside(ir.Block.create_at_start(op.regions[1])):
            b.create("scf.yield", [], [b.number(chunk, 0)] * count)
        return list(op.results)

    def _places(self, layout: Layout, line: Number) -> list[list[Number]]:
        """Where a line's chunks that a lane takes are in a tile, for each step along k."""
        steps = layout.line // (2 * CHUNK)
        return [[layout.place(self.i, line, each) for each in self._chunks(step)] for step in range(steps)]

    def _operands(self, tile: ir.Value, places: Sequence[Number], below: int) -> list[ir.Value]:
        """A lane's operands, from so many bytes below these places: permutations repeat there."""
        b, i, four = self.b, self.i, ir.VectorType.get([4], self.b.i32)
        chunks = [b.load(four, i.at(i.at(tile, place), below), CHUNK) for place in places]
        return operands(b, self.unit, _BYTES, chunks)

    # Some keys

    def _some(self, key: ir.Value, carried: list[ir.Value], within: bool) -> list[ir.Value]:
        """Takes the next keys and values."""
        b, i, s = self.b, self.i, self.schedule
        place, *rest = carried
        chunks, (highest, total, *mix) = rest[: -2 - self.tiles], rest[-2 - self.tiles :]
        tile, count = i.at(self.shared, place), len(self.keys.places)
        values = i.at(tile, self.first)
        self.keys.finish(chunks[:count], tile)
        self.values.finish(chunks[count:], values)
        self.thread.barrier()
        chunks = self._load(b.add(key, s.keys))
        final = [self._final(key, number, each, within) for number, each in enumerate(self._scores(tile))]
        top = self._highest(final, highest)
        power = self.between.powers(top)
        again, powers = power(highest), [power(each) for each in final]
        total = b.one("arith.addf", b.f32, b.one("arith.mulf", b.f32, total, again), self._one("arith.addf", powers))
        scaled = [b.one("arith.mulf", self.sums, each, spread(b, again, self.count)) for each in mix]
        other = b.one("arith.subi", b.i32, i.value(self.stage), place)
        return [other, *chunks, top, total, *self._mix(values, powers, scaled)]

    def _scores(self, tile: ir.Value) -> list[ir.Value]:
        """The products of a lane's query and its keys, eight neighbours at a time."""
        found = []
        for first in range(0, self.schedule.keys, self.schedule.size):
            sums = self.b.number(self.sums, 0.0)
            for step in range(ceil(self.o.shape.depth / _STEP)):
                left = self._operands(tile, self.key_places[step], first * self.of_keys.line)
                for x, y in zip(left, self._query(step), strict=True):
                    sums = self._multiply(x, y, sums)
            found.append(sums)
        return self._eights(found)

    def _mix(self, tile: ir.Value, powers: Sequence[ir.Value], mix: Sequence[ir.Value]) -> list[ir.Value]:
        """The sums with the values of some keys more, each as often as its power says."""
        found = list(mix)
        for step, right in enumerate(map(self._factor, powers)):
            for number in range(self.tiles):
                below = number * self.schedule.size * self.of_values.line
                left = self._operands(tile, self.value_places[step], below)
                for x, y in zip(left, right, strict=True):
                    found[number] = self._multiply(x, y, found[number])
        return found

    def _factor(self, powers: ir.Value) -> list[ir.Value]:
        """Eight powers, and where units want whole rows the other half's too, as operands."""
        b = self.b
        narrow = b.one("arith.truncf", ir.VectorType.get([_EIGHT], self.element), powers)
        own = b.one("llvm.bitcast", ir.VectorType.get([4], b.i32), narrow)
        if self.unit.groups > 1:
            return operands(b, self.unit, _BYTES, [own])
        words = [
            b.one("vector.extract", b.i32, own, static_position=ir.DenseI64ArrayAttr.get([number]))
            for number in range(4)
        ]
        others = [exchanged(b, word, self.schedule.size, self.schedule.subgroup) for word in words]
        other = b.one("vector.from_elements", own.type, *others)
        low = self._less(self.i.value(self.half), self.i.value(1))
        halves = [b.one("arith.select", own.type, low, *each) for each in ((own, other), (other, own))]
        return operands(b, self.unit, _BYTES, halves)

    def _multiply(self, x: ir.Value, y: ir.Value, sums: ir.Value) -> ir.Value:
        b = self.b
        more = [] if self.unit.op.startswith("rocdl.wmma") else [self.i.value(0)] * 3
        return b.one(self.unit.op, self.sums, x, y, sums, *more)

    def _final(self, key: Int, number: int, scores: ir.Value, within: bool) -> ir.Value:
        """What the nests make of eight scores."""
        i = self.i
        place = i.wide(i.add(i.mul(self.half, _EIGHT), number * _STEP))
        return self.between.score(self.row, self.b.add(key, place), scores, within)

    def _highest(self, scores: Sequence[ir.Value], before: ir.Value) -> ir.Value:
        """The highest score of the row by now."""
        b, kind = self.b, self.between.roles.kind
        return b.one(kind, b.f32, before, self._of_row(kind, self._one(kind, scores)))

    def _one(self, kind: str, values: Sequence[ir.Value]) -> ir.Value:
        """All elements of some vectors as one."""
        b, found = self.b, values[0]
        for each in values[1:]:
            found = b.one(kind, found.type, found, each)
        return of_lanes(b, kind, found)

    def _of_row(self, kind: str, value: ir.Value) -> ir.Value:
        """What both halves of a row have, as one."""
        return self.b.one(kind, value.type, value, exchanged(self.b, value, self.schedule.size, self.schedule.subgroup))

    def _eights(self, sums: Sequence[ir.Value]) -> list[ir.Value]:
        """Sums in parts of eight neighbours."""
        return [self._slice(each, at, _EIGHT) for each in sums for at in range(0, self.count, _EIGHT)]

    def _slice(self, vector: ir.Value, first: int, count: int) -> ir.Value:
        b = self.b
        if count == vector.type.shape[0]:
            return vector
        if count == 1:
            return b.one("vector.extract", b.f32, vector, static_position=ir.DenseI64ArrayAttr.get([first]))
        mask = ir.DenseI64ArrayAttr.get(range(first, first + count))
        return b.one("vector.shuffle", ir.VectorType.get([count], b.f32), vector, vector, mask=mask)
