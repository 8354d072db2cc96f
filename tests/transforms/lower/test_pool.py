# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Poolings, compiled and by their references, against plain loops over windows."""

import itertools
import math

import numpy as np
import pytest
from built_graphs import both, compiled
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering_harness import NUMPY

from mograph.graph import ops


def windows_of(shape, kernel, strides, dilations, low, high, ceil_mode):
    """For each axis and window the places of its taps."""
    axes = []
    for d, k, s, a, lo, hi in zip(shape, kernel, strides, dilations, low, high, strict=True):
        room = d + lo + hi - a * (k - 1) - 1
        count = (-(-room // s) if ceil_mode else room // s) + 1
        while ceil_mode and (count - 1) * s >= d + lo:
            count -= 1
        axes.append([[o * s + t * a - lo for t in range(k)] for o in range(count)])
    return axes


def pooled(x, fields, function):
    """`function` of the numbers and the places (None in the padding) under each window, channels first."""
    axes = windows_of(x.shape[2:], **fields)
    out = np.empty((*x.shape[:2], *(len(windows) for windows in axes)), object)
    for b, c in itertools.product(range(x.shape[0]), range(x.shape[1])):
        for place in np.ndindex(*out.shape[2:]):
            taps = itertools.product(*(windows[o] for windows, o in zip(axes, place, strict=True)))
            found = []
            for tap in taps:
                inside = all(0 <= t < d for t, d in zip(tap, x.shape[2:], strict=True))
                found.append((x[(b, c, *tap)] if inside else None, (b, c, *tap)))
            out[(b, c, *place)] = function(found)
    return out


def last(x):
    return np.ascontiguousarray(np.moveaxis(x, 1, -1))


@st.composite
def cases(draw):
    rank = draw(st.integers(1, 3))

    def each(low, high):
        return draw(st.lists(st.integers(low, high), min_size=rank, max_size=rank))

    fields = {
        "kernel": each(1, 3),
        "strides": each(1, 3),
        "dilations": each(1, 2),
        "low": each(0, 2),
        "high": each(0, 2),
        "ceil_mode": draw(st.booleans()),
    }
    more = each(0, 4)
    extents = [
        max(0, a * (k - 1) + 1 - lo - hi) + m
        for k, a, lo, hi, m in zip(
            fields["kernel"], fields["dilations"], fields["low"], fields["high"], more, strict=True
        )
    ]
    return (draw(st.integers(0, 2)), draw(st.integers(0, 3)), *extents), fields, draw(st.integers(0, 99))


def run(op, x, fields, layout, named, **more):
    """The results, channels first, of the compiled graph and of the reference."""
    array = last(x) if layout else x
    shape = list(array.shape)
    if named:
        shape = ["b", *shape[1:]]
        for axis in range(1, x.ndim - 1) if layout else range(2, x.ndim):
            shape[axis] = f"d{axis}"
    chosen = "channels_last" if layout else "channels_first"
    results = both(lambda x: op(x, layout=chosen, **fields, **more), [array], [shape])
    if not layout:
        return results
    return [
        tuple(np.moveaxis(y, -1, 1) for y in result) if isinstance(result, tuple) else np.moveaxis(result, -1, 1)
        for result in results
    ]


@given(
    case=cases(), dtype=st.sampled_from(["f32", "f16"]), layout=st.booleans(), named=st.booleans(), p=st.integers(1, 3)
)
@settings(max_examples=50)  # each is compiled
def test_norms(case, dtype, layout, named, p):
    shape, fields, seed = case
    x = np.random.default_rng(seed).standard_normal(shape).astype(NUMPY[dtype])
    wanted = pooled(x.astype(float), fields, lambda taps: sum(abs(v) ** p for v, _ in taps if v is not None) ** (1 / p))
    for found in run(ops.lp_pool, x, fields, layout, named, p=p):
        np.testing.assert_allclose(found.astype(float), wanted.astype(float), rtol=2e-3 if dtype == "f16" else 1e-5)


@given(
    case=cases(), dtype=st.sampled_from(["f32", "f64"]), layout=st.booleans(), named=st.booleans(), all_=st.booleans()
)
@settings(max_examples=50)  # each is compiled
def test_means(case, dtype, layout, named, all_):
    shape, fields, seed = case
    x = np.random.default_rng(seed).integers(-9, 10, shape).astype(NUMPY[dtype])

    def mean(taps):
        inside = [v for v, _ in taps if v is not None]
        if not all_:
            return sum(inside) / len(inside) if inside else math.nan
        padded = [
            1
            for _, (_, _, *tap) in taps
            if all(
                -lo <= t < d + hi for t, d, lo, hi in zip(tap, shape[2:], fields["low"], fields["high"], strict=True)
            )
        ]
        return sum(inside) / len(padded) if padded else math.nan

    wanted = pooled(x, fields, mean).astype(NUMPY[dtype])
    for found in run(ops.avg_pool, x, fields, layout, named, count_include_pad=all_):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


@given(
    case=cases(),
    dtype=st.sampled_from(["f32", "f16", "f8E4M3FN", "si8", "ui16", "si64"]),
    layout=st.booleans(),
    named=st.booleans(),
)
@settings(max_examples=50)  # each is compiled
def test_maxima(case, dtype, layout, named):
    shape, fields, seed = case
    random = np.random.default_rng(seed)
    x = random.integers(0, 5, shape).astype(NUMPY[dtype])
    if dtype in ("f32", "f16"):
        x[random.random(shape) < 0.1] = -np.inf
        x[random.random(shape) < 0.05] = np.nan
    lowest = {"f32": -np.inf, "f16": -np.inf, "f8E4M3FN": -448, "si8": -128, "ui16": 0, "si64": -(2**63)}[dtype]
    numbers = np.arange(x.size).reshape(last(x).shape if layout else x.shape)
    numbers = np.moveaxis(numbers, -1, 1) if layout else numbers

    def best(taps):
        inside = [(v, numbers[at]) for v, at in taps if v is not None]
        for v, number in inside:
            if v != v:
                return v, number
        return max(inside, key=lambda pair: pair[0]) if inside else (lowest, -1)

    wanted = pooled(x.astype(float) if dtype.startswith("f") else x, fields, best)
    values = np.array([pair[0] for pair in wanted.flat]).reshape(wanted.shape).astype(NUMPY[dtype])
    indices = np.array([pair[1] for pair in wanted.flat], np.int64).reshape(wanted.shape)
    for found in run(ops.max_pool, x, fields, layout, named):
        np.testing.assert_array_equal(found[0].astype(float), values.astype(float))
        np.testing.assert_array_equal(found[1], indices)
    alone = run(lambda *args, **more: ops.max_pool(*args, **more)[0], x, fields, layout, named)
    for found in alone:
        np.testing.assert_array_equal(found.astype(float), values.astype(float))


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 4, 5), (2, 1, 4, 5, 6)], ids=str)
def test_global(layout, shape):
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    axes = tuple(range(2, x.ndim)) if layout == "channels_first" else tuple(range(1, x.ndim - 1))
    named = ["b", *(f"d{i}" if i in axes else d for i, d in enumerate(shape) if i)]
    for shapes in (None, [named]):
        made = both(
            lambda x: (
                ops.global_avg_pool(x, layout=layout),
                ops.global_max_pool(x, layout=layout),
                ops.global_lp_pool(x, p=3, layout=layout),
            ),
            [x],
            shapes,
        )
        for average, largest, norm in made:
            np.testing.assert_allclose(average, x.mean(axes, keepdims=True, dtype=float), rtol=1e-5, atol=1e-6)
            np.testing.assert_array_equal(largest, x.max(axes, keepdims=True))
            wanted = (np.abs(x.astype(float)) ** 3).sum(axes, keepdims=True) ** (1 / 3)
            np.testing.assert_allclose(norm, wanted, rtol=1e-5)


def test_global_of_nothing():
    x = np.zeros((1, 2, 0), np.float32)
    for average, largest, norm in both(
        lambda x: (ops.global_avg_pool(x), ops.global_max_pool(x), ops.global_lp_pool(x)), [x], [[1, 2, "n"]]
    ):
        assert np.isnan(average).all()
        assert (largest == -np.inf).all()
        assert (norm == 0).all()


def test_unpool_undoes_what_pool_did():
    x = np.random.default_rng(1).standard_normal((2, 3, 8, 10)).astype(np.float32)

    def build(x):
        values, indices = ops.max_pool(x, kernel=[2, 2], strides=[2, 2])
        return ops.max_unpool(values, indices, x.shape)

    blocks = x.reshape(2, 3, 4, 2, 5, 2)
    wanted = np.where(blocks == blocks.max((3, 5), keepdims=True), blocks, 0).reshape(x.shape)
    for found in both(build, [x]):
        np.testing.assert_array_equal(found, wanted)


def unpool(x, indices, shape=None):
    if shape is None:
        return ops.max_unpool(x, indices, [1, 1, 3, 4])
    return ops.max_unpool(x, indices, shape, dims=[1, 1, "h", "w"])


def test_unpool_to_a_shape_that_is_given():
    x, indices = np.float32([[[[1, 2]]]]), np.int64([[[[11, 0]]]])
    for found in both(unpool, [x, indices, np.int64([1, 1, 3, 4])]):
        assert found.shape == (1, 1, 3, 4)
        assert found.reshape(-1).tolist() == [2, *[0] * 10, 1]


@pytest.mark.parametrize("wrong", [-1, 12])
def test_unpool_outside(wrong):
    x, indices = np.float32([[[[1, 2]]]]), np.int64([[[[wrong, 0]]]])
    with pytest.raises(ValueError, match=r"mo\.max_unpool: expected indices of elements of the result"):
        compiled(unpool, [x, indices])


def test_windows_that_do_not_fit():
    x = np.ones((1, 1, 2), np.float32)
    with pytest.raises(ValueError, match=r"mo\.avg_pool: expected windows that fit into the padded input"):
        compiled(lambda x: ops.avg_pool(x, kernel=[3]), [x], [[1, 1, "n"]])
