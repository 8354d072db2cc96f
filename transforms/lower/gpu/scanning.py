# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scans of rows: threads combine short chunks, what those combine to is scanned by windows that grow, and threads go
through their chunks again.

Before a stage of windows each element has what the `stride` elements up to it combine to, and after it that of `RADIX`
times as many: its own and those of `RADIX - 1` places at multiples of the stride before it (Hillis, Steele: Data
parallel algorithms, 1986, for a radix of 2). The order depends on the places alone. Of n elements there are log(n)
stages to the base of the radix, each of which is one nest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.loops import generic, loop_index
from mograph.transforms.lower.builder.scalar import minimum, select
from mograph.transforms.lower.gpu.changing import Place, changed

__all__ = ["RADIX", "Combine", "scanned_rows"]

RADIX = 8
CHUNK = 16
"""Elements that a thread goes through."""

Combine = Callable[[Scalar, Scalar], Scalar]


def scanned_rows(k: KernelBuilder, x: Tensor, combine: Combine, *, reverse: bool = False) -> Tensor:
    """The rows of `x` along the last axis, each element combined with all before it, or with `reverse` behind it."""
    *rows, extent = x.shape
    if isinstance(extent, int) and extent <= CHUNK * RADIX:
        return _windows(k, x, combine, reverse)
    shape = (*rows, (extent + CHUNK - 1) // CHUNK)
    count, chunks = k.index(k.dim(extent)), k.index(k.dim(shape[-1]))

    def total(at: Place, target: Tensor) -> Tensor:
        first, end = at[-1] * CHUNK, minimum(at[-1] * CHUNK + CHUNK, count)

        def more(place: Scalar, value: Scalar) -> list[Scalar]:
            return [combine(value, k.extract(x, [*at[:-1], place]))]

        (value,) = k.loop((first + 1, end), [k.extract(x, [*at[:-1], first])], more)
        return k.insert(target, value, at)

    totals = _windows(k, changed(k, k.blank(shape, x.dtype), shape, total), combine, reverse)

    def chunk(at: Place, target: Tensor) -> Tensor:
        *row, number = at
        before = number + 1 if reverse else number - 1
        exists = before < chunks if reverse else before >= 0
        first, end = number * CHUNK, minimum(number * CHUNK + CHUNK, count)
        start = end - 1 if reverse else first
        own = k.extract(x, [*row, start])
        others = k.extract(totals, [*row, select(exists, before, number)])
        value = select(exists, combine(others, own), own)

        def more(step: Scalar, value: Scalar, target: Tensor) -> list[Any]:
            place = start - step if reverse else start + step
            value = combine(value, k.extract(x, [*row, place]))
            return [value, k.insert(target, value, [*row, place])]

        target = k.insert(target, value, [*row, start])
        result: Tensor = k.loop((1, end - first), [value, target], more)[1]
        return result

    return changed(k, k.blank(x.shape, x.dtype), shape, chunk)


def _windows(k: KernelBuilder, x: Tensor, combine: Combine, reverse: bool) -> Tensor:
    """The scan by windows alone.

    Two buffers take turns: a trip of the loop is a stage from the one to the other, and one back.
    """
    count = k.index(k.dim(x.shape[-1]))

    def trip(stride: Scalar, here: Tensor, there: Tensor) -> list[Any]:
        there = _stage(k, here, there, count, stride, combine, reverse)
        here = _stage(k, there, here, count, stride * RADIX, combine, reverse)
        return [stride * (RADIX * RADIX), here, there]

    # A stage too many finds no other elements within the row.
    initial: list[Any] = [k.index(1), x, k.blank(x.shape, x.dtype)]
    result = k.repeat(initial, lambda stride, *_: stride < count, trip)[1]
    assert isinstance(result, Tensor)
    return result


def _stage(
    k: KernelBuilder, source: Tensor, target: Tensor, count: Scalar, stride: Scalar, combine: Combine, reverse: bool
) -> Tensor:
    """`target` with what `source` holds at each place and at multiples of `stride` before it, combined."""

    def body(_: list[Any]) -> list[Any]:
        *row, place = (loop_index(k, axis) for axis in range(source.rank))
        total = k.extract(source, [*row, place])
        for number in range(1, RADIX):
            other = place + stride * number if reverse else place - stride * number
            exists = other < count if reverse else other >= 0
            element = k.extract(source, [*row, select(exists, other, place)])
            total = select(exists, combine(total, element), total)
        return [total.value]

    output = (target.value, tuple(range(target.rank)))
    (value,) = generic(k, ["parallel"] * source.rank, [], [output], body)
    return Tensor(k, target.dtype, target.shape, value=value)
