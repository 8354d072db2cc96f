# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scans of long rows on a device of OpenCL, and compiled for chips that are not here."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest

import mograph

Array = np.ndarray[Any, Any]
DTYPES: dict[str, tuple[Any, float]] = {
    "si8": (np.int8, 0),
    "ui32": (np.uint32, 0),
    "si64": (np.int64, 0),
    "f16": (np.float16, 2e-3),
    "bf16": (ml_dtypes.bfloat16, 1e-2),
    "f32": (np.float32, 1e-5),
    "f64": (np.float64, 1e-13),
}


def graph(dtype: str, axis: int) -> str:
    """Sums and products along an axis, each in two of the ways."""
    type_ = f"!mo.tensor<[a, n], {dtype}>"
    ways = ["cumsum", "cumsum exclusive reverse", "cumprod exclusive", "cumprod reverse"]
    ops = ""
    for number, way in enumerate(ways):
        op, _, marks = way.partition(" ")
        ops += f"%{number} = mo.{op} %x axis = {axis} {marks} : {type_}\n"
    types = ", ".join([type_] * len(ways))
    return f"mo.graph @g(%x: {type_}) -> ({types}) {{\n{ops}mo.output %0, %1, %2, %3 : {types}\n}}"


def expected(x: Array, axis: int) -> list[Array]:
    """The same by numpy, of wide elements."""
    wide = x if x.dtype.kind in "iu" else x.astype(np.float64)
    one = [slice(None)] * x.ndim
    one[axis] = slice(0, 1)
    zeros, ones = np.zeros_like(wide[tuple(one)]), np.ones_like(wide[tuple(one)])
    flipped = np.flip(wide, axis)
    shifted = [slice(None)] * x.ndim
    shifted[axis] = slice(0, x.shape[axis])
    found = [
        np.cumsum(wide, axis, dtype=wide.dtype),
        np.flip(np.concatenate([zeros, np.cumsum(flipped, axis, dtype=wide.dtype)], axis)[tuple(shifted)], axis),
        np.concatenate([ones, np.cumprod(wide, axis, dtype=wide.dtype)], axis)[tuple(shifted)],
        np.flip(np.cumprod(flipped, axis, dtype=wide.dtype), axis),
    ]
    return [each.astype(x.dtype) for each in found]


def check(model: Any, x: Array, axis: int, tolerance: float) -> None:
    """All four results against numpy's; integers are exact."""
    for found, wanted in zip(model(x), expected(x, axis), strict=True):
        assert found.dtype == wanted.dtype
        if x.dtype.kind in "iu":
            np.testing.assert_array_equal(found, wanted)
        else:
            np.testing.assert_allclose(
                found.astype(np.float64), wanted.astype(np.float64), rtol=tolerance, atol=tolerance
            )


@pytest.mark.parametrize("type_", DTYPES)
def test_dtypes(type_: str, device: str) -> None:
    dtype, tolerance = DTYPES[type_]
    random = np.random.default_rng(0)
    x = random.integers(0, 5, (2, 77)) if np.dtype(dtype).kind in "iu" else random.uniform(0.8, 1.2, (2, 77))
    check(mograph.compile(graph(type_, 1), device=device), x.astype(dtype), 1, tolerance)


def test_extents(device: str) -> None:
    """One program for rows of any extent, of powers of the radix and others, and none at all."""
    model = mograph.compile(graph("f32", 0), device=device)
    for shape in [(0, 3), (1, 1), (2, 2), (3, 0), (8, 3), (9, 2), (64, 1), (65, 2), (513, 1), (4097, 1)]:
        x = np.random.default_rng(1).uniform(0.99, 1.01, shape).astype(np.float32)
        check(model, x, 0, 1e-4)


@pytest.mark.parametrize("chip", ["nvidia:sm_90a", "amd:gfx942"])
def test_other_chips(chip: str) -> None:
    assert mograph.build(graph("bf16", 1), device=chip)
