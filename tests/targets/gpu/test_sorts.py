# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sorts of long rows on a device of OpenCL, as numpy's stable ones to the bit, and compiled for chips that are not
here.
"""

from functools import cache
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph

Array = np.ndarray[Any, Any]
DTYPES: dict[str, Any] = {
    "i1": np.bool_,
    "si8": np.int8,
    "ui8": np.uint8,
    "si64": np.int64,
    "ui32": np.uint32,
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f32": np.float32,
    "f64": np.float64,
}


def graph(body: str, inputs: dict[str, str], outputs: dict[str, str]) -> str:
    """A graph of these values, by name, with their types."""
    arguments = ", ".join(f'{name}: {type_} {{mo.name = "{name[1:]}"}}' for name, type_ in inputs.items())
    types = ", ".join(outputs.values())
    return f"mo.graph @g({arguments}) -> ({types}) {{\n{body}\nmo.output {', '.join(outputs)} : {types}\n}}"


def both(dtype: str, axis: int, descending: bool) -> str:
    """A sort, and one of the positions."""
    type_, order = f"!mo.tensor<[a, n], {dtype}>", " descending" if descending else ""
    ops = "\n".join(f"%{op} = mo.{op} %x axis = {axis}{order} : {type_}" for op in ("sort", "argsort"))
    return graph(ops, {"%x": type_}, {"%sort": type_, "%argsort": "!mo.tensor<[a, n], si64>"})


def selection(op: str, axis: int, given: tuple[object, object], found: tuple[object, object], asked: bool) -> str:
    """The first ones of f32, as many as the result has, or is `asked` for."""
    x, y, z = (
        f"!mo.tensor<[{a}, {b}], {t}>" for (a, b), t in zip((given, found, found), ("f32", "f32", "si64"), strict=True)
    )
    inputs = {"%x": x, **({"%k": "!mo.tensor<[], si64>"} if asked else {})}
    body = f"%v, %p = mo.{op} {', '.join(inputs)} axis = {axis} : ({', '.join(inputs.values())}) -> ({y}, {z})"
    return graph(body, inputs, {"%v": y, "%p": z})


def rows(count: int, extent: int, dtype: Any = np.float32) -> Array:
    """Numbers with many equal ones; of floats some are NaN, or zeros of either sign."""
    random = np.random.default_rng(extent)
    x = random.integers(0, 9, (count, extent)).astype(dtype)
    if x.dtype.kind not in "biu":
        x = x - dtype(4)
        x[random.random(x.shape) < 0.1] = np.nan
        x[random.random(x.shape) < 0.1] = -0.0
    return np.asarray(x)


def places(x: Array, axis: int, descending: bool) -> Array:
    """The positions of elements in order, NaN as the greatest, equal ones as they are."""
    wide = x.astype(np.float64 if x.dtype.kind not in "biu" else np.int64)
    if not descending:
        return np.argsort(wide, axis, kind="stable")
    if wide.dtype.kind == "i":
        return np.argsort(-wide, axis, kind="stable")
    return np.lexsort((-wide, ~np.isnan(wide)), axis)


def assert_same(found: Array, expected: Array) -> None:
    """Equal to the bit."""
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(
        np.ascontiguousarray(found).view(f"u{found.itemsize}"),
        np.ascontiguousarray(expected).view(f"u{found.itemsize}"),
    )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("type_", DTYPES)
def test_all_elements(type_: str, descending: bool, device: str) -> None:
    x = rows(3, 77, DTYPES[type_])
    model = mograph.compile(both(type_, 1, descending), device=device)
    order = places(x, 1, descending)
    found = model(x)
    np.testing.assert_array_equal(found[1], order)
    assert_same(found[0], np.take_along_axis(x, order, 1))


def test_extents(device: str) -> None:
    """One program for rows of any extent, of powers of two and others, and none at all."""
    model = mograph.compile(both("f32", 0, False), device=device)
    for shape in [(0, 3), (1, 1), (2, 2), (3, 0), (31, 3), (32, 1), (33, 2), (2048, 1), (2049, 3), (9001, 1)]:
        x = rows(*shape)
        order = places(x, 0, False)
        found = model(x)
        np.testing.assert_array_equal(found[1], order)
        assert_same(found[0], np.take_along_axis(x, order, 0))


def test_first_ones(device: str) -> None:
    """Of a known number, and of one that is an operand."""
    x = rows(3, 201)
    order = places(x, 1, True)[:, :70]
    values, found = mograph.compile(selection("top_k", 1, (3, 201), (3, 70), False), device=device)(x)
    np.testing.assert_array_equal(found, order)
    assert_same(values, np.take_along_axis(x, order, 1))
    model = mograph.compile(selection("bottom_k", 0, ("n", 2), ("k", 2), True), device=device)
    x = rows(99, 2)
    for count in (0, 1, 99):
        order = places(x, 0, False)[:count]
        values, found = model(x, np.int64(count))
        np.testing.assert_array_equal(found, order)
        assert_same(values, np.take_along_axis(x, order, 0))
    with pytest.raises(ValueError, match=r"mo.bottom_k: expected k to be at most the extent of axis 0, n; found more"):
        model(x, np.int64(100))


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from(["si64", "f64", "f32", "ui8"]),
    st.booleans(),
    st.sampled_from([0, 1, 65, 1023, 1024, 1025, 2047, 2048, 2049, 4095, 4097, 6145, 20000]),
    st.sampled_from([1, 2, 10**9]),
)
def test_tiles(device: str, seed: int, dtype: str, descending: bool, extent: int, spread: int) -> None:
    """Rows of several tiles, and of parts of one, with equal elements and without."""
    random = np.random.default_rng(seed)
    x = random.integers(-spread, spread, (2, extent)).astype(DTYPES[dtype])
    order = places(x, 1, descending)
    found = dynamic(dtype, descending, device)(x)
    np.testing.assert_array_equal(found[1], order)
    assert_same(found[0], np.take_along_axis(x, order, 1))


@cache
def dynamic(dtype: str, descending: bool, device: str) -> Any:
    """A sort of rows of any extents."""
    return mograph.compile(both(dtype, 1, descending), device=device)


@pytest.mark.parametrize("wanted", [1, 9, 1000, 1025])
@pytest.mark.parametrize("extent", [5000, "n"])
def test_first_of_tiles(extent: object, wanted: int, device: str) -> None:
    """Of each tile few elements are kept, of known extents and others; the last tile may have fewer than that."""
    model = mograph.compile(selection("top_k", 1, ("a", extent), ("a", wanted), False), device=device)
    for count in (5000,) if extent == 5000 else (wanted, 2049, 4100):
        x = rows(2, max(count, wanted))
        order = places(x, 1, True)[:, :wanted]
        values, found = model(x)
        np.testing.assert_array_equal(found, order)
        assert_same(values, np.take_along_axis(x, order, 1))


@pytest.mark.parametrize("chip", ["nvidia:sm_90a", "amd:gfx942"])
def test_other_chips(chip: str) -> None:
    """There, too, tiles are sorted and merged by kernels."""
    assert mograph.build(both("bf16", 1, False), device=chip)
