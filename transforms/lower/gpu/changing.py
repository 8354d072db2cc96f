# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors that many threads change at once, each where data says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mograph.transforms.lower.builder import INDEX, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.emit import DYNAMIC

__all__ = ["Place", "changed", "changed_together"]

Place = list[Scalar]


def changed(k: KernelBuilder, x: Tensor, shape: Sequence[Any], step: Callable[[Place, Tensor], Tensor]) -> Tensor:
    """A copy of `x` after `step(indices, tensor)` at all places of `shape`, at once and in no order: what one step
    inserts elements at, no other one may read or write.
    """
    return changed_together(k, [x], shape, lambda at, targets: [step(at, targets[0])])[0]


def changed_together(
    k: KernelBuilder,
    given: Sequence[Tensor],
    shape: Sequence[Any],
    step: Callable[[Place, list[Tensor]], Sequence[Tensor]],
) -> list[Tensor]:
    """The same of several tensors, which a step gets and gives together."""
    em, rank = k.em, len(shape)
    given = [Tensor(k, x.dtype, x.shape, value=x.value) for x in given]
    types = [x.value.type for x in given]
    op = em.create(
        "scf.forall",
        types,
        [*(k.index(k.dim(dim)).value for dim in shape), *(x.value for x in given)],
        {
            "staticLowerBound": em.i64s([0] * rank),
            "staticUpperBound": em.i64s([DYNAMIC] * rank),
            "staticStep": em.i64s([1] * rank),
            "operandSegmentSizes": em.segments(0, rank, 0, len(given)),
        },
        regions=1,
    )
    block = em.block(op.regions[0], [em.type("index")] * rank + types)
    with em.inside(block), k.dims.scope():
        places, shared = list(block.arguments)[:rank], list(block.arguments)[rank:]
        # What is put back is a slice that was taken, so that it is seen to lie where it goes.
        taken = [_whole(k, each, x) for each, x in zip(shared, given, strict=True)]
        made = step([Scalar(em, place, INDEX) for place in places], taken)
        slices = [_slice(k, x) for x in given]
        end = em.create("scf.forall.in_parallel", regions=1)
        with em.inside(em.block(end.regions[0], ())):
            for result, target, (sizes, attributes) in zip(made, shared, slices, strict=True):
                attributes["operandSegmentSizes"] = em.segments(1, 1, 0, len(sizes), 0)
                em.create("tensor.parallel_insert_slice", (), [result.value, target, *sizes], attributes)
    return [Tensor(k, x.dtype, x.shape, value=value) for x, value in zip(given, op.results, strict=True)]


def _slice(k: KernelBuilder, x: Tensor) -> tuple[list[Any], dict[str, Any]]:
    """The operands and attributes that say that a slice is all of it."""
    return [size.value for size in map(k.dim, x.shape) if isinstance(size, Scalar)], {
        "static_offsets": k.em.i64s([0] * x.rank),
        "static_sizes": k.em.i64s([dim if isinstance(dim, int) else DYNAMIC for dim in x.shape]),
        "static_strides": k.em.i64s([1] * x.rank),
    }


def _whole(k: KernelBuilder, value: Any, x: Tensor) -> Tensor:
    sizes, attributes = _slice(k, x)
    attributes["operandSegmentSizes"] = k.em.segments(1, 0, len(sizes), 0)
    slice_ = k.em.value("tensor.extract_slice", value.type, [value, *sizes], attributes)
    return Tensor(k, x.dtype, x.shape, value=slice_)
