# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls of graphs whose dimensions are called otherwise, compiled and interpreted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph as mo

CALLS = """
mo.graph @model(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[2, 4], f32>)
    -> (!mo.tensor<[n, 4], f32>, !mo.tensor<[2, 4], f32>, !mo.tensor<[n + 2, 4], f32>) {
  %0 = mo.call @layer(%x) prefix = "a." : (!mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32>
  %1 = mo.call @layer(%y) prefix = "b." : (!mo.tensor<[2, 4], f32>) -> !mo.tensor<[2, 4], f32>
  %2 = mo.concat %x, %y axis = 0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[2, 4], f32>
  %3 = mo.call @layer(%2) prefix = "a." : (!mo.tensor<[n + 2, 4], f32>) -> !mo.tensor<[n + 2, 4], f32>
  mo.output %0, %1, %3 : !mo.tensor<[n, 4], f32>, !mo.tensor<[2, 4], f32>, !mo.tensor<[n + 2, 4], f32>
}
mo.graph private @layer(%x: !mo.tensor<[m, 4], f32>) -> !mo.tensor<[m, 4], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[4], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[m, 4], f32>, !mo.tensor<[4], f32>
  mo.output %0 : !mo.tensor<[m, 4], f32>
}
"""
NEW_NAMES = """
mo.graph @model(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>) -> (!mo.tensor<[p], f32>, !mo.tensor<[q], f32>) {
  %0 = mo.call @sub(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[p], f32>
  %1 = mo.call @sub(%y) : (!mo.tensor<[m], f32>) -> !mo.tensor<[q], f32>
  mo.output %0, %1 : !mo.tensor<[p], f32>, !mo.tensor<[q], f32>
}
mo.graph private @sub(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[k], f32> {
  %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[k], f32>
  mo.output %0 : !mo.tensor<[k], f32>
}
"""


def test_one_graph_serves_several_extents() -> None:
    random = np.random.default_rng(0)
    x, y, a, b = (random.standard_normal(shape).astype(np.float32) for shape in ((3, 4), (2, 4), 4, 4))
    expected = (x * a, y * b, np.concatenate([x, y]) * a)
    for run in (mo.compile, mo.interpret):
        for found, wanted in zip(run(CALLS, weights={"a.w": a, "b.w": b})(x, y), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_a_name_of_results_is_called_otherwise_in_each_call() -> None:
    x, y = np.ones(3, np.float32), np.ones(5, np.float32)
    for run in (mo.compile, mo.interpret):
        assert [each.shape for each in run(NEW_NAMES)(x, y)] == [(3,), (5,)]


@pytest.mark.parametrize("run", [mo.compile, mo.interpret])
def test_a_name_of_results_that_the_caller_knows_is_compared(run: Callable[..., Any]) -> None:
    both = run(NEW_NAMES.replace("[q]", "[p]"))
    assert both(np.ones(3, np.float32), np.ones(3, np.float32))[1].shape == (3,)
    with pytest.raises(Exception, match=r"dimension (0 of a result to be )?p"):
        both(np.ones(3, np.float32), np.ones(5, np.float32))
