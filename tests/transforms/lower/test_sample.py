# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.grid_sample`, `mo.roi_align` and `mo.deform_conv`, compiled and by their references, against plain loops."""

import itertools
import math

import numpy as np
import pytest
from built_graphs import both, compiled
from hypothesis import given, settings
from hypothesis import strategies as st

from mograph.graph import ops


def mirrored(v, low, high):
    """A place, mirrored at two ends until it is between them."""
    if high <= low:
        return low
    while v < low or v > high:
        v = 2 * low - v if v < low else 2 * high - v
    return v


def weights(v, mode):
    """The elements around a place and their weights."""
    if mode == "nearest":
        return [(round(v), 1.0)]
    left, a = math.floor(v), -0.75
    if mode == "linear":
        return [(left, 1 - (v - left)), (left + 1, v - left)]
    found = []
    for j in range(left - 1, left + 3):
        t = abs(v - j)
        near, far = (a + 2) * t**3 - (a + 3) * t**2 + 1, a * t**3 - 5 * a * t**2 + 8 * a * t - 4 * a
        found.append((j, near if t <= 1 else far))
    return found


def element(x, at, padding, align):
    """The element of `x` at integer places, which may be outside."""
    place = []
    for j, d in zip(at, x.shape, strict=True):
        if padding == "zeros" and not 0 <= j < d:
            return 0.0
        if padding == "border":
            j = min(max(j, 0), d - 1)
        if padding == "reflection":
            j = int(mirrored(j, *((0, d - 1) if align else (-0.5, d - 0.5))))
        place.append(j)
    return x[tuple(place)]


def value(x, at, mode, padding, align):
    """What lies at a place of `x`."""
    moved = []
    for v, d in zip(at, x.shape, strict=True):
        if mode == "nearest":
            v = round(v)
        low, high = (0, d - 1) if align else (-0.5, d - 0.5)
        if not low <= v <= high:
            v = {"zeros": v, "border": min(max(v, 0), d - 1), "reflection": mirrored(v, low, high)}[padding]
        moved.append(v)
    axes = [weights(v, mode) for v in moved]
    return sum(
        element(x, [j for j, _ in taps], padding, align) * math.prod(w for _, w in taps)
        for taps in itertools.product(*axes)
    )


@given(
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    mode=st.sampled_from(["nearest", "linear", "cubic"]),
    padding=st.sampled_from(["zeros", "border", "reflection"]),
    align=st.booleans(),
    seed=st.integers(0, 99),
    named=st.booleans(),
)
@settings(max_examples=50)  # each is compiled
def test_grids(shape, mode, padding, align, seed, named):
    random = np.random.default_rng(seed)
    rank = len(shape)
    x = random.standard_normal((2, 2, *shape))
    # Not halves, which are rounded to even as they are computed, and not the ends, where a last bit decides.
    grid = random.uniform(-2.2, 2.2, (2, *[3, 2, 1][:rank], rank))
    wanted = np.zeros((*x.shape[:2], *grid.shape[1:-1]))
    for b, c, *o in np.ndindex(*wanted.shape):
        g = grid[(b, *o)][::-1]
        at = [(v + 1) / 2 * (d - 1) if align else ((v + 1) * d - 1) / 2 for v, d in zip(g, shape, strict=True)]
        wanted[(b, c, *o)] = value(x[b, c], at, mode, padding, align)
    shapes = (
        [["b", 2, *(f"d{i}" for i in range(rank))], ["b", *(f"o{i}" for i in range(rank)), rank]] if named else None
    )
    for found in both(
        lambda x, grid: ops.grid_sample(x, grid, mode=mode, padding=padding, align_corners=align), [x, grid], shapes
    ):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("mode", ["nearest", "linear", "cubic"])
def test_many_points(mode, padding, dtype):
    random = np.random.default_rng(8)
    x = random.standard_normal((2, 3, 7, 9)).astype(dtype)
    for points in (1, 47, 65):
        grid = random.uniform(-1.4, 1.4, (2, points, 1, 2)).astype(dtype)
        found, wanted = both(lambda x, grid: ops.grid_sample(x, grid, mode=mode, padding=padding), [x, grid])
        np.testing.assert_allclose(found, wanted, rtol=1e-5 if dtype is np.float32 else 2e-3, atol=1e-5)


def test_what_is_outside_is_not_read():
    x = np.full((1, 1, 2, 2), np.inf, np.float32)
    grid = np.float32([[[[-3, 0], [0, 4], [9, 9]]]])
    np.testing.assert_array_equal(compiled(ops.grid_sample, [x, grid]), np.zeros((1, 1, 1, 3)))


@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("mode", ["nearest", "linear", "cubic"])
def test_places_that_are_no_numbers(mode, padding):
    x = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3)
    grid = np.float32([[[[np.nan, 0], [np.inf, 0], [-np.inf, 0], [1e30, -1e30]]]])
    for found in both(lambda x, grid: ops.grid_sample(x, grid, mode=mode, padding=padding), [x, grid]):
        assert found.shape == (1, 1, 1, 4)  # nothing outside is read


def test_an_axis_without_elements():
    x, grid = np.zeros((1, 1, 0), np.float32), np.zeros((1, 2, 1), np.float32)
    with pytest.raises(ValueError, match=r"mo\.grid_sample: expected axis 2 to have elements, found none"):
        compiled(ops.grid_sample, [x, grid], [[1, 1, "d"], [1, 2, 1]])


def pooled_region(x, roi, fields):
    """One region of `x`, [c, h, w], in Python's loops over bins and samples."""
    half = fields["coordinates"] == "half_pixel"
    x1, y1, x2, y2 = (float(v) * fields["spatial_scale"] - (0.5 if half else 0) for v in roi)
    bins = fields["output_height"], fields["output_width"]
    sizes = [(a if half else max(a, 1.0)) / n for a, n in zip((y2 - y1, x2 - x1), bins, strict=True)]
    counts = [fields["sampling_ratio"] or max(math.ceil(size), 0) for size in sizes]
    out = np.zeros((x.shape[0], *bins))
    for c, i, j in np.ndindex(*out.shape):
        samples = []
        for s, t in np.ndindex(*counts):
            at = [
                start + place * size + (sample + 0.5) * size / count
                for start, place, size, sample, count in zip((y1, x1), (i, j), sizes, (s, t), counts, strict=True)
            ]
            if any(v < -1 or v > d for v, d in zip(at, x.shape[1:], strict=True)):
                samples.append([0.0] * 4)
                continue
            at = [min(max(v, 0), d - 1) for v, d in zip(at, x.shape[1:], strict=True)]
            samples.append(
                [
                    x[c, min(row, x.shape[1] - 1), min(column, x.shape[2] - 1)] * u * v
                    for row, u in weights(at[0], "linear")
                    for column, v in weights(at[1], "linear")
                ]
            )
        if samples:
            out[c, i, j] = np.max(samples) if fields["mode"] == "max" else np.sum(samples) / len(samples)
    return out


@given(
    corners=st.lists(st.lists(st.integers(-3, 12), min_size=4, max_size=4), max_size=3),
    mode=st.sampled_from(["avg", "max"]),
    coordinates=st.sampled_from(["half_pixel", "output_half_pixel"]),
    ratio=st.integers(0, 3),
    size=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    named=st.booleans(),
)
@settings(max_examples=50)  # each is compiled
def test_regions(corners, mode, coordinates, ratio, size, named):
    x = np.random.default_rng(1).standard_normal((2, 2, 6, 5))
    rois = np.array(corners, float).reshape(-1, 4) + 0.3
    batch = np.arange(len(rois)) % 2
    fields = {
        "output_height": size[0],
        "output_width": size[1],
        "mode": mode,
        "coordinates": coordinates,
        "sampling_ratio": ratio,
        "spatial_scale": 0.5,
    }
    wanted = np.zeros((len(rois), 2, *size))
    for n, roi in enumerate(rois):
        wanted[n] = pooled_region(x[batch[n]], roi, fields)
    shapes = [["b", 2, "h", "w"], ["n", 4], ["n"]] if named else None
    for found in both(lambda *xs: ops.roi_align(*xs, **fields), [x, rois, batch], shapes):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("mode", ["avg", "max"])
@pytest.mark.parametrize("ratio", [0, 2])
def test_many_bins(ratio, mode, dtype):
    random = np.random.default_rng(7)
    x = random.standard_normal((2, 3, 19, 23)).astype(dtype)
    rois = random.integers(-4, 30, (5, 4)).astype(dtype)
    batch = np.arange(5) % 2
    for size in (7, 19):
        fields = {"output_height": 3, "output_width": size, "mode": mode, "sampling_ratio": ratio}
        found, wanted = both(lambda *xs, fields=fields: ops.roi_align(*xs, **fields), [x, rois, batch])
        np.testing.assert_allclose(found, wanted, rtol=1e-4 if dtype is np.float32 else 4e-3, atol=1e-4)


def test_regions_that_are_no_numbers():
    x = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3)
    rois = np.float32([[np.nan, 0, 1, 1], [0, 0, np.inf, 1], [-np.inf, 0, 1, 1e30]])
    fields = {"output_height": 2, "output_width": 2, "sampling_ratio": 2}
    for found in both(lambda *xs: ops.roi_align(*xs, **fields), [x, rois, np.zeros(3, np.int64)]):
        assert found.shape == (3, 1, 2, 2)  # nothing outside is read


@pytest.mark.parametrize("wrong", [-1, 2])
def test_regions_of_no_image(wrong):
    arrays = [np.ones((2, 1, 3, 3), np.float32), np.ones((1, 4), np.float32), np.int64([wrong])]
    with pytest.raises(ValueError, match=r"mo\.roi_align: expected batch_indices from 0 to below 2"):
        compiled(ops.roi_align, arrays)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(
    ("extents", "kernel", "fields"),
    [
        ((6,), (3,), {"strides": [2], "low": [1]}),
        ((5, 6), (2, 3), {"dilations": [2, 1], "high": [1, 2]}),
        ((4, 5), (1, 2), {"groups": 2, "offset_groups": 2}),
        ((3, 3, 4), (2, 2, 1), {"groups": 2, "offset_groups": 4, "low": [1, 0, 0]}),
    ],
)
def test_moved_windows(extents, kernel, fields, named):
    random = np.random.default_rng(4)
    rank, groups, moved = len(extents), fields.get("groups", 1), fields.get("offset_groups", 1)
    strides, dilations = fields.get("strides", [1] * rank), fields.get("dilations", [1] * rank)
    low, high = fields.get("low", [0] * rank), fields.get("high", [0] * rank)
    each = zip(extents, kernel, strides, dilations, low, high, strict=True)
    counts = [(d + lo + hi - a * (k - 1) - 1) // s + 1 for d, k, s, a, lo, hi in each]
    x, w = random.standard_normal((2, 4, *extents)), random.standard_normal((6, 4 // groups, *kernel))
    taps = math.prod(kernel)
    offset = random.uniform(-2, 2, (2, moved * taps * rank, *counts))
    mask, bias = random.uniform(0, 1, (2, moved * taps, *counts)), random.standard_normal(6)
    wanted = np.zeros((2, 6, *counts)) + bias.reshape(-1, *[1] * rank)
    for b, m, c, *o in np.ndindex(2, 6, 4 // groups, *counts):
        channel = m // (6 // groups) * (4 // groups) + c
        for number, tap in enumerate(np.ndindex(*kernel)):
            row = channel // (4 // moved) * taps + number
            at = [
                o[i] * strides[i] + tap[i] * dilations[i] - low[i] + offset[(b, row * rank + i, *o)]
                for i in range(rank)
            ]
            found = value(x[b, channel], at, "linear", "zeros", align=True)
            wanted[(b, m, *o)] += found * mask[(b, row, *o)] * w[(m, c, *tap)]
    shapes = [["b", *array.shape[1:]] for array in (x, offset, mask)]
    shapes = [shapes[0], w.shape, shapes[1], bias.shape, shapes[2]] if named else None
    for result in both(
        lambda *xs: ops.deform_conv(*xs[:3], xs[3], xs[4], **fields), [x, w, offset, bias, mask], shapes
    ):
        np.testing.assert_allclose(result, wanted, rtol=1e-9, atol=1e-9)


def test_windows_that_are_not_moved():
    random = np.random.default_rng(5)
    x, w = random.standard_normal((1, 3, 7, 6)), random.standard_normal((4, 3, 3, 2))
    zeros = np.zeros((1, 12, 5, 5))
    for moved, plain in both(lambda x, w, zeros: (ops.deform_conv(x, w, zeros), ops.conv(x, w)), [x, w, zeros]):
        np.testing.assert_allclose(moved, plain, rtol=1e-9, atol=1e-12)
