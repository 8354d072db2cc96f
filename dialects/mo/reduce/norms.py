# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Norms, and logarithms of sums: `mo.reduce.l1` to `mo.reduce.log_sum_exp`.

Floats are accumulated in f32 or wider and rounded once to the dtype; the references compute in f64.
"""

from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.reduce.families import FloatReduction, NumericReduction

__all__ = ["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"]


class ReduceL1(NumericReduction, name="reduce.l1"):
    """The sum of the magnitudes; 0 of no elements. Integers wrap."""

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        if is_float(input.dtype):
            return through_f64(lambda x: np.sum(np.abs(x), axis=axes, keepdims=keepdims), input)
        return np.asarray(np.sum(np.abs(input), axis=axes, keepdims=keepdims, dtype=input.dtype))


class ReduceSumSquare(NumericReduction, name="reduce.sum_square"):
    """The sum of the squares; 0 of no elements. Integers wrap."""

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        if is_float(input.dtype):
            return through_f64(lambda x: np.sum(x * x, axis=axes, keepdims=keepdims), input)
        return np.asarray(np.sum(input * input, axis=axes, keepdims=keepdims, dtype=input.dtype))


class ReduceL2(FloatReduction, name="reduce.l2"):
    """The root of the sum of the squares; 0 of no elements."""

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return through_f64(lambda x: np.sqrt(np.sum(x * x, axis=axes, keepdims=keepdims)), input)


class ReduceLogSum(FloatReduction, name="reduce.log_sum"):
    """The logarithm of the sum: -inf of no elements, NaN of a negative sum."""

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return through_f64(lambda x: np.log(np.sum(x, axis=axes, keepdims=keepdims)), input)


class ReduceLogSumExp(FloatReduction, name="reduce.log_sum_exp"):
    """m + log(sum(exp(x - m))), which is log(sum(exp(x))) without overflow; m is the maximum, 0 where that is not
    finite. It is -inf of no elements.
    """

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        def log_sum_exp(x: Array) -> Array:
            largest = np.max(x, axis=axes, keepdims=True, initial=-np.inf)
            largest = np.where(np.isfinite(largest), largest, 0.0)
            total = np.log(np.sum(np.exp(x - largest), axis=axes, keepdims=keepdims))
            return np.asarray(total + largest.reshape(total.shape))

        return through_f64(log_sum_exp, input)
