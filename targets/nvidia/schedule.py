# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a product on tensor cores of sm_80 and up is cut up: its schedule, and the analytic model that chooses one."""

from collections.abc import Iterator
from math import ceil

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

ROW, COLUMN = 16, 8  # what one mma.sync makes
STEP = 32  # bytes along k that it takes
PAD = 8  # sums behind each row where a warp hands its sums over
_TILES = (
    (256, 128, 64, 64),
    (128, 256, 64, 64),
    (128, 128, 64, 32),
    (128, 64, 32, 32),
    (64, 128, 32, 32),
    (64, 64, 32, 32),
    (32, 64, 16, 32),
)
_SMALL = 5  # how many of them are larger than 64 by 64
_TRAFFIC, _FIXED = 96.0, 24.0 * STEP  # what it costs to bring an element against a sum, and a tile, in bytes of k
_MOST = 128  # registers of a thread for sums
_OTHER = 64  # registers of a thread for all but sums and fragments


@record
class Schedule:
    """A block makes `rows` by `columns` of C, each of its warps `warp_rows` by `warp_columns` of these. It goes through
    k in steps of `depth` elements, `stages` of which are in shared memory. `copy_a` and `copy_b` bytes are copied at
    once. Sums are handed over in vectors of `vector`. Blocks go through C in bands of `band` rows of tiles; `splits` of
    them share the sums of a tile, as `sharing` says.
    """

    rows: int
    columns: int
    warp_rows: int
    warp_columns: int
    depth: int
    stages: int
    copy_a: int
    copy_b: int
    vector: int
    band: int
    splits: int = 1

    def __post_init__(self) -> None:
        check_powers(self, "rows", "columns", "warp_rows", "warp_columns", "depth", "vector")
        if self.rows % self.warp_rows or self.columns % self.warp_columns:
            raise ValueError(f"expected whole warps of {self.warp_rows} by {self.warp_columns}")
        if self.warp_rows % ROW or self.warp_columns % (2 * COLUMN):
            raise ValueError(f"expected warps of whole matrices of {ROW} by {2 * COLUMN}")
        if self.stages < 2 or self.band < 1:
            raise ValueError("expected two stages at least, and a band")
        for bytes_ in (self.copy_a, self.copy_b):
            if bytes_ not in (1, 2, 4, 8, 16):
                raise ValueError(f"expected to copy 1, 2, 4, 8 or 16 bytes at once, found {bytes_}")
        if self.vector > 8:
            raise ValueError(f"expected vectors of 1, 2, 4 or 8 sums, found {self.vector}")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return 32 * (self.rows // self.warp_rows) * (self.columns // self.warp_columns)

    def shared(self, bytes_: int) -> int:
        """Bytes of shared memory, for elements of so many: those of all stages, or of what warps hand over."""
        stages = self.stages * (self.rows + self.columns) * self.depth * bytes_
        return max(stages, self.threads // 32 * ROW * (self.warp_columns + PAD) * 4)

    def registers(self, held: int = 1) -> int:
        """Registers of a thread, at least: `held` for each of its sums, and the fragments that are multiplied."""
        return _sums(self.warp_rows, self.warp_columns, held) + self.warp_rows // 4 + self.warp_columns // 4 + _OTHER


def _sums(rows: int, columns: int, held: int) -> int:
    """Registers of a thread for the sums of a warp, `held` for each."""
    return rows * columns // 32 * held


def _check(schedule: Schedule, shape: Shape, chip: Chip) -> None:
    """Raises ValueError for a schedule that the chip cannot run, or whose copies are larger than factors allow."""
    check_limits(chip, schedule.threads, schedule.shared(shape.bytes), schedule.registers(shape.held))
    check_ends(shape, schedule.splits, schedule.vector)
    if schedule.depth * shape.bytes % STEP:
        raise ValueError(f"expected steps of a multiple of {STEP // shape.bytes} elements, found {schedule.depth}")
    for copied, most in ((schedule.copy_a, shape.copied_a), (schedule.copy_b, shape.copied_b)):
        if not shape.bytes <= copied <= most:
            raise ValueError(f"expected to copy {shape.bytes} to {most} bytes at once, found {copied}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """The usual tiles; for the chosen one other depths and numbers of stages, splits and bands; other tiles with other
    numbers of stages.
    """
    tiles = [dict(zip(("rows", "columns", "warp_rows", "warp_columns"), tile, strict=True)) for tile in _TILES]
    depths = [schedule.depth, 2 * schedule.depth, schedule.depth // 2]
    yield from variants(schedule, tiles)
    yield from variants(schedule, ({"stages": stages, "depth": depth} for depth in depths for stages in (2, 3, 4, 5)))
    yield from variants(schedule, split_ways(schedule.splits))
    yield from variants(schedule, ({"band": band} for band in (1, 4, 16)))
    yield from variants(schedule, ({**tile, "stages": stages} for tile in tiles for stages in (3, 4, 2)))


@tunable("mma", candidates=_candidates, check=_check)
def choose(shape: Shape, chip: Chip) -> Schedule:
    """The tile by which the chip is done first, and as many stages as fit: two blocks side by side where they can."""

    def lasts(tile: tuple[int, int, int, int]) -> float:
        return time(shape, chip, tile[0], tile[1], _TRAFFIC, _FIXED)

    narrow = min(shape.copied_a, shape.copied_b) < CHUNK  # then a thread has many places to copy to in its registers
    fitting = [tile for tile in _TILES if _sums(*tile[2:], shape.held) <= _MOST]
    rows, columns, warp_rows, warp_columns = min(_TILES[_SMALL:] if narrow else fitting, key=lasts)
    depth = (128 if rows * columns <= 64 * 64 and not narrow else 64) // shape.bytes
    stage = (rows + columns) * depth * shape.bytes
    warps = rows // warp_rows * (columns // warp_columns)
    room = chip.shared // (1 if warps >= 8 else 2) - 2048
    stages = max(2, min(4, room // stage, ceil(shape.depth / depth) + 1))
    return Schedule(
        rows, columns, warp_rows, warp_columns, depth, stages, shape.copied_a, shape.copied_b,
        vector=shape.vector, band=8, splits=splits(shape, chip, rows, columns),
    )  # fmt: skip
