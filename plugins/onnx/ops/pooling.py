# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Poolings."""

from typing import Any

from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..node import Node
from ..registry import converter
from .windows import sliding


def _fields(ctx: Context, node: Node, x: Tensor, fill: float | None = None) -> tuple[Tensor, dict[str, Any]]:
    """The input and the attributes of a pooling of mo."""
    kernel = tuple(node["kernel_shape"])
    windows = sliding(ctx, node, x, kernel, fill)
    return windows.x, {"kernel": kernel, "ceil_mode": bool(node.get("ceil_mode", 0)), **windows.fields()}


@converter("AveragePool")
def average(ctx: Context, node: Node, x: Tensor) -> Tensor:
    counted = bool(node.get("count_include_pad", 0))
    x, fields = _fields(ctx, node, x, 0 if counted else None)
    return ctx.emit("avg_pool", x, count_include_pad=counted, **fields)


@converter("LpPool")
def norm(ctx: Context, node: Node, x: Tensor) -> Tensor:
    x, fields = _fields(ctx, node, x, 0)
    return ctx.emit("lp_pool", x, p=node.get("p", 2), **fields)


@converter("MaxPool")
def maximum(ctx: Context, node: Node, x: Tensor) -> tuple[Tensor, ...]:
    is_float = x.dtype[0] in "fb"
    lowest = float("-inf") if is_float else 0.0 if x.dtype[0] == "u" else -float(2 ** (int(x.dtype[2:]) - 1))
    padded, fields = _fields(ctx, node, x, None if node.wants(1) else lowest)
    values, indices = ctx.emit_all("max_pool", padded, **fields)
    if not node.wants(1):
        return (values,)
    return values, _by_columns(ctx, x, indices) if node.get("storage_order", 0) else indices


def _by_columns(ctx: Context, x: Tensor, indices: Tensor) -> Tensor:
    """Indices that count the spatial axes with the first one moving fastest."""
    extents = ctx.emit("slice", ctx.shape(x), starts=(2,), stops=(x.ndim,), steps=(1,))
    found = None
    rest = indices
    behind = None
    for axis in reversed(range(x.ndim - 2)):
        extent = ctx.emit(
            "reshape", ctx.emit("slice", extents, starts=(axis,), stops=(axis + 1,), steps=(1,)), to=((), "si64")
        )
        place = ctx.emit("mod", rest, extent)
        rest = ctx.emit("floor_div", rest, extent)
        # Counted from the last axis on: found = ((last * d + …) * d + first).
        found = place if found is None else ctx.emit("add", ctx.emit("mul", found, extent), place)
        behind = extent if behind is None else ctx.emit("mul", behind, extent)
    assert found is not None
    assert behind is not None
    return ctx.emit("add", ctx.emit("mul", rest, behind), found)


@converter("MaxUnpool")
def unpool(ctx: Context, node: Node, x: Tensor, indices: Tensor, output_shape: Tensor | None = None) -> Tensor:
    kernel = node["kernel_shape"]
    rank = len(kernel)
    strides, pads = node.get("strides") or (1,) * rank, node.get("pads") or (0,) * (2 * rank)
    each = zip(x.shape[2:], strides, kernel, pads[:rank], pads[rank:], strict=True)
    shape: list[Extent] = [
        *x.shape[:2],
        *((extent - 1) * stride + size - low - high for extent, stride, size, low, high in each),
    ]
    found = ctx.emit("max_unpool", x, indices, to=(shape, x.dtype))
    if output_shape is None:
        return found
    # Indices are those of the shape that follows from the windows; more is zeros behind.
    known = ctx.ints(output_shape)
    if known is not None and all(isinstance(extent, int) for extent in shape):
        high = tuple(want - int(str(have)) for want, have in zip(known, shape, strict=True))
        return ctx.emit("pad", found, low=(0,) * len(shape), high=high) if any(high) else found
    high_operand = ctx.emit("sub", ctx.cast(output_shape, "si64"), ctx.shape(found))
    none = ctx.constant([0] * len(shape), "si64")
    return ctx.emit("dynamic.pad", found, none, high_operand, to=(ctx.unknown(node, 0, len(shape)), x.dtype))


@converter("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
def over_all(ctx: Context, node: Node, x: Tensor) -> Tensor:
    if node.op == "GlobalLpPool":
        return ctx.emit("global_lp_pool", x, p=int(node.get("p", 2)))
    return ctx.emit({"GlobalAveragePool": "global_avg_pool", "GlobalMaxPool": "global_max_pool"}[node.op], x)
