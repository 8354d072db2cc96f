# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sorts of tiles: a block takes a tile of a row to memory that its threads share, and sorts it there.

The network is bitonic: runs of a width are merged in pairs, first places that mirror each other are compared, then such
at distances of half the width down to 1 (Batcher: Sorting networks and their applications, 1968). What is sorted are
words of 64 bits without sign, or pairs of them of which the first decides, then the second.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Grid, Thread
from mograph.targets.gpu.narrow import Narrow, Number
from mograph.targets.gpu.points import EQUAL, UNSIGNED_LESS, compare, where

BYTES = 8  # of a word


@record
class Schedule:
    """How many threads sort a tile."""

    threads: int


def _check(schedule: Schedule, tile: int, chip: Chip) -> None:
    threads = schedule.threads
    if threads < 1 or threads & (threads - 1) or 2 * threads > tile or threads > chip.threads:
        raise ValueError(f"expected a power of two of at most {min(chip.threads, tile // 2)} threads, found {threads}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Other numbers of threads."""
    yield from variants(schedule, ({"threads": 1 << power} for power in (8, 7, 10, 6, 5)))


@tunable("gpu_tiles", candidates=_candidates, check=_check)
def choose(tile: int, chip: Chip) -> Schedule:
    """Two pairs for each thread at a time: more threads wait for each other longer."""
    return Schedule(max(1, min(chip.threads, 512, tile // 4)))


@record
class Tiles:
    """The memrefs of words, `given` and `made`, whose last dimension has the rows; a tile has `tile` words, a power of
    two, of which the first `kept` are stored.
    """

    given: Sequence[ir.Value]
    made: Sequence[ir.Value]
    tile: int
    kept: int
    schedule: Schedule

    def launch(self, b: Builder) -> tuple[Grid, list[ir.Value]]:
        """The grid, of a block for each tile, and what the code is handed."""
        source = Descriptor(b, self.given[0])
        rank = ir.MemRefType(self.given[0].type).rank
        extent = source.size(rank - 1)
        rows: Int = 1
        for dim in range(rank - 1):
            rows = b.mul(rows, source.size(dim))
        tiles = b.value(b.blocks(extent, self.tile))
        grid = Grid((b.mul(rows, tiles), 1, 1), (self.schedule.threads, 1, 1))
        return grid, [*self.given, *self.made, extent, tiles]

    def emit(self, b: Builder, values: Mapping[ir.Value, ir.Value], passed: Sequence[ir.Value], thread: Thread) -> None:
        """The code of a thread."""
        extent, tiles = (values[each] for each in passed[-2:])
        sources, targets = (
            [Descriptor(b, values[each]).aligned() for each in memrefs] for memrefs in (self.given, self.made)
        )
        row, tile = b.split(thread.block(0), tiles)
        first = b.mul(tile, self.tile)
        left = b.sub(extent, first)
        number = thread.thread(0)
        shared = [thread.shared(self.tile * BYTES) for _ in sources]
        start = b.add(b.mul(row, extent), first)
        for at in range(0, self.tile, self.schedule.threads):
            place = b.add(number, at)
            self._load(b, sources, shared, b.add(start, place), place, compare(b, UNSIGNED_LESS, place, left))
        thread.barrier()
        _Network(b, shared, Narrow(b).cut(number), self.schedule.threads, self.tile, thread.barrier).sort()
        whole = self.kept == self.tile
        into = start if whole else b.mul(thread.block(0), self.kept)
        for at in range(0, self.kept, self.schedule.threads):
            place = b.value(b.add(number, at))
            limit = left if whole else b.value(self.kept)

            def store(place: ir.Value = place) -> None:
                for source, target in zip(shared, targets, strict=True):
                    word = b.load(b.i64, b.address(source, place, b.i64), BYTES)
                    b.store(word, b.address(target, b.add(into, place), b.i64), BYTES)

            where(b, compare(b, UNSIGNED_LESS, place, limit), store)

    def _load(
        self,
        b: Builder,
        sources: Sequence[ir.Value],
        shared: Sequence[ir.Value],
        at: Int,
        place: Int,
        exists: ir.Value,
    ) -> None:
        """Takes a place of the row to that of the tile; there the last of words is where the row has none."""

        def load() -> None:
            for source, target in zip(sources, shared, strict=True):
                word = b.load(b.i64, b.address(source, at, b.i64), BYTES)
                b.store(word, b.address(target, place, b.i64), BYTES)

        def fill() -> None:
            for target in shared:
                b.store(b.number(b.i64, -1), b.address(target, place, b.i64), BYTES)

        where(b, exists, load, fill)


class _Network:
    """The network over a tile in shared memory, as the thread of a number sees it."""

    def __init__(
        self,
        b: Builder,
        words: Sequence[ir.Value],
        number: Number,
        threads: int,
        tile: int,
        barrier: Callable[[], None],
    ) -> None:
        self.b, self.i, self.words, self.number = b, Narrow(b), words, number
        self.threads, self.tile, self.barrier = threads, tile, barrier

    def sort(self) -> None:
        """All stages, by the bits of their widths and distances."""
        b, bits = self.b, self.tile.bit_length() - 1

        def merge(width: Int) -> None:
            self._stage(width, b.sub(self._power(b.add(width, 1)), 1))
            b.each(0, width, 1, lambda done: self._halved(width, done))

        b.each(0, bits, 1, merge)

    def _halved(self, width: Int, done: Int) -> None:
        distance = self.b.sub(self.b.sub(width, 1), done)
        self._stage(distance, self._power(distance))

    def _power(self, bits: Int) -> Int:
        return 1 << bits if isinstance(bits, int) else self.b.one("arith.shli", self.b.i64, self.b.value(1), bits)

    def _stage(self, bits: Int, mask: Int) -> None:
        """Puts the places that differ by the bits of `mask` in order; `bits` is the place of its highest bit."""
        by, differ = self.i.value(self.i.cut(bits)), self.i.cut(mask)
        for pair in range(0, self.tile // 2, self.threads):
            at = self.i.value(self.i.add(self.number, pair))
            above = self.b.one("arith.shli", self.b.i32, self.b.one("arith.shrui", self.b.i32, at, by), by)
            lower = self.i.add(at, above)
            self._ordered(lower, self.i.differ(lower, differ))
        self.barrier()

    def _ordered(self, lower: Number, upper: Number) -> None:
        b = self.b
        places = [[self.i.at(word, self.i.mul(place, BYTES)) for word in self.words] for place in (lower, upper)]
        first, second = ([b.load(b.i64, each, BYTES) for each in addresses] for addresses in places)

        def swap() -> None:
            for addresses, values in zip(places, (second, first), strict=True):
                for address, value in zip(addresses, values, strict=True):
                    b.store(value, address, BYTES)

        where(b, _precedes(b, second, first), swap)


def _precedes(b: Builder, x: Sequence[ir.Value], y: Sequence[ir.Value]) -> ir.Value:
    """Whether the words `x` come before `y`."""
    result = compare(b, UNSIGNED_LESS, x[-1], y[-1])
    for one, other in zip(reversed(x[:-1]), reversed(y[:-1]), strict=True):
        tied = b.one("arith.andi", b.i1, compare(b, EQUAL, one, other), result)
        result = b.one("arith.ori", b.i1, compare(b, UNSIGNED_LESS, one, other), tied)
    return result
