# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The operations that read and write at indices: against plain loops over indices."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError

extents = st.integers(0, 3)
dtypes = st.sampled_from([np.int8, np.int32, np.int64])
reductions = st.sampled_from(["none", "add", "mul", "max", "min"])


def numbered(shape: tuple[int, ...]) -> np.ndarray:
    return np.arange(math.prod(shape), dtype=np.int32).reshape(shape)


def type_of(array: np.ndarray) -> mo.TensorType:
    return mo.TensorType.get(array.shape, f"si{8 * array.itemsize}")


@st.composite
def shapes(draw: st.DrawFn, least: int = 1) -> tuple[int, ...]:
    return tuple(draw(st.lists(extents, min_size=least, max_size=3)))


@st.composite
def indices(draw: st.DrawFn, shape: tuple[int, ...], limit: int) -> np.ndarray:
    """Into an axis of `limit` elements, negative ones too; none where there is none."""
    shape = shape if limit else (0, *shape[1:]) if shape else (0,)
    count = math.prod(shape)
    values = draw(st.lists(st.integers(-limit, limit - 1), min_size=count, max_size=count)) if limit else []
    return np.array(values, dtype=draw(dtypes)).reshape(shape)


@given(shapes(), shapes(0), st.data())
def test_gather(shape: tuple[int, ...], places: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    at = data.draw(indices(places, shape[axis]))
    values = numbered(shape)
    found = mo.Gather.evaluate(values, at, axis)
    assert found.shape == tuple(mo.Gather.infer(type_of(values), type_of(at), axis).shape)
    along = axis % len(shape)
    for place in np.ndindex(*found.shape):
        index = at[place[along : along + at.ndim]]
        assert found[place] == values[(*place[:along], index, *place[along + at.ndim :])]


@given(shapes(), st.data())
def test_gather_elements_and_scatter(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(0, len(shape) - 1))
    places = [data.draw(st.integers(0, extent)) for extent in shape]
    places[axis] = data.draw(extents) if shape[axis] else 0
    at = data.draw(indices(tuple(places), max(shape[axis], 1)))
    values = numbered(shape)
    found = mo.GatherElements.evaluate(values, at, axis - len(shape))
    assert found.shape == tuple(mo.GatherElements.infer(type_of(values), type_of(at), axis).shape) == at.shape
    reduction = data.draw(reductions)
    updates = numbered(at.shape) + 1
    changed, wanted = mo.Scatter.evaluate(values, at, updates, axis, reduction), values.copy()
    combine = {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}
    for place in np.ndindex(*at.shape):
        source = (*place[:axis], at[place], *place[axis + 1 :])
        assert found[place] == values[source]
        update = updates[place]
        wanted[source] = combine[reduction](wanted[source], update) if reduction in combine else update
    np.testing.assert_array_equal(changed, wanted)
    assert changed is not values


@given(shapes(), st.data())
def test_gather_nd_and_scatter_nd(shape: tuple[int, ...], data: st.DataObject) -> None:
    width = data.draw(st.integers(0, len(shape)))
    count = data.draw(extents) if all(shape[:width]) else 0
    rows = [[data.draw(st.integers(-extent, extent - 1)) for extent in shape[:width]] for _ in range(count)]
    at = np.array(rows, dtype=np.int64).reshape(count, width)
    values = numbered(shape)
    found = mo.GatherNd.evaluate(values, at, 0)
    assert found.shape == tuple(mo.GatherNd.infer(type_of(values), type_of(at), 0).shape)
    updates, wanted = numbered(found.shape) + 100, values.copy()
    for row, place in enumerate(rows):
        np.testing.assert_array_equal(found[row], values[tuple(place)])
        wanted[tuple(place)] = updates[row]
    assert mo.ScatterNd.infer(type_of(values), type_of(at), type_of(updates), "none").shape == shape
    np.testing.assert_array_equal(mo.ScatterNd.evaluate(values, at, updates, "none"), wanted)


def test_gather_nd_of_a_batch(tensor) -> None:
    values = numbered((2, 3, 4))
    at = np.array([[[1], [-1]], [[0], [2]]])
    found = mo.GatherNd.evaluate(values, at, 1)
    assert found.tolist() == [values[0][[1, 2]].tolist(), values[1][[0, 2]].tolist()]
    assert mo.GatherNd.infer(tensor(["n", 3, 4]), tensor(["n", "k", 1], "si64"), 1) == tensor(["n", "k", 4])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: mo.Gather.evaluate(x, np.array([0, 2]), 0), r"mo.gather: .* in \[-2, 2\) on axis 0, found 2"),
        (lambda x: mo.Gather.evaluate(x, np.array(-4), -1), r"mo.gather: .* in \[-3, 3\) on axis 1, found -4"),
        (lambda x: mo.Gather.evaluate(x, np.array(2**63, np.uint64), 0), "found 9223372036854775808"),
        (lambda x: mo.GatherElements.evaluate(x, np.array([[2]]), 0), r"mo.gather_elements: .*on axis 0, found 2"),
        (lambda x: mo.GatherElements.evaluate(x, np.zeros((3, 1), int), 1), "of at most 2 on axis 0, found 3"),
        (lambda x: mo.GatherNd.evaluate(x, np.array([[1, 3]]), 0), r"mo.gather_nd: .*\[-3, 3\) on axis 1, found 3"),
        (lambda x: mo.Scatter.evaluate(x, np.array([[-3]]), x[:1, :1], 0, "none"), r"mo.scatter: .*axis 0, found -3"),
        (lambda x: mo.ScatterNd.evaluate(x, np.array([[2]]), x[:1], "none"), "mo.scatter_nd: .*axis 0, found 2"),
    ],
)
def test_indices_out_of_range(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(numbered((2, 3)))


@given(shapes(0), st.data())
def test_one_hot(shape: tuple[int, ...], data: st.DataObject) -> None:
    depth = data.draw(extents)
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    count = math.prod(shape)
    values = data.draw(st.lists(st.integers(-5, 5), min_size=count, max_size=count))
    at = np.array(values, dtype=np.int64).reshape(shape)
    result = list(shape)
    result.insert(axis % (len(shape) + 1), depth)
    found = mo.OneHot.evaluate(at, np.float32(2), np.float32(-1), None, axis, [tuple(result)])
    assert found.shape == tuple(result)
    for place in np.ndindex(*result):
        index = at[tuple(np.delete(place, axis))]
        assert found[place] == (2 if index in (place[axis], place[axis] - depth) else -1)


def test_one_hot_depth(tensor) -> None:
    at, on, off = np.array([1]), np.float32(1), np.float32(0)
    assert mo.OneHot.evaluate(at, on, off, np.array(3), -1, [(1, -1)]).tolist() == [[0, 1, 0]]
    for depth, wanted in ((-1, -1), (3, 4)):
        with pytest.raises(ValueError, match="mo.one_hot: expected a depth of"):
            mo.OneHot.evaluate(at, on, off, np.array(depth), -1, [(1, wanted)])


@given(shapes(0), st.data())
def test_non_zero_and_compress(shape: tuple[int, ...], data: st.DataObject) -> None:
    count = math.prod(shape)
    values = np.array(data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)), np.int32).reshape(shape)
    found = mo.NonZero.evaluate(values, [(len(shape), -1)])
    assert found.T.tolist() == [list(place) for place in np.ndindex(*shape) if values[place]]
    flags = values.ravel().astype(bool)
    kept = mo.Compress.evaluate(numbered(shape), flags, None, [(-1,)])
    assert kept.tolist() == [i for i, flag in enumerate(flags) if flag]


def test_counts_that_are_not_those_of_the_type() -> None:
    with pytest.raises(ValueError, match="mo.non_zero: expected 3 elements other than 0, found 2"):
        mo.NonZero.evaluate(np.array([1, 0, 1]), [(1, 3)])
    with pytest.raises(ValueError, match="mo.compress: expected 1 true conditions, found 2"):
        mo.Compress.evaluate(np.array([1, 2]), np.array([True, True]), 0, [(1,)])
    with pytest.raises(ValueError, match="mo.compress: expected a condition of at most 2 elements, found 3"):
        mo.Compress.evaluate(np.array([1, 2]), np.array([True] * 3), 0, [(-1,)])
    with pytest.raises(ValueError, match="mo.range: expected 3 elements, found 2"):
        mo.Range.evaluate(np.array(0), np.array(2), np.array(1), [(3,)])


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(-5, 5).filter(bool), st.sampled_from("bhq"))
def test_range_of_integers(start: int, limit: int, step: int, dtype: str) -> None:
    operands = (np.array(each, dtype) for each in (start, limit, step))
    found = mo.Range.evaluate(*operands, [(-1,)])
    assert found.tolist() == list(range(start, limit, step))
    assert found.dtype == np.dtype(dtype)


@given(st.floats(-9, 9), st.floats(-9, 9), st.sampled_from([0.5, -0.25, 1.0, 3.0]))
def test_range_of_floats(start: float, limit: float, step: float) -> None:
    found = mo.Range.evaluate(np.array(start), np.array(limit), np.array(step), [(-1,)])
    assert found.tolist() == [start + i * step for i in range(max(math.ceil((limit - start) / step), 0))]


def test_range_errors(tensor) -> None:
    with pytest.raises(ValueError, match="mo.range: expected a step other than 0"):
        mo.Range.evaluate(np.array(0), np.array(2), np.array(0), [(-1,)])
    with pytest.raises(ValueError, match="mo.range: expected a finite number of elements, found inf"):
        mo.Range.evaluate(np.float32(0), np.float32(np.inf), np.float32(1), [(-1,)])
    with pytest.raises(VerifyError, match=r"expected a result of rank 1, found \[n, 2\]"):
        mo.Range.check(tensor([]), tensor([]), tensor([]), tensor(["n", 2]))
