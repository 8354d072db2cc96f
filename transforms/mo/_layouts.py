# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions and pools in another layout, between transpositions."""

from typing import Any

from mlir import ir

from mograph.dialects.mo import Mo
from mograph.transforms.mo._transposing import rank_of, transposed

__all__ = ["convert"]

_POOLS = (
    "mo.avg_pool",
    "mo.global_avg_pool",
    "mo.global_lp_pool",
    "mo.global_max_pool",
    "mo.lp_pool",
    "mo.max_pool",
)
_FILTERED = ("mo.conv", "mo.conv_transpose")


def convert(op: Any, layout: str) -> bool:
    """Let an operation work in a layout; returns whether it did not."""
    name = op.operation.name
    if name not in (*_POOLS, *_FILTERED) or op.layout == layout:
        return False
    result, *others = op.operation.results
    if any(next(iter(each.uses), None) is not None for each in others):
        return False  # indices of a pool count elements in its layout
    rank = rank_of(result)
    to_last, to_first = [0, *range(2, rank), 1], [0, rank - 1, *range(1, rank - 1)]
    inward, outward = (to_last, to_first) if layout == "channels_last" else (to_first, to_last)
    given = list(op.operation.operands)
    with ir.InsertionPoint(op.operation), op.location:
        given[0] = transposed(given[0], inward)
        if name in _FILTERED:
            last, first = [*range(2, rank), 1, 0], [rank - 1, rank - 2, *range(rank - 2)]
            given[1] = transposed(given[1], last if layout == "channels_last" else first)
        attributes = {each: value for each, value in op.operation.attributes.items() if each != "operandSegmentSizes"}
        attributes["layout"] = ir.StringAttr.get(layout)
        made = Mo.ops[name].build(*given, **attributes).operation
        result.replace_all_uses_with(transposed(made.results[0], outward))
    op.operation.erase()
    return True
