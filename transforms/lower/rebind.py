# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations on shapes alone, which take no time: `mo.dim`, `mo.rebind`, `mo.reshape`, `mo.shape_of`, squeezing."""

import math

from mograph.transforms.lower.builder import SI64, KernelBuilder, Tensor
from mograph.transforms.lower.builder.binding import bind_shape, require_rank
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import div, equal, select
from mograph.transforms.lower.rule import Op, inline

__all__ = ["OPS", "RULES", "dim", "rebind", "reshape", "shape_of", "with_or_without_ones"]

OPS = ("mo.dim", "mo.rebind", "mo.reshape", "mo.shape_of", "mo.squeeze", "mo.unsqueeze")


@inline
def rebind(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """Compares what the types leave open; binds new names."""
    shape = op.result.type.shape
    for axis, (found, asserted) in enumerate(zip(x.shape, shape, strict=True)):
        if k.unbound(asserted):
            k.dims.bind(str(asserted), k.index(k.dim(found)).value)
        elif found != asserted:
            same = equal(k.index(k.dim(found)), k.index(k.dim(asserted)))
            k.require(
                same, f"mo.rebind: expected dimension {axis} of the input to be {asserted}, found another {found}"
            )
    return k.retype(x, shape)


@inline
def reshape(k: KernelBuilder, op: Op, x: Tensor, extents: Tensor | None = None) -> Tensor:
    """A view; a new name is bound to its extent in the operand, or to what the other extents leave."""
    shape = op.result.type.shape
    if extents is not None:
        bind_shape(k, op, shape, _completed(k, op, x, extents))
        return k.reshape(x, shape)
    new = [dim for dim in shape if k.unbound(dim)]
    if new:
        total = k.index(k.dim(math.prod(x.shape)))
        others = k.index(k.dim(math.prod(dim for dim in shape if dim is not new[0])))
        extent = select(equal(others, 0), k.index(0), div(total, others))
        k.require(
            equal(extent * others, total),
            f"mo.reshape: expected a multiple of {math.prod(dim for dim in shape if dim is not new[0])} elements to "
            f"give '{new[0]}' an extent, found {math.prod(x.shape)}",
        )
        k.dims.bind(str(new[0]), extent.value)
        return k.reshape(x, shape, checked=True)
    return k.reshape(x, shape)


def _completed(k: KernelBuilder, op: Op, x: Tensor, extents: Tensor) -> Tensor:
    """The extents of a shape operand, with what the others leave in place of -1."""
    rank = len(op.result.type.shape)
    require_rank(k, op, extents, rank)
    given = [k.extract(extents, [axis]) for axis in range(rank)]
    rest, open_ = k.index(1), k.index(0)
    for extent in given:
        left_open = equal(extent, -1)
        rest = rest * select(left_open, 1, k.index(extent))
        open_ = open_ + select(left_open, k.index(1), k.index(0))
    k.require(open_ <= 1, "mo.reshape: expected one -1 at most in the shape operand")
    left = cast(div(k.index(k.dim(math.prod(x.shape))), rest), SI64)  # 0 where the rest is
    return k.from_elements([select(equal(extent, -1), left, extent) for extent in given], SI64)


@inline
def shape_of(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The extents, as a tensor made of scalars."""
    extents = [cast(k.index(k.dim(dim)), SI64) for dim in x.shape]
    return k.from_elements(extents, SI64)


@inline
def dim(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """One extent."""
    return k.full((), cast(k.index(k.dim(x.shape[op.axis])), SI64), SI64)


@inline
def with_or_without_ones(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """A view."""
    return k.reshape(x, op.result.type.shape)


RULES = {
    "mo.dim": dim,
    "mo.rebind": rebind,
    "mo.reshape": reshape,
    "mo.shape_of": shape_of,
    "mo.squeeze": with_or_without_ones,
    "mo.unsqueeze": with_or_without_ones,
}
