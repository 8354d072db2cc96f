# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.gather` of long rows, which the runtime copies; other elements are read one by one."""

from __future__ import annotations

from mograph.transforms.lower.builder import INDEX, SI64, KernelBuilder, Tensor
from mograph.transforms.lower.builder.indices import is_long, outside_message
from mograph.transforms.lower.gather import gather
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = ("mo.gather",)


def _gather(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor) -> Tensor:
    """The runtime counts the indices that are out of range while it copies, and reads nothing there."""
    axis, shape = op.axis % x.rank, op.result.type.shape
    constant = x.uniform is not None or indices.uniform is not None
    if constant or not indices.rank or 0 in (*x.shape, *shape) or not is_long(x.shape[axis + 1 :]):
        return gather(k, op, x, indices)
    made, outside = k.library(
        "mograph_take",
        [x, indices],
        [(x.dtype, shape), (SI64, (1,))],
        [x.rank, indices.rank, axis, _bytes(x), _bytes(indices), int(indices.dtype.kind == "signed")],
    )
    found = k.extract(outside, [k.index(0)])
    k.require(k.index(found) <= k.full((), 0, INDEX).scalar, outside_message(op, x.shape[axis], axis))
    return made


def _bytes(x: Tensor) -> int:
    return max(8, x.dtype.bits) // 8


RULES = {"mo.gather": _gather}
