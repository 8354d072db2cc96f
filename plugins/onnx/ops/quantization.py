# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Narrow integers and floats with scales and zero points."""

from collections.abc import Sequence

from mograph.dialects.kit import Dim
from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..node import Node
from ..registry import converter
from ..types import dtype_name


@converter("QuantizeLinear")
def quantize(ctx: Context, node: Node, x: Tensor, scale: Tensor, zero: Tensor | None = None) -> Tensor:
    dtype = zero.dtype if zero is not None else _written_dtype(node, "ui8")
    precision = node.get("precision", 0)
    if precision:
        x = ctx.cast(x, dtype_name(precision))
    placed = _placed(ctx, node, x, scale, zero)
    saturate = bool(node.get("saturate", 1))
    return ctx.emit("quantize", x, *placed, **_places(node, x, scale), saturate=saturate, to=(x.shape, dtype))


@converter("DequantizeLinear")
def dequantize(ctx: Context, node: Node, x: Tensor, scale: Tensor, zero: Tensor | None = None) -> Tensor:
    dtype = _written_dtype(node, "f32" if scale.dtype == "f8E8M0FNU" else scale.dtype)
    placed = _placed(ctx, node, x, scale, zero)
    return ctx.emit("dequantize", x, *placed, **_places(node, x, scale), to=(x.shape, dtype))


def _written_dtype(node: Node, otherwise: str) -> str:
    number = node.get("output_dtype", 0)
    return dtype_name(number) if number else otherwise


def _places(node: Node, x: Tensor, scale: Tensor) -> dict[str, int]:
    """Along which axis scales are, and in which blocks. Without an axis there is one for all."""
    if scale.ndim == 0:
        return {}
    return {"axis": node.get("axis", 1) % x.ndim, "block_size": node.get("block_size", 0)}


def _placed(ctx: Context, node: Node, x: Tensor, scale: Tensor, zero: Tensor | None) -> list[Tensor | None]:
    """Scale and zero point of one shape, that which the input asks for."""
    wanted: Sequence[Extent] = scale.shape
    places = _places(node, x, scale)
    if places and places["block_size"]:
        blocks = Dim.parse(f"({x.shape[places['axis']]}) ceildiv {places['block_size']}")
        wanted = [blocks if at == places["axis"] else extent for at, extent in enumerate(x.shape)]
    elif places and scale.shape != (1,):
        wanted = [x.shape[places["axis"]]]
    scale = ctx.assume(scale, wanted)
    if zero is None:
        return [scale, None]
    if (scale.ndim, zero.ndim) in ((0, 1), (1, 0)):
        zero = ctx.emit("reshape", zero, to=(scale.shape, zero.dtype))
    return [scale, ctx.assume(zero, wanted)]


@converter("MatMulInteger")
def matmul_integer(
    ctx: Context, node: Node, lhs: Tensor, rhs: Tensor, lhs_zero: Tensor | None = None, rhs_zero: Tensor | None = None
) -> Tensor:
    lhs, rhs = _multipliable(ctx, lhs, rhs)
    return ctx.emit("matmul_integer", lhs, rhs, _assumed(ctx, lhs_zero, lhs, -2), _assumed(ctx, rhs_zero, rhs, -1))


def _multipliable(ctx: Context, lhs: Tensor, rhs: Tensor) -> tuple[Tensor, Tensor]:
    """The operands with the dimension that is summed over asserted to be the same."""
    axis = 0 if rhs.ndim == 1 else rhs.ndim - 2
    if isinstance(rhs.shape[axis], int):
        return ctx.assume(lhs, [*lhs.shape[:-1], rhs.shape[axis]]), rhs
    return lhs, ctx.assume(rhs, [*rhs.shape[:axis], lhs.shape[-1], *rhs.shape[axis + 1 :]])


def _assumed(ctx: Context, zero: Tensor | None, operand: Tensor, along: int) -> Tensor | None:
    """Zero points, as many as the operand has rows or columns."""
    if zero is None or zero.ndim == 0 or zero.shape == (1,) or operand.ndim == 1:
        return zero
    if zero.ndim == 1:
        return ctx.assume(zero, [operand.shape[along]])
    other = -3 - along
    wanted = [1 if axis == operand.ndim + other else extent for axis, extent in enumerate(operand.shape)]
    return ctx.assume(zero, [have if have == 1 else want for have, want in zip(zero.shape, wanted, strict=True)])


@converter("QLinearMatMul")
def qlinear_matmul(
    ctx: Context,
    node: Node,
    lhs: Tensor,
    lhs_scale: Tensor,
    lhs_zero: Tensor,
    rhs: Tensor,
    rhs_scale: Tensor,
    rhs_zero: Tensor,
    scale: Tensor,
    zero: Tensor,
) -> Tensor:
    product = matmul_integer(ctx, node, lhs, rhs, lhs_zero, rhs_zero)
    if lhs_scale.ndim == 1 and lhs_scale.shape != (1,) and lhs.ndim > 1:  # one for each row
        lhs_scale = ctx.emit("reshape", lhs_scale, to=([*lhs_scale.shape, 1], lhs_scale.dtype))
    factors = [ctx.cast(each, "f32") for each in (lhs_scale, rhs_scale)]
    value = ctx.cast(product, "f32")
    for factor in factors:
        value = ctx.emit("mul", *ctx.broadcast(value, factor))
    # Scales of a result are for all, or one for each of its rows.
    axis = value.ndim - 2 if scale.ndim == 1 and scale.shape != (1,) else 0
    if scale.ndim == 1:
        scale, zero = (
            ctx.assume(each, [each.shape[0] if each.shape == (1,) else value.shape[axis]]) for each in (scale, zero)
        )
    attributes = {"axis": axis} if scale.ndim else {}
    return ctx.emit("quantize", value, scale, zero, **attributes, to=(value.shape, zero.dtype))
