# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of grouped products on tensor cores that warpgroups of a block use together.

Blocks stay, and go from tile to tile of all groups; rows in no group are tiles without sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Nest, Seen, evaluate
from mograph.targets.gpu import product
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.epilogue import Epilogue, width
from mograph.targets.gpu.contraction.groups import Groups, Tiles, recognize
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.roles import factor, known
from mograph.targets.gpu.contraction.unit_schedule import Shape
from mograph.targets.gpu.contraction.units import MOST, described, sides_of, takes
from mograph.targets.gpu.contraction.warpgroups import FEATURE, LEAST
from mograph.targets.gpu.group import Coded, Grid, Thread

FEWEST = 64  # rows of a group, if all are alike: what a warpgroup multiplies at once


@dataclass(frozen=True)
class _WarpgroupsCode:
    group: Group
    groups: Groups
    schedule: Any
    chip: Chip

    @property
    def nest(self) -> Nest:
        """The product."""
        return self.group.nests[self.groups.roles.product]

    def grid(self, b: Builder) -> Grid:
        """As many blocks as run side by side, each with room for the tensor maps."""
        cut, nest = self.schedule, self.nest
        _, columns, _ = loops_of(b, nest, self.groups.roles, nest.symbols)
        tiles = Tiles(b, self.groups, nest, nest.symbols, cut.rows)
        blocks = b.min(b.mul(tiles.most, b.blocks(columns.total, cut.columns)), self.chip.multiprocessors)
        memory = b.allocate(b.i8, cut.workspace * self.chip.multiprocessors)
        address = Descriptor(b, memory).aligned()
        return Grid((blocks, 1, 1), (cut.threads, 1, 1), passed=[address], scratch=[memory], name="grouped")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        from mograph.targets.nvidia import wgmma

        roles, cut, nest = self.groups.roles, self.schedule, self.nest
        own = seen[roles.product]
        rows, columns, groups = loops_of(b, nest, roles, own.symbols)
        depth = evaluate(b, nest.loops[roles.sums[0]].extent, own.symbols)
        tiles = Tiles(b, self.groups, nest, own.symbols, cut.rows)
        down, across = tiles.most, b.blocks(columns.total, cut.columns)

        def find(number: Int) -> Any:
            row, column = product.raster(b, number, down, across, cut.band)
            tile = tiles.find(own, row)

            def chosen(one: Int, other: Int) -> Int:
                return b.one("arith.select", b.i64, tile.exists, b.value(one), b.value(other))

            return wgmma.Tile(
                chosen(tile.group, 0),
                chosen(tile.first, tile.behind),
                b.mul(column, cut.columns),
                chosen(tile.stop, rows.total),
                chosen(depth, 0),
            )

        def end(_: Int) -> product.Epilogue:
            return Epilogue(b, self.group, roles, seen, {}, (rows, columns), cut.vector).finish

        wanted = product.Product(rows.total, columns.total, depth, *sides_of(b, nest, roles, own, {}))
        apart = evaluate(b, factor(nest, roles.b).strides[self.groups.loop], own.symbols)
        batch = wgmma.Batch(groups.total, 16, apart, one_a=True)  # how far A is from another is no matter
        count = wgmma.Tiles(b.mul(down, across), find)
        wgmma.emit(b, thread, wanted, batch, own.passed[0], cut, end, count)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is a large grouped product, of factors that hardware can copy tiles of."""
    groups = recognize(group) if chip.has(FEATURE) else None
    if groups is None or not takes(groups.roles, chip):
        return None
    from mograph.targets.nvidia import warpgroups, wgmma

    roles, nest = groups.roles, group.nests[groups.roles.product]
    m, n, k, count = (
        known([nest.loops[loop] for loop in loops]) for loops in (roles.rows, roles.columns, roles.sums, roles.batch)
    )
    wanted = described(nest, roles)
    rows = None if m is None or count is None else -(-m // max(1, count))
    if not wgmma.suits(wanted) or (rows is not None and rows < FEWEST):
        return None
    if m is not None and n is not None and k is not None and m * n * k < LEAST:
        return None
    element, vector = wanted.a.element, min(MOST, width(group, roles))
    shape = Shape(rows, n, k, count or 1, element.width // 8, vector=vector, held=wgmma.held(element))
    return _WarpgroupsCode(group, groups, warpgroups.choose(shape, chip), chip)
