# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.flip`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mlir import ir

    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Flip"]


class FlipOfFlip(RewritePattern, root="mo.flip", operands=["mo.flip"]):
    """Axes that are reversed twice are not."""

    def match_and_rewrite(self, op: "Flip", rewriter: "Rewriter") -> "bool | None":
        inner = op.input.owner.opview
        rank = len(TensorType(op.input.type).shape)
        axes = shapes.axes_set(op.axes, rank) ^ shapes.axes_set(inner.axes, rank)
        rewriter.replace(op, Flip.build(inner.input, axes=sorted(axes)))
        return True


class Flip(Mo.Operation, name="flip", traits=[t.Pure]):
    """The tensor with the order of the elements reversed along `axes`; negative ones count from the end."""

    input: Operand[TensorType]
    axes: Attribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input `axes` `=` $axes attr-dict `:` type($input)"
    folds = True
    canonicalizers = [FlipOfFlip]

    @staticmethod
    def infer(input: TensorType, axes: tuple[int, ...]) -> TensorType:
        shapes.axes_set(axes, len(input.shape))
        return input

    def fold(self) -> "ir.Value | None":
        shape = TensorType(self.input.type).shape
        return self.input if all(shape[axis] == 1 for axis in self.axes) else None

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...]) -> Array:
        return np.flip(input, axes)
