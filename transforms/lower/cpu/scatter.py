# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.scatter` and `mo.scatter_nd` by the runtime; floats narrower than f32 are combined by code of their own."""

from __future__ import annotations

from mograph.transforms.lower.builder import DTYPES, SI64, DType, KernelBuilder, Tensor
from mograph.transforms.lower.builder.tuples import require_tuples
from mograph.transforms.lower.cpu.along import are_alike, bytes_of, flat_positions, narrowed, require_none
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.scatter import scatter, scatter_nd

__all__ = ["OPS", "RULES"]

OPS = ("mo.scatter", "mo.scatter_nd")

_ELEMENTS = ("si8", "si16", "si32", "si64", "ui8", "ui16", "ui32", "ui64", "f32", "f64")
_COMBINATIONS = ("none", "add", "mul", "max", "min")
"""As the runtime numbers them."""


def _element(dtype: DType, reduction: str) -> int | None:
    """The number of the elements that are combined, those of any dtype where they are only moved; None for others."""
    if reduction == "none":
        dtype = DTYPES[f"ui{max(8, dtype.bits)}"]
    return _ELEMENTS.index(dtype.name) if dtype.name in _ELEMENTS else None


def _scatter(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """The runtime counts the indices that are out of range, and writes nothing there."""
    axis, element = op.axis % x.rank, _element(x.dtype, op.reduction)
    given = narrowed(k, indices)
    empty = 0 in (*x.shape, *indices.shape)
    if given is None or element is None or empty or not are_alike(x, indices, axis):
        return scatter(k, op, x, indices, updates)
    made, outside = k.library(
        "mograph_put_elements",
        [x, given, updates],
        [(x.dtype, x.shape), (SI64, (1,))],
        [x.rank, axis, bytes_of(x), element, _COMBINATIONS.index(op.reduction), bytes_of(given)],
    )
    require_none(k, op, outside, x.shape[axis], axis)
    return made


def _scatter_nd(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """Each tuple is one index, into all the axes that it stands for."""
    element = _element(x.dtype, op.reduction)
    empty = 0 in (*x.shape, *indices.shape, *updates.shape)
    if element is None or indices.rank < 2 or empty:
        return scatter_nd(k, op, x, indices, updates)
    require_tuples(k, op, indices, x.shape, 0)
    positions = flat_positions(k, indices, x.shape, 0)
    return k.library(
        "mograph_put_rows",
        [x, positions, updates],
        [(x.dtype, x.shape)],
        [x.rank, indices.shape[-1], positions.rank, bytes_of(x), element, _COMBINATIONS.index(op.reduction)],
    )[0]


RULES = {"mo.scatter": _scatter, "mo.scatter_nd": _scatter_nd}
