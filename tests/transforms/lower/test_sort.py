# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.sort`, `mo.argsort`, `mo.top_k`, `mo.bottom_k` and `mo.unique`, compiled, against their references."""

import numpy as np
import pytest
from whole_graphs import NUMPY, assert_equal, graph, named, run_both, runners, type_of

DTYPES = ["i1", "si8", "ui8", "si64", "ui64", "f16", "bf16", "f32", "f64", "f8E4M3FN"]
SHAPES = [((7,), 0), ((3, 5), -1), ((3, 5), 0), ((2, 4, 3), 1), ((0, 4), 1), ((4, 0), 1), ((1,), 0)]


def numbers(shape: tuple[int, ...], dtype: str, seed: int = 0) -> np.ndarray:
    """Few different values, for ties; NaN, infinities and both zeros among floats."""
    random = np.random.default_rng(seed)
    if dtype[0] not in "fb":
        return random.integers(0 if dtype[0] == "u" or dtype == "i1" else -3, 5, shape).astype(NUMPY[dtype])
    values = np.array([0.0, -0.0, 1, 2, -2, np.nan, 5, *([] if dtype == "f8E4M3FN" else [np.inf, -np.inf])])
    return values[random.integers(0, len(values), shape)].astype(NUMPY[dtype])


def sorting(x: np.ndarray, axis: int, names: bool = True) -> str:
    """Sorted and sorted positions, both ways."""
    given = type_of(x, named(x) if names else None)
    places = given.replace(given.rsplit(", ", 1)[1], "si64>")
    ops = [(op, result, way) for op, result in (("sort", given), ("argsort", places)) for way in ("", "descending")]
    lines = [f"%r{i} = mo.{op} %x0 axis = {axis} {way} : {given}" for i, (op, _, way) in enumerate(ops)]
    return graph([given], [result for _, result, _ in ops], "\n  ".join(lines))


@pytest.mark.parametrize(("shape", "axis"), SHAPES, ids=str)
def test_sort_along_axes(shape: tuple[int, ...], axis: int) -> None:
    x = numbers(shape, "f32")
    for names in (True, False):
        expected, found = run_both(sorting(x, axis, names), x)
        assert_equal(found, expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_sort_dtypes(dtype: str) -> None:
    x = numbers((3, 40), dtype)
    expected, found = run_both(sorting(x, 1), x)
    assert_equal(found, expected)


def test_long_rows_and_many_rows() -> None:
    random = np.random.default_rng(5)
    long, many = random.standard_normal((1, 5001)).astype("f"), random.integers(0, 9, (1000, 33)).astype(np.int32)
    for x in (long, many):
        expected, found = run_both(sorting(x, 1, names=False), x)
        assert_equal(found, expected)


def chosen(op: str, x: np.ndarray, axis: int, extent: object, operand: bool) -> str:
    dims = named(x)
    given = type_of(x, dims)
    dims[axis] = str(extent)
    values, count = type_of(x, dims), "!mo.tensor<[], si64>"
    indices = values.replace(values.rsplit(", ", 1)[1], "si64>")
    types = [given, count] if operand else [given]
    names = ", ".join(f"%x{i}" for i in range(len(types)))
    text = f"%r0, %r1 = mo.{op} {names} axis = {axis} : ({', '.join(types)}) -> ({values}, {indices})"
    return graph(types, [values, indices], text)


@pytest.mark.parametrize("op", ["top_k", "bottom_k"])
@pytest.mark.parametrize(("shape", "axis"), SHAPES[:4], ids=str)
def test_the_first_of_the_order(op: str, shape: tuple[int, ...], axis: int) -> None:
    x = numbers(shape, "f32")
    known, by_operand = runners(chosen(op, x, axis, 2, False)), runners(chosen(op, x, axis, "k", True))
    assert_equal(known[1](x), known[0](x))
    for count in range(shape[axis] + 1):
        expected, found = (run(x, np.int64(count)) for run in by_operand)
        assert found[0].shape[axis] == count
        assert_equal(found, expected)
    for count in (-1, shape[axis] + 1):
        for run in by_operand:
            with pytest.raises(ValueError, match=f"mo.{op}: expected k"):
                run(x, np.int64(count))


@pytest.mark.parametrize("op", ["top_k", "bottom_k"])
@pytest.mark.parametrize("dtype", ["f32", "ui8"])
def test_few_of_many(op: str, dtype: str) -> None:
    x = np.stack([numbers((900,), dtype, seed) for seed in range(4)])
    x[1] = np.sort(x[1])
    x[2] = np.sort(x[2])[::-1]
    by_operand = runners(chosen(op, x, 1, "k", True))
    for count in (0, 1, 2, 7, 40, 112, 113, 900):
        expected, found = (run(x, np.int64(count)) for run in by_operand)
        assert_equal(found, expected)
    for count in (1, 40, 300):
        known = runners(chosen(op, x, 1, count, False).replace("n900", "900"))
        assert_equal(known[1](x), known[0](x))


def test_none_of_none() -> None:
    given, values, indices = "!mo.tensor<[2, 0], f32>", "!mo.tensor<[2, k], f32>", "!mo.tensor<[2, k], si64>"
    text = f"%r0, %r1 = mo.top_k %x0, %x1 : ({given}, !mo.tensor<[], si64>) -> ({values}, {indices})"
    for run in runners(graph([given, "!mo.tensor<[], si64>"], [values, indices], text)):
        assert run(np.zeros((2, 0), "f"), np.int64(0))[1].shape == (2, 0)
        with pytest.raises(ValueError, match="mo.top_k: expected k to be"):
            run(np.zeros((2, 0), "f"), np.int64(1))


def test_more_than_there_are() -> None:
    x = numbers((2, 3), "f32")
    for run in runners(chosen("top_k", x, 1, 5, False)):
        with pytest.raises(ValueError, match="mo.top_k: expected k to be"):
            run(x)


def distinct(x: np.ndarray, axis: int | None, order: bool, extent: object = "u") -> str:
    dims: list[object] = list(named(x))
    given = type_of(x, dims)
    number: object = " * ".join(f"({dim})" for dim in dims) if axis is None else dims[axis]
    if axis is None:
        dims = [extent]
    else:
        dims[axis] = extent
    few, all_ = f"!mo.tensor<[{extent}], si64>", f"!mo.tensor<[{number or 1}], si64>"
    results = [type_of(x, dims), few, all_, few]
    attributes = ("" if axis is None else f"axis = {axis} ") + ("" if order else "sorted = false")
    return graph(
        [given], results, f"%r0, %r1, %r2, %r3 = mo.unique %x0 {attributes} : ({given}) -> ({', '.join(results)})"
    )


@pytest.mark.parametrize("order", [True, False])
@pytest.mark.parametrize(
    ("shape", "axis"),
    [((9,), None), ((3, 4), None), ((), None), ((0,), None), ((9,), 0), ((8, 2), 0), ((2, 9, 2), -2), ((3, 0), 0)],
    ids=str,
)
def test_unique(shape: tuple[int, ...], axis: int | None, order: bool) -> None:
    x = numbers(shape, "f32" if axis is None else "i1")
    expected, found = run_both(distinct(x, axis, order), x)
    assert_equal(found, expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_unique_dtypes(dtype: str) -> None:
    x = numbers((30,), dtype)
    expected, found = run_both(distinct(x, None, True), x)
    assert_equal(found, expected)


def test_unique_of_a_number_that_is_known() -> None:
    x = np.int32([3, 1, 3])
    two, three = (runners(distinct(x, None, True, extent)) for extent in (2, 3))
    assert_equal(two[1](x), two[0](x))
    for run in three:
        with pytest.raises(ValueError, match="mo.unique: expected"):
            run(x)
