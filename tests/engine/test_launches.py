# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ordered regions, and regions that are launched several times: compiled and interpreted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph as mo

Make = Callable[[str], Any]
both = pytest.mark.parametrize("make", [mo.compile, mo.interpret])


@both
def test_a_sequence_gives_what_it_yields(make: Make) -> None:
    model = make("""
    mo.graph @ordered(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[k], f32> {
      %c = mo.chain.create
      %b = mo.buffer.create : !mo.buffer<[n], f32>
      %y, %d = mo.sequence stream = 3 -> !mo.tensor<[k], f32>, !mo.chain {
        %c1 = mo.buffer.store %x, %b, %c : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
        %t, %c2 = mo.buffer.load %b, %c1 : !mo.buffer<[n], f32>
        %twice = mo.concat %t, %x axis = 0 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
        mo.yield %twice, %c2 : !mo.tensor<[n * 2], f32>, !mo.chain
      }
      mo.output %y : !mo.tensor<[k], f32>
    }""")
    assert model(np.array([1, 2], np.float32)).tolist() == [1, 2, 1, 2]


PARALLEL = """
mo.graph @launches(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32>, %s: !mo.tensor<[], f32>, %r: !mo.tensor<[], f32>,
    %z: !mo.tensor<[m, 2], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[a], f32>,
    !mo.tensor<[b], f32>) {
  %0:4 = mo.parallel(%x, %y, %s, %r : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[], f32>,
      !mo.tensor<[], f32>) on [cpu, cpu] -> !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[a], f32>,
      !mo.tensor<[b], f32> {
  ^bb0(%v: !mo.tensor<[n], f32>, %f: !mo.tensor<[], f32>):
    %w = mo.mul %v, %f : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
    %flat = mo.reshape %z : !mo.tensor<[m, 2], f32> to !mo.tensor<[m * 2], f32>
    %long = mo.concat %w, %flat axis = 0 : !mo.tensor<[n], f32>, !mo.tensor<[m * 2], f32>
    mo.yield %w, %long : !mo.tensor<[n], f32>, !mo.tensor<[n + m * 2], f32>
  }
  mo.output %0#0, %0#1, %0#2, %0#3 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[a], f32>,
      !mo.tensor<[b], f32>
}
"""


@both
def test_a_region_is_launched_for_each_entry_of_its_bundles(make: Make) -> None:
    x, y, z = np.array([1, 2], np.float32), np.array([3, 4], np.float32), np.array([[5, 6]], np.float32)
    found = make(PARALLEL)(x, y, np.float32(10), np.float32(100), z)
    assert [each.tolist() for each in found] == [[10, 20], [300, 400], [10, 20, 5, 6], [300, 400, 5, 6]]


@both
def test_launches_that_share_a_new_name_have_one_extent(make: Make) -> None:
    model = make("""
    mo.graph @shared(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>, %at: !mo.tensor<[], i1>)
        -> (!mo.tensor<[k], f32>, !mo.tensor<[k], f32>) {
      %no = mo.not %at : !mo.tensor<[], i1>
      %0:2 = mo.parallel(%at, %no : !mo.tensor<[], i1>, !mo.tensor<[], i1>) on [cpu, cpu]
          -> !mo.tensor<[k], f32>, !mo.tensor<[k], f32> {
      ^bb0(%p: !mo.tensor<[], i1>):
        %1 = mo.if %p -> !mo.tensor<[k], f32> {
          mo.yield %x : !mo.tensor<[n], f32>
        } else {
          mo.yield %y : !mo.tensor<[m], f32>
        }
        mo.yield %1 : !mo.tensor<[k], f32>
      }
      mo.output %0#0, %0#1 : !mo.tensor<[k], f32>, !mo.tensor<[k], f32>
    }""")
    x, y = np.array([1, 2], np.float32), np.array([3, 4], np.float32)
    for first, expected in ((np.True_, (x, y)), (np.False_, (y, x))):
        for found, wanted in zip(model(x, y, first), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)
    with pytest.raises(ValueError, match="mo.parallel.*k"):
        model(x, np.ones(3, np.float32), np.True_)
