# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums that blocks share (Osama et al., "Stream-K: work-centric parallel decomposition for dense matrix-matrix
multiplication on the GPU", 2023).

The tiles of C, one after the other, each with its steps along the sums, make one long row of steps. Every block takes
as many of it as the others: the end of one tile, some whole tiles, the beginning of another. It finishes tiles that it
has all of. Of others it stores its part, and another grid adds up the parts of each in their order, so that results do
not depend on which block comes first. How many a block takes is decided by host code, which knows all extents; where
there are tiles enough for the chip, it is the steps of one tile.
"""

from collections.abc import Callable, Sequence
from math import ceil

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.body import vector_of
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu import product
from mograph.targets.gpu.contraction.epilogue import Epilogue
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.roles import Roles
from mograph.targets.gpu.contraction.sharing import EVEN
from mograph.targets.gpu.group import Grid, Thread
from mograph.targets.gpu.loops import Loops
from mograph.targets.gpu.points import EQUAL, UNSIGNED_LESS, VECTOR, both, compare, where

THREADS = 128  # of a block that adds parts up


@record
class Part:
    """What a block does of a tile, the one from the row and column `first` on of the independent product at the indices
    `outer`: what of the sums, and what it does with its sums.
    """

    first: tuple[Int, Int]
    outer: dict[int, Int]
    ends: tuple[Int, Int]
    finish: product.Epilogue


class _Row:
    """The row of all steps, where a product's symbols have these values."""

    def __init__(self, b: Builder, shares: "Shares", symbols: Sequence[ir.Value]) -> None:
        self.b, self.shares = b, shares
        nest, roles = shares.group.nests[shares.roles.product], shares.roles
        self.rows, self.columns, self.batch = loops_of(b, nest, roles, symbols)
        self.depth = Loops(b, nest, roles.sums, symbols).total
        self.down, self.across = b.blocks(self.rows.total, shares.rows), b.blocks(self.columns.total, shares.columns)
        self.tiles = b.mul(b.mul(self.down, self.across), self.batch.total)
        self.steps = _larger(b, b.blocks(self.depth, shares.depth), 1)
        self.total = b.mul(self.tiles, self.steps)

    def place(self, tile: Int) -> tuple[tuple[Int, Int], dict[int, Int]]:
        """The first row and column of a tile, and the indices of its product."""
        b, shares = self.b, self.shares
        number, rest = b.split(tile, b.mul(self.down, self.across))
        row, column = product.raster(b, rest, self.down, self.across, shares.band)
        return (b.mul(row, shares.rows), b.mul(column, shares.columns)), self.batch.indices(number)


@record
class Shares:
    """Shares of a product's sums: tiles are of `rows` by `columns`, gone through in bands of `band` rows of them, steps
    of `depth`. `splits` blocks share a tile, or where that is `EVEN` as many as make `workers` blocks in all, of
    `least` steps at least. `lanes` elements are finished at once.
    """

    group: Group
    roles: Roles
    rows: int
    columns: int
    depth: int
    band: int
    splits: int
    workers: int
    least: int
    lanes: int

    def grid(self, b: Builder, threads: tuple[int, int, int], beside: int = 0) -> Grid:
        """Of the blocks that share, with room for a part at each end of what a block takes; parts are added then."""
        row = _Row(b, self, self.group.nests[self.roles.product].symbols)
        share = b.value(self._share(b, row))
        blocks, apart = _over(b, row.total, share), compare(b, EQUAL, share, row.steps)
        nothing = b.value(0)
        room = b.one("arith.select", b.i64, apart, nothing, b.value(b.mul(blocks, 2 * self.rows * self.columns)))
        memory = b.allocate(self.roles.body.total.type, room)
        pieces = b.one("arith.select", b.i64, apart, nothing, b.value(b.mul(row.tiles, self.pieces)))
        passed = [Descriptor(b, memory).aligned(), share]
        then = _Sums(self, pieces)
        return Grid((blocks, 1, 1), threads, passed, then, scratch=[memory], name="product", beside=beside)

    @property
    def pieces(self) -> int:
        """How many blocks add up the parts of a tile."""
        return ceil(self.rows * self.columns / (THREADS * self.lanes))

    def _share(self, b: Builder, row: _Row) -> Int:
        """How many steps a block takes."""
        if self.splits != EVEN:
            return b.blocks(row.steps, self.splits)
        fair = b.blocks(row.total, self.workers)
        most = _larger(b, fair, self.least)
        room = b.mul(b.blocks(row.tiles, self.workers), 3 * self.workers)
        idle = compare(b, UNSIGNED_LESS, b.mul(row.tiles, 4), room)
        less = compare(b, UNSIGNED_LESS, most, row.steps)  # than a tile has
        more = compare(b, UNSIGNED_LESS, row.steps, most)
        more = b.one("arith.andi", b.i1, more, compare(b, EQUAL, most, fair))
        shared = both(b, idle, b.one("arith.ori", b.i1, less, more))
        return b.one("arith.select", b.i64, shared, b.value(most), b.value(row.steps))

    def each(self, b: Builder, seen: Sequence[Seen], thread: Thread, body: Callable[[Part], None]) -> None:
        """What a thread does: `body` for each tile of which its block has steps."""
        own = seen[self.roles.product]
        row, (memory, share) = _Row(b, self, own.symbols), own.passed
        begin = b.mul(thread.block(0), share)
        end = b.min(b.add(begin, share), row.total)
        one, last = b.split(begin, row.steps)[0], b.split(b.sub(end, 1), row.steps)[0]

        def some(tile: ir.Value) -> None:
            thread.barrier()  # what the tile before had in shared memory has been read
            start = b.mul(tile, row.steps)
            first, stop = b.sub(_larger(b, begin, start), start), b.min(b.sub(end, start), row.steps)
            whole = compare(b, EQUAL, b.sub(stop, first), row.steps)
            slot = b.add(
                b.mul(thread.block(0), 2),
                b.one("arith.extui", b.i64, compare(b, UNSIGNED_LESS, one, tile)),
            )
            origin, outer = row.place(tile)
            loops = row.rows, row.columns
            direct = Epilogue(b, self.group, self.roles, seen, outer, loops, self.lanes).finish

            def finish(b: Builder, r: Int, c: Int, sums: ir.Value, count: Int) -> None:
                def store() -> None:
                    at = self.at(b, slot, b.sub(r, origin[0]), b.sub(c, origin[1]))
                    b.store(sums, b.address(memory, at, self.roles.body.total.type), self.aligned)

                where(b, whole, lambda: direct(b, r, c, sums, count), store)

            ends = b.mul(first, self.depth), b.min(b.mul(stop, self.depth), row.depth)
            body(Part(origin, outer, ends, finish))

        b.each(one, b.value(b.add(last, 1)), 1, some)

    def at(self, b: Builder, slot: Int, row: Int, column: Int) -> Int:
        """Where a part of a tile has an element."""
        return b.add(b.mul(b.add(b.mul(slot, self.rows), row), self.columns), column)

    @property
    def aligned(self) -> int:
        """The bytes that divide the address of what is stored and loaded at once."""
        return min(VECTOR, self.lanes * element_bytes(self.roles.body.total.type))


@record
class _Sums:
    """Adds up the parts of tiles that blocks share, and finishes the elements, by so many blocks: some for each tile,
    or none where no tile is shared.
    """

    shares: Shares
    blocks: Int

    def grid(self, b: Builder) -> Grid:
        """The blocks."""
        return Grid((self.blocks, 1, 1), (THREADS, 1, 1), name="sum_of_parts")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        """Makes the code of a thread."""
        shares, own = self.shares, seen[self.shares.roles.product]
        row, (memory, share) = _Row(b, shares, own.symbols), own.passed
        tile, piece = b.split(thread.block(0), shares.pieces)
        number = b.mul(b.add(b.mul(piece, THREADS), thread.thread(0)), shares.lanes)
        down, across = b.split(number, shares.columns)
        start = b.mul(tile, row.steps)
        one = b.split(start, share)[0]
        last = b.split(b.sub(b.add(start, row.steps), 1), share)[0]
        total, type_ = shares.roles.body.total.type, vector_of(shares.roles.body.total.type, shares.lanes)

        def part(block: Int) -> ir.Value:
            late = b.one("arith.extui", b.i64, compare(b, UNSIGNED_LESS, b.mul(block, share), start))
            at = shares.at(b, b.add(b.mul(block, 2), late), down, across)
            return b.load(type_, b.address(memory, at, total), shares.aligned)

        def element() -> None:
            def more(block: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
                return [b.one(shares.roles.kind, type_, sums[0], part(block))]

            (sums,) = b.loop(b.add(one, 1), b.add(last, 1), 1, [part(one)], more)
            origin, outer = row.place(tile)
            r, c = b.add(origin[0], down), b.add(origin[1], across)
            there = both(
                b, compare(b, UNSIGNED_LESS, r, row.rows.total), compare(b, UNSIGNED_LESS, c, row.columns.total)
            )
            loops = row.rows, row.columns
            end = Epilogue(b, shares.group, shares.roles, seen, outer, loops, shares.lanes)
            known = isinstance(row.columns.total, int) and row.columns.total % shares.lanes == 0
            count = shares.lanes if known else b.min(b.sub(row.columns.total, c), shares.lanes)
            where(b, there, lambda: end.finish(b, r, c, sums, count))

        within = compare(b, UNSIGNED_LESS, down, shares.rows)
        where(b, both(b, compare(b, UNSIGNED_LESS, one, last), within), element)


def _over(b: Builder, x: Int, y: ir.Value) -> Int:
    """`x / y`, rounded up."""
    return b.split(b.sub(b.add(x, y), 1), y)[0]


def _larger(b: Builder, x: Int, y: Int) -> Int:
    """The larger of two."""
    if isinstance(x, int) and isinstance(y, int):
        return max(x, y)
    return b.one("arith.maxsi", b.i64, b.value(x), b.value(y))
