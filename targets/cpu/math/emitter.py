# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scalar floating-point code, written as arithmetic in Python."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.builder import Builder

# Predicates of arith.cmpf by their numbers.
OEQ, OGT, OGE, OLT, OLE, UNO = 1, 2, 3, 4, 5, 14
# Predicates of arith.cmpi.
EQ, NE, SGT, UGE = 0, 1, 4, 9


@dataclass(frozen=True)
class Format:
    """Layout of a float type: bits in all and in the mantissa, and the number that rounds to an integer when it is
    added: 1.5 * 2 ** mantissa.
    """

    width: int
    mantissa: int

    @property
    def bias(self) -> int:
        """What is added to exponents."""
        return (1 << (self.width - self.mantissa - 2)) - 1

    @property
    def magic(self) -> float:
        """The number whose addition rounds to an integer."""
        return 1.5 * 2.0**self.mantissa


F32, F64 = Format(32, 23), Format(64, 52)


class Emitter:
    """Creates scalar operations of one float type, and of the integer type of the same width, with builder `b`.

    `fused` says whether the processor multiplies and adds in one instruction; where it does not, `fma` rounds twice,
    since LLVM would call a function.
    """

    def __init__(self, b: Builder, format_: Format, fused: bool) -> None:
        self.b, self.format, self.fused = b, format_, fused
        self.type: ir.Type = ir.F32Type.get() if format_ is F32 else ir.F64Type.get()
        self.int: ir.Type = ir.IntegerType.get_signless(format_.width)

    # Floats

    def const(self, value: float) -> ir.Value:
        """A float constant."""
        return self.b.number(self.type, value)

    def add(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """`a + b`."""
        return self.b.one("arith.addf", self.type, a, b)

    def sub(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """`a - b`."""
        return self.b.one("arith.subf", self.type, a, b)

    def mul(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """`a * b`."""
        return self.b.one("arith.mulf", self.type, a, b)

    def div(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """`a / b`."""
        return self.b.one("arith.divf", self.type, a, b)

    def neg(self, a: ir.Value) -> ir.Value:
        """`-a`."""
        return self.b.one("arith.negf", self.type, a)

    def abs(self, a: ir.Value) -> ir.Value:
        """The magnitude."""
        return self.b.one("math.absf", self.type, a)

    def sqrt(self, a: ir.Value) -> ir.Value:
        """The square root."""
        return self.b.one("math.sqrt", self.type, a)

    def sign(self, magnitude: ir.Value, sign: ir.Value) -> ir.Value:
        """`magnitude` with the sign of `sign`."""
        return self.b.one("math.copysign", self.type, magnitude, sign)

    def fma(self, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
        """`a * b + c`."""
        return self.b.one("math.fma", self.type, a, b, c) if self.fused else self.add(self.mul(a, b), c)

    def horner(self, x: ir.Value, coefficients: Sequence[float]) -> ir.Value:
        """A polynomial, highest power first."""
        result = self.const(coefficients[0])
        for coefficient in coefficients[1:]:
            result = self.fma(result, x, self.const(coefficient))
        return result

    def round(self, x: ir.Value) -> tuple[ir.Value, ir.Value]:
        """The nearest integer of a number below 2 ** (mantissa - 1): as a float, and as bits whose lowest are the
        integer's.
        """
        magic = self.const(self.format.magic)
        shifted = self.add(x, magic)
        return self.sub(shifted, magic), self.bits(shifted)

    # Choices

    def compare(self, predicate: int, a: ir.Value, b: ir.Value) -> ir.Value:
        """Compares two floats or two integers."""
        name = "arith.cmpf" if a.type == self.type else "arith.cmpi"
        return self.b.one(name, self.b.i1, a, b, predicate=ir.IntegerAttr.get(self.b.i64, predicate))

    def select(self, condition: ir.Value, a: ir.Value, b: ir.Value) -> ir.Value:
        """`a` where the condition holds, else `b`."""
        return self.b.one("arith.select", a.type, condition, a, b)

    def both(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Whether both conditions hold."""
        return self.b.one("arith.andi", self.b.i1, a, b)

    def either(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Whether any of two conditions holds."""
        return self.b.one("arith.ori", self.b.i1, a, b)

    def clamp(self, x: ir.Value, low: float, high: float) -> ir.Value:
        """NaN stays NaN."""
        x = self.select(self.compare(OLT, x, self.const(low)), self.const(low), x)
        return self.select(self.compare(OGT, x, self.const(high)), self.const(high), x)

    # Bits

    def icon(self, value: int) -> ir.Value:
        """An integer constant, modulo 2 ** width."""
        wrapped = (value + (1 << (self.format.width - 1))) % (1 << self.format.width) - (1 << (self.format.width - 1))
        return self.b.number(self.int, wrapped)

    def bits(self, x: ir.Value) -> ir.Value:
        """The bits of a float."""
        return self.b.one("arith.bitcast", self.int, x)

    def float(self, bits: ir.Value) -> ir.Value:
        """The float that has these bits."""
        return self.b.one("arith.bitcast", self.type, bits)

    def integer(self, name: str, a: ir.Value, b: ir.Value | int) -> ir.Value:
        """An integer operation of the arith dialect: `addi`, `shli`, `andi`, …"""
        return self.b.one(f"arith.{name}", a.type, a, self.icon(b) if isinstance(b, int) else b)

    def power_of_two(self, n: ir.Value) -> ir.Value:
        """2 ** n for an integer in the lowest bits of `n`, within the exponent's range."""
        return self.float(
            self.integer(
                "addi", self.integer("shli", n, self.format.mantissa), self.format.bias << self.format.mantissa
            )
        )
