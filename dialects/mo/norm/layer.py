# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.layer_norm` and `mo.rms_norm`, over the last dimensions."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.norm.rules import check_epsilon, floats, normalized, spreads
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["LayerNorm", "RmsNorm"]


class LayerNorm(Mo.Operation, name="layer_norm", traits=[t.Pure]):
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance over the dimensions from `axis` on.

    A negative axis counts from the end. Scale and bias may be absent; they have the dtype and device of the input, and
    broadcast to its shape, which the result has. (Ba, Kiros and Hinton, "Layer normalization", 2016.)
    """

    input: Operand[TensorType]
    scale: OptionalOperand[TensorType]
    bias: OptionalOperand[TensorType]
    axis: Attribute[c.I64Attr] = -1
    epsilon: Attribute[c.F64Attr] = 1e-5
    result: Result[TensorType]
    assembly_format = (
        "$input (`scale` $scale^)? (`bias` $bias^)? (`axis` `=` $axis^)? (`epsilon` `=` $epsilon^)? attr-dict `:` "
        "type($input) (`scale` type($scale)^)? (`bias` type($bias)^)?"
    )
    folds = True

    @staticmethod
    def infer(
        input: TensorType, scale: TensorType | None, bias: TensorType | None, axis: int, epsilon: float
    ) -> TensorType:
        floats(input, scale=scale, bias=bias)
        shapes.axis_index(axis, len(input.shape))
        spreads("scale", scale, input)
        spreads("bias", bias, input)
        check_epsilon(epsilon)
        return input

    @staticmethod
    def evaluate(input: Array, scale: Array | None, bias: Array | None, axis: int, epsilon: float) -> Array:
        def layer_norm(x: Array) -> Array:
            result = normalized(x, range(axis % x.ndim, x.ndim), epsilon)
            if scale is not None:
                result = result * scale.astype(np.float64)
            return result if bias is None else result + bias.astype(np.float64)

        return through_f64(layer_norm, input)


class RmsNorm(Mo.Operation, name="rms_norm", traits=[t.Pure]):
    """x / sqrt(mean of x^2 + epsilon) * scale, with the mean over the dimensions from `axis` on.

    A negative axis counts from the end. The scale may be absent; it has the dtype and device of the input, and
    broadcasts to its shape, which the result has. (Zhang and Sennrich, "Root mean square layer normalization", 2019.)
    """

    input: Operand[TensorType]
    scale: OptionalOperand[TensorType]
    axis: Attribute[c.I64Attr] = -1
    epsilon: Attribute[c.F64Attr] = 1e-5
    result: Result[TensorType]
    assembly_format = (
        "$input (`scale` $scale^)? (`axis` `=` $axis^)? (`epsilon` `=` $epsilon^)? attr-dict `:` "
        "type($input) (`scale` type($scale)^)?"
    )
    folds = True

    @staticmethod
    def infer(input: TensorType, scale: TensorType | None, axis: int, epsilon: float) -> TensorType:
        floats(input, scale=scale)
        shapes.axis_index(axis, len(input.shape))
        spreads("scale", scale, input)
        check_epsilon(epsilon)
        return input

    @staticmethod
    def evaluate(input: Array, scale: Array | None, axis: int, epsilon: float) -> Array:
        def rms_norm(x: Array) -> Array:
            axes = tuple(range(axis % x.ndim, x.ndim))
            mean = np.sum(x * x, axis=axes, keepdims=True) / np.prod([x.shape[each] for each in axes])
            result = x / np.sqrt(mean + epsilon)
            return np.asarray(result if scale is None else result * scale.astype(np.float64))

        return through_f64(rms_norm, input)
