# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How attention on matrix units is cut up among blocks and warps, and the model that chooses."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.attention.schedule import UNKNOWN, Shape, rounded
from mograph.targets.gpu.chip import Chip

ROW = 16  # rows and columns of matrices
NARROW = ((4, 32, 64), (4, 16, 64), (2, 16, 32), (1, 16, 16))
WIDE = NARROW[1:]
MASKED = ((4, 16, 32), *NARROW[2:])
"""Warps, rows of each, and keys, that are tried: for keys and values of 64 elements at most, and for larger ones, of
which a thread has more sums, and where a mask is read, which takes registers for where it is."""
FEW = (1, 16, 32)
"""What is taken for rows that one warp has, with one stage more: several blocks share their keys."""
_WIDTH = 64
OTHER = 64  # registers of a thread for all but queries, scores and sums


@dataclass(frozen=True)
class Schedule:
    """A block has `warps`, each of them `warp_rows` rows, and `keys` keys at a time, `stages` of which are in shared
    memory. Results are finished `vector` neighbours at a time.
    """

    warps: int
    warp_rows: int
    keys: int
    stages: int
    vector: int

    def __post_init__(self) -> None:
        if self.warp_rows not in (16, 32) or self.keys < ROW or self.keys & (self.keys - 1):
            raise ValueError("expected warps of 16 or 32 rows, and a power of two of 16 or more for keys")
        if self.warps < 1 or self.stages < 2:
            raise ValueError("expected a warp and two stages at least")
        if self.vector not in (1, 2):
            raise ValueError(f"expected to finish 1 or 2 neighbours, found {self.vector}")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return 32 * self.warps

    @property
    def rows(self) -> int:
        """Rows of a block."""
        return self.warps * self.warp_rows

    @property
    def workspace(self) -> int:
        """Bytes of global memory that a block needs."""
        return 0

    def shared(self, shape: Shape) -> int:
        """Bytes of shared memory: queries are where the last stage comes later."""
        deep, wide = rounded(shape.depth), rounded(shape.width)
        stage = self.keys * (deep + wide)
        return ((self.stages - 1) * stage + max(stage, self.rows * deep)) * shape.bytes


def check(schedule: Schedule, shape: Shape, chip: Chip, masked: bool) -> None:
    """Raises ValueError for a schedule that the chip cannot run."""
    if schedule.threads > chip.threads:
        raise ValueError(f"expected at most {chip.threads} threads, found {schedule.threads}")
    if (found := schedule.shared(shape)) > chip.shared:
        raise ValueError(f"expected at most {chip.shared} bytes to share, found {found}")
    scores, mix = schedule.warp_rows * schedule.keys // 32, schedule.warp_rows * rounded(shape.width) // 32
    queries = schedule.warp_rows * rounded(shape.depth) * shape.bytes // (32 * 4)
    if (found := scores + mix + queries + OTHER) > (most := min(chip.of_thread, chip.registers // schedule.threads)):
        raise ValueError(f"expected at most {most} registers of a thread, found {found}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Other numbers of warps, of their rows and of keys, and one stage more."""
    keys = (schedule.keys, 2 * schedule.keys, schedule.keys // 2)
    warps = (schedule.warps, 4, 8, 2, 1)
    blocks = [{"warps": w, "warp_rows": rows, "keys": k} for w in warps for rows in (16, 32) for k in keys]
    yield from variants(schedule, blocks)
    yield from variants(schedule, ({**block, "stages": schedule.stages + 1} for block in blocks))


@tunable("matrix_attention", candidates=_candidates, check=check)
def choose(shape: Shape, chip: Chip, masked: bool) -> Schedule:
    """The largest blocks that give all multiprocessors something to do, or the smallest ones. `masked` says whether
    something is read for each score.
    """
    if shape.rows is not None and shape.rows <= ROW and not masked:
        return Schedule(*FEW, stages=3, vector=2)
    tried = MASKED if masked else WIDE if max(shape.depth, shape.width) > _WIDTH else NARROW
    schedules = [Schedule(*tile, stages=2, vector=2) for tile in tried]
    for schedule in schedules:
        if ceil((shape.rows or UNKNOWN) / schedule.rows) * shape.batch >= chip.multiprocessors:
            return schedule
    return schedules[-1]
