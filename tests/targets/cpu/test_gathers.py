# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nests that load from places that they compute."""

import numpy as np
import pytest

from mograph.targets.cpu import Host

from ..conftest import Build

PLACES = {  # how the place is computed from the numbers %i and %n, and by numpy
    "arithmetic": ("%p = arith.muli %i, %n : index", lambda i, n: i * n),
    "an affine map": ("%p = affine.apply affine_map<()[s0, s1] -> (s0 * 2 + s1)>()[%i, %n]", lambda i, n: 2 * i + n),
}


@pytest.mark.parametrize("how", PLACES)
@pytest.mark.parametrize("length", [1, 7, 16, 67])
def test_places_by(build: Build, host: Host, how: str, length: int) -> None:
    code, places = PLACES[how]
    text = f"""
    #line = affine_map<(d0) -> (d0)>
    func.func @f(%x: tensor<?xf32>, %at: tensor<?xi64>) -> tensor<?xf32> {{
      %c0 = arith.constant 0 : index
      %n = arith.constant 3 : index
      %size = tensor.dim %at, %c0 : tensor<?xi64>
      %e = tensor.empty(%size) : tensor<?xf32>
      %r = linalg.generic {{indexing_maps = [#line, #line], iterator_types = ["parallel"]}}
          ins(%at : tensor<?xi64>) outs(%e : tensor<?xf32>) {{
      ^bb0(%k: i64, %o: f32):
        %i = arith.index_cast %k : i64 to index
        {code}
        %v = tensor.extract %x[%p] : tensor<?xf32>
        linalg.yield %v : f32
      }} -> tensor<?xf32>
      return %r : tensor<?xf32>
    }}"""
    f = build(text, [("f32", "m"), ("si64", "n")], [("f32", "n")], host=host)
    random = np.random.default_rng(0)
    x, at = random.standard_normal(100).astype("f4"), random.integers(0, 32, length)
    np.testing.assert_array_equal(f(x, at), x[places(at, 3)])
