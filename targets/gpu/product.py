# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What code of products on matrix units is made for, whoever made the chip."""

from collections.abc import Callable
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int


@dataclass(frozen=True)
class Factor:
    """A factor in memory: the address of its first element, what an element is, and how many elements neighbours are
    apart, `across` along m or n and `along` k. `aligned` is how many bytes divide the address and what both distances
    are in bytes, those of 1 element aside.
    """

    base: ir.Value
    element: ir.Type
    across: Int
    along: Int
    aligned: int


@dataclass(frozen=True)
class Product:
    """C[m, n] = sum over k of A[m, k] * B[k, n], summed up from 0 in f32, or in i32 where the elements are integers."""

    m: Int
    n: Int
    k: Int
    a: Factor
    b: Factor


Epilogue = Callable[[Builder, Int, Int, ir.Value, Int], None]
"""What is done with neighbours of a row of C: `epilogue(b, row, column, sums, count)` for a vector of sums from a row
and a column on, of which `count` exist: as many as the vector has, where that is known, else at least 1."""


def raster(b: Builder, number: Int, rows: Int, columns: Int, together: int) -> tuple[Int, Int]:
    """The row and the column of the block with this number, in a grid of so many. Those that run at the same time share
    rows and columns: the grid is gone through in bands of so many rows, and each band column by column.
    """
    band, rest = b.split(number, b.mul(columns, together))
    first = b.mul(band, together)
    height = b.min(b.sub(rows, first), together)
    column, row = b.split(rest, height)
    return b.add(first, row), column
