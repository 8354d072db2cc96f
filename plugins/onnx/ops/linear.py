# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of matrices."""

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..registry import converter


@converter("MatMul")
def matmul(ctx: Context, node: Node, lhs: Tensor, rhs: Tensor) -> Tensor:
    return product(ctx, lhs, rhs)


def product(ctx: Context, lhs: Tensor, rhs: Tensor) -> Tensor:
    """numpy's `matmul`, with those dimensions asserted to be equal that must be."""
    if not lhs.ndim or not rhs.ndim:
        return ctx.emit("matmul", lhs, rhs)  # which says what is wrong
    inner = rhs.shape[0] if rhs.ndim == 1 else rhs.shape[-2]
    lhs = ctx.assume(lhs, [*lhs.shape[:-1], inner]) if not isinstance(lhs.shape[-1], int) else lhs
    if not isinstance(inner, int):
        shape = list(rhs.shape)
        shape[0 if rhs.ndim == 1 else -2] = lhs.shape[-1]
        rhs = ctx.assume(rhs, shape)
    return ctx.emit("matmul", lhs, rhs)


@converter("Gemm")
def gemm(ctx: Context, node: Node, lhs: Tensor, rhs: Tensor, bias: Tensor | None = None) -> Tensor:
    if node.get("transA", 0):
        lhs = ctx.emit("transpose", lhs, perm=(1, 0))
    if node.get("transB", 0):
        rhs = ctx.emit("transpose", rhs, perm=(1, 0))
    made = scaled(ctx, product(ctx, lhs, rhs), node.get("alpha", 1.0))
    if bias is None:
        return made
    return ctx.emit("add", *ctx.broadcast(made, scaled(ctx, bias, node.get("beta", 1.0))))


def scaled(ctx: Context, x: Tensor, factor: float) -> Tensor:
    """The elements times a number."""
    if factor == 1.0:
        return x
    return ctx.emit("mul", x, ctx.constant(factor, x.dtype))
