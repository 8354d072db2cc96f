# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of convolutions with a filter of many results, which is a weight, for few places.

Any nest C[…, m, n…] = C[…, m, n…] + A[m, k…] * B[…, n…, k…], as in `convolution`, and products of matrices are among
them. A is copied to panels of results side by side when the model is loaded, and B is read where it is: an element of
it is a factor for all results of a panel. An item is a panel, with all its places.
"""

from collections.abc import Sequence
from math import ceil, prod

from mlir import ir

from mograph._records import record
from mograph.targets.cpu import convolution
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.convolution import Convolution, as_one, follows
from mograph.targets.cpu.convolution_results import TOGETHER, Lines, Results
from mograph.targets.cpu.convolution_schedule import LATENCY, PER_CYCLE
from mograph.targets.cpu.followers import surrounded
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.matmul import PICOSECONDS
from mograph.targets.cpu.nest import ZERO, Nest, Seen
from mograph.targets.cpu.partial import element_bits, element_bytes
from mograph.targets.cpu.schedules import tunable
from mograph.targets.cpu.transpose import copy_across
from mograph.targets.cpu.weights import Job
from mograph.targets.cpu.winograd import sums_products

VECTORS = 2  # registers side by side in a tile
OVERHEAD = 0.5  # cycles of a step besides
FEWEST = 8  # places, for fewer of which other code reads the filter as fast as it can be read
LARGEST = 64 << 10  # bytes of the sums of an item


@record
class Schedule:
    """A tile of `rows` places by `width` results is in registers, for `depth` of the outermost sums at a time."""

    rows: int
    width: int
    depth: int

    def __post_init__(self) -> None:
        if min(self.rows, self.width, self.depth) < 1:
            raise ValueError(f"expected numbers of 1 or more, found {self}")


def _check(schedule: Schedule, places: int, sums: Sequence[int], bits: int, machine: Machine) -> None:
    lanes = machine.vector_bits // bits
    if schedule.width % lanes:
        raise ValueError(f"expected a width in vectors of {lanes}, found {schedule.width}")
    if schedule.rows > places:
        raise ValueError(f"expected at most {places} rows, found {schedule.rows}")
    if schedule.depth > sums[0]:
        raise ValueError(f"expected a depth of at most {sums[0]}, found {schedule.depth}")


@tunable("filters", check=_check)
def choose(places: int, sums: Sequence[int], bits: int, machine: Machine) -> Schedule:
    """The schedule for `places` places side by side, and so many sums in each of their loops: the rows that take the
    fewest cycles, and as many sums at a time as leave the panel in a quarter of the first cache.
    """
    lanes = machine.vector_bits // bits
    most = min(places, (machine.registers - VECTORS - 1) // VECTORS)

    def cycles(rows: int) -> float:
        return max(rows * VECTORS / PER_CYCLE, (rows + VECTORS) / PER_CYCLE, LATENCY) + OVERHEAD

    def key(rows: int) -> tuple[float, bool, int]:
        whole, rest = divmod(places, rows)
        return whole * cycles(rows) + (cycles(rest) if rest else 0), rest != 0, -rows

    line = prod(sums[1:]) * VECTORS * lanes * bits // 8
    slabs = ceil(sums[0] / max(1, machine.cache(1) // 4 // line))
    return Schedule(min(range(1, most + 1), key=key), VECTORS * lanes, ceil(sums[0] / slabs))


@record
class FiltersCode:
    """The code of a group with a convolution that is nest `at`, whose results start from those of the nest before if
    `begun`.
    """

    group: Group
    at: int
    begun: bool
    roles: Convolution
    schedule: Schedule
    machine: Machine

    @property
    def nest(self) -> Nest:
        """The convolution."""
        return self.group.nests[self.at]

    def extent(self, *loops: int) -> int:
        """Of some loops together."""
        return prod(self.nest.loops[loop].extent.constant for loop in loops)

    @property
    def element(self) -> ir.Type:
        """Of all operands."""
        return self.nest.outputs[0].element

    @property
    def panels(self) -> int:
        """How many panels there are."""
        return ceil(self.extent(self.roles.product.m) / self.schedule.width)

    @property
    def panel(self) -> int:
        """The elements of a panel."""
        return self.extent(*self.roles.sums) * self.schedule.width

    def work(self, b: Builder) -> Work:
        """Items are panels, for each of the independent products."""
        product, width = self.roles.product, self.schedule.width
        terms = self.extent(*self.roles.columns) * self.panel
        access, sums = self.nest.memory[product.a], self.extent(*self.roles.sums)
        across = access.strides[product.m].constant
        results, element = self.extent(product.m), self.element

        def fill(b: Builder, source: ir.Value, target: ir.Value, lo: Int, hi: Int) -> None:
            def panel(number: Int) -> None:
                first = b.mul(number, width)
                start = b.address(source, b.mul(first, across), element)
                into = b.address(target, b.mul(number, self.panel), element)
                count = width if results % width == 0 else b.min(b.sub(results, first), width)
                copy_across(b, element, (start, across), (into, width), (sums, count), self.machine.vector_bits)

            b.each(lo, hi, 1, panel)

        job = Job(self.panels * self.panel * element_bytes(element), self.panels, self.panel * PICOSECONDS, fill)
        key = "filters", width, across, results, sums
        prepared = Descriptor(b, self.group.weights.prepare(access, key, job)).aligned()
        return Work(self.panels * self.extent(*product.batch), terms * PICOSECONDS, passed=[prepared])

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        """The items lo <= i < hi."""
        _Panels(self, b, seen).emit(lo, hi)


class _Panels:
    """Makes the code of panels."""

    def __init__(self, code: FiltersCode, b: Builder, seen: Sequence[Seen]) -> None:
        self.code, self.b, self.roles, self.cut, self.type = code, b, code.roles, code.schedule, code.element
        self.bases, (self.passed,) = seen[code.at].bases, seen[code.at].passed
        self.steps = [stride.constant for stride in code.nest.memory[self.roles.product.b].strides]
        self.lanes, self.bytes = code.machine.vector_bits // element_bits(self.type), element_bytes(self.type)
        self.vector = ir.VectorType.get([self.lanes], self.type)
        along = self.roles.columns[-1]
        self.ends = Results(b, code.group, code.at, code.begun, along, seen, code.machine.fused)
        self.columns = _merged(code.nest, self.roles)
        self.inner = code.extent(*self.roles.sums[1:])
        self.offsets = b.stack(b.i64, self.cut.depth * self.inner, 64) if self.inner > 1 else None

    def emit(self, lo: Int, hi: Int) -> None:
        """The items lo <= i < hi."""
        b, code, product, width = self.b, self.code, self.roles.product, self.cut.width
        places = code.extent(*self.roles.columns)
        memrefs = [b.allocate(self.type, places * size) for size in (width, TOGETHER)]
        self.sums, turned = (Descriptor(b, memref).aligned() for memref in memrefs)
        lines = Lines(self.ends, product.m, self.type, code.machine)
        results = code.extent(product.m)
        self._note()

        def item(index: Int) -> None:
            rest, panel = b.split(index, code.panels)
            at: dict[int, Int] = {product.m: b.mul(panel, width)}
            source = self.bases[product.b]
            for loop in reversed(product.batch):
                rest, at[loop] = b.split(rest, code.extent(loop))
                source = b.address(source, b.mul(at[loop], self.steps[loop]), self.type)
            self._multiply(source, b.address(self.passed, b.mul(panel, code.panel), self.type), places)
            count = width if results % width == 0 else b.min(b.sub(results, at[product.m]), width)
            lines.emit((self.sums, width), (turned, places), at, count, places)

        b.each(lo, hi, 1, item)
        for memref in memrefs:
            b.create("memref.dealloc", [], [memref])

    def _note(self) -> None:
        """How far into B each of the sums is that are taken at a time, where they do not walk it as one loop."""
        b, offsets = self.b, self.offsets
        if offsets is None:
            return

        def level(depth: int, offset: Int, number: Int) -> None:
            if depth == len(self.roles.sums):
                b.store(b.value(offset), b.address(offsets, number, b.i64), 8)
                return
            loop = self.roles.sums[depth]
            extent = self.code.extent(loop) if depth else self.cut.depth

            def step(index: Int) -> None:
                moved = b.add(offset, b.mul(index, self.steps[loop]))
                level(depth + 1, moved, b.add(b.mul(number, extent), index))

            b.each(0, extent, 1, step)

        level(0, 0, 0)

    def _multiply(self, source: ir.Value, panel: ir.Value, places: int) -> None:
        """The sums of all places, for the results of a panel."""
        b, cut, outer = self.b, self.cut, self.roles.sums[0]
        zero = b.number(self.vector, 0)
        each = places * cut.width
        b.each(0, each, self.lanes, lambda at: b.store(zero, b.address(self.sums, at, self.type), self.bytes))

        def slab(k: Int) -> None:
            depth = b.mul(b.min(b.sub(self.code.extent(outer), k), cut.depth), self.inner)
            start = b.address(source, b.mul(k, self.steps[outer]), self.type)
            rows = b.address(panel, b.mul(k, self.inner * cut.width), self.type)
            self._places(start, rows, depth)

        b.each(0, self.code.extent(outer), cut.depth, slab)

    def _places(self, source: ir.Value, panel: ir.Value, depth: Int) -> None:
        """Adds `depth` terms to the sums of all places."""
        b, rows = self.b, self.cut.rows
        *outer, (extent, step) = self.columns

        def level(depth_: int, offset: Int, number: Int) -> None:
            if depth_ < len(outer):
                count, stride = outer[depth_]
                b.each(
                    0, count, 1,
                    lambda i: level(depth_ + 1, b.add(offset, b.mul(i, stride)), b.add(b.mul(number, count), i)),
                )  # fmt: skip
                return

            def tile(column: Int, count: int) -> None:
                at = b.address(source, b.add(offset, b.mul(column, step)), self.type)
                place = b.mul(b.add(b.mul(number, extent), column), self.cut.width)
                self._tile(at, step, panel, depth, b.address(self.sums, place, self.type), count)

            whole = extent // rows * rows
            b.each(0, whole, rows, lambda column: tile(column, rows))
            if whole < extent:
                tile(whole, extent - whole)

        level(0, 0, 0)

    def _tile(self, source: ir.Value, step: int, panel: ir.Value, depth: Int, sums: ir.Value, rows: int) -> None:
        b, width, lanes = self.b, self.cut.width, self.lanes
        outer = self.steps[self.roles.sums[0]]
        targets = [b.address(sums, at, self.type) for at in range(0, rows * width, lanes)]

        def term(k: ir.Value, totals: list[ir.Value]) -> list[ir.Value]:
            row = b.address(panel, b.mul(k, width), self.type)
            rights = [
                b.load(self.vector, b.address(row, lane, self.type), self.bytes) for lane in range(0, width, lanes)
            ]
            for lane in range(0, width, lanes):
                b.prefetch(b.address(row, self.cut.depth * self.inner * width + lane, self.type), 2)
            offset = b.mul(k, outer) if self.offsets is None else b.load(b.i64, b.address(self.offsets, k, b.i64), 8)
            start, found = b.address(source, offset, self.type), list[ir.Value]()
            for r in range(rows):
                left = b.load(self.type, b.address(start, r * step, self.type), self.bytes)
                spread = b.one("vector.broadcast", self.vector, left)
                for right in rights:
                    found.append(self._more(spread, right, totals[len(found)]))
            return found

        begun = [b.load(self.vector, target, self.bytes) for target in targets]
        for target, value in zip(targets, b.loop(0, depth, 1, begun, term), strict=True):
            b.store(value, target, self.bytes)

    def _more(self, left: ir.Value, right: ir.Value, total: ir.Value) -> ir.Value:
        b = self.b
        if self.code.machine.fused:
            return b.one("math.fma", self.vector, left, right, total)
        return b.one("arith.addf", self.vector, total, b.one("arith.mulf", self.vector, left, right))


def _merged(nest: Nest, roles: Convolution) -> list[tuple[int, int]]:
    """The loops of the columns as extents and as the distances that they move in B, outermost first; neighbours that
    walk B as one are one.
    """
    access, found = nest.memory[roles.product.b], list[tuple[int, int]]()
    for loop in roles.columns:
        count, stride = nest.loops[loop].extent.constant, access.strides[loop].constant
        if found and found[-1][1] == count * stride:
            found[-1] = found[-1][0] * count, stride
        else:
            found.append((count, stride))
    return found


def match(group: Group, machine: Machine) -> Coded | None:
    """The group as a convolution with more results than places, with what comes before and after."""
    found = surrounded(group)
    if found is None:
        return None
    at, begun = found
    nest = group.nests[at]
    roles = convolution.recognize(nest, plain=True)
    if roles is None or not _fits(group, nest, roles, machine):
        return None
    if not all(follows(other, roles) and not _symbols(other) for i, other in enumerate(group.nests) if i != at):
        return None
    *_, (places, _) = _merged(nest, roles)
    sums = [nest.loops[loop].extent.constant for loop in roles.sums]
    cut = choose(places, sums, element_bits(nest.outputs[0].element), machine)
    return FiltersCode(group, at, begun, roles, cut, machine)


def _symbols(nest: Nest) -> bool:
    return any(stride.symbols for access in nest.memory for stride in access.strides)


def _fits(group: Group, nest: Nest, roles: Convolution, machine: Machine) -> bool:
    """Whether A is a weight that is the same for all products, all is known, and results are more than places."""
    product, access = roles.product, nest.memory[roles.product.a]
    if not group.weights.has(access.memref) or any(part.symbols for part in access.offset):
        return False
    if _symbols(nest) or any(loop.extent.symbols or not loop.extent.constant for loop in nest.loops):
        return False
    if not sums_products(nest) or any(not isinstance(each.element, (ir.F32Type, ir.F64Type)) for each in nest.memory):
        return False
    if any(access.strides[loop] != ZERO for loop in product.batch) or access.strides[roles.sums[-1]].constant != 1:
        return False
    places = prod(nest.loops[loop].extent.constant for loop in roles.columns)
    bits = element_bits(nest.outputs[0].element)
    held = places * VECTORS * machine.vector_bits // 8 <= LARGEST
    results = nest.loops[product.m].extent.constant
    return machine.vector_bits > bits and held and FEWEST <= places <= results and as_one(nest, access, roles.sums)
