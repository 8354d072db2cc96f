# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for convolutions: products of matrices of which B is read through windows that slide over it.

Any nest C[…, m, n…] = combine(C[…, m, n…], term(A[…, m, k…], B[…, n…, k…])) whose columns n and whose sums k may each
be several loops, as long as C walks the columns, and A the sums, as one loop would. `MatmulCode` does the rest: only
the copy of B to the panel knows of the windows, so that no matrix of their elements is ever in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.matmul import DEPTH, PICOSECONDS, ROWS, SMALLEST, MatmulCode, Product, tile_shape
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import vectorizable

FEWEST_ROWS = 4  # with fewer, copying B costs more than the products


@dataclass(frozen=True)
class Convolution:
    """The product that a convolution is, and the loops of its columns and of its sums, outermost first."""

    product: Product
    columns: tuple[int, ...]
    sums: tuple[int, ...]


def recognize(nest: Nest) -> Convolution | None:
    """The roles of the nest's operands and loops; None when it is no convolution, a product of matrices as it is, or
    too small.
    """
    sums = tuple(i for i, loop in enumerate(nest.loops) if loop.reduces)
    parallel = [i for i, loop in enumerate(nest.loops) if not loop.reduces]
    if not product_like(nest):
        return None
    taps = [nest.loops[i].extent for i in sums[1:]]
    if any(extent.symbols for extent in taps) or prod(extent.constant for extent in taps) > DEPTH:
        return None
    for a, b in ((0, 1), (1, 0)):
        x, y = nest.memory[a], nest.memory[b]
        columns = _columns(nest, parallel, x, y)
        rows = [i for i in parallel if x.strides[i] != ZERO and y.strides[i] == ZERO]
        if not columns or not rows or len(columns) == len(sums) == 1:
            continue
        rows_known = nest.loops[rows[-1]].extent
        if not rows_known.symbols and rows_known.constant < FEWEST_ROWS:
            continue
        if all(y.strides[i] != ZERO for i in sums) and x.strides[sums[-1]] != ZERO and as_one(nest, x, sums):
            batch = tuple(i for i in parallel if i != rows[-1] and i not in columns)
            return Convolution(Product(a, b, rows[-1], columns[-1], sums[-1], batch), columns, sums)
    return None


def product_like(nest: Nest) -> bool:
    """Whether a nest sums terms of two operands in memory, and enough of them to be worth a product's code."""
    if len(nest.memory) != len(nest.accesses) or len(nest.memory) != 3 or len(nest.outputs) != 1:
        return False
    if not any(loop.reduces for loop in nest.loops) or nest.indexed or not vectorizable(nest):
        return False
    known = prod(loop.extent.constant if not loop.extent.symbols else SMALLEST for loop in nest.loops)
    return known >= SMALLEST and all(storage_type(access.element) == access.element for access in nest.memory)


def _columns(nest: Nest, parallel: Sequence[int], x: Access, y: Access) -> tuple[int, ...]:
    """The innermost loops that B alone has and that C walks as one, element after element."""
    c = nest.outputs[0]
    found: tuple[int, ...] = ()
    for i in reversed(parallel):
        if x.strides[i] != ZERO or y.strides[i] == ZERO:
            break
        if c.strides[i] != ONE if not found else not as_one(nest, c, (i, found[0])):
            break
        found = (i, *found)
    return found


def as_one(nest: Nest, access: Access, loops: Sequence[int]) -> bool:
    """Whether the loops, outermost first, walk an operand as one loop would."""
    return all(
        access.strides[outer] == access.strides[inner] * nest.loops[inner].extent
        for outer, inner in zip(loops, loops[1:], strict=False)
    )


class ConvolutionCode(MatmulCode):
    """Makes the code of a convolution's tasks with builder `b`."""

    def __init__(self, b: Builder, nest: Nest, roles: Convolution, seen: Seen, machine: Machine) -> None:
        super().__init__(b, nest, roles.product, seen, machine)
        self.columns, self.sums = roles.columns, roles.sums
        self.taps = prod(nest.loops[i].extent.constant for i in self.sums[1:])
        along = self.strides[roles.product.b][self.columns[-1]]
        self.in_runs = machine.masks and isinstance(along, int) and along == 1
        self.places = [b.stack(b.i64, self.width, 64) for _ in range(3 if self.in_runs else 1)]

    def _task(self, task: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        b, roles = self.b, self.roles
        total = count_of(b, [self.extents[i] for i in self.columns])
        rest, panel = b.split(task, b.blocks(total, self.width))
        rest, row_block = b.split(rest, b.blocks(self.extents[roles.m], ROWS))
        offsets: list[Int] = [0, 0, 0]
        for loop in reversed(roles.batch):
            rest, index = b.split(rest, self.extents[loop])
            offsets = self._move(offsets, loop, index)
        column, row = b.mul(panel, self.width), b.mul(row_block, ROWS)
        offsets[2] = b.add(offsets[2], column)
        whole = isinstance(total, int) and total % self.width == 0
        count = None if whole else b.min(b.sub(total, column), self.width)
        last = b.min(self.extents[roles.m], b.add(row, ROWS))
        runs = self._place(column, self.width if count is None else count)
        step = DEPTH // self.taps

        def slab(k: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            outer = b.min(b.sub(self.extents[self.sums[0]], k), step)
            inner = self._move(offsets, self.sums[0], k)
            self._copy(inner[roles.b], outer, self.width if count is None else count, runs)
            depth = b.mul(outer, self.taps)
            main = b.add(row, self._multiple(b.sub(last, row)))
            for lo, hi, rows in ((row, main, self.tile_rows), (main, last, 1)):
                self._tiles(lo, hi, rows, inner, depth, count)
            return []

        b.loop(0, self.extents[self.sums[0]], step, [], slab)
        return []

    def _offset(self, column: Int, loops: Sequence[int]) -> Int:
        """How far into B the loops of columns are at `column`, their number in order."""
        b = self.b
        offset: Int = 0
        for loop in reversed(loops[1:]):
            column, index = b.split(column, self.extents[loop])
            offset = b.add(offset, b.mul(index, self.strides[self.roles.b][loop]))
        return b.add(offset, b.mul(column, self.strides[self.roles.b][loops[0]]))

    def _place(self, column: Int, count: Int) -> Int:
        """Note where the columns of a panel lie in B: each by itself, or in runs of neighbours; gives their number."""
        b = self.b
        if not self.in_runs:

            def one(lane: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
                b.store(b.value(self._offset(b.add(column, lane), self.columns)), self._slot(0, lane), 8)
                return []

            b.loop(0, count, 1, [], one)
            return count
        extent = self.extents[self.columns[-1]]
        rest, first = b.split(column, extent)
        runs, _ = b.split(b.add(first, b.sub(count, 1)), extent)

        def run(number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            before = b.sub(b.mul(number, extent), first)  # lanes before this run's line of B starts
            start = b.sub(0, b.min(0, b.sub(0, before)))
            end = b.min(count, b.add(before, extent))
            outer = self.columns[:-1]
            line = self._offset(b.add(rest, number), outer) if outer else 0
            for slot, value in enumerate((start, end, b.sub(line, before))):
                b.store(b.value(value), self._slot(slot, number), 8)
            return []

        total = b.add(runs, 1)
        b.loop(0, total, 1, [], run)
        return total

    def _slot(self, array: int, index: Int) -> ir.Value:
        return self.b.address(self.places[array], index, self.b.i64)

    def _noted(self, array: int, index: Int) -> ir.Value:
        return self.b.load(self.b.i64, self._slot(array, index), 8)

    def _copy(self, offset: Int, outer: Int, count: Int, runs: Int) -> None:
        """Copies what lies under a panel's windows to the panel: a row for each sum, `outer` times the inner ones."""
        b = self.b
        copy = self._copy_runs if self.in_runs else self._copy_each

        def level(depth: int, offset: Int, row: Int) -> None:
            if depth == len(self.sums):
                copy(offset, b.mul(row, self.width), count, runs)
                return
            loop = self.sums[depth]

            def step(index: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
                moved = b.add(offset, b.mul(index, self.strides[self.roles.b][loop]))
                level(depth + 1, moved, b.add(b.mul(row, self.extents[loop]), index) if depth else index)
                return []

            b.loop(0, self.extents[loop] if depth else outer, 1, [], step)

        level(0, offset, 0)

    def _copy_each(self, offset: Int, row: Int, count: Int, _: Int) -> None:
        b, storage = self.b, self._storage(self.roles.b)
        bytes_ = element_bytes(storage)

        def one(lane: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            source = b.address(self.bases[self.roles.b], b.add(offset, self._noted(0, lane)), storage)
            b.store(b.load(storage, source, bytes_), b.address(self.panel, b.add(row, lane), storage), bytes_)
            return []

        b.loop(0, count, 1, [], one)

    def _copy_runs(self, offset: Int, row: Int, _: Int, runs: Int) -> None:
        b, storage = self.b, self._storage(self.roles.b)
        vector, bytes_ = ir.VectorType.get([self.width], storage), element_bytes(storage)
        alignment = ir.IntegerAttr.get(b.i32, bytes_)

        def one(number: ir.Value, values: list[ir.Value]) -> list[ir.Value]:
            start, end, place = (self._noted(array, number) for array in range(3))
            until, before = (self.partial.mask(self.width, limit) for limit in (end, start))
            lanes = b.one("arith.xori", until.type, until, before)
            source = b.address(self.bases[self.roles.b], b.add(offset, place), storage)
            return [b.one("llvm.intr.masked.load", vector, source, lanes, values[0], alignment=alignment)]

        (value,) = b.loop(0, runs, 1, [b.number(vector, 0)], one)
        b.store(value, b.address(self.panel, row, storage), bytes_)


def count_of(b: Builder, extents: Sequence[Int]) -> Int:
    """The product."""
    total: Int = 1
    for extent in extents:
        total = b.mul(total, extent)
    return total


def tasks(nest: Nest, roles: Convolution, machine: Machine, b: Builder) -> tuple[Int, Int]:
    """The number of tasks, and the estimated picoseconds for each."""
    extents = [evaluate(b, loop.extent, nest.symbols) for loop in nest.loops]
    width, _ = tile_shape(nest, machine.vector_bits)
    rows = extents[roles.product.m]
    count = b.mul(b.blocks(rows, ROWS), b.blocks(count_of(b, [extents[i] for i in roles.columns]), width))
    count = b.mul(count, count_of(b, [extents[i] for i in roles.product.batch]))
    depth = count_of(b, [extents[i] for i in roles.sums])
    return count, b.mul(b.mul(b.min(rows, ROWS), depth), PICOSECONDS * width)
