# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.gather`, `mo.gather_elements` and `mo.gather_nd`: one pass over the indices checks them, the next one reads."""

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.indices import from_front, is_long, require_extents_within, require_indices
from mograph.transforms.lower.builder.tuples import position_of, require_tuples
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "gather", "gather_elements", "gather_nd"]

OPS = ("mo.gather", "mo.gather_elements", "mo.gather_nd")


def gather(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor) -> Tensor:
    """Each element is read at the index that its place has."""
    axis = op.axis % x.rank
    require_indices(k, op, indices, x.shape[axis], axis)
    extent, after = k.index(k.dim(x.shape[axis])), axis + indices.rank
    shape = op.result.type.shape
    if is_long(x.shape[axis + 1 :]) and x.uniform is None and after:

        def row(place: list[Scalar], _: list[Tensor], __: list[Tensor]) -> list[Tensor]:
            return [k.row(x, [*place[:axis], from_front(k.extract(indices, place[axis:after]), extent)])]

        return k.rows([], [(x.dtype, shape)], len(shape) - after, row)[0]

    def element(*place: Scalar) -> Scalar:
        index = from_front(k.extract(indices, place[axis:after]), extent)
        return k.extract(x, [*place[:axis], index, *place[after:]])

    return k.generate(element, shape, x.dtype)


def gather_elements(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor) -> Tensor:
    """Each element is read at its own place but for one axis."""
    axis = op.axis % x.rank
    require_extents_within(k, op, indices.shape, x.shape, axis)
    require_indices(k, op, indices, x.shape[axis], axis)
    extent = k.index(k.dim(x.shape[axis]))

    def element(*place: Scalar) -> Scalar:
        index = from_front(k.extract(indices, place), extent)
        return k.extract(x, [*place[:axis], index, *place[axis + 1 :]])

    return k.generate(element, op.result.type.shape, x.dtype)


def gather_nd(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor) -> Tensor:
    """Each slice is read at the position that its tuple names."""
    batch, tuples = op.batch_dims, indices.rank - 1
    require_tuples(k, op, indices, x.shape, batch)

    def element(*place: Scalar) -> Scalar:
        position = position_of(k, indices, place[:tuples], x.shape, batch)
        return k.extract(x, [*place[:batch], *position, *place[tuples:]])

    return k.generate(element, op.result.type.shape, x.dtype)


RULES = {"mo.gather": gather, "mo.gather_elements": gather_elements, "mo.gather_nd": gather_nd}
