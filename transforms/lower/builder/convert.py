# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conversions between element types, each rounded once.

Floats become integers toward zero, saturated at the ends, NaN as 0; bools by comparison with 0. Floats of 8 and 4 bits
are converted by `small_floats`.
"""

from __future__ import annotations

from mograph.transforms.lower.builder import small_floats
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

_SI32, _UI8, _UI32, _UI64 = DTYPES["si32"], DTYPES["ui8"], DTYPES["ui32"], DTYPES["ui64"]

_FROM_INTEGER = {"bool": "arith.uitofp", "unsigned": "arith.uitofp", "signed": "arith.sitofp"}


def _to(x: Scalar, name: str, dtype: DType) -> Scalar:
    return Scalar(x.em, x.em.value(name, dtype.storage, [x.value]), dtype)


def to_compute(x: Scalar) -> Scalar:
    """A narrow float as f32 and an integer of 4 or 2 bits as one of 8, exactly; anything else as it is."""
    if small_floats.is_small(x.dtype):
        return small_floats.widen(x)
    if x.dtype.as_bytes:
        return _from_bits(x)
    return x if x.dtype.compute is x.dtype else _to(x, "arith.extf", F32)


def cast(x: Scalar, dtype: DType, *, saturate: bool = False, rounding: str = "nearest") -> Scalar:
    """`x` as a value of `dtype`.

    With `saturate`, what is beyond the range of a float of 8 bits becomes the nearest end of it, not infinite or NaN.
    `rounding`, "nearest", "up" or "down", is for f8E8M0FNU, which has powers of two alone.
    """
    if x.dtype is dtype:
        return x
    if dtype is BOOL:
        return not_equal(x, 0)
    if dtype.kind == "float":
        if small_floats.is_small(dtype):
            return small_floats.narrow(_to_f32_to_odd(x), dtype, saturate=saturate, rounding=rounding)
        return _float_to_float(x, dtype) if x.dtype.kind == "float" else _integer_to_float(x, dtype)
    x = widen(x)
    if dtype.bits < dtype.compute.bits:
        whole = _float_to_integer(x, _SI32) if x.dtype.kind == "float" else x
        return _to_bits(_integer_to_integer(whole, _UI8), dtype)
    return _float_to_integer(x, dtype) if x.dtype.kind == "float" else _integer_to_integer(x, dtype)


def _to_bits(x: Scalar, dtype: DType) -> Scalar:
    """The low bits of a ui8 as an integer of so many bits."""
    return bitcast(x & ((1 << dtype.bits) - 1), dtype)


def _from_bits(x: Scalar) -> Scalar:
    """An integer of 4 or 2 bits as one of 8: whatever the other bits of the byte are, the sign decides."""
    wide = Scalar(x.em, x.value, x.dtype.compute)
    if x.dtype.kind == "unsigned":
        return wide & ((1 << x.dtype.bits) - 1)
    gone = wide.constant(8 - x.dtype.bits)
    return wide.apply("arith.shli", gone).apply("arith.shrsi", gone)


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


def _to_f32_to_odd(x: Scalar) -> Scalar:
    """A number as the f32 that rounds, once more, to what the number itself rounds to."""
    if x.dtype.kind == "float":
        wide = to_compute(x)
        return _to_odd_f32(wide) if wide.dtype is F64 else wide
    x = _known_width(x)
    return _to(x, _FROM_INTEGER[x.dtype.kind], F32) if x.dtype.bits < 32 else _to_odd_f32(_to_odd_f64(x))


def _known_width(x: Scalar) -> Scalar:
    """An integer or bool as one that upstream converts to floats."""
    return _integer_to_integer(x, SI64) if x.dtype.kind == "index" else widen(x)


def _integer_to_float(x: Scalar, dtype: DType) -> Scalar:
    x = _known_width(x)
    name = _FROM_INTEGER[x.dtype.kind]
    if dtype.bits >= 32:
        return _to(x, name, dtype)
    return _float_to_float(_to(x, name, F32) if x.dtype.bits < 32 else _to_odd_f64(x), dtype)


def _to_odd_f64(x: Scalar) -> Scalar:
    """An integer to f64, which holds 53 bits: of a longer one the last bit kept stands for all beyond it, so that only
    a rounding that follows counts.
    """
    name = _FROM_INTEGER[x.dtype.kind]
    if x.dtype.bits < 64:
        return _to(x, name, F64)
    top = x.apply("arith.shrsi" if x.dtype.kind == "signed" else "arith.shrui", x.constant(11))
    sticky = top | _integer_to_integer(not_equal(x & 0x7FF, 0), x.dtype)
    # Rounded to odd at bit 11: exact below 2^53 is only what the low bits do not reach, hence the choice.
    small = less(_magnitude(x), 1 << 53)
    return select(small, _to(x, name, F64), _to(sticky, name, F64) * 2048.0)


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
    return _to(wide, "arith.truncf", dtype)


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
