# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_zero` and `mo.compress`: how many there are is counted first, then their places are noted in order."""

import math
from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import BOOL, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import div, equal, remainder, select
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "compress", "non_zero", "places_of"]

OPS = ("mo.compress", "mo.non_zero")


Places = Callable[[KernelBuilder, Op, Tensor, Any, str], Tensor]
"""Where bools, of rank 1, are true: `places(k, op, flags, dim, what)` gives a tensor of extent `dim`, which
is bound to how many there are."""


def places_of(k: KernelBuilder, op: Op, flags: Tensor, dim: Any, what: str) -> Tensor:
    """They are noted one after the other."""
    numbers = k.map(lambda flag: cast(flag, SI64), flags, dtype=SI64)
    bind_extent(k, op, dim, k.index(k.reduce(k.add, numbers, [0]).scalar), what)

    def step(index: Scalar, count: Scalar, places: Tensor) -> list[Scalar | Tensor]:
        def note() -> list[Scalar | Tensor]:
            return [count + 1, k.insert(places, cast(index, SI64), [count])]

        return k.branch(k.extract(flags, [index]), note, lambda: [count, places])

    _, places = k.loop(k.index(k.dim(flags.shape[0])), [k.index(0), k.blank((dim,), SI64)], step)
    assert isinstance(places, Tensor)
    return places


def non_zero(k: KernelBuilder, op: Op, x: Tensor, places_of: Places = places_of) -> Tensor:
    """The places in row-major order, then their indices on each axis."""
    shape = op.result.type.shape
    flat = k.reshape(x, (math.prod(x.shape),))
    places = places_of(k, op, k.cast(flat, BOOL), shape[1], "the number of elements other than 0")
    extents = [k.index(k.dim(dim)) for dim in x.shape]
    if not extents:
        return k.full(shape, 0, SI64)

    def element(axis: Scalar, column: Scalar) -> Scalar:
        place = cast(k.extract(places, [column]), INDEX)
        found = place
        for number in reversed(range(len(extents))):
            found = select(equal(axis, number), remainder(place, extents[number]), found)
            place = div(place, extents[number])
        return cast(found, SI64)

    return k.generate(element, shape, SI64)


def compress(k: KernelBuilder, op: Op, x: Tensor, condition: Tensor, places_of: Places = places_of) -> Tensor:
    """The places where the condition is true, then what lies there."""
    if op.axis is None:
        x = k.reshape(x, (math.prod(x.shape),))
    axis = 0 if op.axis is None else op.axis % x.rank
    found, limit = condition.shape[0], x.shape[axis]
    if not isinstance(limit - found, int):
        k.require(
            k.index(k.dim(found)) <= k.index(k.dim(limit)),
            f"mo.compress: expected a condition of at most {limit} elements, found {found}",
        )
    shape = op.result.type.shape
    places = places_of(k, op, condition, shape[axis], "the number of true conditions")

    def element(*indices: Scalar) -> Scalar:
        place = cast(k.extract(places, [indices[axis]]), INDEX)
        return k.extract(x, [*indices[:axis], place, *indices[axis + 1 :]])

    return k.generate(element, shape, x.dtype)


RULES = {"mo.compress": compress, "mo.non_zero": non_zero}
