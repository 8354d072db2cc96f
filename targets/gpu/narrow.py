# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arithmetic on numbers of 32 bits, for places in a tile and the like: GPUs compute with 64 bits in two steps."""

from typing import TypeAlias

from mlir import ir

from mograph.targets.cpu.builder import Builder

Number: TypeAlias = int | ir.Value  # a number that is known now, or an i32 value
ULT, SLT = 6, 2  # predicates of arith.cmpi


class Narrow:
    """Creates operations on i32 with builder `b`; those on known numbers are done here."""

    def __init__(self, b: Builder) -> None:
        self.b = b

    def value(self, number: Number) -> ir.Value:
        """The number as an i32 value."""
        return self.b.number(self.b.i32, number) if isinstance(number, int) else number

    def add(self, x: Number, y: Number) -> Number:
        """`x + y`."""
        if isinstance(x, int) and isinstance(y, int):
            return x + y
        if isinstance(x, int) and x == 0:
            return y
        return x if isinstance(y, int) and y == 0 else self._two("arith.addi", x, y)

    def mul(self, x: Number, y: int) -> Number:
        """`x * y`."""
        if isinstance(x, int) or y == 0:
            return x * y if isinstance(x, int) else 0
        if y & (y - 1) == 0:
            return x if y == 1 else self._two("arith.shli", x, y.bit_length() - 1)
        return self._two("arith.muli", x, y)

    def split(self, x: Number, y: int) -> tuple[Number, Number]:
        """Quotient and remainder of a number that is not negative."""
        if isinstance(x, int):
            return divmod(x, y)
        if y & (y - 1):
            return self._two("arith.divui", x, y), self._two("arith.remui", x, y)
        return self.shift(x, y.bit_length() - 1), self.both(x, y - 1)

    def shift(self, x: Number, by: int) -> Number:
        """`x >> by`."""
        if isinstance(x, int):
            return x >> by
        return self._two("arith.shrui", x, by) if by else x

    def both(self, x: Number, mask: int) -> Number:
        """`x & mask`."""
        if isinstance(x, int):
            return x & mask
        return self._two("arith.andi", x, mask) if mask else 0

    def differ(self, x: Number, y: Number) -> Number:
        """`x ^ y`."""
        if isinstance(x, int) and isinstance(y, int):
            return x ^ y
        return self._two("arith.xori", x, y)

    def at_most(self, x: Number, most: int) -> Number:
        """The smaller of two."""
        return min(x, most) if isinstance(x, int) else self._two("arith.minsi", x, most)

    def at_least(self, x: Number, least: int) -> Number:
        """The larger of two."""
        return max(x, least) if isinstance(x, int) else self._two("arith.maxsi", x, least)

    def wide(self, x: Number) -> int | ir.Value:
        """A number that is not negative as one of the builder's, which have 64 bits."""
        return x if isinstance(x, int) else self.b.one("arith.extui", self.b.i64, x)

    def cut(self, x: int | ir.Value) -> Number:
        """The lowest 32 bits of one of the builder's numbers."""
        return x if isinstance(x, int) else self.b.one("arith.trunci", self.b.i32, x)

    def at(self, base: ir.Value, bytes_: Number) -> ir.Value:
        """`base + bytes_`."""
        if isinstance(bytes_, int) and bytes_ == 0:
            return base
        b = self.b
        return b.one(
            "llvm.getelementptr",
            base.type,
            base,
            self.value(bytes_),
            rawConstantIndices=ir.DenseI32ArrayAttr.get([-(2**31)]),
            elem_type=ir.TypeAttr.get(b.i8),
        )

    def _two(self, name: str, x: Number, y: Number) -> ir.Value:
        return self.b.one(name, self.b.i32, self.value(x), self.value(y))
