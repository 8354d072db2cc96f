# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rows of attention in the registers in which tensor cores leave sums: four lanes share a row, of which each has two
neighbours in every eight.

There the powers of neighbouring keys already are where the second product wants them: the layout of sums is that of a
left factor. They are rounded to the elements' type for it; their sums, and all else, are of f32 (Dao,
"FlashAttention-2", 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.exchange import Team, of_lanes, of_team
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.narrow import Narrow, Number
from mograph.targets.gpu.points import less, where
from mograph.targets.nvidia.schedule import COLUMN

_QUAD = 4  # lanes that share a row


@dataclass
class State:
    """What is known of a thread's rows by now: the highest score of each, the sum of its powers, as far as the thread
    has them, and the mix of values.
    """

    highest: list[ir.Value]
    sums: list[ir.Value]
    mix: list[ir.Value]

    @classmethod
    def of(cls, values: Sequence[ir.Value], rows: int) -> "State":
        """From `values`, of so many rows."""
        return cls(list(values[:rows]), list(values[rows : 2 * rows]), list(values[2 * rows :]))

    @property
    def values(self) -> list[ir.Value]:
        """All of it, as loops carry it."""
        return [*self.highest, *self.sums, *self.mix]


def start(b: Builder, rows: int, mix: int) -> State:
    """The state before the first key, with so many sums of the mix."""
    zero = b.number(b.f32, 0.0)
    return State([b.number(b.f32, float("-inf"))] * rows, [zero] * rows, [zero] * mix)


def exp2(b: Builder, value: ir.Value) -> ir.Value:
    """2 to a power, by the special function unit: within 2 units of the last place, 0 below 2^-126 (PTX ISA,
    ex2.approx.ftz.f32).
    """
    attributes = {
        "asm_string": ir.StringAttr.get("ex2.approx.ftz.f32 $0, $1;"),
        "constraints": ir.StringAttr.get("=f,f"),
    }
    return b.create("llvm.inline_asm", [b.f32], [value], attributes).results[0]


class Rows:
    """The rows of a lane of a warp: every eighth of those of the warp, which begin at `first`. Sums of the mix are
    those of matrices of 16 by 8, four of each, `matrices` of them side by side.
    """

    def __init__(
        self, b: Builder, thread: Thread, between: Between, lane: Number, first: Int, element: ir.Type, matrices: int
    ) -> None:
        self.b, self.i, self.between, self.first, self.element = b, Narrow(b), between, first, element
        self.matrices = matrices
        i = self.i
        self.line, self.pair = i.split(lane, _QUAD)
        self.team = Team(thread, i.wide(self.line), i.wide(self.pair), 32 // _QUAD, _QUAD, False, 32)

    def take(
        self, key: Int, scores: Sequence[Sequence[ir.Value]], state: State, within: bool
    ) -> tuple[State, list[list[ir.Value]]]:
        """Takes products with the keys from `key` on, for each row, to the state, of which the mix is left to `scaled`.
        Returns the state with factors in place of the mix, and the powers of each row as words of two. `within` is as
        `Between.score` has it.
        """
        b, highest, sums, factors = self.b, [], [], []
        words: list[list[ir.Value]] = []
        for r, own in enumerate(scores):
            final = self._final(key, r, own, within)
            new = self._highest(final, state.highest[r])
            power = self.between.powers(new)
            again, powers = power(state.highest[r]), [power(each) for each in final]
            words.append([self._word(each) for each in powers])
            sums.append(self._added(b.one("arith.mulf", b.f32, state.sums[r], again), powers))
            highest.append(new)
            factors.append(again)
        return State(highest, sums, factors), words

    def scaled(self, mix: Sequence[ir.Value], factors: Sequence[ir.Value]) -> list[ir.Value]:
        """The mix as it is with the new maxima."""
        b, found = self.b, list(mix)
        for r, factor in enumerate(factors):
            for at in self._places(r):
                found[at] = b.one("arith.mulf", b.f32, mix[at], factor)
        return found

    def finish(self, state: State, width: int, together: int) -> None:
        """What follows the mix, which is `width` wide, for so many neighbours of a row at a time."""
        b = self.b
        type_ = ir.VectorType.get([2], b.f32)
        totals = [of_team(b, self.team, "arith.addf", each) for each in state.sums]
        for r, total in enumerate(totals):
            row, places = self._row(r), self._places(r)

            def end(
                row: Int = row,
                places: Sequence[int] = places,
                total: ir.Value = total,
                top: ir.Value = state.highest[r],
            ) -> None:
                for at in range(0, len(places), together):
                    column = b.add(self._column, at // 2 * COLUMN + at % 2)
                    value = state.mix[places[at]]
                    if together == 2:
                        value = b.one("vector.from_elements", type_, value, state.mix[places[at + 1]])
                    past = at // 2 * COLUMN + COLUMN > width
                    inside = less(b, column, width) if past else None

                    def one(column: Int = column, value: ir.Value = value) -> None:
                        self.between.finish(row, column, value, top, total)

                    where(b, inside, one)

            where(b, less(b, row, self.between.rows), end)

    def _places(self, r: int) -> list[int]:
        """Which of a thread's sums of the mix are of its row number `r`."""
        part, half = divmod(r, 2)
        first = part * self.matrices * 4
        return [first + 4 * matrix + 2 * half + j for matrix in range(self.matrices) for j in range(2)]

    def _final(self, key: Int, r: int, scores: Sequence[ir.Value], within: bool) -> list[ir.Value]:
        """What the nests make of a row's scores, of two neighbours at a time."""
        b, found = self.b, []
        two = ir.VectorType.get([2], b.f32)
        row, key = self._row(r), b.add(key, self._column)
        for matrix in range(len(scores) // 2):
            pair = b.one("vector.from_elements", two, *scores[2 * matrix : 2 * matrix + 2])
            found.append(self.between.score(row, b.add(key, COLUMN * matrix), pair, within))
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
        return b.add(self.first, i.wide(i.add(self.line, COLUMN * r)))

    @property
    def _column(self) -> Int:
        """The first of the neighbours that a thread has of each matrix."""
        return self.i.wide(self.i.mul(self.pair, 2))

    def _word(self, powers: ir.Value) -> ir.Value:
        """Two neighbouring powers as elements of a factor."""
        b = self.b
        return b.one("llvm.bitcast", b.i32, b.one("arith.truncf", ir.VectorType.get([2], self.element), powers))
