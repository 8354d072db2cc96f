# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of reductions to so few elements that not all cores would have work: what is reduced is cut into blocks.

Each block's result is stored by itself, and they are combined in the end one after the other. The blocks depend on the
extents alone, so that results do not depend on the number of threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.cost import is_small, per_iteration, points
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, ZERO, Access, Loop, Nest, Product, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import LINE, Plan, combiners
from mograph.targets.cpu.plan import choose as choose_plan
from mograph.targets.cpu.schedules import tunable

MOST_RESULTS = 128  # of one block
MOST_BLOCKS = 1024


@record
class Schedule:
    """Into how many blocks the outermost loop that reduces is cut at most. Raises ValueError for numbers that the code
    cannot do with.
    """

    blocks: int

    def __post_init__(self) -> None:
        if not 1 <= self.blocks <= MOST_BLOCKS:
            raise ValueError(f"blocks: expected 1 to {MOST_BLOCKS}, found {self.blocks}")


@tunable("split")
def choose(_group: Group, _machine: Machine) -> Schedule:
    """As many as give any processor's cores a few each, so that it does not matter which one this is."""
    return Schedule(64)


def match(group: Group, machine: Machine) -> Coded | None:
    """A group of one nest that combines many elements to few."""
    nest = group.nests[0]
    if len(group.nests) > 1 or not any(loop.reduces for loop in nest.loops) or is_small(group.nests, machine):
        return None
    results = points([loop for loop in nest.loops if not loop.reduces])
    outputs = nest.outputs
    if results.symbols or results.constant > MOST_RESULTS or len(outputs) != len(nest.body.arguments) - _inputs(nest):
        return None
    if combiners(nest) is None or any(storage_type(access.element) != access.element for access in outputs):
        return None
    return _SplitCode(nest, choose(group, machine), machine)


def _inputs(nest: Nest) -> int:
    return len(nest.accesses) - len(nest.outputs)


@dataclass
class _SplitCode:
    nest: Nest
    schedule: Schedule
    machine: Machine

    def __post_init__(self) -> None:
        loops = self.nest.loops
        self.plan: Plan = choose_plan(self.nest, self.machine.vector_bits)
        reducing = [i for i, loop in enumerate(loops) if loop.reduces]
        self.cut = next((i for i in reducing if i != self.plan.loop), reducing[0])
        self.results = points([loop for loop in loops if not loop.reduces]).constant

    def work(self, b: Builder) -> Work:
        nest = self.nest
        extent = evaluate(b, nest.loops[self.cut].extent, nest.symbols)
        size = self._size(b, extent)
        items = b.split(b.add(extent, b.sub(size, 1)), size)[0]
        others = evaluate(b, points([loop for i, loop in enumerate(nest.loops) if i != self.cut]), nest.symbols)
        each = b.mul(b.mul(size, others), per_iteration(nest, self.plan.loop is not None))
        count = self.schedule.blocks * self.results
        parts = [b.stack(access.element, count, LINE) for access in nest.outputs]
        return Work(items, each, passed=parts, finish=lambda after: self._combine(after, parts, items))

    def _size(self, b: Builder, extent: Int) -> Int:
        """How much of the loop a block has: whole vectors."""
        blocks, width = self.schedule.blocks, self.plan.width if self.cut == self.plan.loop else 1
        most = b.split(b.add(extent, blocks - 1), blocks)[0]
        size = b.round_up(most, width)
        return max(size, 1) if isinstance(size, int) else b.one("arith.maxsi", b.i64, size, b.value(1))

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        nest, values = self.nest, seen[0]
        extent = evaluate(b, nest.loops[self.cut].extent, values.symbols)
        size = self._size(b, extent)

        def block(item: Int) -> None:
            start = b.mul(item, size)
            count = b.min(size, b.sub(extent, start))
            symbols = [*values.symbols, b.value(count)]
            loops = list(nest.loops)
            loops[self.cut] = Loop(Product(1, (len(values.symbols),)), True, loops[self.cut].dim)
            accesses: list[Access | ir.Value] = []
            bases: list[ir.Value] = []
            parts = iter(values.passed)
            for access, base in zip(nest.accesses, values.bases, strict=True):
                new: Access | ir.Value = access
                if isinstance(access, Access) and access.is_output:
                    new = replace(access, strides=self._packed())
                    base = b.address(next(parts), b.mul(item, self.results), access.element)
                elif isinstance(access, Access):
                    offset = b.mul(start, evaluate(b, access.strides[self.cut], symbols))
                    base = b.address(base, offset, storage_type(access.element))
                accesses.append(new)
                bases.append(base)
            dim = nest.loops[self.cut].dim
            origins = {dim: start} if dim is not None else {}
            part = Nest(nest.op, loops, accesses, nest.body, nest.body_ops, symbols, nest.indexed)
            NestCode(
                b, part, self.plan, Seen(bases, symbols, values.captured, origins), self.machine, fresh=True
            ).emit_all()

        b.each(lo, hi, 1, block)

    def _packed(self) -> list[Product]:
        """The strides of a block's results, which lie together in the order of the loops."""
        strides, stride = [ZERO] * len(self.nest.loops), ONE
        for i in reversed(range(len(strides))):
            if not self.nest.loops[i].reduces:
                strides[i] = stride
                stride *= self.nest.loops[i].extent
        return strides

    def _combine(self, b: Builder, parts: Sequence[ir.Value], items: Int) -> None:
        """Adds the blocks' results to the outputs, in their order."""
        nest = self.nest
        kinds = combiners(nest) or []
        loops = [i for i, loop in enumerate(nest.loops) if not loop.reduces]

        def result(number: Int) -> None:
            rest, indices = number, {}
            for i in reversed(loops):
                rest, indices[i] = b.split(rest, nest.loops[i].extent.constant)
            for kind, access, part in zip(kinds, nest.outputs, parts, strict=True):
                element, bytes_ = access.element, element_bytes(access.element)
                offset: Int = 0
                for i, index in indices.items():
                    offset = b.add(offset, b.mul(index, evaluate(b, access.strides[i], nest.symbols)))
                assert access.base is not None
                target = b.address(access.base, offset, element)

                def add(
                    item: ir.Value, total: list[ir.Value], part: ir.Value = part, kind: str = kind
                ) -> list[ir.Value]:
                    address = b.address(part, b.add(b.mul(item, self.results), number), total[0].type)
                    value = b.load(total[0].type, address, element_bytes(total[0].type))
                    return [b.one(kind, total[0].type, total[0], value)]

                (total,) = b.loop(0, items, 1, [b.load(element, target, bytes_)], add)
                b.store(total, target, bytes_)

        b.each(0, self.results, 1, result)
