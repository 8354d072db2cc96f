# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a product is cut up among blocks and threads, and the analytic model that chooses.

A block of threads has a block of C and goes through the sums slab by slab, each of which its threads copy to memory
that they share. A thread has some rows and columns of the block in registers: for each step it reads as many elements
as that has rows and columns, and multiplies as many as that has elements.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from mograph._records import record
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction import sharing
from mograph.targets.gpu.points import VECTOR

UNKNOWN = 1024  # what an extent is taken for that is not known
READS = 2.0  # how many multiplications a thread could do while it reads an element of shared memory
SHARE = 48 << 10  # bytes that a block shares, so that others run beside it
BEGIN = 64  # steps along k that beginning and ending a block cost
TILES = ((8, 8, 16, 16), (8, 4, 16, 16), (4, 4, 16, 16), (4, 4, 8, 16), (4, 4, 8, 8), (2, 4, 8, 8))
"""Rows and columns of a thread, and threads along rows and columns of a block, that are tried."""
OTHER, MUCH = 48, 88  # registers of a thread for all but sums: at least, and so that none have to wait for others
LEAST_SPLIT = 256  # steps along k that are worth a block of their own


@record
class Shape:
    """What the choice is made for: extents (None where not known), products that are independent, and bytes of an
    element of A, B and C in shared memory.
    """

    m: int | None
    n: int | None
    k: int | None
    batch: int
    a_bytes: int
    b_bytes: int
    c_bytes: int


@record
class Schedule:
    """A thread has `rows` by `columns` elements of C, a block `across` threads for its rows and `along` for its
    columns. `depth` steps of the sums are in a slab, of which `stages` are in shared memory. `splits` blocks share the
    sums of each block of C, as `sharing` says. `beside` blocks leave registers for each other on a multiprocessor.
    """

    rows: int
    columns: int
    across: int
    along: int
    depth: int
    stages: int = 2
    splits: int = 1
    beside: int = 1

    def __post_init__(self) -> None:
        for name in ("rows", "columns", "across", "along", "depth"):
            value = getattr(self, name)
            if value < 1 or value & (value - 1):
                raise ValueError(f"expected a power of two for {name}, found {value}")
        if self.stages not in (1, 2) or self.splits < 0 or self.beside < 1:
            raise ValueError("expected one stage or two, one block or more beside each other, and no negative splits")
        if min(self.block_rows, self.block_columns) * self.depth < self.threads:
            raise ValueError("expected slabs with an element for each thread")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return self.across * self.along

    @property
    def block_rows(self) -> int:
        """Rows of a block of C."""
        return self.rows * self.across

    @property
    def block_columns(self) -> int:
        """Columns of a block of C."""
        return self.columns * self.along

    def near(self, bytes_: int) -> int:
        """How many of a thread's rows are neighbours, of elements of so many bytes: as many as are read at once."""
        return min(self.rows, VECTOR // bytes_)

    def pieces(self, a_bytes: int, c_bytes: int) -> int:
        """In how many pieces a block of C goes through shared memory: each has some of all threads' rows."""
        one = self.block_rows * (self.block_columns + PAD) * c_bytes <= SHARE
        return 1 if one else self.rows // self.near(a_bytes)

    def bytes(self, a_bytes: int, b_bytes: int, c_bytes: int) -> int:
        """What a block shares: its slabs, or in the end a piece of C."""
        slab = (self.block_rows + PAD) * a_bytes + (self.block_columns + PAD) * b_bytes
        piece = self.block_rows * (self.block_columns + PAD) * c_bytes // self.pieces(a_bytes, c_bytes)
        return max(self.stages * self.depth * slab, piece)


PAD = 4  # elements between lines in shared memory, which then do not compete for the same banks


def check_registers(sums: int, threads: int, chip: Chip) -> None:
    """Raises ValueError where so many threads on a multiprocessor have no registers for sums and what they take."""
    if sums + OTHER > (most := min(chip.of_thread, chip.registers // threads)):
        raise ValueError(f"expected at most {most} registers of a thread, found {sums + OTHER}")


def beside(sums: int, words: int, threads: int, shared: int, chip: Chip) -> int:
    """How many blocks of so many threads, which share so many bytes, have registers for sums of so many words, and for
    all that is loaded while they are made; at least one.
    """
    return max(1, min(chip.registers // (threads * words * (sums + MUCH)), chip.shared // shared))


def check(schedule: Schedule, shape: Shape, chip: Chip) -> None:
    """Raises ValueError for a schedule that the chip cannot run."""
    if schedule.threads > chip.threads:
        raise ValueError(f"expected at most {chip.threads} threads, found {schedule.threads}")
    if (found := schedule.bytes(shape.a_bytes, shape.b_bytes, shape.c_bytes)) > chip.shared:
        raise ValueError(f"expected at most {chip.shared} bytes to share, found {found}")
    check_registers(schedule.rows * schedule.columns * _words(shape), schedule.threads * schedule.beside, chip)


def _words(shape: Shape) -> int:
    """How many registers a sum takes."""
    return max(1, shape.c_bytes // 4)


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """The usual tiles with other depths; for the chosen one other splits, and one stage."""
    tiles = [dict(zip(("rows", "columns", "across", "along"), tile, strict=True)) for tile in TILES]
    depths = (schedule.depth, 2 * schedule.depth, max(1, schedule.depth // 2))
    yield from variants(schedule, tiles)
    yield from variants(schedule, ({"splits": splits} for splits in sharing.WAYS))
    yield from variants(schedule, ({"beside": count} for count in (1, 2, 3, 4)))
    yield from variants(schedule, ({"depth": depth, "stages": stages} for stages in (2, 1) for depth in depths))
    yield from variants(schedule, ({**tile, "depth": depth} for depth in depths[1:] for tile in tiles))


@tunable("product", candidates=_candidates, check=check)
def choose(shape: Shape, chip: Chip) -> Schedule:
    """The tiles that take the least time on all multiprocessors together."""
    found: list[tuple[float, Schedule]] = []
    for rows, columns, across, along in TILES:
        depth = max(8, across * along // min(rows * across, columns * along))
        schedule = Schedule(rows, columns, across, along, depth)
        bytes_ = schedule.bytes(shape.a_bytes, shape.b_bytes, shape.c_bytes)
        registers = min(chip.of_thread, chip.registers // schedule.threads)
        fits = schedule.threads <= chip.threads and _words(shape) * (rows * columns + MUCH) <= registers
        if fits and bytes_ <= min(chip.shared, SHARE):
            found.append((_time(schedule, shape, chip), schedule))
    if not found:
        return Schedule(2, 2, 8, 8, 4, 1)
    best = min(found, key=lambda each: each[0])[1]
    shared = best.bytes(shape.a_bytes, shape.b_bytes, shape.c_bytes)
    best = replace(best, beside=beside(best.rows * best.columns, _words(shape), best.threads, shared, chip))
    return _with_splits(best, shape, chip)


def _blocks(schedule: Schedule, shape: Shape) -> int:
    rows = ceil((shape.m or UNKNOWN) / schedule.block_rows)
    return rows * ceil((shape.n or UNKNOWN) / schedule.block_columns) * shape.batch


def _time(schedule: Schedule, shape: Shape, chip: Chip) -> float:
    """Of the multiprocessor that has most to do, in multiplications."""
    turns = ceil(_blocks(schedule, shape) / chip.multiprocessors)
    reads = READS * (1 / schedule.rows + 1 / schedule.columns)
    steps = (shape.k or UNKNOWN) + BEGIN
    return turns * steps * schedule.block_rows * schedule.block_columns * (1 + reads)


def _with_splits(schedule: Schedule, shape: Shape, chip: Chip) -> Schedule:
    """The schedule with sums shared by more blocks, where there are or may be too few for all multiprocessors."""
    blocks = None if None in (shape.m, shape.n) else _blocks(schedule, shape)
    return replace(schedule, splits=sharing.splits(blocks, shape.k, LEAST_SPLIT, chip.multiprocessors))
