# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.unique`: the slices are sorted, each gets the first one that equals it, and those are numbered."""

import math
from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import BOOL, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import constant, equal, select
from mograph.transforms.lower.builder.sorting import precedes, sorted_places
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "Numbered", "numbered", "unique"]

OPS = ("mo.unique",)


Numbered = tuple[Scalar, Tensor, Tensor, Tensor]
"""How many rows differ, the number of each row, and for each number its first row and how many have it."""


def numbered(
    k: KernelBuilder, op: Op, slices: Tensor, places_of: Callable[[KernelBuilder, Tensor], Tensor] | None = None
) -> Numbered:
    """Linear but for the sort, `places_of`: the positions of the rows in order, equal ones as they are."""

    def before(a: Scalar, b: Scalar) -> Scalar:
        return _compared(k, slices, a, b)

    if places_of is None:
        places = sorted_places(k, k.blank(slices.shape[:1], SI64), before)
    else:
        places = places_of(k, slices)
    return _numbered(k, places if op.sorted else None, _first_of_equals(k, places, before))


def unique(
    k: KernelBuilder, op: Op, x: Tensor, numbered: Callable[[KernelBuilder, Op, Tensor], Numbered] = numbered
) -> list[Tensor]:
    """The slices are `numbered`, and those that come first are the result."""
    axis = None if op.axis is None else op.axis % x.rank
    count, inverse, indices, counts = numbered(k, op, _slices(k, x, axis))
    found = op.outputs[1].type.shape[0]
    bind_extent(k, op, found, count, "the number of distinct elements")
    indices, counts = (
        k.generate(lambda i, source=source: k.extract(source, [i]), (found,), SI64) for source in (indices, counts)
    )
    return [_values(k, x, axis, indices, found), indices, inverse, counts]


def _slices(k: KernelBuilder, x: Tensor, axis: int | None) -> Tensor:
    """What is compared: the rows of a tensor of rank 2."""
    if axis is None:
        return k.reshape(x, (math.prod(x.shape), 1))
    x = k.transpose(x, [axis, *(i for i in range(x.rank) if i != axis)])
    return k.reshape(x, (x.shape[0], math.prod(x.shape[1:])))


def _compared(k: KernelBuilder, slices: Tensor, a: Scalar, b: Scalar) -> Scalar:
    """Whether row `a` goes before row `b`: it does where they first differ."""
    if slices.shape[1] == 1:
        return precedes(k.extract(slices, [a, 0]), k.extract(slices, [b, 0]), descending=False)
    width = k.index(k.dim(slices.shape[1]))

    def step(column: Scalar, less: Scalar, greater: Scalar) -> list[Any]:
        left, right = k.extract(slices, [a, column]), k.extract(slices, [b, column])
        return [column + 1, precedes(left, right, descending=False), precedes(right, left, descending=False)]

    no = constant(k.em, False, BOOL)
    _, less, _ = k.repeat(
        [k.index(0), no, no], lambda column, less, greater: (column < width) & ~(less | greater), step
    )
    assert isinstance(less, Scalar)
    return less


def _first_of_equals(k: KernelBuilder, places: Tensor, before: Any) -> Tensor:
    """For each row the first one that equals it: of neighbours in order, those that do not differ."""

    def step(i: Scalar, first: Scalar, result: Tensor) -> list[Any]:
        place = k.extract(places, [i])
        # The first is its own, and is compared with itself.
        differs = before(cast(first, INDEX), cast(place, INDEX))
        first = select(equal(i, 0) | differs, place, first)
        return [first, k.insert(result, first, [cast(place, INDEX)])]

    zero = cast(k.index(0), SI64)
    _, result = k.loop(k.index(k.dim(places.shape[0])), [zero, k.blank(places.shape, SI64)], step)
    assert isinstance(result, Tensor)
    return result


def _numbered(k: KernelBuilder, places: Tensor | None, first: Tensor) -> Numbered:
    """They are numbered in the order of `places`, or as they are."""

    def step(i: Scalar, count: Scalar, inverse: Tensor, indices: Tensor, counts: Tensor) -> list[Any]:
        place = i if places is None else cast(k.extract(places, [i]), INDEX)
        of = cast(k.extract(first, [place]), INDEX)
        new = equal(of, place)
        # What equals a new one comes after it, in either order.
        number = select(new, count, cast(k.extract(inverse, [of]), INDEX))
        start = select(new, cast(place, SI64), k.extract(indices, [number]))
        before = select(new, start.constant(0), k.extract(counts, [number]))
        return [
            select(new, count + 1, count),
            k.insert(inverse, cast(number, SI64), [place]),
            k.insert(indices, start, [number]),
            k.insert(counts, before + 1, [number]),
        ]

    # Zeros, so that whatever is read before it is written is a position.
    buffers = [Tensor(k, SI64, first.shape, value=k.full(first.shape, 0, SI64).value) for _ in range(3)]
    count, inverse, indices, counts = k.loop(k.index(k.dim(first.shape[0])), [k.index(0), *buffers], step)
    return count, inverse, indices, counts


def _values(k: KernelBuilder, x: Tensor, axis: int | None, indices: Tensor, found: Any) -> Tensor:
    """The elements or slices at `indices`."""
    if axis is None:
        x, axis = k.reshape(x, (math.prod(x.shape),)), 0

    def element(*at: Scalar) -> Scalar:
        place = cast(k.extract(indices, [at[axis]]), INDEX)
        return k.extract(x, [*at[:axis], place, *at[axis + 1 :]])

    return k.generate(element, (*x.shape[:axis], found, *x.shape[axis + 1 :]), x.dtype)


RULES = {"mo.unique": unique}
