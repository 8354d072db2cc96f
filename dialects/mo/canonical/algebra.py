# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Patterns of arithmetic: equal operands, negations, and constants that come together.

All say what gives their operands, so that no Python runs for other operations.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlir import ir

from mograph.dialects.kit import from_numpy, to_numpy
from mograph.dialects.kit.hooks import FOLD_LIMIT
from mograph.dialects.mo.canonical.constants import defining, filled, kind
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = [
    "INVERTED",
    "AddNegative",
    "SelectNot",
    "SelectSame",
    "SubNegative",
    "reassociated",
    "same_operand",
    "same_operands_give",
]


def _build(name: str, *operands: ir.Value, results: "list[ir.Type] | None" = None, **attributes: Any) -> ir.Operation:
    return ir.Operation.create(
        name, operands=list(operands), results=results, attributes=attributes, infer_type=results is None
    )


class AddNegative(RewritePattern, root="mo.add", operands=["mo.negative"]):
    """x + -y is x - y, exactly."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
        negative = defining(op.rhs, "mo.negative")
        if negative is None:
            return rewriter.notify_match_failure(op, "the right operand is no negation")
        rewriter.replace(op, _build("mo.sub", op.lhs, negative.input))
        return True


class SubNegative(RewritePattern, root="mo.sub", operands=["mo.negative"]):
    """x - -y is x + y, exactly."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
        negative = defining(op.rhs, "mo.negative")
        if negative is None:
            return rewriter.notify_match_failure(op, "the right operand is no negation")
        rewriter.replace(op, _build("mo.add", op.lhs, negative.input))
        return True


class SelectNot(RewritePattern, root="mo.select", operands=["mo.not"]):
    """A negated condition chooses the other arm."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
        negation = defining(op.condition, "mo.not")
        if negation is None:
            return rewriter.notify_match_failure(op, "the condition is no negation")
        rewriter.replace(op, _build("mo.select", negation.input, op.rhs, op.lhs))
        return True


class SelectSame(RewritePattern, root="mo.select", same_operands=True):
    """Where both arms are one value, the condition has no say, unless its shape does."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
        if op.lhs != op.rhs or op.lhs.type != op.result.type:
            return rewriter.notify_match_failure(op, "the arms differ, or are repeated")
        rewriter.replace(op, op.lhs)
        return True


def same_operand(name: str) -> type[RewritePattern]:
    """The pattern that x and x give x: of the greater one, for NaN too, and of bits."""

    class SameOperand(RewritePattern, root=name, same_operands=True, label=f"SameOperand.{name}"):
        def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
            rewriter.replace(op, op.lhs)
            return True

    return SameOperand


def same_operands_give(name: str, number: int) -> type[RewritePattern]:
    """The pattern that integers x and x give `number`. Of floats it does not hold: NaN - NaN is NaN."""

    class SameOperandsGive(RewritePattern, root=name, same_operands=True, label=f"SameOperandsGive.{name}"):
        def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
            value = None if kind(op.lhs) == "float" else filled(op.result.type, number)
            if value is None:
                return rewriter.notify_match_failure(op, "they are floats, or of a named extent")
            rewriter.replace(op, _build("mo.constant", results=[op.result.type], value=value))
            return True

    return SameOperandsGive


_OPPOSITES = {
    "mo.equal": "mo.not_equal",
    "mo.not_equal": "mo.equal",
    "mo.less": "mo.greater_equal",
    "mo.less_equal": "mo.greater",
    "mo.greater": "mo.less_equal",
    "mo.greater_equal": "mo.less",
}


def _inverted(name: str) -> type[RewritePattern]:
    """The pattern that a comparison negated is the opposite one; of floats only equality: NaN is in no order."""

    class Inverted(RewritePattern, root="mo.not", operands=[name], label=f"Inverted.{name}"):
        def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
            comparison = defining(op.input, name)
            if kind(comparison.lhs) == "float" and name not in ("mo.equal", "mo.not_equal"):
                return rewriter.notify_match_failure(op, "floats that are not less need not be greater or equal")
            rewriter.replace(op, _build(_OPPOSITES[name], comparison.lhs, comparison.rhs))
            return True

    return Inverted


INVERTED = [_inverted(name) for name in _OPPOSITES]
"""The patterns of all comparisons."""


def reassociated(name: str, evaluate: Callable[[Array, Array], Array]) -> type[RewritePattern]:
    """The pattern that (x op c) op d is x op (c op d), of integers and bools; sums of floats depend on the order."""

    class Reassociated(RewritePattern, root=name, operands=[name, "mo.constant"], label=f"Reassociated.{name}"):
        def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> bool:
            inner, outer = defining(op.lhs, name), defining(op.rhs, "mo.constant")
            between = None if inner is None else defining(inner.rhs, "mo.constant")
            if between is None or outer is None or kind(op.lhs) == "float":
                return rewriter.notify_match_failure(op, "they are not two constants, or they are floats")
            first, second = (each.operation.attributes["value"] for each in (between, outer))
            if max(map(_count, (first, second))) > FOLD_LIMIT:
                return rewriter.notify_match_failure(op, "a constant is large")
            value = from_numpy(evaluate(to_numpy(first), to_numpy(second)), first.type.element_type)
            type_ = TensorType(op.lhs.type)
            constant = TensorType.get(tuple(value.type.shape), type_.dtype, type_.device)
            made = _build("mo.constant", results=[constant], value=value)
            rewriter.replace(op, _build(name, inner.lhs, made.result))
            return True

    return Reassociated


def _count(constant: Any) -> int:
    count = 1
    for extent in constant.type.shape:
        count *= extent
    return count
