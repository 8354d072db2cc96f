# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a product on AMD's matrix units is cut up: its schedule, and the analytic model that chooses one."""

from dataclasses import dataclass, replace
from math import ceil

from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.layout import CHUNK

UNKNOWN = 4096  # what an extent is taken for that is not known
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
_FIXED = 256.0  # what a tile costs beside its arithmetic, in bytes of k


@dataclass(frozen=True)
class Shape:
    """What the choice is made for: extents (None where not known), the number of products, bytes of an element, and how
    many elements of A and of B may be loaded at once, along m or n where these lie together, else along k.
    """

    m: int | None
    n: int | None
    k: int | None
    batch: int
    bytes: int
    loaded_a: int
    loaded_b: int


@dataclass(frozen=True)
class Schedule:
    """A block makes `rows` by `columns` of C, each of its wavefronts of `subgroup` lanes `wave_rows` by `wave_columns`
    of these, by the unit for matrices of `size`. It goes through k in steps of `depth` elements, two of which are in
    shared memory. A thread loads `wide_a` and `wide_b` elements along m and n of each of its lines, where those lie
    together. Sums are handed over in vectors of `vector`. Blocks go through C in bands of `band` rows of tiles.
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

    def __post_init__(self) -> None:
        if self.rows % self.wave_rows or self.columns % self.wave_columns:
            raise ValueError(f"expected whole wavefronts of {self.wave_rows} by {self.wave_columns}")
        if self.wave_rows % self.size or self.wave_columns % self.size:
            raise ValueError(f"expected wavefronts of whole matrices of {self.size}")
        if self.vector not in (1, 2, 4, 8) or (self.wave_columns // self.vector) & (
            self.wave_columns // self.vector - 1
        ):
            raise ValueError(f"expected vectors of 1, 2, 4 or 8 sums, and a power of two of them, found {self.vector}")
        if self.size * (self.wave_columns // self.vector) % self.subgroup:
            raise ValueError("expected rows of matrices to be whole passes of a wavefront")
        if self.wide_a not in (1, 2, 4, 8) or self.wide_b not in (1, 2, 4, 8) or self.band < 1:
            raise ValueError("expected to load 1, 2, 4 or 8 elements at once, and a band")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return self.subgroup * (self.rows // self.wave_rows) * (self.columns // self.wave_columns)

    def shared(self, bytes_: int) -> int:
        """Bytes of shared memory, for elements of so many: those of two steps, or of what wavefronts hand over."""
        steps = 2 * (self.rows + self.columns) * self.depth * bytes_
        return max(steps, self.threads // self.subgroup * self.size * (4 * self.wave_columns + PAD))


def choose(shape: Shape, chip: Chip, size: int = 0) -> Schedule:
    """The tile by which the chip is done first, for a unit of matrices of `size`: by default the largest usual one."""
    m, n, k = shape.m or UNKNOWN, shape.n or UNKNOWN, shape.k or UNKNOWN
    size = size or (32 if chip.has("mfma") else 16)

    def time(tile: tuple[int, int, int, int]) -> float:
        rows, columns = tile[:2]
        blocks = shape.batch * ceil(m / rows) * ceil(n / columns)
        traffic = (rows + columns) * 96.0  # what is read for each step of k, against what is computed
        return ceil(blocks / chip.multiprocessors) * (rows * columns + traffic) * (k * shape.bytes + _FIXED)

    def fits(tile: tuple[int, int, int, int]) -> bool:
        return _plain(tile, size, chip, depth).shared(shape.bytes) <= chip.shared

    depth = 64 // shape.bytes
    best = min(filter(fits, _TILES[chip.subgroup]), key=time)
    rows, columns = best[:2]
    plain = _plain(best, size, chip, depth)
    elements = CHUNK // shape.bytes

    def wide(extent: int, most: int) -> int:
        """As many as leave work for all threads, which take `elements` lines each."""
        found = 1
        while 2 * found <= min(most, 8) and extent * depth >= 2 * found * elements * plain.threads:
            found *= 2
        return found

    return replace(plain, wide_a=wide(rows, shape.loaded_a), wide_b=wide(columns, shape.loaded_b))


def _plain(tile: tuple[int, int, int, int], size: int, chip: Chip, depth: int) -> Schedule:
    return Schedule(*tile, size, chip.subgroup, depth, wide_a=1, wide_b=1, vector=4, band=8)
