# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.resize`, compiled and by its reference, against plain loops over elements and taps."""

import math

import numpy as np
import pytest
from built_graphs import both, compiled
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering_harness import NUMPY

from mograph.dialects.mo.resize.resize import COORDINATES, NEAREST
from mograph.graph import GraphError, ops


def coordinate(i, d, o, s, region, kind):
    """Where the element `i` of `o` lies in an axis of `d`, by the formulas of ONNX."""
    length = s * d
    if kind == "align_corners":
        return 0.0 if length == 1 else i * (d - 1) / (length - 1)
    if kind == "asymmetric":
        return i / s
    if kind == "tf_crop_and_resize":
        start, end = region
        if length == 1:
            return 0.5 * (start + end) * (d - 1)
        return start * (d - 1) + i * (end - start) * (d - 1) / (length - 1)
    if kind == "pytorch_half_pixel" and length == 1:
        return -0.5
    shift = d / 2 * (1 - o / length) if kind == "half_pixel_symmetric" else 0
    return shift + (i + 0.5) / s - 0.5


def taps(x, d, s, fields):
    """Places in an axis and their weights, for the coordinate `x`."""
    if fields["mode"] == "nearest":
        rounding = {
            "round_prefer_floor": lambda x: math.ceil(x - 0.5),
            "round_prefer_ceil": lambda x: math.floor(x + 0.5),
            "floor": math.floor,
            "ceil": math.ceil,
        }
        return [(min(max(rounding[fields["nearest"]](x), 0), d - 1), 1.0)]
    narrow = min(s, 1.0) if fields["antialias"] else 1.0
    a = fields["cubic_coeff"]

    def weight(t):
        t = abs(t)
        if fields["mode"] == "linear":
            return max(0.0, 1 - t)
        if t <= 1:
            return (a + 2) * t**3 - (a + 3) * t**2 + 1
        return a * t**3 - 5 * a * t**2 + 8 * a * t - 4 * a if t < 2 else 0.0

    reach = math.ceil(2 / narrow) + 1
    found = [(j, weight((j - x) * narrow)) for j in range(math.floor(x) - reach, math.floor(x) + reach + 1)]
    if fields["exclude_outside"]:
        found = [(j, w) for j, w in found if 0 <= j < d]
    if fields["exclude_outside"] or fields["antialias"]:
        total = sum(w for _, w in found)
        found = [(j, w / total) for j, w in found]
    return [(min(max(j, 0), d - 1), w) for j, w in found]


def resized(x, extents, scales, roi, fields):
    y, outside = x.astype(np.float64), np.zeros(extents, bool)
    for axis, (d, o) in enumerate(zip(x.shape, extents, strict=True)):
        s = o / d if scales is None else float(scales[axis])
        region = None if roi is None else (float(roi[axis]), float(roi[axis + x.ndim]))
        at = [coordinate(i, d, o, s, region, fields["coordinates"]) for i in range(o)]
        rows = [
            sum((y.take(j, axis) * w for j, w in taps(t, d, s, fields)), np.zeros_like(y.take(0, axis))) for t in at
        ]
        y = np.stack(rows, axis) if rows else np.zeros((*y.shape[:axis], 0, *y.shape[axis + 1 :]))
        if roi is not None:
            beyond = np.array([t < 0 or t > d - 1 for t in at], bool)
            outside |= beyond.reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    return np.where(outside, fields["extrapolation_value"], y)


@st.composite
def cases(draw):
    rank = draw(st.integers(1, 3))
    shape = draw(st.lists(st.integers(1, 5), min_size=rank, max_size=rank))
    fields = {
        "mode": draw(st.sampled_from(["nearest", "linear", "cubic"])),
        "coordinates": draw(st.sampled_from(COORDINATES)),
        "nearest": draw(st.sampled_from(NEAREST)),
        "cubic_coeff": draw(st.sampled_from([-0.75, -0.5])),
        "exclude_outside": draw(st.booleans()),
        "extrapolation_value": draw(st.sampled_from([0.0, 5.0])),
    }
    fields["antialias"] = fields["mode"] != "nearest" and draw(st.booleans())
    if draw(st.booleans()):
        factor = st.sampled_from([1.0, 2.0, 0.5, 1.5, 0.75, 3.0, 0.25, 1.125])
        scales = np.float32(draw(st.lists(factor, min_size=rank, max_size=rank)))
        extents = [math.floor(float(s) * d) for s, d in zip(scales, shape, strict=True)]
    else:
        scales, extents = None, draw(st.lists(st.integers(0, 7), min_size=rank, max_size=rank))
    roi = None
    if fields["coordinates"] == "tf_crop_and_resize":
        start = draw(st.lists(st.sampled_from([0.0, 0.25, -0.125]), min_size=rank, max_size=rank))
        end = draw(st.lists(st.sampled_from([1.0, 0.75, 1.25]), min_size=rank, max_size=rank))
        roi = np.float32([*start, *end])
    return shape, extents, scales, roi, fields, draw(st.integers(0, 99))


@given(case=cases(), way=st.sampled_from(["constant", "operand", "shape"]))
@settings(max_examples=50)  # each is compiled
def test_against_loops(case, way):
    shape, extents, scales, roi, fields, seed = case
    x = np.random.default_rng(seed).integers(-9, 10, shape).astype(np.float32)
    wanted = resized(x, tuple(extents), scales, roi, fields)
    names = [f"o{i}" for i in range(x.ndim)]
    if way == "constant":  # all is known when it is compiled
        found = both(lambda x: ops.resize(x, None if scales is not None else extents, scales, roi, **fields), [x])
    else:
        given_shape = np.int64(extents) if way == "shape" or scales is None else None
        arrays = [array for array in (x, given_shape, scales, roi) if array is not None]
        present = [array is not None for array in (given_shape, scales, roi)]

        def build(x, *rest):
            left = iter(rest)
            shape, scales, roi = (next(left) if there else None for there in present)
            return ops.resize(x, shape, scales, roi, dims=names, **fields)

        found = both(build, arrays, [[f"d{i}" for i in range(x.ndim)], *(array.shape for array in arrays[1:])])
    for each in found:
        assert each.shape == tuple(extents)
        np.testing.assert_allclose(each, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", ["i1", "si8", "ui64", "f16", "f8E5M2", "f64"])
def test_nearest_keeps_elements(dtype):
    x = np.array([[1, 0, 1]]).astype(NUMPY[dtype])
    for found in both(lambda x: ops.resize(x, [2, 6], coordinates="asymmetric"), [x]):
        np.testing.assert_array_equal(found, np.repeat(np.repeat(x, 2, 0), [2, 2, 2], 1)[:, [0, 1, 2, 3, 4, 5]])


@pytest.mark.parametrize("coordinates", ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "asymmetric"])
@pytest.mark.parametrize("nearest", NEAREST)
@pytest.mark.parametrize("named", [False, True])
def test_whole_scales(coordinates, nearest, named):
    x = np.arange(10, dtype=np.float32).reshape(2, 5)
    fields = {"mode": "nearest", "coordinates": coordinates, "nearest": nearest, "extrapolation_value": 0.0}
    wanted = resized(x, (6, 80), None, None, {**fields, "antialias": False, "exclude_outside": False})
    shapes = [["h", "w"]] if named else None
    extents = ["h * 3", "w * 16"] if named else [6, 80]
    for found in both(lambda x: ops.resize(x, extents, coordinates=coordinates, nearest=nearest), [x], shapes):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("dtype", ["ui8", "si32", "f16", "bf16", "f64"])
def test_linear_of_dtypes(dtype):
    x = np.array([0, 10, 5]).astype(NUMPY[dtype])
    wanted = np.array([0, 2.5, 7.5, 8.75, 6.25, 5]).astype(NUMPY[dtype])  # integers toward zero
    for found in both(lambda x: ops.resize(x, [6], mode="linear"), [x]):
        np.testing.assert_array_equal(found, wanted)


def test_an_empty_axis():
    x = np.zeros((1, 0), np.float32)
    with pytest.raises(ValueError, match=r"mo\.resize: expected axis 1 to have elements to resize, found none"):
        compiled(lambda x: ops.resize(x, [1, 3]), [x], [[1, "n"]])
    with pytest.raises(GraphError, match="expected an axis with elements to resize to 3, found extent 0"):
        compiled(lambda x: ops.resize(x, [1, 3]), [x])
    for found in both(lambda x: ops.resize(x, [2, 0], mode="cubic"), [x]):
        assert found.shape == (2, 0)


def test_scales_that_make_no_sense():
    x = np.ones((2, 3), np.float32)

    def build(x, scales):
        return ops.resize(x, scales=scales, mode="linear")

    assert compiled(build, [x, np.float32([0, np.nan])]).shape == (0, 0)
    with pytest.raises(ValueError, match=r"mo\.resize: expected extent 0 by its scale"):
        compiled(build, [x, np.float32([-1, 1])])


def test_extents_by_scales():
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    for found in both(lambda x: ops.resize(x, scales=[2, 0.6], nearest="floor"), [x], [["n", 3]]):
        assert found.tolist() == [[0], [0], [0], [3]]
    for message, call in {
        "expected shape or scales, found neither": lambda x: ops.resize(x),
        "expected a scale for each of the 2 axes, found 1": lambda x: ops.resize(x, scales=[2.0]),
    }.items():
        with pytest.raises(GraphError, match=message):
            compiled(call, [x])
