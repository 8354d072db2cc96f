# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.one_hot`."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.shape_operand import require_extent_operand
from mograph.dialects.mo.types import TensorType

__all__ = ["OneHot"]


class OneHot(Mo.Operation, name="one_hot", traits=[t.Pure]):
    """For each index the value `on` at its place along a new axis, and `off` everywhere else.

    The result has the shape of `indices` with one dimension more at `axis`, whose extent is the depth; a negative axis
    counts from the end of the result. `on` and `off` are of rank 0 and the result's dtype. Indices are integers; a
    negative one counts from the end, and one that is out of range has no place: all are `off`. `depth`, where it is
    given, is a host tensor of rank 0 and dtype si64: a new name of the result is bound to it, and any other extent
    compared with it when the program runs.
    """

    indices: Operand[TensorType]
    on: Operand[TensorType]
    off: Operand[TensorType]
    depth: OptionalOperand[TensorType]
    axis: Attribute[c.I64Attr] = -1
    result: Result[TensorType]
    assembly_format = (
        "$indices `,` $on `,` $off (`,` $depth^)? (`axis` `=` $axis^)? attr-dict `:` functional-type(operands, results)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(
        indices: TensorType,
        on: TensorType,
        off: TensorType,
        depth: TensorType | None,
        axis: int,
        result: TensorType,
    ) -> None:
        dtypes.require(dtypes.INTEGER, indices.dtype, "the dtype of indices")
        rules.same_device(indices=indices, result=result)
        rules.scalar("on", on, result.dtype, result.device)
        rules.scalar("off", off, result.dtype, result.device)
        if depth is not None:
            require_extent_operand("depth", depth)
        along = shapes.axis_index(axis, len(indices.shape) + 1)
        rest = (*result.shape[:along], *result.shape[along + 1 :])
        if len(result.shape) != len(indices.shape) + 1 or rest != indices.shape:
            raise VerifyError(
                f"expected a result of shape {shapes.text(indices.shape)} with one dimension more at axis {along}, "
                f"found {shapes.text(result.shape)}"
            )

    @staticmethod
    def evaluate(
        indices: Array, on: Array, off: Array, depth: Array | None, axis: int, result_shapes: list[tuple[int, ...]]
    ) -> Array:
        wanted = result_shapes[0][axis]
        extent = wanted if depth is None else int(depth)
        if extent < 0 or wanted not in (-1, extent):
            raise ValueError(f"mo.one_hot: expected a depth of {max(wanted, 0)}, found {extent}")
        places = np.expand_dims(indices.astype(object), axis)
        column = [1] * places.ndim
        column[axis] = -1
        position = np.arange(extent).reshape(column)
        return np.where((places == position) | (places + extent == position), on, off)
