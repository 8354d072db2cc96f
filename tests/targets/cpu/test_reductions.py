# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions along every dim, products of matrices, and softmax, against numpy in float64."""

import numpy as np
import pytest

from mograph import _runtime
from mograph.targets.cpu import Host

from ..conftest import Build

SHAPES = [(0, 3), (3, 0), (1, 1), (5, 7), (64, 128), (3, 1000), (130, 67)]


def reduction(operation: str, start: str, dtype: str, dims: list[int]) -> str:
    kept = [d for d in (0, 1) if d not in dims]
    out = "tensor<" + "?x" * len(kept) + dtype + ">"
    return f"""
func.func @f(%a: tensor<?x?x{dtype}>) -> {out} {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n0 = tensor.dim %a, %c0 : tensor<?x?x{dtype}>
  %n1 = tensor.dim %a, %c1 : tensor<?x?x{dtype}>
  %z = arith.constant {start} : {dtype}
  %e = tensor.empty({", ".join(f"%n{d}" for d in kept)}) : {out}
  %i = linalg.fill ins(%z : {dtype}) outs(%e : {out}) -> {out}
  %r = linalg.reduce {{ {operation} }} ins(%a : tensor<?x?x{dtype}>) outs(%i : {out}) dimensions = {dims}
  return %r : {out}
}}"""


@pytest.mark.parametrize("dims", [[0], [1], [0, 1]], ids=str)
@pytest.mark.parametrize("dtype", ["f32", "f64", "si32"])
def test_sum(build: Build, host: Host, dtype: str, dims: list[int]) -> None:
    stored = dtype.lstrip("s")
    start, add = ("0", "arith.addi") if stored == "i32" else ("0.0", "arith.addf")
    kept = [name for d, name in enumerate("mn") if d not in dims]
    f = build(reduction(add, start, stored, dims), [(dtype, "m", "n")], [(dtype, *kept)], host=host)
    for shape in SHAPES:
        a = (np.random.default_rng(0).standard_normal(shape) * 100).astype(
            {"f32": "f4", "f64": "f8", "si32": "i4"}[dtype]
        )
        expected = a.astype(np.float64).sum(tuple(dims))
        np.testing.assert_allclose(f(a), expected, rtol=2e-6, atol=1e-3 if dtype == "f32" else 1e-9)


@pytest.mark.parametrize("dims", [[0], [1], [0, 1]], ids=str)
def test_maximum_lets_nan_through(build: Build, host: Host, dims: list[int]) -> None:
    kept = [name for d, name in enumerate("mn") if d not in dims]
    f = build(reduction("arith.maximumf", "0xFF800000", "f32", dims), [("f32", "m", "n")], [("f32", *kept)], host=host)
    a = -np.random.default_rng(0).random((9, 133), np.float32)
    np.testing.assert_array_equal(f(a), a.max(tuple(dims)))
    a[4, 100] = np.nan
    np.testing.assert_array_equal(f(a), a.max(tuple(dims)))


@pytest.mark.parametrize("dims", [[0], [1], [0, 1]], ids=str)
@pytest.mark.parametrize("start", ["0xFF800000", "0xFFC00000"], ids=["lowest", "nan"])
def test_maximum_of_numbers_leaves_nan_out(build: Build, host: Host, dims: list[int], start: str) -> None:
    kept = [name for d, name in enumerate("mn") if d not in dims]
    f = build(reduction("arith.maxnumf", start, "f32", dims), [("f32", "m", "n")], [("f32", *kept)], host=host)
    a = -np.random.default_rng(0).random((9, 133), np.float32)
    np.testing.assert_array_equal(f(a), a.max(tuple(dims)))
    a[:8, 100] = a[4, 1:] = a[0, 0] = np.nan
    a[5, 7] = -np.inf
    np.testing.assert_array_equal(f(a), np.fmax.reduce(a, tuple(dims)))


def test_any_and_all_of_bools(build: Build, host: Host) -> None:
    any_ = build(reduction("arith.ori", "0", "i1", [1]), [("bool", "m", "n")], [("bool", "m")], host=host)
    all_ = build(reduction("arith.andi", "1", "i1", [1]), [("bool", "m", "n")], [("bool", "m")], host=host)
    a = np.zeros((4, 100), bool)
    a[1, 99] = a[2] = True
    a[3, :99] = True
    np.testing.assert_array_equal(any_(a), [False, True, True, True])
    np.testing.assert_array_equal(all_(a), [False, False, True, False])


def test_position_of_the_maximum(build: Build) -> None:
    text = """
func.func @f(%a: tensor<?x?xf32>) -> tensor<?xi64> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %e = tensor.empty(%n) : tensor<?xf32>
  %ei = tensor.empty(%n) : tensor<?xi64>
  %v = linalg.fill ins(%low : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %i = linalg.fill ins(%zero : i64) outs(%ei : tensor<?xi64>) -> tensor<?xi64>
  %r:2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>,
      affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]}
    ins(%a : tensor<?x?xf32>) outs(%v, %i : tensor<?xf32>, tensor<?xi64>) {
  ^bb0(%x: f32, %best: f32, %at: i64):
    %j = linalg.index 1 : index
    %k = arith.index_cast %j : index to i64
    %p = arith.cmpf ogt, %x, %best : f32
    %b = arith.select %p, %x, %best : f32
    %q = arith.select %p, %k, %at : i64
    linalg.yield %b, %q : f32, i64
  } -> (tensor<?xf32>, tensor<?xi64>)
  return %r#1 : tensor<?xi64>
}"""
    f = build(text, [("f32", "m", "n")], [("si64", "m")])
    a = np.random.default_rng(0).random((31, 77), np.float32)
    np.testing.assert_array_equal(f(a), a.argmax(1))


MATMUL = """
func.func @f(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %b, DIM : tensor<?x?xf32>
  %z = arith.constant 0.0 : f32
  %e = tensor.empty(%m, %n) : tensor<?x?xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (B)>,
      affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%a, %b : tensor<?x?xf32>, tensor<?x?xf32>) outs(%i : tensor<?x?xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}"""


@pytest.mark.parametrize("transposed", [False, True])
def test_matmul(build: Build, host: Host, transposed: bool) -> None:
    text = MATMUL.replace("DIM", "%c0" if transposed else "%c1").replace("B)", "n, k)" if transposed else "k, n)")
    b_dims = ("n", "k") if transposed else ("k", "n")
    f = build(text, [("f32", "m", "k"), ("f32", *b_dims)], [("f32", "m", "n")], host=host)
    rng = np.random.default_rng(0)
    for m, k, n in [(1, 1, 1), (0, 3, 4), (3, 0, 4), (1, 100, 77), (9, 600, 33), (130, 65, 100), (129, 1030, 40)]:
        a, b = rng.standard_normal((m, k), np.float32), rng.standard_normal((k, n), np.float32)
        out = f(a, np.ascontiguousarray(b.T) if transposed else b)
        np.testing.assert_allclose(out, a.astype(np.float64) @ b, rtol=1e-4, atol=1e-4)


def test_batched_matmul_with_a_shared_right_side(build: Build) -> None:
    text = """
func.func @f(%a: tensor<3x40x50xf32>, %b: tensor<50x36xf32>, %c: tensor<3x50x36xf32>)
    -> (tensor<3x40x36xf32>, tensor<3x40x36xf32>) {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x40x36xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<3x40x36xf32>) -> tensor<3x40x36xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k)
      -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
    ins(%a, %b : tensor<3x40x50xf32>, tensor<50x36xf32>) outs(%i : tensor<3x40x36xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<3x40x36xf32>
  %q = linalg.batch_matmul ins(%a, %c : tensor<3x40x50xf32>, tensor<3x50x36xf32>)
      outs(%i : tensor<3x40x36xf32>) -> tensor<3x40x36xf32>
  return %r, %q : tensor<3x40x36xf32>, tensor<3x40x36xf32>
}"""
    f = build(text, [("f32", 3, 40, 50), ("f32", 50, 36), ("f32", 3, 50, 36)], [("f32", 3, 40, 36)] * 2)
    rng = np.random.default_rng(0)
    a, b, c = (rng.standard_normal(shape, np.float32) for shape in [(3, 40, 50), (50, 36), (3, 50, 36)])
    shared, own = f(a, b, c)
    np.testing.assert_allclose(shared, a @ b, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(own, a @ c, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", ["bf16", "f16"])
def test_matmul_of_small_floats_in_f32(build: Build, host: Host, dtype: str) -> None:
    import ml_dtypes

    text = f"""
func.func @f(%a: tensor<40x70x{dtype}>, %b: tensor<70x50x{dtype}>) -> tensor<40x50xf32> {{
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<40x50xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<40x50xf32>) -> tensor<40x50xf32>
  %r = linalg.matmul ins(%a, %b : tensor<40x70x{dtype}>, tensor<70x50x{dtype}>) outs(%i : tensor<40x50xf32>)
      -> tensor<40x50xf32>
  return %r : tensor<40x50xf32>
}}"""
    f = build(text, [(dtype, 40, 70), (dtype, 70, 50)], [("f32", 40, 50)], host=host)
    numpy_type = ml_dtypes.bfloat16 if dtype == "bf16" else np.float16
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((40, 70)).astype(numpy_type), rng.standard_normal((70, 50)).astype(numpy_type)
    np.testing.assert_allclose(f(a, b), a.astype(np.float64) @ b.astype(np.float64), rtol=1e-4, atol=1e-4)


def test_results_do_not_depend_on_the_number_of_threads(build: Build) -> None:
    sums = build(reduction("arith.addf", "0.0", "f32", [1]), [("f32", "m", "n")], [("f32", "m")])
    total = build(reduction("arith.addf", "0.0", "f32", [0, 1]), [("f32", "m", "n")], [("f32",)])
    product = build(
        MATMUL.replace("DIM", "%c1").replace("B)", "k, n)"), [("f32", "m", "k"), ("f32", "k", "n")], [("f32", "m", "n")]
    )
    a = np.random.default_rng(0).standard_normal((700, 700), np.float32)
    before = _runtime.thread_count()
    results = []
    try:
        for threads in (1, 2, 5):
            _runtime.set_thread_count(threads)
            results.append([sums(a), total(a), product(a, a)])
    finally:
        _runtime.set_thread_count(before)
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, two)
