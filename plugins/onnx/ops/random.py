# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random numbers. A node without a seed has one by its place in the model: all runs draw the same numbers."""

import struct

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..registry import converter
from ..types import dtype_name
from .shape import scalar


def uniform(ctx: Context, node: Node, shape: Tensor, dtype: str, low: float = 0.0, high: float = 1.0) -> Tensor:
    """Numbers from `low` to below `high`, of a shape that is known."""
    return _drawn(ctx, node, "random.uniform", shape, dtype, low, high)


def _drawn(ctx: Context, node: Node, op: str, shape: Tensor, dtype: str, first: float, second: float) -> Tensor:
    given = node.get("seed")
    seed = ctx.shared.draw() if given is None else struct.unpack("<i", struct.pack("<f", given))[0]
    dims, _ = ctx.target(node, shape)
    parameters = [ctx.constant(value, "f64" if dtype == "f64" else "f32") for value in (first, second)]
    return ctx.emit(op, shape, *parameters, ctx.constant(seed, "si64"), to=(dims, dtype))


@converter("RandomUniform", "RandomUniformLike")
def random_uniform(ctx: Context, node: Node, like: Tensor | None = None) -> Tensor:
    shape, dtype = _result(ctx, node, like)
    return uniform(ctx, node, shape, dtype, node.get("low", 0.0), node.get("high", 1.0))


@converter("RandomNormal", "RandomNormalLike")
def random_normal(ctx: Context, node: Node, like: Tensor | None = None) -> Tensor:
    shape, dtype = _result(ctx, node, like)
    return _drawn(ctx, node, "random.normal", shape, dtype, node.get("mean", 0.0), node.get("scale", 1.0))


def _result(ctx: Context, node: Node, like: Tensor | None) -> tuple[Tensor, str]:
    """The shape and the dtype of what is drawn."""
    dtype = node.get("dtype")
    if like is None:
        return ctx.constant(node["shape"], "si64"), "f32" if dtype is None else dtype_name(dtype)
    return ctx.shape(like), like.dtype if dtype is None else dtype_name(dtype)


@converter("Bernoulli")
def bernoulli(ctx: Context, node: Node, x: Tensor) -> Tensor:
    drawn = uniform(ctx, node, ctx.shape(x), x.dtype)
    dtype = node.get("dtype")
    return ctx.cast(ctx.emit("less", drawn, x), x.dtype if dtype is None else dtype_name(dtype))


@converter("Multinomial")
def multinomial(ctx: Context, node: Node, x: Tensor) -> Tensor:
    """The class of which the range in the sum of probabilities up to it has a number that is drawn."""
    batch, _ = x.shape
    count = node.get("sample_size", 1)
    ranges = ctx.emit("unsqueeze", ctx.emit("cumsum", ctx.emit("softmax", x), axis=1), axes=(1,))
    places = ctx.emit("concat", [_row(ctx, ctx.shape(x), 0), ctx.constant([count], "si64")], axis=0)
    shape = ctx.known(places, [batch, count])
    drawn = ctx.emit("unsqueeze", uniform(ctx, node, shape, x.dtype), axes=(2,))
    below = ctx.cast(ctx.emit("less_equal", ranges, drawn), dtype_name(node.get("dtype", 6)))
    # The last sum may be less than 1 by rounding.
    return ctx.emit("min", ctx.emit("reduce.add", below, axes=(2,)), ctx.cast(_last_class(ctx, x), below.dtype))


def _row(ctx: Context, tensor: Tensor, index: int) -> Tensor:
    return ctx.emit("slice", tensor, starts=(index,), stops=(index + 1,), steps=(1,))


def _last_class(ctx: Context, x: Tensor) -> Tensor:
    return ctx.emit("sub", ctx.emit("dim", x, axis=1), 1)


@converter("Dropout")
def dropout(
    ctx: Context, node: Node, x: Tensor, ratio: Tensor | None = None, training: Tensor | None = None
) -> tuple[Tensor, ...]:
    everything = ctx.emit("broadcast_to", ctx.constant(True, "i1"), to=(x.shape, "i1"))
    known = None if training is None else ctx.array(training)
    if training is None or (known is not None and not known.any()):
        return x, everything if node.version >= 10 else ctx.cast(everything, x.dtype)
    share = ctx.constant(0.5, x.dtype) if ratio is None else ctx.cast(scalar(ctx, ratio), x.dtype)
    share = ctx.emit("select", scalar(ctx, training), share, ctx.constant(0, x.dtype))
    drawn = uniform(ctx, node, ctx.shape(x), x.dtype)
    mask = ctx.emit("greater_equal", drawn, share)
    kept = ctx.emit("div", x, ctx.emit("sub", ctx.constant(1, x.dtype), share))
    return ctx.emit("select", mask, kept, ctx.constant(0, x.dtype)), mask
