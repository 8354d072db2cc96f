# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.pad` and `mo.dynamic.pad`."""

from collections.abc import Sequence
from functools import reduce

from mograph.transforms.lower.builder import INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import bit_and, bit_or, equal, maximum, minimum, select
from mograph.transforms.lower.builder.scalar_math import modulo
from mograph.transforms.lower.builder.shapes import insert_slice
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "dynamic_pad", "pad"]

OPS = ("mo.dynamic.pad", "mo.pad")


def pad(k: KernelBuilder, op: Op, x: Tensor, value: Tensor | None = None) -> Tensor:
    """What is only added, by one value, is filled, and the input inserted; else each element finds its source."""
    shape = op.result.type.shape
    low = [k.index(before) for before in op.low]
    for axis, dim in enumerate(shape):
        if min(op.low[axis] + op.high[axis], 0) < 0 and not isinstance(dim, int):
            k.require(k.index(k.dim(dim)) >= 0, f"mo.pad: expected an extent of 0 or more on axis {axis}, found {dim}")
    if op.mode == "constant" and x.rank and min((*op.low, *op.high)) >= 0:
        full = k.full(shape, 0 if value is None else value.scalar, x.dtype)
        if 0 in x.shape:  # an offset might be out of bounds
            return full
        fill = full.scalar
        source = Tensor(k, x.dtype, x.shape, value=x.value)
        return Tensor(k, x.dtype, shape, value=insert_slice(k, source, k.filled(shape, fill), list(op.low), x.shape))
    if op.mode == "constant":
        return _with_value(k, op, x, low, value)
    return _by_elements(k, op, x, low, [axis for axis in range(x.rank) if op.low[axis] or op.high[axis]])


def dynamic_pad(k: KernelBuilder, op: Op, x: Tensor, low: Tensor, high: Tensor, value: Tensor | None = None) -> Tensor:
    """The extents are computed; then each element finds its source."""
    before = [k.index(k.extract(low, [axis])) for axis in range(x.rank)]
    for axis, dim in enumerate(op.result.type.shape):
        after = k.index(k.extract(high, [axis]))
        if op.mode != "constant":
            least = minimum(before[axis], after)
            k.require(least >= 0, f"mo.dynamic.pad: expected paddings of 0 or more on axis {axis} in mode {op.mode}")
        total = k.index(k.dim(x.shape[axis])) + before[axis] + after
        bind_extent(k, op, dim, total, f"the extent with the paddings on axis {axis}")
    if op.mode == "constant":
        return _with_value(k, op, x, before, value)
    return _by_elements(k, op, x, before, range(x.rank))


def _with_value(k: KernelBuilder, op: Op, x: Tensor, low: list[Scalar], value: Tensor | None) -> Tensor:
    """Each element is that of the input, or the value."""
    shape = op.result.type.shape
    if not shape:
        return x
    extents = [k.index(k.dim(dim)) for dim in x.shape]
    fill = k.full((), 0 if value is None else value.scalar, x.dtype).scalar

    def element(*place: Scalar) -> Scalar:
        positions = [index - before for index, before in zip(place, low, strict=True)]
        inside = [bit_and(each >= 0, each < extent) for each, extent in zip(positions, extents, strict=True)]
        nearest = [_source("edge", *each) for each in zip(positions, extents, strict=True)]
        return select(reduce(bit_and, inside), k.extract(x, nearest), fill)

    some = [extent > 0 for extent, dim in zip(extents, x.shape, strict=True) if not isinstance(dim, int) or dim == 0]
    if not some:
        return k.generate(element, shape, x.dtype)
    # Of no elements, none is to be read, even where another is chosen.
    result: list[Tensor] = k.branch(
        reduce(bit_and, some), lambda: [k.generate(element, shape, x.dtype)], lambda: [k.full(shape, fill, x.dtype)]
    )
    return result[0]


def _by_elements(k: KernelBuilder, op: Op, x: Tensor, low: list[Scalar], axes: Sequence[int]) -> Tensor:
    """For the axes that are padded, where each index takes its element from is noted first."""
    shape = op.result.type.shape
    tables: dict[int, Tensor] = {}
    for axis in axes:
        extent = k.index(k.dim(x.shape[axis]))
        found = bit_or(extent > 0, equal(k.index(k.dim(shape[axis])), 0))
        k.require(found, f"{op.OPERATION_NAME}: expected elements to repeat on axis {axis}, found none")

        def source(index: Scalar, before: Scalar = low[axis], extent: Scalar = extent) -> Scalar:
            return cast(_source(op.mode, index - before, extent), SI64)

        tables[axis] = k.generate(source, (shape[axis],), SI64)

    def element(*place: Scalar) -> Scalar:
        sources = [
            cast(k.extract(tables[axis], [index]), INDEX) if axis in tables else index
            for axis, index in enumerate(place)
        ]
        return k.extract(x, sources)

    return k.generate(element, shape, x.dtype)


def _source(mode: str, position: Scalar, extent: Scalar) -> Scalar:
    """Where an element is taken from that lies at `position`, on an axis of `extent` elements, one or more."""
    if mode == "wrap":
        return modulo(position, extent)
    if mode == "reflect":
        period = (extent - 1) * 2
        found = modulo(position, period)  # 0 where there is one element
        return minimum(found, maximum(period - found, 0))
    return minimum(maximum(position, 0), extent - 1)


RULES = {"mo.dynamic.pad": dynamic_pad, "mo.pad": pad}
