# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Copies of matrices to panels: some columns of all rows, row after row, as register tiles read them."""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.partial import Partial, element_bytes
from mograph.targets.cpu.transpose import copy_across


def copy_panels(
    b: Builder,
    partial: Partial,
    element: ir.Type,
    source: tuple[ir.Value, Int, Int],
    target: ir.Value,
    counts: tuple[Int, Int],
    width: int,
    vector_bits: int,
) -> None:
    """Copies as many rows and columns as `counts` says to panels of `width` columns, of which the last may hold less.

    `source` is the address of a matrix of a storage type and the distances between its rows and columns, in elements.
    """
    base, along_rows, along_columns = source
    rows, columns = counts
    vector, bytes_ = ir.VectorType.get([width], element), element_bytes(element)
    whole = isinstance(columns, int) and columns % width == 0

    def panel(column: Int) -> None:
        start = b.address(base, b.mul(column, along_columns), element)
        room = b.address(target, b.mul(column, rows), element)
        count = width if whole else b.min(b.sub(columns, column), width)
        if isinstance(along_rows, int) and along_rows == 1:
            copy_across(b, element, (start, along_columns), (room, width), (rows, count), vector_bits)
            return

        def row(number: Int) -> None:
            from_ = b.address(start, b.mul(number, along_rows), element)
            to = b.address(room, b.mul(number, width), element)
            if isinstance(along_columns, int) and along_columns == 1:
                b.store(partial.load(vector, from_, None if whole else count), to, bytes_)
                return

            def one(n: Int) -> None:
                value = b.load(element, b.address(from_, b.mul(n, along_columns), element), bytes_)
                b.store(value, b.address(to, n, element), bytes_)

            b.each(0, count, 1, one)

        b.each(0, rows, 1, row)

    b.each(0, columns, width, panel)
