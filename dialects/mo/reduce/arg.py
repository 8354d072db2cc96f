# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.reduce.arg_max` and `mo.reduce.arg_min`."""

from collections.abc import Callable

from mograph.dialects.mo.conversion import is_float
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.reduce.families import ArgReduction

__all__ = ["ReduceArgMax", "ReduceArgMin"]


class ReduceArgMax(ArgReduction, name="reduce.arg_max"):
    """The position of the greatest element: a NaN where there is one, and 0 of no elements.

    It is the first of equal ones, with `last` the last of them.
    """

    @staticmethod
    def evaluate(input: Array, axis: int, keepdims: bool, last: bool) -> Array:
        return _position(np.argmax, input, axis, keepdims, last)


class ReduceArgMin(ArgReduction, name="reduce.arg_min"):
    """The position of the least element: a NaN where there is one, and 0 of no elements.

    It is the first of equal ones, with `last` the last of them.
    """

    @staticmethod
    def evaluate(input: Array, axis: int, keepdims: bool, last: bool) -> Array:
        return _position(np.argmin, input, axis, keepdims, last)


def _position(function: Callable[..., Array], input: Array, axis: int, keepdims: bool, last: bool) -> Array:
    values = input.astype(np.float64) if is_float(input.dtype) else input
    if values.shape[axis] == 0:  # known only when the program runs, or it would not have been accepted
        return np.zeros_like(np.any(values, axis=axis, keepdims=keepdims), dtype=np.int64)
    if last:
        from_end = np.asarray(function(np.flip(values, axis), axis=axis, keepdims=keepdims), dtype=np.int64)
        return np.asarray(values.shape[axis] - 1 - from_end)
    return np.asarray(function(values, axis=axis, keepdims=keepdims), dtype=np.int64)
