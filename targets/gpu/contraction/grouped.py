# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of grouped products: blocks as those of a product, each for rows of one group.

Only the device knows where groups are. So there are as many blocks as there may have to be, and each goes through the
groups until it has counted as many tiles of rows as its number says; those that are left over do nothing. Rows in no
group are sums of nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mlir import ir

from mograph.targets.cpu.body import vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Nest, Seen, evaluate
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu import product
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction import tiled, units
from mograph.targets.gpu.contraction.epilogue import Epilogue, width
from mograph.targets.gpu.contraction.groups import Groups, Tile, Tiles, recognize
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.roles import known
from mograph.targets.gpu.contraction.schedule import Shape, choose
from mograph.targets.gpu.exchange import neutral
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.points import UNSIGNED_LESS, compare, where


@dataclass(frozen=True)
class _Code(ABC):
    """A block has a tile of so many rows and columns, and threads in two dimensions; `lanes` sums that are neighbours
    are finished at once.
    """

    group: Group
    groups: Groups
    size: tuple[int, int]
    threads: tuple[int, int]
    lanes: int
    schedule: Any

    @property
    def nest(self) -> Nest:
        """The product."""
        return self.group.nests[self.groups.roles.product]

    @property
    def beside(self) -> int:
        """How many blocks leave registers for each other; 0 leaves that to whoever makes the code."""
        return 0

    def grid(self, b: Builder) -> Grid:
        tiles = Tiles(b, self.groups, self.nest, self.nest.symbols, self.size[0])
        _, columns, _ = loops_of(b, self.nest, self.groups.roles, self.nest.symbols)
        count = b.mul(tiles.most, b.blocks(columns.total, self.size[1]))
        return Grid((count, 1, 1), (*self.threads, 1), name="grouped", beside=self.beside)

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        roles, own = self.groups.roles, seen[self.groups.roles.product]
        tiles = Tiles(b, self.groups, self.nest, own.symbols, self.size[0])
        rows, columns, _ = loops_of(b, self.nest, roles, own.symbols)
        across = b.blocks(columns.total, self.size[1])
        number, column = product.raster(b, thread.block(0), tiles.most, across, tiled.TOGETHER)
        tile, column = tiles.find(own, number), b.mul(column, self.size[1])
        epilogue = Epilogue(b, self.group, roles, seen, {}, (rows, columns), self.lanes)

        def clear() -> None:
            self._clear(b, thread, epilogue, (tile.behind, column))

        def behind() -> None:
            where(b, compare(b, UNSIGNED_LESS, tile.behind, rows.total), clear)

        where(b, tile.exists, lambda: self.multiply(b, seen, thread, tile, column), behind)

    def _clear(self, b: Builder, thread: Thread, epilogue: Epilogue, origin: tuple[Int, Int]) -> None:
        """Finishes sums of nothing from a row and a column on, by all threads of the block."""
        roles, total = self.groups.roles, epilogue.columns.total
        across = self.size[1] // self.lanes
        place = b.add(b.mul(thread.thread(1), self.threads[0]), thread.thread(0))
        nothing = neutral(b, roles.kind, vector_of(roles.body.total.type, self.lanes))

        def some(number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            row, column = b.split(number, across)
            row, column = b.add(origin[0], row), b.add(origin[1], b.mul(column, self.lanes))
            there = [
                compare(b, UNSIGNED_LESS, at, loops.total)
                for at, loops in ((row, epilogue.rows), (column, epilogue.columns))
            ]
            whole = isinstance(total, int) and total % self.lanes == 0
            count = self.lanes if whole else b.min(b.sub(total, column), self.lanes)
            b.if_(b.one("arith.andi", b.i1, *there), lambda: epilogue.finish(b, row, column, nothing, count))
            return []

        b.loop(place, self.size[0] * across, self.threads[0] * self.threads[1], [], some)

    @abstractmethod
    def multiply(self, b: Builder, seen: Sequence[Seen], thread: Thread, tile: Tile, column: Int) -> None:
        """The tile from a column on, of rows that a group has."""


class _TiledCode(_Code):
    @property
    def beside(self) -> int:
        return int(self.schedule.beside)

    def multiply(self, b: Builder, seen: Sequence[Seen], thread: Thread, tile: Tile, column: Int) -> None:
        block = tiled.Block(b, self.group, self.groups.roles, self.schedule, seen, thread)
        block.rows.total = tile.stop
        block.make((tile.first, column), {self.groups.loop: tile.group}, {})


@dataclass(frozen=True)
class _UnitsCode(_Code):
    maker: units.Maker

    def multiply(self, b: Builder, seen: Sequence[Seen], thread: Thread, tile: Tile, column: Int) -> None:
        roles, own = self.groups.roles, seen[self.groups.roles.product]
        rows, columns, _ = loops_of(b, self.nest, roles, own.symbols)
        depth = evaluate(b, self.nest.loops[roles.sums[0]].extent, own.symbols)
        sides = units.sides_of(b, self.nest, roles, own, {self.groups.loop: tile.group})
        wanted = product.Product(tile.stop, columns.total, depth, *sides)
        end = Epilogue(b, self.group, roles, seen, {}, (rows, columns), self.lanes).finish
        self.maker.emit(b, thread, wanted, self.schedule, (tile.first, column), end)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is a grouped product: on matrix units, or by sums of each thread."""
    groups = recognize(group)
    if groups is None:
        return None
    roles, nest = groups.roles, group.nests[groups.roles.product]
    m, n, k, count = (
        known([nest.loops[loop] for loop in loops]) for loops in (roles.rows, roles.columns, roles.sums, roles.batch)
    )
    rows = None if m is None or count is None else -(-m // max(1, count))  # of a group, if all are alike
    maker, lanes = units.maker_of(chip), width(group, roles)
    if maker is not None and units.takes(roles, chip):
        wanted = replace(units.described(nest, roles), m=rows)
        chosen = maker.choose(wanted, count or 1, min(units.MOST, lanes))
        if chosen is not None:
            cut = replace(chosen, splits=1)
            return _UnitsCode(group, groups, (cut.rows, cut.columns), (cut.threads, 1), cut.vector, cut, maker)
    values = roles.body.left.value, roles.body.right.value, roles.body.total
    shape = Shape(rows, n, k, count or 1, *(element_bytes(value.type) for value in values))
    part = replace(choose(shape, chip), splits=1)
    size = part.block_rows, part.block_columns
    return _TiledCode(group, groups, size, (part.along, part.across), min(lanes, size[1]), part)
