# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Basic indexing, as numpy's, in terms of `mo.slice` and `mo.reshape`."""

import operator
from types import EllipsisType
from typing import TYPE_CHECKING, Any

from mograph.graph import ops
from mograph.graph.errors import GraphError
from mograph.graph.locations import place
from mograph.graph.types import Extent

if TYPE_CHECKING:
    from mograph.graph.tensor import Tensor

__all__ = ["take"]

END = 2**63 - 1
"""As a start or stop of `mo.slice`: past the last element."""
FRONT = -(2**63)
"""As a stop of `mo.slice`: before the first element."""


def take(tensor: "Tensor", index: Any) -> "Tensor":
    """`tensor[index]`, of ints, slices of ints, `...` and None. Raises GraphError for others, and out of bounds."""
    items = list(index) if isinstance(index, tuple) else [index]
    given = sum(item is not None and item is not Ellipsis for item in items)
    rank = tensor.ndim
    if given > rank:
        raise _error(f"expected at most {rank} indices for a tensor of rank {rank}, found {given}")
    holes = [number for number, item in enumerate(items) if item is Ellipsis]
    if len(holes) > 1:
        raise _error("expected one '...' at most, found more")
    hole = holes[0] if holes else len(items)
    items[hole : hole + 1] = [slice(None)] * (rank - given)

    shape = tensor.shape
    ranges: list[tuple[int, int, int]] = []
    kept: list[int | None] = []  # the axis that a dimension of the result is; None for a new one
    for item in items:
        axis = len(ranges)
        if item is None:
            kept.append(None)
        elif isinstance(item, slice):
            ranges.append(_range(item))
            kept.append(axis)
        else:
            ranges.append(_one(item, axis, shape[axis]))
    result = tensor
    if any(each != (0, END, 1) for each in ranges):
        result = ops.slice(tensor, *zip(*ranges, strict=True))
    if kept != list(range(rank)):
        result = ops.reshape(result, [1 if axis is None else result.shape[axis] for axis in kept])
    return result


def _range(item: slice) -> tuple[int, int, int]:
    step = 1 if item.step is None else _int(item.step)
    start = (END if step < 0 else 0) if item.start is None else _int(item.start)
    stop = (FRONT if step < 0 else END) if item.stop is None else _int(item.stop)
    return start, stop, step


def _one(item: Any, axis: int, extent: Extent) -> tuple[int, int, int]:
    at = _int(item)
    if isinstance(extent, int) and not -extent <= at < extent:
        raise _error(f"expected an index of -{extent} to {extent - 1} on axis {axis}, found {at}")
    return at, END if at == -1 else at + 1, 1


def _int(item: Any) -> int:
    if not isinstance(item, bool | EllipsisType):
        try:
            return operator.index(item)
        except TypeError:
            pass
    raise _error(f"expected an int, a slice of ints, '...' or None, found {item!r}")


def _error(message: str) -> GraphError:
    return GraphError(f"indexing: {message}", place())
