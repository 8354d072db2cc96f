# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scatters on a device of OpenCL, to the bit as one update after the other, and compiled for other chips."""

from functools import cache
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph

Array = np.ndarray[Any, Any]
REDUCTIONS = ("none", "add", "mul", "max", "min")
DTYPES: dict[str, Any] = {"f32": np.float32, "bf16": ml_dtypes.bfloat16, "si8": np.int8, "ui32": np.uint32}


def graph(op: str, x: str, indices: str, updates: str, text: str) -> str:
    """A graph of one scatter of tensors of these types."""
    x, indices, updates = (f"!mo.tensor<{each}>" for each in (x, indices, updates))
    return f"""mo.graph @g(%x: {x}, %i: {indices}, %u: {updates}) -> {x} {{
  %0 = mo.{op} %x, %i, %u {text} : {x}, {indices}, {updates}
  mo.output %0 : {x}
}}"""


@cache
def elements(device: str, dtype: str, reduction: str, axis: int) -> Any:
    """A model of `mo.scatter` of any extents."""
    text = f"axis = {axis} reduction = {reduction}"
    return mograph.compile(
        graph("scatter", f"[n, m], {dtype}", "[a, b], si32", f"[a, b], {dtype}", text), device=device
    )


@cache
def slices(device: str, dtype: str, reduction: str, width: int) -> Any:
    """A model of `mo.scatter_nd` of any extents, into a tensor of rank 2."""
    rest = ", m" if width == 1 else ""
    text = f"reduction = {reduction}"
    return mograph.compile(
        graph("scatter_nd", f"[n, m], {dtype}", f"[a, {width}], si64", f"[a{rest}], {dtype}", text), device=device
    )


def numbers(random: np.random.Generator, shape: Any, dtype: str) -> Array:
    """Elements of which sums and products stay small."""
    values = random.integers(-3, 4, shape) / (1 if dtype in ("si8", "ui32") else 4)
    return np.asarray((values.astype(np.int64) if dtype in ("si8", "ui32") else values).astype(DTYPES[dtype]))


def combined(old: Any, update: Any, reduction: str) -> Any:
    """What an update makes of an element."""
    with np.errstate(over="ignore"):
        found = {"none": lambda: update, "add": lambda: old + update, "mul": lambda: old * update}.get(reduction)
        if found is None:
            return max(old, update) if reduction == "max" else min(old, update)
        return found()


def assert_same(found: Array, expected: Array) -> None:
    """Equal to the bit."""
    assert found.dtype == expected.dtype
    assert found.tobytes() == expected.tobytes()


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from(sorted(DTYPES)),
    st.sampled_from(REDUCTIONS),
    st.sampled_from([0, 1]),
    st.sampled_from([(1, 1), (2, 9), (7, 3), (5, 65), (40, 1)]),
    st.sampled_from([0, 1, 2, 63, 64, 130, 600]),
)
def test_elements(
    device: str, seed: int, dtype: str, reduction: str, axis: int, shape: tuple[int, int], count: int
) -> None:
    """Indices from either end, many of them for one element, on both axes."""
    random = np.random.default_rng(seed)
    x = numbers(random, shape, dtype)
    other = int(random.integers(1, shape[1 - axis] + 1))
    across = (count, other) if axis == 0 else (other, count)
    indices = random.integers(-shape[axis], shape[axis], across).astype(np.int32)
    updates, expected = numbers(random, across, dtype), x.copy()
    for place in np.ndindex(across):
        at = (indices[place], place[1]) if axis == 0 else (place[0], indices[place])
        expected[at] = combined(expected[at], updates[place], reduction)
    assert_same(elements(device, dtype, reduction, axis)(x, indices, updates), expected)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from(sorted(DTYPES)),
    st.sampled_from(REDUCTIONS),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([(1, 1), (2, 9), (7, 3), (5, 65), (40, 1)]),
    st.sampled_from([0, 1, 2, 63, 64, 130, 600]),
)
def test_slices(
    device: str, seed: int, dtype: str, reduction: str, width: int, shape: tuple[int, int], count: int
) -> None:
    """Tuples of no index, of one, which leaves rows, and of two."""
    random = np.random.default_rng(seed)
    x = numbers(random, shape, dtype)
    ranges = [random.integers(-shape[axis], shape[axis], count) for axis in range(width)]
    indices = np.stack(ranges, -1) if width else np.zeros((count, 0), np.int64)
    given_ = (count, *shape[width:])
    if width == 0:
        model = mograph.compile(
            graph("scatter_nd", f"[n, m], {dtype}", "[a, 0], si64", f"[a, n, m], {dtype}", f"reduction = {reduction}"),
            device=device,
        )
    else:
        model = slices(device, dtype, reduction, width)
    updates, expected = numbers(random, given_, dtype), x.copy()
    for number in range(count):
        at = tuple(indices[number])
        for inner in np.ndindex(*shape[width:]):
            expected[at + inner] = combined(expected[at + inner], updates[(number, *inner)], reduction)
    assert_same(model(x, indices, updates), expected)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("count", [3, 64, 65, 1000])
def test_known_extents(device: str, count: int, reduction: str) -> None:
    """Few updates, which are compared with each other, many, which are sorted, and parts of those of one place."""
    random = np.random.default_rng(count)
    for dtype in ("si32", "f32"):
        kind = np.int32 if dtype == "si32" else np.float32
        model = mograph.compile(
            graph("scatter", f"[5], {dtype}", f"[{count}], si8", f"[{count}], {dtype}", f"reduction = {reduction}"),
            device=device,
        )
        for most in (1, 5):
            x, updates = (random.integers(-9, 9, n).astype(kind) / kind(1) for n in (5, count))
            x, updates = x.astype(kind), (updates + (0 if dtype == "si32" else 0.1)).astype(kind)
            indices = random.integers(-most, most, count).astype(np.int8)
            expected = x.copy()
            with np.errstate(over="ignore"):
                for index, update in zip(indices, updates, strict=True):
                    expected[index] = combined(expected[index], update, reduction)
            assert_same(model(x, indices, updates), expected)


def test_many_lines(device: str) -> None:
    """Each is a thread's."""
    text = "axis = 1 reduction = add"
    model = mograph.compile(
        graph("scatter", "[50, 6, 44], f32", "[50, 9, 43], ui8", "[50, 9, 43], f32", text), device=device
    )
    random = np.random.default_rng(0)
    x, updates = (random.standard_normal(shape).astype(np.float32) for shape in ((50, 6, 44), (50, 9, 43)))
    indices = random.integers(0, 6, (50, 9, 43)).astype(np.uint8)
    expected = x.copy()
    for i, j, k in np.ndindex(50, 9, 43):
        expected[i, indices[i, j, k], k] += updates[i, j, k]
    assert_same(model(x, indices, updates), expected)


def test_used_twice(device: str) -> None:
    """The input is left as it was."""
    x, i = "!mo.tensor<[n], f32>", "!mo.tensor<[m], si64>"
    model = mograph.compile(
        f"""mo.graph @g(%x: {x}, %i: {i}, %u: !mo.tensor<[m], f32>) -> ({x}, {x}) {{
      %y = mo.mul %x, %x : {x}
      %0 = mo.scatter %y, %i, %u : {x}, {i}, !mo.tensor<[m], f32>
      %1 = mo.add %y, %0 : {x}
      mo.output %1, %y : {x}, {x}
    }}""",
        device=device,
    )
    given_ = np.arange(5, dtype=np.float32)
    total, square = model(given_, np.int64([-1, 0, -1]), np.float32([7, 8, 9]))
    np.testing.assert_array_equal(square, given_**2)
    np.testing.assert_array_equal(total, given_**2 + [8, 1, 4, 9, 9])


def test_out_of_range(device: str) -> None:
    """Is an error, as elsewhere."""
    model = elements(device, "f32", "add", 0)
    x = np.zeros((3, 2), np.float32)
    with pytest.raises(ValueError, match=r"mo.scatter: expected indices in \[-n, n\) on axis 0, found one outside"):
        model(x, np.int32([[3, 0]]), np.ones((1, 2), np.float32))


@pytest.mark.parametrize("chip", ["nvidia:sm_90a", "amd:gfx942"])
@pytest.mark.parametrize("reduction", ["none", "add", "max"])
def test_other_chips(chip: str, reduction: str) -> None:
    text = f"reduction = {reduction}"
    assert mograph.build(graph("scatter", "[n], bf16", "[m], si32", "[m], bf16", text), device=chip)
    assert mograph.build(graph("scatter_nd", "[n, 9], f32", "[40, 1], si64", "[40, 9], f32", text), device=chip)
