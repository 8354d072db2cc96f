# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Resizing, and what lies between elements."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from mograph.dialects.kit import Dim
from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter


@converter("Upsample")
def upsample(ctx: Context, node: Node, x: Tensor, scales: Tensor | None = None) -> Tensor:
    if scales is None:
        scales = ctx.constant(node["scales"], "f32")  # before opset 9
    return _by_scales(ctx, node, x, scales, mode=node.get("mode", "nearest"), coordinates="asymmetric", nearest="floor")


@converter("Resize")
def resize(
    ctx: Context,
    node: Node,
    x: Tensor,
    roi: Tensor | None = None,
    scales: Tensor | None = None,
    sizes: Tensor | None = None,
) -> Tensor:
    mode = node.get("mode", "nearest")
    if node.version < 11:  # its second input is what the third is now
        assert roi is not None
        return _by_scales(ctx, node, x, roi, mode=mode, coordinates="asymmetric", nearest="floor")
    coordinates = node.get("coordinate_transformation_mode", "half_pixel")
    axes = [axis % x.ndim for axis in node.get("axes", range(x.ndim))]
    fields: dict[str, Any] = {
        "mode": mode,
        "coordinates": coordinates,
        "nearest": node.get("nearest_mode", "round_prefer_floor"),
        "cubic_coeff": node.get("cubic_coeff_a", -0.75),
        "exclude_outside": bool(node.get("exclude_outside", 0)),
        "antialias": bool(node.get("antialias", 0)) and mode != "nearest",
        "extrapolation_value": node.get("extrapolation_value", 0.0),
    }
    if coordinates == "tf_crop_and_resize":
        if roi is None:
            raise OnnxError("expected roi with tf_crop_and_resize")
        fields["roi"] = _for_all_axes(ctx, _wide(ctx, roi), [*axes, *(axis + x.ndim for axis in axes)], _whole(x.ndim))
    if scales is not None and scales.shape != (0,):
        return _by_scales(ctx, node, x, _for_all_axes(ctx, scales, axes, np.ones(x.ndim, np.float32)), **fields)
    if sizes is None:
        raise OnnxError("expected scales or sizes")
    policy = node.get("keep_aspect_ratio_policy", "stretch")
    if policy == "stretch":
        return _to_sizes(ctx, node, x, sizes, axes, fields)
    return _kept_in_ratio(ctx, node, x, sizes, axes, policy, fields)


def _whole(rank: int) -> "np.ndarray[Any, Any]":
    return np.array([0] * rank + [1] * rank, np.float32)


def _wide(ctx: Context, x: Tensor) -> Tensor:
    return x if x.dtype in ("f32", "f64") else ctx.cast(x, "f32")


def _for_all_axes(ctx: Context, given: Tensor, places: Sequence[int], others: "np.ndarray[Any, Any]") -> Tensor:
    """A number for each axis: those that are given at their places, and others."""
    if list(places) == list(range(len(others))):
        return given
    known = ctx.array(given)
    if known is not None:
        full = others.astype(known.dtype)
        full[list(places)] = known
        return ctx.constant(full, given.dtype)
    return ctx.emit("scatter", ctx.constant(others, given.dtype), ctx.constant(places, "si64"), given, axis=0)


def _by_scales(
    ctx: Context, node: Node, x: Tensor, scales: Tensor, *, roi: Tensor | None = None, **fields: Any
) -> Tensor:
    """Resized by what may be known when the model is imported, or only when it runs."""
    known = ctx.array(scales)
    scales = _wide(ctx, ctx.assume(scales, (x.ndim,)))
    if known is None:
        shape = ctx.unknown(node, 0, x.ndim)
    else:
        shape = [_scaled(extent, float(scale)) for extent, scale in zip(x.shape, known, strict=True)]
    return ctx.emit("resize", x, None, scales, roi, to=(shape, x.dtype), **fields)


def _scaled(extent: Extent, scale: float) -> Extent:
    """floor(extent * scale), in which the scale is exact."""
    exact = Fraction(scale)
    return extent * exact.numerator // exact.denominator


def _to_sizes(
    ctx: Context, node: Node, x: Tensor, sizes: Tensor, axes: Sequence[int], fields: dict[str, Any]
) -> Tensor:
    known = ctx.extents(sizes)
    roi = fields.pop("roi", None)
    if known is not None:
        shape = list(x.shape)
        for axis, extent in zip(axes, known, strict=True):
            shape[axis] = extent
        return ctx.emit("resize", x, None, None, roi, to=(shape, x.dtype), **fields)
    operand = ctx.cast(sizes, "si64")
    if list(axes) != list(range(x.ndim)):
        operand = ctx.emit("scatter", ctx.shape(x), ctx.constant(axes, "si64"), operand, axis=0)
    like = [None if axis in axes else extent for axis, extent in enumerate(x.shape)]
    return ctx.emit("resize", x, operand, None, roi, to=(ctx.unknown(node, 0, like=like), x.dtype), **fields)


def _kept_in_ratio(
    ctx: Context, node: Node, x: Tensor, sizes: Tensor, axes: Sequence[int], policy: str, fields: dict[str, Any]
) -> Tensor:
    """All axes by the smallest, or the largest, of the scales that the sizes ask for; extents are rounded."""
    if policy not in ("not_larger", "not_smaller"):
        raise OnnxError(f"expected keep_aspect_ratio_policy stretch, not_larger or not_smaller, found {policy}")
    roi = fields.pop("roi", None)
    known, own = ctx.ints(sizes), [x.shape[axis] for axis in axes]
    if known is not None and not any(isinstance(extent, Dim) for extent in own):
        ratios = [want / int(str(have)) for want, have in zip(known, own, strict=True)]
        ratio = min(ratios) if policy == "not_larger" else max(ratios)
        scales, shape = np.ones(x.ndim), list(x.shape)
        for axis, extent in zip(axes, own, strict=True):
            scales[axis], shape[axis] = ratio, floor(ratio * int(str(extent)) + 0.5)
        return ctx.emit("resize", x, None, ctx.constant(scales, "f64"), roi, to=(shape, x.dtype), **fields)
    places = ctx.constant(axes, "si64")
    have = ctx.cast(ctx.emit("gather", ctx.shape(x), places, axis=0), "f64")
    ratios_ = ctx.emit("div", ctx.cast(sizes, "f64"), have)
    ratio_ = ctx.emit("reduce.min" if policy == "not_larger" else "reduce.max", ratios_)
    made = ctx.cast(ctx.emit("floor", ctx.emit("add", ctx.emit("mul", ratio_, have), 0.5)), "si64")
    shape_ = ctx.emit("scatter", ctx.shape(x), places, made, axis=0)
    each = ctx.emit("expand", ratio_, to=([len(axes)], "f64"))
    scales_ = ctx.emit("scatter", ctx.constant(np.ones(x.ndim), "f64"), places, each, axis=0)
    like = [None if axis in axes else extent for axis, extent in enumerate(x.shape)]
    return ctx.emit("resize", x, shape_, scales_, roi, to=(ctx.unknown(node, 0, like=like), x.dtype), **fields)


@converter("GridSample")
def grid_sample(ctx: Context, node: Node, x: Tensor, grid: Tensor) -> Tensor:
    mode = node.get("mode", "linear")
    return ctx.emit(
        "grid_sample",
        x,
        ctx.cast(ctx.assume(grid, [x.shape[0], *grid.shape[1:]]), x.dtype),
        mode={"bilinear": "linear", "bicubic": "cubic"}.get(mode, mode),
        padding=node.get("padding_mode", "zeros"),
        align_corners=bool(node.get("align_corners", 0)),
    )


@converter("RoiAlign")
def roi_align(ctx: Context, node: Node, x: Tensor, rois: Tensor, batch_indices: Tensor) -> Tensor:
    # Before opset 16 no half pixel was taken off.
    default = "half_pixel" if node.version >= 16 else "output_half_pixel"
    return ctx.emit(
        "roi_align",
        x,
        rois,
        ctx.cast(ctx.assume(batch_indices, [rois.shape[0]]), "si64"),
        output_height=node.get("output_height", 1),
        output_width=node.get("output_width", 1),
        mode=node.get("mode", "avg"),
        coordinates=node.get("coordinate_transformation_mode", default),
        sampling_ratio=node.get("sampling_ratio", 0),
        spatial_scale=node.get("spatial_scale", 1.0),
    )
