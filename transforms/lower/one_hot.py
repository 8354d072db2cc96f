# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.one_hot`."""

from mograph.transforms.lower.builder import INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.indices import from_front, in_range
from mograph.transforms.lower.builder.scalar import equal, select
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "one_hot"]

OPS = ("mo.one_hot",)


def one_hot(k: KernelBuilder, op: Op, indices: Tensor, on: Tensor, off: Tensor, depth: Tensor | None = None) -> Tensor:
    """Each element compares its place with the index, whose place is found once."""
    shape = op.result.type.shape
    axis = op.axis % len(shape)
    if depth is not None:
        bind_extent(k, op, shape[axis], cast(depth.scalar, INDEX), "the depth")
    extent = k.index(k.dim(shape[axis]))

    def place_of(index: Scalar) -> Scalar:
        return select(in_range(index, extent), cast(from_front(index, extent), SI64), -1)

    places = k.map(place_of, indices, dtype=SI64)
    places = k.reshape(places, (*shape[:axis], 1, *shape[axis + 1 :]))
    along = k.generate(lambda place: cast(place, SI64), (shape[axis],), SI64)
    along = k.reshape(along, (shape[axis], *[1] * (len(shape) - axis - 1)))

    def chosen(here: Scalar, place: Scalar) -> Scalar:
        return select(equal(here, place), on.scalar, off.scalar)

    return k.map(chosen, along, places, dtype=on.dtype, shape=shape)


RULES = {"mo.one_hot": one_hot}
