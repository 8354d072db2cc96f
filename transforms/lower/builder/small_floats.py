# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Floats of 8 and 4 bits, to and from f32 by integer arithmetic on their bits: no CPU knows them.

The formats are those of the OCP's specifications "8-bit floating point" and "Microscaling formats", and those without
negative zero ("FNUZ") of Noune et al., "8-bit numerical formats for deep neural networks" (2022).
"""

from __future__ import annotations

from typing import NamedTuple

from mograph.dialects.kit import numpy_dtype
from mograph.transforms.lower.builder.dtype import DTYPES, F32, DType
from mograph.transforms.lower.builder.scalar import (
    Scalar,
    bit_and,
    bit_or,
    bitcast,
    equal,
    greater,
    greater_equal,
    less,
    select,
)

__all__ = ["bits_of", "is_small", "narrow", "widen"]

_UI8, _UI16, _SI32, _UI32 = DTYPES["ui8"], DTYPES["ui16"], DTYPES["si32"], DTYPES["ui32"]
_F32_NAN = 0x7FC00000


class _Layout(NamedTuple):
    """The layout of a float: a sign, an exponent, `mantissa` bits of significand."""

    mantissa: int
    """Its bits of significand after the point."""
    bias: int
    """What is added to its exponent."""
    largest: int
    """The bits of its largest finite value."""
    overflow: int
    """The bits of what is beyond that: infinity, NaN where it has none, or the largest value."""
    nan: int
    """The bits of its NaN, or of what NaN becomes."""
    width: int = 8
    """Its bits in all."""
    negative_zero: bool = True
    """Whether it has one; its bits are NaN's if not."""


_LAYOUTS = {
    "f8E4M3FN": _Layout(3, 7, 0x7E, 0x7F, 0x7F),
    "f8E5M2": _Layout(2, 15, 0x7B, 0x7C, 0x7E),
    "f8E4M3FNUZ": _Layout(3, 8, 0x7F, 0x80, 0x80, negative_zero=False),
    "f8E5M2FNUZ": _Layout(2, 16, 0x7F, 0x80, 0x80, negative_zero=False),
    "f4E2M1FN": _Layout(1, 1, 0x7, 0x7, 0x8, width=4),
}
_POWERS = "f8E8M0FNU"
"""The format without sign and significand: exponents alone, and NaN."""


def is_small(dtype: DType) -> bool:
    """Whether `dtype` is a float of 8 or 4 bits."""
    return dtype.name in _LAYOUTS or dtype.name == _POWERS


def bits_of(value: float, dtype: DType) -> int:
    """The bits of a number as a float of 8 or 4 bits, rounded to nearest."""
    return int(numpy_dtype(dtype.name).type(value).view("uint8"))


def narrow(x: Scalar, dtype: DType, *, saturate: bool, rounding: str) -> Scalar:
    """An f32 as a float of 8 or 4 bits: to nearest, ties to even."""
    if dtype.name == _POWERS:
        return _to_power(x, dtype, saturate, rounding)
    layout = _LAYOUTS[dtype.name]
    dropped = 23 - layout.mantissa
    bits = bitcast(x, _UI32)
    magnitude = bits & 0x7FFFFFFF
    # A normal result: add just below half of the last bit kept, and that bit itself, so that ties go to even; then
    # drop the rest.
    odd = _right(magnitude, dropped) & 1
    rounded = _right(magnitude + (((1 << (dropped - 1)) - 1) - ((127 - layout.bias) << 23)) + odd, dropped)
    # A subnormal one: let a float addition round at the right bit.
    magic = ((127 - layout.bias) + dropped + 1) << 23
    magic_float = bitcast(magnitude.constant(magic), F32)
    subnormal = bitcast(bitcast(magnitude, F32) + magic_float, _UI32) - magic
    small = less(magnitude, (128 - layout.bias) << 23)
    result = select(small, subnormal, rounded)
    too_large = bit_and(~small, greater(result, layout.largest))
    result = select(too_large, layout.largest if saturate else layout.overflow, result)
    result = select(greater(magnitude, 0x7F800000), layout.nan, result)
    signed = result | _right(bits, 32 - layout.width) & (1 << (layout.width - 1))
    if not layout.negative_zero:
        signed = select(equal(result, 0), 0, signed)
    return bitcast(_byte(signed), dtype)


def widen(x: Scalar) -> Scalar:
    """A float of 8 or 4 bits as f32, exactly."""
    if x.dtype.name == _POWERS:
        return _from_power(x)
    bits = bitcast(x, _UI8)
    if x.dtype.name == "f8E5M2":  # the upper half of an f16
        wide = Scalar(x.em, x.em.value("arith.extui", "i16", [bits.value]), _UI16)
        half = bitcast(_left(wide, 8), DTYPES["f16"])
        return Scalar(x.em, x.em.value("arith.extf", "f32", [half.value]), F32)
    layout = _LAYOUTS[x.dtype.name]
    word = _word(bits)
    sign_bit = 1 << (layout.width - 1)
    magnitude = word & (sign_bit - 1)
    # With the exponent still biased as it was: a product with a power of two corrects it, and makes subnormals normal.
    placed = bitcast(_left(magnitude, 23 - layout.mantissa), F32) * 2.0 ** (127 - layout.bias)
    result = bitcast(placed, _UI32)
    if not layout.negative_zero:
        result = select(equal(word, layout.nan), _F32_NAN, result)
    elif layout.width == 8:
        result = select(equal(magnitude, layout.nan), _F32_NAN, result)
    return bitcast(result | _left(word & sign_bit, 32 - layout.width), F32)


def _to_power(x: Scalar, dtype: DType, saturate: bool, rounding: str) -> Scalar:
    """An f32 as the power of two that `rounding` gives; below 0 NaN."""
    bits = bitcast(x, _UI32)
    magnitude = bits & 0x7FFFFFFF
    # Subnormal values as normal ones: 2^24 times as large.
    subnormal = less(magnitude, 1 << 23)
    normal = select(subnormal, bitcast(bitcast(magnitude, F32) * 2.0**24, _UI32), magnitude)
    # What reaches the next power of two carries into the exponent.
    carry = {"nearest": 1 << 22, "up": (1 << 23) - 1, "down": 0}[rounding]
    raised = bitcast(_right(normal + carry, 23), _SI32)
    exponent = select(subnormal, raised - 24, raised)
    below, beyond = less(exponent, 0), greater(exponent, 254)
    result = select(below, 0 if saturate else 255, select(beyond, 254 if saturate else 255, exponent))
    negative = bit_and(greater_equal(bits, 1 << 31), greater(magnitude, 0))
    result = select(bit_or(negative, greater(magnitude, 0x7F800000)), 255, result)
    return bitcast(_byte(bitcast(result, _UI32)), dtype)


def _from_power(x: Scalar) -> Scalar:
    word = _word(bitcast(x, _UI8))
    # 2^-127 is subnormal in f32.
    finite = select(equal(word, 0), 1 << 22, _left(word, 23))
    return bitcast(select(equal(word, 255), _F32_NAN, finite), F32)


def _word(x: Scalar) -> Scalar:
    return Scalar(x.em, x.em.value("arith.extui", "i32", [x.value]), _UI32)


def _byte(x: Scalar) -> Scalar:
    return Scalar(x.em, x.em.value("arith.trunci", "i8", [x.value]), _UI8)


def _left(x: Scalar, bits: int) -> Scalar:
    return x.apply("arith.shli", x.constant(bits))


def _right(x: Scalar, bits: int) -> Scalar:
    return x.apply("arith.shrui", x.constant(bits))
