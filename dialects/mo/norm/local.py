# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalisations by norms: `mo.lp_norm` and `mo.local_response_norm`."""

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["LocalResponseNorm", "LpNorm"]


class LpNorm(Mo.Operation, name="lp_norm", traits=[t.Pure]):
    """x divided by its norm along `axis`: by (sum of |x|^p)^(1/p), or 0 where that is 0.

    A negative axis counts from the end. (ONNX's LpNormalization.)
    """

    input: Operand[TensorType]
    axis: Attribute[c.I64Attr] = -1
    p: Attribute[c.IntAttr(minimum=1)] = 2
    result: Result[TensorType]
    assembly_format = "$input (`axis` `=` $axis^)? (`p` `=` $p^)? attr-dict `:` type($input)"
    folds = True

    @staticmethod
    def infer(input: TensorType, axis: int) -> TensorType:
        dtypes.require(dtypes.FLOAT, input.dtype)
        shapes.axis_index(axis, len(input.shape))
        return input

    @staticmethod
    def evaluate(input: Array, axis: int, p: int) -> Array:
        def lp_norm(x: Array) -> Array:
            norm = np.sum(np.abs(x) ** p, axis=axis, keepdims=True) ** (1 / p)
            return np.where(norm == 0, 0.0, x / np.where(norm == 0, 1.0, norm))

        return through_f64(lp_norm, input)


class LocalResponseNorm(Mo.Operation, name="local_response_norm", traits=[t.Pure]):
    """x / (bias + alpha / size * s)^beta, where s is the sum of x^2 over `size` channels around.

    The channels are the indices on axis 1. Of channel c, those are from c - (size - 1) // 2 to c + size // 2, as far as
    there are so many. (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural
    networks", 2012; as ONNX's LRN has it.)
    """

    input: Operand[TensorType]
    size: Attribute[c.IntAttr(minimum=1)]
    alpha: Attribute[c.F64Attr] = 1e-4
    beta: Attribute[c.F64Attr] = 0.75
    bias: Attribute[c.F64Attr] = 1.0
    result: Result[TensorType]
    assembly_format = (
        "$input `size` `=` $size (`alpha` `=` $alpha^)? (`beta` `=` $beta^)? (`bias` `=` $bias^)? attr-dict `:` "
        "type($input)"
    )
    folds = True

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        dtypes.require(dtypes.FLOAT, input.dtype)
        if len(input.shape) < 2:
            raise VerifyError(f"expected an input of rank 2 or more, found {len(input.shape)}")
        return input

    @staticmethod
    def evaluate(input: Array, size: int, alpha: float, beta: float, bias: float) -> Array:
        def local_response_norm(x: Array) -> Array:
            total = np.zeros_like(x)
            for channel in range(x.shape[1]):
                around = x[:, max(channel - (size - 1) // 2, 0) : channel + size // 2 + 1]
                total[:, channel] = np.sum(around * around, axis=1)
            return np.asarray(x / (bias + alpha / size * total) ** beta)

        return through_f64(local_response_norm, input)
