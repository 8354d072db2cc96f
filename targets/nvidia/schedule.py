# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a product on tensor cores of sm_80 and up is cut up: its schedule, and the analytic model that chooses one."""

from dataclasses import dataclass
from math import ceil

from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.layout import CHUNK

ROW, COLUMN = 16, 8  # what one mma.sync makes
STEP = 32  # bytes along k that it takes
PAD = 8  # sums behind each row where a warp hands its sums over
UNKNOWN = 4096  # what an extent is taken for that is not known
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
_FIXED = 24.0  # what a tile costs beside its arithmetic, in bytes of k


@dataclass(frozen=True)
class Shape:
    """What the choice is made for: extents (None where not known), the number of products, bytes of an element, and how
    many bytes of A and of B may be copied at once.
    """

    m: int | None
    n: int | None
    k: int | None
    batch: int
    bytes: int
    copied_a: int
    copied_b: int


@dataclass(frozen=True)
class Schedule:
    """A block makes `rows` by `columns` of C, each of its warps `warp_rows` by `warp_columns` of these. It goes through
    k in steps of `depth` elements, `stages` of which are in shared memory. `copy_a` and `copy_b` bytes are copied at
    once. Sums are handed over in vectors of `vector`. Blocks go through C in bands of `band` rows of tiles.
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

    def __post_init__(self) -> None:
        if self.rows % self.warp_rows or self.columns % self.warp_columns:
            raise ValueError(f"expected whole warps of {self.warp_rows} by {self.warp_columns}")
        if self.warp_rows % ROW or self.warp_columns % (2 * COLUMN):
            raise ValueError(f"expected warps of whole matrices of {ROW} by {2 * COLUMN}")
        if 32 % (self.warp_columns // self.vector) and self.warp_columns // self.vector % 32:
            raise ValueError("expected a warp to take whole rows of a tile, or a row a whole number of warps")
        if self.stages < 2 or self.band < 1:
            raise ValueError("expected two stages at least, and a band")
        for bytes_ in (self.copy_a, self.copy_b):
            if bytes_ not in (1, 2, 4, 8, 16):
                raise ValueError(f"expected to copy 1, 2, 4, 8 or 16 bytes at once, found {bytes_}")
        if self.vector not in (1, 2, 4, 8) or self.warp_columns % self.vector:
            raise ValueError(f"expected vectors of 1, 2, 4 or 8 sums, found {self.vector}")

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return 32 * (self.rows // self.warp_rows) * (self.columns // self.warp_columns)

    def shared(self, bytes_: int) -> int:
        """Bytes of shared memory, for elements of so many: those of all stages, or of what warps hand over."""
        stages = self.stages * (self.rows + self.columns) * self.depth * bytes_
        return max(stages, self.threads // 32 * ROW * (self.warp_columns + PAD) * 4)


def choose(shape: Shape, chip: Chip) -> Schedule:
    """The tile by which the chip is done first, and as many stages as fit: two blocks side by side where they can."""
    m, n, k = shape.m or UNKNOWN, shape.n or UNKNOWN, shape.k or UNKNOWN

    def time(tile: tuple[int, int, int, int]) -> float:
        rows, columns = tile[:2]
        blocks = shape.batch * ceil(m / rows) * ceil(n / columns)
        traffic = (rows + columns) * 96.0  # what is read for each step of k, against what is computed
        return ceil(blocks / chip.multiprocessors) * (rows * columns + traffic) * (k * shape.bytes + _FIXED * STEP)

    narrow = min(shape.copied_a, shape.copied_b) < CHUNK  # then a thread has many places to copy to in its registers
    rows, columns, warp_rows, warp_columns = min(_TILES[_SMALL:] if narrow else _TILES, key=time)
    depth = (128 if rows * columns <= 64 * 64 and not narrow else 64) // shape.bytes
    stage = (rows + columns) * depth * shape.bytes
    warps = rows // warp_rows * (columns // warp_columns)
    room = chip.shared // (1 if warps >= 8 else 2) - 2048
    stages = max(2, min(4, room // stage, ceil(k / depth) + 1))
    return Schedule(
        rows, columns, warp_rows, warp_columns, depth, stages, shape.copied_a, shape.copied_b, vector=4, band=8
    )
