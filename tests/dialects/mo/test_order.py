# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""References of `mo.sort`, `mo.argsort`, `mo.top_k`, `mo.bottom_k` and `mo.unique` against Python's lists."""

import functools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError

NUMBERS = st.sampled_from([0.0, -0.0, 1.0, 2.5, -1.0, math.inf, -math.inf, math.nan])
ARRAYS = hnp.arrays(np.float32, hnp.array_shapes(min_side=0, max_dims=3, max_side=5), elements=NUMBERS)


def compared(a: float, b: float) -> int:
    """-1, 0 or 1, where NaN is greater than all numbers and equal to itself."""
    if math.isnan(a) or math.isnan(b):
        return int(math.isnan(a)) - int(math.isnan(b))
    return (a > b) - (a < b)


def ordered(values: list[float], descending: bool) -> list[int]:
    sign = -1 if descending else 1
    return sorted(
        range(len(values)), key=functools.cmp_to_key(lambda i, j: sign * compared(values[i], values[j]))
    )  # stable


@given(x=ARRAYS, descending=st.booleans(), data=st.data())
def test_sort_and_argsort(x: np.ndarray, descending: bool, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    places, values = mo.Argsort.evaluate(x, axis, descending), mo.Sort.evaluate(x, axis, descending)
    assert places.dtype == np.int64
    count = x.size // max(x.shape[axis], 1)
    lanes = [np.moveaxis(each, axis, -1).reshape(count, x.shape[axis]) for each in (x, places, values)]
    for lane, place, value in zip(*lanes, strict=True):
        assert place.tolist() == ordered(lane.tolist(), descending)
        np.testing.assert_array_equal(value.view(np.int32), lane[place].view(np.int32))


def test_numpy_sorts_the_same() -> None:
    x = np.array([[3, np.nan, -1], [2, 5, np.nan]], np.float32)
    np.testing.assert_array_equal(mo.Sort.evaluate(x, 0, False), np.sort(x, 0))
    assert mo.Sort.evaluate(np.array([True, False]), 0, False).tolist() == [False, True]
    assert mo.Argsort.evaluate(np.uint8([0, 255, 3]), 0, True).tolist() == [1, 2, 0]


@given(x=ARRAYS, data=st.data())
def test_the_first_of_the_order(x: np.ndarray, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    k = data.draw(st.integers(0, x.shape[axis]))
    for op, descending in ((mo.TopK, True), (mo.BottomK, False)):
        shape = list(x.shape)
        shape[axis] = k
        known = op.evaluate(x, None, axis, [tuple(shape)] * 2)
        shape[axis] = -1
        found = op.evaluate(x, np.int64(k), axis, [tuple(shape)] * 2)
        places = np.take(mo.Argsort.evaluate(x, axis, descending), range(k), axis=axis)
        for values, indices in (known, found):
            np.testing.assert_array_equal(indices, places)
            np.testing.assert_array_equal(values, np.take_along_axis(x, places, axis))


@pytest.mark.parametrize(("k", "extent"), [(4, -1), (-1, -1), (2, 3)])
def test_wrong_k(k: int, extent: int) -> None:
    with pytest.raises(ValueError, match=f"mo.top_k: expected k to be (0 to 3|3), found {k}"):
        mo.TopK.evaluate(np.zeros(3, np.float32), np.int64(k), 0, [(extent,)] * 2)


@given(x=ARRAYS)
def test_unique_elements(x: np.ndarray) -> None:
    values, indices, inverse, counts = mo.Unique.evaluate(x, None, True, [(-1,)] * 4)
    wanted = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    for found, each in zip((values, indices, inverse.reshape(x.shape), counts), wanted, strict=True):
        np.testing.assert_array_equal(found, each.reshape(found.shape))
    shown, first, of, number = mo.Unique.evaluate(x, None, False, [(-1,)] * 4)
    assert first.tolist() == sorted(indices.tolist())
    np.testing.assert_array_equal(shown[of], values[inverse])
    assert number.tolist() == [counts[indices.tolist().index(i)] for i in first]


@given(
    x=hnp.arrays(
        np.int32, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4), elements=st.integers(0, 2)
    ),
    data=st.data(),
)
def test_unique_slices(x: np.ndarray, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    slices = [tuple(each.ravel().tolist()) for each in np.moveaxis(x, axis, 0)]
    values, indices, inverse, counts = mo.Unique.evaluate(x, axis, True, [(-1,)] * 4)
    distinct = sorted(set(slices))
    assert [tuple(each.ravel().tolist()) for each in np.moveaxis(values, axis, 0)] == distinct
    assert indices.tolist() == [slices.index(each) for each in distinct]
    assert inverse.tolist() == [distinct.index(each) for each in slices]
    assert counts.tolist() == [slices.count(each) for each in distinct]
    _, indices, inverse, _ = mo.Unique.evaluate(x, axis, False, [(-1,)] * 4)
    distinct = list(dict.fromkeys(slices))
    assert indices.tolist() == [slices.index(each) for each in distinct]
    assert inverse.tolist() == [distinct.index(each) for each in slices]


def test_another_number_than_the_type_says() -> None:
    with pytest.raises(ValueError, match="mo.unique: expected 3 distinct elements, found 2"):
        mo.Unique.evaluate(np.int32([1, 2, 1]), None, True, [(3,), (3,), (3,), (3,)])


def test_types(tensor) -> None:
    x, places = tensor(["n", 8], "bf16"), tensor(["n", 8], "si64")
    assert (mo.Sort.infer(x, 0), mo.Argsort.infer(x, -1)) == (x, places)
    with pytest.raises(VerifyError, match=r"expected axis to be in \[-2, 2\)"):
        mo.Sort.infer(x, 2)
    mo.TopK.check(x, tensor([], "si64"), 0, tensor(["k", 8], "bf16"), tensor(["k", 8], "si64"))
    with pytest.raises(VerifyError, match="expected at most the 8 elements on axis 1 to be chosen, found 9"):
        mo.TopK.check(x, None, 1, tensor(["n", 9], "bf16"), tensor(["n", 9], "si64"))
    with pytest.raises(VerifyError, match="expected indices of the input's shape but on axis 1"):
        mo.TopK.check(x, None, 1, tensor(["n", 3], "bf16"), tensor(["n", 2], "si64"))
    u = tensor(["u"], "si64")
    mo.Unique.check(x, None, tensor(["u"], "bf16"), u, tensor(["8 * n"], "si64"), u)
    mo.Unique.check(x, 1, tensor(["n", "u"], "bf16"), u, tensor([8], "si64"), u)
    with pytest.raises(VerifyError, match="expected inverse of a type such as"):
        mo.Unique.check(x, 1, tensor(["n", "u"], "bf16"), u, tensor([7], "si64"), u)
