# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What gathers and scatters of the CPU's runtime are told about indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mograph.transforms.lower.builder import DTYPES, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.indices import outside_message
from mograph.transforms.lower.builder.tuples import position_of
from mograph.transforms.lower.rule import Op

__all__ = ["are_alike", "bytes_of", "flat_positions", "narrowed", "require_none"]


def bytes_of(x: Tensor) -> int:
    """How many bytes an element has."""
    return max(8, x.dtype.bits) // 8


def are_alike(x: Tensor, indices: Tensor, axis: int) -> bool:
    """Whether the two differ in their extents on one axis alone."""
    return all(i == axis or a == b for i, (a, b) in enumerate(zip(x.shape, indices.shape, strict=True)))


def narrowed(k: KernelBuilder, indices: Tensor) -> Tensor | None:
    """The indices as si32 or si64; None where there are some that neither holds."""
    dtype = indices.dtype
    if dtype.name in ("si32", "si64"):
        return indices
    return None if dtype.name == "ui64" else k.cast(indices, DTYPES["si32"] if dtype.bits < 32 else SI64)


def require_none(k: KernelBuilder, op: Op, outside: Tensor, extent: Any, axis: int) -> None:
    """Stop unless the number of indices that are out of range is 0."""
    found = k.index(k.extract(outside, [k.index(0)]))
    k.require(found <= k.full((), 0, INDEX).scalar, outside_message(op, extent, axis))


def flat_positions(k: KernelBuilder, indices: Tensor, shape: Sequence[Any], batch: int) -> Tensor:
    """For each tuple of indices, which are in range, its place among all tuples, those of the batches before it."""

    def element(*place: Scalar) -> Scalar:
        whole = k.index(0)
        for axis, position in enumerate([*place[:batch], *position_of(k, indices, place, shape, batch)]):
            whole = whole * k.index(k.dim(shape[axis])) + position
        return cast(whole, SI64)

    return k.generate(element, indices.shape[:-1], SI64)
