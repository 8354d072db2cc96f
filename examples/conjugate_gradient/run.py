# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds the temperature of a plate by conjugate gradients, one compiled `mo.while`, and checks it with numpy.

The plate is a grid of 32 x 32 points. Each has the mean temperature of its four neighbours; the edges are held at 0
degrees but for the upper one, at 100. That is a system of 1,024 equations.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import mograph as mo

SIDE = 32
HOT = 100.0
TOLERANCE = 1e-10
SHADES = " .:-=+*#%@"


def plate(side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Make the system: 4 t - (sum of the neighbours inside) = (sum of the neighbours on the edge)."""
    along = 2 * np.eye(side) - np.eye(side, k=1) - np.eye(side, k=-1)
    matrix = np.kron(along, np.eye(side)) + np.kron(np.eye(side), along)
    edge = np.zeros((side, side))
    edge[0] = HOT
    return matrix, edge.ravel()


def main() -> int:
    """Solve, compare, draw."""
    solve = mo.compile(Path(__file__).with_name("conjugate_gradient.mlir").read_text())
    matrix, edge = plate(SIDE)
    temperature, steps = solve(matrix, edge, np.float64(TOLERANCE))

    exact = np.linalg.solve(matrix, edge)
    error = np.linalg.norm(temperature - exact) / np.linalg.norm(exact)
    for row in temperature.reshape(SIDE, SIDE)[::2]:
        print("".join(SHADES[int(t / HOT * len(SHADES))] for t in row))
    print(f"{len(edge)} equations, {int(steps)} steps to a residual of {TOLERANCE:g}")
    print(f"distance from numpy.linalg.solve: {error:.1e}")
    return int(error > 1e-8)


if __name__ == "__main__":
    sys.exit(main())
