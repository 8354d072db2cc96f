# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Copies of slabs of A and B to where the register tiles read them, already in the type that is multiplied."""

from collections.abc import Callable
from math import gcd

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.partial import Partial, element_bits, element_bytes
from mograph.targets.cpu.transpose import transposed

WIDEST = 16  # elements of a vector in a square that is transposed

AHEAD = 8  # lines of memory, of what is read line by line, that are asked for before they are read
LINE = 64  # bytes of a line of the cache

Convert = Callable[[ir.Value], ir.Value]  # what is in memory, as a vector or a scalar, to what is multiplied


def each_panel(
    b: Builder,
    source: tuple[ir.Value, Int, ir.Type],
    target: tuple[ir.Value, ir.Type],
    columns: Int,
    panel: tuple[int, int],
    body: Callable[[ir.Value, ir.Value, Int | None], None],
) -> None:
    """`body(start, to, last)` for panels of so many lines and columns, with the addresses of the first element on both
    sides; `last` is the number of the last column that there is, None where there are all. The source is an address,
    the distance between its columns and the type of elements, the target an address and the type.
    """
    lines, width = panel

    def one(column: Int) -> None:
        start = b.address(source[0], b.mul(column, source[1]), source[2])
        to = b.address(target[0], b.mul(column, lines), target[1])
        whole = isinstance(columns, int) and columns % width == 0
        body(start, to, None if whole else b.sub(b.sub(columns, column), 1))

    b.each(0, columns, width, one)


class Packing:
    """Copies elements of type `stored`, which `convert` makes elements of type `packed` of."""

    def __init__(
        self, b: Builder, stored: ir.Type, packed: ir.Type, convert: Convert, partial: Partial, vector_bits: int
    ) -> None:
        self.b, self.stored, self.packed, self.convert, self.partial = b, storage_type(stored), packed, convert, partial
        self.lanes = max(2, min(WIDEST, vector_bits // max(element_bits(packed), element_bits(stored))))

    def along(
        self, source: tuple[ir.Value, Int], target: tuple[ir.Value, Int], lines: Int, count: Int, width: int
    ) -> None:
        """Copies `lines` lines of `count` elements, `width` at a time; each side is an address and the distance between
        lines.
        """
        b = self.b
        whole = count // width * width if isinstance(count, int) else self._whole(count, width)

        def line(number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            from_ = b.address(source[0], b.mul(number, source[1]), self.stored)
            to = b.address(target[0], b.mul(number, target[1]), self.packed)
            if source[1] != 0:
                b.prefetch(b.address(from_, b.mul(source[1], AHEAD), self.stored), 1)

            def piece(at: Int, left: Int | None) -> None:
                value = self.partial.load(
                    ir.VectorType.get([width], self.stored), b.address(from_, at, self.stored), left
                )
                b.store(self.convert(value), b.address(to, at, self.packed), element_bytes(self.packed))

            b.each(0, whole, width, lambda at: piece(at, None))
            b.each(whole, count, width, lambda at: piece(at, b.sub(count, at)))
            return []

        b.loop(0, lines, 1, [], line)

    def panels(
        self, source: tuple[ir.Value, Int], target: tuple[ir.Value, int], counts: tuple[Int, Int], width: int
    ) -> None:
        """Copies lines, as many as `counts` says first, of so many elements to panels of `width` columns and as many
        lines as `target` says.
        """
        b, (lines, count) = self.b, counts
        whole = count // width * width if isinstance(count, int) else self._whole(count, width)

        def line(number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            from_ = b.address(source[0], b.mul(number, source[1]), self.stored)
            to = b.address(target[0], b.mul(number, width), self.packed)
            later = b.address(from_, b.mul(source[1], AHEAD), self.stored)
            step = LINE // element_bytes(self.stored)

            def piece(at: Int, left: Int | None) -> None:
                for each in range(0, width, step):
                    b.prefetch(b.address(later, b.add(at, each), self.stored), 1)
                value = self.partial.load(
                    ir.VectorType.get([width], self.stored), b.address(from_, at, self.stored), left
                )
                place = b.address(to, b.mul(at, target[1]), self.packed)
                b.store(self.convert(value), place, element_bytes(self.packed))

            b.each(0, whole, width, lambda at: piece(at, None))
            b.each(whole, count, width, lambda at: piece(at, b.sub(count, at)))
            return []

        b.loop(0, lines, 1, [], line)

    def across(
        self, source: tuple[ir.Value, Int], target: tuple[ir.Value, int], counts: tuple[Int, int], last: Int | None
    ) -> None:
        """Copies rows and columns, as many as `counts` says, from where rows are contiguous to where columns are; each
        side is an address and the distance between neighbours in the other direction. Columns behind the `last` one
        are like it: what is there by chance might be numbers that processors are slow with.
        """
        b, (rows, columns) = self.b, counts
        lanes = gcd(self.lanes, columns)
        whole_rows = b.round_down(rows, lanes)

        def square(row: ir.Value, column: ir.Value) -> None:
            vector = ir.VectorType.get([lanes], self.stored)
            starts = [b.add(row, b.mul(self._clamped(b.add(column, i), last), source[1])) for i in range(lanes)]
            lines = [
                self.convert(b.load(vector, b.address(source[0], at, self.stored), element_bytes(self.stored)))
                for at in starts
            ]
            for i, line in enumerate(transposed(b, lines)):
                at = b.add(b.mul(b.add(row, i), target[1]), column)
                b.store(line, b.address(target[0], at, self.packed), element_bytes(self.packed))

        b.grid(0, whole_rows, 0, columns, lanes, square)
        strides = (1, source[1]), (target[1], 1)
        self.singly(source[0], target[0], strides, (whole_rows, rows), (0, columns), last)

    def singly(
        self,
        source: ir.Value,
        target: ir.Value,
        strides: tuple[tuple[Int, Int], tuple[Int, Int]],
        rows: tuple[Int, Int],
        columns: tuple[Int, Int],
        last: Int | None = None,
    ) -> None:
        """Copies element by element; `strides` are those of both sides along rows and columns. Columns behind the
        `last` one, if that is given, are like it.
        """
        b = self.b

        def one(row: ir.Value, column: ir.Value) -> None:
            from_ = self._clamped(column, last)
            at, to = (
                b.add(b.mul(row, strides[0][0]), b.mul(from_, strides[0][1])),
                b.add(b.mul(row, strides[1][0]), b.mul(column, strides[1][1])),
            )
            value = b.load(self.stored, b.address(source, at, self.stored), element_bytes(self.stored))
            b.store(self.convert(value), b.address(target, to, self.packed), element_bytes(self.packed))

        if not all(isinstance(bound, int) and bound == rows[0] for bound in rows) and not all(
            isinstance(bound, int) and bound == columns[0] for bound in columns
        ):
            b.grid(rows[0], rows[1], columns[0], columns[1], 1, one)

    def slab(
        self,
        source: ir.Value,
        target: ir.Value,
        strides: tuple[Int, Int],
        counts: tuple[Int, Int],
        panel: tuple[int, int],
    ) -> None:
        """Copies as many lines and columns as `counts` says, whose neighbours are `strides` apart, to panels of so many
        lines and columns.
        """
        (along_k, along_n), (depth, columns), (lines, width) = strides, counts, panel
        if along_n == 1:
            self.panels((source, along_k), (target, lines), counts, width)
            return

        def one(start: ir.Value, to: ir.Value, last: Int | None) -> None:
            if along_k == 1:
                self.across((start, along_n), (to, width), (depth, width), last)
            else:
                self.singly(start, to, (strides, (width, 1)), (0, depth), (0, width), last)

        each_panel(self.b, (source, along_n, self.stored), (target, self.packed), columns, panel, one)

    def _clamped(self, column: Int, last: Int | None) -> Int:
        return column if last is None else self.b.min(column, last)

    def _whole(self, count: Int, width: int) -> Int:
        b = self.b
        return b.mul(b.one("arith.divui", b.i64, b.value(count), b.value(width)), width)
