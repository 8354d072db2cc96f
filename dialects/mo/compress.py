# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.compress`."""

from mograph.dialects.kit import Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.types import TensorType

__all__ = ["Compress"]


class Compress(Mo.Operation, name="compress", traits=[t.Pure]):
    """numpy's `compress`: the slices along `axis` whose condition is true; without an axis, such elements, in order.

    The condition is a bool tensor `[c]`; c is at most the extent of the axis, or the number of elements, and slices
    beyond it are left out: compared when the program runs where that is open. The result has as many slices on the axis
    as hold; that extent, a new name of the result, is bound when the program runs, and any other is compared then. A
    negative axis counts from the end.
    """

    input: Operand[TensorType]
    condition: Operand[TensorType]
    axis: OptionalAttribute[c.I64Attr]
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $condition (`axis` `=` $axis^)? attr-dict `:` type($input) `,` type($condition) `to` type($result)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(input: TensorType, condition: TensorType, axis: int | None, result: TensorType) -> None:
        require_same_but_shape(input, result)
        dtypes.require(dtypes.BOOL, condition.dtype, "the condition's dtype")
        rules.same_device(input=input, condition=condition)
        if len(condition.shape) != 1:
            raise VerifyError(f"expected a condition of rank 1, found {shapes.text(condition.shape)}")
        source = (shapes.count(input.shape),) if axis is None else input.shape
        along = 0 if axis is None else shapes.axis_index(axis, len(input.shape))
        over = condition.shape[0] - source[along]
        if isinstance(over, int) and over > 0:
            raise VerifyError(
                f"expected a condition of at most {source[along]} elements, found {shapes.text(condition.shape)}"
            )
        wanted = (*source[:along], *result.shape[along : along + 1], *source[along + 1 :])
        if result.shape != wanted:
            raise VerifyError(
                f"expected a result of shape {shapes.text(source)} but for axis {along}, "
                f"found {shapes.text(result.shape)}"
            )

    @staticmethod
    def evaluate(input: Array, condition: Array, axis: int | None, result_shapes: list[tuple[int, ...]]) -> Array:
        source, along = (input.ravel(), 0) if axis is None else (input, axis)
        if condition.size > source.shape[along]:
            raise ValueError(
                f"mo.compress: expected a condition of at most {source.shape[along]} elements, found {condition.size}"
            )
        result = np.compress(condition, source, axis=along)
        if result_shapes[0][along] not in (-1, result.shape[along]):
            raise ValueError(
                f"mo.compress: expected {result_shapes[0][along]} true conditions, found {result.shape[along]}"
            )
        return result
