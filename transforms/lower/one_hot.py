# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.one_hot`."""

from mograph.transforms.lower.builder import INDEX, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.indices import from_front, in_range
from mograph.transforms.lower.builder.scalar import bit_and, equal, select
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "one_hot"]

OPS = ("mo.one_hot",)


def one_hot(k: KernelBuilder, op: Op, indices: Tensor, on: Tensor, off: Tensor, depth: Tensor | None = None) -> Tensor:
    """Each element compares its place with the index."""
    shape = op.result.type.shape
    axis = op.axis % len(shape)
    if depth is not None:
        bind_extent(k, op, shape[axis], cast(depth.scalar, INDEX), "the depth")
    extent = k.index(k.dim(shape[axis]))

    def element(*place: Scalar) -> Scalar:
        index = k.extract(indices, [*place[:axis], *place[axis + 1 :]])
        here = bit_and(in_range(index, extent), equal(from_front(index, extent), place[axis]))
        return select(here, on.scalar, off.scalar)

    return k.generate(element, shape, on.dtype)


RULES = {"mo.one_hot": one_hot}
