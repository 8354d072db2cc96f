# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.gather` and `mo.gather_nd` of long rows, and `mo.gather_elements`, by the runtime; the rest is loop nests."""

from __future__ import annotations

import math

from mograph.transforms.lower.builder import SI64, KernelBuilder, Tensor
from mograph.transforms.lower.builder.indices import is_long
from mograph.transforms.lower.builder.tuples import require_tuples
from mograph.transforms.lower.cpu.along import are_alike, bytes_of, flat_positions, narrowed, require_none
from mograph.transforms.lower.gather import gather, gather_elements, gather_nd
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = ("mo.gather", "mo.gather_elements", "mo.gather_nd")


def _gather(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor) -> Tensor:
    """The runtime counts the indices that are out of range while it copies, and reads nothing there."""
    axis, shape = op.axis % x.rank, op.result.type.shape
    constant = x.uniform is not None or indices.uniform is not None
    if constant or not indices.rank or 0 in (*x.shape, *shape) or not is_long(x.shape[axis + 1 :]):
        return gather(k, op, x, indices)
    made, outside = _rows(k, x, indices, axis, shape)
    require_none(k, op, outside, x.shape[axis], axis)
    return made


def _gather_elements(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor) -> Tensor:
    """The same, element by element, where the shapes differ on the axis alone."""
    axis, given = op.axis % x.rank, narrowed(k, indices)
    constant = x.uniform is not None or indices.uniform is not None
    if given is None or constant or 0 in (*x.shape, *indices.shape) or not are_alike(x, indices, axis):
        return gather_elements(k, op, x, indices)
    made, outside = k.library(
        "mograph_take_elements",
        [x, given],
        [(x.dtype, op.result.type.shape), (SI64, (1,))],
        [x.rank, axis, bytes_of(x), bytes_of(given)],
    )
    require_none(k, op, outside, x.shape[axis], axis)
    return made


def _gather_nd(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor) -> Tensor:
    """Each tuple is one index, into all the axes that it stands for."""
    batch, shape = op.batch_dims, op.result.type.shape
    axes = batch + indices.shape[-1]
    constant = x.uniform is not None or indices.uniform is not None
    if constant or indices.rank < 2 or not axes or 0 in (*x.shape, *shape) or not is_long(x.shape[axes:]):
        return gather_nd(k, op, x, indices)
    require_tuples(k, op, indices, x.shape, batch)
    rows = k.reshape(x, (math.prod(x.shape[:axes]), *x.shape[axes:]))
    return _rows(k, rows, flat_positions(k, indices, x.shape, batch), 0, shape)[0]


def _rows(k: KernelBuilder, x: Tensor, indices: Tensor, axis: int, shape: tuple[object, ...]) -> list[Tensor]:
    """The rows behind an axis, and how many indices are out of range."""
    return k.library(
        "mograph_take",
        [x, indices],
        [(x.dtype, shape), (SI64, (1,))],
        [x.rank, indices.rank, axis, bytes_of(x), bytes_of(indices), int(indices.dtype.kind == "signed")],
    )


RULES = {"mo.gather": _gather, "mo.gather_elements": _gather_elements, "mo.gather_nd": _gather_nd}
