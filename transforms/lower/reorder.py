# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements in another order, or several times: `mo.tile`, `mo.flip`, `mo.roll`, `mo.reverse_sequence`."""

from mograph.transforms.lower.builder import INDEX, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.indices import all_hold
from mograph.transforms.lower.builder.scalar import bit_and, less, remainder, select
from mograph.transforms.lower.builder.scalar_math import modulo
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "dynamic_tile", "flip", "reverse_sequence", "roll", "tile"]

OPS = ("mo.dynamic.tile", "mo.flip", "mo.reverse_sequence", "mo.roll", "mo.tile")


def tile(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The input with a dimension before each that is repeated, which is broadcast, and joined with it."""
    apart: list[object] = []
    repeated: list[object] = []
    for dim, times in zip(x.shape, op.repeats, strict=True):
        apart += [dim] if times == 1 else [1, dim]
        repeated += [dim] if times == 1 else [times, dim]
    return k.reshape(k.broadcast_to(k.reshape(x, apart), repeated), op.result.type.shape)


def dynamic_tile(k: KernelBuilder, op: Op, x: Tensor, repeats: Tensor) -> Tensor:
    """Each element is read at what is left of its index by the input's extents."""
    extents = [k.index(k.dim(dim)) for dim in x.shape]
    shape = op.result.type.shape
    for axis, dim in enumerate(shape):
        times = k.index(k.extract(repeats, [axis]))
        k.require(times >= 0, f"mo.dynamic.tile: expected repeats of 0 or more on axis {axis}, found less")
        bind_extent(k, op, dim, extents[axis] * times, f"the extent of the repeats on axis {axis}")

    def element(*place: Scalar) -> Scalar:
        return k.extract(x, [remainder(index, extent) for index, extent in zip(place, extents, strict=True)])

    return k.generate(element, shape, x.dtype)


def flip(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """Each element is read from the other end."""
    last = {axis % x.rank: k.index(k.dim(x.shape[axis])) - 1 for axis in op.axes}

    def element(*place: Scalar) -> Scalar:
        return k.extract(x, [last[axis] - index if axis in last else index for axis, index in enumerate(place)])

    return k.generate(element, x.shape, x.dtype)


def roll(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """Each element is read as far back as it is moved on."""
    extents = [k.index(k.dim(dim)) for dim in x.shape]
    back = {
        axis % x.rank: modulo(k.index(shift), extents[axis]) for axis, shift in zip(op.axes, op.shifts, strict=True)
    }

    def source(axis: int, index: Scalar) -> Scalar:
        if axis not in back:
            return index
        place = index - back[axis]
        return select(place < 0, place + extents[axis], place)

    def element(*place: Scalar) -> Scalar:
        return k.extract(x, [source(axis, index) for axis, index in enumerate(place)])

    return k.generate(element, x.shape, x.dtype)


def reverse_sequence(k: KernelBuilder, op: Op, x: Tensor, lengths: Tensor) -> Tensor:
    """Each element is read from the other end of its sequence, or where it is."""
    batch, time = op.batch_axis % x.rank, op.time_axis % x.rank
    extent = k.index(k.dim(x.shape[time]))

    def fits(length: Scalar) -> Scalar:
        found = cast(length, INDEX)  # a ui64 beyond the largest index becomes negative
        return bit_and(found >= 0, found <= extent)

    k.require(
        all_hold(k, lengths, fits),
        f"mo.reverse_sequence: expected lengths from 0 to {x.shape[time]}, found one outside",
    )

    def element(*place: Scalar) -> Scalar:
        length = cast(k.extract(lengths, [place[batch]]), INDEX)
        turned = select(less(place[time], length), length - 1 - place[time], place[time])
        return k.extract(x, [*place[:time], turned, *place[time + 1 :]])

    return k.generate(element, x.shape, x.dtype)


RULES = {
    "mo.dynamic.tile": dynamic_tile,
    "mo.flip": flip,
    "mo.reverse_sequence": reverse_sequence,
    "mo.roll": roll,
    "mo.tile": tile,
}
