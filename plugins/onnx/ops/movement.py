# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Parts of tensors, and tensors made of others."""

import numpy as np

from mograph.dialects.kit import Dim, dim_max, dim_min
from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..contents import is_extent
from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter
from .shape import scalar

FRONT, END = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@converter("Concat")
def concat(ctx: Context, node: Node, *inputs: Tensor) -> Tensor:
    axis = node["axis"] if node.version >= 4 else node.get("axis", 1)
    axis %= max(inputs[0].ndim, 1)
    first, same = inputs[0].shape, []
    for each in inputs:
        shape = list(map(_equal, each.shape, first))
        shape[axis] = each.shape[axis]
        same.append(ctx.assume(each, shape))
    return ctx.emit("concat", same, axis=axis)


def _equal(extent: Extent, wanted: Extent) -> Extent:
    """What an extent becomes that must be equal to another; itself if both are constant, for the verifier to say so."""
    return extent if isinstance(extent, int) and isinstance(wanted, int) else wanted


@converter("Slice")
def slice_(
    ctx: Context,
    node: Node,
    x: Tensor,
    starts: Tensor | None = None,
    ends: Tensor | None = None,
    axes: Tensor | None = None,
    steps: Tensor | None = None,
) -> Tensor:
    if starts is None:
        starts, ends = (ctx.constant(node[name], "si64") for name in ("starts", "ends"))
        axes = None if node.get("axes") is None else ctx.constant(node["axes"], "si64")
    assert ends is not None
    if axes is not None and ctx.ints(axes) is None:
        return _sliced_at_run_time(ctx, node, x, axes, starts, ends, steps)
    where = _axes(ctx, x, starts, axes)
    first, last = ctx.extents(starts), ctx.extents(ends)
    stride = [1] * len(where) if steps is None else ctx.ints(steps)
    if first is None or last is None or stride is None or any(isinstance(each, Dim) for each in first):
        return _sliced_at_run_time(ctx, node, x, where, starts, ends, steps)
    bounds: list[list[Extent]] = [[0] * x.ndim, [END] * x.ndim, [1] * x.ndim]
    for axis, start, stop, step in zip(where, first, last, stride, strict=True):
        if isinstance(stop, Dim):
            if stop != x.shape[axis]:
                return _sliced_at_run_time(ctx, node, x, where, starts, ends, steps)
            stop = END
        bounds[0][axis], bounds[1][axis], bounds[2][axis] = start, stop, step
    return ctx.emit("slice", x, starts=bounds[0], stops=bounds[1], steps=bounds[2])


def _axes(ctx: Context, x: Tensor, starts: Tensor, axes: Tensor | None) -> list[int]:
    if axes is None:
        (count,) = starts.shape
        if not isinstance(count, int):
            raise OnnxError("expected starts whose number is known when the model is imported")
        return list(range(count))
    found = ctx.ints(axes)
    if found is None:
        raise OnnxError("expected axes that are known when the model is imported")
    return [axis % x.ndim for axis in found]


def _sliced_at_run_time(
    ctx: Context, node: Node, x: Tensor, axes: list[int] | Tensor, starts: Tensor, ends: Tensor, steps: Tensor | None
) -> Tensor:
    """A slice whose bounds are operands; extents of the result follow from them, or are what the model declares."""
    whole = [ctx.constant([value] * x.ndim, "si64") for value in (0, END, 1)]
    given = [None if each is None else ctx.cast(each, "si64") for each in (starts, ends, steps)]
    bounds = [all_ if each is None else at_axes(ctx, each, axes, all_) for all_, each in zip(whole, given, strict=True)]
    like = _but_for(axes, x)
    first, last = ctx.partly_known(starts), ctx.partly_known(ends)
    if not isinstance(axes, Tensor) and first and last and (steps is None or ctx.ints(steps) == [1] * len(axes)):
        for axis, start, stop in zip(axes, first, last, strict=True):
            like[axis] = _between(x.shape[axis], start, stop)
    return ctx.emit("dynamic.slice", x, *bounds, to=(ctx.unknown(node, 0, like=like), x.dtype))


def _between(extent: Extent, start: Extent | None, stop: Extent | None) -> Extent | None:
    """How many elements are from `start` to before `stop`; None if that is not known, or if they count from the end."""
    if start is None or stop is None or not is_extent(start) or not is_extent(stop):
        return None
    return dim_max(dim_min(stop, extent) - dim_min(start, extent), 0)


def _but_for(axes: list[int] | Tensor, x: Tensor) -> list[Extent | None]:
    """The extents of a tensor, but for those on axes where they become others."""
    return [None if isinstance(axes, Tensor) or axis in axes else extent for axis, extent in enumerate(x.shape)]


def at_axes(ctx: Context, values: Tensor, axes: list[int] | Tensor, others: Tensor) -> Tensor:
    """A number for each axis of a tensor: one of `values` for each of `axes`, and those of `others` elsewhere."""
    if isinstance(axes, Tensor):
        return ctx.emit("scatter_nd", others, ctx.emit("unsqueeze", ctx.cast(axes, "si64"), axes=(1,)), values)
    if axes == list(range(others.shape[0] if isinstance(others.shape[0], int) else 0)):
        return values
    return ctx.emit("scatter_nd", others, ctx.constant([[axis] for axis in axes], "si64"), values)


@converter("Range")
def range_(ctx: Context, node: Node, start: Tensor, limit: Tensor, step: Tensor) -> Tensor:
    start, limit, step = (ctx.emit("reshape", each, to=((), each.dtype)) for each in (start, limit, step))
    first, last, stride = (ctx.extents(each) for each in (start, limit, step))
    if first is not None and last is not None and stride == [1] and first == [0]:
        return ctx.emit("iota", to=((last[0],), start.dtype))
    return ctx.emit("range", start, limit, step, to=(ctx.unknown(node, 0, 1), start.dtype))


@converter("Split")
def split(ctx: Context, node: Node, x: Tensor, sizes: Tensor | None = None) -> tuple[Tensor, ...]:
    axis = node.get("axis", 0) % max(x.ndim, 1)
    extent, number = x.shape[axis], len(node.outputs)
    given = node.get("split") if sizes is None else ctx.extents(sizes)
    if sizes is not None and given is None:
        return _split_at_run_time(ctx, node, x, axis, ctx.cast(sizes, "si64"))
    if given is None:
        part = -(-extent // number) if isinstance(extent, int) else (extent + number - 1) // number
        given = [*[part] * (number - 1), extent - part * (number - 1)]
    types = [((*x.shape[:axis], each, *x.shape[axis + 1 :]), x.dtype) for each in given]
    return ctx.emit_all("split", x, axis=axis, to=types)


def _split_at_run_time(ctx: Context, node: Node, x: Tensor, axis: int, sizes: Tensor) -> tuple[Tensor, ...]:
    """Parts whose sizes are operands: each is a slice, from the sum of the sizes before it on."""
    number = len(node.outputs)
    each = ctx.emit_all("split", ctx.assume(sizes, (number,)), axis=0, to=[((1,), "si64")] * number)
    zeros, ends, ones = (ctx.constant([value] * x.ndim, "si64") for value in (0, END, 1))
    start, parts = ctx.constant([0], "si64"), []
    for index, size in enumerate(each):
        stop = ctx.emit("add", start, size)
        bounds = at_axes(ctx, start, [axis], zeros), at_axes(ctx, stop, [axis], ends), ones
        dims = ctx.unknown(node, index, like=_but_for([axis], x))
        parts.append(ctx.emit("dynamic.slice", x, *bounds, to=(dims, x.dtype)))
        start = stop
    return tuple(parts)


@converter("Pad")
def pad(
    ctx: Context,
    node: Node,
    x: Tensor,
    pads: Tensor | None = None,
    value: Tensor | None = None,
    axes: Tensor | None = None,
) -> Tensor:
    mode = node.get("mode", "constant")
    if pads is None:
        pads = ctx.constant(node["pads"], "si64")
        value = ctx.constant(node.get("value", 0.0), x.dtype)
    if value is not None:
        value = ctx.emit("reshape", value, to=((), value.dtype))
    known = ctx.ints(pads)
    given = None if axes is None else ctx.ints(axes)
    if axes is not None and given is None:
        return _padded_at_run_time(ctx, node, x, pads, value, axes, mode)
    where = list(range(x.ndim)) if given is None else [axis % x.ndim for axis in given]
    if known is None:
        return _padded_at_run_time(ctx, node, x, pads, value, where, mode)
    low, high = [0] * x.ndim, [0] * x.ndim
    for axis, before, after in zip(where, known, known[len(where) :], strict=False):
        low[axis], high[axis] = before, after
    if mode != "constant" and min(low + high, default=0) < 0:
        x = ctx.emit("pad", x, low=[min(each, 0) for each in low], high=[min(each, 0) for each in high])
        low, high = [max(each, 0) for each in low], [max(each, 0) for each in high]
    return ctx.emit("pad", x, value if mode == "constant" else None, low=low, high=high, mode=mode)


def _padded_at_run_time(
    ctx: Context, node: Node, x: Tensor, pads: Tensor, value: Tensor | None, axes: list[int] | Tensor, mode: str
) -> Tensor:
    count = axes.shape[0] if isinstance(axes, Tensor) else len(axes)
    pads = ctx.assume(ctx.cast(pads, "si64"), (2 * count,))
    halves = ctx.emit_all("split", pads, axis=0, to=[((count,), "si64")] * 2)
    low, high = (at_axes(ctx, half, axes, ctx.constant([0] * x.ndim, "si64")) for half in halves)
    dims = ctx.unknown(node, 0, like=_but_for(axes, x))
    return ctx.emit("dynamic.pad", x, low, high, value if mode == "constant" else None, mode=mode, to=(dims, x.dtype))


@converter("Tile")
def tile(ctx: Context, node: Node, x: Tensor, repeats: Tensor, axis: Tensor | None = None) -> Tensor:
    if node.version < 6:
        count, along = ctx.ints(repeats), ctx.ints(axis)
        if count is None or along is None:
            raise OnnxError("expected tiles and axis that are known when the model is imported")
        return ctx.emit("tile", x, repeats=[count[0] if at == along[0] else 1 for at in range(x.ndim)])
    known = ctx.ints(repeats)
    if known is not None:
        return ctx.emit("tile", x, repeats=known)
    counts = ctx.extents(repeats)
    like = [None] * x.ndim if counts is None else [a * b for a, b in zip(x.shape, counts, strict=True)]
    return ctx.emit("dynamic.tile", x, ctx.cast(repeats, "si64"), to=(ctx.unknown(node, 0, like=like), x.dtype))


@converter("Trilu")
def trilu(ctx: Context, node: Node, x: Tensor, k: Tensor | None = None) -> Tensor:
    return ctx.emit("trilu", x, None if k is None else scalar(ctx, k), upper=bool(node.get("upper", 1)))


@converter("SpaceToDepth")
def space_to_depth(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("space_to_depth", x, block_size=node["blocksize"], mode=node.get("mode", "DCR").lower())


@converter("DepthToSpace")
def depth_to_space(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("depth_to_space", x, block_size=node["blocksize"], mode=node.get("mode", "DCR").lower())


@converter("ReverseSequence")
def reverse_sequence(ctx: Context, node: Node, x: Tensor, lengths: Tensor) -> Tensor:
    axes = {"batch_axis": node.get("batch_axis", 1), "time_axis": node.get("time_axis", 0)}
    return ctx.emit("reverse_sequence", x, lengths, **axes)
