# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scans of rows by windows that grow: each stage combines all elements with some before them at once, and is one nest.

Before a stage each element has what the `stride` elements up to it combine to, and after it that of `RADIX` times as
many: its own and those of `RADIX - 1` places at multiples of the stride before it (Hillis, Steele: Data parallel
algorithms, 1986, for a radix of 2). The order depends on the places alone, and a row of n elements takes log(n) stages
to the base of the radix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.loops import generic, loop_index
from mograph.transforms.lower.builder.scalar import select

__all__ = ["RADIX", "Combine", "scanned_rows"]

RADIX = 8

Combine = Callable[[Scalar, Scalar], Scalar]


def scanned_rows(k: KernelBuilder, x: Tensor, combine: Combine, *, reverse: bool = False) -> Tensor:
    """The rows of `x` along the last axis, each element combined with all before it, or with `reverse` behind it.

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
