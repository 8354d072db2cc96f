# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of few short rows of C by a large B: every task reads whole rows of B, which lie one after the other.

Were the columns handed out instead, each thread would read a piece of every row, and memory that is read in pieces of a
page or less comes at three quarters of the speed. A task adds its part of k up in sums of its own. The one that is done
last adds the sums of all to C, always in the same order, and computes what follows; so results do not depend on the
number of threads.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.contraction.block import Block
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.contraction.roles import Contraction, recognized
from mograph.targets.cpu.contraction.schedule import Schedule as Blocks
from mograph.targets.cpu.contraction.stream import READING, stream_rows
from mograph.targets.cpu.contraction.tile import Side
from mograph.targets.cpu.cost import points
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import Partial, element_bits, element_bytes
from mograph.targets.cpu.plan import combiners
from mograph.targets.cpu.schedules import tunable

LINE = 64  # bytes of a line of the cache, of which the first counts the tasks that are done
MOST_ROWS = 8  # of C
PARTS = 8  # of k, for any processor, so that it does not matter for results which one this is
MOST_PARTS = 64
AT_ONCE = 4  # rows of B, and registers of each: memory that is read in several places, in stretches, comes fastest
SHALLOWEST = 4  # steps of a stream that a part has at least
ADD, RELEASE = 1, 6  # of `llvm.atomicrmw`: to add, seen after and before all else that the threads do
EQUAL = 0  # predicate of `arith.cmpi`


@record
class Schedule:
    """A task has `depth` rows of B, of which `rows` pass by at a time, each by so many `registers` of `lanes` elements,
    and `columns` of each. Raises ValueError for numbers that the code cannot do with.
    """

    depth: int
    rows: int
    registers: int
    lanes: int
    columns: int

    def __post_init__(self) -> None:
        if min(self.depth, self.rows, self.registers, self.lanes, self.columns) < 1:
            raise ValueError("expected sizes above 0")
        if self.lanes & (self.lanes - 1):
            raise ValueError(f"expected a power of two for lanes, found {self.lanes}")
        if self.columns % self.width:
            raise ValueError(f"expected columns in whole vectors of {self.width}, found {self.columns}")

    @property
    def width(self) -> int:
        """Elements of a row that are taken at a time."""
        return self.lanes * self.registers


@record
class Shape:
    """What the choice is made for: extents, and bits of the widest element."""

    m: int
    n: int
    k: int
    bits: int


def _check(schedule: Schedule, shape: Shape, _machine: Machine) -> None:
    """Raises ValueError for a schedule that was changed to one of too many parts."""
    if ceil(shape.k / schedule.depth) > MOST_PARTS:
        raise ValueError(f"expected at most {MOST_PARTS} parts of k, found {ceil(shape.k / schedule.depth)}")


@tunable("stream", check=_check)
def choose(shape: Shape, machine: Machine) -> Schedule:
    """A few rows at a time, in stretches of a few registers, and columns such that all cores have a task."""
    lanes = max(1, machine.vector_bits // shape.bits)
    rows = max(1, min(AT_ONCE, machine.registers // (2 * shape.m)))
    width = lanes * max(1, AT_ONCE // shape.m)
    depth = ceil(ceil(shape.k / PARTS) / rows) * rows
    pieces = ceil(machine.cores / ceil(shape.k / depth))
    return Schedule(depth, rows, width // lanes, lanes, ceil(ceil(shape.n / pieces) / width) * width)


def match(group: Group, machine: Machine) -> Coded | None:
    """A group that is such a product: of known extents, a B that the second cache does not hold, and rows of C that the
    first one holds, which are sums.
    """
    nest = next((nest for nest in group.nests if any(loop.reduces for loop in nest.loops)), None)
    if nest is None or combiners(nest) not in (["arith.addf"], ["arith.addi"]):
        return None
    results, total = points([loop for loop in nest.loops if not loop.reduces]), points(nest.loops)
    if total.symbols or results.constant * element_bytes(nest.outputs[0].element) > machine.cache(1) * 2 // 3:
        return None
    if total.constant * max(element_bytes(access.element) for access in nest.memory) <= machine.cache(2):
        return None
    found = recognized(group)
    return None if found is None else _coded(*found, machine)


def _coded(group: Group, roles: Contraction, machine: Machine) -> Coded | None:
    nest = group.nests[roles.product]
    b, c = roles.factor(nest, roles.b), nest.outputs[0]
    m, n, k = (nest.loops[loop].extent.constant for loop in (roles.m, roles.n, roles.k))
    if roles.batch or m > MOST_ROWS or b.strides[roles.n] != ONE or storage_type(c.element) != c.element:
        return None
    if n * k * element_bytes(b.element) <= machine.cache(2):
        return None
    values = (roles.body.left.value, roles.body.right.value, roles.body.total)
    bits = max(element_bits(each) for each in (b.element, *(value.type for value in values)))
    shape = Shape(m, n, k, bits)
    schedule = choose(shape, machine)
    if k < PARTS * SHALLOWEST * schedule.rows:
        return None
    return _StreamedCode(group, roles, shape, schedule, machine)


@record
class _StreamedCode:
    group: Group
    roles: Contraction
    shape: Shape
    schedule: Schedule
    machine: Machine

    @property
    def nest(self) -> Nest:
        """The product."""
        return self.group.nests[self.roles.product]

    @property
    def blocks(self) -> Blocks:
        """All of C as one block that is streamed."""
        shape, schedule = self.shape, self.schedule
        lanes, registers, rows = schedule.lanes, schedule.registers, schedule.rows
        columns = ceil(shape.n / schedule.width) * schedule.width
        return Blocks(lanes, registers, shape.m, schedule.depth, False, shape.m, columns, False, False, stream=rows)

    @property
    def parts(self) -> int:
        """Into how many parts k is cut."""
        return ceil(self.shape.k / self.schedule.depth)

    @property
    def items(self) -> int:
        """How many tasks there are."""
        return self.parts * ceil(self.shape.n / self.schedule.columns)

    @property
    def part_bytes(self) -> int:
        """The size of a part's sums."""
        return self._bytes(self.nest.outputs[0].element)

    def _bytes(self, element: ir.Type) -> int:
        """The size of all of C with such elements, in whole lines."""
        return ceil(self.shape.m * self.blocks.task_columns * element_bytes(element) / LINE) * LINE

    def places(self) -> tuple[dict[ir.Value, int], int]:
        """Where buffers that nothing outside reads are, behind the parts' sums, and how many bytes that is in all."""
        at = LINE + self.parts * self.part_bytes
        places = {}
        for memref, temp in self.group.temps.items():
            places[memref] = at
            at += self._bytes(temp.element)
        return places, at

    def work(self, b: Builder) -> Work:
        """Tasks, and the room for what they keep."""
        room = b.allocate(b.i8, self.places()[1])
        start = Descriptor(b, room).aligned()
        b.store(b.value(0), start, LINE)
        right = element_bytes(self.roles.factor(self.nest, self.roles.b).element)

        def free(after: Builder) -> None:
            after.create("memref.dealloc", [], [room])

        each = self.schedule.depth * self.schedule.columns * right * READING
        return Work(self.items, each, passed=[start], finish=free)

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        _Tasks(b, self, seen).emit(lo, hi)


class _Tasks:
    """Makes the code of tasks with builder `b`."""

    def __init__(self, b: Builder, code: _StreamedCode, seen: Sequence[Seen]) -> None:
        self.b, self.code, self.seen, self.own = b, code, seen, seen[code.roles.product]
        self.start = self.own.passed[0]
        self.partial = Partial(b, code.machine.masks)
        self.element = code.nest.outputs[0].element
        self.columns = code.blocks.task_columns  # between rows of sums

    def emit(self, lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        self.b.each(lo, hi, 1, self._task)

    def _stride(self, access: Access, loop: int) -> Int:
        return evaluate(self.b, access.strides[loop], self.own.symbols)

    def _task(self, item: Int) -> None:
        b, code, roles, schedule, shape = self.b, self.code, self.code.roles, self.code.schedule, self.code.shape
        piece, part = b.split(item, code.parts) if code.items > code.parts else (0, item)
        k, column = b.mul(part, schedule.depth), b.mul(piece, schedule.columns)
        depth, columns = b.min(b.sub(shape.k, k), schedule.depth), b.min(b.sub(shape.n, column), schedule.columns)
        if shape.k % schedule.depth == 0:
            depth = schedule.depth
        if shape.n % schedule.columns == 0:
            columns = schedule.columns
        sides = []
        for each, loop, across in ((roles.a, roles.m, 0), (roles.b, roles.n, column)):
            access = roles.factor(code.nest, each)
            along, stride = self._stride(access, roles.k), self._stride(access, loop)
            at = b.add(b.mul(k, along), b.mul(across, stride))
            base = b.address(self.own.bases[each], at, storage_type(access.element))
            sides.append(Side(base, access.element, stride, along))
        sums = b.address(self._sums(part), column, self.element)
        lines = [b.address(sums, r * self.columns, self.element) for r in range(shape.m)]
        vector = ir.VectorType.get([schedule.width], self.element)
        zero = b.number(vector, 0)

        def clear(n: Int) -> None:
            for line in lines:
                b.store(zero, b.address(line, n, self.element), element_bytes(self.element))

        b.each(0, columns, schedule.width, clear)
        emitter = Emitter(b, roles.body, self.own.captured, code.machine.fused)
        stream_rows(emitter, code.blocks, self.partial, (sides[0], sides[1]), self.element, lines, columns, depth)
        one = {"bin_op": ir.IntegerAttr.get(b.i64, ADD), "ordering": ir.IntegerAttr.get(b.i64, RELEASE)}
        done = b.one("llvm.atomicrmw", b.i64, self.start, b.value(1), **one)
        last = b.one("arith.cmpi", b.i1, done, b.value(code.items - 1), predicate=ir.IntegerAttr.get(b.i64, EQUAL))
        b.if_(last, self._finish)

    def _sums(self, part: Int) -> ir.Value:
        """The address of a part's sums, whose rows have room for whole vectors."""
        b = self.b
        return b.address(self.start, b.add(LINE, b.mul(part, self.code.part_bytes)), b.i8)

    def _finish(self) -> None:
        """Adds the parts' sums to C, and computes what follows."""
        b, code, roles, shape = self.b, self.code, self.code.roles, self.code.shape
        scratch: dict[object, ir.Value] = {
            memref: b.address(self.start, at, b.i8) for memref, at in code.places()[0].items()
        }
        block = Block(roles, code.blocks, code.group.temps, scratch, {roles.m: 0, roles.n: 0}, code.machine)
        c = code.nest.outputs[0]
        start = scratch.get(c.memref, self.own.bases[2])
        stride = self.columns if c.memref in scratch else self._stride(c, roles.m)
        for number, (nest, seen) in enumerate(zip(code.group.nests, self.seen, strict=True)):
            if number != roles.product:
                block.compute(b, nest, replace(seen, bases=list(seen.bases)), 0, (shape.m, shape.n))
                continue
            for r in range(shape.m):
                self._add(b.address(start, b.mul(r, stride), self.element), r * self.columns)

    def _add(self, line: ir.Value, row: int) -> None:
        """Adds a row of the parts' sums, which begins so far behind their starts, to one of C."""
        b, code, lanes = self.b, self.code, self.code.schedule.lanes
        vector, (kind,) = ir.VectorType.get([lanes], self.element), combiners(code.nest) or [""]

        def piece(n: Int, left: Int | None) -> None:
            place = b.address(line, n, self.element)
            total = self.partial.load(vector, place, left)
            for part in range(code.parts):
                at = b.address(self._sums(part), b.add(n, row), self.element)
                total = b.one(kind, vector, total, b.load(vector, at, element_bytes(self.element)))
            self.partial.store(total, place, left)

        whole = code.shape.n // lanes * lanes
        b.each(0, whole, lanes, lambda n: piece(n, None))
        b.each(whole, code.shape.n, lanes, lambda n: piece(n, b.sub(code.shape.n, n)))
