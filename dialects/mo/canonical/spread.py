# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Patterns of what is repeated, combined or asked about: `mo.broadcast_to`, reductions, `mo.shape_of`."""

from typing import TYPE_CHECKING, Any

from mlir import ir

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import shapes
from mograph.dialects.mo.canonical.constants import defining
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["BroadcastInElementwise", "BroadcastOfBroadcast", "ShapeOfElementwise", "reduction_of_ones"]


class BroadcastOfBroadcast(RewritePattern, root="mo.broadcast_to", operands=["mo.broadcast_to"]):
    """Repeated twice is repeated once."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        inner = defining(op.input, "mo.broadcast_to")
        if inner is None or inner.shape is not None:
            return rewriter.notify_match_failure(op, "its operand is not repeated, or to a shape that is compared")
        rewriter.replace(op, type(op).build(inner.input, op.shape, results=[op.result.type]))
        return True


class BroadcastInElementwise(RewritePattern, root="mo.broadcast_to"):
    """What is computed element by element repeats its operands by itself, where another has the shape."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        from mograph.dialects.mo.elementwise.families import Binary  # which imports this package
        from mograph.dialects.mo.select import Select

        if op.shape is not None:
            return rewriter.notify_match_failure(op, "its shape is compared when it runs")
        changed = False
        for use in list(op.result.uses):
            user = use.owner
            if not isinstance(user, Binary | Select):
                continue
            operands = [op.input if i == use.operand_number else each for i, each in enumerate(user.operation.operands)]
            try:
                found = type(user).infer(*(TensorType(operand.type) for operand in operands))
            except VerifyError:
                continue
            if found == user.result.type:
                with rewriter.modify(user):
                    user.operation.operands[use.operand_number] = op.input
                changed = True
        return changed or rewriter.notify_match_failure(op, "no user has the shape from elsewhere")


def reduction_of_ones(name: str) -> type[RewritePattern]:
    """The pattern that one element combined with no other is that element."""

    class ReductionOfOnes(RewritePattern, root=name, label=f"ReductionOfOnes.{name}"):
        def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
            shape = TensorType(op.input.type).shape
            if any(shape[axis] != 1 for axis in shapes.axes_set(op.axes, len(shape))):
                return rewriter.notify_match_failure(op, "an axis may have other than one element")
            same = op.input.type == op.result.type
            made = None if same else ir.Operation.create("mo.reshape", operands=[op.input], results=[op.result.type])
            rewriter.replace(op, op.input if made is None else made)
            return True

    return ReductionOfOnes


class ShapeOfElementwise(RewritePattern, root="mo.shape_of"):
    """The shape of what is computed element by element is that of an operand of the same shape."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        from mograph.dialects.mo.elementwise.families import Binary, Unary  # which import this package

        owner = op.input.owner
        if isinstance(owner, Binary | Unary):
            wanted = TensorType(op.input.type).shape
            for operand in owner.operation.operands:
                if TensorType(operand.type).shape == wanted:
                    rewriter.replace(op, type(op).build(operand))
                    return True
        return rewriter.notify_match_failure(op, "no operand of its operand has the shape")
