# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of contractions: blocks of C as tasks, operands packed as the schedule says, and what follows the
product computed on a block, or strip by strip, before it leaves the caches.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.contraction.block import Block
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.contraction.later import Later, rows_later
from mograph.targets.cpu.contraction.pairs import packing_of, suits
from mograph.targets.cpu.contraction.prepared import Layout, layout_of, prepare
from mograph.targets.cpu.contraction.roles import Contraction, recognized
from mograph.targets.cpu.contraction.schedule import UNKNOWN, Schedule, Shape, choose
from mograph.targets.cpu.contraction.stream import READING, stream_rows
from mograph.targets.cpu.contraction.strips import Strips, even, excess, rows_of_c
from mograph.targets.cpu.contraction.tile import Columns, Side, product_tile
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, Access, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import Partial, element_bits, element_bytes

EQUAL, AT_MOST = 0, 3  # predicates of `arith.cmpi`
LINE = 64
STACK = 64 << 10  # bytes of scratch
ROWS_OF_PART = 64  # what those are taken for that are multiplied by one of several parts of a weight, as by an expert
PICOSECONDS = 10  # for a multiplication and addition of 32 bits in registers of 512


def match(group: Group, machine: Machine) -> Coded | None:
    """A group that is a contraction."""
    found = recognized(group)
    if found is None:
        return None
    group, roles = found
    layout = layout_of(group, roles)
    schedule = _schedule(group, roles, machine, layout)
    return _BlockedCode(group, roles, schedule, machine, layout if schedule.pack_b else None)


def _schedule(group: Group, roles: Contraction, machine: Machine, layout: Layout | None) -> Schedule:
    nest = group.nests[roles.product]

    def known(loop: int) -> int | None:
        extent = nest.loops[loop].extent
        return None if extent.symbols else extent.constant

    a, b = roles.factor(nest, roles.a), roles.factor(nest, roles.b)
    bits = max(element_bits(value.type) for value in (roles.body.left.value, roles.body.right.value, roles.body.total))
    stride, m = a.strides[roles.m], known(roles.m)
    still = m is not None and not stride.symbols and a.strides[roles.k] == ONE
    batch = 1
    for loop in roles.batch:
        batch *= known(loop) or 1
    return choose(
        Shape(
            m,
            known(roles.n),
            known(roles.k),
            batch,
            bits // 8,
            a_stride=stride.constant * bits // 8 if still and not roles.body.left.ops else None,
            b_direct=b.strides[roles.n] == ONE and not roles.body.right.ops,
            pairs=suits(roles.body, machine),
            kept=sum(element_bytes(temp.element) for temp in group.temps.values()),
            prepared=layout is not None,
            likely=UNKNOWN if layout is None or layout.part is None else ROWS_OF_PART,
        ),
        machine,
    )


@record
class _BlockedCode:
    group: Group
    roles: Contraction
    schedule: Schedule
    machine: Machine
    layout: Layout | None

    def work(self, b: Builder) -> Work:
        roles, schedule, nest = self.roles, self.schedule, self.group.nests[self.roles.product]
        extents = [evaluate(b, loop.extent, nest.symbols) for loop in nest.loops]
        items = b.mul(
            _pieces(b, extents[roles.m], schedule.task_rows), _pieces(b, extents[roles.n], schedule.task_columns)
        )
        for loop in roles.batch:
            items = b.mul(items, extents[loop])
        points = b.mul(b.min(extents[roles.m], schedule.task_rows), b.min(extents[roles.n], schedule.task_columns))
        passed = [] if self.layout is None else [prepare(b, self.group, schedule, self.machine, self.layout)]
        each = PICOSECONDS * 16 // schedule.lanes
        if schedule.stream:  # which may take longer to read than to compute
            each = max(each, READING * element_bytes(roles.factor(nest, roles.b).element) // schedule.rows)
        return Work(items, b.mul(b.mul(points, extents[roles.k]), each), passed=passed)

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        _Tasks(b, self, seen).emit(lo, hi)


def _pieces(b: Builder, extent: Int, size: int) -> Int:
    return b.split(b.add(extent, size - 1), size)[0]


class _Tasks:
    """Makes the code of a contraction's tasks with builder `b`."""

    def __init__(self, b: Builder, code: _BlockedCode, seen: Sequence[Seen]) -> None:
        self.b, self.group, self.roles, self.schedule, self.machine = (
            b, code.group, code.roles, code.schedule, code.machine,
        )  # fmt: skip
        self.seen = seen
        roles = code.roles
        self.nest = code.group.nests[roles.product]
        own = seen[roles.product]
        self.extents = [evaluate(b, loop.extent, own.symbols) for loop in self.nest.loops]
        self.partial = Partial(b, code.machine.masks)
        self.emitter = Emitter(b, roles.body, own.captured, code.machine.fused)
        self.strides = {
            k: [evaluate(b, stride, own.symbols) for stride in roles.factor(self.nest, k).strides] for k in range(3)
        }
        self.layout = code.layout
        self.prepared = own.passed[0] if code.layout is not None else None
        self.strips = Strips(
            self.emitter, self.partial, roles, code.schedule, self.strides[roles.a], code.machine.vector_bits
        )
        self.c = self.nest.outputs[0]
        self.c_type = storage_type(self.c.element)

    def emit(self, lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        b, schedule, body = self.b, self.schedule, self.roles.body
        sizes: dict[object, int] = {}
        if schedule.pack_b and self.layout is None:
            sizes["b"] = schedule.lines * schedule.task_columns * element_bytes(body.right.value.type)
        if schedule.pack_a:
            sizes["a"] = self.strips.bytes
        rows = schedule.rows if schedule.single else schedule.task_rows
        for memref, temp in self.group.temps.items():
            sizes[memref] = rows * schedule.task_columns * element_bytes(temp.element)
        total = 0
        places: dict[object, int] = {}
        for key, size in sizes.items():
            places[key] = total
            total += -(-size // LINE) * LINE
        memref = None
        if total > STACK:
            memref = b.allocate(b.i8, total)
            start = Descriptor(b, memref).aligned()
        elif total:
            start = b.stack(b.i8, total, LINE)
        self.scratch = {key: b.address(start, at, b.i8) for key, at in places.items()}
        b.each(lo, hi, 1, self._task)
        if memref is not None:
            b.create("memref.dealloc", [], [memref])

    def _task(self, task: Int) -> None:
        b, roles, schedule = self.b, self.roles, self.schedule
        indices: dict[int, Int] = {}
        rest, column = b.split(task, _pieces(b, self.extents[roles.n], schedule.task_columns))
        rest, row = b.split(rest, _pieces(b, self.extents[roles.m], schedule.task_rows))
        for loop in reversed(roles.batch):
            rest, indices[loop] = b.split(rest, self.extents[loop])
        indices[roles.m], indices[roles.n] = b.mul(row, schedule.task_rows), b.mul(column, schedule.task_columns)
        self.indices = indices
        self.bases = [
            [self._moved(access, base, values) for access, base in zip(nest.accesses, values.bases, strict=True)]
            for nest, values in zip(self.group.nests, self.seen, strict=True)
        ]
        self.rows = self._part(roles.m, schedule.task_rows)
        self.columns = self._part(roles.n, schedule.task_columns)
        if schedule.stream:
            self._stream()
            return
        depth = self.extents[roles.k]
        if not isinstance(depth, int):
            depth = b.one("arith.maxsi", b.i64, depth, b.value(1))  # the first slab fills C, the last is followed
        b.each(0, depth, schedule.depth, self._slab)

    def _stream(self) -> None:
        """All of the task without tiles."""
        if self.roles.fill is not None:
            self._pointwise(0, 0, self.rows)
        self._stream_products()
        self._follow(0, self.rows)

    def _stream_products(self) -> None:
        roles, strides = self.roles, self.strides
        a, b = (
            Side(
                self.bases[roles.product][each],
                roles.factor(self.nest, each).element,
                strides[each][loop],
                strides[each][roles.k],
            )
            for each, loop in ((roles.a, roles.m), (roles.b, roles.n))
        )
        lines = self._lines(0)
        stream_rows(
            self.emitter, self.schedule, self.partial, (a, b), self.c_type, lines, self.columns, self.extents[roles.k]
        )

    def _part(self, loop: int, size: int) -> Int:
        """How much of a loop is in a task."""
        extent = self.extents[loop]
        if isinstance(extent, int) and (extent % size == 0 or extent < size):
            return min(extent, size)
        return self.b.min(self.b.sub(extent, self.indices[loop]), size)

    def _moved(self, access: Access | ir.Value, base: ir.Value, seen: Seen) -> ir.Value:
        """The address of an access in this task; scalars and temporaries stay as they are."""
        if not isinstance(access, Access) or access.memref in self.group.temps:
            return base
        offset: Int = 0
        for loop, index in self.indices.items():
            offset = self.b.add(offset, self.b.mul(index, evaluate(self.b, access.strides[loop], seen.symbols)))
        return self.b.address(base, offset, storage_type(access.element))

    def _slab(self, k: Int) -> None:
        b, roles, schedule = self.b, self.roles, self.schedule
        left = b.sub(self.extents[roles.k], k)
        depth = schedule.depth if schedule.single else b.min(left, schedule.depth)
        self.first = None if schedule.single else self._compare(EQUAL, k, 0)
        self.last = None if schedule.single else self._compare(AT_MOST, left, schedule.depth)
        sources = {}
        for each in (roles.a, roles.b):
            element = storage_type(roles.factor(self.nest, each).element)
            at = b.mul(k, self.strides[each][roles.k])
            sources[each] = b.address(self.bases[roles.product][each], at, element)
        panels = None
        if self.layout is not None and self.prepared is not None:
            panels = self.layout.panels(b, schedule, self.prepared, self.indices, k)
        elif schedule.pack_b:
            panels = self.scratch["b"]
            self._pack_b(sources[roles.b], depth)

        def strip(row: Int) -> None:
            self._strip(row, sources, depth, panels)

        b.each(0, self.rows, schedule.rows, strip)

    def _strip(self, row: Int, sources: dict[int, ir.Value], depth: Int, panels: ir.Value | None) -> None:
        b, roles, schedule = self.b, self.roles, self.schedule
        a_access, b_access = roles.factor(self.nest, roles.a), roles.factor(self.nest, roles.b)
        if schedule.pack_a:
            self.strips.copy(sources[roles.a], self.scratch["a"], row, self.rows, depth)
            left = Side(self.scratch["a"], roles.body.left.value.type, *self.strips.layout)
        else:
            across, along = self.strides[roles.a][roles.m], self.strides[roles.a][roles.k]
            at = b.mul(b.sub(row, excess(b, schedule, row, self.rows)), across)
            left = Side(
                b.address(sources[roles.a], at, storage_type(a_access.element)), a_access.element, across, along
            )
        lines = self._lines(row)

        soon = self._next_strip(row, sources[roles.a])

        def panel(column: Int, count: Int | None) -> None:
            if panels is not None:
                element = roles.body.right.value.type
                at = b.mul(column, schedule.lines)
                right = Side(b.address(panels, at, element), element, 1, schedule.width)
            else:
                base = b.address(sources[roles.b], column, storage_type(b_access.element))
                right = Side(base, b_access.element, 1, self.strides[roles.b][roles.k])
            laters = rows_later(b, schedule, soon, column) if soon else []
            if panels is not None and self.layout is not None and schedule.ahead:
                laters.append(self._next_panels(self.layout, panels, row, column))
            places = [b.address(line, column, self.c_type) for line in lines]
            self._tile(left, right, places, depth, count, laters)

        whole = isinstance(self.columns, int) and self.columns % schedule.width == 0
        if whole:
            b.each(0, self.columns, schedule.width, lambda column: panel(column, None))
        elif self.machine.masks:
            b.each(0, self.columns, schedule.width, lambda column: panel(column, b.sub(self.columns, column)))
        else:
            full = b.mul(b.split(self.columns, schedule.width)[0], schedule.width)
            b.each(0, full, schedule.width, lambda column: panel(column, None))
            b.each(full, self.columns, schedule.width, lambda column: panel(column, b.sub(self.columns, column)))
        if len(self.group.nests) > roles.product + 1:
            rows = schedule.rows if even(schedule, self.rows) else b.min(b.sub(self.rows, row), schedule.rows)
            if self.last is None:
                self._follow(row, rows)
            else:
                b.if_(self.last, lambda: self._follow(row, rows))

    def _next_strip(self, row: Int, source: ir.Value) -> list[tuple[ir.Value, Int, int, ir.Type]]:
        """The rows of A and C that the strip after this one reads, where tiles ask for them: from where on, how far
        from each other, and how many elements of what type.
        """
        b, roles, schedule = self.b, self.roles, self.schedule
        found: list[tuple[ir.Value, Int, int, ir.Type]] = []
        if not schedule.soon:
            return found
        a = storage_type(roles.factor(self.nest, roles.a).element)
        sides = [(source, self.strides[roles.a], roles.k, schedule.depth, a)]
        if self.c.memref not in self.group.temps:
            sides.append((self.bases[roles.product][2], self.strides[2], roles.n, schedule.task_columns, self.c_type))
        for base, strides, loop, length, element in sides:
            if strides[loop] == 1:
                across = strides[roles.m]
                start = b.address(base, b.mul(b.add(row, schedule.rows), across), element)
                found.append((start, across, length, element))
        return found

    def _next_panels(self, layout: Layout, panels: ir.Value, row: Int, column: Int) -> Later:
        """The part of the slab after this one, or of the next task's, that a tile asks for: all of them together ask
        for all of it.
        """
        b, schedule, strips = self.b, self.schedule, self.schedule.task_rows // self.schedule.rows
        element = self.roles.body.right.value.type
        share = -(-schedule.width * element_bytes(element) // strips)
        slab = schedule.task_columns * schedule.lines if schedule.single else layout.slab_elements(schedule)
        start = b.address(panels, b.add(b.mul(column, schedule.lines), slab), element)
        return Later(b.address(start, b.mul(b.split(row, schedule.rows)[0], share * schedule.lines), b.i8), share)

    def _lines(self, row: Int) -> list[ir.Value]:
        """The addresses of the rows of C that a strip has."""
        b, schedule = self.b, self.schedule
        base, stride, first = self.bases[self.roles.product][2], self.strides[2][self.roles.m], row
        scratch = self.c.memref in self.group.temps
        if scratch:
            base, stride, first = self.scratch[self.c.memref], schedule.task_columns, 0 if schedule.single else row
        start = b.address(base, b.mul(first, stride), self.c_type)
        numbers = rows_of_c(b, schedule, row, self.rows, scratch)
        return [b.address(start, b.mul(number, stride), self.c_type) for number in numbers]

    def _tile(
        self,
        left: Side,
        right: Side,
        lines: Sequence[ir.Value],
        depth: Int,
        count: Int | None,
        laters: Sequence[Later],
    ) -> None:
        b, schedule = self.b, self.schedule
        columns = Columns(b, self.partial, schedule, None if self.c.memref in self.group.temps else count)
        start = self._start(lines, columns)
        reads = columns if count is None or schedule.pack_b else Columns(b, self.partial, schedule, count)
        sums = product_tile(self.emitter, schedule, left, right, depth, start, reads, laters)
        # Rows that do not exist are overwritten by the last that does, and those of a former tile by the first of this.
        for r, line in list(enumerate(lines))[:: -1 if schedule.pack_a else 1]:
            columns.store(self.c_type, line, sums[r * schedule.registers : (r + 1) * schedule.registers])

    def _start(self, lines: Sequence[ir.Value], columns: Columns) -> Sequence[ir.Value]:
        """The sums of a tile before a slab: what fills C before the first one, else what C has."""
        b, schedule, fill = self.b, self.schedule, self.roles.fill

        def loaded() -> list[ir.Value]:
            return [value for line in lines for value in columns.load(self.c_type, line)]

        if fill is None:
            return loaded()
        vector = ir.VectorType.get([schedule.lanes], self.c_type)
        value = self.seen[0].captured[fill]
        one = b.constant(vector, value) if isinstance(value, ir.Attribute) else b.one("vector.broadcast", vector, value)
        filled = [one] * (schedule.rows * schedule.registers)
        if self.first is None:
            return filled
        op = b.create("scf.if", [vector] * len(filled), [self.first], regions=2)
        sides: tuple[Callable[[], list[ir.Value]], ...] = (lambda: filled, loaded)
        for region, values in zip(op.regions, sides, strict=True):
            with b.inside(ir.Block.create_at_start(region)):
                b.create("scf.yield", [], values())
        return list(op.results)

    def _compare(self, predicate: int, x: Int, y: Int) -> ir.Value:
        b = self.b
        return b.one("arith.cmpi", b.i1, b.value(x), b.value(y), predicate=ir.IntegerAttr.get(b.i64, predicate))

    def _pack_b(self, source: ir.Value, depth: Int) -> None:
        roles, schedule = self.roles, self.schedule
        strides = self.strides[roles.b][roles.k], self.strides[roles.b][roles.n]
        panel = schedule.lines, schedule.width
        packing = packing_of(self.emitter, roles.body.right, self.partial, schedule, self.machine)
        packing.slab(source, self.scratch["b"], strides, (depth, self.columns), panel)

    def _follow(self, row: Int, rows: Int) -> None:
        """What is computed from the sums, on some rows of the task's block."""
        for number in range(self.roles.product + 1, len(self.group.nests)):
            self._pointwise(number, row, rows)

    def _pointwise(self, number: int, row: Int, rows: Int) -> None:
        """A nest on some rows of the task's block."""
        block = Block(self.roles, self.schedule, self.group.temps, self.scratch, self.indices, self.machine)
        nest, seen = self.group.nests[number], self.seen[number]
        block.compute(self.b, nest, replace(seen, bases=self.bases[number]), row, (rows, self.columns))
