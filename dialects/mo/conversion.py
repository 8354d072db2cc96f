# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conversions between dtypes for the references, each rounded once.

A reference computes floats narrower than f64 in f64 and rounds the result; ml_dtypes converts through f32 and so
rounds twice, which `rounded` avoids.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mograph.dialects.mo.numpy_ import Array, np

if TYPE_CHECKING:
    from typing import Any

__all__ = ["cast", "is_float", "rounded", "through_f64"]


def is_float(dtype: "np.dtype[Any]") -> bool:
    """Whether `dtype` is a float of numpy or of ml_dtypes."""
    return dtype.kind == "f" or dtype.kind == "V"


def rounded(values: Array, dtype: "np.dtype[Any]") -> Array:
    """The f64 array `values` as floats of `dtype`: to nearest, ties to even.

    What is beyond the range of the dtype becomes infinite, or NaN in f8E4M3FN.
    """
    if dtype.kind == "f":
        return values.astype(dtype)
    return _to_odd_f32(values).astype(dtype)


def through_f64(function: Callable[..., Array], *inputs: Array) -> Array:
    """`function` of the float arrays `inputs`, computed in f64 and rounded once to the dtype of the first."""
    return rounded(np.asarray(function(*(x.astype(np.float64) for x in inputs))), inputs[0].dtype)


def cast(values: Array, dtype: "np.dtype[Any]") -> Array:
    """`values` as `dtype`, as `mo.cast` defines it."""
    if dtype.kind == "b":
        return np.asarray(values != 0)
    if is_float(dtype):
        if is_float(values.dtype) or values.dtype.kind == "b":
            return rounded(values.astype(np.float64), dtype)
        if dtype.itemsize >= 4:
            return values.astype(dtype)
        return rounded(_to_odd_f64(values), dtype)
    return _saturated(values.astype(np.float64), dtype) if is_float(values.dtype) else values.astype(dtype)


def _saturated(values: Array, dtype: "np.dtype[Any]") -> Array:
    """f64 to an integer dtype: toward zero, out of range to the nearest end, NaN to 0."""
    ends = np.iinfo(dtype)
    low, beyond = float(ends.min), float(ends.max // 2 + 1) * 2  # both are exact, which float(ends.max) is not
    inside = (values > low - 1) & (values < beyond) if low else (values > -1) & (values < beyond)
    whole = np.where(inside, np.trunc(values), 0).astype(dtype)
    return np.where(values >= beyond, ends.max, np.where(values <= low, ends.min, whole)).astype(dtype)


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
