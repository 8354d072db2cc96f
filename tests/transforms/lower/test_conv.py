# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.conv`, compiled and by its reference, against plain loops."""

import itertools
import math

import numpy as np
import pytest
from built_graphs import both, compiled
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering_harness import NUMPY

from mograph.graph import ops


def correlated(x, w, bias, strides, dilations, low, high, groups):
    """The sum of the products under each window, channels first, in Python's loops over taps and channels."""
    rank = x.ndim - 2
    padded = np.zeros(
        (*x.shape[:2], *(d + a + b for d, a, b in zip(x.shape[2:], low, high, strict=True))), np.asarray(x).dtype
    )
    padded[(..., *(slice(a, a + d) for a, d in zip(low, x.shape[2:], strict=True)))] = x
    reach = [dilation * (k - 1) + 1 for dilation, k in zip(dilations, w.shape[2:], strict=True)]
    counts = [(d - r) // s + 1 for d, r, s in zip(padded.shape[2:], reach, strides, strict=True)]
    out = np.zeros((x.shape[0], w.shape[0], *counts), padded.dtype)
    each = w.shape[0] // groups
    for m, c in itertools.product(range(w.shape[0]), range(w.shape[1])):
        channel = m // each * w.shape[1] + c
        for tap in np.ndindex(*w.shape[2:]):
            places = [
                slice(t * d, t * d + (n - 1) * s + 1, s)
                for t, d, n, s in zip(tap, dilations, counts, strides, strict=True)
            ]
            out[:, m] += padded[(slice(None), channel, *places)] * w[(m, c, *tap)]
    return out + (0 if bias is None else bias.reshape(-1, *[1] * rank))


def last(x):
    return np.ascontiguousarray(np.moveaxis(x, 1, -1))


def filter_last(w):
    return np.ascontiguousarray(np.moveaxis(w, (0, 1), (-1, -2)))


def integers(random, shape, dtype):
    low = 0 if dtype.startswith("ui") else -4
    return random.integers(low, 5, shape).astype(NUMPY[dtype])


@st.composite
def cases(draw):
    rank = draw(st.integers(1, 3))
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    each_in, each_out = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    axes = [
        {
            "kernel": draw(st.integers(1, 3)),
            "strides": draw(st.integers(1, 3)),
            "dilations": draw(st.integers(1, 2)),
            "low": draw(st.integers(0, 2)),
            "high": draw(st.integers(0, 2)),
            "more": draw(st.integers(0, 4)),
        }
        for _ in range(rank)
    ]
    extents = [max(0, a["dilations"] * (a["kernel"] - 1) + 1 - a["low"] - a["high"]) + a["more"] for a in axes]
    fields = {name: [a[name] for a in axes] for name in ("strides", "dilations", "low", "high")}
    x = (draw(st.integers(0, 2)), groups * each_in, *extents)
    w = (groups * each_out, each_in, *(a["kernel"] for a in axes))
    return x, w, fields, groups, draw(st.booleans()), draw(st.integers(0, 99))


@given(
    case=cases(), dtype=st.sampled_from(["f32", "f64", "f16", "si32", "ui8"]), layout=st.booleans(), named=st.booleans()
)
@settings(max_examples=50)  # each is compiled
def test_against_loops(case, dtype, layout, named):
    x_shape, w_shape, fields, groups, biased, seed = case
    random = np.random.default_rng(seed)
    x, w = integers(random, x_shape, dtype), integers(random, w_shape, dtype)
    bias = integers(random, w_shape[:1], dtype) if biased else None
    wide = np.int64 if dtype in ("si32", "ui8") else np.float64
    wanted = correlated(
        x.astype(wide), w.astype(wide), None if bias is None else bias.astype(wide), *fields.values(), groups
    ).astype(NUMPY[dtype])
    arrays = [last(x), filter_last(w)] if layout else [x, w]
    arrays += [] if bias is None else [bias]
    shapes = [list(array.shape) for array in arrays]
    if named:
        spatial = range(1, x.ndim - 1) if layout else range(2, x.ndim)
        shapes[0][0] = "b"
        for axis in spatial:
            shapes[0][axis] = f"d{axis}"

    def build(x, w, bias=None):
        return ops.conv(x, w, bias, groups=groups, layout="channels_last" if layout else "channels_first", **fields)

    for found in both(build, arrays, shapes):
        np.testing.assert_array_equal(found, last(wanted) if layout else wanted)


def overlaid(x, w, bias, strides, dilations, low, high, more, groups):
    """The sum of the windows of all elements, channels first, in Python's loops over elements and taps."""
    rank = x.ndim - 2
    reach = [dilation * (k - 1) + 1 for dilation, k in zip(dilations, w.shape[2:], strict=True)]
    whole = [s * (d - 1) + r + m for s, d, r, m in zip(strides, x.shape[2:], reach, more, strict=True)]
    out = np.zeros((x.shape[0], w.shape[1] * groups, *whole), x.dtype)
    each = x.shape[1] // groups
    for c, m in itertools.product(range(x.shape[1]), range(w.shape[1])):
        for element, tap in itertools.product(np.ndindex(*x.shape[2:]), np.ndindex(*w.shape[2:])):
            place = [e * s + t * d for e, s, t, d in zip(element, strides, tap, dilations, strict=True)]
            out[(slice(None), c // each * w.shape[1] + m, *place)] += x[(slice(None), c, *element)] * w[(c, m, *tap)]
    out = out[(..., *(slice(a, d - b) for a, b, d in zip(low, high, whole, strict=True)))]
    return out + (0 if bias is None else bias.reshape(-1, *[1] * rank))


@st.composite
def transposed_cases(draw):
    rank = draw(st.integers(1, 3))
    groups = draw(st.sampled_from([1, 1, 2]))
    fields = {
        "strides": draw(st.lists(st.integers(1, 3), min_size=rank, max_size=rank)),
        "dilations": draw(st.lists(st.integers(1, 2), min_size=rank, max_size=rank)),
    }
    kernel = draw(st.lists(st.integers(1, 4), min_size=rank, max_size=rank))
    extents = draw(st.lists(st.integers(1, 4), min_size=rank, max_size=rank))
    more = draw(st.lists(st.integers(0, 2), min_size=rank, max_size=rank))
    whole = [
        s * (d - 1) + a * (k - 1) + 1 + m
        for s, d, a, k, m in zip(fields["strides"], extents, fields["dilations"], kernel, more, strict=True)
    ]
    fields["low"] = [draw(st.integers(0, min(w, 2))) for w in whole]
    fields["high"] = [draw(st.integers(0, min(w - a, 2))) for w, a in zip(whole, fields["low"], strict=True)]
    x = (draw(st.integers(0, 2)), groups * draw(st.integers(1, 2)), *extents)
    w = (x[1], draw(st.integers(1, 3)), *kernel)
    return x, w, {**fields, "output_padding": more}, groups, draw(st.booleans()), draw(st.integers(0, 99))


@given(
    case=transposed_cases(),
    dtype=st.sampled_from(["f32", "f64", "f16", "si32", "ui8"]),
    layout=st.booleans(),
    named=st.booleans(),
)
@settings(max_examples=50)  # each is compiled
def test_transposed_against_loops(case, dtype, layout, named):
    x_shape, w_shape, fields, groups, biased, seed = case
    random = np.random.default_rng(seed)
    x, w = integers(random, x_shape, dtype), integers(random, w_shape, dtype)
    bias = integers(random, (w_shape[1] * groups,), dtype) if biased else None
    wide = np.int64 if dtype in ("si32", "ui8") else np.float64
    wanted = overlaid(
        x.astype(wide), w.astype(wide), None if bias is None else bias.astype(wide), *fields.values(), groups
    ).astype(NUMPY[dtype])
    arrays = [last(x), filter_last(w)] if layout else [x, w]
    arrays += [] if bias is None else [bias]
    shapes = [list(array.shape) for array in arrays]
    if named:
        shapes[0][0] = "b"
        for axis in range(1, x.ndim - 1) if layout else range(2, x.ndim):
            shapes[0][axis] = f"d{axis}"

    def build(x, w, bias=None):
        chosen = "channels_last" if layout else "channels_first"
        return ops.conv_transpose(x, w, bias, groups=groups, layout=chosen, **fields)

    for found in both(build, arrays, shapes):
        np.testing.assert_array_equal(found, last(wanted) if layout else wanted)


@pytest.mark.parametrize("dtype", ["f32", "f16", "si32"])
@pytest.mark.parametrize(
    ("extents", "fields"),
    [
        ((7,), {"kernel": [3], "strides": [2], "low": [1]}),
        ((5, 6), {"kernel": [2, 3], "dilations": [2, 1], "high": [0, 2]}),
        ((4, 3, 5), {"kernel": [2, 1, 3], "strides": [1, 2, 2], "dilations": [1, 1, 2], "low": [1, 1, 2]}),
    ],
)
def test_columns_to_images(extents, fields, dtype):
    rank = len(extents)
    full = {"strides": [1] * rank, "dilations": [1] * rank, "low": [0] * rank, "high": [0] * rank, **fields}
    each = zip(extents, *full.values(), strict=True)
    counts = [(d + lo + hi - a * (k - 1) - 1) // s + 1 for d, s, a, lo, hi, k in each]
    shape = (2, 3 * math.prod(fields["kernel"]), math.prod(counts))
    columns = integers(np.random.default_rng(5), shape, dtype)
    wanted = np.zeros((2, 3, *extents), columns.dtype)
    split = columns.reshape(2, 3, *fields["kernel"], *counts)
    for tap, window in itertools.product(np.ndindex(*fields["kernel"]), np.ndindex(*counts)):
        place = [
            w * s + t * a - lo
            for w, s, t, a, lo in zip(window, full["strides"], tap, full["dilations"], full["low"], strict=True)
        ]
        if all(0 <= p < d for p, d in zip(place, extents, strict=True)):
            wanted[(slice(None), slice(None), *place)] += split[(slice(None), slice(None), *tap, *window)]
    for found in both(lambda x: ops.col2im(x, wanted.shape, **fields), [columns]):
        np.testing.assert_array_equal(found, wanted)
    named = [2, 3, *(f"d{i}" for i in range(rank))]

    def build(x, shape):
        return ops.col2im(x, shape, dims=named, **fields)

    for found in both(build, [columns, np.int64(wanted.shape)]):
        np.testing.assert_array_equal(found, wanted)
    rest = {name: value for name, value in fields.items() if name != "kernel"}
    arrays = [columns, np.int64(wanted.shape), np.int64(fields["kernel"])]
    for found in both(lambda x, shape, block: ops.col2im(x, shape, block, dims=named, **rest), arrays):
        np.testing.assert_array_equal(found, wanted)
    wrong = np.int64([2, 3, extents[0] + 2, *extents[1:]])
    with pytest.raises(ValueError, match=r"mo\.col2im: expected .* columns, one for each window"):
        compiled(build, [columns, wrong])


@pytest.mark.parametrize("dtype", ["f8E4M3FN", "f8E5M2", "bf16", "si8", "si16", "si64", "ui16", "ui32", "ui64"])
def test_dtypes(dtype):
    random = np.random.default_rng(3)
    x, w = (np.asarray(random.integers(0, 3, shape)).astype(NUMPY[dtype]) for shape in ((1, 2, 5, 4), (3, 2, 2, 2)))
    wanted = correlated(x.astype(np.int64), w.astype(np.int64), None, (1, 1), (1, 1), (1, 0), (0, 1), 1)
    for found in both(lambda x, w: ops.conv(x, w, low=[1, 0], high=[0, 1]), [x, w]):
        np.testing.assert_array_equal(found, wanted.astype(np.float64).astype(NUMPY[dtype]))


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
@pytest.mark.parametrize(
    ("kernel", "strides", "padding", "groups"),
    [
        ((1, 1), (1, 1), (0, 0), 1),
        ((3, 3), (1, 1), (1, 1), 1),
        ((3, 5), (2, 1), (1, 2), 1),
        ((3, 3), (1, 2), (1, 1), 4),
    ],
)
def test_large(layout, kernel, strides, padding, groups):
    random = np.random.default_rng(1)
    x = random.standard_normal((2, 32, 19, 23)).astype(np.float32)
    w = random.standard_normal((40, 32 // groups, *kernel)).astype(np.float32)
    wanted = correlated(x.astype(np.float64), w.astype(np.float64), None, strides, (1, 1), padding, padding, groups)
    arrays = [x, w]
    if layout == "channels_last":
        arrays, wanted = [last(x), filter_last(w)], last(wanted)
    for shapes in (None, [["b", *arrays[0].shape[1:]], w.shape] if layout == "channels_first" else None):
        found = compiled(
            lambda x, w: ops.conv(x, w, strides=strides, low=padding, high=padding, groups=groups, layout=layout),
            arrays,
            shapes,
        )
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
@pytest.mark.parametrize(
    ("kernel", "strides", "groups", "dtype"),
    [((4, 4), (2, 2), 1, "f32"), ((3, 5), (2, 3), 2, "f32"), ((2, 7), (3, 2), 3, "si32"), ((3, 3), (2, 2), 1, "f16")],
)
def test_transposed_large(kernel, strides, groups, dtype, layout):
    random = np.random.default_rng(6)
    x, w = integers(random, (2, 36, 5, 6), dtype), integers(random, (36, 10, *kernel), dtype)
    wanted = compiled(
        lambda x, w: ops.conv_transpose(x, w, strides=strides, groups=groups),
        [x, w],
        [["b", 36, "h", "w"], list(w.shape)],  # of unknown extents, which is another form
    )
    wanted = last(wanted) if layout == "channels_last" else wanted
    arrays = [last(x), filter_last(w)] if layout == "channels_last" else [x, w]
    shapes = [list(arrays[0].shape), list(arrays[1].shape)]
    channels = [["c" if extent == 36 else extent for extent in shape] for shape in shapes] if groups == 1 else shapes
    for types in (shapes, channels):
        found = compiled(
            lambda x, w: ops.conv_transpose(x, w, strides=strides, groups=groups, layout=layout), arrays, types
        )
        np.testing.assert_array_equal(found, wanted)


def test_depthwise():
    random = np.random.default_rng(2)
    x, w = random.standard_normal((2, 6, 9, 40)), random.standard_normal((12, 1, 3, 3))
    wanted = correlated(x, w, None, (1, 1), (1, 1), (1, 1), (1, 1), 6)
    for found in both(lambda x, w: ops.conv(x, w, low=[1, 1], high=[1, 1], groups=6), [x, w]):
        np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_16_bit_floats_accumulate_in_f32():
    x, w = np.ones((1, 4096, 1), np.float16), np.ones((1, 4096, 1), np.float16)
    assert [float(found[0, 0, 0]) for found in both(ops.conv, [x, w])] == [4096, 4096]


def test_integers_wrap():
    x, w = np.full((1, 4, 1), 100, np.int8), np.full((1, 4, 1), 100, np.int8)
    wrapped = (40000 + 128) % 256 - 128
    assert [int(found[0, 0, 0]) for found in both(ops.conv, [x, w])] == [wrapped, wrapped]


def test_windows_that_do_not_fit():
    x, w = np.ones((1, 1, 2), np.float32), np.ones((1, 1, 3), np.float32)
    with pytest.raises(ValueError, match="expected windows that fit into the padded input, found one"):
        compiled(ops.conv, [x, w], [[1, 1, "n"], [1, 1, 3]])


def test_what_is_fused_before():
    x, w = np.float32([[[-1, 2, -3, 4]]]), np.ones((1, 1, 2), np.float32)
    for found in both(lambda x, w: ops.conv(ops.relu(x), w), [x, w]):
        assert found.tolist() == [[[2, 2, 4]]]
    assert math.isclose(float(compiled(lambda x, w: ops.conv(x, ops.exp(w)), [x, w])[0, 0, 0]), math.e, rel_tol=1e-6)
