# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors that many threads change at once, each where data says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mograph.transforms.lower.builder import INDEX, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.emit import DYNAMIC

__all__ = ["changed"]


def changed(
    k: KernelBuilder, x: Tensor, shape: Sequence[Any], step: Callable[[list[Scalar], Tensor], Tensor]
) -> Tensor:
    """A copy of `x` after `step(indices, tensor)` at all places of `shape`, at once and in no order: what one step
    inserts elements at, no other one may read or write.
    """
    em, rank = k.em, len(shape)
    x = Tensor(k, x.dtype, x.shape, value=x.value)
    extents = [k.index(k.dim(dim)).value for dim in shape]
    op = em.create(
        "scf.forall",
        [x.value.type],
        [*extents, x.value],
        {
            "staticLowerBound": em.i64s([0] * rank),
            "staticUpperBound": em.i64s([DYNAMIC] * rank),
            "staticStep": em.i64s([1] * rank),
            "operandSegmentSizes": em.segments(0, rank, 0, 1),
        },
        regions=1,
    )
    block = em.block(op.regions[0], [em.type("index")] * rank + [x.value.type])
    with em.inside(block), k.dims.scope():
        *places, shared = block.arguments
        # What is put back is a slice that was taken, so that it is seen to lie where it goes.
        dynamic = [size.value for size in map(k.dim, x.shape) if isinstance(size, Scalar)]
        whole = {
            "static_offsets": em.i64s([0] * x.rank),
            "static_sizes": em.i64s([dim if isinstance(dim, int) else DYNAMIC for dim in x.shape]),
            "static_strides": em.i64s([1] * x.rank),
        }
        taken = whole | {"operandSegmentSizes": em.segments(1, 0, len(dynamic), 0)}
        slice_ = em.value("tensor.extract_slice", shared.type, [shared, *dynamic], taken)
        made = step([Scalar(em, place, INDEX) for place in places], Tensor(k, x.dtype, x.shape, value=slice_))
        put = whole | {"operandSegmentSizes": em.segments(1, 1, 0, len(dynamic), 0)}
        end = em.create("scf.forall.in_parallel", regions=1)
        with em.inside(em.block(end.regions[0], ())):
            em.create("tensor.parallel_insert_slice", (), [made.value, shared, *dynamic], put)
    return Tensor(k, x.dtype, x.shape, value=op.result)
