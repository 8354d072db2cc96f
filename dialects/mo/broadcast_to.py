# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.broadcast_to`."""

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

__all__ = ["BroadcastTo"]


class BroadcastTo(Mo.Operation, name="broadcast_to", traits=[t.Pure]):
    """The tensor repeated to a shape, as numpy's `broadcast_to`.

    Aligned at the last dimension, each dimension of the input is that of the result, or 1, and is repeated;
    dimensions that the input lacks are added in front.
    """

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input) `to` type($result)"
    folds = True

    @staticmethod
    def check(input: TensorType, result: TensorType) -> None:
        require_same_but_shape(input, result)
        shapes.broadcasts_to(input.shape, result.shape)

    def fold(self) -> "ir.Value | None":
        return self.input if self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        return np.broadcast_to(input, result_shapes[0])
