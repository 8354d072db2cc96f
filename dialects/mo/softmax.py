# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.softmax`, `mo.log_softmax` and `mo.hardmax`."""

from mograph.dialects.kit import Attribute, Operand, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Hardmax", "LogSoftmax", "Softmax"]


class _AlongAxis(Mo.Operation, traits=[t.Pure]):
    """A function of the vectors along one axis of a float tensor, that keeps type and shape."""

    input: Operand[TensorType]
    axis: Attribute[c.I64Attr] = -1
    result: Result[TensorType]
    assembly_format = "$input (`axis` `=` $axis^)? attr-dict `:` type($input)"
    folds = True

    @staticmethod
    def infer(input: TensorType, axis: int) -> TensorType:
        dtypes.require(dtypes.FLOAT, input.dtype)
        shapes.axis_index(axis, len(input.shape))
        return input


class Softmax(_AlongAxis, name="softmax"):
    """exp(x - m) / sum(exp(x - m)) along `axis`, where m is the maximum there.

    A negative axis counts from the end. Floats narrower than f32 are computed in f32 or wider and rounded once; the
    reference computes in f64. Along an axis that holds NaN or +inf, or nothing but -inf, the result is NaN.
    """

    @staticmethod
    def evaluate(input: Array, axis: int) -> Array:
        def softmax(values: Array) -> Array:
            exponential = np.exp(values - np.max(values, axis=axis, keepdims=True, initial=-np.inf))
            return np.asarray(exponential / np.sum(exponential, axis=axis, keepdims=True))

        return through_f64(softmax, input)


class LogSoftmax(_AlongAxis, name="log_softmax"):
    """The logarithm of `mo.softmax`: x - m - log(sum(exp(x - m))) along `axis`, where m is the maximum there."""

    @staticmethod
    def evaluate(input: Array, axis: int) -> Array:
        def log_softmax(values: Array) -> Array:
            shifted = values - np.max(values, axis=axis, keepdims=True, initial=-np.inf)
            return np.asarray(shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True)))

        return through_f64(log_softmax, input)


class Hardmax(_AlongAxis, name="hardmax"):
    """1 at the first greatest element along `axis`, or the first NaN where there is one, else 0."""

    @staticmethod
    def evaluate(input: Array, axis: int) -> Array:
        result = np.zeros(input.shape, input.dtype)
        if input.size:
            first = np.argmax(input.astype(np.float64), axis=axis, keepdims=True)
            np.put_along_axis(result, first, np.ones((), input.dtype), axis)
        return result
