# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conversion between f32 and the floats of 8 and 16 bits by integer arithmetic, rounding to nearest, ties to even.

LLVM has no types for 8-bit floats, and converts the 16-bit ones by function calls on machines without instructions for
it.
"""

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.math.emitter import EQ, F32, NE, OLT, SGT, UGE, UNO, Emitter


@record
class Small:
    """A small float format: bits in all, bits of the mantissa, and whether it has infinities (E4M3FN has none, and one
    NaN).
    """

    width: int
    mantissa: int
    infinities: bool = True

    @property
    def bias(self) -> int:
        """What is added to exponents."""
        return (1 << (self.width - self.mantissa - 2)) - 1

    @property
    def magnitude(self) -> int:
        """The mask of all bits but the sign."""
        return (1 << (self.width - 1)) - 1

    @property
    def infinity(self) -> int:
        """The bits of infinity; where there is none, those of NaN, which overflow gives instead."""
        return self.magnitude >> self.mantissa << self.mantissa if self.infinities else self.magnitude

    @property
    def nan(self) -> int:
        """The bits of NaN."""
        return self.infinity | 1 << (self.mantissa - 1) if self.infinities else self.magnitude


SMALL: dict[str, Small] = {
    "f16": Small(16, 10),
    "bf16": Small(16, 7),
    "f8E5M2": Small(8, 2),
    "f8E4M3FN": Small(8, 3, infinities=False),
}


def widen(b: Builder, value: ir.Value, fused: bool) -> ir.Value:
    """A small float as f32. Exact."""
    small = SMALL[str(value.type)]
    e = Emitter(b, F32, fused)
    bits = b.one("arith.extui", e.int, b.one("arith.bitcast", ir.IntegerType.get_signless(small.width), value))
    shift = F32.mantissa - small.mantissa
    if small.bias == F32.bias:
        return e.float(e.integer("shli", bits, shift))
    magnitude = e.integer("andi", bits, small.magnitude)
    shifted = e.integer("shli", magnitude, shift)
    # Multiplying corrects the exponent's bias, and makes normal numbers of denormal ones.
    number = e.bits(e.mul(e.float(shifted), e.const(2.0 ** (F32.bias - small.bias))))
    special = e.compare(UGE if small.infinities else EQ, magnitude, e.icon(small.infinity))
    number = e.select(special, e.integer("ori", shifted, 0x7F800000), number)
    sign = e.integer("shli", e.integer("andi", bits, small.magnitude + 1), 32 - small.width)
    return e.float(e.integer("ori", number, sign))


def narrow(b: Builder, value: ir.Value, type_: ir.Type, fused: bool) -> ir.Value:
    """An f32 as a small float."""
    small = SMALL[str(type_)]
    e = Emitter(b, F32, fused)
    bits = e.bits(value)
    magnitude = e.integer("andi", bits, 0x7FFFFFFF)
    shift = F32.mantissa - small.mantissa
    odd = e.integer("andi", e.integer("shrui", magnitude, shift), 1)
    rounded = e.integer("shrui", e.integer("addi", e.integer("addi", magnitude, (1 << (shift - 1)) - 1), odd), shift)
    result = e.integer("subi", rounded, (F32.bias - small.bias) << small.mantissa)
    if small.bias != F32.bias:
        # Below the least normal number an addition rounds to the denormals' step.
        offset = e.const(2.0 ** (1 - small.bias - small.mantissa + F32.mantissa))
        absolute = e.float(magnitude)
        denormal = e.integer("subi", e.bits(e.add(absolute, offset)), e.bits(offset))
        result = e.select(e.compare(OLT, absolute, e.const(2.0 ** (1 - small.bias))), denormal, result)
    result = e.select(e.compare(SGT, result, e.icon(small.infinity)), e.icon(small.infinity), result)
    result = e.select(e.compare(UNO, value, value), e.icon(small.nan), result)
    sign = e.integer("andi", e.integer("shrui", bits, 32 - small.width), small.magnitude + 1)
    integer = ir.IntegerType.get_signless(small.width)
    return b.one("arith.bitcast", type_, b.one("arith.trunci", integer, e.integer("ori", result, sign)))


def round_to_odd(b: Builder, value: ir.Value, fused: bool) -> ir.Value:
    """An f64 as the f32 that a further rounding to a small float treats as it would the f64 itself: inexact results
    have their last bit set.
    """
    e = Emitter(b, F32, fused)
    nearest = b.one("arith.truncf", e.type, value)
    back = b.one("arith.extf", value.type, nearest)
    further = b.one(
        "arith.cmpf",
        b.i1,
        b.one("math.absf", value.type, back),
        b.one("math.absf", value.type, value),
        predicate=ir.IntegerAttr.get(b.i64, 2),
    )
    inexact = b.one("arith.cmpf", b.i1, back, value, predicate=ir.IntegerAttr.get(b.i64, 6))
    bits = e.bits(nearest)
    toward_zero = e.integer("subi", bits, b.one("arith.extui", e.int, further))
    odd = e.integer("ori", toward_zero, b.one("arith.extui", e.int, inexact))
    finite = e.compare(NE, e.integer("andi", bits, 0x7F800000), e.icon(0x7F800000))
    return e.float(e.select(finite, odd, bits))
