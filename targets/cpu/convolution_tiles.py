# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for the tasks of convolutions.

A task copies what lies under the windows of its columns to panels, in runs of columns that are neighbours in B, and
goes through its rows in register tiles: no matrix of the windows' elements is ever in memory.
"""

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.body import VectorBody, from_storage, to_storage, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.convolution_schedule import Schedule
from mograph.targets.cpu.followers import Followers
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ZERO, Access, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.strided import Strided

if TYPE_CHECKING:
    from mograph.targets.cpu.convolution import Convolution

WIDEST_STEP = 4  # columns that start further apart in B are copied one by one
UNROLLED = 8  # taps of a window's last axis


C = 2  # the operand that is the result


@record
class Tile:
    """Some `rows` of a task by one panel: how far its first row and what a task says are into each operand; the
    panel's first `column`, which is the task's column `place`; and the first row's number in the task.
    """

    offsets: Sequence[Int]
    rows: int
    column: Int
    place: Int
    row: Int


class Tiles:
    """Makes the code of a group's tasks with builder `b`: of the convolution, which is nest `at`, of the nest before it
    that its results start from if they are `begun`, and of the nests after it.

    Results are in registers while a tile goes through the sums, and between the slabs of these where they are stored;
    but in a copy on the stack where nests follow that want whole sums, and where only a part of a tile may exist and
    there are no masks.
    """

    def __init__(
        self,
        b: Builder,
        group: Group,
        at_and_begun: tuple[int, bool],
        roles: "Convolution",
        schedule: Schedule,
        seen: Sequence[Seen],
        machine: Machine,
    ) -> None:
        self.b, self.group, self.roles, self.schedule, self.seen = b, group, roles.product, schedule, seen
        self.columns, self.sums, self.masks = roles.columns, roles.sums, machine.masks
        (self.at, begun), nest = at_and_begun, group.nests[at_and_begun[0]]
        symbols = seen[self.at].symbols
        self.extents = [evaluate(b, loop.extent, symbols) for loop in nest.loops]
        # The product's operands come first.
        self.accesses = [
            (number, k, access)
            for number, each in enumerate(group.nests[self.at :], self.at)
            for k, access in enumerate(each.accesses)
            if isinstance(access, Access)
        ]
        if begun:
            self.accesses += [
                (0, k, each)
                for k, each in enumerate(group.nests[0].accesses)
                if isinstance(each, Access) and each.is_read
            ]
        self.number = {(number, k): i for i, (number, k, _) in enumerate(self.accesses)}
        self.strides = [
            [evaluate(b, stride, symbols) for stride in access.strides] + [0] * (len(nest.loops) - len(access.strides))
            for _, _, access in self.accesses
        ]
        self.types = [storage_type(access.element) for _, _, access in self.accesses]
        self.taps = prod(nest.loops[i].extent.constant for i in self.sums[1:])
        self.total = count_of(b, [self.extents[i] for i in self.columns])
        width = schedule.width
        self.whole = isinstance(self.total, int) and self.total % width == 0
        self.panels = b.stack(self.types[self.roles.b], schedule.panels * schedule.depth * width, 64)
        self.body, self.strided = VectorBody(b, nest, seen[self.at], self.columns[-1], machine.fused), Strided(b)
        self.followers = Followers(b, group, self.at, seen, self.columns[-1], machine.fused)
        self.start = VectorBody(b, group.nests[0], seen[0], self.columns[-1], machine.fused) if begun else None
        once = isinstance(self.extents[self.sums[0]], int) and schedule.depth >= self.taps * self.extents[self.sums[0]]
        alone = len(group.nests) == 1
        self.staged = not (once or alone) or not (self.masks or self.whole)
        if self.staged:
            self.results = b.stack(self.types[C], schedule.block * schedule.panels * width, 64)

    def emit(self, lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        self.b.loop(lo, hi, 1, [], self._task)

    def _task(self, task: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        b, roles, cut = self.b, self.roles, self.schedule
        rest, group = b.split(task, count_blocks(b, self.total, cut.width * cut.panels))
        rest, row_block = b.split(rest, count_blocks(b, self.extents[roles.m], cut.block))
        offsets: list[Int] = [0] * len(self.accesses)
        for loop in reversed(roles.batch):
            rest, index = b.split(rest, self.extents[loop])
            offsets = self._move(offsets, loop, index)
        first, row = b.mul(group, cut.width * cut.panels), b.mul(row_block, cut.block)
        last = b.min(self.extents[roles.m], b.add(row, cut.block))
        end = b.min(self.total, b.add(first, cut.width * cut.panels))
        offsets = self._move(offsets, roles.m, row)
        rows = b.sub(last, row)

        def panels(body: Callable[[Int, Int], None]) -> None:
            """`body(column, place)` for each panel: its first column, and how many columns of the task are before."""
            if cut.panels == 1:
                body(first, 0)
            else:
                b.each(first, end, cut.width, lambda column: body(column, b.sub(column, first)))

        def each_row(body: Callable[[Tile], None]) -> None:
            def one(row: Int) -> None:
                moved = self._move(offsets, roles.m, row)
                panels(lambda column, place: body(Tile(moved, 1, column, place, row)))

            b.each(0, rows, 1, one)

        def slab(k: Int) -> None:
            outer = b.min(b.sub(self.extents[self.sums[0]], k), cut.depth // self.taps)
            inner = self._move(offsets, self.sums[0], k)
            panels(lambda column, place: self._copy(inner[roles.b], outer, column, b.mul(place, cut.depth)))
            depth = b.mul(outer, self.taps)

            def tile(row: Int, count: int) -> None:
                moved = self._move(inner, roles.m, row)
                panels(lambda column, place: self._tile(Tile(moved, count, column, place, row), depth))

            self._rows(rows, tile)

        if self.staged:
            each_row(self._begin)
        b.each(0, self.extents[self.sums[0]], cut.depth // self.taps, slab)
        if self.staged:
            each_row(self._end)
        return []

    def count(self, column: Int) -> Int | None:
        """The columns of the panel that starts there; None when that is all of its width."""
        return None if self.whole else self.b.min(self.b.sub(self.total, column), self.schedule.width)

    def _rows(self, count: Int, tile: Callable[[Int, int], None]) -> None:
        """All rows of a task in tiles; what remains of a known number is a tile too, and else row by row."""
        b, size, extent = self.b, self.schedule.rows, self.extents[self.roles.m]
        rest = extent % size if isinstance(extent, int) else 1
        main = b.mul(b.split(count, size)[0], size)
        b.each(0, main, size, lambda row: tile(row, size))
        if rest:
            b.each(main, count, rest, lambda row: tile(row, rest))

    def _move(self, offsets: Sequence[Int], loop: int, index: Int) -> list[Int]:
        moves = [self.b.mul(index, strides[loop]) for strides in self.strides]
        return [self.b.add(offset, move) for offset, move in zip(offsets, moves, strict=True)]

    # Copying B

    def _offset(self, column: Int, loops: Sequence[int]) -> Int:
        """How far into B the loops of columns are at `column`, their number in order."""
        b = self.b
        offset: Int = 0
        for loop in reversed(loops[1:]):
            column, index = b.split(column, self.extents[loop])
            offset = b.add(offset, b.mul(index, self.strides[self.roles.b][loop]))
        return b.add(offset, b.mul(column, self.strides[self.roles.b][loops[0]])) if loops else offset

    def _copy(self, offset: Int, outer: Int, column: Int, place: Int) -> None:
        """Copies what lies under a panel's windows: a row for each sum, `outer` times the inner ones.

        The columns are runs of neighbours in B, each a line of B or a part of one.
        """
        b, width = self.b, self.schedule.width
        count = self.count(column)
        total = width if count is None else count
        extent, along = self.extents[self.columns[-1]], self.strides[self.roles.b][self.columns[-1]]
        rest, first = b.split(column, extent)
        runs, _ = b.split(b.add(first, b.sub(total, 1)), extent)

        def run(number: Int) -> None:
            before = b.sub(b.mul(number, extent), first)  # lanes before this run's line of B starts
            start = b.value(b.sub(0, b.min(0, b.sub(0, before))))
            end = b.value(b.min(total, b.add(before, extent)))
            line = self._offset(b.add(rest, number), self.columns[:-1])
            origin = b.add(offset, b.sub(line, b.mul(before, along)))
            if isinstance(along, int) and 0 < along <= WIDEST_STEP and self.masks:
                self._sums(origin, outer, place, self._masked(start, end, along), unrolled=True)
            else:
                self._sums(origin, outer, place, self._each(start, end, along), unrolled=False)

        b.each(0, b.add(runs, 1), 1, run)

    def _sums(
        self, origin: Int, outer: Int, place: Int, copy: Callable[[ir.Value, ir.Value], None], unrolled: bool
    ) -> None:
        """`copy(source, target)` for each sum: where its lane 0 lies in B, and in the panel."""
        b, roles = self.b, self.roles
        base, storage, last = self.seen[self.at].bases[roles.b], self.types[roles.b], len(self.sums) - 1

        def level(depth: int, offset: Int, row: Int) -> None:
            if depth == len(self.sums):
                target = b.add(place, b.mul(row, self.schedule.width))
                copy(
                    b.address(base, offset, storage),
                    b.address(self.panels, target, storage),
                )
                return
            loop = self.sums[depth]
            extent = self.extents[loop] if depth else outer

            def step(index: Int) -> None:
                moved = b.add(offset, b.mul(index, self.strides[roles.b][loop]))
                level(depth + 1, moved, b.add(b.mul(row, extent), index) if depth else index)

            if 0 < depth == last and isinstance(extent, int) and extent <= UNROLLED and unrolled:
                for index in range(extent):
                    step(index)
            else:
                b.each(0, extent, 1, step)

        level(0, origin, 0)

    def _masked(self, start: ir.Value, end: ir.Value, along: int) -> Callable[[ir.Value, ir.Value], None]:
        """Copies the lanes start <= i < end of a row, `along` elements apart, and zeros behind them, which the next
        runs replace.
        """
        b, width, storage = self.b, self.schedule.width, self.types[self.roles.b]
        vector, bytes_ = ir.VectorType.get([width], storage), element_bytes(storage)
        kept, read = self.strided.mask(width, 1, width, start), self.strided.mask(width, along, end, start)

        def copy(source: ir.Value, target: ir.Value) -> None:
            b.store_lanes(self.strided.load(vector, source, along, bytes_, read), target, bytes_, kept)

        return copy

    def _each(self, start: ir.Value, end: ir.Value, along: Int) -> Callable[[ir.Value, ir.Value], None]:
        """Copies the lanes start <= i < end of a row, in registers where they are neighbours and one by one."""
        b, storage = self.b, self.types[self.roles.b]
        size = self.schedule.width // 2
        bytes_ = element_bytes(storage)
        near = isinstance(along, int) and along == 1
        main = b.add(start, b.round_down(b.sub(end, start), size)) if near else start

        def copy(source: ir.Value, target: ir.Value) -> None:
            def move(type_: ir.Type, lane: Int) -> None:
                value = b.load(type_, b.address(source, b.mul(lane, along), storage), bytes_)
                b.store(value, b.address(target, lane, storage), bytes_)

            if near:
                b.each(start, main, size, lambda lane: move(ir.VectorType.get([size], storage), lane))
            b.each(main, end, 1, lambda lane: move(storage, lane))

        return copy

    # Products

    def _tile(self, tile: Tile, depth: Int) -> None:
        """Adds `depth` terms to the results of a tile."""
        b, roles, width = self.b, self.roles, self.schedule.width
        a_type, b_type, c_type = (self.types[i] for i in (roles.a, roles.b, C))
        vector, bytes_ = ir.VectorType.get([width], c_type), element_bytes(c_type)
        count = None if self.staged else self.count(tile.column)
        lanes = None if count is None else self.strided.mask(width, 1, count)
        staged = [self._staged(tile, r) for r in range(tile.rows)] if self.staged else []
        if self.staged:
            start = [b.load(vector, at, bytes_) for at in staged]
        else:
            start = [self._start(tile, r, width, lanes) for r in range(tile.rows)]
        lines = [self._address(roles.a, tile, r, 0) for r in range(tile.rows)]
        panel = b.mul(tile.place, self.schedule.depth)

        def step(k: ir.Value, totals: list[ir.Value]) -> list[ir.Value]:
            at = b.address(self.panels, b.add(panel, b.mul(k, width)), b_type)
            right = b.load(ir.VectorType.get([width], b_type), at, element_bytes(b_type))
            along = b.mul(k, self.strides[roles.a][roles.k])
            lefts = [b.load(a_type, b.address(line, along, a_type), element_bytes(a_type)) for line in lines]
            terms = zip(lefts, totals, strict=True)
            return [self.body.apply({roles.a: left, roles.b: right, C: total}, {}, width)[0] for left, total in terms]

        for r, value in enumerate(b.loop(0, depth, 1, start, step)):
            if self.staged:
                b.store(value, staged[r], bytes_)
            else:
                self._finish(tile, r, width, lanes, value)

    def _staged(self, tile: Tile, row: int, lane: Int = 0) -> ir.Value:
        """Where the results of a row of a tile are on the stack."""
        b, line = self.b, self.schedule.panels * self.schedule.width
        first = b.address(self.results, b.add(b.mul(tile.row, line), b.add(tile.place, lane)), self.types[C])
        return b.address(first, row * line, self.types[C])

    def _begin(self, tile: Tile) -> None:
        """What the results of a row on the stack start from."""
        self._vectors(tile, lambda lane, width, lanes: self._start(tile, 0, width, lanes, lane), self._store_staged)

    def _end(self, tile: Tile) -> None:
        """What becomes of the results of a row on the stack."""

        def load(lane: Int, width: int, lanes: ir.Value | None) -> ir.Value:
            type_ = vector_of(self.types[C], width)
            return self.b.load(type_, self._staged(tile, 0, lane), element_bytes(self.types[C]))

        def finish(tile: Tile, lane: Int, width: int, lanes: ir.Value | None, value: ir.Value) -> None:
            self._finish(tile, 0, width, lanes, value, lane)

        self._vectors(tile, load, finish)

    def _store_staged(self, tile: Tile, lane: Int, width: int, lanes: ir.Value | None, value: ir.Value) -> None:
        self.b.store(value, self._staged(tile, 0, lane), element_bytes(self.types[C]))

    def _vectors(
        self,
        tile: Tile,
        make: Callable[[Int, int, ir.Value | None], ir.Value],
        use: Callable[[Tile, Int, int, ir.Value | None, ir.Value], None],
    ) -> None:
        """`use(tile, lane, width, lanes, make(lane, width, lanes))` for a row: at once, or where only a part exists and
        there are no masks one by one.
        """
        b, width, count = self.b, self.schedule.width, self.count(tile.column)
        if count is None or self.masks:
            lanes = None if count is None else self.strided.mask(width, 1, count)
            use(tile, 0, width, lanes, make(0, width, lanes))
            return
        main = b.mul(b.split(count, width)[0], width)
        b.each(0, main, width, lambda lane: use(tile, lane, width, None, make(lane, width, None)))
        b.each(main, count, 1, lambda lane: use(tile, lane, 1, None, make(lane, 1, None)))

    def _start(self, tile: Tile, row: int, width: int, lanes: ir.Value | None, lane: Int = 0) -> ir.Value:
        """What the results of a row of a tile start from, `width` from a lane on."""
        if self.start is None:
            return self._load(C, tile, row, width, lanes, lane)
        operands = {
            k: self._load(self.number[0, k], tile, row, width, lanes, lane) if (0, k) in self.number else base
            for k, base in enumerate(self.seen[0].bases[:-1])
        }
        return self.start.apply(operands, {}, width)[0]

    def _finish(self, tile: Tile, row: int, width: int, lanes: ir.Value | None, value: ir.Value, lane: Int = 0) -> None:
        """Stores the results of a row of a tile, or what the nests after the convolution make of them."""

        def load(number: int, k: int) -> ir.Value:
            if (number, k) not in self.number:
                return self.seen[number].bases[k]
            return self._load(self.number[number, k], tile, row, width, lanes, lane)

        def store(number: int, k: int, result: ir.Value) -> None:
            i = self.number[number, k]
            stored = to_storage(self.b, result, self.accesses[i][2].element)
            address = self._address(i, tile, row, lane)
            self.b.store_lanes(stored, address, element_bytes(self.types[i]), lanes)

        self.followers.run([value], {}, width, load, store)

    def _load(self, i: int, tile: Tile, row: int, width: int, lanes: ir.Value | None, lane: Int) -> ir.Value:
        access = self.accesses[i][2]
        if access.strides[self.columns[-1]] == ZERO:
            width, lanes = 1, None
        address = self._address(i, tile, row, lane)
        value = self.b.load_lanes(vector_of(self.types[i], width), address, element_bytes(self.types[i]), lanes)
        return from_storage(self.b, value, access.element)

    def _address(self, i: int, tile: Tile, row: int, lane: Int) -> ir.Value:
        """Where an operand is at a row of a tile; those along columns at a lane of it."""
        b, (number, k, access) = self.b, self.accesses[i]
        offset = tile.offsets[i]
        if i not in (self.roles.a, self.roles.b) and access.strides[self.columns[-1]] != ZERO:
            offset = b.add(offset, b.add(tile.column, lane))
        first = b.address(self.seen[number].bases[k], offset, self.types[i])
        return b.address(first, b.mul(row, self.strides[i][self.roles.m]), self.types[i])


def count_of(b: Builder, extents: Sequence[Int]) -> Int:
    """The product."""
    total: Int = 1
    for extent in extents:
        total = b.mul(total, extent)
    return total


def count_blocks(b: Builder, extent: Int, size: int) -> Int:
    """The number of blocks of any size that cover `extent`."""
    return b.split(b.add(extent, size - 1), size)[0]
