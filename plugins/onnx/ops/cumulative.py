# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cumulative sums and products."""

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..regions import switch
from ..registry import converter


@converter("CumSum", "CumProd")
def cumulative(ctx: Context, node: Node, x: Tensor, axis: Tensor) -> Tensor:
    op = {"CumSum": "cumsum", "CumProd": "cumprod"}[node.op]

    def along(number: int) -> Tensor:
        exclusive, reverse = bool(node.get("exclusive", 0)), bool(node.get("reverse", 0))
        return ctx.emit(op, x, axis=number, exclusive=exclusive, reverse=reverse)

    known = ctx.ints(axis)
    if known is not None:
        return along(known[0])
    asked = ctx.emit("reshape", ctx.cast(axis, "si64"), to=((), "si64"))
    from_front = ctx.emit("mod", asked, x.ndim)
    (found,) = switch(ctx, from_front, range(x.ndim), lambda number: [along(number)], lambda _, extents: x.shape)
    return found
