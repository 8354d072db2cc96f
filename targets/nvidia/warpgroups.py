# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a product on the tensor cores of sm_90a is cut up: its schedule, and the analytic model that chooses one."""

from collections.abc import Iterator

from mograph._records import record
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.unit_schedule import Shape, check_ends, check_limits, time
from mograph.targets.gpu.product import Factor

LINE = 128  # bytes of a line of a tile, whose chunks are permuted with a period of 8 lines
ROWS = 64  # that a warpgroup multiplies at once
GROUP = 128  # threads of a warpgroup
MAP = 128  # bytes of a tensor map
PIECE, PAD = 32, 8  # columns that a warp hands over at once, and sums behind each row there
_TILES = ((128, 256), (128, 192), (128, 128), (128, 64))
_TRAFFIC, _FIXED = 64.0, 256.0  # what it costs to bring an element against a sum, and a tile, in bytes of k
FEW, MANY = 40, {1: 240, 2: 232, 3: 160}
"""Registers of a thread that asks for tiles, and of one that multiplies, by how many warpgroups do."""
_OTHER = 40  # registers of a thread that multiplies, for all but sums


@record
class Schedule:
    """Blocks go from tile to tile of `rows` by `columns` of C, in bands of `band` rows of them. One warpgroup brings
    tiles of the factors, which have lines of 128 bytes and are in shared memory `stages` times; each of the others
    makes 64 rows.
    """

    rows: int
    columns: int
    stages: int
    band: int
    vector: int = 4

    def __post_init__(self) -> None:
        if self.rows not in (64, 128, 192) or self.columns % 64 or not 0 < self.columns <= 256:
            raise ValueError(f"expected 64, 128 or 192 rows, and 64 to 256 columns, found {self.rows}x{self.columns}")
        if self.stages < 2 or self.band < 1 or self.vector not in (1, 2, 4, 8):
            raise ValueError("expected two stages at least, a band, and vectors of 1, 2, 4 or 8 sums")

    @property
    def consumers(self) -> int:
        """Warpgroups that multiply."""
        return self.rows // ROWS

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return GROUP * (1 + self.consumers)

    @property
    def stage(self) -> int:
        """Bytes of a stage."""
        return (self.rows + self.columns) * LINE

    @property
    def handed(self) -> int:
        """Bytes in which a warp hands sums over."""
        return 16 * (PIECE + PAD) * 4

    def shared(self) -> int:
        """Bytes of shared memory: stages, at a multiple of 1024, what warps hand over, tensor maps, and barriers."""
        return 1024 + self.stages * self.stage + 4 * self.consumers * self.handed + 2 * MAP + 16 * self.stages

    @property
    def workspace(self) -> int:
        """Bytes of global memory that each block needs, at a multiple of 128."""
        return 2 * MAP


def _check(schedule: Schedule, shape: Shape, chip: Chip) -> None:
    """Raises ValueError for a schedule that the chip cannot run."""
    check_limits(chip, schedule.threads, schedule.shared(), 0)
    check_ends(shape, 1, schedule.vector)
    registers, most = _registers(schedule.columns, shape), MANY[schedule.consumers]
    if registers > most:
        raise ValueError(f"expected at most {most} registers of a thread, found {registers}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """The usual tiles, and others of 64 and 192 rows, with fewer stages, and in other bands."""
    tiles = [{"rows": rows, "columns": columns} for rows, columns in (*_TILES, (64, 256), (64, 128), (192, 128))]
    stages = [max(2, schedule.stages * (schedule.rows + schedule.columns) // sum(tile.values())) for tile in tiles]
    yield from variants(schedule, ({**tile, "stages": most} for tile, most in zip(tiles, stages, strict=True)))
    yield from variants(schedule, ({"band": band} for band in (1, 4, 16)))
    yield from variants(schedule, ({**tile, "stages": fewer} for fewer in (5, 4, 3, 2) for tile in tiles))


def _registers(columns: int, shape: Shape) -> int:
    """Registers of a thread, at least: a warpgroup has 64 rows of sums."""
    return columns // 2 * shape.held + _OTHER


@tunable("wgmma", candidates=_candidates, check=_check)
def choose(shape: Shape, chip: Chip) -> Schedule:
    """The tile by which the chip is done first, and as many stages as fit."""
    fitting = [tile for tile in _TILES if _registers(tile[1], shape) <= MANY[tile[0] // ROWS]]
    rows, columns = min(fitting, key=lambda tile: time(shape, chip, tile[0], tile[1], _TRAFFIC, _FIXED))
    stages = 2
    while stages < 8 and Schedule(rows, columns, stages + 1, 8).shared() <= chip.shared:
        stages += 1
    return Schedule(rows, columns, stages, 8, shape.vector)


def by_k(factor: Factor) -> bool:
    """Whether neighbours along k lie together."""
    return isinstance(factor.along, int) and factor.along == 1
