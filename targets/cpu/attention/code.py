# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code of products by rows: a task takes some rows, and the nests run one after the other on a few of them at a time,
so that what is between them, such as the scores of these rows, stays in a near cache and is never stored as a whole.

What all rows share is copied once for a task to panels as wide as a register tile, unless it can be read where it is.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.attention.masks import cut
from mograph.targets.cpu.attention.panels import copy_panels
from mograph.targets.cpu.attention.roles import RowProduct, recognize
from mograph.targets.cpu.attention.schedule import Schedule, choose
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.cost import is_small, per_iteration, points
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, Access, Nest, Product, Seen, evaluate, simplify, storage_type
from mograph.targets.cpu.partial import Partial, element_bytes
from mograph.targets.cpu.plan import choose as choose_plan

LINE = 64  # bytes
BLOCK = 64  # columns that rows of scratch are a multiple of, if no tile is wider
STACK = 32 << 10  # bytes of scratch that may be on the stack
PICOSECONDS = 10  # for a multiplication and addition of 32 bits in registers of 512


def match(group: Group, machine: Machine) -> Coded | None:
    """A group whose products follow each other row by row."""
    if not group.shared or len(group.nests) < 2:
        return None
    for row in reversed(range(group.shared)):
        turned = _turned(group, row)
        products = recognize(turned)
        if products is not None:
            return _AttentionCode(turned, products, choose(turned, products, machine), machine)
    return None


def _turned(group: Group, row: int) -> Group:
    """The group with a shared loop as the innermost of these. They come as the last nest writes, which may be to heads
    that lie side by side, whereas rows are what B is the same for.
    """
    last = group.shared - 1
    if row == last:
        return group
    order = [*range(row), *range(row + 1, group.shared), row]

    def turn(values: list[Any]) -> list[Any]:
        return [*(values[loop] for loop in order), *values[group.shared :]]

    nests = [
        replace(
            nest,
            loops=turn(nest.loops),
            accesses=[
                replace(access, strides=turn(access.strides)) if isinstance(access, Access) else access
                for access in nest.accesses
            ],
        )
        for nest in group.nests
    ]
    return replace(group, nests=nests)


@record
class _AttentionCode:
    group: Group
    products: tuple[RowProduct, ...]
    schedule: Schedule
    machine: Machine

    def work(self, b: Builder) -> Work:
        group, shared = self.group, self.group.shared
        first = group.nests[0]
        *outer, row = (evaluate(b, loop.extent, first.symbols) for loop in first.loops[:shared])
        items = _pieces(b, row, self.schedule.task_rows)
        for extent in outer:
            items = b.mul(items, extent)
        if is_small(group.nests, self.machine):
            return Work(items, 0, in_place=True)
        numbers = {product.number for product in self.products}
        each: Int = 0
        for number, nest in enumerate(group.nests):
            own = evaluate(b, points(nest.loops[shared:]), nest.symbols)
            cost = PICOSECONDS * 16 // self.schedule.lanes if number in numbers else per_iteration(nest, True)
            each = b.add(each, b.mul(own, max(1, cost) * self.schedule.task_rows))
        return Work(items, each)

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        _Tasks(b, self, seen).emit(lo, hi)


def _pieces(b: Builder, extent: Int, size: int) -> Int:
    return b.split(b.add(extent, size - 1), size)[0]


class _Tasks:
    """Makes the code of tasks with builder `b`."""

    def __init__(self, b: Builder, code: _AttentionCode, seen: Sequence[Seen]) -> None:
        self.b, self.group, self.schedule, self.machine, self.seen = b, code.group, code.schedule, code.machine, seen
        self.shared, self.row = code.group.shared, code.group.shared - 1
        self.cut = cut(code.group, code.products, seen)
        self.products = {product.number: product for product in code.products}
        self.skipped = {product.fill for product in code.products}
        self.partial = Partial(b, code.machine.masks)
        first = code.group.nests[0]
        self.extents = [evaluate(b, loop.extent, seen[0].symbols) for loop in first.loops[: self.shared]]
        self.block = max(BLOCK, code.schedule.width)
        self.memory: list[ir.Value] = []  # to be released
        self.pitches: dict[ir.Value, Int] = {}
        self.unit = 1  # what the part of loops that counts is a multiple of

    def _nest_extent(self, number: int, loop: int) -> Int:
        return evaluate(self.b, self.group.nests[number].loops[loop].extent, self.seen[number].symbols)

    def _stride(self, number: int, k: int, loop: int) -> Int:
        return evaluate(self.b, self._access(number, k).strides[loop], self.seen[number].symbols)

    def _access(self, number: int, k: int) -> Access:
        access = self.group.nests[number].accesses[k]
        assert isinstance(access, Access)
        return access

    def emit(self, lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        b, schedule = self.b, self.schedule
        self.scratch = {memref: self._temporary(memref) for memref in self.group.temps}
        self.panels = {
            number: self._room(
                storage_type(self._access(number, product.b).element),
                b.mul(
                    b.round_up(self._nest_extent(number, product.n), schedule.width),
                    self._nest_extent(number, product.k),
                ),
            )
            for number, product in self.products.items()
            if not self._direct(product)
        }
        self.rows_of_a = {
            number: self._room(
                product.body.left.value.type,
                b.mul(b.round_up(self._nest_extent(number, product.k), self.block), schedule.block_rows),
            )
            for number, product in self.products.items()
            if self._converted(product)
        }
        last = b.stack(b.i64, 1, 8) if self.panels else None
        if last is not None:
            b.store(b.value(-1), last, 8)

        def task(index: Int) -> None:
            outer, block = b.split(index, _pieces(b, self.extents[-1], schedule.task_rows))
            self._task(outer, b.mul(block, schedule.task_rows), last)

        b.each(lo, hi, 1, task)
        for memref in self.memory:
            b.create("memref.dealloc", [], [memref])

    # Scratch

    def _temporary(self, memref: ir.Value) -> ir.Value:
        """Room for the rows of a temporary: they start with lines of the cache, not all in the same place of it."""
        b, temp = self.b, self.group.temps[memref]
        count = evaluate(b, temp.elements, self.seen[0].symbols)
        one = isinstance(count, int) and count == 1
        self.pitches[memref] = 1 if one else b.add(b.round_up(count, self.block), LINE // element_bytes(temp.element))
        return self._room(storage_type(temp.element), b.mul(self.pitches[memref], self.schedule.block_rows))

    def _room(self, element: ir.Type, count: Int) -> ir.Value:
        b = self.b
        if isinstance(count, int) and count * element_bytes(element) <= STACK // 4:
            return b.stack(element, max(1, count), LINE)
        memref = b.allocate(element, count)
        self.memory.append(memref)
        return Descriptor(b, memref).aligned()

    def _direct(self, product: RowProduct) -> bool:
        """Whether B is read where it is: whole vectors, by so few rows that copying does not pay."""
        access = self._access(product.number, product.b)
        extent = self.group.nests[product.number].loops[product.n].extent
        if self.schedule.pack or access.strides[product.n] != ONE or extent.symbols:
            return False
        return extent.constant % self.schedule.width == 0

    def _converted(self, product: RowProduct) -> bool:
        """Whether rows of A are copied first, since what is in memory is not what is multiplied."""
        return bool(product.body.left.ops) and self._access(product.number, product.a).strides[product.k] == ONE

    # A task

    def _task(self, outer: Int, start: Int, last: ir.Value | None) -> None:
        b, schedule = self.b, self.schedule
        rest, self.outer = outer, dict[int, Int]()
        for loop in reversed(range(self.row)):
            rest, self.outer[loop] = b.split(rest, self.extents[loop]) if loop else (0, rest)
        self.bases = [
            [
                self._moved(number, k, base) if isinstance(access, Access) else base
                for k, (access, base) in enumerate(zip(nest.accesses, seen.bases, strict=True))
            ]
            for number, (nest, seen) in enumerate(zip(self.group.nests, self.seen, strict=True))
        ]
        if last is not None:
            before = b.load(b.i64, last, 8)
            fresh = b.one("arith.cmpi", b.i1, before, b.value(outer), predicate=ir.IntegerAttr.get(b.i64, 1))

            def pack() -> None:
                b.store(b.value(outer), last, 8)
                for number in self.panels:
                    self._pack(self.products[number])

            b.if_(fresh, pack)
        extent = self.extents[-1]
        end = b.min(b.add(start, schedule.task_rows), extent)
        whole = isinstance(extent, int) and extent % schedule.block_rows == 0

        def block(row: Int) -> None:
            self._block(row, schedule.block_rows if whole else b.min(b.sub(end, row), schedule.block_rows))

        b.each(start, end, schedule.block_rows, block)

    def _moved(self, number: int, k: int, base: ir.Value) -> ir.Value:
        """The address of an operand for the task's outer loops."""
        access = self._access(number, k)
        if access.memref in self.group.temps:
            return self.scratch[access.memref]
        offset: Int = 0
        for loop, index in self.outer.items():
            offset = self.b.add(offset, self.b.mul(index, self._stride(number, k, loop)))
        return self.b.address(base, offset, storage_type(access.element))

    def _block(self, row: Int, count: Int) -> None:
        """All nests on `count` rows: those between products on one after the other, which stays in the first cache."""
        b = self.b
        end = None
        if self.cut is not None:
            width = evaluate(b, self.cut.extent, self.seen[self.cut.number].symbols)
            reach = b.round_up(b.add(row, self.schedule.block_rows + self.cut.ahead), self.schedule.width)
            end = b.min(reach, width)
            self.unit = math.gcd(self.schedule.width, width) if isinstance(width, int) else 1
        waiting: list[int] = []

        def flush() -> None:
            numbers = list(waiting)
            waiting.clear()

            def one(r: Int) -> None:
                for number in numbers:
                    self._row_of(number, row, r, end)

            if numbers:
                b.each(0, count, 1, one)

        for number in range(len(self.group.nests)):
            if number in self.products:
                flush()
                self._product(self.products[number], row, count, end)
            elif number not in self.skipped:
                waiting.append(number)
        flush()

    def _limited(self, number: int, loop: int, end: Int | None) -> Int:
        """The part of a loop that counts for a block of rows."""
        return self._nest_extent(number, loop) if end is None or self._full(number, loop) else end

    def _full(self, number: int, loop: int) -> bool:
        """Whether all of a loop counts."""
        return self.cut is None or self.cut.loops.get(number) != loop

    # Nests

    def _row_of(self, number: int, row: Int, r: Int, end: Int | None) -> None:
        """A nest that is no product, on row `r` of the block that starts with `row`."""
        b, nest, seen = self.b, self.group.nests[number], self.seen[number]
        symbols = list(seen.symbols)
        accesses: list[Access | ir.Value] = []
        bases: list[ir.Value] = []
        for k, (access, base) in enumerate(zip(nest.accesses, self.bases[number], strict=True)):
            if isinstance(access, Access):
                local = access.memref in self.group.temps
                pitch = self.pitches[access.memref] if local else self._stride(number, k, self.row)
                base = b.address(base, b.mul(r if local else b.add(row, r), pitch), storage_type(access.element))
                access = replace(access, strides=access.strides[self.shared :])
            accesses.append(access)
            bases.append(base)
        loops = []
        for loop in range(self.shared, len(nest.loops)):
            size = self._limited(number, loop, end)
            unit = 1 if self._full(number, loop) else self.unit
            extent = Product(size) if isinstance(size, int) else Product(unit, (len(symbols),))
            if not isinstance(size, int):
                symbols.append(b.value(b.blocks(size, unit) if unit > 1 else size))
            loops.append(replace(nest.loops[loop], extent=extent))
        origins = {
            dim: index
            for loop, index in [*self.outer.items(), (self.row, b.add(row, r))]
            if (dim := nest.loops[loop].dim) is not None
        }
        part = Nest(nest.op, loops, accesses, nest.body, nest.body_ops, symbols, nest.indexed)
        simplify([part])
        plan = choose_plan(part, self.machine.vector_bits)
        NestCode(b, part, plan, Seen(bases, symbols, seen.captured, origins), self.machine).emit_all()

    # Products

    def _product(self, product: RowProduct, row: Int, count: Int, end: Int | None) -> None:
        """A product for the rows of a block: tiles one above the other share a panel that is in the first cache."""
        b, schedule, number = self.b, self.schedule, product.number
        emitter = Emitter(b, product.body, self.seen[number].captured, self.machine.fused)
        depth, width = self._limited(number, product.k, end), self._limited(number, product.n, end)
        at_once = isinstance(depth, int) and depth <= schedule.depth
        if self._converted(product):
            self._convert(product, row, count, depth, emitter)
        if product.fill is not None and not at_once:
            b.each(0, count, 1, lambda r: self._row_of(product.fill or 0, row, r, end))

        def slab(k: Int) -> None:
            steps = depth if at_once else b.min(b.sub(depth, k), schedule.depth)

            def panel(column: Int) -> None:
                def tile(r: Int) -> None:
                    self._tile(product, emitter, (row, count, r), column, (k, steps), product.fill if at_once else None)

                b.each(0, count, schedule.rows, tile)

            b.each(0, width, schedule.width, panel)

        b.each(0, depth, schedule.depth, slab)

    def _tile(
        self,
        product: RowProduct,
        emitter: Emitter,
        rows: tuple[Int, Int, Int],
        column: Int,
        ks: tuple[Int, Int],
        fill: int | None,
    ) -> None:
        """A register tile: `rows` are the block's first and how many it has, and which of them is the tile's first."""
        b, schedule, number = self.b, self.schedule, product.number
        c, right_access = self._access(number, 2), self._access(number, product.b)
        c_type, right_type = storage_type(c.element), storage_type(right_access.element)
        c_vector, right_vector = (ir.VectorType.get([schedule.width], each) for each in (c_type, right_type))
        first, steps = ks
        total = self._nest_extent(number, product.n)
        exact = c.memref in self.group.temps or isinstance(total, int) and total % schedule.width == 0
        left_over = None if exact else b.min(b.sub(total, column), schedule.width)
        if number not in self.panels:
            base, pitch = (
                b.address(self.bases[number][product.b], column, right_type),
                self._stride(number, product.b, product.k),
            )
        else:
            at = b.mul(column, self._nest_extent(number, product.k))
            base, pitch = b.address(self.panels[number], at, right_type), schedule.width
        base = b.address(base, b.mul(first, pitch), right_type)
        lines, along, left_type = self._lines_of_a(product, rows)
        lines = [b.address(line, b.mul(first, along), left_type) for line in lines]
        converted = number in self.rows_of_a

        def step(k: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
            loaded = b.load(right_vector, b.address(base, b.mul(k, pitch), right_type), element_bytes(right_type))
            right = emitter.factor(product.body.right, loaded)
            result = []
            for line, sum_ in zip(lines, sums, strict=True):
                element = b.load(left_type, b.address(line, b.mul(k, along), left_type), element_bytes(left_type))
                if not converted:
                    element = emitter.factor(product.body.left, element)
                spread = b.one("vector.broadcast", ir.VectorType.get([schedule.width], element.type), element)
                result.append(emitter.combine(spread, right, sum_))
            return result

        places = [b.address(target, column, c_type) for target in self._lines(number, 2, rows)]
        if fill is None:
            start = [self.partial.load(c_vector, place, left_over) for place in places]
        else:
            start = [self._filling(fill, c_vector)] * schedule.rows
        for place, value in zip(places, b.loop(0, steps, 1, start, step), strict=True):
            self.partial.store(value, place, left_over)

    def _filling(self, fill: int, vector: ir.Type) -> ir.Value:
        value = self.seen[fill].captured[self.group.nests[fill].yielded[0]]
        if isinstance(value, ir.Attribute):
            return self.b.constant(vector, value)
        return self.b.one("vector.broadcast", vector, value)

    def _lines(self, number: int, k: int, rows: tuple[Int, Int, Int]) -> list[ir.Value]:
        """The addresses of a tile's rows of an operand. Beyond the last row it is that again: computed again to the
        same.
        """
        b, access = self.b, self._access(number, k)
        element, base = storage_type(access.element), self.bases[number][k]
        row, count, first = rows
        local = access.memref in self.group.temps
        pitch = self.pitches[access.memref] if local else self._stride(number, k, self.row)
        if self._all_tiles_whole(count):
            start = b.address(base, b.mul(first if local else b.add(row, first), pitch), element)
            return [b.address(start, b.mul(r, pitch), element) for r in range(self.schedule.rows)]
        numbers = [b.min(b.add(first, r), b.sub(count, 1)) for r in range(self.schedule.rows)]
        return [b.address(base, b.mul(n if local else b.add(row, n), pitch), element) for n in numbers]

    def _all_tiles_whole(self, count: Int) -> bool:
        """Whether so many rows are known to be whole tiles."""
        return isinstance(count, int) and count % self.schedule.rows == 0

    def _lines_of_a(self, product: RowProduct, rows: tuple[Int, Int, Int]) -> tuple[list[ir.Value], Int, ir.Type]:
        """The addresses of a tile's rows of A, the distance between neighbours along k, and their type."""
        b, number = self.b, product.number
        if number not in self.rows_of_a:
            stored = storage_type(self._access(number, product.a).element)
            return self._lines(number, product.a, rows), self._stride(number, product.a, product.k), stored
        type_ = product.body.left.value.type
        pitch = b.round_up(self._nest_extent(number, product.k), self.block)
        _, count, first = rows
        numbers = [b.add(first, r) for r in range(self.schedule.rows)]
        if not self._all_tiles_whole(count):
            numbers = [b.min(n, b.sub(count, 1)) for n in numbers]
        return [b.address(self.rows_of_a[number], b.mul(n, pitch), type_) for n in numbers], 1, type_

    def _convert(self, product: RowProduct, row: Int, count: Int, depth: Int, emitter: Emitter) -> None:
        """Copies the block's rows of A in the type that is multiplied."""
        b, number, lanes = self.b, product.number, self.schedule.lanes
        stored, type_ = storage_type(self._access(number, product.a).element), product.body.left.value.type
        pitch = b.round_up(self._nest_extent(number, product.k), self.block)
        vector = ir.VectorType.get([lanes], stored)

        def line(r: Int) -> None:
            at = b.mul(b.add(row, r), self._stride(number, product.a, self.row))
            source = b.address(self.bases[number][product.a], at, stored)
            target = b.address(self.rows_of_a[number], b.mul(r, pitch), type_)

            def some(k: Int) -> None:
                found = self.partial.load(vector, b.address(source, k, stored), b.min(b.sub(depth, k), lanes))
                b.store(emitter.factor(product.body.left, found), b.address(target, k, type_), element_bytes(type_))

            b.each(0, depth, lanes, some)

        b.each(0, count, 1, line)

    def _pack(self, product: RowProduct) -> None:
        """Copies B to panels."""
        b, number = self.b, product.number
        along = [self._stride(number, product.b, loop) for loop in (product.k, product.n)]
        copy_panels(
            b,
            self.partial,
            storage_type(self._access(number, product.b).element),
            (self.bases[number][product.b], along[0], along[1]),
            self.panels[number],
            (self._nest_extent(number, product.k), self._nest_extent(number, product.n)),
            self.schedule.width,
            self.machine.vector_bits,
        )
