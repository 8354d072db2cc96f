# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Indices that are data: checked once, before anything is read or written at them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import BOOL, DTYPES, INDEX, SI64
from mograph.transforms.lower.builder.scalar import Scalar, bit_and, less, select
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["all_hold", "from_front", "is_long", "outside_message", "require_extents_within", "require_indices"]


_LONG = 16


def all_hold(k: KernelBuilder, x: Tensor, condition: Callable[..., Scalar], indexed: Sequence[int] = ()) -> Scalar:
    """Whether `condition(element, *indices)` holds for all of `x`; the indices are those of the axes `indexed`."""
    if not x.rank:
        return condition(x.scalar)

    def step(found: list[Scalar], element: Scalar, indices: list[Scalar]) -> list[Scalar]:
        return [bit_and(found[0], condition(element, *indices))]

    return k.fold(step, x, None, [(BOOL, True)], indexed=indexed)[0].scalar


def require_indices(k: KernelBuilder, op: Any, indices: Tensor, extent: Any, axis: int) -> None:
    """Stop unless all `indices` into an axis of `extent` elements are in range, from -extent to extent - 1."""
    limit = k.index(k.dim(extent))
    k.require(
        all_hold(k, indices, lambda index: in_range(index, limit)),
        outside_message(op, extent, axis),
    )


def outside_message(op: Any, extent: Any, axis: int) -> str:
    """What an error says about an index that is out of range."""
    return f"{op.OPERATION_NAME}: expected indices in [-{extent}, {extent}) on axis {axis}, found one outside"


def in_range(index: Scalar, extent: Scalar) -> Scalar:
    """Whether an integer is an index into `extent` elements; a negative one counts from the end."""
    if index.dtype.kind == "unsigned":
        return less(cast(index, DTYPES["ui64"]), cast(cast(extent, SI64), DTYPES["ui64"]))
    position = cast(index, INDEX)
    return bit_and(position >= -extent, position < extent)


def from_front(index: Scalar, extent: Scalar) -> Scalar:
    """An index that is in range, as one that counts from the front."""
    position = cast(index, INDEX)
    return position if index.dtype.kind == "unsigned" else select(position < 0, position + extent, position)


def is_long(shape: Sequence[Any]) -> bool:
    """Whether rows of this shape are worth copying as such, and not element by element."""
    extents = [dim for dim in shape if isinstance(dim, int)]
    return len(extents) < len(shape) or math.prod(extents) >= _LONG


def require_extents_within(k: KernelBuilder, op: Any, inner: Sequence[Any], outer: Sequence[Any], but: int) -> None:
    """Stop unless the extents `inner` of the indices are at most those of the input, `outer`, but on one axis."""
    for axis, (extent, limit) in enumerate(zip(inner, outer, strict=True)):
        if axis != but and not isinstance(limit - extent, int):
            k.require(
                k.index(k.dim(extent)) <= k.index(k.dim(limit)),
                f"{op.OPERATION_NAME}: expected indices of at most {limit} on axis {axis}, found {extent}",
            )
