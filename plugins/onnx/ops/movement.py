# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Parts of tensors, and tensors made of others."""

import numpy as np

from mograph.dialects.kit import Dim
from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter

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
    ctx: Context, node: Node, x: Tensor, axes: list[int], starts: Tensor, ends: Tensor, steps: Tensor | None
) -> Tensor:
    """A slice whose bounds are operands; extents of the result are what they come to, or what the model declares."""
    whole = [ctx.constant([value] * x.ndim, "si64") for value in (0, END, 1)]
    given = [ctx.cast(each, "si64") if each is not None else None for each in (starts, ends, steps)]
    if axes != list(range(x.ndim)):
        indices = ctx.constant([[axis] for axis in axes], "si64")
        bounds = [
            all_ if each is None else ctx.emit("scatter_nd", all_, indices, each)
            for all_, each in zip(whole, given, strict=True)
        ]
    else:
        bounds = [all_ if each is None else each for all_, each in zip(whole, given, strict=True)]
    known = [None if axis in axes else extent for axis, extent in enumerate(x.shape)]
    dims = ctx.unknown(node, 0, like=known)
    return ctx.emit("dynamic.slice", x, *bounds, to=(dims, x.dtype))


@converter("Range")
def range_(ctx: Context, node: Node, start: Tensor, limit: Tensor, step: Tensor) -> Tensor:
    start, limit, step = (ctx.emit("reshape", each, to=((), each.dtype)) for each in (start, limit, step))
    first, last, stride = (ctx.extents(each) for each in (start, limit, step))
    if first is not None and last is not None and stride == [1] and first == [0]:
        return ctx.emit("iota", to=((last[0],), start.dtype))
    return ctx.emit("range", start, limit, step, to=(ctx.unknown(node, 0, 1), start.dtype))


@converter("Gather")
def gather(ctx: Context, node: Node, x: Tensor, indices: Tensor) -> Tensor:
    return ctx.emit("gather", x, indices, axis=node.get("axis", 0))
