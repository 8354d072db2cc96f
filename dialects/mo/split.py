# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.split`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Results, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Split"]


class Split(Mo.Operation, name="split", traits=[t.Pure]):
    """The tensor cut along `axis` into the outputs, one or more; a negative axis counts from the end.

    The types of the outputs hold their extents on the axis, whose sum is the input's: compared when the operation is
    verified where both are constant or differ by a constant, and else when it runs.
    """

    input: Operand[TensorType]
    axis: Attribute[c.I64Attr]
    outputs: Results[TensorType]
    assembly_format = "$input `axis` `=` $axis attr-dict `:` type($input) `to` type($outputs)"
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(input: TensorType, axis: int, outputs: tuple[TensorType, ...]) -> None:
        along = shapes.axis_index(axis, len(input.shape))
        if not outputs:
            raise VerifyError("expected one output or more, found none")
        total: shapes.Extent = 0
        for index, output in enumerate(outputs):
            require_same_but_shape(input, output)
            extent = output.shape[along] if along < len(output.shape) else 0
            wanted = (*input.shape[:along], extent, *input.shape[along + 1 :])
            if output.shape != wanted:
                raise VerifyError(
                    f"expected output {index} to have the shape of the input but for axis {along}, "
                    f"{shapes.text(wanted)}; found {shapes.text(output.shape)}"
                )
            total = total + extent
        if isinstance(total - input.shape[along], int) and total != input.shape[along]:
            raise VerifyError(
                f"expected outputs whose extents on axis {along} sum up to the input's {input.shape[along]}; "
                f"found {total}"
            )

    def fold(self) -> "list[ir.Value] | None":
        return [self.input] if [output.type for output in self.outputs] == [self.input.type] else None

    @staticmethod
    def evaluate(input: Array, axis: int, result_shapes: list[tuple[int, ...]]) -> list[Array]:
        extents = [shape[axis] for shape in result_shapes]
        if min(extents) < 0 or sum(extents) != input.shape[axis]:
            raise ValueError(f"mo.split: expected extents whose sum is {input.shape[axis]}, found {extents}")
        return np.split(input, np.cumsum(extents[:-1], dtype=np.int64), axis=axis)
