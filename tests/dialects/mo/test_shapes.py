# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rules on shapes, against numpy on concrete shapes and against themselves with names put in."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects.kit import Dim, VerifyError
from mograph.dialects.mo import shapes

INT64_MAX, INT64_MIN = 2**63 - 1, -(2**63)
n, m = Dim("n"), Dim("m")
small_shapes = st.lists(st.sampled_from([0, 1, 2, 3]), max_size=4).map(tuple)


def value(extent: shapes.Extent, **names: int) -> int:
    return extent if isinstance(extent, int) else extent.evaluate(names)


@given(small_shapes, small_shapes)
def test_broadcast_is_numpys(lhs: tuple[int, ...], rhs: tuple[int, ...]) -> None:
    try:
        expected = np.broadcast_shapes(lhs, rhs)
    except ValueError:
        with pytest.raises(VerifyError, match="expected shapes that broadcast"):
            shapes.broadcast(lhs, rhs)
    else:
        assert shapes.broadcast(lhs, rhs) == expected


def test_broadcast_of_names() -> None:
    assert shapes.broadcast((n, 1, 4), (m, 1)) == (n, m, 4)
    assert shapes.broadcast((n * 2 + 1,), (1 + n + n,)) == (n * 2 + 1,)
    assert shapes.broadcast_all((n,), (), (3, 1)) == (3, n)
    with pytest.raises(
        VerifyError, match=r"found n and 4 on axis -1 of \[n\] and \[2, 4\]; mo.rebind asserts that they are equal"
    ):
        shapes.broadcast((n,), (2, 4))
    with pytest.raises(VerifyError) as caught:
        shapes.broadcast((3,), (4,))
    assert "rebind" not in str(caught.value)


@given(small_shapes, small_shapes)
def test_broadcasts_to_is_numpys(source: tuple[int, ...], target: tuple[int, ...]) -> None:
    try:
        np.broadcast_to(np.zeros(source), target)
    except ValueError:
        with pytest.raises(VerifyError, match="expected"):
            shapes.broadcasts_to(source, target)
    else:
        shapes.broadcasts_to(source, target)


@given(small_shapes, st.data(), st.booleans())
def test_reduced_is_numpys(shape: tuple[int, ...], data: st.DataObject, keepdims: bool) -> None:
    rank = len(shape)
    axes = data.draw(st.none() | st.lists(st.integers(-rank - 1, rank), max_size=rank).map(tuple))
    try:
        expected = np.sum(np.zeros(shape), axis=axes, keepdims=keepdims).shape
    except ValueError:  # out of range, or twice the same
        with pytest.raises(VerifyError, match="expected axes to be"):
            shapes.reduced(shape, axes, keepdims)
    else:
        assert shapes.reduced(shape, axes, keepdims) == expected


@given(small_shapes, small_shapes)
def test_matmul_is_numpys(lhs: tuple[int, ...], rhs: tuple[int, ...]) -> None:
    try:
        expected = np.matmul(np.zeros(lhs), np.zeros(rhs)).shape
    except ValueError:
        with pytest.raises(VerifyError, match="expected"):
            shapes.matmul(lhs, rhs)
    else:
        assert shapes.matmul(lhs, rhs) == expected


def test_matmul_errors() -> None:
    with pytest.raises(
        VerifyError, match="expected dimension 1 of lhs and 0 of rhs, .* to be equal; found n and 4"
    ):
        shapes.matmul((3, n), (4, 5))
    with pytest.raises(VerifyError, match="dimension 1 of lhs and 0 of rhs, .*; found 2 and 4"):
        shapes.matmul((3, 2), (4,))
    with pytest.raises(VerifyError, match="in the batch dimensions of .*found 2 and 3"):
        shapes.matmul((2, 1, 4), (3, 4, 1))
    with pytest.raises(VerifyError, match=r"rank 1 or more, found \[\] and \[4\]"):
        shapes.matmul((), (4,))


def test_concat() -> None:
    assert shapes.concat([(2, n), (3, n), (m, n)], 0) == (m + 5, n)
    assert shapes.concat([(2, n), (2, 1)], -1) == (2, n + 1)
    with pytest.raises(VerifyError, match=r"expected axis to be in \[-2, 2\) for a tensor of rank 2, found 2"):
        shapes.concat([(2, 3)], 2)
    with pytest.raises(VerifyError, match=r"equal rank, found \[2, 3\] and \[2\] for inputs 0 and 1"):
        shapes.concat([(2, 3), (2,)], 0)
    expected = r"axis 0; found n and m on axis 1 of inputs 0 and 2, \[2, n\] and \[2, m\]; mo.rebind"
    with pytest.raises(VerifyError, match=expected):
        shapes.concat([(2, n), (1, n), (2, m)], 0)


POSITIONS = [INT64_MIN, -7, -3, -2, -1, 0, 1, 2, 3, 7, INT64_MAX]


@pytest.mark.parametrize("step", [1, 2, 3, -1, -2, -3, INT64_MAX, -INT64_MAX])
def test_sliced_names_give_numpys_extent(step: int) -> None:
    """Every pair of positions, over every extent up to beyond them, through the expression and directly."""
    for start, stop in itertools.product(POSITIONS, POSITIONS):
        extent = shapes.sliced(n, start, stop, step)
        for size in range(10):
            expected = np.zeros(size)[start:stop:step].size
            assert shapes.sliced(size, start, stop, step) == expected
            assert value(extent, n=size) == expected, (start, stop, step, size, str(extent))


def test_sliced_names_read_well() -> None:
    assert shapes.sliced(n, 0, INT64_MAX, 1) == n
    assert shapes.sliced(n, -1, INT64_MIN, -1) == n
    assert shapes.sliced(n + 2, 1, INT64_MAX, 1) == n + 1
    assert shapes.sliced(n + 4, 1, -1, 1) == n + 2
    assert shapes.sliced(n, 3, 2, 1) == 0
    assert shapes.sliced(n * 2, 0, INT64_MAX, 2) == n


def test_equal_counts() -> None:
    shapes.require_same_count((n, 4, 3), (n * 12,))
    shapes.require_same_count((), (1, 1))
    shapes.require_same_count((n, 6), (m, 3))  # decided when it runs
    shapes.require_same_count((n, n), (n, 2))  # equal when n is 2
    shapes.require_same_count((n,), (n * 2 - 1,))  # equal when n is 1
    shapes.require_same_count((0, 3), (n, m))  # equal when one of them is 0
    shapes.require_same_count((n, 3), (0,))  # equal when n is 0


@pytest.mark.parametrize(
    ("source", "target"), [((2, 3), (7,)), ((n, 16), (n, 8)), ((n,), (n + 1,)), ((n, m), (m, n, 2)), ((3,), (0,))]
)
def test_counts_that_cannot_be_equal(source: shapes.Shape, target: shapes.Shape) -> None:
    with pytest.raises(VerifyError, match="expected a shape of .* elements, as the input .* has; found .* of "):
        shapes.require_same_count(source, target)


def test_axes() -> None:
    assert shapes.axis_index(-1, 3) == 2
    assert shapes.axes_set(None, 2) == {0, 1}
    with pytest.raises(VerifyError, match=r"distinct for a tensor of rank 2, found \[0, -2\]"):
        shapes.axes_set((0, -2), 2)
    with pytest.raises(VerifyError, match=r"\[0, 0\) for a tensor of rank 0, found 0"):
        shapes.axis_index(0, 0)
