# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors that are computed from positions: grids of sampling, filters of the mel scale; and updates at positions."""

import numpy as np

from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..node import Node
from ..registry import converter
from ..types import dtype_name
from .shape import scalar


@converter("AffineGrid")
def affine_grid(ctx: Context, node: Node, theta: Tensor, size: Tensor) -> Tensor:
    """theta @ [x, y, (z,) 1] for each position, of which x belongs to the last dimension of the grid."""
    batch, spatial, _ = theta.shape
    assert isinstance(spatial, int)
    known = ctx.partly_known(size)
    extents = [None] * spatial if known is None else known[2:]
    shape = ctx.unknown(node, 0, like=[batch, *extents, spatial])
    result = None
    for axis in range(spatial):
        where = _positions(ctx, node, size, shape[1 + axis], axis, theta.dtype)
        places: list[Extent] = [1] * (spatial + 2)
        places[1 + axis] = shape[1 + axis]
        column = _column(ctx, theta, spatial - 1 - axis, spatial)
        term = ctx.emit("mul", ctx.emit("reshape", where, to=(places, theta.dtype)), column)
        result = term if result is None else ctx.emit("add", result, term)
    assert result is not None
    return ctx.emit("add", result, _column(ctx, theta, spatial, spatial))


def _column(ctx: Context, theta: Tensor, index: int, spatial: int) -> Tensor:
    """One column of each matrix, to be repeated over the grid."""
    end = np.iinfo(np.int64).max
    part = ctx.emit("slice", theta, starts=(0, 0, index), stops=(end, end, index + 1), steps=(1, 1, 1))
    return ctx.emit("reshape", part, to=([theta.shape[0], *[1] * spatial, spatial], theta.dtype))


def _positions(ctx: Context, node: Node, size: Tensor, extent: Extent, axis: int, dtype: str) -> Tensor:
    """The places along an axis, between -1 and 1: of the first and the last element, or of the edges beyond them."""
    count = ctx.emit("slice", ctx.cast(size, "si64"), starts=(2 + axis,), stops=(3 + axis,), steps=(1,))
    index = ctx.emit("iota", count, to=((extent,), dtype))
    wide = ctx.cast(count, dtype)
    if node.get("align_corners", 0):
        gaps = ctx.emit("max", ctx.emit("sub", wide, 1.0), 1.0)  # a single element is at -1
        return ctx.emit("sub", ctx.emit("mul", index, ctx.emit("div", ctx.constant(2.0, dtype), gaps)), 1.0)
    doubled = ctx.emit("add", ctx.emit("mul", index, 2.0), 1.0)
    return ctx.emit("sub", ctx.emit("div", doubled, wide), 1.0)


@converter("TensorScatter")
def tensor_scatter(ctx: Context, node: Node, cache: Tensor, update: Tensor, start: Tensor | None = None) -> Tensor:
    axis = node.get("axis", -2) % cache.ndim
    shape: list[Extent] = [1] * cache.ndim
    shape[axis] = update.shape[axis]
    places = ctx.emit("reshape", ctx.emit("iota", to=((update.shape[axis],), "si64")), to=(shape, "si64"))
    if start is not None:
        batch = [cache.shape[0], *[1] * (cache.ndim - 1)]
        places = ctx.emit("add", places, ctx.emit("reshape", ctx.cast(start, "si64"), to=(batch, "si64")))
    if node.get("mode", "linear") == "circular":
        places = ctx.emit("mod", places, ctx.emit("dim", cache, axis=axis))
    everywhere = ctx.emit("broadcast_to", places, to=(update.shape, "si64"))
    return ctx.emit("scatter", cache, everywhere, update, axis=axis)


@converter("MelWeightMatrix")
def mel_weight_matrix(
    ctx: Context, node: Node, bins: Tensor, length: Tensor, rate: Tensor, low: Tensor, high: Tensor
) -> Tensor:
    """Triangles over the frequencies of a spectrum, at even distances on the mel scale, 2595 log10(1 + f / 700)."""
    dtype = dtype_name(node.get("output_datatype", 1))
    bins, length, rate = (ctx.cast(scalar(ctx, each), "si64") for each in (bins, length, rate))
    rows = ctx.emit("add", ctx.emit("div", length, 2), 1)
    shape = ctx.unknown(node, 0, 2)
    first, last = (_mel(ctx, ctx.cast(scalar(ctx, each), "f32")) for each in (low, high))
    step = ctx.emit("div", ctx.emit("sub", last, first), ctx.cast(ctx.emit("add", bins, 2), "f32"))

    def edge(offset: int) -> Tensor:
        count = ctx.emit("reshape", bins, to=((1,), "si64"))
        index = ctx.emit("iota", count, to=((shape[1],), "f32"))
        mel = ctx.emit("add", ctx.emit("mul", ctx.emit("add", index, float(offset)), step), first)
        power = ctx.emit("pow", ctx.constant(10.0, "f32"), ctx.emit("div", mel, 2595.0))
        frequency = ctx.emit("mul", ctx.emit("sub", power, 1.0), 700.0)
        scaled = ctx.emit("mul", frequency, ctx.cast(ctx.emit("add", length, 1), "f32"))
        return ctx.emit("floor", ctx.emit("div", scaled, ctx.cast(rate, "f32")))

    lower, center, higher = map(edge, range(3))
    column = ctx.emit("iota", ctx.emit("reshape", rows, to=((1,), "si64")), to=((shape[0],), "f32"))
    row = ctx.emit("unsqueeze", column, axes=(1,))
    rise, fall = ctx.emit("sub", center, lower), ctx.emit("sub", higher, center)
    nothing, one = ctx.constant(0.0, "f32"), ctx.constant(1.0, "f32")
    inside = ctx.emit("and", ctx.emit("greater_equal", row, lower), ctx.emit("less_equal", row, center))
    flat = ctx.emit("equal", rise, nothing)
    slope = ctx.emit("div", ctx.emit("sub", row, lower), ctx.emit("select", flat, one, rise))
    made = ctx.emit("select", inside, ctx.emit("select", flat, one, slope), nothing)
    beyond = ctx.emit("and", ctx.emit("greater_equal", row, center), ctx.emit("less", row, higher))
    level = ctx.emit("select", ctx.emit("greater", fall, nothing), fall, one)
    return ctx.cast(ctx.emit("select", beyond, ctx.emit("div", ctx.emit("sub", higher, row), level), made), dtype)


def _mel(ctx: Context, frequency: Tensor) -> Tensor:
    return ctx.emit("mul", ctx.emit("log10", ctx.emit("add", ctx.emit("div", frequency, 700.0), 1.0)), 2595.0)
