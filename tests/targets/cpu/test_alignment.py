# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nests that may run together have loops of the same extents."""

import numpy as np

import mograph as mo


def test_inputs_of_one_type_have_extents_of_their_own():
    double = mo.compile("""
      mo.graph @f(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>) -> (!mo.tensor<[m], f32>, !mo.tensor<[n], f32>) {
        %0 = mo.abs %y : !mo.tensor<[m], f32>
        %1 = mo.abs %x : !mo.tensor<[n], f32>
        mo.output %0, %1 : !mo.tensor<[m], f32>, !mo.tensor<[n], f32>
      }""")
    for n, m in ((3, 2), (2, 3), (40, 1)):
        first, second = double(-np.ones(n, np.float32), -np.ones(m, np.float32))
        assert first.tolist() == [1] * m
        assert second.tolist() == [1] * n
