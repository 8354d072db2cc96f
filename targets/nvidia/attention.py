# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention on tensor cores of sm_80 and up: each warp has some queries, and multiplies them with blocks of keys, which
asynchronous copies bring with their values, by `mma.sync`.

Scores stay in the registers in which they arise, and so do their powers.
"""

from collections.abc import Sequence
from math import ceil

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.operands import Operands
from mograph.targets.gpu.attention.schedule import rounded
from mograph.targets.gpu.attention.unit_schedule import Schedule, choose
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.layout import CHUNK, Layout
from mograph.targets.gpu.narrow import SLT, Narrow
from mograph.targets.gpu.points import less, where
from mograph.targets.gpu.product import Factor
from mograph.targets.nvidia.mma import multiply
from mograph.targets.nvidia.quads import Rows, State, exp2, start
from mograph.targets.nvidia.schedule import COLUMN, ROW
from mograph.targets.nvidia.tiles import Copy, Fragments

__all__ = ["choose", "emit", "exp2"]


def emit(b: Builder, thread: Thread, between: Between, operands: Operands, schedule: Schedule, chip: Chip) -> None:
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
        self.rows = Rows(b, thread, between, lane, b.add(o.first, i.wide(self.own)), self.element, 2 * self.parts)

    def run(self) -> None:
        """Reads the queries, copies some stages ahead, and goes through the keys."""
        b, i, s = self.b, self.i, self.schedule
        last = (s.stages - 1) * self.stage
        queries = i.at(self.shared, last)  # the room of the stage that is copied last
        self.queries.start(0, queries)
        self._commit()
        for stage in range(s.stages - 1):
            self._copy(b.add(self.o.begin, stage * s.keys), i.at(self.shared, stage * self.stage))
        self._wait(s.stages - 1)
        self.thread.barrier()
        self.left = [
            [self.of_queries.load(queries, part, step) for step in range(self.steps)]
            for part in range(s.warp_rows // ROW)
        ]
        count = s.warp_rows // COLUMN  # rows of a thread
        carried = [i.value(0), i.value(last), *start(b, count, count * self.parts * 4).values]
        carried = self.o.loops(b, s.keys, carried, self._some)
        self._wait(0)
        self.rows.finish(State.of(carried[2:], count), self.o.shape.width, s.vector)

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

    def _some(self, key: ir.Value, carried: list[ir.Value], within: bool) -> list[ir.Value]:
        """Takes the next keys and values."""
        b, i, s = self.b, self.i, self.schedule
        (read, write), state = carried[:2], State.of(carried[2:], s.warp_rows // COLUMN)
        self._wait(s.stages - 2)
        self.thread.barrier()  # all have copied, and nobody reads what is overwritten next
        self._copy(b.add(key, (s.stages - 1) * s.keys), i.at(self.shared, write))
        tile = i.at(self.shared, read)
        taken, words = self.rows.take(key, self._scores(tile), state, within)
        mix = self._mix(i.at(tile, self.first), words, self.rows.scaled(state.mix, taken.mix))
        return [self._next(read), self._next(write), *State(taken.highest, taken.sums, mix).values]

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


def _turned(factor: Factor) -> Factor:
    """Keys or values as what is copied along them."""
    return Factor(factor.base, factor.element, factor.along, factor.across, factor.aligned)


def _half(right: Sequence[Sequence[ir.Value]], matrix: int) -> Sequence[ir.Value]:
    """The two words of a matrix of two that are read together."""
    return right[matrix // 2][2 * (matrix % 2) : 2 * (matrix % 2) + 2]
