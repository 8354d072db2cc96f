# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a product on AMD's matrix units is cut up: its schedule, and the analytic model that chooses one."""

from collections.abc import Iterator
from dataclasses import replace

from mograph._records import record
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.unit_schedule import (
    Shape,
    check_ends,
    check_limits,
    check_powers,
    split_ways,
    splits,
    time,
)
from mograph.targets.gpu.layout import CHUNK

PAD = 16  # bytes behind each row where a wavefront hands its sums over
_TILES = {  # by lanes of a wavefront, which has as many registers a lane
    64: (
        (256, 128, 64, 64),
        (128, 256, 64, 64),
        (128, 128, 64, 64),
        (128, 64, 64, 32),
        (64, 64, 32, 32),
        (32, 64, 32, 32),
    ),
    32: ((128, 128, 64, 32), (128, 64, 32, 32), (64, 64, 32, 32), (32, 64, 16, 32)),
}
_TRAFFIC, _FIXED = 96.0, 256.0  # what it costs to bring an element against a sum, and a tile, in bytes of k
_STEP = 64  # bytes of k that are a multiple of what any unit takes of a line
_OTHER = 64  # registers of a thread for all but sums, operands and what it loads
_MUCH, _GUARDED = 40, 80  # registers more, so that none have to wait for others; and where extents are not known


@record
class Schedule:
    """A block makes `rows` by `columns` of C, each of its wavefronts of `subgroup` lanes `wave_rows` by `wave_columns`
    of these, by the unit for matrices of `size`. It goes through k in steps of `depth` elements, two of which are in
    shared memory. A thread loads `wide_a` and `wide_b` elements along m and n of each of its lines, where those lie
    together. Sums are handed over in vectors of `vector`. Blocks go through C in bands of `band` rows of tiles;
    `splits` of them share the sums of a tile, as `sharing` says.
    """

    rows: int
    columns: int
    wave_rows: int
    wave_columns: int
    size: int
    subgroup: int
    depth: int
    wide_a: int
    wide_b: int
    vector: int
    band: int
    splits: int = 1

    def __post_init__(self) -> None:
        check_powers(self, "rows", "columns", "wave_rows", "wave_columns", "size", "subgroup", "depth")
        check_powers(self, "wide_a", "wide_b", "vector")
        if self.rows % self.wave_rows or self.columns % self.wave_columns:
            raise ValueError(f"expected whole wavefronts of {self.wave_rows} by {self.wave_columns}")
        if self.wave_rows % self.size or self.wave_columns % self.size:
            raise ValueError(f"expected wavefronts of whole matrices of {self.size}")
        if self.vector > 8:
            raise ValueError(f"expected vectors of 1, 2, 4 or 8 sums, found {self.vector}")
        if self.size * (self.wave_columns // self.vector) % self.subgroup:
            raise ValueError("expected rows of matrices to be whole passes of a wavefront")
        if max(self.wide_a, self.wide_b) > 8 or self.band < 1:
            raise ValueError("expected to load 1, 2, 4 or 8 elements at once, and a band")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return self.subgroup * (self.rows // self.wave_rows) * (self.columns // self.wave_columns)

    def shared(self, bytes_: int) -> int:
        """Bytes of shared memory, for elements of so many: those of two steps, or of what wavefronts hand over."""
        steps = 2 * (self.rows + self.columns) * self.depth * bytes_
        return max(steps, self.threads // self.subgroup * self.size * (4 * self.wave_columns + PAD))

    def registers(self, bytes_: int) -> int:
        """Registers of a thread, at least: its sums, the operands that are multiplied, and what it loads meanwhile."""
        sums = self.wave_rows * self.wave_columns // self.subgroup
        loaded = (self.rows + self.columns) * self.depth * bytes_ // (4 * self.threads)
        return sums + 8 * (self.wave_rows + self.wave_columns) // self.size + loaded + _OTHER


def _check(schedule: Schedule, shape: Shape, chip: Chip, size: int = 0) -> None:
    """Raises ValueError for a schedule that the chip cannot run, or that loads more at once than factors allow."""
    check_limits(chip, schedule.threads, schedule.shared(shape.bytes), schedule.registers(shape.bytes))
    check_ends(shape, schedule.splits, schedule.vector)
    if schedule.subgroup != chip.subgroup or schedule.size not in _sizes(chip):
        sizes = " or ".join(map(str, _sizes(chip)))
        raise ValueError(f"expected wavefronts of {chip.subgroup} lanes and matrices of {sizes}")
    if schedule.depth * shape.bytes % _STEP:
        raise ValueError(f"expected steps of a multiple of {_STEP // shape.bytes} elements, found {schedule.depth}")
    for wide, most in ((schedule.wide_a, shape.copied_a), (schedule.wide_b, shape.copied_b)):
        if wide * shape.bytes > most:
            raise ValueError(f"expected to load at most {most // shape.bytes} elements at once, found {wide}")


def _sizes(chip: Chip) -> tuple[int, ...]:
    return (32, 16) if chip.has("mfma") else (16,)


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """The usual tiles, for matrices of both sizes and with steps twice as deep; for the chosen tile, other splits,
    bands, and elements that are loaded at once.
    """
    tiles = [
        dict(zip(("rows", "columns", "wave_rows", "wave_columns"), tile, strict=True))
        for tile in _TILES[schedule.subgroup]
    ]
    sizes = [{**tile, "size": size} for size in (32, 16) for tile in tiles]
    yield from variants(schedule, sizes)
    yield from variants(schedule, split_ways(schedule.splits))
    yield from variants(schedule, ({"band": band} for band in (1, 4, 16)))
    yield from variants(schedule, ({side: wide} for wide in (1, 2, 4, 8) for side in ("wide_a", "wide_b")))
    yield from variants(schedule, ({**tile, "depth": 2 * schedule.depth} for tile in sizes))


@tunable("mfma", candidates=_candidates, check=_check)
def choose(shape: Shape, chip: Chip, size: int = 0) -> Schedule:
    """The tile by which the chip is done first, for a unit of matrices of `size`: by default the largest usual one."""
    size = size or _sizes(chip)[0]
    depth = 64 // shape.bytes

    more = _GUARDED if None in (shape.m, shape.n, shape.k) else _MUCH

    def fits(tile: tuple[int, int, int, int]) -> bool:
        plain = _plain(tile, size, chip, depth)
        most = min(chip.of_thread, chip.registers // plain.threads)
        return plain.shared(shape.bytes) <= chip.shared and plain.registers(shape.bytes) + more <= most

    def lasts(tile: tuple[int, int, int, int]) -> float:
        return time(shape, chip, tile[0], tile[1], _TRAFFIC, _FIXED)

    best = min(filter(fits, _TILES[chip.subgroup]), key=lasts)
    rows, columns = best[:2]
    plain = _plain(best, size, chip, depth)
    elements = CHUNK // shape.bytes

    def wide(extent: int, most: int) -> int:
        """As many as leave work for all threads, which take `elements` lines each."""
        found = 1
        while 2 * found <= min(most // shape.bytes, 8) and extent * depth >= 2 * found * elements * plain.threads:
            found *= 2
        return found

    return replace(
        plain,
        wide_a=wide(rows, shape.copied_a),
        wide_b=wide(columns, shape.copied_b),
        vector=shape.vector,
        splits=splits(shape, chip, rows, columns),
    )


def _plain(tile: tuple[int, int, int, int], size: int, chip: Chip, depth: int) -> Schedule:
    return Schedule(*tile, size, chip.subgroup, depth, wide_a=1, wide_b=1, vector=4, band=8)
