# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.reshape`."""

import math
from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, OptionalOperand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.canonical import layout
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import fits
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Reshape"]


class Reshape(Mo.Operation, name="reshape", traits=[t.Pure]):
    """The elements, in row-major order, in another shape.

    Both shapes have the same number of elements. Numbers that are constant, differ by a constant or are constant
    multiples of each other are compared when the operation is verified; others when it runs. One dimension of the
    result may be a new name, which is then bound to the extent that the others leave.

    `shape`, where it is given, is a host tensor `[rank]` of dtype si64 that holds the result's shape, with -1 for one
    extent that the others leave. New names among the dimensions of the result, any number of them, are bound to it, and
    the others compared with it when the program runs.
    """

    input: Operand[TensorType]
    shape: OptionalOperand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input (`,` $shape^)? attr-dict `:` type($input) (`,` type($shape)^)? `to` type($result)"
    folds = True
    canonicalizers = [layout.ReshapeOfReshape]
    speculatable = fits

    @staticmethod
    def check(input: TensorType, shape: TensorType | None, result: TensorType) -> None:
        require_same_but_shape(input, result)
        if shape is not None:
            require_shape_operand(shape, result)
        shapes.require_same_count(input.shape, result.shape)

    def fold(self) -> "ir.Value | None":
        return self.input if self.shape is None and self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, shape: Array | None, result_shapes: list[tuple[int, ...]]) -> Array:
        extents = result_shapes[0]
        if shape is not None:
            extents = extents_of("mo.reshape", completed(shape, input.size), extents)
        rest = math.prod(extent for extent in extents if extent != -1)
        if -1 not in extents and rest != input.size:
            raise ValueError(f"mo.reshape: expected {rest} elements for {list(extents)}, found {input.size}")
        return np.reshape(input, extents)


def completed(shape: Array, count: int) -> Array:
    """`shape` with what the other extents leave of `count` elements in place of one -1. Raises ValueError."""
    if (shape == -1).sum() > 1:
        raise ValueError(f"mo.reshape: expected one -1 at most in the shape, found {shape.tolist()}")
    rest = int(np.prod(shape[shape != -1]))
    return np.where(shape == -1, count // rest if rest else 0, shape)
