# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Floating-point code on numbers or on vectors of them, written as arithmetic in Python."""

from collections.abc import Callable, Sequence
from functools import reduce

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder

# Predicates of arith.cmpf by their numbers.
OEQ, OGT, OGE, OLT, OLE, NOT_LESS, NOT_GREATER, UNO = 1, 2, 3, 4, 5, 10, 12, 14
# Predicates of arith.cmpi.
EQ, NE, SGT, UGE = 0, 1, 4, 9


@record
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
    """Creates operations of one float type, and of the integer type of the same width, with builder `b`; on vectors of
    `lanes` elements where that is not 1.

    `fused` says whether the processor multiplies and adds in one instruction; where it does not, `fma` rounds twice,
    since LLVM would call a function. `scales`: it multiplies by powers of two in one instruction. `reduces`: conditions
    of all lanes may become an integer of as many bits.
    """

    def __init__(
        self, b: Builder, format_: Format, fused: bool, scales: bool = False, lanes: int = 1, reduces: bool = True
    ) -> None:
        self.b, self.format, self.lanes = b, format_, lanes
        self.fused, self.scales, self.reduces = fused, scales, reduces
        self.type = self._of(ir.F32Type.get() if format_ is F32 else ir.F64Type.get())
        self.int = self._of(ir.IntegerType.get_signless(format_.width))
        self.i1 = self._of(b.i1)

    def _of(self, element: ir.Type) -> ir.Type:
        return element if self.lanes == 1 else ir.VectorType.get([self.lanes], element)

    def other(self, format_: Format) -> "Emitter":
        """One for as many numbers of another type."""
        return Emitter(self.b, format_, self.fused, lanes=self.lanes)

    def convert(self, name: str, value: ir.Value, to: "Emitter") -> ir.Value:
        """A number of this type, or its bits, in another one: by `extf`, `truncf`, `trunci`, …"""
        return self.b.one(f"arith.{name}", to.type if name.endswith("f") else to.int, value)

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

    def halves(self, x: ir.Value, coefficients: Sequence[float]) -> ir.Value:
        """A polynomial, highest power first, as that of even powers and that of odd ones: one operation more, and half
        of the time from the first to the last.
        """
        square, count = self.mul(x, x), len(coefficients)
        even, odd = (self.horner(square, coefficients[(count - 1 - i) % 2 :: 2]) for i in range(2))
        return self.fma(odd, x, even)

    def round(self, x: ir.Value, factor: float | None = None, scaled: bool = False) -> tuple[ir.Value, ir.Value]:
        """The nearest integer of a number (times a factor) below 2 ** (mantissa - 1): as a float, and as bits whose
        lowest are the integer's. `scaled`: for `scale`, which may ask for the float, too, and shares it then.
        """
        magic = self.const(self.format.magic)
        shifted = self.add(x, magic) if factor is None else self.fma(x, self.const(factor), magic)
        bits = self.bits(shifted)
        if scaled and self.scales:
            return self.b.one("arith.sitofp", self.type, self.integer("subi", bits, self.bits(magic))), bits
        return self.sub(shifted, magic), bits

    # Choices

    def compare(self, predicate: int, a: ir.Value, b: ir.Value) -> ir.Value:
        """Compares two floats or two integers."""
        name = "arith.cmpf" if a.type == self.type else "arith.cmpi"
        return self.b.one(name, self.i1, a, b, predicate=ir.IntegerAttr.get(self.b.i64, predicate))

    def select(self, condition: ir.Value, a: ir.Value, b: ir.Value) -> ir.Value:
        """`a` where the condition holds, else `b`."""
        return self.b.one("arith.select", a.type, condition, a, b)

    def both(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Whether both conditions hold."""
        return self.b.one("arith.andi", self.i1, a, b)

    def either(self, a: ir.Value, b: ir.Value) -> ir.Value:
        """Whether any of two conditions holds."""
        return self.b.one("arith.ori", self.i1, a, b)

    def rarely(
        self, condition: ir.Value, rare: Callable[[], Sequence[ir.Value]], usual: Sequence[ir.Value]
    ) -> list[ir.Value]:
        """`usual`, but what `rare` makes where the condition holds; that is computed if it holds for some lane."""
        op = self.b.create("scf.if", [value.type for value in usual], [self._any(condition)], regions=2)
        with self.b.inside(ir.Block.create_at_start(op.regions[0])):
            chosen = [self.select(condition, *pair) for pair in zip(rare(), usual, strict=True)]
            self.b.create("scf.yield", [], chosen)
        with self.b.inside(ir.Block.create_at_start(op.regions[1])):
            self.b.create("scf.yield", [], usual)
        return list(op.results)

    def _any(self, condition: ir.Value) -> ir.Value:
        """Whether a condition holds for some lane."""
        if self.lanes == 1:
            return condition
        b = self.b
        if self.reduces:
            return b.one("vector.reduction", b.i1, condition, kind=ir.Attribute.parse("#vector.kind<or>"))
        lanes = [
            b.one("vector.extract", b.i1, condition, static_position=ir.DenseI64ArrayAttr.get([lane]))
            for lane in range(self.lanes)
        ]
        return reduce(lambda one, other: b.one("arith.ori", b.i1, one, other), lanes)

    def clamp(self, x: ir.Value, low: float, high: float) -> ir.Value:
        """NaN stays NaN."""
        return self.at_most(self.select(self.compare(OLT, x, self.const(low)), self.const(low), x), high)

    def at_most(self, x: ir.Value, high: float) -> ir.Value:
        """The smaller of two. NaN stays NaN."""
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

    def integer(self, name: str, a: ir.Value | int, b: ir.Value | int) -> ir.Value:
        """An integer operation of the arith dialect: `addi`, `shli`, `andi`, …"""
        a, b = (self.icon(side) if isinstance(side, int) else side for side in (a, b))
        return self.b.one(f"arith.{name}", a.type, a, b)

    def power_of_two(self, n: ir.Value) -> ir.Value:
        """2 ** n for an integer in the lowest bits of `n`, within the exponent's range."""
        return self.float(
            self.integer(
                "addi", self.integer("shli", n, self.format.mantissa), self.format.bias << self.format.mantissa
            )
        )

    def scale(self, value: ir.Value, n: ir.Value, bits: ir.Value) -> ir.Value:
        """`value * 2 ** n`, rounded once, for a value between 1/2 and 2 and the integer that `round` gave as `n` and
        `bits`; between twice the least exponent and one above the greatest.

        In two steps, since 2 ** n itself may leave the exponent's range.
        """
        if self.scales:
            integer = self.integer("subi", bits, self.bits(self.const(self.format.magic)))
            attributes = {
                "intrin": ir.StringAttr.get("llvm.ldexp"),
                "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
                "operandSegmentSizes": ir.DenseI32ArrayAttr.get([2, 0]),
            }
            return self.b.one("llvm.call_intrinsic", self.type, value, integer, **attributes)
        bias, mantissa = self.format.bias, self.format.mantissa
        small = self.compare(OLT, n, self.const(-float(bias // 2)))
        offset = self.select(small, self.icon(bias + bias // 2 << mantissa), self.icon(bias - 1 << mantissa))
        factor = self.float(self.integer("addi", self.integer("shli", bits, mantissa), offset))
        last = self.select(small, self.const(2.0 ** -(bias // 2)), self.const(2.0))
        return self.mul(self.mul(value, factor), last)
