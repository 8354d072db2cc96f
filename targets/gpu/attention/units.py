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

from mlir import ir

from mograph.targets.cpu.attention.masks import cut
from mograph.targets.cpu.attention.roles import RowProduct
from mograph.targets.cpu.builder import Builder, Descriptor
from mograph.targets.cpu.contraction.body import Factor as Operand
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.inside import inside
from mograph.targets.gpu.attention.operands import Operands
from mograph.targets.gpu.attention.parts import Extents, Partials, choose, described, span
from mograph.targets.gpu.attention.roles import Roles, recognize
from mograph.targets.gpu.attention.schedule import Shape
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.roles import factor
from mograph.targets.gpu.contraction.units import aligned
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.loops import offset_of
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
    parts: int

    @property
    def _partials(self) -> Partials | None:
        """What puts parts together, if there are several."""
        if self.parts == 1:
            return None
        return Partials(self.group, self.roles, self.parts, self.module.exp2)

    def grid(self, b: Builder) -> Grid:
        nest = self.group.nests[self.roles.scores.number]
        extents = Extents.of(b, self.group, self.roles, nest.symbols)
        blocks = b.mul(b.mul(b.blocks(extents.rows, self.schedule.rows), extents.outer.total), self.parts)
        memory: list[tuple[ir.Value, ir.Value]] = []
        if self.schedule.workspace:
            room = b.allocate(b.i8, b.mul(blocks, self.schedule.workspace))
            memory.append((room, Descriptor(b, room).aligned()))
        if self._partials is not None:
            memory.append(self._partials.allocate(b))
        passed, scratch = [address for _, address in memory], [memref for memref, _ in memory]
        threads = (self.schedule.threads, 1, 1)
        return Grid((blocks, 1, 1), threads, passed=passed, then=self._partials, scratch=scratch, name="attention")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        group, roles, schedule = self.group, self.roles, self.schedule
        scores, mix, own = roles.scores, roles.mix, seen[roles.scores.number]
        extents = Extents.of(b, group, roles, own.symbols)
        rows, keys, number = extents.rows, extents.keys, thread.block(0)
        line, block = b.split(number, blocks := b.blocks(rows, schedule.rows))
        rest, part = b.split(line, self.parts)
        limit = None if roles.row is None else cut(group, (scores, mix), seen)
        if limit is not None:  # the last rows have the most keys, and begin first
            block = b.sub(b.sub(blocks, 1), block)
        first, indices, end = b.mul(block, schedule.rows), extents.outer.indices(rest), keys
        if limit is not None:
            end = b.min(keys, b.add(first, schedule.rows + limit.ahead))

        def side(product: RowProduct, operand: int, across: int | None, along: int) -> Factor:
            nest, own = group.nests[product.number], seen[product.number]
            access = factor(nest, operand)
            offset = offset_of(b, access, indices, own.symbols)
            base = b.address(own.bases[operand], offset, storage_type(access.element))
            far = 0 if across is None else evaluate(b, access.strides[across], own.symbols)
            return Factor(base, access.element, far, evaluate(b, access.strides[along], own.symbols), VECTOR)

        whole = isinstance(keys, int) and keys % schedule.keys == 0
        keep = None
        if self._partials is not None:
            keep = self._partials.keep(b, own.passed[-1], extents, line)
        between = Between(b, group, roles, seen, indices, (rows, keys), whole, self.module.exp2, keep)
        workspace = None
        if schedule.workspace:
            workspace = b.address(own.passed[0], b.mul(number, schedule.workspace), b.i8)
        within = inside(b, group, roles, limit, first, keys, schedule.keys)
        operands = Operands(
            side(scores, scores.a, roles.row, scores.k),
            side(scores, scores.b, scores.n, scores.k),
            side(mix, mix.b, mix.k, mix.n),
            first,
            *span(b, part, self.parts, (keys, within, end), schedule.keys),
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
    shape, keys = described(group, roles)
    between = [access for number in roles.chain for access in group.nests[number].memory]
    masked = any(access.memref not in group.temps for access in between)
    for name in modules:
        module = import_module(f"mograph.targets.{name}")
        schedule = module.choose(shape, chip, masked)
        if schedule is not None:
            schedule = replace(schedule, vector=gcd(schedule.vector, _vector(group, roles)))
            parts = choose(shape, keys, schedule.rows, schedule.keys, chip).count
            return _UnitsCode(group, roles, schedule, shape, module, chip, parts)
    return None
