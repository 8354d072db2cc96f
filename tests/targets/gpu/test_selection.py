# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Selections of many elements on a device of OpenCL, and compiled for chips that are not here."""

from typing import Any

import numpy as np
import pytest

import mograph
from mograph.targets.devices import DeviceError
from mograph.targets.spirv import SpirvTarget

Array = np.ndarray[Any, Any]
NON_ZERO = """mo.graph @g(%x: !mo.tensor<[n, m], si32>) -> !mo.tensor<[2, k], si64> {
  %0 = mo.non_zero %x : !mo.tensor<[n, m], si32> to !mo.tensor<[2, k], si64>
  mo.output %0 : !mo.tensor<[2, k], si64>
}"""
COMPRESS = """mo.graph @g(%x: !mo.tensor<[3, 99], f32>, %c: !mo.tensor<[n], i1>) -> !mo.tensor<[3, k], f32> {
  %0 = mo.compress %x, %c axis = 1 : !mo.tensor<[3, 99], f32>, !mo.tensor<[n], i1> to !mo.tensor<[3, k], f32>
  mo.output %0 : !mo.tensor<[3, k], f32>
}"""


@pytest.fixture
def device() -> str:
    """The device's name; without one, the test is skipped."""
    try:
        SpirvTarget().open()
    except DeviceError as error:
        pytest.skip(str(error))
    return "opencl:0"


def test_non_zero(device: str) -> None:
    """Of many, of one and of none, of which all, some and none are other than 0."""
    model, random = mograph.compile(NON_ZERO, device=device), np.random.default_rng(0)
    for shape in [(0, 3), (1, 1), (5, 0), (13, 77), (64, 64), (1, 513)]:
        for x in (random.integers(0, 3, shape), np.zeros(shape), np.ones(shape)):
            np.testing.assert_array_equal(model(x.astype(np.int32)), np.stack(np.nonzero(x)))


def test_compress(device: str) -> None:
    """Conditions may be fewer than elements."""
    model, random = mograph.compile(COMPRESS, device=device), np.random.default_rng(0)
    x = random.standard_normal((3, 99)).astype(np.float32)
    for count in (0, 1, 50, 99):
        for condition in (random.random(count) < 0.3, np.ones(count, bool)):
            np.testing.assert_array_equal(model(x, condition), np.compress(condition, x, axis=1))
    with pytest.raises(ValueError, match=r"mo.compress: expected a condition of at most 99 elements, found n"):
        model(x, np.ones(100, bool))


@pytest.mark.parametrize("chip", ["nvidia:sm_90a", "amd:gfx942"])
def test_other_chips(chip: str) -> None:
    assert mograph.build(NON_ZERO, device=chip)
