# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loads in the bodies of nests from places that are computed: by vectors where one index moves, else one by one."""

import numpy as np
import pytest

from mograph.targets.cpu import Host

from ..conftest import Build

NEST = """
#row = affine_map<(i, j) -> (j)>
#all = affine_map<(i, j) -> (i, j)>
func.func @f(%x: tensor<?x?x{dtype}>, %places: tensor<?x{index}>, %m: tensor<?x{dtype}>) -> tensor<?x?x{dtype}> {{
  %c0 = arith.constant 0 : index
  %n = tensor.dim %m, %c0 : tensor<?x{dtype}>
  %p = tensor.dim %places, %c0 : tensor<?x{index}>
  %e = tensor.empty(%n, %p) : tensor<?x?x{dtype}>
  %y = linalg.generic {{indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]}}
    ins(%places : tensor<?x{index}>) outs(%e : tensor<?x?x{dtype}>) {{
  ^bb0(%place: {index}, %out: {dtype}):
    %i = linalg.index 0 : index
    %at = arith.index_cast %place : {index} to index
    %v = tensor.extract %x[{indices}] : tensor<?x?x{dtype}>
    %w = tensor.extract %m[%i] : tensor<?x{dtype}>
    %sum = arith.{add} %v, %w : {dtype}
    linalg.yield %sum : {dtype}
  }} -> tensor<?x?x{dtype}>
  return %y : tensor<?x?x{dtype}>
}}
"""
DTYPES = {"f16": np.float16, "f32": np.float32, "f64": np.float64, "i8": np.int8, "i32": np.int32, "i64": np.int64}


@pytest.mark.parametrize("index", ["i32", "i64"])
@pytest.mark.parametrize("dtype", list(DTYPES))
@pytest.mark.parametrize("last", [True, False])
def test_places(build: Build, host: Host, last: bool, dtype: str, index: str) -> None:
    indices, add = ("%i, %at" if last else "%at, %i"), ("addf" if dtype[0] == "f" else "addi")
    text = NEST.format(dtype=dtype, index=index, indices=indices, add=add)
    names = {name: name.replace("i", "si") for name in (dtype, index)}
    f = build(
        text,
        [(names[dtype], "r", "c"), (names[index], "p"), (names[dtype], "n")],
        [(names[dtype], "n", "p")],
        host=host,
    )
    random = np.random.default_rng(3)
    for n, p in ((3, 1), (2, 7), (1, 33), (5, 130), (2, 0), (0, 4)):
        x = random.integers(-9, 9, (n, 21) if last else (21, n)).astype(DTYPES[dtype])
        places = random.integers(0, 21, p).astype(DTYPES[index])
        m = random.integers(-9, 9, n).astype(DTYPES[dtype])
        expected = (x if last else x.T)[:, places] + m[:, None]
        np.testing.assert_array_equal(f(x, places, m), expected)
