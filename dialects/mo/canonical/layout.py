# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Patterns of what moves elements without choosing among them: `mo.transpose`, `mo.reshape`."""

from typing import TYPE_CHECKING, Any

from mlir import ir

from mograph.dialects.mo import shapes
from mograph.dialects.mo.canonical.constants import defining
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = [
    "ReshapeOfReshape",
    "TransposeIsReshape",
    "TransposeOfBroadcast",
    "TransposeOfTranspose",
    "TransposesAround",
    "names_in",
]


def names_in(shape: "shapes.Shape") -> set[str]:
    """The names in the dimensions of a shape."""
    return {name for dim in shape if not isinstance(dim, int) for name in dim.names()}


def _make(name: str, operands: list[ir.Value], results: list[ir.Type], **attributes: ir.Attribute) -> ir.Operation:
    return ir.Operation.create(name, operands=operands, results=results, attributes=attributes)


class TransposeOfTranspose(RewritePattern, root="mo.transpose", operands=["mo.transpose"]):
    """Two transpositions are one."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        inner = defining(op.input, "mo.transpose")
        if inner is None:
            return rewriter.notify_match_failure(op, "its operand is no transposition")
        perm = [inner.perm[axis] for axis in op.perm]
        rewriter.replace(op, type(op).build(inner.input, perm=perm))
        return True


class TransposeIsReshape(RewritePattern, root="mo.transpose"):
    """Where only dimensions of 1 change places, no element does."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        shape = TensorType(op.input.type).shape
        moved = [axis for axis in op.perm if shape[axis] != 1]
        if moved != sorted(moved) or list(op.perm) == sorted(op.perm):
            return rewriter.notify_match_failure(op, "elements change places")
        rewriter.replace(op, _make("mo.reshape", [op.input], [op.result.type]))
        return True


class TransposeOfBroadcast(RewritePattern, root="mo.transpose", operands=["mo.broadcast_to"]):
    """What is one element repeated looks the same from all sides."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        inner = defining(op.input, "mo.broadcast_to")
        if inner is None or inner.shape is not None or shapes.count(TensorType(inner.input.type).shape) != 1:
            return rewriter.notify_match_failure(op, "its operand is not one element repeated")
        rewriter.replace(op, _make("mo.broadcast_to", [inner.input], [op.result.type]))
        return True


class TransposesAround(RewritePattern, root="mo.transpose"):
    """A transposition of what is computed element by element from transposed tensors, where both cancel, is none.

    The other operands are of one element, and so look the same from all sides; nothing else uses what is computed.
    """

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        if not _elementwise(op.input.owner):
            return rewriter.notify_match_failure(op, "its operand is not computed element by element")
        middle = op.input.owner.operation
        if sum(1 for _ in op.input.uses) != 1:
            return rewriter.notify_match_failure(op, "its operand is used elsewhere")
        back = [list(op.perm).index(axis) for axis in range(len(op.perm))]
        operands, turned = [], 0
        for operand in middle.operands:
            inner = defining(operand, "mo.transpose")
            if inner is not None and list(inner.perm) == back:
                operands.append(inner.input)
                turned += 1
            elif shapes.count(TensorType(operand.type).shape) == 1 and len(TensorType(operand.type).shape) == 0:
                operands.append(operand)
            else:
                return rewriter.notify_match_failure(op, "an operand is not transposed the other way round")
        if not turned:
            return rewriter.notify_match_failure(op, "no operand is transposed")
        attributes = {name: middle.attributes[name] for name in middle.attributes}
        rewriter.replace(op, _make(middle.name, operands, [op.result.type], **attributes))
        return True


def _elementwise(op: Any) -> bool:
    """Whether each element of the result is computed from one of each operand."""
    from mograph.dialects.mo.cast import Cast  # they import this package
    from mograph.dialects.mo.elementwise.families import Binary, Unary
    from mograph.dialects.mo.select import Select

    return isinstance(op, Binary | Unary | Cast | Select)


class ReshapeOfReshape(RewritePattern, root="mo.reshape", operands=["mo.reshape"]):
    """Only the last shape counts.

    A shape between that may be wrong, or that brings a name in, stays: it is checked, or bound, when it runs.
    """

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        inner = defining(op.input, "mo.reshape")
        if inner is None:
            return rewriter.notify_match_failure(op, "its operand is no reshape")
        source, between = TensorType(inner.input.type).shape, TensorType(op.input.type).shape
        if inner.shape is not None or shapes.count(source) != shapes.count(between):
            return rewriter.notify_match_failure(op, "the shape between is compared when it runs")
        if not names_in(between) <= names_in(source):
            return rewriter.notify_match_failure(op, "the shape between has names that the first lacks")
        rewriter.replace(op, type(op).build(inner.input, op.shape, results=[op.result.type]))
        return True
