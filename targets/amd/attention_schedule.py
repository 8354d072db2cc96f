# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How attention on AMD's matrix units is cut up among blocks and wavefronts, and the model that chooses."""

from collections.abc import Iterator
from math import ceil

from mograph._records import record
from mograph.targets.amd.units import units_of
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.attention.schedule import UNKNOWN, Shape, rounded
from mograph.targets.gpu.chip import Chip

_TRIED = ((4, 64), (4, 32), (2, 32), (1, 32))
_NARROW, _WIDE = ((4, 32), (4, 16), (2, 16), (1, 16)), ((8, 16), (4, 16), (2, 16), (1, 16))
"""Wavefronts, and keys at a time, where threads have many registers; where they have fewer, for queries and values of
`_HELD` elements at most, and for larger ones."""
_MANY = 256  # registers of a thread, with which queries are held and more keys are taken
_HELD = 64  # elements of queries that are held with fewer
_OTHER = 64  # registers of a thread for all but queries, tiles on their way, scores and sums, at least
_MUCH = 128  # the same, so that none have to wait for others
_LEAST = 4  # neighbours of values that are loaded at once at least
_ALONG = 8  # keys that a thread loads of a column of values


@record
class Schedule:
    """A block has `waves` wavefronts of `subgroup` lanes, each of them `size` rows, by the unit for matrices of `size`,
    and `keys` keys at a time, two of which are in shared memory. A thread loads `wide` neighbours of each of 8 values.
    Queries are `held` in registers, or in shared memory. Results are finished `vector` neighbours at a time.
    """

    waves: int
    keys: int
    size: int
    subgroup: int
    wide: int
    held: bool
    vector: int = 8

    def __post_init__(self) -> None:
        if self.waves < 1 or self.keys < self.size or self.keys & (self.keys - 1):
            raise ValueError(f"expected a wavefront at least, and a power of two of {self.size} or more for keys")
        if self.wide not in (1, 2, 4, 8) or self.vector not in (1, 2, 4, 8):
            raise ValueError("expected to load and to finish 1, 2, 4 or 8 neighbours")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return self.subgroup * self.waves

    @property
    def rows(self) -> int:
        """Rows of a block."""
        return self.size * self.waves

    @property
    def workspace(self) -> int:
        """Bytes of global memory that a block needs."""
        return 0

    def shared(self, shape: Shape) -> int:
        """Bytes of shared memory."""
        return shape.bytes * (2 * self._tiles(shape) + (0 if self.held else self.rows * rounded(shape.depth)))

    def registers(self, shape: Shape) -> int:
        """Registers of a thread for queries, tiles on their way, scores and sums."""
        held = rounded(shape.depth) * shape.bytes // 4 if self.held else 0
        tiles = self._tiles(shape) * shape.bytes // (4 * self.threads)
        return held + tiles + (self.keys + rounded(shape.width)) * self.size // self.subgroup

    def _tiles(self, shape: Shape) -> int:
        return self.keys * (rounded(shape.depth) + rounded(shape.width))


def check(schedule: Schedule, shape: Shape, chip: Chip, masked: bool) -> None:
    """Raises ValueError for a schedule that the chip cannot run."""
    units = {each.size: each for each in units_of(chip, "f16")}
    if units.keys().isdisjoint({schedule.size}) or schedule.subgroup != chip.subgroup:
        raise ValueError(f"expected subgroups of {chip.subgroup} and matrices of {', '.join(map(str, units))}")
    if schedule.threads > chip.threads:
        raise ValueError(f"expected at most {chip.threads} threads, found {schedule.threads}")
    if (found := schedule.shared(shape)) > chip.shared:
        raise ValueError(f"expected at most {chip.shared} bytes to share, found {found}")
    found, most = schedule.registers(shape) + _OTHER, min(chip.of_thread, chip.registers // schedule.threads)
    if found > most:
        raise ValueError(f"expected at most {most} registers of a thread, found {found}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Other numbers of wavefronts and of keys."""
    sizes = ({"waves": waves, "keys": keys} for waves in (4, 8, 2, 1) for keys in (64, 32, 128, 16))
    yield from variants(schedule, sizes)


@tunable("amd_attention", candidates=_candidates, check=check)
def choose(shape: Shape, chip: Chip, masked: bool) -> Schedule | None:
    """The largest blocks that give all compute units something to do, or the smallest ones."""
    unit = units_of(chip, "f16")[0]

    def made(waves: int, keys: int) -> Schedule:
        threads, wide = waves * chip.subgroup, 8
        while wide > _LEAST and keys // _ALONG * (rounded(shape.width) // wide) < threads:
            wide //= 2
        return Schedule(waves, keys, unit.size, chip.subgroup, wide, held)

    many, few = chip.of_thread > _MANY, max(shape.depth, shape.width) <= _HELD
    tried, held = _TRIED if many else _NARROW if few else _WIDE, many or few
    schedules = [each for each in (made(*tile) for tile in tried) if (1 + held) * each.shared(shape) <= chip.shared]
    schedules = [each for each in schedules if each.registers(shape) + _MUCH <= chip.of_thread] or schedules
    for schedule in schedules:
        if ceil((shape.rows or UNKNOWN) / schedule.rows) * shape.batch >= chip.multiprocessors:
            return schedule
    return schedules[-1]
