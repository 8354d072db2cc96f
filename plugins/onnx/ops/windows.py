# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The attributes that convolutions and poolings share: strides, dilations and padding."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from mograph.dialects.kit import Dim, dim_max
from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..errors import OnnxError
from ..node import Node


class Sliding(NamedTuple):
    """An input, and the windows that slide over its spatial axes."""

    x: Tensor
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]

    def fields(self) -> dict[str, Any]:
        """The attributes of operations of mo."""
        return {"strides": self.strides, "dilations": self.dilations, "low": self.low, "high": self.high}


def reach(kernel: Sequence[int], dilations: Sequence[int]) -> list[int]:
    """How many places a window reaches over on each axis."""
    return [dilation * (extent - 1) + 1 for extent, dilation in zip(kernel, dilations, strict=True)]


def sliding(ctx: Context, node: Node, x: Tensor, kernel: Sequence[int], fill: float | None = None) -> Sliding:
    """The windows of a node over `x`, with the padding that `auto_pad` asks for.

    Where that hangs on an extent that is not known, the input is padded by an operation of its own, with `fill`. Raises
    OnnxError where that may not be.
    """
    rank = len(kernel)
    strides = tuple(node.get("strides") or (1,) * rank)
    dilations = tuple(node.get("dilations") or (1,) * rank)
    pads = tuple(node.get("pads") or (0,) * (2 * rank))
    auto = node.get("auto_pad", "NOTSET")
    if auto in ("NOTSET", ""):
        return Sliding(x, strides, dilations, pads[:rank], pads[rank:])
    if auto == "VALID":
        return Sliding(x, strides, dilations, (0,) * rank, (0,) * rank)
    if auto not in ("SAME_UPPER", "SAME_LOWER"):
        raise OnnxError(f"expected auto_pad to be NOTSET, VALID, SAME_UPPER or SAME_LOWER, found {auto}")
    needed = [
        same_padding(extent, stride, over)
        for extent, stride, over in zip(x.shape[2:], strides, reach(kernel, dilations), strict=True)
    ]
    if any(isinstance(extent, Dim) for extent in needed):
        if fill is None:
            raise OnnxError(f"expected known extents for auto_pad = {auto} with strides {strides}, found {x.type}")
        x = _padded(ctx, x, needed, strides, reach(kernel, dilations), auto, fill)
        return Sliding(x, strides, dilations, (0,) * rank, (0,) * rank)
    halves = [halved(int(str(extent)), auto) for extent in needed]
    return Sliding(x, strides, dilations, tuple(low for low, _ in halves), tuple(high for _, high in halves))


def same_padding(extent: Extent, stride: int, over: int) -> Extent:
    """The padding with which there are ceil(extent / stride) windows."""
    last = (Dim.parse(f"({extent}) ceildiv {stride}") - 1) * stride
    return dim_max(last + over - extent, 0)


def halved(total: int, auto: str) -> tuple[int, int]:
    """Padding before and behind; the odd one comes behind with SAME_UPPER."""
    less, more = total // 2, total - total // 2
    return (less, more) if auto == "SAME_UPPER" else (more, less)


def _padded(
    ctx: Context,
    x: Tensor,
    needed: Sequence[Extent],
    strides: Sequence[int],
    over: Sequence[int],
    auto: str,
    fill: float,
) -> Tensor:
    """The input with padding that is computed when the model runs."""
    extents = ctx.emit("slice", ctx.shape(x), starts=(2,), stops=(x.ndim,), steps=(1,))
    steps = ctx.constant(strides, "si64")
    windows = ctx.emit("floor_div", ctx.emit("sub", ctx.emit("add", extents, steps), 1), steps)
    last = ctx.emit("mul", ctx.emit("sub", windows, 1), steps)
    reached = ctx.emit("add", last, ctx.constant(over, "si64"))
    total = ctx.emit("max", ctx.emit("sub", reached, extents), 0)
    less = ctx.emit("floor_div", total, 2)
    more = ctx.emit("sub", total, less)
    none = ctx.constant([0, 0], "si64")
    low, high = (
        ctx.emit("concat", [none, part], axis=0) for part in ((less, more) if auto == "SAME_UPPER" else (more, less))
    )
    shape = [*x.shape[:2], *(extent + more for extent, more in zip(x.shape[2:], needed, strict=True))]
    return ctx.emit("dynamic.pad", x, low, high, ctx.constant(fill, x.dtype), to=(shape, x.dtype))
