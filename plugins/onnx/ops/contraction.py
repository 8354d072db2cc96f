# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums of products by Einstein's convention, and determinants."""

from mograph.dialects.kit import Dim
from mograph.dialects.mo import einsum
from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter
from .parts import part
from .shape import reshaped


@converter("Einsum")
def contraction(ctx: Context, node: Node, *inputs: Tensor) -> Tensor:
    labels = einsum.labels(node["equation"], [x.ndim for x in inputs]).inputs
    extents: dict[einsum.Label, Extent] = {}
    for x, term in zip(inputs, labels, strict=True):
        for label, extent in zip(term, x.shape, strict=True):
            known = extents.get(label, 1)
            if known == 1 or (isinstance(known, Dim) and isinstance(extent, int) and extent != 1):
                extents[label] = extent
    same = [
        ctx.assume(
            x,
            [
                extent if isinstance(extent, int) else extents[label]
                for label, extent in zip(term, x.shape, strict=True)
            ],
        )
        for x, term in zip(inputs, labels, strict=True)
    ]
    return ctx.emit("contract", same, equation=node["equation"])


@converter("Det")
def determinant(ctx: Context, node: Node, x: Tensor) -> Tensor:
    """By elimination with the largest pivot of each column, one step for each row."""
    *before, rows, columns = x.shape
    size = rows if isinstance(rows, int) else columns
    if not isinstance(size, int):
        raise OnnxError(f"expected matrices of a constant size, found {x.type}")
    rest = ctx.assume(x, [*before, size, size])
    found = ctx.emit("broadcast_to", ctx.constant(1, x.dtype), to=(before, x.dtype))
    for left in range(size, 0, -1):
        rest, pivot = _eliminated(ctx, rest, before, left)
        found = ctx.emit("mul", found, pivot)
    return found


def _eliminated(ctx: Context, x: Tensor, before: list[Extent], size: int) -> tuple[Tensor, Tensor]:
    """What is left of matrices [.., size, size] without a column and the row of its pivot, and the signed pivots."""
    rank = len(before)
    column = part(ctx, x, rank + 1, 0, 1)  # [.., size, 1]
    at = ctx.emit("reduce.arg_max", ctx.emit("abs", column), axis=rank, keepdims=True)  # [.., 1, 1]
    row = ctx.emit("gather_elements", x, ctx.emit("broadcast_to", at, to=([*before, 1, size], "si64")), axis=rank)
    pivot = part(ctx, row, rank + 1, 0, 1)
    # The first row takes the place of the pivot's.
    index = ctx.emit("iota", axis=rank, to=([*[1] * rank, size, 1], "si64"))
    taken = ctx.emit("equal", index, at)
    swapped = ctx.emit("select", taken, part(ctx, x, rank, 0, 1), x)
    below = part(ctx, swapped, rank, 1, size)
    none = ctx.emit("equal", pivot, 0)
    safe = ctx.emit("select", none, ctx.constant(1, x.dtype), pivot)
    factors = ctx.emit("div", part(ctx, below, rank + 1, 0, 1), safe)
    left = ctx.emit("sub", below, ctx.emit("mul", factors, row))
    moved = ctx.emit("not_equal", at, 0)
    signed = ctx.emit("select", moved, ctx.emit("negative", pivot), pivot)
    return part(ctx, left, rank + 1, 1, size), reshaped(ctx, signed, before)
