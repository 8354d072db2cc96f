# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels of which LLVM would make integers of other widths than 8, 16, 32 and 64 bits, which SPIR-V lacks."""

import ml_dtypes
import numpy as np
import pytest

import mograph
from mograph.targets.devices import DeviceError

PADDED = """
mo.graph @f(%x: !mo.tensor<[1, n, 5, 2], si32>, %b: !mo.tensor<[2], si32>, %w: !mo.tensor<[2, 1, 2, 2], si32>)
    -> !mo.tensor<[1, n + 2, 6, 2], si32> {
  %y = mo.conv %x, %w, %b strides = [1, 1] dilations = [1, 2] low = [2, 0] high = [1, 1] channels_last
    : !mo.tensor<[1, n, 5, 2], si32>, !mo.tensor<[2, 1, 2, 2], si32>, !mo.tensor<[2], si32>
  mo.output %y : !mo.tensor<[1, n + 2, 6, 2], si32>
}"""
COSINE = """
mo.graph @f(%x: !mo.tensor<[n], bf16>) -> !mo.tensor<[n], bf16> {
  %y = mo.cos %x : !mo.tensor<[n], bf16>
  mo.output %y : !mo.tensor<[n], bf16>
}"""


@pytest.fixture(autouse=True)
def _device() -> None:
    try:
        mograph.open_device("opencl:0")
    except DeviceError as error:
        pytest.skip(str(error))


def test_bounds_of_windows() -> None:
    rng = np.random.default_rng(0)
    x, b, w = (rng.integers(-9, 9, shape, np.int32) for shape in ((1, 4, 5, 2), (2,), (2, 1, 2, 2)))
    expected = mograph.compile(PADDED)(x, b, w)
    np.testing.assert_array_equal(mograph.compile(PADDED, device="opencl:0")(x, b, w), expected)


def test_conditions_of_lanes() -> None:
    """Some lanes are large, so that all go the long way, too."""
    x = np.linspace(-1e6, 1e6, 1001).astype(ml_dtypes.bfloat16)
    expected = np.cos(x.astype(np.float64)).astype(np.float32)
    found = mograph.compile(COSINE, device="opencl:0")(x).astype(np.float32)
    np.testing.assert_allclose(found, expected, rtol=2**-8, atol=1e-6)
