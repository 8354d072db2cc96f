# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for the items of Winograd's convolutions: channels side by side in all that is transformed and multiplied."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mlir import ir

from mograph.targets.cpu.body import VectorBody
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.cook_toom import Matrix, transforms
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Access, Seen
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.transpose import copy_across

if TYPE_CHECKING:
    from mograph.targets.cpu.winograd import Roles, Schedule

Load = Callable[[Int, int], ir.Value]  # (the line, the number in it) -> a vector
Store = Callable[[Int, int, ir.Value], None]


class Squares:
    """Makes the code of a group's items with builder `b`."""

    def __init__(
        self,
        b: Builder,
        group: Group,
        at_and_filled: tuple[int, bool],
        roles: "Roles",
        schedule: "Schedule",
        seen: Sequence[Seen],
        machine: Machine,
    ) -> None:
        self.b, self.roles, self.cut, self.machine = b, roles, schedule, machine
        at, filled = at_and_filled
        nest = group.nests[at]
        self.bases = seen[at].bases
        self.strides = [[stride.constant for stride in access.strides] for access in nest.memory]
        result = nest.accesses[2]
        assert isinstance(result, Access)
        self.type, self.bytes = result.element, element_bytes(result.element)
        self.lanes = machine.vector_bits // (8 * self.bytes)
        self.vector = ir.VectorType.get([self.lanes], self.type)
        self.by = transforms(schedule.square, roles.taps)
        self.across = -(-roles.columns // schedule.square)  # squares in a row of them
        self.down = -(-roles.rows // schedule.square)
        self.most = schedule.high * self.across  # squares of an item
        # From one place to the next it is a line of the cache more than needed, since multiples of a page would all be
        # kept in the same few lines of it.
        self.filter_plane, self.input_plane, self.product_plane = (
            size + self.lanes
            for size in (roles.channels * roles.results, self.most * roles.channels, self.most * roles.results)
        )
        self.fill = VectorBody(b, group.nests[0], seen[0], 0, False) if filled else None
        self.first = b.stack(self.type, self.by.size**2 * self.lanes, 64)  # transformed in one direction
        self.zeros = b.stack(self.type, self.lanes, 64)
        matrices = (self.by.filter, self.by.input, self.by.output)
        factors = (factor for matrix in matrices for row in matrix for factor in row)
        self.factors = sorted({factor for factor in factors if factor not in (0, 1)})
        self.numbers = b.stack(self.type, max(1, len(self.factors)), 64)

    def emit(self, lo: Int, hi: Int) -> None:
        """The items lo <= i < hi."""
        b, roles, places = self.b, self.roles, self.by.size**2
        b.store(b.number(self.vector, 0), self.zeros, self.bytes)
        for i, factor in enumerate(self.factors):
            b.store(b.number(self.type, float(factor)), b.address(self.numbers, i, self.type), self.bytes)
        reach = self.cut.high * self.cut.square + roles.taps - 1
        sizes = [places * plane for plane in (self.filter_plane, self.input_plane, self.product_plane)]
        if not roles.last:
            filters = roles.taps**2 * roles.channels * roles.results
            pixels = self.cut.high * self.cut.square * roles.columns * roles.results
            sizes += [max(filters, reach * self.strides[roles.x][roles.row] * roles.channels), pixels]
        memrefs = [self._allocate(size) for size in sizes]
        self.filters, self.inputs, self.products, *moved = (Descriptor(b, memref).aligned() for memref in memrefs)
        if not roles.last:
            self.turned, self.results = moved
        self._filters()
        blocks = -(-self.down // self.cut.high)

        def item(index: Int) -> None:
            image, block = b.split(index, blocks)
            high = b.mul(block, self.cut.high)
            self._item(image, high, b.min(b.sub(self.down, high), self.cut.high))

        b.each(lo, hi, 1, item)
        for memref in memrefs:
            b.create("memref.dealloc", [], [memref])

    def _allocate(self, size: int) -> ir.Value:
        type_ = ir.MemRefType.get([size], self.type)
        segments = ir.DenseI32ArrayAttr.get([0, 0])
        alignment = ir.IntegerAttr.get(self.b.i64, 64)
        attributes = {"operandSegmentSizes": segments, "alignment": alignment}
        return self.b.create("memref.alloc", [type_], [], attributes).results[0]

    # Transforms

    def _square(self, matrix: Matrix, load: Load, store: Store) -> None:
        """M d M^T, where `load(column, row)` gives the vectors of d and `store(row, column, vector)` takes those of the
        result: first along the columns, which are in between on the stack, then along the rows.
        """
        b, rows, columns = self.b, len(matrix), len(matrix[0])

        def between(row: Int, column: Int) -> ir.Value:
            return b.address(self.first, b.mul(b.add(b.mul(row, columns), column), self.lanes), self.type)

        def along_column(column: Int) -> None:
            line = [load(column, row) for row in range(columns)]
            for row, value in enumerate(self._combined(matrix, line)):
                b.store(value, between(row, column), self.bytes)

        def along_row(row: Int) -> None:
            line = [b.load(self.vector, between(row, column), self.bytes) for column in range(columns)]
            for column, value in enumerate(self._combined(matrix, line)):
                store(row, column, value)

        b.each(0, columns, 1, along_column)
        b.each(0, rows, 1, along_row)

    def _combined(self, matrix: Matrix, line: Sequence[ir.Value]) -> list[ir.Value]:
        """The sums of a line of vectors with the factors in each row of a matrix."""
        found = []
        for row in matrix:
            total: ir.Value | None = None
            # What has the factor 1 first, so that nothing but additions is left for the others of them.
            for factor, value in sorted(zip(row, line, strict=True), key=lambda pair: pair[0] != 1):
                if factor:
                    total = self._added(total, factor, value)
            assert total is not None
            found.append(total)
        return found

    def _added(self, total: ir.Value | None, factor: Fraction, value: ir.Value) -> ir.Value:
        b, type_ = self.b, self.vector
        if total is None:
            return value if factor == 1 else b.one("arith.mulf", type_, value, self._factor(factor))
        if abs(factor) == 1:
            return b.one("arith.addf" if factor > 0 else "arith.subf", type_, total, value)
        number = self._factor(factor)
        if self.machine.fused:
            return b.one("math.fma", type_, value, number, total)
        return b.one("arith.addf", type_, total, b.one("arith.mulf", type_, value, number))

    def _factor(self, factor: Fraction) -> ir.Value:
        """A vector full of a factor, from memory: constants would occupy registers that products need."""
        b = self.b
        spread = b.load(self.type, b.address(self.numbers, self.factors.index(factor), self.type), self.bytes)
        return b.one("vector.broadcast", self.vector, spread)

    def _filters(self) -> None:
        """The transformed filter: for each place a panel for every `width` results, of a row for each channel."""
        b, roles, width = self.b, self.roles, self.cut.width
        source, strides = self.bases[roles.w], self.strides[roles.w]
        tap, channels = [strides[roles.row_tap], strides[roles.column_tap]], strides[roles.channel]
        if not roles.last:
            # The filter of a result is one line of channels and taps; what results have side by side is wanted.
            lines = roles.channels * roles.taps**2
            copy_across(
                b, self.type, (source, strides[roles.result]), (self.turned, roles.results), (lines, roles.results),
                self.machine.vector_bits,
            )  # fmt: skip
            source = self.turned
            tap, channels = [stride * roles.results for stride in tap], channels * roles.results

        def one(channel: Int, result: Int) -> None:
            start = b.address(source, b.add(b.mul(channel, channels), result), self.type)
            panel, lane = b.split(result, width)
            panel = b.mul(b.add(b.mul(panel, roles.channels), channel), width)
            target = b.address(self.filters, b.add(panel, lane), self.type)

            def load(column: Int, row: int) -> ir.Value:
                at = b.address(b.address(start, b.mul(column, tap[1]), self.type), row * tap[0], self.type)
                return b.load(self.vector, at, self.bytes)

            def store(row: Int, column: int, value: ir.Value) -> None:
                place = b.mul(b.add(b.mul(row, self.by.size), column), self.filter_plane)
                b.store(value, b.address(target, place, self.type), self.bytes)

            self._square(self.by.filter, load, store)

        self._grid(roles.channels, roles.results, one)

    def _item(self, image: Int, top: Int, high: Int) -> None:
        """`high` rows of squares from row `top` of an image on."""
        b, roles, square = self.b, self.roles, self.cut.square
        x, y = self.strides[roles.x], self.strides[2]
        pixel = b.mul(top, square)
        starts = []
        for base, strides in ((self.bases[roles.x], x), (self.bases[2], y)):
            offset = b.mul(pixel, strides[roles.row])
            if roles.image is not None:
                offset = b.add(offset, b.mul(image, strides[roles.image]))
            starts.append(b.address(base, offset, self.type))
        source, target = starts
        rows = b.min(b.sub(roles.rows, pixel), b.mul(high, square))  # of the result
        if roles.last:
            steps = x[roles.row], x[roles.column]
        else:
            steps = x[roles.row] * roles.channels, roles.channels
            pixels = b.add(b.mul(b.add(rows, roles.taps - 2), x[roles.row]), roles.columns + roles.taps - 1)
            copy_across(
                b, self.type, (source, x[roles.channel]), (self.turned, roles.channels), (pixels, roles.channels),
                self.machine.vector_bits,
            )  # fmt: skip
            source = self.turned
        self._inputs(source, steps, high, rows)
        self._multiply(b.mul(high, self.across))
        if roles.last:
            self._outputs(target, (y[roles.row], y[roles.column]), high, rows)
            return
        self._outputs(self.results, (roles.columns * roles.results, roles.results), high, rows)
        count = b.mul(rows, roles.columns)
        copy_across(
            b, self.type, (self.results, roles.results), (target, y[roles.result]), (roles.results, count),
            self.machine.vector_bits,
        )  # fmt: skip

    def _each_square(self, high: Int, vectors: int, body: Callable[[Int, Int, Int], None]) -> None:
        """`body(row, column, lane)` for all squares of an item, and each vector of so many elements."""
        self.b.each(0, high, 1, lambda row: self._grid(self.across, vectors, lambda *at: body(row, *at)))

    def _grid(self, count: int, elements: int, body: Callable[[Int, Int], None]) -> None:
        """`body(number, lane)` for so many things, and each vector of so many elements."""
        b = self.b
        b.each(0, count, 1, lambda number: b.each(0, elements, self.lanes, lambda lane: body(number, lane)))

    def _place(self, base: ir.Value, row: Int, column: Int, lane: Int, elements: int) -> ir.Value:
        """Where the vector of a square at the first place of its transform is."""
        b = self.b
        number = b.add(b.mul(row, self.across), column)
        return b.address(base, b.add(b.mul(number, elements), lane), self.type)

    def _inputs(self, source: ir.Value, steps: tuple[int, int], high: Int, rows: Int) -> None:
        """Transforms the input under all squares. What lies behind the last window that counts is 0."""
        b, roles, square, size = self.b, self.roles, self.cut.square, self.by.size
        whole = roles.rows % square == 0, roles.columns % square == 0
        ends = b.add(rows, roles.taps - 1), roles.columns + roles.taps - 1

        def one(row: Int, column: Int, channel: Int) -> None:
            corner = b.mul(row, square), b.mul(column, square)
            offset = b.add(b.add(b.mul(corner[0], steps[0]), b.mul(corner[1], steps[1])), channel)
            start = b.address(source, offset, self.type)
            target = self._place(self.inputs, row, column, channel, roles.channels)

            def load(i: Int, j: int) -> ir.Value:
                at = b.address(b.address(start, b.mul(i, steps[1]), self.type), j * steps[0], self.type)
                for axis, index in ((0, j), (1, i)):
                    if not whole[axis] and not (isinstance(index, int) and index < roles.taps):
                        less = ir.IntegerAttr.get(b.i64, 2)
                        place = b.value(b.add(corner[axis], index))
                        inside = b.one("arith.cmpi", b.i1, place, b.value(ends[axis]), predicate=less)
                        at = b.one("arith.select", b.ptr, inside, at, self.zeros)
                return b.load(self.vector, at, self.bytes)

            def store(i: Int, j: int, value: ir.Value) -> None:
                place = b.mul(b.add(b.mul(i, size), j), self.input_plane)
                b.store(value, b.address(target, place, self.type), self.bytes)

            self._square(self.by.input, load, store)

        self._each_square(high, roles.channels, one)

    def _multiply(self, squares: Int) -> None:
        """For each place a product of matrices: squares by channels, and channels by results."""
        b, roles, width, rows = self.b, self.roles, self.cut.width, self.cut.rows
        panels = roles.results // width

        def panel(number: Int) -> None:
            place, panel = b.split(number, panels)
            filters = b.add(b.mul(place, self.filter_plane), b.mul(panel, roles.channels * width))
            filters_at = b.address(self.filters, filters, self.type)

            def tile(start: Int) -> None:
                # The last tile ends with the last square, and may compute some again.
                square = b.min(start, b.sub(squares, rows))
                offset = b.add(b.mul(place, self.input_plane), b.mul(square, roles.channels))
                source = b.address(self.inputs, offset, self.type)
                into = b.add(b.mul(place, self.product_plane), b.mul(square, roles.results))
                target = b.address(self.products, b.add(into, b.mul(panel, width)), self.type)

                def step(channel: ir.Value, totals: list[ir.Value]) -> list[ir.Value]:
                    right = self._vectors(b.address(filters_at, b.mul(channel, width), self.type))
                    rights = [b.load(self.vector, each, self.bytes) for each in right]
                    found = []
                    at = b.address(source, channel, self.type)
                    for row in range(rows):
                        left = b.load(self.type, b.address(at, row * roles.channels, self.type), self.bytes)
                        spread = b.one("vector.broadcast", self.vector, left)
                        for each in rights:
                            found.append(self._more(spread, each, totals[len(found)]))
                    return found

                start_ = [b.number(self.vector, 0)] * (rows * width // self.lanes)
                sums = b.loop(0, roles.channels, 1, start_, step)
                for row in range(rows):
                    for into_ in self._vectors(b.address(target, row * roles.results, self.type)):
                        b.store(sums.pop(0), into_, self.bytes)

            b.each(0, squares, rows, tile)

        b.each(0, self.by.size**2 * panels, 1, panel)

    def _vectors(self, start: ir.Value) -> list[ir.Value]:
        """Where the vectors of a row of a tile are."""
        return [self.b.address(start, lane, self.type) for lane in range(0, self.cut.width, self.lanes)]

    def _more(self, left: ir.Value, right: ir.Value, total: ir.Value) -> ir.Value:
        b = self.b
        if self.machine.fused:
            return b.one("math.fma", self.vector, left, right, total)
        return b.one("arith.addf", self.vector, total, b.one("arith.mulf", self.vector, left, right))

    def _outputs(self, target: ir.Value, steps: tuple[int, int], high: Int, rows: Int) -> None:
        """Transforms the products of all squares back, and adds them to what the results are."""
        b, roles, square, size = self.b, self.roles, self.cut.square, self.by.size
        whole = roles.rows % square == 0, roles.columns % square == 0
        ends = rows, roles.columns

        def one(row: Int, column: Int, result: Int) -> None:
            corner = b.mul(row, square), b.mul(column, square)
            offset = b.add(b.add(b.mul(corner[0], steps[0]), b.mul(corner[1], steps[1])), result)
            start = b.address(target, offset, self.type)
            source = self._place(self.products, row, column, result, roles.results)

            def load(i: Int, j: int) -> ir.Value:
                place = b.mul(b.add(j * size, i), self.product_plane)
                return b.load(self.vector, b.address(source, place, self.type), self.bytes)

            def store(i: Int, j: int, value: ir.Value) -> None:
                at = b.address(b.address(start, b.mul(i, steps[0]), self.type), j * steps[1], self.type)

                def put() -> None:
                    b.store(self._total(value, at), at, self.bytes)

                less = ir.IntegerAttr.get(b.i64, 2)
                inside = [
                    b.one("arith.cmpi", b.i1, b.value(b.add(corner[axis], index)), b.value(ends[axis]), predicate=less)
                    for axis, index in ((0, i), (1, j))
                    if not whole[axis] and not (isinstance(index, int) and index == 0)
                ]
                if not inside:
                    put()
                else:
                    b.if_(inside[0] if len(inside) == 1 else b.one("arith.andi", b.i1, *inside), put)

            self._square(self.by.output, load, store)

        self._each_square(high, roles.results, one)

    def _total(self, value: ir.Value, at: ir.Value) -> ir.Value:
        start = self.fill.apply({}, {}, self.lanes)[0] if self.fill else self.b.load(self.vector, at, self.bytes)
        return self.b.one("arith.addf", self.vector, start, value)
