# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether blocks share the sums of products, as schedules say it in `splits`: 1 where each block has tiles of its own,
more where so many share a tile, and `EVEN` where host code decides, for the extents that it finds.
"""

from math import ceil

EVEN = 0
WAYS = (EVEN, 1, 2, 3, 4, 6, 8, 12, 16)
"""What a tuner may try."""


def splits(tiles: int | None, steps: int | None, least: int, workers: int) -> int:
    """`EVEN` where tiles leave more than a quarter of the time of so many workers unused, or are not known, and sums
    have twice as many steps as are worth a block of their own, or it is not known how many; else 1.
    """
    if steps is not None and steps < 2 * least:
        return 1
    few = tiles is None or 4 * tiles < 3 * workers * ceil(tiles / workers)
    return EVEN if few else 1
