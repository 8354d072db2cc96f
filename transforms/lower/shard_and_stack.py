# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.shard_and_stack`."""

from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.builder.scalar import equal
from mograph.transforms.lower.builder.shapes import Offset, extract_slice, insert_slice
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "shard_and_stack"]

OPS = ("mo.shard_and_stack",)


def shard_and_stack(k: KernelBuilder, op: Op, *inputs: Tensor) -> list[Tensor]:
    """Each slice of each input is written where it goes: one pass over each byte."""
    first = inputs[0]
    axis, parts = op.axis % first.rank, len(op.devices)
    extent = first.shape[axis]
    rest = extent % parts
    if rest != 0:
        k.require(
            equal(k.index(k.dim(rest)), 0),
            f"mo.shard_and_stack: expected an extent on axis {axis} that the {parts} devices divide, found {extent}",
        )
    slice_shape = (*first.shape[:axis], extent // parts, *first.shape[axis + 1 :])
    results = []
    for part in range(parts):
        shape = (len(inputs), *slice_shape)
        target = k.empty(shape, first.dtype)
        size = k.dim(extent // parts)
        for place, x in enumerate(inputs):
            source = Tensor(k, x.dtype, x.shape, value=x.value)
            offsets: list[Offset] = [0] * x.rank
            offsets[axis] = size * part if isinstance(size, int) or part else 0
            piece = extract_slice(k, source, offsets, slice_shape, [1] * x.rank)
            target = insert_slice(k, piece, target, [place, *[0] * x.rank], (1, *slice_shape))
        results.append(Tensor(k, first.dtype, shape, value=target))
    return results


RULES = {"mo.shard_and_stack": shard_and_stack}
