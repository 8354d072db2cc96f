# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of nests that combine what lies under small windows: poolings, and convolutions channel by channel.

All results of a window stay in registers while the elements under it are gone through, one after the other without a
loop. Neighbouring windows are elements of a vector. A nest before that fills the results, and nests after that compute
element by element, are done on the registers too.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import prod

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.body import VectorBody, from_storage, loads_rows, to_storage, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.cost import is_small, per_iteration, points
from mograph.targets.cpu.followers import Followers, surrounded
from mograph.targets.cpu.group import Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bits, element_bytes
from mograph.targets.cpu.plan import vectorizable
from mograph.targets.cpu.strided import Strided

MOST_TAPS = 64  # elements under a window
WIDEST_STEP = 4  # windows that start further apart are not gathered into vectors
REGISTERS = 4  # of a result's vector: their sums hide each other's latency
OVERHEAD = 4  # vector operations that a vector costs besides its taps
TASKS = 8  # for each core


@record
class Schedule:
    """Results are computed `width` at once along the parallel loop `loop`. An item is a point of the `outer` first of
    the other parallel loops.
    """

    loop: int
    width: int
    outer: int


@record
class Windows:
    """The nest of a group that goes through windows, by number; and whether its results start from those of the nest
    before it.
    """

    at: int
    begun: bool


def match(group: Group, machine: Machine) -> "WindowCode | None":
    """The group as windows, with what comes before and after on registers."""
    roles = recognize(group)
    if roles is None:
        return None
    loop = _vector_loop(group, roles)
    if loop is not None:
        return WindowCode(group, roles, choose(group, roles, loop, machine), machine)
    nest = group.nests[roles.at]
    if all(op.name != "memref.load" for op in nest.body_ops):
        return None
    # Elements at places that the body computes are loaded one by one.
    last = max(i for i, each in enumerate(nest.loops) if not each.reduces)
    return WindowCode(group, roles, replace(choose(group, roles, last, machine), width=1), machine)


def recognize(group: Group) -> Windows | None:
    """The roles of a group's nests."""
    found = surrounded(group)
    if found is None:
        return None
    at, begun = found
    taps = [loop.extent for loop in group.nests[at].loops if loop.reduces]
    if len(taps) == len(group.nests[at].loops):
        return None
    if any(tap.symbols for tap in taps) or prod(tap.constant for tap in taps) > MOST_TAPS:
        return None
    return Windows(at, begun) if _vectorizable(group.nests[at]) else None


def _vectorizable(nest: Nest) -> bool:
    """Whether all operations exist for vectors, but for loads."""
    others = [op for op in nest.body_ops if op.name != "memref.load"]
    return vectorizable(replace(nest, body_ops=others))


def _vector_loop(group: Group, roles: Windows) -> int | None:
    """The innermost parallel loop that all results walk one by one, and the operands in small steps."""
    nest = group.nests[roles.at]
    for loop in reversed(range(sum(not each.reduces for each in nest.loops))):
        near = all(
            not access.strides[loop].symbols
            and access.strides[loop].constant in ((1,) if access.is_output else range(WIDEST_STEP + 1))
            for access in nest.memory
        )
        others = (access for i, each in enumerate(group.nests) if i != roles.at for access in each.memory)
        near = near and loads_rows(nest, loop)
        if near and all(access.strides[loop] in ((ONE,) if access.is_output else (ZERO, ONE)) for access in others):
            moved = any(not a.is_output and a.strides[loop] != ZERO for a in nest.memory)
            return loop if moved or nest.loops[loop].dim in nest.indexed else None
    return None


def choose(group: Group, roles: Windows, loop: int, machine: Machine) -> Schedule:
    """The width that leaves the fewest operations, and as few loops for the items as give all cores enough of them."""
    nest = group.nests[roles.at]
    elements = [access.element for each in group.nests for access in each.memory]
    elements += [value.type for each in group.nests for op in each.body_ops for value in op.results]
    lanes = max(1, machine.vector_bits // max(element_bits(element) for element in elements))
    extent = nest.loops[loop].extent
    taps = points([each for each in nest.loops if each.reduces]).constant
    widths = [lanes * size for size in (4, 2, 1) if size <= REGISTERS and lanes * size > 1]
    width = max(widths, default=1)
    if not extent.symbols:
        count, masks = extent.constant, machine.masks

        def operations(width: int) -> int:
            vectors, rest = -(-count // width) if masks else count // width, 0 if masks else count % width
            return vectors * (width // lanes * taps + OVERHEAD) + rest * (taps + OVERHEAD)

        width = min(widths, key=operations, default=1)
    others = [i for i, each in enumerate(nest.loops) if not each.reduces and i != loop]
    outer = 0
    while outer < len(others):
        total = points([nest.loops[i] for i in others[:outer]])
        if not total.symbols and total.constant >= TASKS * machine.cores:
            break
        outer += 1
    return Schedule(loop, width, outer)


@record
class WindowCode:
    """The code of a group of windows."""

    group: Group
    roles: Windows
    schedule: Schedule
    machine: Machine

    @property
    def others(self) -> list[int]:
        """The parallel loops but the vectorised one, outermost first."""
        loops = self.group.nests[self.roles.at].loops
        return [i for i, loop in enumerate(loops) if not loop.reduces and i != self.schedule.loop]

    def work(self, b: Builder) -> Work:
        """Items are rows of windows, or vectors of them where there is one row only."""
        nest, cut = self.group.nests[self.roles.at], self.schedule
        extents = [evaluate(b, loop.extent, nest.symbols) for loop in nest.loops]
        items: Int = 1
        inside: Int = per_iteration(nest, True)
        for i, extent in enumerate(extents):
            if i in self.others[: cut.outer]:
                items = b.mul(items, extent)
            else:
                inside = b.mul(inside, extent)
        if not self.others:
            items, inside = extents[cut.loop], per_iteration(nest, True)
        return Work(
            items, inside, unit=1 if self.others else cut.width, in_place=is_small(self.group.nests, self.machine)
        )

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        """The rows lo <= i < hi."""
        _Rows(self, b, seen).emit(lo, hi)

    def emit_all(self, b: Builder, seen: Sequence[Seen]) -> None:
        """All windows."""
        nest = self.group.nests[self.roles.at]
        rows: Int = 1
        for i in self.others[: self.schedule.outer] or ([] if self.others else [self.schedule.loop]):
            rows = b.mul(rows, evaluate(b, nest.loops[i].extent, seen[self.roles.at].symbols))
        self.emit(b, seen, 0, rows)


class _Rows:
    """Makes the code of rows of windows."""

    def __init__(self, code: WindowCode, b: Builder, seen: Sequence[Seen]) -> None:
        self.b, self.group, self.roles, self.cut, self.machine = b, code.group, code.roles, code.schedule, code.machine
        self.seen, self.others, self.loop = seen, code.others, code.schedule.loop
        self.nest = self.group.nests[self.roles.at]
        self.strided = Strided(b)
        self.extents = [evaluate(b, loop.extent, seen[self.roles.at].symbols) for loop in self.nest.loops]
        self.bodies = [
            VectorBody(b, nest, values, self.loop, self.machine.fused)
            for nest, values in zip(self.group.nests, seen, strict=True)
        ]
        self.followers = Followers(b, self.group, self.roles.at, seen, self.loop, self.machine.fused)
        taps = [i for i, loop in enumerate(self.nest.loops) if loop.reduces]
        ranges = [range(self.nest.loops[i].extent.constant) for i in taps]
        self.taps = [dict(zip(taps, values, strict=True)) for values in itertools.product(*ranges)]

    def emit(self, lo: Int, hi: Int) -> None:
        b, outer = self.b, self.others[: self.cut.outer]
        if not self.others:
            self._row({}, lo, hi)
            return

        def item(index: Int) -> None:
            indices: dict[int, Int] = {}
            rest = index
            for loop in reversed(outer[1:]):
                rest, indices[loop] = b.split(rest, self.extents[loop])
            if outer:
                indices[outer[0]] = rest
            self._level(self.cut.outer, indices)

        b.each(lo, hi, 1, item)

    def _level(self, depth: int, indices: Mapping[int, Int]) -> None:
        if depth == len(self.others):
            self._row(indices, 0, self.extents[self.loop])
            return
        loop = self.others[depth]
        self.b.each(0, self.extents[loop], 1, lambda index: self._level(depth + 1, {**indices, loop: index}))

    def _row(self, indices: Mapping[int, Int], lo: Int, hi: Int) -> None:
        b, width = self.b, self.cut.width
        if width == 1:
            b.each(lo, hi, 1, lambda index: self._windows({**indices, self.loop: index}, 1, None))
            return
        main = b.add(lo, b.mul(b.split(b.sub(hi, lo), width)[0], width))
        b.each(lo, main, width, lambda index: self._windows({**indices, self.loop: index}, width, None))
        if isinstance(main, int) and isinstance(hi, int) and main == hi:
            return
        if self.machine.masks:
            b.each(main, hi, width, lambda index: self._windows({**indices, self.loop: index}, width, b.sub(hi, index)))
        else:
            b.each(main, hi, 1, lambda index: self._windows({**indices, self.loop: index}, 1, None))

    def _windows(self, indices: Mapping[int, Int], width: int, count: Int | None) -> None:
        """`width` windows from those indices on, of which only `count` exist unless that is None."""
        at, nest = self.roles.at, self.nest
        self.starts: dict[tuple[int, ...], ir.Value] = {}
        first = len(nest.accesses) - len(nest.outputs)
        masks: dict[int, ir.Value] = {}

        def lanes(step: int) -> ir.Value | None:
            if count is None:
                return None
            if step not in masks:
                masks[step] = self.strided.mask(width, step, count)
            return masks[step]

        if self.roles.begun:
            inputs = range(len(self.group.nests[0].accesses) - 1)
            start = {k: self._load(0, k, indices, width, lanes) for k in inputs}
            values = self.bodies[0].apply(start, indices, width)
        else:
            values = [self._load(at, k, indices, width, lanes) for k in range(first, len(nest.accesses))]
        for tap in self.taps:
            everywhere = {**indices, **tap}
            operands = {
                k: self._load(at, k, everywhere, width, lanes)
                for k, access in enumerate(nest.accesses[:first])
                if not isinstance(access, Access) or access.is_read
            }
            operands.update(enumerate(values, first))
            values = self.bodies[at].apply(operands, everywhere, width, lanes(1) if width > 1 else None)

        def store(number: int, k: int, value: ir.Value) -> None:
            access = self.group.nests[number].accesses[k]
            assert isinstance(access, Access)
            stored, storage = to_storage(self.b, value, access.element), storage_type(access.element)
            address = self._address(number, k, indices, storage)
            self.b.store_lanes(stored, address, element_bytes(storage), lanes(1) if width > 1 else None)

        self.followers.run(values, indices, width, lambda n, k: self._load(n, k, indices, width, lanes), store)

    def _address(self, number: int, k: int, indices: Mapping[int, Int], storage: ir.Type) -> ir.Value:
        """Where an operand is at those indices. What the numbers among them add stands apart, so that all taps of a
        window are a fixed way from one address.
        """
        b, access, symbols = self.b, self.group.nests[number].accesses[k], self.seen[number].symbols
        assert isinstance(access, Access)
        fixed, moving = 0, []
        for loop, index in indices.items():
            if access.strides[loop] == ZERO:
                continue
            if isinstance(index, int) and not access.strides[loop].symbols:
                fixed += index * access.strides[loop].constant
            else:
                moving.append((loop, index))
        key = (number, k, *(index if isinstance(index, int) else id(index) for _, index in moving))
        if key not in self.starts:
            offset: Int = 0
            for loop, index in moving:
                offset = b.add(offset, b.mul(index, evaluate(b, access.strides[loop], symbols)))
            self.starts[key] = b.address(self.seen[number].bases[k], offset, storage)
        return b.address(self.starts[key], fixed, storage)

    def _load(
        self, number: int, k: int, indices: Mapping[int, Int], width: int, lanes: Callable[[int], ir.Value | None]
    ) -> ir.Value:
        """An operand at those indices: a vector, or the scalar that stands for all its elements."""
        b, access = self.b, self.group.nests[number].accesses[k]
        if not isinstance(access, Access):
            return self.seen[number].bases[k]
        storage = storage_type(access.element)
        address, bytes_ = self._address(number, k, indices, storage), element_bytes(storage)
        step = access.strides[self.loop].constant
        if width == 1 or step == 0:
            return from_storage(b, b.load(storage, address, bytes_), access.element)
        value = self.strided.load(vector_of(storage, width), address, step, bytes_, lanes(step))
        return from_storage(b, value, access.element)
