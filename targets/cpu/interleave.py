# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of nests over blocks of a few elements that have work in common, such as blocks of random numbers.

Such a nest asks for the index of its innermost loops, which are short: 2, 4 or 8 elements together. They are unrolled,
and the loop around them is vectorised: what does not depend on an element's place in its block is computed once for all
of them, in a lane for each block. The vectors for the places are interleaved before they are stored.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.cost import is_small, per_iteration
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ZERO, Access, Loop, Nest, Product, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bits, element_bytes
from mograph.targets.cpu.plan import LINE, Plan, vectorizable
from mograph.targets.cpu.streams import streamed

LARGEST = 8  # elements of a block
REGISTERS = 4  # of the widest type, for a vector of blocks: two are a quarter slower, their chains of products wait

Point = tuple[int, ...]
"""Indices of the inner loops."""


@record
class Schedule:
    """How many blocks are computed at once, and whether the first output is stored past the caches."""

    width: int
    past_caches: bool


def choose(group: Group, machine: Machine) -> Schedule:
    """As many as fill `REGISTERS` registers with the widest numbers of the body."""
    nest = group.nests[0]
    size = prod(loop.extent.constant for loop in nest.loops[1:])
    types = [result.type for op in nest.body_ops for result in op.results] + [a.element for a in nest.memory]
    width = max(2, REGISTERS * machine.vector_bits // max(map(element_bits, types)))
    loop = Loop(nest.loops[0].extent * Product(size), False, None)
    flat = replace(nest, loops=[loop], accesses=[_flat(access) for access in nest.accesses])
    read = {access.memref for access in nest.memory if access.is_read}
    stream = streamed(flat, Plan(0, width * size, width * size), read, group.aligned, machine).stream
    first = next(i for i, access in enumerate(nest.accesses) if isinstance(access, Access) and access.is_output)
    return Schedule(width, stream is not None and stream.aligned and stream.operand == first)


def _flat(access: Access | ir.Value) -> Access | ir.Value:
    return replace(access, strides=access.strides[-1:]) if isinstance(access, Access) else access


def match(group: Group, machine: Machine) -> Coded | None:
    """A nest alone whose inner loops are places in a block."""
    if len(group.nests) != 1:
        return None
    nest = group.nests[0]
    inner = nest.loops[1:]
    if not inner or not vectorizable(nest) or any(loop.reduces for loop in nest.loops):
        return None
    if any(loop.dim not in nest.indexed or loop.extent.symbols for loop in inner):
        return None
    extents = [loop.extent.constant for loop in inner]
    if prod(extents) > LARGEST or any(extent & (extent - 1) for extent in extents):
        return None
    dense = [Product(prod(extents[i:])) for i in range(len(inner) + 1)]
    for access in nest.memory:
        if access.strides != dense and (access.is_output or any(stride != ZERO for stride in access.strides)):
            return None
    return _InterleavedCode(nest, choose(group, machine), machine)


@record
class _InterleavedCode:
    nest: Nest
    schedule: Schedule
    machine: Machine

    def work(self, b: Builder) -> Work:
        nest = self.nest
        items = evaluate(b, nest.loops[0].extent, nest.symbols)
        if is_small([nest], self.machine):
            return Work(items, 0, in_place=True)
        return Work(items, 2 * per_iteration(nest, True), self.schedule.width)

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        plan = Plan(0, self.schedule.width, self.schedule.width)
        _Blocks(b, self.nest, plan, seen[0], self.machine).emit_blocks(lo, hi, self.schedule)


class _Blocks(NestCode):
    """Makes the code of such a nest."""

    def __init__(self, b: Builder, nest: Nest, plan: Plan, seen: Seen, machine: Machine) -> None:
        super().__init__(b, nest, plan, seen, machine)
        self.inner = [loop.extent.constant for loop in nest.loops[1:]]
        self.points: list[Point] = list(product(*map(range, self.inner)))
        self.definitions = {result: op for op in nest.body_ops for result in op.results}
        self.operands = dict(zip(nest.body.arguments, range(len(nest.accesses)), strict=True))
        # What each value depends on: inner loops by number, and -1 for the block.
        self.needs: dict[ir.Value, frozenset[int]] = {}
        dims = {loop.dim: number - 1 for number, loop in enumerate(nest.loops)}
        everything = frozenset(range(-1, len(self.inner)))
        for argument, k in self.operands.items():
            access = nest.accesses[k]
            moves = isinstance(access, Access) and any(stride != ZERO for stride in access.strides)
            self.needs[argument] = everything if moves else frozenset()
        for op in nest.body_ops:
            if op.name == "linalg.index":
                dim = dims.get(ir.IntegerAttr(op.attributes["dim"]).value)
                self.needs[op.results[0]] = frozenset() if dim is None else frozenset({dim})
            else:
                needs = frozenset().union(*(self.needs.get(operand, frozenset()) for operand in op.operands))
                self.needs.update(dict.fromkeys(op.results, needs))
        self.made: dict[tuple[ir.Value, Point], ir.Value] = {}
        self.block: Int = 0
        self.count: Int | None = None

    def emit_blocks(self, lo: Int, hi: Int, schedule: Schedule) -> None:
        """The blocks lo <= i < hi."""
        b, width = self.b, schedule.width
        self.made = {}
        for value in [*self.operands, *self.definitions]:
            if not self.needs[value]:
                self._made(value, self.points[0])
        outside = self.made

        def vector(index: Int, count: Int | None) -> None:
            self.made, self.block, self.count = dict(outside), index, count
            self._store_blocks(schedule.past_caches)

        extent = self.extents[0]
        whole = isinstance(extent, int) and extent % width == 0
        main = hi if whole else b.add(lo, b.round_down(b.sub(hi, lo), width))
        b.each(lo, main, width, lambda index: vector(index, None))
        if not whole:
            b.each(main, hi, width, lambda index: vector(index, b.sub(hi, index)))

    # Values

    def _made(self, value: ir.Value, point: Point) -> ir.Value:
        """A value at a place in the block: a scalar where it is the same in all blocks, else a vector of them."""
        needs = self.needs[value]
        key = value, tuple(index if i in needs else 0 for i, index in enumerate(point))
        if key not in self.made:
            if value in self.operands:
                self._read(self.operands[value], value)
            else:
                self.made[key] = self._computed(value, point)
        return self.made[key]

    def _read(self, k: int, argument: ir.Value) -> None:
        """Makes all that an operand has of a block."""
        access = self.nest.accesses[k]
        if not isinstance(access, Access):
            self.made[argument, self.points[0]] = self.bases[k]
            return
        storage = storage_type(access.element)
        if not self.needs[argument]:
            value = self.b.load(storage, self.bases[k], element_bytes(storage))
            self.made[argument, self.points[0]] = self._from_storage(value, access.element)
            return
        size = len(self.points)
        address = self.b.address(self.bases[k], self.b.mul(self.block, size), storage)
        count = None if self.count is None else self.b.mul(self.count, size)
        loaded = self.partial.load(ir.VectorType.get([self.plan.width * size], storage), address, count)
        for point, part in zip(self.points, self._apart([loaded]), strict=True):
            self.made[argument, point] = self._from_storage(part, access.element)

    def _known(self, value: ir.Value, point: Point) -> int | None:
        """The number that an integer is at a place, where that is known now."""
        outer = self.captured.get(value)
        if outer is not None:
            return outer.value if isinstance(outer, ir.IntegerAttr) else None
        op = self.definitions.get(value)
        if op is None:
            return None
        if op.name == "arith.constant":
            constant = op.attributes["value"]
            return constant.value if isinstance(constant, ir.IntegerAttr) else None
        if op.name == "linalg.index":
            needs = self.needs[value]
            return point[min(needs)] if needs and -1 not in needs else None
        if op.name == "arith.cmpi" and ir.IntegerAttr(op.attributes["predicate"]).value == 0:
            left, right = (self._known(operand, point) for operand in op.operands)
            return None if left is None or right is None else int(left == right)
        return None

    def _computed(self, value: ir.Value, point: Point) -> ir.Value:
        op, b = self.definitions[value], self.b
        width = self.plan.width if -1 in self.needs[value] else 1
        if op.name == "arith.constant":
            return b.constant(value.type, op.attributes["value"])
        if op.name == "linalg.index":
            number = self._known(value, point)
            if number is not None or width == 1:
                return b.number(value.type, number or 0)
            first = self._spread(b.one("arith.index_cast", b.index, b.value(self.block)), width)
            return b.one("arith.addi", first.type, first, b.one("vector.step", first.type))
        if op.name == "arith.select":
            chosen = self._known(op.operands[0], point)
            if chosen is not None:
                return self._spread_to(op.operands[1 if chosen else 2], point, width)
        operands = [self._spread_to(operand, point, width) for operand in op.operands]
        clone = op.clone(ip=b.at)
        for number, operand in enumerate(operands):
            clone.operands[number] = operand
        for result in clone.results:
            result.set_type(self._vector(result.type, width))
        needs = self.needs[value]
        for old, new in zip(op.results, clone.results, strict=True):
            self.made[old, tuple(index if i in needs else 0 for i, index in enumerate(point))] = new
        return clone.results[list(op.results).index(value)]

    def _spread_to(self, value: ir.Value, point: Point, width: int) -> ir.Value:
        outer = self.captured.get(value)
        if isinstance(outer, ir.Attribute):
            return self.b.constant(self._vector(value.type, width), outer)
        return self._spread(self._made(value, point) if outer is None else outer, width)

    # Vectors

    def _store_blocks(self, past_caches: bool) -> None:
        b, size = self.b, len(self.points)
        count = None if self.count is None else b.mul(self.count, size)
        for k, value in zip(range(self.first_output, len(self.nest.accesses)), self.nest.yielded, strict=True):
            access = self._access(k)
            parts = [
                self._to_storage(self._spread_to(value, point, self.plan.width), access.element)
                for point in self.points
            ]
            address = b.address(self.bases[k], b.mul(self.block, size), storage_type(access.element))
            if past_caches and k == self.first_output and count is None:
                b.store(self._together(parts), address, LINE, past_caches=True)
            else:
                self.partial.store(self._together(parts), address, count)

    def _together(self, parts: Sequence[ir.Value]) -> ir.Value:
        """The vector that takes an element of each part in turn."""
        if len(parts) == 1:
            return parts[0]
        even, odd = self._together(parts[::2]), self._together(parts[1::2])
        vector = ir.VectorType(even.type)
        return self.b.one("vector.interleave", ir.VectorType.get([2 * vector.shape[0]], vector.element_type), even, odd)

    def _apart(self, vectors: Sequence[ir.Value]) -> list[ir.Value]:
        """The parts of which `_together` would make the one vector, in order."""
        if len(vectors) == len(self.points):
            return list(vectors)
        halves = []
        for value in vectors:
            vector = ir.VectorType(value.type)
            half = ir.VectorType.get([vector.shape[0] // 2], vector.element_type)
            halves.append(self.b.create("vector.deinterleave", [half] * 2, [value]).results)
        return self._apart([half[i] for i in range(2) for half in halves])
