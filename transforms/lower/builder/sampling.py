# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements between elements: sums of those around a place, with weights by their distance."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import SI64
from mograph.transforms.lower.builder.scalar import (
    Scalar,
    bit_and,
    equal,
    maximum,
    minimum,
    mul,
    select,
    widen,
)
from mograph.transforms.lower.builder.scalar_math import absolute, floor, round_even, trunc
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["TAPS", "Tap", "sampled", "taps_around"]

_CUBIC = -0.75
_PLACES = {"nearest": (0,), "linear": (0, 1), "cubic": (-1, 0, 1, 2)}
TAPS = {mode: len(places) for mode, places in _PLACES.items()}
"""How many elements on one axis are read."""


class Tap(NamedTuple):
    """An element on one axis: its index, within bounds; whether it is there at all, None where it is; and its weight,
    None for 1.
    """

    place: Scalar
    inside: Scalar | None
    weight: Scalar | None


def sampled(
    k: KernelBuilder,
    x: Tensor,
    before: Sequence[Scalar],
    at: Sequence[Scalar],
    *,
    mode: str = "linear",
    padding: str = "zeros",
    align_corners: bool = True,
) -> Scalar:
    """The value of `x` at the indices `before`, then at coordinates on the axes that follow, all of one float dtype.

    As `mo.grid_sample` says; whatever the coordinates are, only elements of `x` are read, of which there must be some.
    """
    axes = []
    for offset, place in enumerate(at):
        last = cast(k.index(k.dim(x.shape[len(before) + offset])) - 1, SI64)
        axes.append(taps_around(place, last, mode, padding, align_corners))
    terms = []
    for taps in itertools.product(*axes):
        value = widen(k.extract(x, [*before, *(k.index(tap.place) for tap in taps)]))
        value = cast(value, at[0].dtype)
        inside = [tap.inside for tap in taps if tap.inside is not None]
        if inside:
            value = select(reduce(bit_and, inside), value, 0.0)
        weights = [tap.weight for tap in taps if tap.weight is not None]
        terms.append(value * reduce(mul, weights) if weights else value)
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def taps_around(place: Scalar, last: Scalar, mode: str, padding: str, align_corners: bool) -> list[Tap]:
    """The elements around a coordinate on one axis, whose last index is `last`: indices are of the type of that."""
    end = cast(last, place.dtype)
    edge = 0.0 if align_corners else 0.5
    if mode == "nearest":
        place = round_even(place)
    if padding != "zeros":
        moved = maximum(minimum(place, end), 0.0) if padding == "border" else _reflected(place, end, edge)
        place = select((place >= -edge) & (place <= end + edge), place, moved)
    left = floor(place)
    taps = []
    for tap in _PLACES[mode]:
        at = left + float(tap)
        inside = None
        if padding == "zeros":
            inside = (at >= 0.0) & (at <= end)
        elif padding == "reflection":
            at = trunc(_reflected(at, end, edge))
        index = maximum(minimum(cast(at, last.dtype), last), 0)
        weight = None if mode == "nearest" else _weight(place - left, tap, mode)
        taps.append(Tap(index, inside, weight))
    return taps


def _reflected(place: Scalar, end: Scalar, edge: float) -> Scalar:
    """A place, mirrored at -edge and end + edge until it is between them."""
    low, high = place.constant(-edge), end + edge
    size = high - low
    below = place < low
    beyond = select(below, low - place, place - high)
    none = size <= 0.0
    turns = trunc(beyond / select(none, 1.0, size))
    rest = beyond - turns * size
    even = equal(turns - trunc(turns * 0.5) * 2.0, 0.0)
    back = (even & below) | (~even & ~below)
    mirrored = select(back, low + rest, high - rest)
    return select(none, low, select((place >= low) & (place <= high), place, mirrored))


def _weight(ratio: Scalar, tap: int, mode: str) -> Scalar:
    """Of the element `tap` places behind that before a place, which is `ratio` behind it."""
    x = absolute(ratio - float(tap))
    if mode == "linear":
        return 1.0 - x
    a = _CUBIC
    if tap in (0, 1):
        return ((a + 2) * x - (a + 3)) * x * x + 1.0
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
