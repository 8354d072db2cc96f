# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products whose number of tiles is known only when they run, on chips with wgmma: there are kernels for many tiles and
for few of them, such as those of a step of a decoder. Host code, which knows, launches the others with no blocks.
"""

from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.roles import Roles
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.points import UNSIGNED_LESS, compare


@record
class Either:
    """A product by `many` where its tiles of `rows` by `columns` keep half of so many multiprocessors busy at least,
    and by `few` elsewhere.
    """

    group: Group
    roles: Roles
    many: Coded
    few: Coded
    rows: int
    columns: int
    multiprocessors: int

    def grid(self, b: Builder) -> Grid:
        """That of `many`, and of `few` then."""
        nest = self.group.nests[self.roles.product]
        rows, columns, batch = loops_of(b, nest, self.roles, nest.symbols)
        tiles = b.mul(b.mul(b.blocks(rows.total, self.rows), b.blocks(columns.total, self.columns)), batch.total)
        enough = compare(b, UNSIGNED_LESS, self.multiprocessors, b.mul(tiles, 2))
        grid = self.many.grid(b)
        return _only(b, grid, enough, True, _Then(self.few, enough))

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        """The code of `many`."""
        self.many.emit(b, seen, thread)


@record
class _Then:
    """Code, and what comes after it, where there are not tiles enough."""

    code: Coded
    enough: ir.Value

    def grid(self, b: Builder) -> Grid:
        grid = self.code.grid(b)
        return _only(b, grid, self.enough, False, None if grid.then is None else _Then(grid.then, self.enough))

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        self.code.emit(b, seen, thread)


def _only(b: Builder, grid: Grid, condition: ir.Value, wanted: bool, then: Coded | None) -> Grid:
    """A grid that has blocks only where a condition is as wanted."""

    def blocks(number: Int) -> Int:
        given = b.value(number), b.value(0)
        return b.one("arith.select", b.i64, condition, *(given if wanted else given[::-1]))

    x, y, z = grid.blocks
    return Grid((blocks(x), y, z), grid.threads, grid.passed, then, grid.scratch, grid.name, grid.beside)
