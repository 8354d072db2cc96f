# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""References for what lies between elements: sums of the elements around, in numpy."""

import itertools
from collections.abc import Sequence
from typing import Any

from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["interpolated", "reflected", "sampled"]

CUBIC = -0.75
"""The coefficient of the cubic weights."""


def sampled(x: Array, at: Sequence[Array], mode: str, padding: str, align_corners: bool) -> Array:
    """The values of `x`, f64 of shape [c, *d], at coordinates: an array of places for each spatial axis."""
    ends = [(0.0, d - 1.0) if align_corners else (-0.5, d - 0.5) for d in x.shape[1:]]
    if mode == "nearest":
        at = [np.rint(places) for places in at]
    moved = [_moved(places, d, end, padding) for places, d, end in zip(at, x.shape[1:], ends, strict=True)]
    return interpolated(x, moved, mode, padding, ends)


def interpolated(x: Array, at: Sequence[Array], mode: str, padding: str, ends: Sequence[tuple[float, float]]) -> Array:
    """The sum of the elements around, whose places that are outside `padding` says how to take."""
    axes = []
    for places, d, end in zip(at, x.shape[1:], ends, strict=True):
        left = np.floor(places)
        taps = {"nearest": [0], "linear": [0, 1], "cubic": [-1, 0, 1, 2]}[mode]
        axes.append([(*_inside(left + tap, d, end, padding), _weight(places - left - tap, mode)) for tap in taps])
    total = np.zeros((x.shape[0], *at[0].shape))
    for taps_ in itertools.product(*axes):
        at_taps: Any = (slice(None), *(index for index, _, _ in taps_))
        found = x[at_taps]
        weight = np.prod([w for _, _, w in taps_], axis=0)
        there = np.all([inside for _, inside, _ in taps_], axis=0)
        total = total + np.where(there, found, 0.0) * weight
    return total


def _moved(places: Array, d: int, end: tuple[float, float], padding: str) -> Array:
    if padding == "zeros":
        return places
    inside = (places >= end[0]) & (places <= end[1])
    return np.where(inside, places, np.clip(places, 0, d - 1) if padding == "border" else reflected(places, *end))


def reflected(places: Array, low: float, high: float) -> Array:
    """Places outside of [low, high], mirrored at its ends until they are inside."""
    size = high - low
    if size <= 0:
        return np.full_like(places, low)
    beyond = np.where(places < low, low - places, places - high)
    turns = np.trunc(beyond / size)
    rest = beyond - turns * size
    back = (turns % 2 == 0) == (places < low)
    return np.where((places >= low) & (places <= high), places, np.where(back, low + rest, high - rest))


def _inside(places: Array, d: int, end: tuple[float, float], padding: str) -> tuple[Array, Array]:
    """Indices of elements, and whether there is one at that place."""
    there = (places >= 0) & (places < d) if padding == "zeros" else np.ones(places.shape, bool)
    if padding == "reflection":
        places = np.trunc(reflected(places, *end))
    places = np.where(np.isnan(places), 0, places)
    return np.clip(places, 0, d - 1).astype(np.int64), there


def _weight(distance: Array, mode: str) -> Array:
    x, a = np.abs(distance), CUBIC
    if mode == "nearest":
        return np.ones(x.shape)
    if mode == "linear":
        return 1 - x
    return np.where(x <= 1, ((a + 2) * x - (a + 3)) * x * x + 1, ((a * x - 5 * a) * x + 8 * a) * x - 4 * a)
