# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of dimensions bound at run time, by operands that hold extents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.scalar import Scalar, equal
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["bind_extent", "bind_shape", "require_rank"]


def bind_shape(k: KernelBuilder, op: Any, extents: Sequence[Any], shape: Tensor) -> None:
    """Bind the new names among `extents`, of the result of `op`, to what `shape` holds; compare the others with it."""
    require_rank(k, op, shape, len(extents))
    for axis, dim in enumerate(extents):
        bind_extent(k, op, dim, k.index(k.extract(shape, [axis])), f"extent {axis} of the shape operand")


def require_rank(k: KernelBuilder, op: Any, shape: Tensor, rank: int) -> None:
    """Compare the number of extents in an operand with `rank` where its type leaves it open."""
    if not isinstance(shape.shape[0], int):
        same = equal(k.index(k.dim(shape.shape[0])), k.index(rank))
        k.require(same, f"{op.OPERATION_NAME}: expected a shape of {rank} extents")


def bind_extent(k: KernelBuilder, op: Any, dim: Any, found: Scalar, what: str) -> None:
    """Bind `dim`, an extent of the result of `op`, to the index `found` if it is a new name; else compare the two.

    Messages call the number `what`.
    """
    name = op.OPERATION_NAME
    if k.unbound(dim):
        k.require(found >= 0, f"{name}: expected {what}, which '{dim}' is bound to, to be 0 or more, found less")
        k.dims.bind(str(dim), found.value)
    else:
        k.require(equal(found, k.index(k.dim(dim))), f"{name}: expected {what} to be {dim}")
