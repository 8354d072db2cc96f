# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.conv`, one loop nest of products over an input with its padding around it; and what goes the other way,
`mo.conv_transpose` and `mo.col2im`, where each element gathers from the windows that reach it.
"""

import math
from collections.abc import Sequence
from typing import Any

from mograph._records import record
from mograph.dialects.kit import Dim
from mograph.dialects.mo.windows import Windows
from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor, contraction, loops, shapes, windows
from mograph.transforms.lower.builder.binding import bind_shape
from mograph.transforms.lower.builder.rearranged import Part, rearranged
from mograph.transforms.lower.builder.scalar import constant, equal, widen
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "col2im", "conv", "conv_transpose", "correlate"]

OPS = ("mo.col2im", "mo.conv", "mo.conv_transpose")


def conv(
    k: KernelBuilder, op: Op, x: Tensor, w: Tensor, bias: Tensor | None = None, *, as_stored: bool = False
) -> Tensor:
    """The input is padded, and read where the windows are. `as_stored`, its elements are widened as they are multiplied
    and not before.
    """
    last = op.layout == "channels_last"
    rank = x.rank - 2
    spatial = range(1, 1 + rank) if last else range(2, 2 + rank)
    kernel = w.shape[:rank] if last else w.shape[2:]
    strides, dilations = op.strides or (1,) * rank, op.dilations or (1,) * rank
    low, high = op.low or (0,) * rank, op.high or (0,) * rank
    for i, axis in enumerate(spatial):
        reach = dilations[i] * (kernel[i] - 1) + 1
        windows.require_fit(k, op.OPERATION_NAME, x.shape[axis] + low[i] + high[i], reach)
    x = windows.padded(k, x, spatial, low, high, 0)
    return correlate(k, x, w, bias, strides, dilations, op.groups, last, op.result.type.shape, as_stored)


def correlate(
    k: KernelBuilder,
    x: Tensor,
    w: Tensor,
    bias: Tensor | None,
    strides: Sequence[int],
    dilations: Sequence[int],
    groups: int,
    last: bool,
    shape: Sequence[Any],
    as_stored: bool = False,
) -> Tensor:
    """`mo.conv` of an input that has its padding around it."""
    rank = x.rank - 2
    dtype = x.dtype
    results = shape[-1] if last else shape[1]
    # With a dimension for the groups: [b, g, c, d..] by [g, m, c, k..], or [b, d.., g, c] by [k.., c, g, m].
    split = (groups, results // groups)
    if last:
        x = k.reshape(_plain(k, x, as_stored), (*x.shape[:-1], groups, w.shape[-2]))
        w = k.reshape(_plain(k, w, as_stored), (*w.shape[:-1], *split))
        out = (*shape[:-1], *split)
    else:
        x = k.reshape(_plain(k, x, as_stored), (x.shape[0], groups, w.shape[1], *x.shape[2:]))
        w = k.reshape(_plain(k, w, as_stored), (*split, *w.shape[1:]))
        out = (shape[0], *split, *shape[2:])
    kernel = w.shape[:rank] if last else w.shape[3:]
    # The loops: those of the result in its order, the channels, the taps of the windows; a lone tap needs no loop.
    b, places = 0, range(1, 1 + rank) if last else range(3, 3 + rank)
    g, m = (1 + rank, 2 + rank) if last else (1, 2)
    c = 3 + rank
    count = c + 1
    taps: list[int | None] = []
    for extent in kernel:
        taps.append(None if extent == 1 else count)
        count += extent != 1
    read = tuple(
        windows.under(place, stride, tap, dilation)
        for place, stride, tap, dilation in zip(places, strides, taps, dilations, strict=True)
    )
    placed = (b, *read, g, c) if last else (b, g, c, *read)
    weights = (*taps, c, g, m) if last else (g, m, c, *taps)
    compute, factors = dtype.compute, (x.dtype, w.dtype)

    def multiply_add(arguments: list[Any]) -> list[Any]:
        return contraction.multiply_add(k, factors, compute, arguments)

    iterators = ["parallel"] * c + ["reduction"] * (count - c)
    start = _start(k, bias, compute, split, out, last)
    (value,) = loops.generic(
        k, iterators, [(x.value, placed), (w.value, weights)], [(start, tuple(range(c)))], multiply_add
    )
    return k.cast(k.reshape(Tensor(k, compute, out, value=value), tuple(shape)), dtype)


def _plain(k: KernelBuilder, x: Tensor, as_stored: bool = False) -> Tensor:
    """`x` in memory, and in the type that is computed with; `as_stored`, in its own."""
    if as_stored or x.dtype.compute is x.dtype:
        return Tensor(k, x.dtype, x.shape, value=x.value)
    # Each element is read many times, and is to be widened once.
    return shapes.materialized(k, k.cast(x, x.dtype.compute))


def _start(k: KernelBuilder, bias: Tensor | None, compute: Any, split: tuple[Any, Any], out: Any, last: bool) -> Any:
    """What the sums start at: the bias, or 0."""
    if bias is None:
        return k.filled(out, constant(k.em, 0, compute))
    shape = split if last else (*split, *[1] * (len(out) - 3))
    return k.map(widen, k.reshape(bias, shape), dtype=compute, shape=out).value


def conv_transpose(k: KernelBuilder, op: Op, x: Tensor, w: Tensor, bias: Tensor | None = None) -> Tensor:
    """A convolution whose results are put side by side where it can be; else one product of matrices gives the window
    of every element, and each result gathers from those that reach it.
    """
    last = op.layout == "channels_last"
    rank, dtype, shape, groups = x.rank - 2, x.dtype, tuple(op.result.type.shape), op.groups
    spatial = range(1, 1 + rank) if last else range(2, 2 + rank)
    extents = [x.shape[axis] for axis in spatial]
    for axis, extent in zip(spatial, extents, strict=True):
        windows.require_fit(k, op.OPERATION_NAME, extent, 1)
        windows.require_fit(k, op.OPERATION_NAME, shape[axis], 0)
    kernel = w.shape[:rank] if last else w.shape[2:]
    sliding = Windows.of(kernel, op.strides, op.dilations, op.low, op.high)
    span = _Span.of(sliding, extents, [shape[axis] for axis in spatial])
    if span is not None and all(isinstance(extent, int) for extent in w.shape):
        return _by_phases(k, x, w, bias, sliding, span, groups, last, shape)
    # With a dimension for the groups. The labels: batch, group, result, channel, and each tap and place.
    compute = dtype.compute
    x, w = _plain(k, x), _plain(k, w)
    each = w.shape[-2] if last else w.shape[1]
    channels = (x.shape[-1] if last else x.shape[1]) // groups
    taps, places = [f"k{i}" for i in range(rank)], [f"d{i}" for i in range(rank)]
    if last:
        x = k.reshape(x, (*x.shape[:-1], groups, channels))
        w = k.reshape(w, (*kernel, each, groups, channels))
        read, weights = ("b", *places, "g", "c"), (*taps, "m", "g", "c")
        made = ("b", *places, "g", *taps, "m")
    else:
        x = k.reshape(x, (x.shape[0], groups, channels, *extents))
        w = k.reshape(w, (groups, channels, each, *kernel))
        read, weights = ("b", "g", "c", *places), ("g", "c", "m", *taps)
        made = ("b", "g", "m", *taps, *places)
    columns = contraction.product(k, (x, read), (w, weights), made, compute)

    def at(indices: list[Scalar], places: list[Scalar], taps: list[Scalar]) -> list[Scalar]:
        if last:
            return [indices[0], *places, indices[1 + rank], *taps, indices[2 + rank]]
        return [*indices[:3], *taps, *places]

    split = (groups, each)
    out = (*shape[:-1], *split) if last else (shape[0], *split, *shape[2:])
    axes = range(1, 1 + rank) if last else range(3, 3 + rank)
    start = _start(k, bias, compute, split, out, last)
    y = windows.overlapped(k, columns, at, start, out, axes, sliding, extents)
    return k.cast(k.reshape(y, shape), dtype)


@record
class _Span:
    """How far the results of `mo.conv_transpose` reach into those of a convolution, on each axis. With strides s, place
    s q + r of the result with its padding gets what the taps r, r + s … add of the elements q, q - 1 …: `reach` of
    them, where the last `room` taps are none of the window. Results are wanted for q from `first` on, `count` of them;
    that takes `before` elements more than the input has at its start, and `behind` at its end.
    """

    reach: list[int]
    room: list[int]
    first: list[int]
    count: list[int]
    before: list[int]
    behind: list[int]

    @classmethod
    def of(cls, sliding: Windows, extents: Sequence[Any], results: Sequence[Any]) -> "_Span | None":
        """None where extents are not known, there is nothing to do, or other elements than neighbours are added."""
        if any(dilation != 1 for dilation in sliding.dilations):
            return None
        known = [
            [each for each in some if isinstance(each, int) and each] for some in (extents, results, sliding.kernel)
        ]
        if any(len(some) != len(extents) for some in known):
            return None
        extents, results, kernel = known
        reach = [-(-size // stride) for size, stride in zip(kernel, sliding.strides, strict=True)]
        room = [size * stride - tap for size, stride, tap in zip(reach, sliding.strides, kernel, strict=True)]
        first = [low // stride for low, stride in zip(sliding.low, sliding.strides, strict=True)]
        ends = [
            -(-(low + result) // stride)
            for low, result, stride in zip(sliding.low, results, sliding.strides, strict=True)
        ]
        before = [size - 1 - start for size, start in zip(reach, first, strict=True)]
        behind = [end - extent for end, extent in zip(ends, extents, strict=True)]
        if min(*before, *behind) < 0:
            return None
        return cls(reach, room, first, [end - start for end, start in zip(ends, first, strict=True)], before, behind)


def _by_phases(
    k: KernelBuilder,
    x: Tensor,
    w: Tensor,
    bias: Tensor | None,
    sliding: Windows,
    span: _Span,
    groups: int,
    last: bool,
    shape: tuple[Any, ...],
) -> Tensor:
    """One convolution has the results of all r, as results of its own, which are then put between each other."""
    rank, strides, phases = len(span.reach), sliding.strides, math.prod(sliding.strides)
    axes = range(rank)
    spatial = range(1, 1 + rank) if last else range(2, 2 + rank)
    each, channels = (w.shape[-2], w.shape[-1] // groups) if last else (w.shape[1], w.shape[0] // groups)
    w = _by_neighbours(k, w, sliding, span, groups, last)
    count = groups * each * phases
    if bias is not None:
        bias = k.reshape(k.broadcast_to(k.reshape(bias, (groups * each, 1)), (groups * each, phases)), (count,))
    x = windows.padded(k, x, spatial, span.before, span.behind, 0)
    ones = (1,) * rank
    made = (shape[0], *span.count, count) if last else (shape[0], count, *span.count)
    y = correlate(k, x, w, bias, ones, ones, groups, last, made)
    results = groups * each
    y = k.reshape(y, (shape[0], *span.count, results, *strides) if last else (shape[0], results, *strides, *span.count))
    pairs = [at for axis in axes for at in ((1 + axis, 2 + rank + axis) if last else (2 + rank + axis, 2 + axis))]
    y = k.transpose(y, (0, *pairs, 1 + rank) if last else (0, 1, *pairs))
    whole = [extent * stride for extent, stride in zip(span.count, strides, strict=True)]
    y = k.reshape(y, (shape[0], *whole, results) if last else (shape[0], results, *whole))
    starts = [0] * y.rank
    for axis, low, stride, at in zip(spatial, sliding.low, strides, span.first, strict=True):
        starts[axis] = low - at * stride
    return k.slice(y, starts, [1] * y.rank, shape)


def _by_neighbours(k: KernelBuilder, w: Tensor, sliding: Windows, span: _Span, groups: int, last: bool) -> Tensor:
    """The filter of that convolution, with results of group, result and r, and the neighbours from the last one on; 0
    where a window has no tap.
    """
    each, channels = (w.shape[-2], w.shape[-1] // groups) if last else (w.shape[1], w.shape[0] // groups)
    kernel: tuple[int, ...] = w.shape[: len(span.reach)] if last else w.shape[2:]
    window = math.prod(kernel)
    phases, neighbours = [], []
    for axis, (reach, stride, room) in enumerate(zip(span.reach, sliding.strides, span.room, strict=True)):
        step = math.prod(kernel[axis + 1 :]) * (groups * each * channels if last else 1)
        mark = 1 << axis if room else 0
        phases.append(Part(stride, step, 0, mark, range(stride - room, stride)))
        neighbours.append(Part(reach, -stride * step, (reach - 1) * stride * step, mark, range(1)))
    group = Part(groups, channels if last else channels * each * window)
    channel = Part(channels, 1 if last else each * window)
    results = [group, Part(each, groups * channels if last else window), *phases]
    count = groups * each * math.prod(sliding.strides)
    if last:
        return k.reshape(rearranged(k, w, [*neighbours, channel], results), (*span.reach, channels, count))
    return k.reshape(rearranged(k, w, results, [channel, *neighbours]), (count, channels, *span.reach))


def col2im(k: KernelBuilder, op: Op, columns: Tensor, *others: Tensor) -> Tensor:
    """Each element gathers from the windows that reach it."""
    extents = tuple(op.result.type.shape)
    given = iter(others)
    shape, block = (next(given) if field is not None else None for field in (op.shape, op.block))
    if shape is not None:
        bind_shape(k, op, extents, shape)
    rank = len(extents) - 2
    kernel = op.kernel if block is None else _bound_kernel(k, op, block, rank, extents[1], columns.shape[1])
    sliding = Windows.of(kernel, op.strides, op.dilations, op.low, op.high)
    for extent, reach, low, high in zip(extents[2:], sliding.reach, sliding.low, sliding.high, strict=True):
        windows.require_fit(k, op.OPERATION_NAME, extent + low + high, reach)
    counts = sliding.counts(extents[2:])
    total, found = math.prod(counts), columns.shape[2]
    if total != found:
        same = equal(k.index(k.dim(total)), k.index(k.dim(found)))
        k.require(same, f"{op.OPERATION_NAME}: expected {total} columns, one for each window; found {found}")
    compute = columns.dtype.compute
    split = k.reshape(columns, (*extents[:2], *kernel, *counts), checked=True)
    source = Tensor(k, split.dtype, split.shape, value=split.value)
    start = k.filled(extents, constant(k.em, 0, compute))

    def at(indices: list[Scalar], places: list[Scalar], taps: list[Scalar]) -> list[Scalar]:
        return [*indices[:2], *taps, *places]

    y = windows.overlapped(k, source, at, start, extents, range(2, 2 + rank), sliding, counts)
    return k.cast(y, columns.dtype)


def _bound_kernel(k: KernelBuilder, op: Op, block: Tensor, rank: int, channels: Any, rows: Any) -> list[Any]:
    """The extents of windows that an operand gives, as dimensions of the rule's own."""
    kernel: list[Any] = []
    for axis in range(rank):
        name = f"window_{axis}_of_col2im"
        extent = k.index(k.extract(block, [axis]))
        k.require(extent > 0, f"{op.OPERATION_NAME}: expected windows of 1 or more elements")
        k.dims.bind(name, extent.value)
        kernel.append(Dim(name))
    wanted = channels * math.prod(kernel)
    k.require(
        equal(k.index(k.dim(wanted)), k.index(k.dim(rows))),
        f"{op.OPERATION_NAME}: expected as many rows as taps of channels, found {rows}",
    )
    return kernel


RULES: dict[str, Any] = {"mo.col2im": col2im, "mo.conv": conv, "mo.conv_transpose": conv_transpose}
