# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Windows that slide over axes of a tensor, as places in a loop nest, and the padding that they reach into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.dialects.mo.windows import Windows, ceildiv
from mograph.transforms.lower.builder import loops, shapes
from mograph.transforms.lower.builder.emit import Sum
from mograph.transforms.lower.builder.scalar import Number, Scalar, constant, equal, maximum, minimum, select, widen
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["overlapped", "padded", "require_fit", "under"]


def under(window: int, stride: int, tap: int | None, dilation: int) -> int | Sum:
    """Where the tap `tap` of the window `window` lies, both loops; a tap of None is the only one."""
    first: Sum = ((window, stride),)
    if tap is None:
        return window if stride == 1 else first
    return (*first, (tap, dilation))


def padded(
    k: KernelBuilder, x: Tensor, axes: Sequence[int], low: Sequence[int], high: Sequence[int], fill: Number
) -> Tensor:
    """`x` with `low` elements before and `high` behind it on each of `axes`, all of them `fill`."""
    if not any(low) and not any(high):
        return x
    shape, offsets = list(x.shape), [0] * x.rank
    for axis, before, after in zip(axes, low, high, strict=True):
        shape[axis], offsets[axis] = shape[axis] + before + after, before
    border = k.filled(shape, constant(k.em, fill, x.dtype))
    if 0 in x.shape:  # upstream has no place for an empty slice in an empty tensor
        return Tensor(k, x.dtype, tuple(shape), value=border)
    source = Tensor(k, x.dtype, x.shape, value=x.value)
    return Tensor(k, x.dtype, tuple(shape), value=shapes.insert_slice(k, source, border, offsets, x.shape))


def require_fit(k: KernelBuilder, op: str, extent: Any, reach: Any) -> None:
    """Stop the program unless windows that reach over `reach` places fit into `extent`, which types may leave open."""
    room = extent - reach
    if not isinstance(room, int):
        k.require(
            k.index(k.dim(room)) >= 0,
            f"{op}: expected windows that fit into the padded input, found one that reaches over {reach} places for "
            f"{extent}",
        )


def overlapped(
    k: KernelBuilder,
    columns: Tensor,
    at: Callable[[list[Scalar], list[Scalar], list[Scalar]], Sequence[Scalar]],
    start: Any,
    shape: tuple[Any, ...],
    axes: Sequence[int],
    windows: Windows,
    counts: Sequence[Any],
) -> Tensor:
    """The sum of windows laid over each other, each element gathered from those that reach it.

    `at(indices, places, taps)` are the indices in `columns` of what the tap `taps` of the window `places` adds to the
    element at `indices`. Windows lie on the `axes` of the result, `counts` of them on each; the sums start at the value
    `start`, of `shape` and the compute type.
    """
    rank, dtype, compute = len(shape), columns.dtype, columns.dtype.compute
    # With dilation 1, only every stride-th tap can reach an element.
    steps = [
        ceildiv(kernel, stride) if dilation == 1 else kernel
        for kernel, stride, dilation in zip(windows.kernel, windows.strides, windows.dilations, strict=True)
    ]

    def body(arguments: list[Any]) -> list[Any]:
        indices = [loops.loop_index(k, axis) for axis in range(rank)]
        places, taps, inside = [], [], None
        for i, axis in enumerate(axes):
            place, tap, hit = _reaching(
                k, indices[axis] + windows.low[i], loops.loop_index(k, rank + i), windows, i, counts[i]
            )
            places.append(place)
            taps.append(tap)
            inside = hit if inside is None else inside & hit
        assert inside is not None
        element = widen(k.extract(columns, at(indices, places, taps)))
        return [(Scalar(k.em, arguments[1], compute) + select(inside, element, 0)).value]

    window = (k.empty(steps, dtype), tuple(range(rank, rank + len(steps))))
    iterators = ["parallel"] * rank + ["reduction"] * len(steps)
    (value,) = loops.generic(k, iterators, [window], [(start, tuple(range(rank)))], body)
    return Tensor(k, compute, shape, value=value)


def _reaching(
    k: KernelBuilder, place: Scalar, step: Scalar, windows: Windows, axis: int, count: Any
) -> tuple[Scalar, Scalar, Scalar]:
    """The `step`-th candidate among windows and taps that lie at `place` of the padded axis, and whether it does."""
    stride, dilation = windows.strides[axis], windows.dilations[axis]
    by, last = place.constant(stride), k.index(k.dim(count)) - 1
    if dilation == 1:
        tap = place.apply("arith.remui", by) + step * stride
        window = place.apply("arith.divui", by) - step
        final = k.index(k.dim(windows.kernel[axis])) - 1
        inside = (tap <= final) & (window >= 0) & (window <= last)
        tap = minimum(tap, final)
    else:
        tap = step
        offset = place - step * dilation
        window = offset.apply("arith.divsi", by)
        inside = (offset >= 0) & equal(offset.apply("arith.remsi", by), 0) & (window <= last)
    return minimum(maximum(window, 0), last), tap, inside
