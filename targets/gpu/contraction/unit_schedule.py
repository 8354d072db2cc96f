# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What schedules of products on matrix units have in common, whoever made the chip: what they are chosen for, the time
that the analytic models expect, how sums are shared by blocks, and what chips refuse.
"""

from collections.abc import Iterator
from math import ceil

from mograph._records import record
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction import sharing

UNKNOWN = 4096  # what an extent is taken for that is not known
LEAST_SPLIT = 512  # steps along k that are worth a block of their own


@record
class Shape:
    """What the choice is made for: extents (None where not known), the number of products, bytes of an element, how
    many bytes of A and of B may be moved at once, how many sums that are neighbours may be finished at once, and how
    many registers a thread needs for a sum.
    """

    m: int | None
    n: int | None
    k: int | None
    batch: int
    bytes: int
    copied_a: int = 16
    copied_b: int = 16
    vector: int = 4
    held: int = 1

    @property
    def depth(self) -> int:
        """The extent along k, or what it is taken for."""
        return self.k or UNKNOWN


def tiles(shape: Shape, rows: int, columns: int) -> int:
    """How many tiles of so many rows and columns the results have, or may be taken to have."""
    return shape.batch * ceil((shape.m or UNKNOWN) / rows) * ceil((shape.n or UNKNOWN) / columns)


def time(shape: Shape, chip: Chip, rows: int, columns: int, traffic: float, fixed: float) -> float:
    """Of the multiprocessor with most tiles, in bytes of k times sums: `traffic` is what it costs to bring an element
    for each step of k, against computing a sum, and `fixed` what a tile costs besides, in bytes of k.
    """
    work = (rows * columns + traffic * (rows + columns)) * (shape.depth * shape.bytes + fixed)
    return ceil(tiles(shape, rows, columns) / chip.multiprocessors) * work


def splits(shape: Shape, chip: Chip, rows: int, columns: int) -> int:
    """Whether blocks share the sums of tiles."""
    if shape.m is None or shape.n is None:
        return sharing.splits(None, shape.k, LEAST_SPLIT, chip.multiprocessors)
    count = shape.batch * ceil(shape.m / rows) * ceil(shape.n / columns)
    return sharing.splits(count, shape.k, LEAST_SPLIT, chip.multiprocessors)


def split_ways(now: int) -> Iterator[dict[str, int]]:
    """Fields for other numbers of splits."""
    yield from ({"splits": count} for count in sharing.WAYS if count != now)


def check_powers(schedule: object, *names: str) -> None:
    """Raises ValueError for fields that are no powers of two."""
    for name in names:
        value = getattr(schedule, name)
        if value < 1 or value & (value - 1):
            raise ValueError(f"expected a power of two for {name}, found {value}")


def check_limits(chip: Chip, threads: int, shared: int, registers: int) -> None:
    """Raises ValueError where a chip has fewer threads in a block, less memory that they share, or fewer registers."""
    if threads > chip.threads:
        raise ValueError(f"expected at most {chip.threads} threads, found {threads}")
    if shared > chip.shared:
        raise ValueError(f"expected at most {chip.shared} bytes to share, found {shared}")
    if registers > (most := min(chip.of_thread, chip.registers // threads)):
        raise ValueError(f"expected at most {most} registers of a thread, found {registers}")


def check_ends(shape: Shape, splits: int, vector: int) -> None:
    """Raises ValueError where sums cannot be shared by so many blocks, or not be finished so many at once."""
    if splits < 0:
        raise ValueError(f"expected one split or more, or 0 for as many as fill the chip, found {splits}")
    if vector > shape.vector:
        raise ValueError(f"expected vectors of at most {shape.vector} sums, found {vector}")
