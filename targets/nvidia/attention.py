# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention on tensor cores of sm_80 and up: each warp has some queries, and multiplies them with blocks of keys, which
asynchronous copies bring with their values, by `mma.sync`.

Scores stay in the registers in which they arise. There the powers of neighbouring keys already are where the second
product wants them: the layout of sums is that of a left factor. They are rounded to the elements' type for it; their
sums, and all else, are of f32 (Dao, "FlashAttention-2", 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.schedule import Shape, rounded
from mograph.targets.gpu.attention.unit_schedule import Schedule
from mograph.targets.gpu.exchange import Team, of_lanes, of_team
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.layout import CHUNK, Layout
from mograph.targets.gpu.narrow import SLT, Narrow
from mograph.targets.gpu.points import less, where
from mograph.targets.gpu.product import Factor
from mograph.targets.nvidia.mma import multiply
from mograph.targets.nvidia.schedule import COLUMN, ROW
from mograph.targets.nvidia.tiles import Copy, Fragments

_QUAD = 4  # lanes that share a row of sums


@dataclass(frozen=True)
class Operands:
    """Queries, keys and values: `across` is from row to row, and `along` from element to element. A block has the
    queries from `first` on, and takes the keys up to `end`.
    """

    queries: Factor
    keys: Factor
    values: Factor
    first: Int
    end: Int
    shape: Shape


def emit(b: Builder, thread: Thread, between: Between, operands: Operands, schedule: Schedule) -> None:
    """The code of a thread of a block of queries. All threads of the block come by here."""
    _Attention(b, thread, between, operands, schedule).run()


class _Attention:
    def __init__(self, b: Builder, thread: Thread, between: Between, operands: Operands, schedule: Schedule) -> None:
        self.b, self.i, self.thread, self.between, self.o, self.schedule = (
            b, Narrow(b), thread, between, operands, schedule,
        )  # fmt: skip
        i, s, o = self.i, schedule, operands
        self.element = o.keys.element
        number = i.cut(thread.thread(0))
        self.warp, lane = i.split(number, 32)
        self.line, self.pair = i.split(lane, _QUAD)
        self.team = Team(thread, i.wide(self.line), i.wide(self.pair), 32 // _QUAD, _QUAD, False, 32)
        bytes_ = self.element.width // 8
        deep, wide = rounded(o.shape.depth), rounded(o.shape.width)
        rows = Layout(s.rows, deep, bytes_, by_k=True)
        keys, values = (Layout(extent, s.keys, bytes_, by_k=False) for extent in (deep, wide))
        self.first = keys.total
        self.stage = keys.total + values.total
        self.own = i.mul(self.warp, s.warp_rows)
        self.queries = Copy(b, rows, o.queries, CHUNK, s.threads, number, o.first, between.rows, o.shape.depth)
        self.copies = [
            Copy(b, layout, _turned(factor), CHUNK, s.threads, number, 0, extent, between.keys)
            for layout, factor, extent in ((keys, o.keys, o.shape.depth), (values, o.values, o.shape.width))
        ]
        self.of_queries = Fragments(b, rows, lane, self.own, s.warp_rows, of_a=True)
        self.of_keys = Fragments(b, Layout(s.keys, deep, bytes_, by_k=True), lane, 0, s.keys, of_a=False)
        self.of_values = Fragments(b, values, lane, 0, wide, of_a=False)
        self.steps = ceil(o.shape.depth / ROW)
        self.parts = ceil(o.shape.width / ROW)  # of two matrices side by side each
        self.shared = thread.shared(s.shared(o.shape))

    def run(self) -> None:
        """Reads the queries, copies some stages ahead, and goes through the keys."""
        b, i, s = self.b, self.i, self.schedule
        last = (s.stages - 1) * self.stage
        queries = i.at(self.shared, last)  # the room of the stage that is copied last
        self.queries.start(0, queries)
        self._commit()
        for stage in range(s.stages - 1):
            self._copy(stage * s.keys, i.at(self.shared, stage * self.stage))
        self._wait(s.stages - 1)
        self.thread.barrier()
        self.left = [
            [self.of_queries.load(queries, part, step) for step in range(self.steps)]
            for part in range(s.warp_rows // ROW)
        ]
        count = s.warp_rows // COLUMN  # rows of a thread
        start = [b.number(b.f32, float("-inf"))] * count
        start += [b.number(b.f32, 0.0)] * (count + count * self.parts * 4)
        places = [i.value(0), i.value(last)]
        found = b.loop(0, b.value(self.o.end), s.keys, [*places, *start], self._some)[2:]
        self._wait(0)
        highest, sums, mix = found[:count], found[count : 2 * count], found[2 * count :]
        self._finish(highest, [of_team(b, self.team, "arith.addf", each) for each in sums], mix)

    # Copies

    def _copy(self, at: Int, target: ir.Value) -> None:
        """Begins to copy some keys and their values, if there are any."""
        b = self.b

        def copy() -> None:
            for each, place in zip(self.copies, (0, self.first), strict=True):
                each.start(at, self.i.at(target, place))

        where(b, less(b, at, self.o.end), copy)
        self._commit()

    def _commit(self) -> None:
        self.b.create("nvvm.cp.async.commit.group", [], [])

    def _wait(self, others: int) -> None:
        """Waits for a thread's copies but for so many groups begun last."""
        self.b.create("nvvm.cp.async.wait.group", [], [], {"n": ir.IntegerAttr.get(self.b.i32, others)})

    def _next(self, place: ir.Value) -> ir.Value:
        b, i = self.b, self.i
        moved = i.value(i.add(place, self.stage))
        ring = i.value(self.schedule.stages * self.stage)
        inside = b.one("arith.cmpi", b.i1, moved, ring, predicate=ir.IntegerAttr.get(b.i64, SLT))
        return b.one("arith.select", b.i32, inside, moved, i.value(0))

    # Some keys

    def _some(self, key: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
        """Takes the next keys and values."""
        b, i, s = self.b, self.i, self.schedule
        (read, write), carried = carried[:2], carried[2:]
        count = s.warp_rows // COLUMN
        highest, sums, mix = carried[:count], carried[count : 2 * count], carried[2 * count :]
        self._wait(s.stages - 2)
        self.thread.barrier()  # all have copied, and nobody reads what is overwritten next
        self._copy(b.add(key, (s.stages - 1) * s.keys), i.at(self.shared, write))
        tile = i.at(self.shared, read)
        scores = self._scores(tile)
        words: list[list[ir.Value]] = []
        for r in range(count):
            final = self._final(key, r, scores[r])
            new = self._highest(final, highest[r])
            again = self.between.power(highest[r], new)
            powers = [self.between.power(each, new) for each in final]
            words.append([self._word(each) for each in powers])
            sums[r] = self._added(b.one("arith.mulf", b.f32, sums[r], again), powers)
            highest[r] = new
            for at in self._places(r):
                mix[at] = b.one("arith.mulf", b.f32, mix[at], again)
        mix = self._mix(i.at(tile, self.first), words, mix)
        return [self._next(read), self._next(write), *highest, *sums, *mix]

    def _places(self, r: int) -> list[int]:
        """Which of a thread's sums of the mix are of its row number `r`."""
        part, half = divmod(r, 2)
        first = part * self.parts * 8
        return [first + 4 * matrix + 2 * half + j for matrix in range(2 * self.parts) for j in range(2)]

    def _scores(self, tile: ir.Value) -> list[list[ir.Value]]:
        """For each of a thread's rows its products with keys, two neighbours of each matrix."""
        b, s = self.b, self.schedule
        zero, matrices = b.number(b.f32, 0.0), s.keys // COLUMN
        found = [[[zero] * 4 for _ in range(matrices)] for _ in self.left]
        for step in range(self.steps):
            right = [self.of_keys.load(tile, part, step) for part in range(matrices // 2)]
            for r, left in enumerate(self.left):
                for c in range(matrices):
                    found[r][c] = multiply(b, self.element, left[step], _half(right, c), found[r][c])
        return [
            [value for each in sums for value in each[2 * half : 2 * half + 2]] for sums in found for half in range(2)
        ]

    def _final(self, key: Int, r: int, scores: Sequence[ir.Value]) -> list[ir.Value]:
        """What the nests make of a row's scores, of two neighbours at a time."""
        b, found = self.b, []
        two = ir.VectorType.get([2], b.f32)
        row, key = self._row(r), b.add(key, self._column)
        for matrix in range(len(scores) // 2):
            pair = b.one("vector.from_elements", two, *scores[2 * matrix : 2 * matrix + 2])
            found.append(self.between.score(row, b.add(key, COLUMN * matrix), pair))
        return found

    def _highest(self, scores: Sequence[ir.Value], before: ir.Value) -> ir.Value:
        """The highest score of a row by now."""
        b, kind = self.b, self.between.roles.kind
        found = scores[0]
        for each in scores[1:]:
            found = b.one(kind, found.type, found, each)
        return b.one(kind, b.f32, before, of_team(b, self.team, kind, of_lanes(b, kind, found)))

    def _added(self, total: ir.Value, powers: Sequence[ir.Value]) -> ir.Value:
        b, found = self.b, powers[0]
        for each in powers[1:]:
            found = b.one("arith.addf", found.type, found, each)
        return b.one("arith.addf", b.f32, total, of_lanes(b, "arith.addf", found))

    def _row(self, r: int) -> Int:
        b, i = self.b, self.i
        return b.add(self.o.first, i.wide(i.add(i.add(self.own, self.line), COLUMN * r)))

    @property
    def _column(self) -> Int:
        """The first of the neighbours that a thread has of each matrix."""
        return self.i.wide(self.i.mul(self.pair, 2))

    def _mix(self, tile: ir.Value, words: Sequence[Sequence[ir.Value]], mix: Sequence[ir.Value]) -> list[ir.Value]:
        """The sums with the values of some keys more, each as often as its power says."""
        b, result = self.b, list(mix)
        for step in range(self.schedule.keys // ROW):
            right = [self.of_values.load(tile, part, step) for part in range(self.parts)]
            for part in range(len(self.left)):
                upper, lower = words[2 * part], words[2 * part + 1]
                left = [each[2 * step + j] for j in range(2) for each in (upper, lower)]
                for c in range(2 * self.parts):
                    at = 4 * (part * 2 * self.parts + c)
                    result[at : at + 4] = multiply(b, self.element, left, _half(right, c), result[at : at + 4])
        return result

    def _word(self, powers: ir.Value) -> ir.Value:
        """Two neighbouring powers as elements of a factor."""
        b = self.b
        return b.one("llvm.bitcast", b.i32, b.one("arith.truncf", ir.VectorType.get([2], self.element), powers))

    # The end

    def _finish(self, highest: Sequence[ir.Value], sums: Sequence[ir.Value], mix: Sequence[ir.Value]) -> None:
        """What follows the mix, for two neighbours of a row at a time."""
        b, together = self.b, self.schedule.vector
        type_ = ir.VectorType.get([2], b.f32)
        for r, total in enumerate(sums):
            row, places = self._row(r), self._places(r)

            def end(
                row: Int = row, places: Sequence[int] = places, total: ir.Value = total, highest: ir.Value = highest[r]
            ) -> None:
                for at in range(0, len(places), together):
                    column = b.add(self._column, at // 2 * COLUMN + at % 2)
                    value = mix[places[at]]
                    if together == 2:
                        value = b.one("vector.from_elements", type_, value, mix[places[at + 1]])
                    past = at // 2 * COLUMN + COLUMN > self.o.shape.width
                    inside = less(b, column, self.o.shape.width) if past else None

                    def one(column: Int = column, value: ir.Value = value) -> None:
                        self.between.finish(row, column, value, highest, total)

                    where(b, inside, one)

            where(b, less(b, row, self.between.rows), end)


def _turned(factor: Factor) -> Factor:
    """Keys or values as what is copied along them."""
    return Factor(factor.base, factor.element, factor.along, factor.across, factor.aligned)


def _half(right: Sequence[Sequence[ir.Value]], matrix: int) -> Sequence[ir.Value]:
    """The two words of a matrix of two that are read together."""
    return right[matrix // 2][2 * (matrix % 2) : 2 * (matrix % 2) + 2]
