# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How attention is cut up among blocks and threads, and the model that chooses."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.schedule import PAD, beside, check_registers

SIDE = 16  # threads side by side, which share a row
LEAST = 16  # what depths are rounded up to at least
UNKNOWN = 1024  # rows where their number is not known
SHARE = 96 << 10  # bytes that a block shares, so that others run beside it
TILES = ((4, 4, 16), (4, 4, 8), (4, 2, 8), (2, 2, 8), (2, 1, 8))
FEW = ((1, 2, 4), (1, 2, 8))
"""Rows and keys of a thread, and threads one above the other, that are tried, the latter for few rows."""


@dataclass(frozen=True)
class Shape:
    """What the choice is made for: rows (None where not known), how many independent ones there are of them, elements
    of a key and of a value, and bytes of what is multiplied.
    """

    rows: int | None
    batch: int
    depth: int
    width: int
    bytes: int


@dataclass(frozen=True)
class Schedule:
    """A thread has `rows` rows and `keys` keys at a time; a block has `across` threads for its rows and 16 for keys.
    `beside` blocks leave registers for each other on a multiprocessor.
    """

    rows: int
    keys: int
    across: int
    beside: int = 1

    def __post_init__(self) -> None:
        for name in ("rows", "keys", "across"):
            value = getattr(self, name)
            if value < 1 or value & (value - 1):
                raise ValueError(f"expected a power of two for {name}, found {value}")
        if self.beside < 1:
            raise ValueError(f"expected one block or more beside each other, found {self.beside}")
        if min(self.block_rows, self.block_keys) * LEAST < self.threads:
            raise ValueError("expected tiles with an element for each thread")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return self.across * SIDE

    @property
    def block_rows(self) -> int:
        """Rows of a block."""
        return self.rows * self.across

    @property
    def block_keys(self) -> int:
        """Keys that a block has at a time."""
        return self.keys * SIDE

    def parts(self, depth: int, width: int) -> tuple[int, int, int]:
        """Elements of what is shared: rows, keys or values, and powers."""
        keys = max(depth * (self.block_keys + PAD), self.block_keys * (width + PAD))
        return depth * (self.block_rows + PAD), keys, self.block_keys * (self.block_rows + PAD)


def rounded(extent: int) -> int:
    """The power of two that a depth is rounded up to."""
    return max(LEAST, 1 << (extent - 1).bit_length())


def check(schedule: Schedule, shape: Shape, chip: Chip) -> None:
    """Raises ValueError for a schedule that the chip cannot run."""
    if schedule.threads > chip.threads:
        raise ValueError(f"expected at most {chip.threads} threads, found {schedule.threads}")
    if (found := _bytes(schedule, shape)) > chip.shared:
        raise ValueError(f"expected at most {chip.shared} bytes to share, found {found}")
    check_registers(_sums(schedule, shape) * _words(shape), schedule.threads * schedule.beside, chip)


def _sums(schedule: Schedule, shape: Shape) -> int:
    """How many scores and sums of values a thread has."""
    return schedule.rows * (schedule.keys + rounded(shape.width) // SIDE)


def _words(shape: Shape) -> int:
    """How many registers one of them takes."""
    return max(1, shape.bytes // 4)


def _bytes(schedule: Schedule, shape: Shape) -> int:
    return sum(schedule.parts(rounded(shape.depth), rounded(shape.width))) * shape.bytes


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Other tiles, of which the usual ones come first."""
    sizes = [(rows, keys, across) for across in (8, 16, 4) for rows in (4, 2, 8, 1) for keys in (4, 2, 8, 1)]
    fields = ({"rows": rows, "keys": keys, "across": across} for rows, keys, across in (*TILES, *sizes))
    yield from variants(schedule, ({"beside": count} for count in (1, 2, 3, 4)))
    yield from variants(schedule, fields)


@tunable("streaming_attention", candidates=_candidates, check=check)
def choose(shape: Shape, chip: Chip) -> Schedule | None:
    """The largest tiles that give all multiprocessors something to do; None where none fit."""
    least = chip.multiprocessors
    few = [tile for tile in FEW if shape.rows is not None and shape.rows <= tile[0] * tile[2]]
    tried = (Schedule(*tile) for tile in few or TILES)
    fitting = [each for each in tried if _bytes(each, shape) <= min(chip.shared, SHARE)]
    if not fitting:
        return None
    many = (each for each in fitting if ceil((shape.rows or UNKNOWN) / each.block_rows) * shape.batch >= least)
    best = fitting[0] if few else next(many, fitting[-1])
    return replace(best, beside=beside(_sums(best, shape), _words(shape), best.threads, _bytes(best, shape), chip))
