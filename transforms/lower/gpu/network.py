# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sorts of rows by a bitonic network: each stage compares all elements with their partners at once, and is one nest.

Runs of `width` are merged in pairs: first the places i and i ^ (2 width - 1) are compared, which mirror each other,
then i and i ^ stride for strides of width / 2 down to 1 (Batcher: Sorting networks and their applications, 1968). The
lower place always gets what goes first, so that what lies beyond the row can be thought of as coming last: it never
moves, and rows of any extent need no padding. Where equal elements may differ in their bits, positions decide, so that
the sort is stable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mograph.transforms.lower.builder import SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.loops import generic, loop_index
from mograph.transforms.lower.builder.scalar import bit_xor, equal, less, select, shift_right
from mograph.transforms.lower.builder.sorting import precedes

__all__ = ["SHORT", "is_long", "sorted_rows"]

SHORT = 64
"""Rows of up to as many elements are sorted by one thread each."""


def is_long(extent: Any) -> bool:
    """Whether rows of this extent may be worth several threads."""
    return not isinstance(extent, int) or extent > SHORT


def sorted_rows(k: KernelBuilder, x: Tensor, *, descending: bool, places: bool) -> list[Tensor]:
    """The rows of `x` along the last axis in order, and with `places` the positions of their elements, of dtype si64.

    Two sets of buffers take turns: a trip of the loop is a stage from the one to the other, and one back.
    """
    rank = x.rank
    given = [k.map(lambda element: element, x)]
    if places or x.dtype.kind == "float":
        given.append(k.generate(lambda *indices: cast(indices[-1], SI64), x.shape, SI64))
    held = [Tensor(k, each.dtype, each.shape, value=each.value) for each in given]
    spare = [k.blank(each.shape, each.dtype) for each in held]
    count = k.index(k.dim(x.shape[rank - 1]))

    def trip(width: Scalar, mask: Scalar, *buffers: Tensor) -> list[Any]:
        here, there = buffers[: len(held)], buffers[len(held) :]
        there = _stage(k, here, there, count, mask, descending)
        width, mask = _following(width, mask)
        here = _stage(k, there, here, count, mask, descending)
        return [*_following(width, mask), *here, *there]

    # A stage too many compares with nothing: its runs are at least as long as the row.
    initial: list[Any] = [k.index(1), k.index(1), *held, *spare]
    done = k.repeat(initial, lambda width, *_: width < count, trip)
    return done[2 : 2 + len(held)]


def _following(width: Scalar, mask: Scalar) -> tuple[Scalar, Scalar]:
    """The width of the runs and the distance of partners, as bits, in the stage after one."""
    stride = shift_right(select(equal(mask, width * 2 - 1), width, mask), 1)
    done = equal(stride, 0)
    return select(done, width * 2, width), select(done, width * 4 - 1, stride)


def _stage(
    k: KernelBuilder, source: Sequence[Tensor], target: Sequence[Tensor], count: Scalar, mask: Scalar, descending: bool
) -> tuple[Tensor, ...]:
    """`target`, each with what `source` holds once the places that differ by the bits of `mask` are in order."""
    rank = source[0].rank

    def body(_: list[Any]) -> list[Any]:
        *row, place = (loop_index(k, axis) for axis in range(rank))
        partner = bit_xor(place, mask)
        partner = select(partner < count, partner, place)  # what is out of the row is not read
        own, other = ([k.extract(each, [*row, at]) for each in source] for at in (place, partner))
        is_lower = place < partner
        lower = [select(is_lower, a, b) for a, b in zip(own, other, strict=True)]
        upper = [select(is_lower, b, a) for a, b in zip(own, other, strict=True)]
        swapped = precedes(upper[0], lower[0], descending=descending)
        if len(source) > 1:
            tied = ~precedes(lower[0], upper[0], descending=descending)
            swapped = swapped | tied & less(upper[1], lower[1])
        return [select(swapped, b, a).value for a, b in zip(own, other, strict=True)]

    outputs = [(each.value, tuple(range(rank))) for each in target]
    values = generic(k, ["parallel"] * rank, [], outputs, body)
    return tuple(Tensor(k, each.dtype, each.shape, value=value) for each, value in zip(target, values, strict=True))
