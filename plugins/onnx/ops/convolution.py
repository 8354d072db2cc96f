# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions."""

from collections.abc import Sequence
from math import prod

from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter
from .windows import halved, reach, sliding


def kernel_of(w: Tensor) -> list[int]:
    """The spatial extents of a filter, which must be known."""
    found = [extent for extent in w.shape[2:] if isinstance(extent, int)]
    if len(found) != w.ndim - 2:
        raise OnnxError(f"expected a filter of known extents, found {w.type}")
    return found


def convolved(ctx: Context, node: Node, x: Tensor, w: Tensor, bias: Tensor | None = None) -> Tensor:
    """`mo.conv` with the node's attributes."""
    groups = node.get("group", 1)
    x = ctx.assume(x, [x.shape[0], w.shape[1] * groups, *x.shape[2:]])
    windows = sliding(ctx, node, x, kernel_of(w), 0)
    return ctx.emit("conv", windows.x, w, bias, groups=groups, **windows.fields())


@converter("Conv")
def conv(ctx: Context, node: Node, x: Tensor, w: Tensor, bias: Tensor | None = None) -> Tensor:
    return convolved(ctx, node, x, w, bias)


@converter("ConvInteger")
def conv_integer(
    ctx: Context, node: Node, x: Tensor, w: Tensor, x_zero: Tensor | None = None, w_zero: Tensor | None = None
) -> Tensor:
    return convolved(ctx, node, centred(ctx, x, x_zero), centred(ctx, w, w_zero))


def centred(ctx: Context, x: Tensor, zero: Tensor | None) -> Tensor:
    """Quantized elements as si32, less their zero point: one, or one for each element of the first axis."""
    wide = ctx.cast(x, "si32")
    if zero is None:
        return wide
    return ctx.emit("sub", wide, along_first(ctx, ctx.cast(zero, "si32"), x.ndim))


def along_first(ctx: Context, scale: Tensor, rank: int) -> Tensor:
    """One number, or one for each element of the first axis of a tensor of `rank`, to be broadcast."""
    count = prod(scale.shape)
    shape: Sequence[Extent] = () if count == 1 else (count, *[1] * (rank - 1))
    return ctx.emit("reshape", scale, to=(shape, scale.dtype))


@converter("QLinearConv")
def quantized_conv(
    ctx: Context,
    node: Node,
    x: Tensor,
    x_scale: Tensor,
    x_zero: Tensor,
    w: Tensor,
    w_scale: Tensor,
    w_zero: Tensor,
    y_scale: Tensor,
    y_zero: Tensor,
    bias: Tensor | None = None,
) -> Tensor:
    sums = convolved(ctx, node, centred(ctx, x, x_zero), centred(ctx, w, w_zero), bias)
    # Filters may have a scale each, which belongs to a channel of the result.
    scale = ctx.emit("mul", along_first(ctx, w_scale, x.ndim - 1), along_first(ctx, x_scale, 1))
    real = ctx.emit("mul", ctx.cast(sums, scale.dtype), scale)
    one, zero = along_first(ctx, y_scale, 1), along_first(ctx, y_zero, 1)
    return ctx.emit("quantize", real, one, zero, to=(real.shape, y_zero.dtype))


@converter("ConvTranspose")
def conv_transpose(ctx: Context, node: Node, x: Tensor, w: Tensor, bias: Tensor | None = None) -> Tensor:
    kernel = kernel_of(w)
    rank, groups = len(kernel), node.get("group", 1)
    x = ctx.assume(x, [x.shape[0], w.shape[0], *x.shape[2:]])
    strides = tuple(node.get("strides") or (1,) * rank)
    dilations = tuple(node.get("dilations") or (1,) * rank)
    more = list(node.get("output_padding") or (0,) * rank)
    pads = tuple(node.get("pads") or (0,) * (2 * rank))
    low, high = list(pads[:rank]), list(pads[rank:])
    auto = node.get("auto_pad", "NOTSET")
    wanted = node.get("output_shape")
    if wanted is None and auto.startswith("SAME"):
        wanted = [extent * stride for extent, stride in zip(x.shape[2:], strides, strict=True)]
    if wanted is not None:
        for axis, (extent, over) in enumerate(zip(x.shape[2:], reach(kernel, dilations), strict=True)):
            total = strides[axis] * (extent - 1) + more[axis] + over - list(wanted)[-rank:][axis]
            if not isinstance(total, int):
                raise OnnxError(f"expected known extents with output_shape, found {x.type}")
            low[axis], high[axis] = halved(max(total, 0), auto)
            more[axis] += max(-total, 0)
    elif auto == "VALID":
        low, high = [0] * rank, [0] * rank
    return ctx.emit(
        "conv_transpose",
        x,
        w,
        bias,
        strides=strides,
        dilations=dilations,
        low=tuple(low),
        high=tuple(high),
        output_padding=tuple(more),
        groups=groups,
    )


@converter("Col2Im")
def col2im(ctx: Context, node: Node, x: Tensor, image_shape: Tensor, block_shape: Tensor) -> Tensor:
    (rank,) = image_shape.shape
    if not isinstance(rank, int):
        raise OnnxError(f"expected an image_shape of known rank, found {image_shape.type}")
    kernel, known = ctx.ints(block_shape), ctx.extents(image_shape)
    pads = node.get("pads") or (0,) * (2 * rank)
    channels = None if kernel is None else x.shape[1] // prod(kernel)
    spatial: Sequence[Extent | None] = [None] * rank if known is None else known
    dims = ctx.unknown(node, 0, like=[x.shape[0], channels, *spatial])
    shape = block = None
    if kernel is None:
        block = ctx.cast(block_shape, "si64")
    if kernel is None or known is None:
        own = ctx.emit("slice", ctx.shape(x), starts=(0,), stops=(2,), steps=(1,))
        taps = ctx.emit("reduce.mul", ctx.cast(block_shape, "si64"), keepdims=True)
        first = ctx.emit("floor_div", own, ctx.emit("concat", [ctx.constant([1], "si64"), taps], axis=0))
        shape = ctx.emit("concat", [first, ctx.cast(image_shape, "si64")], axis=0)
    return ctx.emit(
        "col2im",
        x,
        shape,
        block,
        kernel=None if kernel is None else tuple(kernel),
        strides=node.get("strides"),
        dilations=node.get("dilations"),
        low=tuple(pads[:rank]),
        high=tuple(pads[rank:]),
        to=(dims, x.dtype),
    )


@converter("DeformConv")
def deform_conv(
    ctx: Context,
    node: Node,
    x: Tensor,
    w: Tensor,
    offset: Tensor,
    bias: Tensor | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    groups, rank = node.get("group", 1), w.ndim - 2
    x = ctx.assume(x, [x.shape[0], w.shape[1] * groups, *x.shape[2:]])
    windows = sliding(ctx, node, x, kernel_of(w))
    moved = node.get("offset_group", 1)
    each = moved * prod(kernel_of(w))
    spatial = [
        (extent + low + high - over) // stride + 1
        for extent, low, high, over, stride in zip(
            x.shape[2:], windows.low, windows.high, reach(kernel_of(w), windows.dilations), windows.strides, strict=True
        )
    ]
    offset = ctx.assume(offset, [x.shape[0], each * rank, *spatial])
    mask = None if mask is None else ctx.assume(mask, [x.shape[0], each, *spatial])
    fields = windows.fields()
    return ctx.emit("deform_conv", x, w, offset, bias, mask, groups=groups, offset_groups=moved, **fields)
