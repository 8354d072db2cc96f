# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of attention on matrix units, for queries, keys and values of f16 or bf16 that lie in rows.

Units multiply queries and keys exactly and sum up in f32, as the nests say. For the mix, powers are rounded to the type
of the values, which is within what the values themselves are rounded by; they are summed up before that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from math import gcd

from mograph.targets.cpu.attention.masks import cut
from mograph.targets.cpu.attention.roles import RowProduct
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Factor as Operand
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.roles import Roles, recognize
from mograph.targets.gpu.attention.schedule import Shape
from mograph.targets.gpu.attention.unit_schedule import Schedule, choose
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.roles import factor, known
from mograph.targets.gpu.contraction.units import aligned
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.loops import Loops, offset_of
from mograph.targets.gpu.points import VECTOR, steps, width_of
from mograph.targets.gpu.points import aligned as together
from mograph.targets.gpu.product import Factor

UNITS = {"mma.sync": "mograph.targets.nvidia.attention"}
"""By feature of chips: the module that has the code for these units."""
_WIDENED = ("f16", "bf16")
_CORE = ["arith.mulf", "arith.addf"]


@dataclass(frozen=True)
class _UnitsCode:
    group: Group
    roles: Roles
    schedule: Schedule
    shape: Shape
    module: str

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
        blocks = b.mul(b.blocks(rows, self.schedule.rows), outer.total)
        return Grid((blocks, 1, 1), (self.schedule.threads, 1, 1), name="attention")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        group, roles, schedule = self.group, self.roles, self.schedule
        scores, mix = roles.scores, roles.mix
        outer, rows, keys = self._outer(b, seen[scores.number].symbols)
        rest, block = b.split(thread.block(0), blocks := b.blocks(rows, schedule.rows))
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
        between = Between(b, group, roles, seen, indices, (rows, keys), whole)
        code = import_module(self.module)
        operands = code.Operands(
            side(scores, scores.a, group.shared - 1, scores.k),
            side(scores, scores.b, scores.n, scores.k),
            side(mix, mix.b, mix.k, mix.n),
            first,
            end,
            self.shape,
        )
        code.emit(b, thread, between, operands, schedule)


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
    """How many neighbours of a row of the result are stored at once, 2 at most."""
    nests, along = [group.nests[number] for number in roles.after], group.shared
    if not nests:
        nests, along = [group.nests[roles.mix.number]], roles.mix.n
    most, unknown = together(steps(nests, along), width_of(nests, along, group.temps))
    return 1 if unknown else gcd(2, most)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is attention of elements that the chip's units take."""
    module = next((name for feature, name in UNITS.items() if chip.has(feature)), None)
    roles = recognize(group) if module is not None else None
    if module is None or roles is None or not _takes(group, roles):
        return None
    nest, mix = group.nests[roles.scores.number], group.nests[roles.mix.number]
    rows = known([nest.loops[group.shared - 1]])
    batch = known(nest.loops[: group.shared - 1], 1) or 1
    depth, width = nest.loops[roles.scores.k].extent.constant, mix.loops[roles.mix.n].extent.constant
    shape = Shape(rows, batch, depth, width, element_bytes(roles.scores.body.left.argument.type))
    between = [access for number in roles.chain for access in group.nests[number].memory]
    schedule = choose(shape, chip, any(access.memref not in group.temps for access in between))
    return _UnitsCode(group, roles, replace(schedule, vector=_vector(group, roles)), shape, module)
