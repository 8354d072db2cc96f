# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of groups whose nests run one after the other on a block of rows that stays in the nearest cache.

A row is a point of the shared loops, an item a block of rows along the innermost of them. Temporaries are on the stack
of the task, or where they are larger or their size is not known in memory that it allocates once for all its blocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlir import ir

from mograph._records import record
from mograph.targets.cpu import convolution, convolution_rows, dots, transpose, window
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.contraction.roles import is_product
from mograph.targets.cpu.cost import is_small, per_iteration, points
from mograph.targets.cpu.group import Coded, Group, Temp, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import (
    ONE,
    ZERO,
    Access,
    Loop,
    Nest,
    Product,
    Seen,
    evaluate,
    simplify,
    storage_type,
)
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import choose as choose_plan
from mograph.targets.cpu.schedules import tunable
from mograph.targets.cpu.streams import streamed

MOST_ROWS = 64
UNKNOWN = 1024  # elements: what an extent that is not known is taken for
STACK = 64 << 10  # bytes of temporaries
TASKS = 4  # for each core at least, so that none waits long for another
SHORTEST, STRETCH = 64, 512  # elements that lie together, where rows do


@record
class Schedule:
    """How a group runs in blocks: rows in a block, and whether all temporaries are on the stack."""

    rows: int
    on_stack: bool


def _check(schedule: Schedule, group: Group, machine: Machine) -> None:
    if schedule.rows < 1:
        raise ValueError(f"expected rows of 1 or more, found {schedule.rows}")
    if schedule.on_stack and not _fit(group, schedule.rows):
        raise ValueError(f"{schedule.rows} rows of temporaries do not fit on the stack")


@tunable("rows", check=_check)
def choose(group: Group, machine: Machine) -> Schedule:
    """As many rows as half of the first cache holds with what the nests touch of them, but few enough that all cores
    have several tasks.
    """
    bytes_: dict[ir.Value, int] = {}
    for nest in group.nests:
        for access in nest.memory:
            if access.strides[group.shared - 1] != ZERO:
                pairs = zip(nest.loops[group.shared :], access.strides[group.shared :], strict=True)
                size = _known(points([loop for loop, stride in pairs if stride != ZERO]))
                bytes_[access.memref] = max(bytes_.get(access.memref, 0), size * element_bytes(access.element))
    total = points(group.nests[0].loops[: group.shared])
    share = total.constant // (TASKS * machine.cores) if not total.symbols else STRETCH
    if _along(group):
        rows = max(SHORTEST, min(STRETCH, share))
    else:
        room = machine.cache(1) // 2 // max(1, sum(bytes_.values()))
        extent = _known(group.nests[0].loops[group.shared - 1].extent)
        if any(len(nest.loops) == group.shared + 1 and dots.recognize(nest, machine) for nest in group.nests):
            room = max(room, dots.AT_ONCE)
        rows = max(1, min(MOST_ROWS, room, share, extent))
    rows = 1 << (rows.bit_length() - 1)
    return Schedule(rows, _fit(group, rows))


def _along(group: Group) -> bool:
    """Whether neighbouring rows lie together somewhere, and what is in a row does not."""
    return any(
        access.strides[group.shared - 1] == ONE and any(stride != ZERO for stride in access.strides[group.shared :])
        for nest in group.nests
        for access in nest.memory
    )


def _fit(group: Group, rows: int) -> bool:
    """Whether the temporaries of some rows are known to be few enough for the stack."""
    sizes = [(temp.elements, element_bytes(temp.element)) for temp in group.temps.values()]
    known = not any(elements.symbols for elements, _ in sizes)
    return known and sum(elements.constant * rows * size for elements, size in sizes) <= STACK


def match(group: Group, machine: Machine) -> Coded | None:
    """The group in blocks of rows, unless a nest of it has better code of its own or its rows are too few."""
    if len(group.nests) < 2 or not group.shared:
        return None
    small = is_small(group.nests, machine)
    total = points(group.nests[0].loops[: group.shared])
    fewest = machine.cores * (SHORTEST if _along(group) else 1)
    if not small and not total.symbols and total.constant < fewest:
        return None
    for nest in group.nests:
        if convolution.recognize(nest) or convolution_rows.recognize(nest) or is_product(nest):
            return None
        if not small and transpose.recognize(nest):
            return None
    return _RowsCode(group, choose(group, machine), machine, small)


def _known(extent: Product) -> int:
    unknown: int = UNKNOWN ** len(extent.symbols)
    return extent.constant * unknown


@record
class _RowsCode:
    group: Group
    schedule: Schedule
    machine: Machine
    small: bool

    def work(self, b: Builder) -> Work:
        group, rows = self.group, self.schedule.rows
        first = group.nests[0]
        *outer, row = (evaluate(b, loop.extent, first.symbols) for loop in first.loops[: group.shared])
        items = b.blocks(row, rows)
        for extent in outer:
            items = b.mul(items, extent)
        if self.small:
            return Work(items, 0, in_place=True)
        each: Int = 0
        for nest in group.nests:
            own = evaluate(b, points(nest.loops[group.shared :]), nest.symbols)
            vectorized = choose_plan(nest, self.machine.vector_bits).loop is not None
            each = b.add(each, b.mul(own, rows * per_iteration(nest, vectorized)))
        return Work(items, each)

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        group, size = self.group, self.schedule.rows
        extents = [evaluate(b, loop.extent, seen[0].symbols) for loop in group.nests[0].loops[: group.shared]]
        scratch = {memref: self._scratch(b, temp, seen[0].symbols, extents[-1]) for memref, temp in group.temps.items()}

        def item(index: Int) -> None:
            indices: list[Int] = [0] * group.shared
            rest, block = b.split(index, b.blocks(extents[-1], size)) if group.shared > 1 else (0, index)
            for loop in reversed(range(group.shared - 1)):
                rest, indices[loop] = b.split(rest, extents[loop]) if loop else (0, rest)
            indices[-1] = b.mul(block, size)
            whole = isinstance(extents[-1], int) and extents[-1] % size == 0
            count = size if whole else b.min(b.sub(extents[-1], indices[-1]), size)
            for nest, values in zip(group.nests, seen, strict=True):
                self._nest(b, nest, values, indices, count, {m: address for m, (address, _) in scratch.items()})

        b.each(lo, hi, 1, item)
        for _, memref in scratch.values():
            if memref is not None:
                b.create("memref.dealloc", [], [memref])

    def _nest(
        self,
        b: Builder,
        nest: Nest,
        seen: Seen,
        indices: Sequence[Int],
        count: Int,
        scratch: Mapping[ir.Value, ir.Value],
    ) -> None:
        """The part of a nest that is in a block."""
        shared = self.group.shared
        symbols = list(seen.symbols)
        if isinstance(count, int):
            extent = Product(count)
        else:
            extent = Product(1, (len(symbols),))
            symbols.append(count)
        accesses: list[Access | ir.Value] = []
        bases: list[ir.Value] = []
        for access, base in zip(nest.accesses, seen.bases, strict=True):
            if not isinstance(access, Access):
                accesses.append(access)
                bases.append(base)
                continue
            strides = access.strides[shared - 1 :]
            if access.memref in scratch:
                base = scratch[access.memref]
                strides = [self.group.temps[access.memref].elements, *strides[1:]]
            else:
                offset: Int = 0
                for index, stride in zip(indices, access.strides, strict=False):
                    offset = b.add(offset, b.mul(index, evaluate(b, stride, symbols)))
                base = b.address(base, offset, storage_type(access.element))
            accesses.append(replace(access, strides=strides))
            bases.append(base)
        row = nest.loops[shared - 1]
        loops = [Loop(extent, False, row.dim), *nest.loops[shared:]]
        dims = [loop.dim for loop in nest.loops[:shared]]
        origins = {dim: index for dim, index in zip(dims, indices, strict=True) if dim is not None}
        part = Nest(nest.op, loops, accesses, nest.body, nest.body_ops, symbols, nest.indexed)
        simplify([part])
        values = Seen(bases, symbols, seen.captured, origins)
        windows = window.match(Group([part], 0, {}, self.group.symbols, self.group.weights), self.machine)
        if windows is not None:
            windows.emit_all(b, [values])
            return
        products = dots.recognize(part, self.machine) if len(part.loops) == 2 else None
        if products is not None:
            dots.emit(b, part, products, values, self.machine)
            return
        plan = choose_plan(part, self.machine.vector_bits)
        starts = {
            k: [*access.strides[: shared - 1], access.strides[shared - 1] * Product(self.schedule.rows)]
            for k, access in enumerate(nest.accesses)
            if isinstance(access, Access)
        }
        plan = streamed(part, plan, self._read(), self.group.aligned, self.machine, starts)
        NestCode(b, part, plan, values, self.machine, ahead=self._ahead(b, nest, symbols)).emit_all()

    def _ahead(self, b: Builder, nest: Nest, symbols: Sequence[ir.Value]) -> dict[int, Int]:
        """How far away the next block of rows is in what several nests read, of which this is the last: it is asked
        for while they work on this one.
        """
        result: dict[int, Int] = {}
        row = self.group.shared - 1
        for k, access in enumerate(nest.accesses):
            if not isinstance(access, Access) or not access.is_read or access.memref in self.group.temps:
                continue
            readers = [
                other
                for other in self.group.nests
                if any(one.memref == access.memref and one.is_read for one in other.memory)
            ]
            if len(readers) > 1 and readers[-1] is nest and access.strides[row] not in (ZERO, ONE):
                result[k] = b.mul(evaluate(b, access.strides[row], symbols), self.schedule.rows)
        return result

    def _read(self) -> set[ir.Value]:
        """What need not leave the cache."""
        memory = [access for nest in self.group.nests for access in nest.memory]
        return {access.memref for access in memory if access.is_read or access.memref in self.group.temps}

    def _scratch(
        self, b: Builder, temp: Temp, symbols: Sequence[ir.Value], rows: Int
    ) -> tuple[ir.Value, ir.Value | None]:
        """Where the rows of a temporary are, and the memref to release in the end, if any."""
        storage = storage_type(temp.element)
        if self.schedule.on_stack:
            return b.stack(storage, max(1, temp.elements.constant * self.schedule.rows), 64), None
        count = b.mul(evaluate(b, temp.elements, symbols), b.min(rows, self.schedule.rows))
        memref = b.allocate(temp.element, count)
        return Descriptor(b, memref).aligned(), memref
