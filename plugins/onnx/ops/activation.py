# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Activations."""

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..registry import converter
from .shape import scalar

PARAMETERS = {
    "Celu": ("celu", ("alpha",)),
    "Elu": ("elu", ("alpha",)),
    "HardSigmoid": ("hard_sigmoid", ("alpha", "beta")),
    "HardSwish": ("hard_swish", ()),
    "LeakyRelu": ("leaky_relu", ("alpha",)),
    "Mish": ("mish", ()),
    "Selu": ("selu", ("alpha", "gamma")),
    "Softsign": ("softsign", ()),
    "ThresholdedRelu": ("thresholded_relu", ("alpha",)),
}
"""Operations and attributes, which have one name, and the same default, in ONNX and in mo."""


@converter(*PARAMETERS)
def activation(ctx: Context, node: Node, x: Tensor) -> Tensor:
    op, names = PARAMETERS[node.op]
    given = {name: node.get(name) for name in names if name in node.attributes}
    if node.op == "Selu" and node.version < 6:
        given = {"alpha": 1.6732, "gamma": 1.0507, **given}
    return ctx.emit(op, x, **given)


@converter("Shrink")
def shrink(ctx: Context, node: Node, x: Tensor) -> Tensor:
    attributes = {"bias": node.get("bias", 0.0), "lambd": node.get("lambd", 0.5)}
    wide = ctx.cast(x, "f64") if x.dtype[0] in "su" else x
    return ctx.cast(ctx.emit("shrink", wide, **attributes), x.dtype)


@converter("Gelu")
def gelu(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("gelu", x, approximate=node.get("approximate", "none"))


@converter("Swish")
def swish(ctx: Context, node: Node, x: Tensor) -> Tensor:
    alpha = node.get("alpha", 1.0)
    if alpha == 1.0:
        return ctx.emit("silu", x)
    return ctx.emit("mul", x, ctx.emit("sigmoid", ctx.emit("mul", x, ctx.constant(alpha, x.dtype))))


@converter("PRelu")
def prelu(ctx: Context, node: Node, x: Tensor, slope: Tensor) -> Tensor:
    if node.version < 7 and slope.ndim == 1 and x.ndim > 1:  # one for each channel
        slope = ctx.emit("reshape", slope, to=([*slope.shape, *[1] * (x.ndim - 2)], slope.dtype))
    return ctx.emit("prelu", *ctx.broadcast(x, slope))


@converter("Clip")
def clip(ctx: Context, node: Node, x: Tensor, low: Tensor | None = None, high: Tensor | None = None) -> Tensor:
    if node.version < 11:
        low, high = (ctx.constant(node[name], x.dtype) if name in node.attributes else None for name in ("min", "max"))
    if low is not None and high is not None:
        return ctx.emit("clamp", x, scalar(ctx, low), scalar(ctx, high))
    if low is not None:
        return ctx.emit("max", x, scalar(ctx, low))
    return x if high is None else ctx.emit("min", x, scalar(ctx, high))
