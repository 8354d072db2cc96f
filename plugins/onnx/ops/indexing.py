# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements taken from and put at indices."""

from math import prod

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..registry import converter


@converter("Gather")
def gather(ctx: Context, node: Node, x: Tensor, indices: Tensor) -> Tensor:
    return ctx.emit("gather", x, indices, axis=node.get("axis", 0))


@converter("GatherElements")
def gather_elements(ctx: Context, node: Node, x: Tensor, indices: Tensor) -> Tensor:
    return ctx.emit("gather_elements", x, indices, axis=node.get("axis", 0))


@converter("GatherND")
def gather_nd(ctx: Context, node: Node, x: Tensor, indices: Tensor) -> Tensor:
    return ctx.emit("gather_nd", x, indices, batch_dims=node.get("batch_dims", 0))


@converter("ScatterElements", "Scatter")
def scatter(ctx: Context, node: Node, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    reduction = node.get("reduction", "none")
    return ctx.emit("scatter", x, indices, updates, axis=node.get("axis", 0), reduction=reduction)


@converter("ScatterND")
def scatter_nd(ctx: Context, node: Node, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    return ctx.emit("scatter_nd", x, indices, updates, reduction=node.get("reduction", "none"))


@converter("OneHot")
def one_hot(ctx: Context, node: Node, indices: Tensor, depth: Tensor, values: Tensor) -> Tensor:
    off, on = (
        ctx.emit("reshape", part, to=((), values.dtype))
        for part in ctx.emit_all("split", values, axis=0, to=[((1,), values.dtype)] * 2)
    )
    if indices.dtype[0] not in "su":
        indices = ctx.cast(indices, "si64")
    axis = node.get("axis", -1) % (indices.ndim + 1)
    extent = ctx.extents(depth)
    shape = [*indices.shape[:axis], None if extent is None else extent[0], *indices.shape[axis:]]
    operand = ctx.cast(ctx.emit("reshape", depth, to=((), depth.dtype)), "si64") if extent is None else None
    to = (ctx.unknown(node, 0, like=shape), values.dtype)
    return ctx.emit("one_hot", indices, on, off, operand, axis=axis, to=to)


@converter("NonZero")
def non_zero(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("non_zero", x, to=(ctx.unknown(node, 0, like=[x.ndim, None]), "si64"))


@converter("Compress")
def compress(ctx: Context, node: Node, x: Tensor, condition: Tensor) -> Tensor:
    axis = node.get("axis")
    like = [None] if axis is None else [None if at == axis % x.ndim else extent for at, extent in enumerate(x.shape)]
    return ctx.emit("compress", x, condition, axis=axis, to=(ctx.unknown(node, 0, like=like), x.dtype))


@converter("ArrayFeatureExtractor", domain="ai.onnx.ml")
def array_features(ctx: Context, node: Node, x: Tensor, indices: Tensor) -> Tensor:
    flat = ctx.emit("reshape", indices, to=([prod(indices.shape)], indices.dtype))
    matrix = x if x.ndim > 1 else ctx.emit("reshape", x, to=([1, *x.shape], x.dtype))
    return ctx.emit("gather", matrix, flat, axis=-1)
