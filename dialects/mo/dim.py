# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.dim`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result, from_numpy
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import HOST, TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Dim"]


class Dim(Mo.Operation, name="dim", traits=[t.Pure]):
    """The extent of one axis, of rank 0 and dtype si64 on the host; a negative axis counts from the end."""

    input: Operand[TensorType]
    axis: Attribute[c.I64Attr]
    result: Result[TensorType]
    assembly_format = "$input `axis` `=` $axis attr-dict `:` type($input)"
    folds = True

    @staticmethod
    def infer(input: TensorType, axis: int) -> TensorType:
        shapes.axis_index(axis, len(input.shape))
        return TensorType.get((), "si64", HOST)

    def fold(self) -> "ir.Attribute | None":
        extent = TensorType(self.input.type).shape[self.axis]
        return from_numpy(np.array(extent, dtype=np.int64)) if isinstance(extent, int) else None

    @staticmethod
    def evaluate(input: Array, axis: int) -> Array:
        return np.array(input.shape[axis], dtype=np.int64)
