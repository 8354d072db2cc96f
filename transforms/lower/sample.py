# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.grid_sample`, `mo.roi_align` and `mo.deform_conv`, which read the elements around places between them."""

import math
from collections.abc import Sequence
from typing import Any

from mograph.dialects.mo.windows import Windows
from mograph.transforms.lower.builder import SI64, KernelBuilder, Scalar, Tensor, contraction, loops, shapes, windows
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import DTYPES, DType
from mograph.transforms.lower.builder.sampling import TAPS, sampled, taps_around
from mograph.transforms.lower.builder.scalar import constant, div, maximum, minimum, select, widen
from mograph.transforms.lower.builder.scalar_math import ceil, floor
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "deform_conv", "grid_sample", "require_elements", "roi_align"]

_NO_SAMPLE = -2  # in place of an index; -1 is what is outside of an image

OPS = ("mo.deform_conv", "mo.grid_sample", "mo.roi_align")


def require_elements(k: KernelBuilder, op: Op, x: Tensor) -> None:
    """Stop the program where a spatial axis has no elements."""
    for axis, dim in enumerate(x.shape[2:], start=2):
        if not isinstance(dim, int):
            k.require(
                k.index(k.dim(dim)) > 0, f"{op.OPERATION_NAME}: expected axis {axis} to have elements, found none"
            )


def grid_sample(k: KernelBuilder, op: Op, x: Tensor, grid: Tensor) -> Tensor:
    """What is around each point is found once for all channels, as places in a plane and weights; then a nest over the
    result reads it.
    """
    require_elements(k, op, x)
    dtype, compute, shape, spatial = x.dtype, x.dtype.compute, tuple(op.result.type.shape), x.shape[2:]
    points = math.prod(shape[2:])
    coordinates = k.reshape(grid, (shape[0], points * len(spatial)))
    axes = [_around_points(k, op, spatial, axis, coordinates, points, compute) for axis in range(len(spatial))]
    if compute is not dtype:  # each element is read many times, and is to be widened once
        x = shapes.materialized(k, k.cast(x, compute))
    flat = k.reshape(x, (*shape[:2], math.prod(spatial)))
    flat = Tensor(k, compute, flat.shape, value=flat.value)
    read = [table for axis in axes for around in axis for table in around]

    def body(arguments: list[Any]) -> list[Any]:
        given = (Scalar(k.em, value, table.dtype) for value, table in zip(arguments, read, strict=False))
        around = [[[next(given) for _ in tables] for tables in axis] for axis in axes]
        before = [loops.loop_index(k, loop) for loop in range(2)]
        found = _weighted(k, flat, before, around, op.padding == "zeros")
        return [cast(found, dtype).value]

    made = (*shape[:2], points)
    inputs, output = [table.read((0, 2)) for table in read], (k.empty(made, dtype), (0, 1, 2))
    (value,) = loops.generic(k, ["parallel"] * 3, inputs, [output], body)
    return k.reshape(Tensor(k, dtype, made, value=value), shape)


def _around_points(
    k: KernelBuilder, op: Op, spatial: Sequence[Any], axis: int, grid: Tensor, points: Any, compute: DType
) -> list[list[Tensor]]:
    """For each element around a point on one axis, tables over all points: what its index adds to the place in a plane,
    -1 where there is no such element; and its weight, unless that is 1.
    """
    plane, rank = math.prod(spatial), len(spatial)
    integer = _places_in(plane)
    extent, step = (cast(k.index(k.dim(each)), integer) for each in (spatial[axis], math.prod(spatial[axis + 1 :])))
    types = [integer] if op.mode == "nearest" else [integer, compute]

    def body(_: list[Any]) -> list[Any]:
        batch, point = (loops.loop_index(k, loop) for loop in range(2))
        place = widen(k.extract(grid, [batch, point * rank + (rank - 1 - axis)])) + 1.0
        size = cast(extent, compute)
        at = place * 0.5 * (size - 1.0) if op.align_corners else (place * size - 1.0) * 0.5
        found = []
        for tap in taps_around(at, extent - 1, op.mode, op.padding, bool(op.align_corners)):
            index = tap.place * step
            found.append(index.value if tap.inside is None else select(tap.inside, index, -1).value)
            if tap.weight is not None:
                found.append(tap.weight.value)
        return found

    shape, kinds = (grid.shape[0], points), types * TAPS[op.mode]
    outputs = [(k.empty(shape, kind), (0, 1)) for kind in kinds]
    values = loops.generic(k, ["parallel"] * 2, [], outputs, body)
    tables = [Tensor(k, kind, shape, value=value) for kind, value in zip(kinds, values, strict=True)]
    if len(tables) == 1:  # what has one result would be computed again for each channel
        tables = [shapes.materialized(k, tables[0])]
    return [tables[first : first + len(types)] for first in range(0, len(tables), len(types))]


def _places_in(plane: Any) -> DType:
    """The type of the places of so many elements: a short one, if the number is known."""
    return DTYPES["si32"] if isinstance(plane, int) and plane < 1 << 31 else SI64


def _weighted(
    k: KernelBuilder,
    x: Tensor,
    before: list[Scalar],
    axes: Sequence[list[list[Scalar]]],
    holes: bool,
    place: Scalar | None = None,
    signs: Scalar | None = None,
) -> Scalar:
    """The sum of the elements around a point with their weights, of an axis after the other: at `place` and what they
    add to that. With `holes`, places below 0 have no elements, and `signs` is below 0 where one of them is.
    """
    if not axes:
        assert place is not None
        assert signs is not None
        if not holes:
            return k.extract(x, [*before, k.index(place)])
        return select(signs >= 0, k.extract(x, [*before, k.index(maximum(place, 0))]), 0.0)
    total: Scalar | None = None
    for index, *weight in axes[0]:
        both = index if signs is None else signs | index
        term = _weighted(k, x, before, axes[1:], holes, index if place is None else place + index, both)
        if weight:
            term = term * weight[0]
        total = term if total is None else total + term
    assert total is not None
    return total


def roi_align(k: KernelBuilder, op: Op, x: Tensor, rois: Tensor, batch_indices: Tensor) -> Tensor:
    """What is around the samples of all bins is found on each axis once for all channels; then a nest over the result
    and the samples of a bin, as many as the largest region has, reads it.
    """
    require_elements(k, op, x)
    lowest, highest = k.reduce(k.min, batch_indices).scalar, k.reduce(k.max, batch_indices).scalar
    k.require(
        (lowest >= 0) & (highest < cast(k.index(k.dim(x.shape[0])), SI64)),
        f"{op.OPERATION_NAME}: expected batch_indices from 0 to below {x.shape[0]}",
    )
    plane, compute, shape = math.prod(x.shape[2:]), x.dtype.compute, tuple(op.result.type.shape)
    flat = k.reshape(x, (*x.shape[:2], plane))
    flat = Tensor(k, x.dtype, flat.shape, value=flat.value)
    # For each axis, rows and then columns: where regions start, the size of their bins, the samples in one.
    regions = [_of_regions(k, op, rois, axis, compute) for axis in (0, 1)]
    most = [_most(k, op, counts, axis) for axis, (_, _, counts) in enumerate(regions)]
    tables = [_around_samples(k, op, x, axis, regions[axis], most[axis]) for axis in (0, 1)]

    def body(arguments: list[Any]) -> list[Any]:
        both = [*tables[0], *tables[1]]
        given = [Scalar(k.em, value, table.dtype) for value, table in zip(arguments, both, strict=False)]
        (row, *rows), (column, *columns) = given[:4], given[4:]
        before, first = [k.index(Scalar(k.em, arguments[8], SI64)), loops.loop_index(k, 1)], minimum(row, column)
        products = [
            widen(k.extract(flat, [*before, k.index(low + left)])) * (low_weight * left_weight)
            for low, low_weight in ((maximum(row, 0), rows[1]), (rows[0], rows[2]))
            for left, left_weight in ((maximum(column, 0), columns[1]), (columns[0], columns[2]))
        ]
        total = Scalar(k.em, arguments[-1], compute)
        if op.mode == "avg":
            return [(total + select(first >= 0, products[0] + products[1] + products[2] + products[3], 0.0)).value]
        largest = maximum(maximum(products[0], products[1]), maximum(products[2], products[3]))
        return [select(first > _NO_SAMPLE, maximum(total, select(first >= 0, largest, 0.0)), total).value]

    inputs = [table.read((0, 4 + axis, 2 + axis)) for axis in (0, 1) for table in tables[axis]]
    window = (k.empty(most, compute), (4, 5))
    first = 0.0 if op.mode == "avg" else float("-inf")
    start = k.filled(shape, constant(k.em, first, compute))
    (value,) = loops.generic(
        k,
        ["parallel"] * 4 + ["reduction"] * 2,
        [*inputs, (batch_indices.value, (0,)), window],
        [(start, tuple(range(4)))],
        body,
    )
    total = Tensor(k, compute, shape, value=value)
    number = k.reshape(k.mul(regions[0][2], regions[1][2]), (shape[0], 1, 1, 1))
    if op.mode == "avg":
        return k.map(lambda sum_, count: sum_ / maximum(count, 1.0), total, number, dtype=x.dtype)
    return k.map(lambda best, count: select(count > 0.0, best, 0.0), total, number, dtype=x.dtype)


def _around_samples(
    k: KernelBuilder, op: Op, x: Tensor, axis: int, region: Sequence[Tensor], most: Any
) -> list[Tensor]:
    """What, for each region, sample and bin on an axis, the elements before and behind it add to the place in a plane,
    and the weights of both. The first is below 0 where a sample is outside of the image, and less where there is none.
    """
    plane, compute = math.prod(x.shape[2:]), x.dtype.compute
    integer = _places_in(plane)
    step = cast(k.index(k.dim(x.shape[3])), integer) if axis == 0 else constant(k.em, 1, integer)
    extent = cast(k.index(k.dim(x.shape[2 + axis])), integer)

    def body(arguments: list[Any]) -> list[Any]:
        start, size, count = (Scalar(k.em, argument, compute) for argument in arguments[:3])
        sample, place = (cast(loops.loop_index(k, loop), compute) for loop in (1, 2))
        at = start + place * size + (sample + 0.5) * size / maximum(count, 1.0)
        end, last = cast(extent, compute), extent - 1
        inside = (at >= -1.0) & (at <= end)
        at = maximum(minimum(at, end - 1.0), 0.0)
        left = floor(at)
        low = maximum(minimum(cast(left, integer), last), 0)
        first = select(sample < count, select(inside, low * step, -1), _NO_SAMPLE)
        ratio = at - left
        return [first.value, (minimum(low + 1, last) * step).value, (1.0 - ratio).value, ratio.value]

    shape = (region[0].shape[0], most, op.output_width if axis else op.output_height)
    kinds = [integer, integer, compute, compute]
    outputs = [(k.empty(shape, kind), (0, 1, 2)) for kind in kinds]
    values = loops.generic(k, ["parallel"] * 3, [each.read((0,)) for each in region], outputs, body)
    return [Tensor(k, kind, shape, value=value) for kind, value in zip(kinds, values, strict=True)]


def _of_regions(k: KernelBuilder, op: Op, rois: Tensor, axis: int, compute: Any) -> tuple[Tensor, Tensor, Tensor]:
    """The start of each region on an axis, the size of its bins and the number of samples in one."""
    bins = op.output_width if axis else op.output_height
    half = op.coordinates == "half_pixel"

    def corner(region: Scalar, place: int) -> Scalar:
        found = widen(k.extract(rois, [region, k.index(place)])) * float(op.spatial_scale)
        return found - 0.5 if half else found

    def start(region: Scalar) -> Scalar:
        return corner(region, 1 - axis)

    def size(region: Scalar) -> Scalar:
        whole = corner(region, 3 - axis) - start(region)
        return (whole if half else maximum(whole, 1.0)) / float(bins)

    def count(region: Scalar) -> Scalar:
        if op.sampling_ratio:
            return constant(k.em, float(op.sampling_ratio), compute)
        return maximum(ceil(size(region)), 0.0)

    starts, sizes, counts = (k.generate(each, (rois.shape[0],), compute) for each in (start, size, count))
    return starts, sizes, counts


def _most(k: KernelBuilder, op: Op, counts: Tensor, axis: int) -> Any:
    """The largest number of samples as a dimension, which may be one of the rule's own."""
    if op.sampling_ratio:
        return op.sampling_ratio
    largest = cast(maximum(k.reduce(k.max, counts).scalar, 0.0), SI64)
    name = f"samples_{axis}_of_roi_align"
    k.dims.bind(name, k.index(largest).value)
    return name


def deform_conv(k: KernelBuilder, op: Op, x: Tensor, w: Tensor, offset: Tensor, *others: Tensor) -> Tensor:
    """What lies under the windows' moved elements, and its product with the filter."""
    require_elements(k, op, x)
    given = iter(others)
    bias, mask = (next(given) if field is not None else None for field in (op.bias, op.mask))
    rank, compute, shape = x.rank - 2, x.dtype.compute, tuple(op.result.type.shape)
    kernel, counts, groups = w.shape[2:], shape[2:], op.groups
    sliding = Windows.of(kernel, op.strides, op.dilations, op.low, op.high)
    for extent, reach, low, high in zip(x.shape[2:], sliding.reach, sliding.low, sliding.high, strict=True):
        windows.require_fit(k, op.OPERATION_NAME, extent + low + high, reach)
    each = k.index(k.dim(x.shape[1] // op.offset_groups))
    sizes = [k.index(k.dim(size)) for size in kernel]

    def element(*indices: Scalar) -> Scalar:
        batch, channel, taps, places = indices[0], indices[1], indices[2 : 2 + rank], indices[2 + rank :]
        row = div(channel, each)
        for tap, size in zip(taps, sizes, strict=True):
            row = row * size + tap
        at = []
        for axis in range(rank):
            place = places[axis] * sliding.strides[axis] + taps[axis] * sliding.dilations[axis] - sliding.low[axis]
            at.append(cast(place, compute) + widen(k.extract(offset, [batch, row * rank + axis, *places])))
        found = sampled(k, x, [batch, channel], at)
        return found if mask is None else found * widen(k.extract(mask, [batch, row, *places]))

    columns = k.generate(element, (*x.shape[:2], *kernel, *counts), compute)
    taps, places = [f"k{i}" for i in range(rank)], [f"o{i}" for i in range(rank)]
    columns = k.reshape(columns, (shape[0], groups, w.shape[1], *kernel, *counts))
    bank = k.reshape(w, (groups, shape[1] // groups, *w.shape[1:]))
    y = contraction.product(
        k,
        (columns, ("b", "g", "c", *taps, *places)),
        (k.cast(bank, compute), ("g", "m", "c", *taps)),
        ("b", "g", "m", *places),
        compute,
    )
    y = k.reshape(y, shape)
    if bias is None:
        return k.cast(y, x.dtype)
    return k.map(k.add, y, k.cast(k.reshape(bias, (shape[1], *[1] * rank)), compute), dtype=x.dtype)


RULES: dict[str, Any] = {
    "mo.deform_conv": deform_conv,
    "mo.grid_sample": grid_sample,
    "mo.roi_align": roi_align,
}
