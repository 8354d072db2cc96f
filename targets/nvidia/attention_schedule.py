# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How attention on the tensor cores of sm_90a is cut up among blocks and warpgroups, and the model that chooses."""

from collections.abc import Iterator
from math import ceil

from mograph._records import record
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.attention.schedule import UNKNOWN, Shape
from mograph.targets.gpu.chip import Chip
from mograph.targets.nvidia.stages import BARRIERS
from mograph.targets.nvidia.warpgroups import GROUP, LINE, MAP, ROWS

_TRIED = ((2, 128), (2, 64), (1, 64))
"""Warpgroups that multiply, and keys at a time."""
_MOST = {1: 240, 2: 240, 3: 160}
_FEW = 24
_OTHER = 40  # registers of a thread for all but scores, powers and sums
_FEWEST = 32  # rows for which a block of 64 is worth it


@record
class Schedule:
    """A block has `consumers` warpgroups of 64 rows each, and one that has tiles copied: `keys` keys and their values
    at a time, each `stages` times in shared memory. Results are finished `vector` neighbours at a time.
    """

    consumers: int
    keys: int
    stages: int
    vector: int = 2

    def __post_init__(self) -> None:
        if self.consumers not in _MOST or self.keys % 16 or not 0 < self.keys <= 256:
            raise ValueError("expected 1 to 3 warpgroups, and a multiple of 16 up to 256 for keys")
        if self.stages < 2 or self.vector not in (1, 2):
            raise ValueError("expected two stages at least, and to finish 1 or 2 neighbours")

    @property
    def rows(self) -> int:
        """Rows of a block."""
        return ROWS * self.consumers

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return GROUP * (1 + self.consumers)

    @property
    def registers(self) -> tuple[int, int]:
        """Registers of a thread that has tiles copied, and of one that multiplies."""
        return _FEW, _MOST[self.consumers]

    @property
    def workspace(self) -> int:
        """Bytes of global memory that a block needs, at a multiple of 128: tensor maps of queries, keys and values."""
        return 3 * MAP

    def parts(self, shape: Shape) -> tuple[int, int, int, int]:
        """Bytes of queries, of keys and of values, of which there are stages, and of barriers."""
        deep, wide = (LINE * ceil(extent * shape.bytes / LINE) for extent in (shape.depth, shape.width))
        return self.rows * deep, self.keys * deep, self.keys * wide, (1 + 2 * self.stages) * BARRIERS

    def shared(self, shape: Shape) -> int:
        """Bytes of shared memory, which begin at a multiple of 1024."""
        queries, keys, values, barriers = self.parts(shape)
        return 1024 + queries + self.stages * (keys + values) + 3 * MAP + barriers


def check(schedule: Schedule, shape: Shape, chip: Chip, masked: bool) -> None:
    """Raises ValueError for a schedule that the chip cannot run."""
    if (found := schedule.shared(shape)) > chip.shared:
        raise ValueError(f"expected at most {chip.shared} bytes to share, found {found}")
    found, most = schedule.keys * 3 // 4 + shape.width // 2 + _OTHER, schedule.registers[1]
    if found > most:
        raise ValueError(f"expected at most {most} registers of a thread, found {found}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Other numbers of warpgroups, of keys and of stages."""
    keys = (128, 96, 64, 160, 176, 80, 48)
    yield from variants(
        schedule, ({"consumers": c, "keys": k, "stages": s} for c in (2, 3, 1) for s in (2, 3) for k in keys)
    )


@tunable("warpgroup_attention", candidates=_candidates, check=check)
def choose(shape: Shape, chip: Chip, masked: bool) -> Schedule | None:
    """The largest blocks that give all multiprocessors something to do, or the smallest ones; None for few rows.
    `masked` says whether something is read for each score, which takes registers.
    """
    if (shape.rows or UNKNOWN) < _FEWEST:
        return None
    schedules = [Schedule(*tile, stages=2) for tile in (_TRIED[1:] if masked else _TRIED)]
    for schedule in schedules:
        if ceil((shape.rows or UNKNOWN) / schedule.rows) * shape.batch >= chip.multiprocessors:
            return schedule
    return schedules[-1]
