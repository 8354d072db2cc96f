# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops in row-major order over all places of a shape, which change one tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.scalar import Scalar
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["each_place"]


def each_place(
    k: KernelBuilder, shape: Sequence[Any], x: Tensor, step: Callable[[list[Scalar], Tensor], Tensor]
) -> Tensor:
    """What `step(indices, tensor)` makes of a copy of `x`, one place of `shape` after the other."""

    def nest(axis: int, place: list[Scalar], target: Tensor) -> Tensor:
        if axis == len(shape):
            return step(place, target)
        result: list[Tensor] = k.loop(
            k.index(k.dim(shape[axis])),
            [target],
            lambda index, inner: [nest(axis + 1, [*place, index], inner)],
        )
        return result[0]

    return nest(0, [], x)
