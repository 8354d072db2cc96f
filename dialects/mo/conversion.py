# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conversions between dtypes for the references, each rounded once.

A reference computes floats narrower than f64 in f64 and rounds the result; ml_dtypes converts through f32 and so
rounds twice, which `rounded` avoids.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mograph.dialects.mo.numpy_ import Array, ml_dtypes, np

if TYPE_CHECKING:
    from typing import Any

__all__ = ["cast", "integer_range", "is_float", "largest", "rounded", "through_f64"]

_E8M0_BIAS = 127


def is_float(dtype: "np.dtype[Any]") -> bool:
    """Whether `dtype` is a float of numpy or of ml_dtypes."""
    return dtype.kind == "f" or dtype.name.startswith(("float", "bfloat"))


def largest(dtype: "np.dtype[Any]") -> float:
    """The largest finite value of a float dtype."""
    return float(ml_dtypes.finfo(dtype).max)


def integer_range(dtype: "np.dtype[Any]") -> tuple[int, int]:
    """The smallest and the largest value of an integer dtype."""
    ends = ml_dtypes.iinfo(dtype)
    return int(ends.min), int(ends.max)


def rounded(values: Array, dtype: "np.dtype[Any]", saturate: bool = False, rounding: str = "nearest") -> Array:
    """The f64 array `values` as floats of `dtype`: to nearest, ties to even.

    What is beyond the range of the dtype becomes infinite; where it has no infinity NaN; where it has no NaN either, as
    f4E2M1FN, the nearest end, and NaN becomes -0. With `saturate`, floats of 8 bits have the nearest end as well, for
    infinities too. For f8E8M0FNU see `_power_of_two`; only there `rounding` counts.
    """
    if dtype.isbuiltin == 1:
        return values.astype(dtype)
    if dtype.name == "float8_e8m0fnu":
        return _power_of_two(values, dtype, saturate, rounding)
    if dtype.name == "float4_e2m1fn":
        values = np.where(np.isnan(values), -0.0, values)
    if saturate and dtype.itemsize == 1:
        values = np.clip(values, -largest(dtype), largest(dtype))
    return _to_odd_f32(values).astype(dtype)


def through_f64(function: Callable[..., Array], *inputs: Array) -> Array:
    """`function` of the float arrays `inputs`, computed in f64 and rounded once to the dtype of the first."""
    return rounded(np.asarray(function(*(x.astype(np.float64) for x in inputs))), inputs[0].dtype)


def cast(values: Array, dtype: "np.dtype[Any]", saturate: bool = False, rounding: str = "nearest") -> Array:
    """`values` as `dtype`, as `mo.cast` defines it."""
    if values.dtype == dtype:
        return values
    if values.dtype.kind == "V" and not is_float(values.dtype):  # of 4 or 2 bits
        values = values.astype(np.int8)
    if dtype.kind == "b":
        return np.asarray(values != 0)
    if is_float(dtype):
        if is_float(values.dtype) or values.dtype.kind == "b":
            return rounded(values.astype(np.float64), dtype, saturate, rounding)
        if dtype.itemsize >= 4:
            return values.astype(dtype)
        return rounded(_to_odd_f64(values), dtype, saturate, rounding)
    if not is_float(values.dtype):
        return _low_bits(values, dtype)
    wide = values.astype(np.float64)
    return _low_bits(_saturated(wide, np.dtype(np.int32)), dtype) if dtype.kind == "V" else _saturated(wide, dtype)


def _low_bits(values: Array, dtype: "np.dtype[Any]") -> Array:
    """Integers or bools as integers of `dtype`."""
    if dtype.kind != "V":
        return values.astype(dtype)
    mask = 3 if dtype.name.endswith("2") else 15
    return np.asarray(values.astype(np.uint8) & np.uint8(mask), np.uint8).view(dtype)


def _saturated(values: Array, dtype: "np.dtype[Any]") -> Array:
    """f64 to an integer dtype of a byte or more: toward zero, out of range to the nearest end, NaN to 0."""
    lowest, highest = integer_range(dtype)
    low, beyond = float(lowest), float(highest // 2 + 1) * 2  # both are exact, which float(highest) is not
    inside = (values > low - 1) & (values < beyond) if low else (values > -1) & (values < beyond)
    whole = np.where(inside, np.trunc(values), 0).astype(dtype)
    return np.where(values >= beyond, highest, np.where(values <= low, lowest, whole)).astype(dtype)


def _power_of_two(values: Array, dtype: "np.dtype[Any]", saturate: bool, rounding: str) -> Array:
    """f64 to f8E8M0FNU, which has the powers of two from 2^-127 to 2^127 and NaN.

    The nearest power of two, of two equally near ones the greater; or the next one `up` or `down`. Zero, and what is
    beyond the range after rounding, are NaN, or with `saturate` the nearest end. Values below 0 are NaN.
    """
    fraction, exponent = np.frexp(values)  # fraction in [0.5, 1): the power of two below is at exponent - 1
    above = {"nearest": fraction >= 0.75, "up": fraction > 0.5, "down": fraction > 1}[rounding]
    power = exponent.astype(np.int64) - 1 + above
    power = np.where(values == 0, -1000, np.where(np.isposinf(values), 1000, power))
    clipped = np.clip(power, -_E8M0_BIAS, _E8M0_BIAS)
    valid = (values >= 0) & (saturate | (power == clipped))
    bits = np.where(valid, clipped + _E8M0_BIAS, 255).astype(np.uint8)
    return np.atleast_1d(bits).view(dtype).reshape(values.shape)


def _to_odd_f32(values: Array) -> Array:
    """f64 to f32, inexact results to the neighbour with an odd significand.

    Rounding these once more, to a narrower dtype, gives what rounding `values` gives.
    """
    nearest = values.astype(np.float32)
    inexact = (nearest != values) & ~np.isnan(values)
    away = inexact & (np.abs(nearest.astype(np.float64)) > np.abs(values))
    bits = np.atleast_1d(nearest).view(np.uint32).reshape(values.shape)
    odd = np.asarray((bits - away.astype(np.uint32)) | inexact.astype(np.uint32))
    return np.atleast_1d(odd).view(np.float32).reshape(values.shape)


def _to_odd_f64(values: Array) -> Array:
    """Integers to f64, inexact results to a neighbour with an odd significand (see `_to_odd_f32`)."""
    if values.dtype.itemsize < 8:
        return values.astype(np.float64)
    exact = values.astype(np.float64)
    low = values & values.dtype.type(0x7FF)
    sticky = (values >> values.dtype.type(11)) | (low != 0).astype(values.dtype)
    return np.where(np.abs(exact) < 2.0**53, exact, sticky.astype(np.float64) * 2048.0)
