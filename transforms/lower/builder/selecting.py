# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Selection: the first few positions of an order, by a heap of the best so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import BOOL, INDEX, SI64
from mograph.transforms.lower.builder.scalar import Scalar, constant, equal, greater, select
from mograph.transforms.lower.builder.sorting import Before, sorted_places
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["first_places"]


def first_places(k: KernelBuilder, target: Tensor, count: Scalar, before: Before) -> Tensor:
    """`target`, of rank 1 and dtype si64, with as many first positions below `count` in the order that `before` says.

    Equal ones are in order of their positions. The heap has the last of the best at its root, so that most others are
    compared with that alone.
    """
    size = k.index(k.dim(target.shape[0]))
    first = sorted_places(k, k.blank(target.shape, SI64), before)
    # Backwards, what is sorted is a heap.
    (heap,) = k.loop(size, [target], lambda i, heap: [k.insert(heap, k.extract(first, [size - i - 1]), [i])])

    def later(a: Scalar, b: Scalar) -> Scalar:
        return before(b, a) | ~before(a, b) & greater(a, b)

    def visit(place: Scalar, heap: Tensor) -> list[Any]:
        root = cast(k.extract(heap, [0]), INDEX)
        return k.branch(before(place, root), lambda: [_sunk(k, heap, size, place, later)], lambda: [heap])

    # Without a place for any, none is looked at.
    (heap,) = k.loop((select(equal(size, 0), count, size), count), [heap], visit)
    order = sorted_places(
        k,
        k.blank(target.shape, SI64),
        lambda a, b: later(cast(k.extract(heap, [b]), INDEX), cast(k.extract(heap, [a]), INDEX)),
    )

    def place(i: Scalar, result: Tensor) -> list[Any]:
        return [k.insert(result, k.extract(heap, [cast(k.extract(order, [i]), INDEX)]), [i])]

    (result,) = k.loop(size, [k.blank(target.shape, SI64)], place)
    assert isinstance(result, Tensor)
    return result


def _sunk(k: KernelBuilder, heap: Tensor, size: Scalar, place: Scalar, later: Before) -> Tensor:
    """The heap with `place` instead of its root, sunk to where what is below it comes before it."""

    def step(hole: Scalar, _: Scalar, heap: Tensor) -> list[Any]:
        left, right = hole * 2 + 1, hole * 2 + 2
        # Where there is no child, the hole's own place is read, and not taken.
        has_left, has_right = left < size, right < size
        left, right = select(has_left, left, hole), select(has_right, right, hole)
        both = [cast(k.extract(heap, [child]), INDEX) for child in (left, right)]
        take_right = has_right & later(both[1], both[0])
        child = select(take_right, right, left)
        candidate = select(take_right, both[1], both[0])
        sinks = has_left & later(candidate, place)
        kept = select(sinks, cast(candidate, SI64), cast(place, SI64))
        return [select(sinks, child, hole), sinks, k.insert(heap, kept, [hole])]

    more = constant(k.em, True, BOOL)
    _, _, heap = k.repeat([k.index(0), more, heap], lambda hole, sinks, heap: sinks, step)
    return heap
