# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Extents and ranges along one axis, for conversions that are written in several operations."""

from mograph.graph import Tensor

from ..context import Context

END = 2**63 - 1
"""Where a range ends that goes to the end."""


def extent_of(ctx: Context, x: Tensor, axis: int) -> Tensor:
    """An extent, as a tensor of rank 0."""
    extent = x.shape[axis]
    return ctx.constant(extent, "si64") if isinstance(extent, int) else ctx.emit("dim", x, axis=axis)


def part(ctx: Context, x: Tensor, axis: int, start: int, stop: int = END) -> Tensor:
    """The elements from `start` to before `stop` along an axis."""
    starts, stops = [0] * x.ndim, [END] * x.ndim
    starts[axis], stops[axis] = start, stop
    return ctx.emit("slice", x, starts=starts, stops=stops, steps=[1] * x.ndim)
