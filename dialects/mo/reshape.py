# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.reshape`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Reshape"]


class Reshape(Mo.Operation, name="reshape", traits=[t.Pure]):
    """The elements, in row-major order, in another shape.

    Both shapes have the same number of elements. Numbers that are constant, differ by a constant or are constant
    multiples of each other are compared when the operation is verified; others when it runs. One dimension of the
    result may be a new name, which is then bound to the extent that the others leave.
    """

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input) `to` type($result)"
    folds = True

    @staticmethod
    def check(input: TensorType, result: TensorType) -> None:
        require_same_but_shape(input, result)
        shapes.require_same_count(input.shape, result.shape)

    def fold(self) -> "ir.Value | None":
        return self.input if self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        return np.reshape(input, result_shapes[0])
