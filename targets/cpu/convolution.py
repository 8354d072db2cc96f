# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for convolutions: products of matrices of which B is read through windows that slide over it.

Any nest C[…, m, n…] = combine(C[…, m, n…], term(A[…, m, k…], B[…, n…, k…])) whose columns n and whose sums k may each
be several loops, as long as C walks the columns, and A the sums, as one loop would. A task copies what lies under the
windows of its columns to panels, in runs of columns that are neighbours in B, and goes through its rows in register
tiles: no matrix of the windows' elements is ever in memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from mlir import ir

from mograph.targets.cpu.body import VectorBody
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.convolution_schedule import Schedule, choose
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.matmul import DEPTH, PICOSECONDS, SMALLEST, Product
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.nest import Product as Extent
from mograph.targets.cpu.partial import Partial, element_bits, element_bytes
from mograph.targets.cpu.plan import vectorizable
from mograph.targets.cpu.strided import Strided

FEWEST_ROWS = 4  # with fewer, copying B costs more than the products
WIDEST_STEP = 4  # columns that start further apart in B are copied one by one
UNROLLED = 8  # taps of a window's last axis


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


def known(extents: Sequence[Extent]) -> int | None:
    """The product of extents where all of them are known."""
    return None if any(extent.symbols for extent in extents) else prod(extent.constant for extent in extents)


def result_bits(nest: Nest) -> int:
    """Of the widest number that the body computes with."""
    return max(element_bits(value.type) for op in nest.body_ops[:-1] for value in op.results)


def schedule(nest: Nest, roles: Convolution, machine: Machine) -> Schedule:
    """How the convolution is cut."""
    loops = nest.loops
    return choose(
        known([loops[roles.product.m].extent]),
        known([loops[i].extent for i in roles.columns]),
        [known([loops[i].extent]) for i in roles.sums],
        known([loops[i].extent for i in roles.product.batch]),
        result_bits(nest),
        machine,
    )


class ConvolutionCode:
    """Makes the code of a convolution's tasks with builder `b`."""

    def __init__(self, b: Builder, nest: Nest, roles: Convolution, seen: Seen, machine: Machine) -> None:
        self.b, self.nest, self.roles, self.columns, self.sums = b, nest, roles.product, roles.columns, roles.sums
        self.schedule = schedule(nest, roles, machine)
        self.bases, self.partial, self.masks = seen.bases, Partial(b, machine.masks), machine.masks
        self.extents = [evaluate(b, loop.extent, seen.symbols) for loop in nest.loops]
        self.strides = [[evaluate(b, stride, seen.symbols) for stride in access.strides] for access in nest.memory]
        self.types = [storage_type(access.element) for access in nest.memory]
        self.taps = prod(nest.loops[i].extent.constant for i in self.sums[1:])
        self.total = count_of(b, [self.extents[i] for i in self.columns])
        width = self.schedule.width
        whole = isinstance(self.total, int) and self.total % width == 0
        self.count: Callable[[Int], Int | None] = lambda column: (
            None if whole else b.min(b.sub(self.total, column), width)
        )
        self.panels = b.stack(self.types[self.roles.b], self.schedule.panels * self.schedule.depth * width, 64)
        if not self.masks:
            self.part = b.stack(self.types[2], self.schedule.rows * width, 64)
        self.body, self.strided = VectorBody(b, nest, seen, self.columns[-1], machine.fused), Strided(b)

    def emit(self, lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        self.b.loop(lo, hi, 1, [], self._task)

    def _task(self, task: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        b, roles, cut = self.b, self.roles, self.schedule
        rest, group = b.split(task, count_blocks(b, self.total, cut.width * cut.panels))
        rest, row_block = b.split(rest, count_blocks(b, self.extents[roles.m], cut.block))
        offsets: list[Int] = [0, 0, 0]
        for loop in reversed(roles.batch):
            rest, index = b.split(rest, self.extents[loop])
            offsets = self._move(offsets, loop, index)
        first, row = b.mul(group, cut.width * cut.panels), b.mul(row_block, cut.block)
        last = b.min(self.extents[roles.m], b.add(row, cut.block))
        end = b.min(self.total, b.add(first, cut.width * cut.panels))

        def panels(body: Callable[[Int, Int], None]) -> None:
            """`body(column, place)` for each panel: its first column, and where it is."""

            def one(column: Int) -> None:
                body(column, b.mul(b.sub(column, first), cut.depth))

            if cut.panels == 1:
                one(first)
            else:
                b.each(first, end, cut.width, one)

        def slab(k: Int) -> None:
            outer = b.min(b.sub(self.extents[self.sums[0]], k), cut.depth // self.taps)
            inner = self._move(offsets, self.sums[0], k)
            panels(lambda column, place: self._copy(inner[roles.b], outer, column, place))
            depth = b.mul(outer, self.taps)

            def tile(row: Int, rows: int) -> None:
                moved = self._move(inner, roles.m, row)
                panels(lambda column, place: self._tile(moved, rows, depth, column, place))

            self._rows(row, last, tile)

        b.each(0, self.extents[self.sums[0]], cut.depth // self.taps, slab)
        return []

    def _rows(self, lo: Int, hi: Int, tile: Callable[[Int, int], None]) -> None:
        """All rows in tiles; what remains of a known number is a tile too, and else row by row."""
        b, size, extent = self.b, self.schedule.rows, self.extents[self.roles.m]
        rest = extent % size if isinstance(extent, int) else 1
        main = b.add(lo, b.mul(b.split(b.sub(hi, lo), size)[0], size))
        b.each(lo, main, size, lambda row: tile(row, size))
        if rest:
            b.each(main, hi, rest, lambda row: tile(row, rest))

    def _move(self, offsets: Sequence[Int], loop: int, index: Int) -> list[Int]:
        moves = [self.b.mul(index, strides[loop]) for strides in self.strides]
        return [self.b.add(offset, move) for offset, move in zip(offsets, moves, strict=True)]

    # Copying B

    def _offset(self, column: Int, loops: Sequence[int]) -> Int:
        """How far into B the loops of columns are at `column`, their number in order."""
        b = self.b
        offset: Int = 0
        for loop in reversed(loops[1:]):
            column, index = b.split(column, self.extents[loop])
            offset = b.add(offset, b.mul(index, self.strides[self.roles.b][loop]))
        return b.add(offset, b.mul(column, self.strides[self.roles.b][loops[0]])) if loops else offset

    def _copy(self, offset: Int, outer: Int, column: Int, place: Int) -> None:
        """Copies what lies under a panel's windows: a row for each sum, `outer` times the inner ones.

        The columns are runs of neighbours in B, each a line of B or a part of one.
        """
        b, width = self.b, self.schedule.width
        count = self.count(column)
        total = width if count is None else count
        extent, along = self.extents[self.columns[-1]], self.strides[self.roles.b][self.columns[-1]]
        rest, first = b.split(column, extent)
        runs, _ = b.split(b.add(first, b.sub(total, 1)), extent)

        def run(number: Int) -> None:
            before = b.sub(b.mul(number, extent), first)  # lanes before this run's line of B starts
            start = b.value(b.sub(0, b.min(0, b.sub(0, before))))
            end = b.value(b.min(total, b.add(before, extent)))
            line = self._offset(b.add(rest, number), self.columns[:-1])
            origin = b.add(offset, b.sub(line, b.mul(before, along)))
            if isinstance(along, int) and 0 < along <= WIDEST_STEP and self.masks:
                self._sums(origin, outer, place, self._masked(start, end, along), unrolled=True)
            else:
                self._sums(origin, outer, place, self._each(start, end, along), unrolled=False)

        b.each(0, b.add(runs, 1), 1, run)

    def _sums(
        self, origin: Int, outer: Int, place: Int, copy: Callable[[ir.Value, ir.Value], None], unrolled: bool
    ) -> None:
        """`copy(source, target)` for each sum: where its lane 0 lies in B, and in the panel."""
        b, roles = self.b, self.roles
        storage, last = self.types[roles.b], len(self.sums) - 1

        def level(depth: int, offset: Int, row: Int) -> None:
            if depth == len(self.sums):
                target = b.add(place, b.mul(row, self.schedule.width))
                copy(b.address(self.bases[roles.b], offset, storage), b.address(self.panels, target, storage))
                return
            loop = self.sums[depth]
            extent = self.extents[loop] if depth else outer

            def step(index: Int) -> None:
                moved = b.add(offset, b.mul(index, self.strides[roles.b][loop]))
                level(depth + 1, moved, b.add(b.mul(row, extent), index) if depth else index)

            if 0 < depth == last and isinstance(extent, int) and extent <= UNROLLED and unrolled:
                for index in range(extent):
                    step(index)
            else:
                b.each(0, extent, 1, step)

        level(0, origin, 0)

    def _masked(self, start: ir.Value, end: ir.Value, along: int) -> Callable[[ir.Value, ir.Value], None]:
        """Copies the lanes start <= i < end of a row, `along` elements apart, and zeros behind them, which the next
        runs replace.
        """
        b, width, storage = self.b, self.schedule.width, self.types[self.roles.b]
        vector, bytes_ = ir.VectorType.get([width], storage), element_bytes(storage)
        kept, read = self.strided.mask(width, 1, width, start), self.strided.mask(width, along, end, start)

        def copy(source: ir.Value, target: ir.Value) -> None:
            b.store_lanes(self.strided.load(vector, source, along, bytes_, read), target, bytes_, kept)

        return copy

    def _each(self, start: ir.Value, end: ir.Value, along: Int) -> Callable[[ir.Value, ir.Value], None]:
        """Copies the lanes start <= i < end of a row, in registers where they are neighbours and one by one."""
        b, storage = self.b, self.types[self.roles.b]
        size = self.schedule.width // 2
        bytes_ = element_bytes(storage)
        near = isinstance(along, int) and along == 1
        main = b.add(start, b.round_down(b.sub(end, start), size)) if near else start

        def copy(source: ir.Value, target: ir.Value) -> None:
            def move(type_: ir.Type, lane: Int) -> None:
                value = b.load(type_, b.address(source, b.mul(lane, along), storage), bytes_)
                b.store(value, b.address(target, lane, storage), bytes_)

            if near:
                b.each(start, main, size, lambda lane: move(ir.VectorType.get([size], storage), lane))
            b.each(main, end, 1, lambda lane: move(storage, lane))

        return copy

    # Products

    def _tile(self, offsets: Sequence[Int], rows: int, depth: Int, column: Int, place: Int) -> None:
        b, roles, width, count = self.b, self.roles, self.schedule.width, self.count(column)
        storage = self.types[2]
        base = b.address(self.bases[2], b.add(offsets[2], column), storage)
        stride = self.strides[2][roles.m]
        if count is None:
            self._products(offsets, rows, depth, place, base, stride)
        elif self.masks:
            self._products(offsets, rows, depth, place, base, stride, self.partial.mask(width, count))
        else:
            # A part of a tile is combined in a copy of it on the stack.
            at_least = ir.IntegerAttr.get(b.i64, 5)
            whole = b.one("arith.cmpi", b.i1, b.value(count), b.value(width), predicate=at_least)
            part = b.one("arith.xori", b.i1, whole, b.number(b.i1, 1))
            copied = self.part, width

            def move(source: tuple[ir.Value, Int], target: tuple[ir.Value, Int]) -> None:
                bytes_ = element_bytes(storage)

                def one(row: ir.Value, lane: ir.Value) -> None:
                    at, to = (b.address(x, b.add(b.mul(row, s), lane), storage) for x, s in (source, target))
                    b.store(b.load(storage, at, bytes_), to, bytes_)

                b.if_(part, lambda: b.grid(0, rows, 0, count, 1, one))

            move((base, stride), copied)
            chosen = b.one("arith.select", b.ptr, whole, base, self.part)
            between = b.one("arith.select", b.i64, whole, b.value(stride), b.value(width))
            self._products(offsets, rows, depth, place, chosen, between)
            move(copied, (base, stride))

    def _products(
        self,
        offsets: Sequence[Int],
        rows: int,
        depth: Int,
        place: Int,
        base: ir.Value,
        stride: Int,
        lanes: ir.Value | None = None,
    ) -> None:
        """Combines the tile at `base`, whose rows are `stride` apart and of which the `lanes` exist."""
        b, roles, width = self.b, self.roles, self.schedule.width
        a_type, b_type, c_type = (self.types[i] for i in (roles.a, roles.b, 2))
        targets = [b.address(base, b.mul(r, stride), c_type) for r in range(rows)]
        lines = [
            b.address(self.bases[roles.a], b.add(offsets[roles.a], b.mul(r, self.strides[roles.a][roles.m])), a_type)
            for r in range(rows)
        ]
        vector, alignment = ir.VectorType.get([width], c_type), element_bytes(c_type)
        start = [b.load_lanes(vector, target, alignment, lanes) for target in targets]

        def step(k: ir.Value, totals: list[ir.Value]) -> list[ir.Value]:
            at = b.address(self.panels, b.add(place, b.mul(k, width)), b_type)
            right = b.load(ir.VectorType.get([width], b_type), at, element_bytes(b_type))
            along = b.mul(k, self.strides[roles.a][roles.k])
            lefts = [b.load(a_type, b.address(line, along, a_type), element_bytes(a_type)) for line in lines]
            terms = zip(lefts, totals, strict=True)
            return [self.body.apply({roles.a: left, roles.b: right, 2: total}, {}, width)[0] for left, total in terms]

        for target, value in zip(targets, b.loop(0, depth, 1, start, step), strict=True):
            b.store_lanes(value, target, alignment, lanes)


def count_of(b: Builder, extents: Sequence[Int]) -> Int:
    """The product."""
    total: Int = 1
    for extent in extents:
        total = b.mul(total, extent)
    return total


def count_blocks(b: Builder, extent: Int, size: int) -> Int:
    """The number of blocks of any size that cover `extent`."""
    return b.split(b.add(extent, size - 1), size)[0]


def tasks(nest: Nest, roles: Convolution, machine: Machine, b: Builder) -> tuple[Int, Int]:
    """The number of tasks, and the estimated picoseconds for each."""
    cut = schedule(nest, roles, machine)
    extents = [evaluate(b, loop.extent, nest.symbols) for loop in nest.loops]
    rows = extents[roles.product.m]
    columns = count_of(b, [extents[i] for i in roles.columns])
    count = b.mul(count_blocks(b, rows, cut.block), count_blocks(b, columns, cut.width * cut.panels))
    count = b.mul(count, count_of(b, [extents[i] for i in roles.product.batch]))
    depth = count_of(b, [extents[i] for i in roles.sums])
    return count, b.mul(b.mul(b.min(rows, cut.block), depth), PICOSECONDS * cut.width * cut.panels)
