# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the histogram of a million draws of `mo.random.normal` beside what the normal distribution expects."""

import math
import sys
from pathlib import Path

import numpy as np

import mograph as mo

EDGES = np.arange(-4.0, 4.25, 0.25)
WIDTH = 60


def normal_cdf(x: float) -> float:
    """Give the chance that a draw is below x."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def main() -> int:
    """Draw, count, print; the status is 1 when the counts are not those of a normal distribution."""
    draw = mo.compile(Path(__file__).with_name("random_histogram.mlir").read_text())
    draws = draw(np.int64(2024))

    counts, _ = np.histogram(draws, EDGES)
    expected = len(draws) * np.diff([normal_cdf(edge) for edge in EDGES])
    for low, count, hoped in zip(EDGES, counts, expected, strict=False):
        bar = "#" * round(WIDTH * count / counts.max())
        print(f"{low:6.2f} {count:7d} ({hoped:9.1f} expected) {bar}")

    # In each bin the count varies by the square root of what is expected. The sum of the squares of such deviations is
    # about as large as there are bins; twice that is met by fewer than one seed in a thousand.
    chi_square = float(np.sum((counts - expected) ** 2 / expected))
    print(f"mean {draws.mean():+.5f}, standard deviation {draws.std():.5f}, ", end="")
    print(f"chi-square {chi_square:.1f} over {len(counts)} bins")
    return int(chi_square > 2 * len(counts))


if __name__ == "__main__":
    sys.exit(main())
