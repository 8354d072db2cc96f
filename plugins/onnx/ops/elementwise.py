# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arithmetic, comparisons and functions of single elements."""

from functools import reduce

from mograph.graph import Tensor

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter

UNARY = {
    "Abs": "abs",
    "Acos": "acos",
    "Acosh": "acosh",
    "Asin": "asin",
    "Asinh": "asinh",
    "Atan": "atan",
    "Atanh": "atanh",
    "BitwiseNot": "not",
    "Ceil": "ceil",
    "Cos": "cos",
    "Cosh": "cosh",
    "Erf": "erf",
    "Exp": "exp",
    "Floor": "floor",
    "IsNaN": "is_nan",
    "Log": "log",
    "Neg": "negative",
    "Not": "not",
    "Reciprocal": "reciprocal",
    "Relu": "relu",
    "Round": "round",
    "Sigmoid": "sigmoid",
    "Sign": "sign",
    "Sin": "sin",
    "Sinh": "sinh",
    "Softplus": "softplus",
    "Sqrt": "sqrt",
    "Tan": "tan",
    "Tanh": "tanh",
}

BINARY = {
    "Add": "add",
    "And": "and",
    "BitwiseAnd": "and",
    "BitwiseOr": "or",
    "BitwiseXor": "xor",
    "Div": "div",
    "Equal": "equal",
    "Greater": "greater",
    "GreaterOrEqual": "greater_equal",
    "Less": "less",
    "LessOrEqual": "less_equal",
    "Mul": "mul",
    "Or": "or",
    "Sub": "sub",
    "Xor": "xor",
}


@converter(*UNARY)
def unary(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit(UNARY[node.op], x)


@converter(*BINARY)
def binary(ctx: Context, node: Node, lhs: Tensor, rhs: Tensor) -> Tensor:
    if node.version < 7 and node.get("broadcast", 0):
        rhs = _aligned(ctx, node, lhs, rhs)
    return ctx.emit(BINARY[node.op], *ctx.broadcast(lhs, rhs))


def _aligned(ctx: Context, node: Node, lhs: Tensor, rhs: Tensor) -> Tensor:
    """The second operand as it was before opset 7: its dimensions begin at one that an attribute gives."""
    axis = node.get("axis", lhs.ndim - rhs.ndim)
    after = lhs.ndim - (axis % max(lhs.ndim, 1)) - rhs.ndim
    return ctx.emit("reshape", rhs, to=([*rhs.shape, *[1] * after], rhs.dtype))


@converter("Pow")
def power(ctx: Context, node: Node, base: Tensor, exponent: Tensor) -> Tensor:
    if base.dtype == exponent.dtype:
        return ctx.emit("pow", *ctx.broadcast(base, exponent))
    wide = "f64" if "f64" in (base.dtype, exponent.dtype) or "64" in base.dtype + exponent.dtype else "f32"
    if exponent.dtype[0] in "su" and base.dtype[0] in "su":
        wide = base.dtype
    elif base.dtype[0] not in "su" and exponent.dtype[0] in "su":
        wide = base.dtype  # an integer's power of a float needs no more precision than the float has
    found = ctx.emit("pow", *ctx.broadcast(ctx.cast(base, wide), ctx.cast(exponent, wide)))
    return ctx.cast(found, base.dtype)


@converter("Mod")
def modulo(ctx: Context, node: Node, lhs: Tensor, rhs: Tensor) -> Tensor:
    return ctx.emit("fmod" if node.get("fmod", 0) else "mod", *ctx.broadcast(lhs, rhs))


@converter("BitShift")
def shift(ctx: Context, node: Node, lhs: Tensor, rhs: Tensor) -> Tensor:
    directions = {"LEFT": "shift_left", "RIGHT": "shift_right"}
    if node["direction"] not in directions:
        raise OnnxError(f"expected direction to be LEFT or RIGHT, found {node['direction']!r}")
    return ctx.emit(directions[node["direction"]], *ctx.broadcast(lhs, rhs))


@converter("Max", "Min", "Sum")
def variadic(ctx: Context, node: Node, *inputs: Tensor) -> Tensor:
    op = {"Max": "max", "Min": "min", "Sum": "add"}[node.op]
    return reduce(lambda lhs, rhs: ctx.emit(op, *ctx.broadcast(lhs, rhs)), inputs)


@converter("Mean")
def mean(ctx: Context, node: Node, *inputs: Tensor) -> Tensor:
    total = reduce(lambda lhs, rhs: ctx.emit("add", *ctx.broadcast(lhs, rhs)), inputs)
    return ctx.emit("div", total, float(len(inputs)))


@converter("Where")
def where(ctx: Context, node: Node, condition: Tensor, lhs: Tensor, rhs: Tensor) -> Tensor:
    return ctx.emit("select", *ctx.broadcast(condition, lhs, rhs))


@converter("IsInf")
def is_inf(ctx: Context, node: Node, x: Tensor) -> Tensor:
    made = ctx.emit("is_inf", x)
    for attribute, comparison in (("detect_negative", "greater"), ("detect_positive", "less")):
        if not node.get(attribute, 1):
            made = ctx.emit("and", made, ctx.emit(comparison, x, 0.0))
    return made
