# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sorts of rows: blocks of threads sort tiles in memory that they share, and then runs are merged in pairs.

What is sorted are words of 64 bits: a key whose order as a number without sign is that of the elements, and behind it
the position, so that no two words are equal and the sort is stable. Keys of 64 bits have positions in a second word. A
thread merges a few neighbouring elements of two runs: it searches for where they begin in both (Green, McColl, Bader:
GPU merge path, 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mograph.transforms.lower.builder import DTYPES, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import (
    bit_and,
    bit_or,
    bit_xor,
    bitcast,
    constant,
    equal,
    less,
    maximum,
    minimum,
    select,
    shift_left,
    shift_right,
    widen,
)
from mograph.transforms.lower.builder.scalar_math import is_nan
from mograph.transforms.lower.gpu.changing import changed_together

__all__ = ["SHORT", "first_places", "is_long", "sorted_places", "taken"]

SHORT = 64
"""Rows of up to as many elements are sorted by one thread each."""
TILES = {1: 2048, 2: 1024}
"""Elements that a block sorts, by how many words one has."""
EACH = 8
"""Elements that a thread merges."""
TILE_FUNCTION = "mograph_sort_tiles"
"""A function of targets of GPUs: `(words…, words…, tile, kept)` sorts tiles of rows, and stores the first of each."""

WORD, HALF = DTYPES["ui64"], DTYPES["ui32"]
_MOST = 1 << 32


def is_long(extent: Any) -> bool:
    """Whether rows of this extent may be worth several threads."""
    return not isinstance(extent, int) or extent > SHORT


def sorted_places(k: KernelBuilder, x: Tensor, *, descending: bool) -> Tensor:
    """The positions of the elements of each row of `x`, along the last axis, in order; of dtype si64.

    NaN is greater than all numbers, and equal elements are as they were.
    """
    words = _words(k, x, descending)
    extent = x.shape[-1]
    tile = _tile(words, extent)
    runs = _tiles(k, words, tile, tile, extent)
    return _places(k, runs if isinstance(extent, int) and extent <= tile else _merged_all(k, runs, words, tile))


def first_places(k: KernelBuilder, x: Tensor, wanted: Any, *, descending: bool) -> Tensor:
    """`wanted` first positions of each row in order, or more: where they are known to be few, the first ones of tiles
    are all that is merged.
    """
    words = _words(k, x, descending)
    extent = x.shape[-1]
    tile = _tile(words, extent)
    kept = max(EACH, 1 << (wanted - 1).bit_length()) if isinstance(wanted, int) else tile
    if 2 * kept > tile or (isinstance(extent, int) and extent <= tile):
        return sorted_places(k, x, descending=descending)
    runs = _tiles(k, words, tile, kept, (extent + tile - 1) // tile * kept)
    spare = [_filled(k, each.shape, number) for number, each in enumerate(runs)]
    return _places(k, _merged_all(k, runs, spare, kept))


def taken(k: KernelBuilder, x: Tensor, places: Tensor) -> Tensor:
    """What lies at `places` in the rows of `x`."""
    return k.generate(lambda *at: k.extract(x, [*at[:-1], cast(k.extract(places, at), INDEX)]), places.shape, x.dtype)


def _tile(words: Sequence[Tensor], extent: Any) -> int:
    """How many elements of a row a block sorts: a power of two."""
    most = TILES[len(words)]
    return min(most, 1 << (extent - 1).bit_length()) if isinstance(extent, int) else most


def _words(k: KernelBuilder, x: Tensor, descending: bool) -> list[Tensor]:
    """The words of all elements, the first one decides."""
    extent = x.shape[-1]
    long_ = x.dtype.compute.bits == 64
    if not long_ and not isinstance(extent, int):
        k.require(k.index(k.dim(extent)) < _MOST, f"expected rows of fewer than {_MOST} elements to sort")
    x = Tensor(k, x.dtype, x.shape, value=x.value)

    def key(at: Sequence[Scalar]) -> Scalar:
        return _key(k.extract(x, at), descending)

    def place(at: Sequence[Scalar]) -> Scalar:
        return cast(cast(at[-1], SI64), WORD)

    if long_:
        return [
            k.generate(lambda *at: key(at), x.shape, WORD),
            k.generate(lambda *at: place(at), x.shape, WORD),
        ]
    return [k.generate(lambda *at: bit_or(shift_left(cast(key(at), WORD), 32), place(at)), x.shape, WORD)]


def _key(x: Scalar, descending: bool) -> Scalar:
    """A number without sign, of 32 or 64 bits, that is the larger the later an element comes."""
    x = widen(x)
    dtype = WORD if x.dtype.bits == 64 else HALF
    sign = 1 << (dtype.bits - 1)
    if x.dtype.kind == "float":
        bits = bitcast(select(equal(x, 0), x.constant(0), x), dtype)  # zeros of either sign are equal
        flipped = bit_xor(bits, select(less(bits, sign), constant(x.em, sign, dtype), constant(x.em, -1, dtype)))
        bits = select(is_nan(x), constant(x.em, -1, dtype), flipped)
    elif x.dtype.kind == "signed":
        wide = cast(x, SI64 if dtype is WORD else DTYPES["si32"])
        bits = bit_xor(cast(wide, dtype), sign)
    else:
        bits = cast(x, dtype)
    return ~bits if descending else bits


def _places(k: KernelBuilder, words: Sequence[Tensor]) -> Tensor:
    """The positions that words have."""

    def place(word: Scalar) -> Scalar:
        return cast(word if len(words) > 1 else bit_and(word, _MOST - 1), SI64)

    return k.map(place, words[-1], dtype=SI64)


def _tiles(k: KernelBuilder, words: Sequence[Tensor], tile: int, kept: int, extent: Any) -> list[Tensor]:
    """The first `kept` words of each tile of each row, in order; what a tile lacks is filled up with the last of words,
    unless all are kept.
    """
    shape = (*words[0].shape[:-1], extent)
    return k.library(TILE_FUNCTION, words, [(WORD, shape)] * len(words), [tile, kept])


def _filled(k: KernelBuilder, shape: tuple[Any, ...], number: int) -> Tensor:
    """A tensor in memory of its own: such as have nothing in them are taken for one."""
    return Tensor(k, WORD, shape, value=k.filled(shape, constant(k.em, number, WORD)))


def _merged_all(k: KernelBuilder, runs: Sequence[Tensor], spare: Sequence[Tensor], width: int) -> list[Tensor]:
    """Rows in order, of runs of `width`, a power of two.

    These and `spare` ones take turns: a trip of the loop merges from the one to the other, and back.
    """
    count = k.index(k.dim(runs[0].shape[-1]))

    def trip(width: Scalar, *buffers: Tensor) -> list[Any]:
        here, there = buffers[: len(runs)], buffers[len(runs) :]
        there = tuple(_merged(k, here, there, count, width))
        return [width * 4, *_merged(k, there, here, count, width * 2), *there]

    # A merge too many is a copy.
    done = k.repeat([k.index(width), *runs, *spare], lambda width, *_: width < count, trip)
    return done[1 : 1 + len(runs)]


def _merged(
    k: KernelBuilder, source: Sequence[Tensor], target: Sequence[Tensor], count: Scalar, width: Scalar
) -> list[Tensor]:
    """`target` with the runs of `width` in `source` merged in pairs."""
    *rows, extent = source[0].shape

    def step(at: list[Scalar], targets: list[Tensor]) -> list[Tensor]:
        *row, chunk = at
        first = chunk * EACH
        start = bit_and(first, -(width * 2))
        middle, end = minimum(start + width, count), minimum(start + width * 2, count)
        before = first - start

        def read(place: Scalar) -> list[Scalar]:
            return [k.extract(each, [*row, place]) for each in source]

        def halved(low: Scalar, high: Scalar) -> list[Scalar]:
            taken = shift_right(low + high, 1)
            later = _precedes(read(middle + before - taken - 1), read(start + taken))
            return [select(later, low, taken + 1), select(later, taken, high)]

        bounds = maximum(k.index(0), before - (end - middle)), minimum(before, middle - start)
        left, _ = k.repeat(list(bounds), lambda low, high: low < high, halved)

        def one(place: Scalar, left: Scalar, right: Scalar, *targets: Tensor) -> list[Any]:
            has_left, has_right = left < middle, right < end
            # A run that is used up is read at a place that exists, and not taken from.
            words = [read(select(has, at, start)) for has, at in ((has_left, left), (has_right, right))]
            from_right = has_right & (~has_left | _precedes(words[1], words[0]))
            made = [
                k.insert(each, select(from_right, b, a), [*row, place])
                for each, a, b in zip(targets, *words, strict=True)
            ]
            return [select(from_right, left, left + 1), select(from_right, right + 1, right), *made]

        bounds = first, minimum(first + EACH, count)
        _, _, *made = k.loop(bounds, [start + left, middle + before - left, *targets], one)
        return made

    return changed_together(k, target, (*rows, (extent + EACH - 1) // EACH), step)


def _precedes(a: Sequence[Scalar], b: Sequence[Scalar]) -> Scalar:
    """Whether the words `a` come before `b`."""
    first = less(a[0], b[0])
    return first if len(a) == 1 else first | equal(a[0], b[0]) & less(a[1], b[1])
