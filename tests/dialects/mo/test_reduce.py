# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reductions, against exact fractions and plain loops."""

import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes

FLOATS = ["f8E4M3FN", "f8E5M2", "f16", "bf16", "f32", "f64"]
INTEGERS = ["si8", "si16", "si32", "si64", "ui8", "ui16", "ui32", "ui64"]
SHAPES = [(), (1,), (5,), (2, 3), (3, 1, 2), (2, 3, 2, 2)]


def array(values: object, dtype: str) -> np.ndarray:
    return np.array(values, dtypes.DTYPES[dtype].numpy)


def looped(
    function: Callable[[list], object], values: np.ndarray, axes: tuple[int, ...] | None, keepdims: bool
) -> np.ndarray:
    """`function` of the list of elements that each element of the result is made of."""
    gone = set(range(values.ndim)) if axes is None else {axis % values.ndim for axis in axes}
    kept = [range(1) if axis in gone else range(extent) for axis, extent in enumerate(values.shape)]
    result = np.empty([len(extent) for extent in kept], object)
    for index in itertools.product(*kept):
        part = values[tuple(slice(None) if axis in gone else i for axis, i in enumerate(index))]
        result[index] = function(np.ravel(part).tolist())
    return result if keepdims else result.reshape([n for axis, n in enumerate(values.shape) if axis not in gone])


@st.composite
def reductions(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...] | None, bool]:
    shape = draw(st.sampled_from(SHAPES))
    rank = len(shape)
    axes = draw(st.none() | st.sets(st.integers(0, rank - 1)) if rank else st.sampled_from([None, ()]))
    signed = None if axes is None else tuple(axis - rank * draw(st.booleans()) for axis in axes)
    return shape, signed, draw(st.booleans())


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_arithmetic(dtype: str) -> None:
    kind = dtypes.DTYPES[dtype]

    def exact_sum(values: list) -> Fraction:
        return sum(map(Fraction, values), Fraction(0))

    table: list[tuple[type, Callable[[list], object]]] = [
        (mo.ReduceAdd, exact_sum),
        (mo.ReduceMul, lambda values: math.prod(map(Fraction, values))),
        (mo.ReduceMax, max),
        (mo.ReduceMin, min),
    ]
    if kind.kind == "float":
        table.append((mo.ReduceMean, lambda values: exact_sum(values) / len(values)))

    @given(reductions(), st.randoms(use_true_random=False))
    def check(reduction: tuple, random: object) -> None:
        shape, axes, keepdims = reduction
        low = 0 if kind.kind == "unsigned" else -3
        values = array([random.randint(low, 3) for _ in range(math.prod(shape))], dtype).reshape(shape)
        wide = values.astype(np.float64).astype(object) if kind.kind == "float" else values.astype(object)
        inferred = None
        for op, function in table:
            found = op.evaluate(values, axes, keepdims)
            inferred = op.infer(mo.TensorType.get(shape, dtype), axes, keepdims)
            assert (np.shape(found), found.dtype) == (tuple(inferred.shape), kind.numpy)
            expected = looped(function, wide, axes, keepdims)
            if kind.kind == "float":
                rounded = mo.conversion.rounded(expected.astype(np.float64), kind.numpy)
                np.testing.assert_array_equal(np.asarray(found).astype(np.float64), rounded.astype(np.float64))
            else:
                bits = 2**kind.bits
                assert all(
                    (int(a) - int(b)) % bits == 0 for a, b in zip(np.ravel(found), np.ravel(expected), strict=True)
                )

    check()


def test_narrow_floats_are_accumulated_wide() -> None:
    ones = array([1.0] * 4096, "bf16")
    assert float(mo.ReduceAdd.evaluate(ones, None, False)) == 4096  # in bf16, 256 + 1 is 256
    assert float(mo.ReduceMean.evaluate(ones, None, False)) == 1


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_of_no_elements(dtype: str) -> None:
    empty = array([], dtype).reshape(2, 0)
    found = {
        op: np.asarray(op.evaluate(empty, (1,), False))
        for op in (mo.ReduceAdd, mo.ReduceMul, mo.ReduceMax, mo.ReduceMin)
    }
    if dtypes.DTYPES[dtype].kind == "float":
        largest = 448.0 if dtype == "f8E4M3FN" else np.inf
        ends = (-largest, largest)
        assert np.isnan(mo.ReduceMean.evaluate(empty, (1,), False).astype(np.float64)).all()
    else:
        ends = (np.iinfo(empty.dtype).min, np.iinfo(empty.dtype).max)
    assert [each.tolist() for each in found.values()] == [[0, 0], [1, 1], [ends[0]] * 2, [ends[1]] * 2]
    assert all(each.dtype == empty.dtype for each in found.values())


@pytest.mark.parametrize("dtype", ["f8E5M2", "f16", "bf16", "f32", "f64"])
def test_nan_goes_through(dtype: str) -> None:
    values = array([1.0, np.nan, np.inf, -np.inf], dtype)
    for op in (mo.ReduceAdd, mo.ReduceMul, mo.ReduceMax, mo.ReduceMin, mo.ReduceMean):
        assert np.isnan(float(op.evaluate(values, None, False))), op
    assert int(mo.ReduceArgMax.evaluate(values, 0, False, False)) == 1
    assert int(mo.ReduceArgMin.evaluate(values, 0, False, False)) == 1
    twice = array([np.nan, 1.0, np.nan, 2.0], dtype)
    assert [int(mo.ReduceArgMax.evaluate(twice, 0, False, last)) for last in (False, True)] == [0, 2]


@given(reductions(), st.data())
def test_any_and_all(reduction: tuple, data: st.DataObject) -> None:
    shape, axes, keepdims = reduction
    size = math.prod(shape)
    values = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), bool).reshape(shape)
    for op, function in ((mo.ReduceAny, any), (mo.ReduceAll, all)):
        found = op.evaluate(values, axes, keepdims)
        assert found.dtype == np.bool_
        np.testing.assert_array_equal(found, looped(function, values, axes, keepdims).astype(bool))


def test_any_and_all_of_no_elements() -> None:
    empty = np.zeros((0, 2), bool)
    assert mo.ReduceAny.evaluate(empty, (0,), False).tolist() == [False, False]
    assert mo.ReduceAll.evaluate(empty, (0,), True).tolist() == [[True, True]]


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
@given(
    shape=st.sampled_from(SHAPES[1:]),
    random=st.randoms(use_true_random=False),
    keepdims=st.booleans(),
    last=st.booleans(),
)
def test_positions(dtype: str, shape: tuple[int, ...], random: object, keepdims: bool, last: bool) -> None:
    values = array([random.randint(0, 2) for _ in range(math.prod(shape))], dtype).reshape(shape)
    axis = random.randrange(-len(shape), len(shape))
    for op, pick in ((mo.ReduceArgMax, max), (mo.ReduceArgMin, min)):
        found = op.evaluate(values, axis, keepdims, last)

        def position(part: list, pick: Callable = pick) -> int:
            return len(part) - 1 - part[::-1].index(pick(part)) if last else part.index(pick(part))

        expected = looped(position, values.astype(np.float64), (axis,), keepdims)
        assert found.dtype == np.int64
        assert found.tolist() == expected.tolist()


def test_positions_are_exact_for_large_integers() -> None:
    values = array([2**63 - 2, 2**63 - 1, 2**63 - 2], "si64")
    assert int(mo.ReduceArgMax.evaluate(values, 0, False, False)) == 1
    assert mo.ReduceArgMin.evaluate(np.zeros((0, 2)), 0, True, False).tolist() == [[0, 0]]
    assert mo.ReduceArgMin.evaluate(np.zeros((0, 2)), 0, True, True).tolist() == [[0, 0]]


def test_result_types(tensor) -> None:
    assert mo.ReduceAdd.infer(tensor(["n", 3, "m"], "f16", "gpu:1"), (0, -1), False) == tensor([3], "f16", "gpu:1")
    assert mo.ReduceMax.infer(tensor(["n", 3]), None, True) == tensor([1, 1])
    assert mo.ReduceMin.infer(tensor(["n", 3]), (), False) == tensor(["n", 3])
    assert mo.ReduceArgMax.infer(tensor(["n", 3]), -1, False) == tensor(["n"], "si64")


@pytest.mark.parametrize(
    ("op", "operand", "axes", "message"),
    [
        (mo.ReduceAdd, ([2], "i1"), None, "expected dtype to be an integer or a float, found i1"),
        (mo.ReduceMean, ([2], "si32"), None, "expected dtype to be a float, found si32"),
        (mo.ReduceAny, ([2], "f32"), None, "expected dtype to be bool .i1., found f32"),
        (mo.ReduceAdd, ([2, 3], "f32"), (2,), r"expected axes to be in \[-2, 2\) for a tensor of rank 2, found 2"),
        (mo.ReduceAdd, ([2, 3], "f32"), (1, -1), r"expected axes to be distinct .* found \[1, -1\]"),
        (mo.ReduceArgMax, ([2, 3], "f32"), -3, r"expected axis to be in \[-2, 2\) .* found -3"),
        (mo.ReduceArgMax, ([], "f32"), 0, r"expected axis to be in \[0, 0\) for a tensor of rank 0, found 0"),
        (mo.ReduceArgMin, ([2, 0], "f32"), 1, r"expected an axis with elements, found extent 0 on axis 1 of \[2, 0\]"),
    ],
)
def test_wrong_operands(op: type, operand: tuple, axes: object, message: str, tensor) -> None:
    with pytest.raises(VerifyError, match=message):
        op.infer(tensor(*operand), axes, False)
