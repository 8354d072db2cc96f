# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of products on tensor cores that warpgroups of a block use together, with tiles that hardware copies."""

from collections.abc import Sequence
from typing import Any

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Access, Seen, evaluate, storage_type
from mograph.targets.gpu import product
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.either import Either
from mograph.targets.gpu.contraction.epilogue import Epilogue, width
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.roles import Roles, factor, recognize
from mograph.targets.gpu.contraction.sharing import EVEN
from mograph.targets.gpu.contraction.unit_schedule import LEAST_SPLIT, Shape, splits, tiles
from mograph.targets.gpu.contraction.units import MOST, aligned, known, of_few_tiles, takes
from mograph.targets.gpu.group import Coded, Grid, Thread

FEATURE = "wgmma"
LEAST = 1 << 27  # multiplications of products that are worth blocks that stay


@record
class _WarpgroupsCode:
    group: Group
    roles: Roles
    schedule: Any
    chip: Chip

    def grid(self, b: Builder) -> Grid:
        """As many blocks as run side by side, each with room for the tensor maps."""
        cut = self.schedule
        nest = self.group.nests[self.roles.product]
        rows, columns, batch = loops_of(b, nest, self.roles, nest.symbols)
        tiles = b.mul(b.mul(b.blocks(rows.total, cut.rows), b.blocks(columns.total, cut.columns)), batch.total)
        blocks = b.min(tiles, self.chip.multiprocessors)
        memory = b.allocate(b.i8, cut.workspace * self.chip.multiprocessors)
        address = Descriptor(b, memory).aligned()
        return Grid((blocks, 1, 1), (cut.threads, 1, 1), passed=[address], scratch=[memory], name="product")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        from mograph.targets.nvidia import wgmma

        roles, own = self.roles, seen[self.roles.product]
        nest, symbols = self.group.nests[roles.product], own.symbols
        rows, columns, batch = loops_of(b, nest, roles, symbols)

        def apart(access: Access, loops: Sequence[int]) -> Int:
            return evaluate(b, access.strides[loops[0]], symbols) if loops else 16  # of one, which is no matter

        accesses = [factor(nest, operand) for operand in (roles.a, roles.b)]
        sides = [
            product.Factor(
                b.address(own.bases[operand], 0, storage_type(access.element)),
                access.element,
                apart(access, loops),
                apart(access, roles.sums),
                aligned(access),
            )
            for operand, access, loops in zip((roles.a, roles.b), accesses, (roles.rows, roles.columns), strict=True)
        ]
        depth = evaluate(b, nest.loops[roles.sums[0]].extent, symbols)
        several = wgmma.Batch(batch.total, *(apart(access, roles.batch) for access in accesses))

        def end(number: Int) -> product.Epilogue:
            outer = batch.indices(number)
            return Epilogue(b, self.group, roles, seen, outer, (rows, columns), self.schedule.vector).finish

        wanted = product.Product(rows.total, columns.total, depth, sides[0], sides[1])
        wgmma.emit(b, thread, wanted, several, own.passed[0], self.schedule, end)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is a large product, of factors that hardware can copy tiles of."""
    roles = recognize(group) if chip.has(FEATURE) else None
    if roles is None or len(roles.batch) > 1 or not takes(roles, chip):
        return None
    if any(len(loops) != 1 for loops in (roles.rows, roles.columns, roles.sums)):
        return None
    from mograph.targets.nvidia import warpgroups, wgmma

    nest, sides = group.nests[roles.product], []
    for operand, loops in ((roles.a, roles.rows), (roles.b, roles.columns)):
        access = factor(nest, operand)
        if any(access.strides[loop] == ONE for loop in roles.batch):
            return None
        across, along = (known(access.strides[loop]) for loop in (loops[0], roles.sums[0]))
        sides.append(product.Factor(access.memref, access.element, across, along, aligned(access)))
    m, n, k = (known(nest.loops[loops[0]].extent) for loops in (roles.rows, roles.columns, roles.sums))
    wanted = product.Product(m, n, k, sides[0], sides[1])
    batch = max(1, nest.loops[roles.batch[0]].extent.constant) if roles.batch else 1
    if not wgmma.suits(wanted) or None not in (m, n, k) and batch * m * n * k < LEAST:
        return None
    element, vector = wanted.a.element, min(MOST, width(group, roles))
    shape = Shape(m, n, k, batch, element.width // 8, vector=vector, held=wgmma.held(element))
    schedule = warpgroups.choose(shape, chip)
    if _leaves_most(shape, schedule, chip):
        return None
    code = _WarpgroupsCode(group, roles, schedule, chip)
    if None not in (m, n) or (k is not None and k < 2 * LEAST_SPLIT):
        return code
    few = of_few_tiles(group, roles, chip)
    if few is None:
        return code
    return Either(group, roles, code, few, schedule.rows, schedule.columns, chip.multiprocessors)


def _leaves_most(shape: Shape, schedule: Any, chip: Chip) -> bool:
    """Whether half of the multiprocessors would have nothing to do, and other code shares long sums among them."""
    if None in (shape.m, shape.n, shape.k) or 2 * tiles(shape, schedule.rows, schedule.columns) > chip.multiprocessors:
        return False
    return splits(shape, chip, schedule.rows, schedule.columns) == EVEN
