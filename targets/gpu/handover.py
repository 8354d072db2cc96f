# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums of a product to its epilogue, row by row: in shared memory, neighbours of a row get to the same thread."""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.narrow import SLT, Narrow, Number
from mograph.targets.gpu.product import Epilogue, Product


class Handover:
    """Hands sums over in vectors of `vector`, by the threads of a subgroup of so many. The tile of the block is `tile`
    rows and columns large, and begins at `origin` in C.
    """

    def __init__(
        self, b: Builder, product: Product, tile: tuple[int, int], origin: tuple[Int, Int],
        lane: Number, subgroup: int, vector: int, epilogue: Epilogue,
    ) -> None:  # fmt: skip
        self.b, self.i, self.product, self.tile, self.origin = b, Narrow(b), product, tile, origin
        self.lane, self.subgroup, self.vector, self.epilogue = lane, subgroup, vector, epilogue
        element: ir.Type = b.i32 if isinstance(product.a.element, ir.IntegerType) else b.f32
        self.type = ir.VectorType.get([vector], element)

    def rows(self, own: ir.Value, pitch: int, rows: int, columns: int, down: Number, across: Number) -> None:
        """Hands over rows that are `pitch` bytes apart from the address `own` on, which are at `down` and `across` in
        the block's tile. A row is whole passes of the subgroup, or a pass is whole rows.
        """
        b, i = self.b, self.i
        pieces = columns // self.vector
        line, piece = i.split(self.lane, pieces)
        for number in range(max(1, rows * pieces // self.subgroup)):
            if pieces <= self.subgroup:
                row, place = i.add(line, number * (self.subgroup // pieces)), piece
            else:
                row, place = (
                    number // (pieces // self.subgroup),
                    i.add(piece, number % (pieces // self.subgroup) * self.subgroup),
                )
            at = i.at(own, i.add(i.mul(row, pitch), i.mul(place, 4 * self.vector)))
            values = b.load(self.type, at, min(16, 4 * self.vector))
            self._guarded(i.add(down, row), i.add(across, i.mul(place, self.vector)), values)

    def _guarded(self, down: Number, across: Number, values: ir.Value) -> None:
        """Hands over what is in C."""
        b, i, product = self.b, self.i, self.product
        row, column = b.add(self.origin[0], i.wide(down)), b.add(self.origin[1], i.wide(across))
        less = ir.IntegerAttr.get(b.i64, SLT)
        conditions = []
        if not (isinstance(product.m, int) and product.m % self.tile[0] == 0):
            conditions.append(b.one("arith.cmpi", b.i1, b.value(row), b.value(product.m), predicate=less))
        count: Int = self.vector
        if not (isinstance(product.n, int) and product.n % self.tile[1] == 0):
            conditions.append(b.one("arith.cmpi", b.i1, b.value(column), b.value(product.n), predicate=less))
            if not (isinstance(product.n, int) and product.n % self.vector == 0):
                count = b.min(b.sub(product.n, column), self.vector)
        if not conditions:
            self.epilogue(b, row, column, values, count)
            return
        inside = conditions[0] if len(conditions) == 1 else b.one("arith.andi", b.i1, *conditions)
        b.if_(inside, lambda: self.epilogue(b, row, column, values, count))
