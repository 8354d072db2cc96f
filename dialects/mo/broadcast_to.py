# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.broadcast_to`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, OptionalOperand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.canonical import spread
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import without_shape
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["BroadcastTo"]


class BroadcastTo(Mo.Operation, name="broadcast_to", traits=[t.Pure]):
    """The tensor repeated to a shape, as numpy's `broadcast_to`.

    Aligned at the last dimension, each dimension of the input is that of the result, or 1, and is repeated;
    dimensions that the input lacks are added in front. `shape`, where it is given, is a host tensor `[rank]` of dtype
    si64 that holds the result's shape: new names among the dimensions of the result are bound to it, and the others
    compared with it when the program runs. `mo.expand` takes shapes that are known later.
    """

    input: Operand[TensorType]
    shape: OptionalOperand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input (`,` $shape^)? attr-dict `:` type($input) (`,` type($shape)^)? `to` type($result)"
    folds = True
    canonicalizers = [spread.BroadcastOfBroadcast, spread.BroadcastInElementwise]
    speculatable = without_shape

    @staticmethod
    def check(input: TensorType, shape: TensorType | None, result: TensorType) -> None:
        require_same_but_shape(input, result)
        if shape is not None:
            require_shape_operand(shape, result)
        shapes.broadcasts_to(input.shape, result.shape)

    def fold(self) -> "ir.Value | None":
        return self.input if self.shape is None and self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, shape: Array | None, result_shapes: list[tuple[int, ...]]) -> Array:
        extents = result_shapes[0] if shape is None else extents_of("mo.broadcast_to", shape, result_shapes[0])
        return np.broadcast_to(input, extents)
