# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code that multiplies squares of vectors with the matrices of Winograd's convolutions."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.cook_toom import Matrix
from mograph.targets.cpu.partial import element_bytes

Load = Callable[[Int, int], ir.Value]  # (the line, the number in it) -> a vector
Store = Callable[[Int, int, ir.Value], None]


class Transformer:
    """Makes code with builder `b` for vectors of `lanes` elements, with which all of `matrices` are multiplied."""

    def __init__(self, b: Builder, element: ir.Type, lanes: int, fused: bool, matrices: Sequence[Matrix]) -> None:
        self.b, self.type, self.lanes, self.fused = b, element, lanes, fused
        self.bytes = element_bytes(element)
        self.vector = ir.VectorType.get([lanes], element)
        size = max(len(matrix) * len(matrix[0]) for matrix in matrices)
        self.first = b.stack(element, size * lanes, 64)  # multiplied from one side
        factors = {factor for matrix in matrices for row in matrix for factor in row}
        self.factors = sorted(factors - {Fraction(0), Fraction(1)})
        self.numbers = b.stack(element, max(1, len(self.factors)), 64)
        for i, each in enumerate(self.factors):
            b.store(b.number(element, float(each)), b.address(self.numbers, i, element), self.bytes)

    def square(self, matrix: Matrix, load: Load, store: Store) -> None:
        """M d M^T, where `load(column, row)` gives the vectors of d and `store(row, column, vector)` takes those of the
        result: first along the columns, which are in between on the stack, then along the rows.
        """
        b, rows, columns = self.b, len(matrix), len(matrix[0])

        def between(row: Int, column: Int) -> ir.Value:
            return b.address(self.first, b.mul(b.add(b.mul(row, columns), column), self.lanes), self.type)

        def along_column(column: Int) -> None:
            line = [load(column, row) for row in range(columns)]
            for row, value in enumerate(self._combined(matrix, line)):
                b.store(value, between(row, column), self.bytes)

        def along_row(row: Int) -> None:
            line = [b.load(self.vector, between(row, column), self.bytes) for column in range(columns)]
            for column, value in enumerate(self._combined(matrix, line)):
                store(row, column, value)

        b.each(0, columns, 1, along_column)
        b.each(0, rows, 1, along_row)

    def _combined(self, matrix: Matrix, line: Sequence[ir.Value]) -> list[ir.Value]:
        """The sums of a line of vectors with the factors in each row of a matrix."""
        found = []
        for row in matrix:
            total: ir.Value | None = None
            # What has the factor 1 first, so that nothing but additions is left for the others of them.
            for factor, value in sorted(zip(row, line, strict=True), key=lambda pair: pair[0] != 1):
                if factor:
                    total = self._added(total, factor, value)
            assert total is not None
            found.append(total)
        return found

    def _added(self, total: ir.Value | None, factor: Fraction, value: ir.Value) -> ir.Value:
        b, type_ = self.b, self.vector
        if total is None:
            return value if factor == 1 else b.one("arith.mulf", type_, value, self._factor(factor))
        if abs(factor) == 1:
            return b.one("arith.addf" if factor > 0 else "arith.subf", type_, total, value)
        return self.more(value, self._factor(factor), total)

    def _factor(self, factor: Fraction) -> ir.Value:
        """A vector full of a factor, from memory: constants would occupy registers that products need."""
        b = self.b
        spread = b.load(self.type, b.address(self.numbers, self.factors.index(factor), self.type), self.bytes)
        return b.one("vector.broadcast", self.vector, spread)

    def more(self, left: ir.Value, right: ir.Value, total: ir.Value) -> ir.Value:
        """The total and the product of two vectors."""
        b = self.b
        if self.fused:
            return b.one("math.fma", self.vector, left, right, total)
        return b.one("arith.addf", self.vector, total, b.one("arith.mulf", self.vector, left, right))
