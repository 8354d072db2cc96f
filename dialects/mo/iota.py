# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.iota`."""

from mograph.dialects.kit import Attribute, OptionalOperand, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.conversion import cast
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import without_shape
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import TensorType

__all__ = ["Iota"]


class Iota(Mo.Operation, name="iota", traits=[t.Pure]):
    """A tensor whose elements are their own index along `axis`, 0 to extent - 1.

    A negative axis counts from the end. The dtype is an integer, in which indices wrap, or a float, to which they are
    rounded. `shape`, where it is given, is a host tensor `[rank]` of dtype si64 that holds the result's shape: new
    names among its dimensions are bound to it, and the others compared with it when the program runs.
    """

    shape: OptionalOperand[TensorType]
    axis: Attribute[c.I64Attr] = 0
    result: Result[TensorType]
    assembly_format = "(`shape` $shape^ `:` type($shape))? (`axis` `=` $axis^)? attr-dict `:` type($result)"
    speculatable = without_shape

    @staticmethod
    def check(shape: TensorType | None, axis: int, result: TensorType) -> None:
        if shape is not None:
            require_shape_operand(shape, result)
        dtypes.require(dtypes.NUMERIC, result.dtype)
        shapes.axis_index(axis, len(result.shape))

    @staticmethod
    def evaluate(shape: Array | None, axis: int, result: TensorType, result_shapes: list[tuple[int, ...]]) -> Array:
        extents = result_shapes[0] if shape is None else extents_of("mo.iota", shape, result_shapes[0])
        index = cast(np.arange(extents[axis], dtype=np.int64), dtypes.of(result.dtype).numpy)
        column = [1] * len(extents)
        column[axis] = -1
        return np.broadcast_to(index.reshape(column), extents)
