# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reshapes that join dimensions of unknown extent, which upstream's fusion turns into views that split them."""

import numpy as np
import pytest

import mograph

T = "!mo.tensor"


@pytest.mark.parametrize("shape", [(2, 3, 4), (5, 1, 4), (0, 3, 4), (3, 0, 4)], ids=str)
def test_joined_rows_of_a_product(shape: tuple[int, int, int]) -> None:
    model = mograph.compile(f"""
mo.graph @f(%x: {T}<[b, s, 4], f32>, %w: {T}<[4, m], f32>) -> {T}<[b * s, m], f32> {{
  %y = mo.reshape %x : {T}<[b, s, 4], f32> to {T}<[b * s, 4], f32>
  %r = mo.matmul %y, %w : {T}<[b * s, 4], f32>, {T}<[4, m], f32>
  mo.output %r : {T}<[b * s, m], f32>
}}""")
    x = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    w = np.arange(28, dtype=np.float32).reshape(4, 7)
    np.testing.assert_array_equal(model(x, w), x.reshape(-1, 4) @ w)


def test_joined_terms_of_a_sum() -> None:
    model = mograph.compile(f"""
mo.graph @f(%x: {T}<[b, s, t], f32>, %w: {T}<[s * t, m], f32>) -> {T}<[b, m], f32> {{
  %y = mo.reshape %x : {T}<[b, s, t], f32> to {T}<[b, s * t], f32>
  %r = mo.matmul %y, %w : {T}<[b, s * t], f32>, {T}<[s * t, m], f32>
  mo.output %r : {T}<[b, m], f32>
}}""")
    x = np.arange(60, dtype=np.float32).reshape(3, 4, 5)
    w = np.arange(140, dtype=np.float32).reshape(20, 7) % 9
    np.testing.assert_array_equal(model(x, w), x.reshape(3, 20) @ w)
