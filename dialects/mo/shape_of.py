# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.shape_of`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, Result, from_numpy
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.canonical import spread
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import HOST, TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["ShapeOf"]


class ShapeOf(Mo.Operation, name="shape_of", traits=[t.Pure]):
    """The shape, as a tensor `[rank]` of dtype si64 on the host, wherever the operand lies."""

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input)"
    folds = True
    canonicalizers = [spread.ShapeOfElementwise]

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        return TensorType.get((len(input.shape),), "si64", HOST)

    def fold(self) -> "ir.Attribute | None":
        shape = TensorType(self.input.type).shape
        return from_numpy(np.array(shape, dtype=np.int64)) if shapes.static(shape) else None

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.array(input.shape, dtype=np.int64)
