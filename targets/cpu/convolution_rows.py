# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for convolutions whose channels are last: products of matrices of which A is read through sliding windows.

Any nest C[…, m…, n] = combine(C[…, m…, n], term(A[…, m…, k…], B[…, k…, n])) whose rows m and whose sums k may each be
several loops, as long as C walks the rows as one loop would. The longest of the sums, the channels, is cut into slabs
and innermost; what the others select of B stands one after the other in the panel.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.convolution import as_one, known, product_like, result_bits
from mograph.targets.cpu.convolution_schedule import Schedule, choose
from mograph.targets.cpu.convolution_tiles import count_blocks, count_of
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.matmul import DEPTH, PICOSECONDS, MatmulCode, Product
from mograph.targets.cpu.nest import ONE, ZERO, Nest, Seen, evaluate
from mograph.targets.cpu.partial import element_bytes

MOST_ROWS = 512  # of a task
POINTERS = 8  # rows of a tile: each has an address in a register of its own
LONGEST = 1 << 62  # stands for an extent that is not known

TapBody = Callable[[Sequence[Int], Int, list[ir.Value]], list[ir.Value]]


@record
class RowsConvolution:
    """The product that a convolution is, the loops of its rows and of the taps of its windows, outermost first."""

    product: Product
    rows: tuple[int, ...]
    taps: tuple[int, ...]


def recognize(nest: Nest) -> RowsConvolution | None:
    """The roles of the nest's operands and loops; None when it is no such convolution, or a product as it is."""
    sums = [i for i, loop in enumerate(nest.loops) if loop.reduces]
    parallel = [i for i, loop in enumerate(nest.loops) if not loop.reduces]
    if not product_like(nest) or len(parallel) < 2:
        return None
    long = max(sums, key=lambda i: LONGEST if nest.loops[i].extent.symbols else nest.loops[i].extent.constant)
    taps = tuple(i for i in sums if i != long)
    if any(nest.loops[i].extent.symbols for i in taps) or _count(nest, taps) > DEPTH:
        return None
    c, n = nest.outputs[0], parallel[-1]
    for a, b in ((0, 1), (1, 0)):
        x, y = nest.memory[a], nest.memory[b]
        rows = tuple(i for i in parallel if x.strides[i] != ZERO and y.strides[i] == ZERO)
        if not rows or len(rows) == len(sums) == 1 or not as_one(nest, c, rows):
            continue
        if c.strides[n] == ONE and x.strides[n] == ZERO and y.strides[n] == ONE:
            batch = tuple(i for i in parallel if i != n and i not in rows)
            return RowsConvolution(Product(a, b, rows[-1], n, long, batch), rows, taps)
    return None


def _count(nest: Nest, loops: Sequence[int]) -> int:
    return prod(nest.loops[i].extent.constant for i in loops)


def schedule(nest: Nest, roles: RowsConvolution, machine: Machine) -> Schedule:
    """How the convolution is cut: here rows are what is read through windows, and a panel is of the filter."""
    loops, product = nest.loops, roles.product
    cut = choose(
        known([loops[i].extent for i in roles.rows]),
        known([loops[product.n].extent]),
        [known([loops[i].extent]) for i in (product.k, *roles.taps)],
        known([loops[i].extent for i in product.batch]),
        result_bits(nest),
        machine,
        POINTERS,
    )
    return replace(cut, panels=1, block=min(cut.block, MOST_ROWS // cut.rows * cut.rows))


class RowsConvolutionCode(MatmulCode):
    """Makes the code of a convolution's tasks with builder `b`."""

    def __init__(self, b: Builder, nest: Nest, roles: RowsConvolution, seen: Seen, machine: Machine) -> None:
        super().__init__(b, nest, roles.product, seen, machine)
        self.rows, self.taps = roles.rows, roles.taps
        self.cut = schedule(nest, roles, machine)
        self.width, self.tile_rows = self.cut.width, self.cut.rows
        self.slab = self.cut.depth // _count(nest, roles.taps)
        self.panel = b.stack(self._storage(roles.product.b), self.cut.depth * self.width, 64)
        self.lines = b.stack(b.i64, self.cut.block, 64)

    def _task(self, task: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        b, roles = self.b, self.roles
        total = count_of(b, [self.extents[i] for i in self.rows])
        rest, panel = b.split(task, count_blocks(b, self.extents[roles.n], self.width))
        rest, row_block = b.split(rest, count_blocks(b, total, self.cut.block))
        offsets: list[Int] = [0, 0, 0]
        for loop in reversed(roles.batch):
            rest, index = b.split(rest, self.extents[loop])
            offsets = self._move(offsets, loop, index)
        column, first = b.mul(panel, self.width), b.mul(row_block, self.cut.block)
        offsets = self._move(offsets, roles.n, column)
        offsets[2] = b.add(offsets[2], b.mul(first, self.strides[2][roles.m]))
        extent = self.extents[roles.n]
        whole = isinstance(extent, int) and extent % self.width == 0
        count = None if whole else b.min(b.sub(extent, column), self.width)
        rows = b.min(b.sub(total, first), self.cut.block)
        self._place(first, rows)

        def slab(k: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            depth = b.min(b.sub(self.extents[roles.k], k), self.slab)
            inner = self._move(offsets, roles.k, k)
            self._copy(inner[roles.b], depth, count)
            main = b.mul(b.split(rows, self.tile_rows)[0], self.tile_rows)
            rest = total % self.tile_rows if isinstance(total, int) else 1
            for lo, hi, size in ((0, main, self.tile_rows), (main, rows, rest)):
                if size:
                    self._tiles(lo, hi, size, inner, depth, count)
            return []

        b.loop(0, self.extents[roles.k], self.slab, [], slab)
        return []

    def _place(self, first: Int, rows: Int) -> None:
        """Note where the rows of a task lie in A."""
        b, strides = self.b, self.strides[self.roles.a]
        indices: list[Int] = []
        rest = first
        for loop in reversed(self.rows[1:]):
            rest, index = b.split(rest, self.extents[loop])
            indices.insert(0, index)
        start = [b.value(index) for index in (rest, *indices)]

        def row(number: ir.Value, at: list[ir.Value]) -> list[ir.Value]:
            offset: Int = 0
            for loop, index in zip(self.rows, at, strict=True):
                offset = b.add(offset, b.mul(index, strides[loop]))
            b.store(b.value(offset), self._line(number), 8)
            return self._next(at)

        b.loop(0, rows, 1, start, row)

    def _next(self, at: Sequence[ir.Value]) -> list[ir.Value]:
        """The indices of the row after that at `at`."""
        b = self.b
        following: list[ir.Value] = []
        more: Int = 1
        for loop, index in zip(reversed(self.rows[1:]), reversed(at[1:]), strict=True):
            raised = b.value(b.add(index, more))
            equal = ir.IntegerAttr.get(b.i64, 0)
            full = b.one("arith.cmpi", b.i1, raised, b.value(self.extents[loop]), predicate=equal)
            following.insert(0, b.one("arith.select", b.i64, full, b.value(0), raised))
            more = b.one("arith.extui", b.i64, full)
        return [b.value(b.add(at[0], more)), *following]

    def _line(self, row: Int) -> ir.Value:
        return self.b.address(self.lines, row, self.b.i64)

    def _copy(self, offset: Int, depth: Int, count: Int | None) -> None:
        """Copies a slab of B to the panel, `slab` rows for each tap."""
        b, roles, storage = self.b, self.roles, self._storage(self.roles.b)
        vector, bytes_ = ir.VectorType.get([self.width], storage), element_bytes(storage)

        def tap(offsets: Sequence[Int], number: Int, _: list[ir.Value]) -> list[ir.Value]:
            def row(k: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
                at = b.add(b.add(offset, offsets[roles.b]), b.mul(k, self.strides[roles.b][roles.k]))
                value = self.partial.load(vector, b.address(self.bases[roles.b], at, storage), count)
                b.store(value, self._row_of_panel(number, k), bytes_)
                return []

            return b.loop(0, depth, 1, [], row)

        self._each_tap([], tap)

    def _row_of_panel(self, tap: Int, k: Int) -> ir.Value:
        at = self.b.mul(self.b.add(self.b.mul(tap, self.slab), k), self.width)
        return self.b.address(self.panel, at, self._storage(self.roles.b))

    def _each_tap(self, carried: Sequence[ir.Value], body: TapBody) -> list[ir.Value]:
        """Loops over the taps: `body(offsets, number, carried)` returns the next carried values."""
        b = self.b

        def level(depth: int, offsets: list[Int], number: Int, values: list[ir.Value]) -> list[ir.Value]:
            if depth == len(self.taps):
                return body(offsets, number, values)
            loop = self.taps[depth]

            def step(index: ir.Value, inner: list[ir.Value]) -> list[ir.Value]:
                moved = self._move(offsets, loop, index)
                return level(depth + 1, moved, b.add(b.mul(number, self.extents[loop]), index), inner)

            return b.loop(0, self.extents[loop], 1, values, step)

        return level(0, [0, 0, 0], 0, list(carried))

    def _tiles(self, lo: Int, hi: Int, rows: int, offsets: Sequence[Int], depth: Int, count: Int | None) -> None:
        """The rows from `lo` to `hi` of the task, in tiles of `rows`."""
        b, roles = self.b, self.roles
        c_stride = self.strides[2][roles.m]
        c_type, a_type, b_type = (self._storage(i) for i in (2, roles.a, roles.b))
        vector = ir.VectorType.get([self.width], c_type)

        def tile(row: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            numbers = [b.add(row, r) for r in range(rows)]
            targets = [
                b.address(self.bases[2], b.add(offsets[2], b.mul(number, c_stride)), c_type) for number in numbers
            ]
            places = [b.add(offsets[roles.a], b.load(b.i64, self._line(number), 8)) for number in numbers]
            start = [self.partial.load(vector, target, count) for target in targets]

            def tap(moved: Sequence[Int], number: Int, sums: list[ir.Value]) -> list[ir.Value]:
                lines = [b.address(self.bases[roles.a], b.add(place, moved[roles.a]), a_type) for place in places]

                def step(k: ir.Value, inner: list[ir.Value]) -> list[ir.Value]:
                    panel = ir.VectorType.get([self.width], b_type)
                    right = b.load(panel, self._row_of_panel(number, k), element_bytes(b_type))
                    at = b.mul(k, self.strides[roles.a][roles.k])
                    lefts = [b.load(a_type, b.address(line, at, a_type), element_bytes(a_type)) for line in lines]
                    return self._combine(lefts, right, inner)

                return b.loop(0, depth, 1, sums, step)

            for target, value in zip(targets, self._each_tap(start, tap), strict=True):
                self.partial.store(value, target, count)
            return []

        b.loop(lo, hi, rows, [], tile)


def tasks(nest: Nest, roles: RowsConvolution, machine: Machine, b: Builder) -> tuple[Int, Int]:
    """The number of tasks, and the estimated picoseconds for each."""
    extents = [evaluate(b, loop.extent, nest.symbols) for loop in nest.loops]
    cut = schedule(nest, roles, machine)
    rows = count_of(b, [extents[i] for i in roles.rows])
    count = b.mul(count_blocks(b, rows, cut.block), count_blocks(b, extents[roles.product.n], cut.width))
    count = b.mul(count, count_of(b, [extents[i] for i in roles.product.batch]))
    depth = count_of(b, [extents[i] for i in (*roles.taps, roles.product.k)])
    return count, b.mul(b.mul(b.min(rows, cut.block), depth), PICOSECONDS * cut.width)
