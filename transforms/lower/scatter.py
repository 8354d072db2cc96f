# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.scatter` and `mo.scatter_nd`: one pass over the indices checks them, the next one writes, in their order."""

from collections.abc import Callable, Sequence
from typing import Any

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.indices import from_front, is_long, require_extents_within, require_indices
from mograph.transforms.lower.builder.nested import each_place
from mograph.transforms.lower.builder.scalar import add, maximum, minimum, mul
from mograph.transforms.lower.builder.tuples import position_of, require_tuples
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "combined", "put", "scatter", "scatter_nd"]

OPS = ("mo.scatter", "mo.scatter_nd")

_COMBINE: dict[str, Callable[[Scalar, Scalar], Scalar]] = {"add": add, "mul": mul, "max": maximum, "min": minimum}


def combined(reduction: str, old: Scalar, update: Scalar) -> Scalar:
    """What an update makes of what was there, of its dtype."""
    return update if reduction == "none" else cast(_COMBINE[reduction](old, update), update.dtype)


def put(k: KernelBuilder, op: Op, target: Tensor, position: Sequence[Scalar], update: Scalar) -> Tensor:
    """`target` with an update at a position, combined with what is there where the operation says so."""
    if op.reduction != "none":
        update = combined(op.reduction, k.extract(target, position), update)
    return k.insert(target, update, position)


def scatter(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """Each update goes to its own place but for one axis."""
    axis = op.axis % x.rank
    require_extents_within(k, op, indices.shape, x.shape, axis)
    require_indices(k, op, indices, x.shape[axis], axis)
    extent = k.index(k.dim(x.shape[axis]))

    def step(place: list[Scalar], target: Tensor) -> Tensor:
        index = from_front(k.extract(indices, place), extent)
        return put(k, op, target, [*place[:axis], index, *place[axis + 1 :]], k.extract(updates, place))

    return each_place(k, indices.shape, x, step)


def scatter_nd(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """Each slice of updates goes where its tuple says."""
    require_tuples(k, op, indices, x.shape, 0)
    tuples = indices.rank - 1
    if op.reduction == "none" and tuples and is_long(updates.shape[tuples:]):
        source = Tensor(k, updates.dtype, updates.shape, value=updates.value)

        def row(place: list[Scalar], target: Tensor) -> Tensor:
            return k.insert_row(target, k.row(source, place), position_of(k, indices, place, x.shape, 0))

        return each_place(k, updates.shape[:tuples], x, row)

    def step(place: list[Scalar], target: Tensor) -> Tensor:
        position = position_of(k, indices, place[:tuples], x.shape, 0)
        return put(k, op, target, [*position, *place[tuples:]], k.extract(updates, place))

    return each_place(k, updates.shape, x, step)


RULES: dict[str, Any] = {"mo.scatter": scatter, "mo.scatter_nd": scatter_nd}
