# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sorting: the positions of elements in order, by merging runs that double in length."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import INDEX, SI64
from mograph.transforms.lower.builder.scalar import Scalar, greater, less, minimum, select
from mograph.transforms.lower.builder.scalar_math import is_nan
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["Before", "precedes", "sorted_places"]

Before = Callable[[Scalar, Scalar], Scalar]
"""Whether one position, of dtype index, goes before another."""


def precedes(a: Scalar, b: Scalar, *, descending: bool) -> Scalar:
    """Whether `a` goes before `b`, where NaN is greater than all numbers and equal to itself."""
    first = greater(a, b) if descending else less(a, b)
    if a.dtype.kind != "float":
        return first
    above, below = (a, b) if descending else (b, a)
    return first | is_nan(above) & ~is_nan(below)


def sorted_places(k: KernelBuilder, target: Tensor, before: Before) -> Tensor:
    """`target`, of rank 1 and dtype si64, with its positions in the order that `before` says; equal ones as they were.

    Two buffers take turns: a trip merges from the one to the other, and back in runs twice as long.
    """
    count = k.index(k.dim(target.shape[0]))
    (target,) = k.loop(count, [target], lambda i, places: [k.insert(places, cast(i, SI64), [i])])

    def trip(width: Scalar, places: Tensor, spare: Tensor) -> list[Any]:
        spare = _merged(k, places, spare, count, width, before)
        return [width * 4, _merged(k, spare, places, count, width * 2, before), spare]

    spare = k.blank(target.shape, SI64)
    _, target, _ = k.repeat([k.index(1), target, spare], lambda width, *_: width < count, trip)
    return target


def _merged(k: KernelBuilder, source: Tensor, target: Tensor, count: Scalar, width: Scalar, before: Before) -> Tensor:
    """`target` with the sorted runs of `width` in `source` merged in pairs."""

    def pair(start: Scalar, target: Tensor) -> list[Any]:
        middle, end = minimum(start + width, count), minimum(start + width * 2, count)

        def step(place: Scalar, left: Scalar, right: Scalar, target: Tensor) -> list[Any]:
            has_left, has_right = left < middle, right < end
            # A run that is used up is read at a position that exists, and not taken from.
            candidates = [
                k.extract(source, [select(has, position, start)])
                for has, position in ((has_left, left), (has_right, right))
            ]
            ahead = before(cast(candidates[1], INDEX), cast(candidates[0], INDEX))
            from_right = has_right & (~has_left | ahead)
            taken = k.insert(target, select(from_right, candidates[1], candidates[0]), [place])
            return [select(from_right, left, left + 1), select(from_right, right + 1, right), taken]

        _, _, target = k.loop((start, end), [start, middle, target], step)
        return [target]

    (target,) = k.loop((0, count, width * 2), [target], pair)
    return target
