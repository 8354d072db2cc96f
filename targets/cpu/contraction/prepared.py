# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A right-hand side that is a weight: all of it is copied to panels once, when the model is loaded.

The panels of a product's first slab come first, then those of the next one, and the products one after the other. Where
it is one part of a weight or another, as the matrices of groups, those of all parts are copied.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, prod

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.contraction.pairs import packing_of
from mograph.targets.cpu.contraction.roles import Contraction
from mograph.targets.cpu.contraction.schedule import Schedule
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ZERO, Access, Product
from mograph.targets.cpu.partial import Partial, element_bytes
from mograph.targets.cpu.weights import Job, Part

PICOSECONDS = 300  # for each element
PART = -1  # the number of the loop over parts, which the nest does not have


@record
class Layout:
    """What is copied of an access: (extent, stride) of its lines and columns and of the loops of independent products,
    and the part of the weight that it is, where that is not always the same.
    """

    roles: Contraction
    access: Access
    lines: tuple[int, int]
    columns: tuple[int, int]
    batch: Mapping[int, tuple[int, int]]
    part: Part | None = None

    @property
    def whole(self) -> "Layout":
        """The layout of all parts."""
        if self.part is None:
            return self
        _, offset = ir.MemRefType(self.part.whole.type).get_strides_and_offset()
        access = replace(self.access, memref=self.part.whole, offset=(Product(offset),))
        return replace(self, access=access, batch={PART: (self.part.count, self.part.stride), **self.batch}, part=None)

    def slab_elements(self, schedule: Schedule) -> int:
        """The size of all panels of a slab."""
        return schedule.lines * ceil(self.columns[0] / schedule.width) * schedule.width

    def slabs(self, schedule: Schedule) -> int:
        """How many slabs there are of all products."""
        return prod(extent for extent, _ in self.batch.values()) * ceil(self.lines[0] / schedule.depth)

    def panels(self, b: Builder, schedule: Schedule, start: ir.Value, indices: Mapping[int, Int], k: Int) -> ir.Value:
        """The address of the panels from line `k` and the column in `indices` on, which also say which product."""
        slab: Int = 0
        for loop, (extent, _) in self.batch.items():
            slab = b.add(b.mul(slab, extent), indices[loop])
        slab = b.add(b.mul(slab, ceil(self.lines[0] / schedule.depth)), b.split(k, schedule.depth)[0])
        at = b.add(b.mul(slab, self.slab_elements(schedule)), b.mul(indices[self.roles.n], schedule.lines))
        return b.address(start, at, self.roles.body.right.value.type)


def layout_of(group: Group, roles: Contraction) -> Layout | None:
    """How the right-hand side is copied; None where it is no weight, or depends on what is known only later."""
    nest, right = group.nests[roles.product], roles.body.right
    access = roles.factor(nest, roles.b)
    part = group.weights.part(access.memref)
    if part is None and (not group.weights.has(access.memref) or any(each.symbols for each in access.offset)):
        return None
    known = {right.argument, *roles.body.constants, *(result for op in right.ops for result in op.results)}
    if any(operand not in known for op in right.ops for operand in op.operands):
        return None
    found = {}
    for loop, stride in enumerate(access.strides):
        if stride != ZERO:
            extent = nest.loops[loop].extent
            if extent.symbols or stride.symbols:
                return None
            found[loop] = extent.constant, stride.constant
    return Layout(roles, access, found.pop(roles.k), found.pop(roles.n), found, part)


def prepare(b: Builder, group: Group, schedule: Schedule, machine: Machine, layout: Layout) -> ir.Value:
    """The address of the panels."""
    if layout.part is not None:
        start = prepare(b, group, schedule, machine, layout.whole)
        index = b.one("arith.index_cast", b.i64, layout.part.index)
        elements = layout.slab_elements(schedule) * layout.slabs(schedule)
        return b.address(start, b.mul(index, elements), layout.roles.body.right.value.type)
    roles = layout.roles
    access, right = layout.access, roles.body.right
    blocks, slabs = ceil(layout.columns[0] / schedule.task_columns), ceil(layout.lines[0] / schedule.depth)
    elements = layout.slab_elements(schedule) * layout.slabs(schedule)

    def fill(b: Builder, source: ir.Value, target: ir.Value, lo: Int, hi: Int) -> None:
        emitter = Emitter(b, roles.body, {}, machine.fused)
        packing = packing_of(emitter, right, Partial(b, machine.masks), schedule, machine)

        def item(number: Int) -> None:
            rest, block = b.split(number, blocks)
            rest, slab = b.split(rest, slabs)
            k, column = b.mul(slab, schedule.depth), b.mul(block, schedule.task_columns)
            indices: dict[int, Int] = {roles.n: column}
            for loop, (extent, _) in reversed(list(layout.batch.items())):
                rest, indices[loop] = b.split(rest, extent)
            at = b.add(b.mul(k, layout.lines[1]), b.mul(column, layout.columns[1]))
            for loop, (_, stride) in layout.batch.items():
                at = b.add(at, b.mul(indices[loop], stride))
            counts = (
                _count(b, layout.lines[0], k, schedule.depth),
                _count(b, layout.columns[0], column, schedule.task_columns),
            )
            packing.slab(
                b.address(source, at, packing.stored),
                layout.panels(b, schedule, target, indices, k),
                (layout.lines[1], layout.columns[1]),
                counts,
                (schedule.lines, schedule.width),
            )

        b.each(lo, hi, 1, item)

    items = layout.slabs(schedule) * blocks
    job = Job(elements * element_bytes(right.value.type), items, PICOSECONDS * elements // items, fill)
    form = schedule.depth, schedule.width, schedule.pairs
    key = "contraction", form, tuple(layout.batch.values()), layout.lines, layout.columns
    return Descriptor(b, group.weights.prepare(access, key, job)).aligned()


def _count(b: Builder, extent: int, start: Int, most: int) -> Int:
    """How many of `extent` there are from `start`, a multiple of `most`, on: that many or what is left."""
    return most if extent % most == 0 else b.min(b.sub(extent, start), most)
