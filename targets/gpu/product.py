# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What code of products on matrix units is made for, whoever made the chip."""

from collections.abc import Callable

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int

Offset = Callable[[Int], Int]
"""How many elements the one of a number is away from the first one."""


@record
class Factor:
    """A factor in memory: the address of its first element, what an element is, and how many elements neighbours are
    apart, `across` along m or n and `along` k. `aligned` is how many bytes divide the address and what both distances
    are in bytes, those of 1 element aside.

    Where not all neighbours are as far apart, as in convolutions, `rows` and `steps` say where an element is along m or
    n and along k. Then `together` is how many neighbours that are 1 element apart are known to come together, counted
    from 0 on, and `aligned` divides that, too; 0 is all of them.
    """

    base: ir.Value
    element: ir.Type
    across: Int
    along: Int
    aligned: int
    rows: Offset | None = None
    steps: Offset | None = None
    together: int = 0

    def row(self, b: Builder, number: Int) -> Int:
        """Where an element along m or n is."""
        return b.mul(number, self.across) if self.rows is None else self.rows(number)

    def step(self, b: Builder, number: Int) -> Int:
        """Where an element along k is."""
        return b.mul(number, self.along) if self.steps is None else self.steps(number)


@record
class Product:
    """C[m, n] = sum over k of A[m, k] * B[k, n], summed up from 0 in f32, or in i32 where the elements are integers.

    `part` is what of k is summed, from a number on and below another: all of it by default. Both are multiples of the
    steps in which the code goes through k, but for the end of all.
    """

    m: Int
    n: Int
    k: Int
    a: Factor
    b: Factor
    part: tuple[Int, Int] | None = None

    @property
    def ends(self) -> tuple[Int, Int]:
        """Where along k sums begin and end."""
        return self.part or (0, self.k)


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
