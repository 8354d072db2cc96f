# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the reductions share: operands, syntax and type inference, one class for each kind."""

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import is_static
from mograph.dialects.mo.types import TensorType

__all__ = ["ArgReduction", "BoolReduction", "FloatReduction", "NumericReduction", "Reduction", "reduced"]


def reduced(accepted: dtypes.DTypeSet, input: TensorType, axes: tuple[int, ...] | None, keepdims: bool) -> TensorType:
    """The result of a reduction of `input`, whose dtype `accepted` must hold."""
    dtypes.require(accepted, input.dtype)
    return TensorType.get(shapes.reduced(input.shape, axes, keepdims), input.dtype, input.device)


class Reduction(Mo.Operation, traits=[t.Pure]):
    """A combination of all elements along `axes`, or of all elements when these are absent.

    Negative axes count from the end. A reduced dimension is removed, or becomes 1 with `keepdims`. The result has the
    dtype of the input, and its device.
    """

    input: Operand[TensorType]
    axes: OptionalAttribute[c.DenseI64ArrayAttr]
    keepdims: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = "$input (`axes` `=` $axes^)? (`keepdims` $keepdims^)? attr-dict `:` type($input)"
    folds = True


class NumericReduction(Reduction):
    """A reduction of integers or floats."""

    @staticmethod
    def infer(input: TensorType, axes: tuple[int, ...] | None, keepdims: bool) -> TensorType:
        return reduced(dtypes.NUMERIC, input, axes, keepdims)


class FloatReduction(Reduction):
    """A reduction of floats."""

    @staticmethod
    def infer(input: TensorType, axes: tuple[int, ...] | None, keepdims: bool) -> TensorType:
        return reduced(dtypes.FLOAT, input, axes, keepdims)


class BoolReduction(Reduction):
    """A reduction of bools."""

    @staticmethod
    def infer(input: TensorType, axes: tuple[int, ...] | None, keepdims: bool) -> TensorType:
        return reduced(dtypes.BOOL, input, axes, keepdims)


class ArgReduction(Mo.Operation, traits=[t.Pure]):
    """The position of one element along `axis`, as si64: the first of equal ones, or with `last` the last of them.

    A negative axis counts from the end. The axis is removed, or becomes 1 with `keepdims`.
    """

    input: Operand[TensorType]
    axis: Attribute[c.I64Attr]
    keepdims: OptionalAttribute[c.UnitAttr]
    last: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = "$input `axis` `=` $axis (`keepdims` $keepdims^)? (`last` $last^)? attr-dict `:` type($input)"
    folds = True
    speculatable = is_static

    @staticmethod
    def infer(input: TensorType, axis: int, keepdims: bool) -> TensorType:
        dtypes.require(dtypes.NUMERIC, input.dtype)
        extent = input.shape[shapes.axis_index(axis, len(input.shape))]
        if isinstance(extent, int) and extent == 0:
            raise VerifyError(
                f"expected an axis with elements, found extent 0 on axis {axis} of {shapes.text(input.shape)}"
            )
        return TensorType.get(shapes.reduced(input.shape, (axis,), keepdims), "si64", input.device)
