# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalisations."""

from collections.abc import Sequence

from mograph.dialects.kit import Dim
from mograph.graph import Tensor

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter
from ..types import dtype_name

EPSILON = 1e-5


@converter("LayerNormalization")
def layer_norm(
    ctx: Context, node: Node, x: Tensor, scale: Tensor, bias: Tensor | None = None
) -> tuple[Tensor | None, ...]:
    axis, epsilon = node.get("axis", -1), node.get("epsilon", EPSILON)
    x, *affine = ctx.broadcast(x, scale, *([] if bias is None else [bias]))
    found = ctx.emit("layer_norm", x, *affine, axis=axis, epsilon=epsilon)
    if not (node.wants(1) or node.wants(2)):
        return (found,)
    wide = ctx.cast(x, dtype_name(node.get("stash_type", 1)))
    axes = range(axis % x.ndim, x.ndim)
    mean, variance = _statistics(ctx, wide, axes)
    return found, mean, ctx.emit("rsqrt", ctx.emit("add", variance, epsilon))


def _statistics(ctx: Context, x: Tensor, axes: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Means and variances over `axes`, which keep the extent 1."""
    mean = ctx.emit("reduce.mean", x, axes=tuple(axes), keepdims=True)
    squares = ctx.emit("square", ctx.emit("sub", x, mean))
    return mean, ctx.emit("reduce.mean", squares, axes=tuple(axes), keepdims=True)


@converter("RMSNormalization")
def rms_norm(ctx: Context, node: Node, x: Tensor, scale: Tensor) -> Tensor:
    attributes = {"axis": node.get("axis", -1), "epsilon": node.get("epsilon", EPSILON)}
    x, scale = ctx.broadcast(x, scale)
    if x.dtype == scale.dtype:
        return ctx.emit("rms_norm", x, scale, **attributes)
    wide = ctx.cast(x, "f64" if x.dtype == "f64" else "f32")
    return ctx.emit("mul", ctx.cast(ctx.emit("rms_norm", wide, **attributes), scale.dtype), scale)


@converter("LpNormalization")
def lp_norm(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("lp_norm", x, axis=node.get("axis", -1), p=node.get("p", 2))


@converter("LRN")
def local_response_norm(ctx: Context, node: Node, x: Tensor) -> Tensor:
    parameters = {name: node.get(name, by) for name, by in (("alpha", 1e-4), ("beta", 0.75), ("bias", 1.0))}
    return ctx.emit("local_response_norm", x, size=node["size"], **parameters)


@converter("InstanceNormalization")
def instance_norm(ctx: Context, node: Node, x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    return ctx.emit("instance_norm", *_of_channels(ctx, x, scale, bias), epsilon=node.get("epsilon", EPSILON))


@converter("GroupNormalization")
def group_norm(ctx: Context, node: Node, x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    groups = node["num_groups"]
    if groups < 1:
        raise OnnxError(f"expected num_groups to be 1 or more, found {groups}")
    if node.version < 21:  # an element for each group
        scale, bias = (_of_each_channel(ctx, each, groups, x.shape[1]) for each in (scale, bias))
    operands = _of_channels(ctx, x, scale, bias)
    return ctx.emit("group_norm", *operands, groups=groups, epsilon=node.get("epsilon", EPSILON))


def _of_each_channel(ctx: Context, vector: Tensor, groups: int, channels: "int | Dim") -> Tensor:
    """A vector with an element for each group, as one with an element for each channel."""
    column = ctx.emit("reshape", ctx.assume(vector, [groups]), to=([groups, 1], vector.dtype))
    matrix = ctx.emit("broadcast_to", column, to=([groups, channels // groups], vector.dtype))
    return ctx.emit("reshape", matrix, to=([channels], vector.dtype))


@converter("BatchNormalization")
def batch_norm(ctx: Context, node: Node, *given: Tensor) -> tuple[Tensor, ...]:
    dtype, operands, epsilon = given[0].dtype, list(given), node.get("epsilon", EPSILON)
    if len({each.dtype for each in given}) > 1:
        wide = "f64" if any(each.dtype == "f64" for each in given) else "f32"
        operands = [ctx.cast(each, wide) for each in given]
    x, scale, bias, mean, variance = _of_channels(ctx, *operands)
    if not _trains(node):
        return (ctx.cast(ctx.emit("batch_norm", x, scale, bias, mean, variance, epsilon=epsilon), dtype),)
    own = _statistics(ctx, x, [axis for axis in range(x.ndim) if axis != 1])
    vectors = [ctx.emit("reshape", each, to=([x.shape[1]], x.dtype)) for each in own]
    found = ctx.emit("batch_norm", x, scale, bias, *vectors, epsilon=epsilon)
    momentum = node.get("momentum", 0.9)
    running = (
        ctx.cast(ctx.emit("add", ctx.emit("mul", old, momentum), ctx.emit("mul", new, 1 - momentum)), like.dtype)
        for old, new, like in zip((mean, variance), vectors, given[3:], strict=True)
    )
    return ctx.cast(found, dtype), *running


def _trains(node: Node) -> bool:
    """Whether the statistics are those of the batch; before opset 14, results that are asked for say so."""
    if node.version >= 14:
        return bool(node.get("training_mode", 0))
    return node.wants(1) or node.wants(2)


def _of_channels(ctx: Context, x: Tensor, *vectors: Tensor) -> list[Tensor]:
    """The input and vectors with an element for each channel, asserted to be as many."""
    if x.ndim < 2:
        raise OnnxError(f"expected an input of rank 2 or more, found {x.ndim}")
    channels = next((each.shape[0] for each in vectors if isinstance(each.shape[0], int)), x.shape[1])
    if isinstance(x.shape[1], Dim):
        x = ctx.assume(x, [x.shape[0], channels, *x.shape[2:]])
    return [x, *(ctx.assume(each, [x.shape[1]]) if isinstance(each.shape[0], Dim) else each for each in vectors)]
