# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Patterns of control flow: a `mo.if` whose condition is known."""

from typing import TYPE_CHECKING, Any

from mlir import ir

from mograph.dialects.kit import wrap_type
from mograph.dialects.mo.canonical.constants import uniform
from mograph.dialects.mo.canonical.layout import names_in
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["KnownIf"]


class KnownIf(RewritePattern, root="mo.if", operands=["mo.constant"]):
    """What a known condition chooses takes the place of the whole.

    A region that names dimensions of its own stays: another region may call other extents so.
    """

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        condition = uniform(op.condition)
        if condition is None:
            return rewriter.notify_match_failure(op, "the condition is not known")
        blocks = list((op.then if condition else op.orelse).blocks)
        if not blocks:
            rewriter.erase(op)
            return True
        *inner, end = blocks[0].operations
        known = _names_of(op.operation.operands) | _names_around(op)
        if any(not _names_of(each.operation.results) <= known for each in inner):
            return rewriter.notify_match_failure(op, "the region has names of its own")
        values = list(end.operation.operands)
        rewriter.erase(end)
        rewriter.inline_block_before(blocks[0], op)
        results = [
            value if value.type == result.type else _rebound(value, result.type)
            for value, result in zip(values, op.operation.results, strict=True)
        ]
        rewriter.replace(op, results)
        return True


def _rebound(value: ir.Value, type_: ir.Type) -> ir.Value:
    return ir.Operation.create("mo.rebind", operands=[value], results=[type_]).result


def _names_of(values: Any) -> set[str]:
    """The names in the types of values."""
    return {name for value in values for name in names_in(getattr(wrap_type(value.type), "shape", ()))}


def _names_around(op: Any) -> set[str]:
    """The names that values have which are there before `op`."""
    found: set[str] = set()
    at = op.operation
    while at.name not in ("mo.graph", "builtin.module"):
        found |= _names_of(at.block.arguments)
        for each in at.block.operations:
            if each.operation == at:
                break
            found |= _names_of(each.operation.results)
        at = at.parent.operation
    return found
