# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.expand`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.broadcast_to import BroadcastTo
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.shape_operand import require_extents
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mlir import ir

    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Expand"]


class ExpandIsBroadcast(RewritePattern, root="mo.expand"):
    """What is known to repeat is `mo.broadcast_to`, which joins its neighbours."""

    def match_and_rewrite(self, op: "Expand", rewriter: "Rewriter") -> "bool | None":
        input, result = TensorType(op.input.type).shape, TensorType(op.result.type).shape
        if op.shape is not None:
            return rewriter.notify_match_failure(op, "its shape is known when it runs")
        if any(dim not in (1, wanted) for dim, wanted in zip(input[::-1], result[::-1], strict=False)):
            return rewriter.notify_match_failure(op, "which dimensions are repeated is known when it runs")
        rewriter.replace(op, BroadcastTo.build(op.input, results=[op.result.type]))
        return True


class Expand(Mo.Operation, name="expand", traits=[t.Pure]):
    """The tensor broadcast together with a shape: aligned at the last dimension, two extents are equal or one is 1.

    The result's type holds what comes of it, of the rank of the input or more. `shape`, where it is given, is a host
    tensor of dtype si64 of a known number of extents, no more than the result's rank; an extent of 1 in it leaves that
    of the input. New names among the dimensions of the result are bound to what the two give, and the others compared
    with it when the program runs. Without `shape`, the input is repeated to the result, and where a dimension of it is
    neither 1 nor that of the result by its expression, it is one of these when the program runs.
    """

    input: Operand[TensorType]
    shape: OptionalOperand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input (`,` $shape^)? attr-dict `:` type($input) (`,` type($shape)^)? `to` type($result)"
    folds = True
    canonicalizers = [ExpandIsBroadcast]
    speculatable = may_fail

    @staticmethod
    def check(input: TensorType, shape: TensorType | None, result: TensorType) -> None:
        require_same_but_shape(input, result)
        rank = len(result.shape)
        if shape is not None:
            count = shape.shape[0] if len(shape.shape) == 1 and isinstance(shape.shape[0], int) else rank
            require_extents("shape", shape, min(count, rank))
        if len(input.shape) > rank:
            raise VerifyError(
                f"expected a result of rank {len(input.shape)} or more, found {shapes.text(result.shape)} "
                f"for input {shapes.text(input.shape)}"
            )
        before = rank - len(input.shape)
        for axis, (dim, wanted) in enumerate(zip(input.shape, result.shape[before:], strict=True)):
            if isinstance(dim, int) and isinstance(wanted, int) and dim not in (1, wanted):
                raise VerifyError(
                    f"expected dimension {axis} of the input {shapes.text(input.shape)} to be 1 or {wanted}, as "
                    f"dimension {before + axis} of the result {shapes.text(result.shape)}; found {dim}"
                )

    def fold(self) -> "ir.Value | None":
        return self.input if self.shape is None and self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, shape: Array | None, result_shapes: list[tuple[int, ...]]) -> Array:
        wanted = result_shapes[0]
        if shape is None and -1 in wanted:
            raise ValueError(f"mo.expand: expected a shape that is known, found {list(wanted)}")
        extents = np.broadcast_shapes(input.shape, wanted if shape is None else tuple(shape.tolist()))
        if len(extents) != len(wanted) or any(
            want not in (-1, found) for found, want in zip(extents, wanted, strict=True)
        ):
            raise ValueError(f"mo.expand: expected the shape {list(wanted)} of the result, found {list(extents)}")
        return np.broadcast_to(input, extents)
