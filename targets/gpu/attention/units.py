# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of attention on matrix units, for queries, keys and values of f16 or bf16 that lie in rows.

Units multiply queries and keys exactly and sum up in f32, as the nests say. For the mix, powers are rounded to the type
of the values, which is within what the values themselves are rounded by; they are summed up before that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from math import gcd
from types import ModuleType
from typing import Any

from mograph.targets.cpu.attention.masks import cut
from mograph.targets.cpu.attention.roles import RowProduct
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.contraction.body import Factor as Operand
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.inside import inside
from mograph.targets.gpu.attention.operands import Operands
from mograph.targets.gpu.attention.roles import Roles, recognize
from mograph.targets.gpu.attention.schedule import Shape
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.roles import factor, known
from mograph.targets.gpu.contraction.units import aligned
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.loops import Loops, offset_of
from mograph.targets.gpu.points import VECTOR, steps, width_of
from mograph.targets.gpu.points import aligned as together
from mograph.targets.gpu.product import Factor

UNITS = {
    "wgmma": "nvidia.warpgroup_attention",
    "mma.sync": "nvidia.attention",
    "mfma": "amd.attention",
    "wmma": "amd.attention",
}
"""By feature of chips, the best units first: the module that has the code for these, and chooses schedules for it."""
_WIDENED = ("f16", "bf16")
_CORE = ["arith.mulf", "arith.addf"]


@dataclass(frozen=True)
class _UnitsCode:
    group: Group
    roles: Roles
    schedule: Any
    shape: Shape
    module: ModuleType
    chip: Chip

    def _outer(self, b: Builder, symbols: Sequence[Int]) -> tuple[Loops, Int, Int]:
        """The loops around rows, and how many rows and keys there are."""
        scores, row = self.roles.scores, self.group.shared - 1
        nest = self.group.nests[scores.number]
        outer = Loops(b, nest, range(row), symbols)
        rows, keys = (evaluate(b, nest.loops[loop].extent, symbols) for loop in (row, scores.n))
        return outer, rows, keys

    def grid(self, b: Builder) -> Grid:
        nest = self.group.nests[self.roles.scores.number]
        outer, rows, _ = self._outer(b, nest.symbols)
        blocks, threads = b.mul(b.blocks(rows, self.schedule.rows), outer.total), (self.schedule.threads, 1, 1)
        if not self.schedule.workspace:
            return Grid((blocks, 1, 1), threads, name="attention")
        memory = b.allocate(b.i8, b.mul(blocks, self.schedule.workspace))
        address = Descriptor(b, memory).aligned()
        return Grid((blocks, 1, 1), threads, passed=[address], scratch=[memory], name="attention")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        group, roles, schedule = self.group, self.roles, self.schedule
        scores, mix = roles.scores, roles.mix
        outer, rows, keys = self._outer(b, seen[scores.number].symbols)
        number = thread.block(0)
        rest, block = b.split(number, blocks := b.blocks(rows, schedule.rows))
        limit = cut(group, (scores, mix), seen)
        if limit is not None:  # the last rows have the most keys, and begin first
            block = b.sub(b.sub(blocks, 1), block)
        first, indices, end = b.mul(block, schedule.rows), outer.indices(rest), keys
        if limit is not None:
            end = b.min(keys, b.add(first, schedule.rows + limit.ahead))

        def side(product: RowProduct, operand: int, across: int, along: int) -> Factor:
            nest, own = group.nests[product.number], seen[product.number]
            access = factor(nest, operand)
            offset = offset_of(b, access, indices, own.symbols)
            base = b.address(own.bases[operand], offset, storage_type(access.element))
            far, near = (evaluate(b, access.strides[loop], own.symbols) for loop in (across, along))
            return Factor(base, access.element, far, near, VECTOR)

        whole = isinstance(keys, int) and keys % schedule.keys == 0
        between = Between(b, group, roles, seen, indices, (rows, keys), whole, self.module.exp2)
        workspace = None
        if schedule.workspace:
            workspace = b.address(seen[scores.number].passed[0], b.mul(number, schedule.workspace), b.i8)
        operands = Operands(
            side(scores, scores.a, group.shared - 1, scores.k),
            side(scores, scores.b, scores.n, scores.k),
            side(mix, mix.b, mix.k, mix.n),
            first,
            0,
            inside(b, group, roles, limit, first, keys, schedule.keys),
            end,
            self.shape,
            workspace,
        )
        self.module.emit(b, thread, between, operands, schedule, self.chip)


def _takes(group: Group, roles: Roles) -> bool:
    """Whether elements of one narrow type are widened and multiplied, and rows of them can be copied as they are."""
    scores, mix = roles.scores, roles.mix
    factors = [scores.body.left, scores.body.right, mix.body.right]
    if mix.body.left.ops or str(mix.body.left.argument.type) != "f32":
        return False
    for body in (scores.body, mix.body):
        if [op.name for op in body.core] != _CORE or str(body.total.type) != "f32":
            return False
    if any(not _widens(each) or each.argument.type != factors[0].argument.type for each in factors):
        return False
    for product, operand, along in ((scores, scores.a, scores.k), (scores, scores.b, scores.k), (mix, mix.b, mix.n)):
        access = factor(group.nests[product.number], operand)
        if [loop for loop, stride in enumerate(access.strides) if stride == ONE] != [along]:
            return False
        extent = group.nests[product.number].loops[along].extent.constant
        if aligned(access) != VECTOR or extent * element_bytes(access.element) % VECTOR:
            return False
    return True


def _widens(operand: Operand) -> bool:
    names = [op.name for op in operand.ops]
    return names == ["arith.extf"] and str(operand.argument.type) in _WIDENED


def _vector(group: Group, roles: Roles) -> int:
    """How many neighbours of a row of the result are stored at once at most."""
    nests, along = [group.nests[number] for number in roles.after], group.shared
    if not nests:
        nests, along = [group.nests[roles.mix.number]], roles.mix.n
    most, unknown = together(steps(nests, along), width_of(nests, along, group.temps))
    return 1 if unknown else most


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is attention of elements that the chip's units take."""
    modules = [module for feature, module in UNITS.items() if chip.has(feature)]
    roles = recognize(group) if modules else None
    if roles is None or not _takes(group, roles):
        return None
    nest, mix = group.nests[roles.scores.number], group.nests[roles.mix.number]
    rows = known([nest.loops[group.shared - 1]])
    batch = known(nest.loops[: group.shared - 1], 1) or 1
    depth, width = nest.loops[roles.scores.k].extent.constant, mix.loops[roles.mix.n].extent.constant
    element = roles.scores.body.left.argument.type
    shape = Shape(rows, batch, depth, width, element_bytes(element))
    between = [access for number in roles.chain for access in group.nests[number].memory]
    masked = any(access.memref not in group.temps for access in between)
    for name in modules:
        module = import_module(f"mograph.targets.{name}")
        schedule = module.choose(shape, chip, masked)
        if schedule is not None:
            schedule = replace(schedule, vector=gcd(schedule.vector, _vector(group, roles)))
            return _UnitsCode(group, roles, schedule, shape, module, chip)
    return None
