# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for the items of Winograd's convolutions: channels side by side in all that is transformed and multiplied."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.convolution_results import TOGETHER, Lines, Results
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Seen
from mograph.targets.cpu.transpose import copy_across
from mograph.targets.cpu.winograd_filters import Filters
from mograph.targets.cpu.winograd_transform import Transformer

if TYPE_CHECKING:
    from mograph.targets.cpu.winograd import Roles, Schedule


class Squares:
    """Makes the code of a group's items with builder `b`. The transformed filter is what has been passed, or is made
    for each thread and part of the results.
    """

    def __init__(
        self,
        b: Builder,
        group: Group,
        at_and_begun: tuple[int, bool],
        roles: "Roles",
        schedule: "Schedule",
        filters: Filters,
        seen: Sequence[Seen],
        machine: Machine,
    ) -> None:
        self.b, self.roles, self.cut, self.machine, self.filters = b, roles, schedule, machine, filters
        at, begun = at_and_begun
        self.bases, self.passed = seen[at].bases, seen[at].passed
        self.strides = [[stride.constant for stride in access.strides] for access in group.nests[at].memory]
        self.type, self.lanes, self.by = filters.type, filters.lanes, filters.by
        self.across, self.down = schedule.across(roles), schedule.down(roles)
        self.part = roles.results // schedule.parts
        most = schedule.high * self.across  # squares of an item
        # As in the filter, planes begin in lines of the cache that are not the same.
        self.input_plane, self.product_plane = (most * size + self.lanes for size in (roles.channels, self.part))
        along = roles.result if roles.last else roles.column
        self.ends = Results(b, group, at, begun, along, seen, machine.fused)
        self.zeros = b.stack(self.type, self.lanes, 64)
        self.transformer = Transformer(b, self.type, self.lanes, machine.fused, [self.by.input, self.by.output])
        self.vector, self.bytes = self.transformer.vector, self.transformer.bytes

    def emit(self, lo: Int, hi: Int) -> None:
        """The items lo <= i < hi: blocks of squares, for one part of the results after the other."""
        b, roles, cut, places = self.b, self.roles, self.cut, self.by.size**2
        b.store(b.number(self.vector, 0), self.zeros, self.bytes)
        panels = self.part // cut.width
        sizes = [places * self.input_plane, places * self.product_plane]
        if not self.passed:
            sizes.append(panels * self.filters.panel)
        if not roles.last:
            reach = cut.high * cut.square + roles.taps - 1
            sizes.append(reach * self.strides[roles.x][roles.row] * roles.channels)
            pixels = cut.high * cut.square * roles.columns
            sizes += [pixels * self.part, pixels * TOGETHER]
        memrefs = [b.allocate(self.type, size) for size in sizes]
        self.inputs, self.products, *others = (Descriptor(b, memref).aligned() for memref in memrefs)
        own = None if self.passed else others.pop(0)
        if not roles.last:
            self.turned, self.results, self.lines = others
        high_blocks = -(-self.down // cut.high)
        blocks = roles.images * high_blocks

        def part(number: Int) -> None:
            if own is None:
                self.panels = b.address(self.passed[0], b.mul(number, panels * self.filters.panel), self.type)
            else:
                first = b.mul(number, panels)
                self.panels, source = own, self.bases[roles.w]
                self.filters.emit(b, self.machine.fused, source, own, (first, b.add(first, panels)))
            before = b.mul(number, blocks)
            start = b.sub(0, b.min(0, b.sub(before, lo)))

            def item(index: Int) -> None:
                image, block = b.split(index, high_blocks)
                top = b.mul(block, cut.high)
                self._item(image, top, b.min(b.sub(self.down, top), cut.high), b.mul(number, self.part))

            b.each(start, b.min(b.sub(hi, before), blocks), 1, item)

        if cut.parts == 1:
            part(0)
        else:
            last = b.split(b.sub(hi, 1), blocks)[0]
            b.each(b.split(lo, blocks)[0], b.add(last, 1), 1, part)
        for memref in memrefs:
            b.create("memref.dealloc", [], [memref])

    def _item(self, image: Int, top: Int, high: Int, first: Int) -> None:
        """`high` rows of squares from row `top` of an image on, for a part of the results from the first one on."""
        b, roles, square = self.b, self.roles, self.cut.square
        x, pixel = self.strides[roles.x], b.mul(top, square)
        offset = b.mul(pixel, x[roles.row])
        if roles.image is not None:
            offset = b.add(offset, b.mul(image, x[roles.image]))
        source = b.address(self.bases[roles.x], offset, self.type)
        rows = b.min(b.sub(roles.rows, pixel), b.mul(high, square))  # of the result
        steps = x[roles.row], x[roles.column]
        if not roles.last:
            steps = x[roles.row] * roles.channels, roles.channels
            pixels = b.add(b.mul(b.add(rows, roles.taps - 2), x[roles.row]), roles.columns + roles.taps - 1)
            copy_across(
                b, self.type, (source, x[roles.channel]), (self.turned, roles.channels), (pixels, roles.channels),
                self.machine.vector_bits,
            )  # fmt: skip
            source = self.turned
        self._inputs(source, steps, high, rows)
        self._multiply(b.mul(high, self.across))
        at = {roles.result: first, roles.row: pixel} | ({} if roles.image is None else {roles.image: image})
        if roles.last:

            def finish(row: Int, column: Int, result: Int, value: ir.Value) -> None:
                places = self.ends.places({**at, roles.row: b.add(pixel, row), roles.column: column})
                self.ends.finish(value, places, result, self.lanes, None)

            self._outputs(high, rows, finish)
            return

        def put(row: Int, column: Int, result: Int, value: ir.Value) -> None:
            offset = b.add(b.mul(b.add(b.mul(row, roles.columns), column), self.part), result)
            b.store(value, b.address(self.results, offset, self.type), self.bytes)

        self._outputs(high, rows, put)
        into = self.lines, self.cut.high * square * roles.columns
        lines = Lines(self.ends, roles.result, self.type, self.machine)
        lines.emit((self.results, self.part), into, at, self.part, b.mul(rows, roles.columns))

    def _each_square(self, high: Int, elements: int, body: Callable[[Int, Int, Int], None]) -> None:
        """`body(row, column, lane)` for all squares of an item, and each vector of so many elements."""
        b = self.b

        def one(row: Int, column: Int) -> None:
            b.each(0, elements, self.lanes, lambda lane: body(row, column, lane))

        b.each(0, high, 1, lambda row: b.each(0, self.across, 1, lambda column: one(row, column)))

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

            self.transformer.square(self.by.input, load, store)

        self._each_square(high, roles.channels, one)

    def _multiply(self, squares: Int) -> None:
        """For each place a product of matrices: squares by channels, and channels by results."""
        b, channels, width, rows = self.b, self.roles.channels, self.cut.width, self.cut.rows

        def panel(place: Int, number: Int) -> None:
            into = b.add(b.mul(number, self.filters.panel), b.mul(place, self.filters.plane))
            filters = b.address(self.panels, into, self.type)

            def tile(start: Int) -> None:
                # The last tile ends with the last square, and may compute some again.
                square = b.min(start, b.sub(squares, rows))
                offset = b.add(b.mul(place, self.input_plane), b.mul(square, channels))
                source = b.address(self.inputs, offset, self.type)
                into = b.add(b.mul(place, self.product_plane), b.mul(square, self.part))
                target = b.address(self.products, b.add(into, b.mul(number, width)), self.type)

                def step(channel: ir.Value, totals: list[ir.Value]) -> list[ir.Value]:
                    row = self._vectors(b.address(filters, b.mul(channel, width), self.type))
                    rights = [b.load(self.vector, each, self.bytes) for each in row]
                    for each in row:
                        b.prefetch(b.address(each, self.filters.plane, self.type), 2)
                    at, found = b.address(source, channel, self.type), list[ir.Value]()
                    for r in range(rows):
                        left = b.load(self.type, b.address(at, r * channels, self.type), self.bytes)
                        spread = b.one("vector.broadcast", self.vector, left)
                        for right in rights:
                            found.append(self.transformer.more(spread, right, totals[len(found)]))
                    return found

                zeros = [b.number(self.vector, 0)] * (rows * width // self.lanes)
                totals = iter(b.loop(0, channels, 1, zeros, step))
                for r in range(rows):
                    for each in self._vectors(b.address(target, r * self.part, self.type)):
                        b.store(next(totals), each, self.bytes)

            b.each(0, squares, rows, tile)

        b.each(
            0, self.part // width, 1,
            lambda number: b.each(0, self.by.size**2, 1, lambda place: panel(place, number)),
        )  # fmt: skip

    def _vectors(self, start: ir.Value) -> list[ir.Value]:
        """Where the vectors of a row of a tile are."""
        return [self.b.address(start, lane, self.type) for lane in range(0, self.cut.width, self.lanes)]

    def _outputs(self, high: Int, rows: Int, use: Callable[[Int, Int, Int, ir.Value], None]) -> None:
        """Transforms the products of all squares back: `use(row, column, result, sums)` for each place of an item."""
        b, roles, square, size = self.b, self.roles, self.cut.square, self.by.size
        whole = roles.rows % square == 0, roles.columns % square == 0
        ends = rows, roles.columns

        def one(row: Int, column: Int, result: Int) -> None:
            corner = b.mul(row, square), b.mul(column, square)
            source = self._place(self.products, row, column, result, self.part)

            def load(i: Int, j: int) -> ir.Value:
                place = b.mul(b.add(j * size, i), self.product_plane)
                return b.load(self.vector, b.address(source, place, self.type), self.bytes)

            def store(i: Int, j: int, value: ir.Value) -> None:
                at = b.add(corner[0], i), b.add(corner[1], j)
                less = ir.IntegerAttr.get(b.i64, 2)
                inside = [
                    b.one("arith.cmpi", b.i1, b.value(at[axis]), b.value(ends[axis]), predicate=less)
                    for axis, index in ((0, i), (1, j))
                    if not whole[axis] and not (isinstance(index, int) and index == 0)
                ]
                if not inside:
                    use(*at, result, value)
                else:
                    both = inside[0] if len(inside) == 1 else b.one("arith.andi", b.i1, *inside)
                    b.if_(both, lambda: use(*at, result, value))

            self.transformer.square(self.by.output, load, store)

        self._each_square(high, self.part, one)
