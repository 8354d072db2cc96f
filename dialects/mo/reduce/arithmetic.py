# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.reduce.add`, `mo.reduce.mul`, `mo.reduce.max`, `mo.reduce.min`, `mo.reduce.mean`.

A sum or product of floats is accumulated in f32 or wider and rounded once to the dtype; its order is the target's.
The references accumulate in f64.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mograph.dialects.mo import dtypes
from mograph.dialects.mo.canonical import spread
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.numpy_ import Array, ml_dtypes, np
from mograph.dialects.mo.reduce.families import FloatReduction, NumericReduction

if TYPE_CHECKING:
    from typing import Any

__all__ = ["ReduceAdd", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceMul"]


class ReduceAdd(NumericReduction, name="reduce.add"):
    """The sum; 0 of no elements. Integers wrap."""

    canonicalizers = [spread.reduction_of_ones("mo.reduce.add")]

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return _accumulated(np.sum, input, axes, keepdims)


class ReduceMul(NumericReduction, name="reduce.mul"):
    """The product; 1 of no elements. Integers wrap."""

    canonicalizers = [spread.reduction_of_ones("mo.reduce.mul")]

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return _accumulated(np.prod, input, axes, keepdims)


class ReduceMax(NumericReduction, name="reduce.max"):
    """The greatest element, NaN when there is a NaN.

    Of no elements it is the lowest value of the dtype, -inf where it has that.
    """

    canonicalizers = [spread.reduction_of_ones("mo.reduce.max")]

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return np.asarray(np.max(input, axis=axes, keepdims=keepdims, initial=_ends(input.dtype)[0]))


class ReduceMin(NumericReduction, name="reduce.min"):
    """The least element, NaN when there is a NaN.

    Of no elements it is the greatest value of the dtype, inf where it has that.
    """

    canonicalizers = [spread.reduction_of_ones("mo.reduce.min")]

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return np.asarray(np.min(input, axis=axes, keepdims=keepdims, initial=_ends(input.dtype)[1]))


class ReduceMean(FloatReduction, name="reduce.mean"):
    """The sum divided by the number of elements; NaN of no elements."""

    canonicalizers = [spread.reduction_of_ones("mo.reduce.mean")]

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        def mean(values: Array) -> Array:
            total = np.sum(values, axis=axes, keepdims=keepdims)
            number = np.prod([values.shape[axis] for axis in (range(values.ndim) if axes is None else axes)])
            return np.asarray(total / number)

        return through_f64(mean, input)


def _accumulated(operation: Callable[..., Array], input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
    """A reduction by `operation`: floats in f64 and rounded once, integers in their own dtype."""
    if is_float(input.dtype):
        return through_f64(lambda values: operation(values, axis=axes, keepdims=keepdims), input)
    return np.asarray(operation(input, axis=axes, keepdims=keepdims, dtype=input.dtype))


def _ends(dtype: "np.dtype[Any]") -> "tuple[Any, Any]":
    """The lowest and the greatest value of a dtype, as its scalars; infinite where there are infinities."""
    if not is_float(dtype):
        return np.asarray(np.iinfo(dtype).min, dtype), np.asarray(np.iinfo(dtype).max, dtype)
    if dtype == dtypes.of("f8E4M3FN").numpy:
        return ml_dtypes.finfo(dtype).min, ml_dtypes.finfo(dtype).max
    return np.asarray(-np.inf).astype(dtype), np.asarray(np.inf).astype(dtype)
