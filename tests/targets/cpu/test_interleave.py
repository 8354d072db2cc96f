# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nests over blocks of a few elements: unrolled places, vectors of blocks."""

import numpy as np
import pytest

from mograph.targets.cpu import Host

from ..conftest import Build

NEST = """
#all = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#none = affine_map<(d0, d1, d2) -> ()>
func.func @f(%x: tensor<?x{places}x{dtype}>, %s: tensor<{dtype}>) -> tensor<?x{places}x{dtype}> {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x{places}x{dtype}>
  %e = tensor.empty(%n) : tensor<?x{places}x{dtype}>
  %r = linalg.generic {{indexing_maps = [#all, #none, #all], iterator_types = ["parallel", "parallel", "parallel"]}}
      ins(%x, %s : tensor<?x{places}x{dtype}>, tensor<{dtype}>) outs(%e : tensor<?x{places}x{dtype}>) {{
  ^bb0(%a: {dtype}, %b: {dtype}, %out: {dtype}):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %k = linalg.index 2 : index
    %square = arith.muli %i, %i : index
    %is = arith.cmpi eq, %j, %c1 : index
    %chosen = arith.select %is, %square, %i : index
    %place = arith.addi %chosen, %k : index
    %whole = arith.index_cast %place : index to i32
    %number = arith.sitofp %whole : i32 to {dtype}
    %product = arith.mulf %a, %b : {dtype}
    %sum = arith.addf %number, %product : {dtype}
    linalg.yield %sum : {dtype}
  }} -> tensor<?x{places}x{dtype}>
  return %r : tensor<?x{places}x{dtype}>
}}
"""


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("places", [(2, 2), (4, 2), (1, 2), (2, 1)])
def test_blocks(build: Build, host: Host, places: tuple[int, int], dtype: str) -> None:
    text = NEST.format(places="x".join(map(str, places)), dtype=dtype)
    f = build(text, [(dtype, "n", *places), (dtype,)], [(dtype, "n", *places)], host=host)
    for count in (0, 1, 5, 32, 33, 1000):
        x = np.random.default_rng(count).integers(-9, 9, (count, *places)).astype(f"f{int(dtype[1:]) // 8}")
        i, j, k = np.indices(x.shape)
        expected = np.where(j == 1, i * i, i) + k + 3 * x
        np.testing.assert_array_equal(f(x, np.array(3, x.dtype)), expected)
