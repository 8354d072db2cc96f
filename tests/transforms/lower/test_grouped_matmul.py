# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.grouped_matmul`, compiled, against its reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering_harness import Type, run
from whole_graphs import NUMPY, Array, assert_equal, graph, run_both, runners, type_of

TOLERANCE = {"f64": 1e-13, "f32": 3e-6, "f16": 1e-3, "bf16": 8e-3, "f8E4M3FN": 0.13, "f8E5M2": 0.26}
NAMES = (["m", "k"], ["g", "k", "n"], ["g"])


def operands(dtype: str, rows: int, inner: int, columns: int, sizes: list[int], kind: str = "si64") -> list[Array]:
    random = np.random.default_rng(rows)
    shapes = [(rows, inner), (len(sizes), inner, columns)]
    if dtype in TOLERANCE:
        arrays = [random.standard_normal(shape).astype(NUMPY[dtype]) for shape in shapes]
    else:
        arrays = [random.integers(0, 9, shape).astype(NUMPY[dtype]) for shape in shapes]
    return [*arrays, np.array(sizes).astype(NUMPY[kind])]


def text(arrays: list[Array], names: bool, turned: bool = False, follow: str = "") -> str:
    """The product of arrays whose matrices have the order of `turned`, and an operation that follows it."""
    dims = [list(each) for each in NAMES]
    if turned:
        dims[1][1:] = dims[1][:0:-1]
    types = [type_of(x, each if names else None) for x, each in zip(arrays, dims, strict=True)]
    columns = arrays[1].shape[1 if turned else 2]
    result = np.empty((len(arrays[0]), columns), arrays[0].dtype)
    made = type_of(result, ["m", "n"] if names else None)
    how = " transpose_rhs" if turned else ""
    body = f"%p = mo.grouped_matmul %x0, %x1, %x2{how} : {', '.join(types)}\n  %r0 = {follow or 'mo.abs'} %p : {made}"
    return graph(types, [made], body)


SIZES = [[3, 0, 14, 5], [0, 0], [], [22], [-5, 30], [9, 9, 9], [1] * 22, [25, 4, -1, 3], [0, 0, 22, 0]]


@pytest.mark.parametrize("names", [False, True])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_sizes(sizes: list[int], names: bool) -> None:
    arrays = operands("f32", 22, 35, 18, sizes)
    expected, found = run_both(text(arrays, names), *arrays)
    assert_equal(found, expected, TOLERANCE["f32"])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("dtype", [*TOLERANCE, "si8", "ui16", "si32", "ui64"])
def test_dtypes(dtype: str, turned: bool) -> None:
    arrays = operands(dtype, 40, 33, 47, [7, 0, 30])
    if turned:
        arrays[1] = np.swapaxes(arrays[1], 1, 2).copy()
    expected, found = run_both(text(arrays, True, turned), *arrays)
    assert_equal(found, expected, TOLERANCE.get(dtype, 0))


@pytest.mark.parametrize("kind", ["si8", "ui8", "si16", "ui32", "si64", "ui64"])
def test_dtypes_of_sizes(kind: str) -> None:
    arrays = operands("f32", 9, 3, 5, [2, 3, 1], kind)
    limits = np.iinfo(arrays[2].dtype)
    run_compiled = runners(text(arrays, True))
    for sizes in ([2, 3, 1], [limits.max, 1, 1], [limits.min, 4, limits.max], [limits.max, limits.max, limits.min]):
        arrays[2] = np.array(sizes, arrays[2].dtype)
        expected, found = (each(*arrays) for each in run_compiled)
        assert_equal(found, expected, TOLERANCE["f32"])


@pytest.mark.parametrize("names", [False, True])
@pytest.mark.parametrize(
    ("rows", "inner", "columns", "sizes"),
    [(0, 3, 4, [2, 1]), (5, 0, 4, [2, 1]), (5, 3, 0, [2, 1]), (5, 3, 4, []), (0, 0, 0, []), (1, 1, 1, [1])],
)
def test_empty(rows: int, inner: int, columns: int, sizes: list[int], names: bool) -> None:
    arrays = operands("f32", rows, inner, columns, sizes)
    expected, found = run_both(text(arrays, names), *arrays)
    assert_equal(found, expected, TOLERANCE["f32"])


def test_other_groups_do_not_matter() -> None:
    arrays = operands("f32", 6, 40, 40, [2, 0, 3])
    arrays[1][1], arrays[0][5] = np.nan, np.inf
    expected, found = run_both(text(arrays, True), *arrays)
    assert np.isfinite(found).all()
    assert_equal(found, expected, TOLERANCE["f32"])


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(0, 70), sizes=st.lists(st.integers(-2, 40), min_size=3, max_size=3))
def test_any_sizes_of_one_model(rows: int, sizes: list[int]) -> None:
    arrays = operands("f32", rows, 33, 50, sizes)
    expected, found = (each(*arrays) for each in _RUNNERS)
    assert_equal(found, expected, TOLERANCE["f32"])


_RUNNERS = runners(text(operands("f32", 4, 33, 50, [1, 1, 1]), True, follow="mo.relu"))


def test_rule_alone() -> None:
    """By upstream's plainest pipeline."""
    lhs, rhs, sizes = operands("si32", 6, 4, 3, [1, 0, 4], "si32")
    wanted = np.concatenate([lhs[:1] @ rhs[0], lhs[1:5] @ rhs[2], np.zeros((1, 3), np.int32)])
    found = run("mo.grouped_matmul", [lhs, rhs, sizes], Type((6, 3), "si32"), transpose_rhs=False)
    np.testing.assert_array_equal(found, wanted)
