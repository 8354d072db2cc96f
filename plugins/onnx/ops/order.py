# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is chosen by order: the greatest, the distinct, boxes that do not overlap."""

from math import prod

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..registry import converter
from .shape import scalar


@converter("TopK")
def top_k(ctx: Context, node: Node, x: Tensor, k: Tensor | None = None) -> tuple[Tensor, ...]:
    axis = node.get("axis", -1) % x.ndim
    known = [node["k"]] if k is None else ctx.extents(k)
    like = [(None if known is None else known[0]) if at == axis else extent for at, extent in enumerate(x.shape)]
    shape = ctx.unknown(node, 0, like=like)
    operand = None if k is None or known is not None else ctx.cast(scalar(ctx, k), "si64")
    op = "top_k" if node.get("largest", 1) else "bottom_k"
    return ctx.emit_all(op, x, operand, axis=axis, to=[(shape, x.dtype), (shape, "si64")])


@converter("Unique")
def unique(ctx: Context, node: Node, x: Tensor) -> tuple[Tensor, ...]:
    axis = node.get("axis")
    if axis is None:
        number = prod(x.shape)
        values = ctx.unknown(node, 0, 1)
        (found,) = values
    else:
        axis %= x.ndim
        number = x.shape[axis]
        values = ctx.unknown(node, 0, like=[None if at == axis else extent for at, extent in enumerate(x.shape)])
        found = values[axis]
    types = [(values, x.dtype), ([found], "si64"), ([number], "si64"), ([found], "si64")]
    return ctx.emit_all("unique", x, axis=axis, sorted=bool(node.get("sorted", 1)), to=types)


@converter("NonMaxSuppression")
def non_max_suppression(
    ctx: Context,
    node: Node,
    boxes: Tensor,
    scores: Tensor,
    most: Tensor | None = None,
    overlap: Tensor | None = None,
    threshold: Tensor | None = None,
) -> Tensor:
    boxes = ctx.assume(boxes, [scores.shape[0], scores.shape[2], 4])
    limits = [None if each is None else scalar(ctx, each) for each in (most, overlap, threshold)]
    to = (ctx.unknown(node, 0, like=[None, 3]), "si64")
    centred = bool(node.get("center_point_box", 0))
    return ctx.emit("non_max_suppression", boxes, scores, *limits, center_point_box=centred, to=to)
