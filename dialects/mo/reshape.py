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
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mlir import ir

    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Reshape"]


class ReshapeOfReshape(RewritePattern, root="mo.reshape"):
    """Only the last shape counts. A shape with names stays: it may bind one, or be checked when it runs."""

    def match_and_rewrite(self, op: "Reshape", rewriter: "Rewriter") -> "bool | None":
        inner = getattr(op.input.owner, "opview", None)
        if not isinstance(inner, Reshape):
            return rewriter.notify_match_failure(op, "its operand is no reshape")
        if not shapes.static(TensorType(op.input.type).shape):
            return rewriter.notify_match_failure(op, "the shape between has names")
        rewriter.replace(op, Reshape.build(inner.input, results=[op.result.type]))
        return True


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
    canonicalizers = [ReshapeOfReshape]

    @staticmethod
    def check(input: TensorType, result: TensorType) -> None:
        require_same_but_shape(input, result)
        shapes.require_same_count(input.shape, result.shape)

    def fold(self) -> "ir.Value | None":
        return self.input if self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        return np.reshape(input, result_shapes[0])
