# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalisations."""

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..registry import converter
from ..types import dtype_name


@converter("LayerNormalization")
def layer_norm(
    ctx: Context, node: Node, x: Tensor, scale: Tensor, bias: Tensor | None = None
) -> tuple[Tensor | None, ...]:
    axis, epsilon = node.get("axis", -1) % x.ndim, node.get("epsilon", 1e-5)
    normal = ctx.emit("layer_norm", x, axis=axis, epsilon=epsilon)
    made = ctx.emit("mul", *ctx.broadcast(normal, scale))
    if bias is not None:
        made = ctx.emit("add", *ctx.broadcast(made, bias))
    if not (node.wants(1) or node.wants(2)):
        return (made,)
    wide = ctx.cast(x, dtype_name(node.get("stash_type", 1)))
    axes = tuple(range(axis, x.ndim))
    mean = ctx.emit("reduce.mean", wide, axes=axes, keepdims=True)
    variance = ctx.emit("reduce.mean", ctx.emit("square", ctx.emit("sub", wide, mean)), axes=axes, keepdims=True)
    return made, mean, ctx.emit("rsqrt", ctx.emit("add", variance, epsilon))


@converter("RMSNormalization")
def rms_norm(ctx: Context, node: Node, x: Tensor, scale: Tensor) -> Tensor:
    normal = ctx.emit("rms_norm", x, axis=node.get("axis", -1), epsilon=node.get("epsilon", 1e-5))
    return ctx.emit("mul", *ctx.broadcast(normal, scale))


@converter("GroupNormalization")
def group_norm(ctx: Context, node: Node, x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    groups = node["num_groups"]
    if node.version < 21:  # one for each group
        scale, bias = (_each(ctx, parameter, x, groups) for parameter in (scale, bias))
    return ctx.emit("group_norm", x, scale, bias, groups=groups, epsilon=node.get("epsilon", 1e-5))


def _each(ctx: Context, parameter: Tensor, x: Tensor, groups: int) -> Tensor:
    """The parameters of groups, for each of their channels."""
    channels = x.shape[1]
    column = ctx.emit("unsqueeze", parameter, axes=(1,))
    wide = ctx.emit("broadcast_to", column, to=((groups, channels // groups), parameter.dtype))
    return ctx.emit("reshape", wide, to=((channels,), parameter.dtype))


@converter("InstanceNormalization")
def instance_norm(ctx: Context, node: Node, x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    return ctx.emit("instance_norm", x, scale, bias, epsilon=node.get("epsilon", 1e-5))


@converter("BatchNormalization")
def batch_norm(
    ctx: Context, node: Node, x: Tensor, scale: Tensor, bias: Tensor, mean: Tensor, variance: Tensor
) -> tuple[Tensor, ...]:
    epsilon = node.get("epsilon", 1e-5)
    if not node.get("training_mode", 0):
        return (ctx.emit("batch_norm", x, scale, bias, mean, variance, epsilon=epsilon),)
    axes = tuple(axis for axis in range(x.ndim) if axis != 1)
    wide = ctx.cast(x, mean.dtype)
    found = ctx.emit("reduce.mean", wide, axes=axes, keepdims=True)
    spread = ctx.emit("reduce.mean", ctx.emit("square", ctx.emit("sub", wide, found)), axes=axes)
    found = ctx.emit("reduce.mean", wide, axes=axes)
    momentum = node.get("momentum", 0.9)
    running = [
        ctx.emit("add", ctx.emit("mul", before, momentum), ctx.emit("mul", now, 1.0 - momentum))
        for before, now in ((mean, found), (variance, spread))
    ]
    return ctx.emit("batch_norm", x, scale, bias, found, spread, epsilon=epsilon), *running


@converter("LpNormalization")
def lp_norm(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("lp_norm", x, axis=node.get("axis", -1), p=node.get("p", 2))


@converter("LRN")
def local_response_norm(ctx: Context, node: Node, x: Tensor) -> Tensor:
    parameters = {name: node.get(name, by) for name, by in (("alpha", 1e-4), ("beta", 0.75), ("bias", 1.0))}
    return ctx.emit("local_response_norm", x, size=node["size"], **parameters)
