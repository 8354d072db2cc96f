# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tuples of indices, which the last dimension of a tensor holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.indices import all_hold, from_front, in_range
from mograph.transforms.lower.builder.scalar import Scalar, equal, select
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["position_of", "require_tuples"]


def require_tuples(k: KernelBuilder, op: Any, indices: Tensor, shape: Sequence[Any], first: int) -> None:
    """Stop unless all tuples in `indices` name positions in a tensor of `shape`, on its axes from `first` on."""
    axes = range(first, first + indices.shape[-1])
    if not axes:
        return
    extents = [k.index(k.dim(shape[axis])) for axis in axes]

    def condition(index: Scalar, column: Scalar) -> Scalar:
        limit = extents[-1]
        for number, extent in enumerate(extents[:-1]):
            limit = select(equal(column, number), extent, limit)
        return in_range(index, limit)

    named = ", ".join(f"[-{shape[axis]}, {shape[axis]})" for axis in axes)
    k.require(
        all_hold(k, indices, condition, indexed=[-1]),
        f"{op.OPERATION_NAME}: expected indices in {named} on the axes {first} to {axes[-1]}, found one outside",
    )


def position_of(
    k: KernelBuilder, indices: Tensor, place: Sequence[Scalar], shape: Sequence[Any], first: int
) -> list[Scalar]:
    """The position, on the axes from `first` on, that the tuple at `place` names."""
    return [
        from_front(k.extract(indices, [*place, column]), k.index(k.dim(shape[first + column])))
        for column in range(indices.shape[-1])
    ]
