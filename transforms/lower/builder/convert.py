# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conversions between element types, each rounded once.

Floats become integers toward zero, saturated at the ends, NaN as 0; bools by comparison with 0. The 8-bit floats,
which no CPU knows, are converted by integer arithmetic on their bits.
"""

from __future__ import annotations

from typing import NamedTuple

from mograph.transforms.lower.builder.dtype import BOOL, DTYPES, F32, F64, SI64, DType
from mograph.transforms.lower.builder.scalar import (
    Scalar,
    bit_and,
    bitcast,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    not_equal,
    select,
    widen,
)

__all__ = ["cast", "to_compute"]

_UI8, _UI32, _UI64, _F16 = DTYPES["ui8"], DTYPES["ui32"], DTYPES["ui64"], DTYPES["f16"]


class _Float8(NamedTuple):
    """The layout of an 8-bit float."""

    mantissa: int
    """Its bits of significand after the point."""
    bias: int
    """What is added to its exponent."""
    overflow: int
    """The bits of what is beyond its largest value: infinity, or NaN where it has none."""
    nan: int
    """The bits of its NaN."""


_FLOAT8 = {"f8E4M3FN": _Float8(3, 7, 0x7F, 0x7F), "f8E5M2": _Float8(2, 15, 0x7C, 0x7E)}


def _to(x: Scalar, name: str, dtype: DType) -> Scalar:
    return Scalar(x.em, x.em.value(name, dtype.storage, [x.value]), dtype)


def to_compute(x: Scalar) -> Scalar:
    """A narrow float as f32, exactly; anything else as it is."""
    if x.dtype.name in _FLOAT8:
        return _from_float8(x)
    return x if x.dtype.compute is x.dtype else _to(x, "arith.extf", F32)


def cast(x: Scalar, dtype: DType) -> Scalar:
    """`x` as a value of `dtype`."""
    if x.dtype is dtype:
        return x
    if dtype is BOOL:
        return not_equal(x, 0)
    if x.dtype.kind == "float":
        return _float_to_float(x, dtype) if dtype.kind == "float" else _float_to_integer(widen(x), dtype)
    return _integer_to_float(x, dtype) if dtype.kind == "float" else _integer_to_integer(x, dtype)


def _integer_to_integer(x: Scalar, dtype: DType) -> Scalar:
    if "index" in (x.dtype.kind, dtype.kind):
        if x.dtype.bits < 64:
            x = _integer_to_integer(x, SI64)
        if dtype.bits < 64:
            return _integer_to_integer(_integer_to_integer(x, SI64), dtype)
        if x.dtype.kind == dtype.kind:
            return x
        return _to(x, "arith.index_cast", dtype)
    if dtype.bits < x.dtype.bits:
        return _to(x, "arith.trunci", dtype)
    if dtype.bits > x.dtype.bits:
        return _to(x, "arith.extsi" if x.dtype.kind == "signed" else "arith.extui", dtype)
    return Scalar(x.em, x.value, dtype)


def _integer_to_float(x: Scalar, dtype: DType) -> Scalar:
    if x.dtype.kind == "index":
        x = _integer_to_integer(x, SI64)
    name = "arith.sitofp" if x.dtype.kind == "signed" else "arith.uitofp"
    if dtype.bits >= 32:
        return _to(x, name, dtype)
    # f32 holds 24 bits and f64 53 exactly; for wider ones the last bit kept stands for all beyond it, so that only one
    # rounding counts.
    if x.dtype.bits < 32:
        return _float_to_float(_to(x, name, F32), dtype)
    if x.dtype.bits < 64:
        return _float_to_float(_to(x, name, F64), dtype)
    top = x.apply("arith.shrsi" if x.dtype.kind == "signed" else "arith.shrui", x.constant(11))
    sticky = top | _integer_to_integer(not_equal(x & 0x7FF, 0), x.dtype)
    # Rounded to odd at bit 11: exact below 2^53 is only what the low bits do not reach, hence the choice.
    small = less(_magnitude(x), 1 << 53)
    wide = _to(sticky, name, F64) * 2048.0
    return _float_to_float(select(small, _to(x, name, F64), wide), dtype)


def _magnitude(x: Scalar) -> Scalar:
    """|x| as an unsigned integer."""
    if x.dtype.kind == "unsigned":
        return x
    return Scalar(x.em, select(less(x, 0), -x, x).value, _UI64)


def _float_to_integer(x: Scalar, dtype: DType) -> Scalar:
    """Of an f32 or f64."""
    lowest, beyond = float(dtype.lowest), float(int(dtype.highest) + 1)  # both are exact
    inside = bit_and(greater(x, lowest), less(x, beyond))  # false for NaN
    whole = _to(select(inside, x, 0.0), "arith.fptosi" if dtype.kind == "signed" else "arith.fptoui", dtype)
    clamped = select(less_equal(x, lowest), int(dtype.lowest), whole)
    return select(greater_equal(x, beyond), int(dtype.highest), clamped)


def _float_to_float(x: Scalar, dtype: DType) -> Scalar:
    wide = to_compute(x)
    if dtype is F64:
        return _to(wide, "arith.extf", F64)
    if wide.dtype is F64:
        wide = _to(wide, "arith.truncf", F32) if dtype is F32 else _to_odd_f32(wide)
    if dtype is F32:
        return wide
    return _to_float8(wide, dtype) if dtype.name in _FLOAT8 else _to(wide, "arith.truncf", dtype)


def _to_odd_f32(x: Scalar) -> Scalar:
    """f64 to f32, inexact results to the neighbour with an odd significand: rounding that once more equals rounding
    `x`.
    """
    nearest = _to(x, "arith.truncf", F32)
    back = _to(nearest, "arith.extf", F64)
    inexact = bit_and(not_equal(back, x), equal(x, x))
    away = bit_and(inexact, greater(back.apply("math.absf"), x.apply("math.absf")))
    bits = bitcast(nearest, _UI32) - _integer_to_integer(away, _UI32)
    return bitcast(bits | _integer_to_integer(inexact, _UI32), F32)


def _to_float8(x: Scalar, dtype: DType) -> Scalar:
    """f32 to an 8-bit float, to nearest, ties to even."""
    layout = _FLOAT8[dtype.name]
    dropped = 23 - layout.mantissa
    bits = bitcast(x, _UI32)
    magnitude = bits & 0x7FFFFFFF
    # A normal result: add just below half of the last bit kept, and that bit itself, so that ties go to even; then
    # drop the rest.
    odd = _shifted(magnitude, dropped) & 1
    rounded = _shifted(magnitude + (((1 << (dropped - 1)) - 1) - ((127 - layout.bias) << 23)) + odd, dropped)
    # A subnormal one: let a float addition round at the right bit.
    magic = ((127 - layout.bias) + dropped + 1) << 23
    magic_float = bitcast(magnitude.constant(magic), F32)
    subnormal = bitcast(bitcast(magnitude, F32) + magic_float, _UI32) - magic
    small = less(magnitude, (128 - layout.bias) << 23)
    result = select(small, subnormal, rounded)
    largest = layout.overflow - 1 if layout.overflow == layout.nan else layout.overflow
    too_large = bit_and(~small, greater(result, largest))
    result = select(too_large, layout.overflow, result)
    result = select(greater(magnitude, 0x7F800000), layout.nan, result)
    sign = _shifted(bits, 24) & 0x80
    return bitcast(_integer_to_integer(result | sign, _UI8), dtype)


def _from_float8(x: Scalar) -> Scalar:
    bits = bitcast(x, _UI8)
    if x.dtype.name == "f8E5M2":  # the upper half of an f16
        wide = _integer_to_integer(bits, DTYPES["ui16"])
        half = wide.apply("arith.shli", wide.constant(8))
        return _to(bitcast(half, _F16), "arith.extf", F32)
    word = _integer_to_integer(bits, _UI32)
    magnitude = word & 0x7F
    # With the exponent still biased by 7: a product with 2^(127 - 7) corrects it, and makes subnormals normal.
    placed = bitcast(magnitude.apply("arith.shli", word.constant(20)), F32) * 2.0**120
    finite = bitcast(placed, _UI32)
    result = select(equal(magnitude, 0x7F), 0x7FC00000, finite)
    sign = (word & 0x80).apply("arith.shli", word.constant(24))
    return bitcast(result | sign, F32)


def _shifted(x: Scalar, bits: int) -> Scalar:
    return x.apply("arith.shrui", x.constant(bits))
