# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that move elements: `mo.concat`, `mo.iota`, `mo.slice`, `mo.split`, `mo.transpose`."""

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor, dtype_of
from mograph.transforms.lower.builder.binding import bind_shape
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import equal
from mograph.transforms.lower.builder.shapes import Offset, extract_slice
from mograph.transforms.lower.rule import Op, inline

__all__ = ["OPS", "RULES", "concat", "iota", "slice_", "split", "transpose"]

OPS = ("mo.concat", "mo.iota", "mo.slice", "mo.split", "mo.transpose")


def concat(k: KernelBuilder, op: Op, *inputs: Tensor) -> Tensor:
    """Each input is inserted where it goes."""
    return k.concat(inputs, op.axis, op.result.type.shape)


def iota(k: KernelBuilder, op: Op, shape: Tensor | None = None) -> Tensor:
    """The loop's index along the axis."""
    result = op.result.type
    if shape is not None:
        bind_shape(k, op, result.shape, shape)
    dtype = dtype_of(result.dtype)

    def element(*indices: Scalar) -> Scalar:
        return cast(indices[op.axis], dtype)

    return k.generate(element, result.shape, dtype)


@inline
def slice_(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """A view; a gather when it walks backwards."""
    return k.slice(x, op.starts, op.steps, op.result.type.shape)


@inline
def split(k: KernelBuilder, op: Op, x: Tensor) -> list[Tensor]:
    """Views, one after the other."""
    axis = op.axis % x.rank
    extents = [output.type.shape[axis] for output in op.outputs]
    total = sum(extents)
    if total != x.shape[axis]:
        same = equal(k.index(k.dim(total)), k.index(k.dim(x.shape[axis])))
        k.require(same, f"mo.split: expected outputs whose extents sum up to {x.shape[axis]}, found {total}")
    parts: list[Tensor] = []
    offset: Offset = 0
    for output, extent in zip(op.outputs, extents, strict=True):
        offsets: list[Offset] = [0] * x.rank
        offsets[axis] = offset
        shape = output.type.shape
        if x.uniform is None:
            parts.append(extract_slice(k, x, offsets, shape, [1] * x.rank))
        else:
            parts.append(k.full(shape, x.uniform, x.dtype))
        offset = offset + k.dim(extent)
    return parts


def transpose(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """A loop nest that reads in another order."""
    return k.transpose(x, op.perm)


RULES = {
    "mo.concat": concat,
    "mo.iota": iota,
    "mo.slice": slice_,
    "mo.split": split,
    "mo.transpose": transpose,
}
