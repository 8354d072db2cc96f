# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elementwise code: element types, shapes of every kind, broadcasts, views, on machines of several widths."""

import ml_dtypes
import numpy as np
import pytest

from mograph.targets.cpu import Host

from ..conftest import Build, compile_text, elementwise, signature

LENGTHS = (0, 1, 3, 15, 16, 17, 63, 64, 65, 200, 1000)
DTYPES = {
    "si8": np.int8, "si16": np.int16, "si32": np.int32, "si64": np.int64,
    "ui8": np.uint8, "ui16": np.uint16, "ui32": np.uint32, "ui64": np.uint64,
    "f16": np.float16, "f32": np.float32, "f64": np.float64, "bf16": ml_dtypes.bfloat16,
}  # fmt: skip


def samples(dtype: type, count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, count, dtype=dtype, endpoint=True)
    return (rng.standard_normal(count) * 4).astype(dtype)


@pytest.mark.parametrize("name", DTYPES)
def test_add_of_every_type_and_length(build: Build, host: Host, name: str) -> None:
    stored = name[1:] if name[:2] in ("si", "ui") else name
    add = "arith.addi" if name[:2] in ("si", "ui") else "arith.addf"
    f = build(
        elementwise(f"%r = {add} %0, %1 : {stored}", [stored] * 2), [(name, "n"), (name, "n")], [(name, "n")], host=host
    )
    for length in LENGTHS:
        a, b = samples(DTYPES[name], length), samples(DTYPES[name], length, 1)
        out = f(a, b)
        assert out.dtype == a.dtype
        np.testing.assert_array_equal(out, a + b)


def test_bool_in_and_out(build: Build, host: Host) -> None:
    f = build(
        elementwise("%r = arith.xori %0, %1 : i1", ["i1"] * 2),
        [("bool", "n"), ("bool", "n")],
        [("bool", "n")],
        host=host,
    )
    for length in LENGTHS:
        a, b = samples(np.int8, length) > 0, samples(np.int8, length, 1) > 0
        np.testing.assert_array_equal(f(a, b), a ^ b)


def test_comparison_gives_bool_and_select_takes_it(build: Build, host: Host) -> None:
    body = "%p = arith.cmpf olt, %0, %1 : f32\n %q = arith.select %p, %0, %1 : f32\n %r = arith.addf %q, %q : f32"
    f = build(elementwise(body, ["f32"] * 2), [("f32", "n"), ("f32", "n")], [("f32", "n")], host=host)
    a, b = samples(np.float32, 777), samples(np.float32, 777, 1)
    np.testing.assert_array_equal(f(a, b), np.minimum(a, b) * 2)


def test_types_of_several_widths_meet(build: Build, host: Host) -> None:
    body = "%w = arith.extsi %0 : i8 to i64\n %x = arith.sitofp %w : i64 to f64\n %r = arith.addf %x, %1 : f64"
    f = build(elementwise(body, ["i8", "f64"], result="f64"), [("si8", "n"), ("f64", "n")], [("f64", "n")], host=host)
    a, b = samples(np.int8, 333), samples(np.float64, 333)
    np.testing.assert_array_equal(f(a, b), a + b)


def test_integer_division_stays_scalar_and_right(build: Build) -> None:
    f = build(
        elementwise("%r = arith.divsi %0, %1 : i32", ["i32"] * 2), [("si32", "n"), ("si32", "n")], [("si32", "n")]
    )
    a, b = samples(np.int32, 100), np.arange(1, 101, dtype=np.int32)
    np.testing.assert_array_equal(f(a, b), np.trunc(a / b).astype(np.int32))


@pytest.mark.parametrize("name", ["divsi", "remsi", "divui", "remui", "floordivsi", "ceildivsi"])
def test_division_that_has_no_result_does_no_harm(build: Build, name: str) -> None:
    f = build(elementwise(f"%r = arith.{name} %0, %1 : i32", ["i32"] * 2), [("si32", "n")] * 2, [("si32", "n")])
    out = f(np.array([1, -(2**31), 6], np.int32), np.array([0, -1, 3], np.int32))
    assert out[2] == (0 if name.startswith("rem") else 2)


def test_rank_zero(build: Build) -> None:
    f = build(elementwise("%r = arith.mulf %0, %1 : f32", ["f32"] * 2, rank=0), [("f32",), ("f32",)], [("f32",)])
    out = f(np.float32(3), np.array(4, np.float32))
    assert out.shape == ()
    assert out == 12


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (1, 1), (1, 70), (70, 1), (7, 9), (33, 130)])
def test_two_dims_and_a_transpose(build: Build, host: Host, shape: tuple[int, int]) -> None:
    text = """
func.func @f(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%m, %n) : tensor<?x?xf32>
  %t = linalg.transpose ins(%b : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) permutation = [1, 0]
  %r = arith.subf %a, %t : tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}"""
    f = build(text, [("f32", "m", "n"), ("f32", "n", "m")], [("f32", "m", "n")], host=host)
    a, b = (
        samples(np.float32, shape[0] * shape[1]).reshape(shape),
        samples(np.float32, shape[0] * shape[1], 1).reshape(shape[::-1]),
    )
    np.testing.assert_array_equal(f(a, b), a - b.T)


def test_broadcasts_along_each_dim_and_of_a_scalar(build: Build, host: Host) -> None:
    text = """
#id = affine_map<(i, j) -> (i, j)>
func.func @f(%a: tensor<?x?xf32>, %b: tensor<?xf32>, %c: tensor<?xf32>, %d: tensor<f32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%m, %n) : tensor<?x?xf32>
  %r = linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>,
      affine_map<(i, j) -> ()>, #id],
      iterator_types = ["parallel", "parallel"]}
    ins(%a, %b, %c, %d : tensor<?x?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<f32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32, %w: f32, %o: f32):
    %i = linalg.index 1 : index
    %k = arith.index_cast %i : index to i32
    %v = arith.sitofp %k : i32 to f32
    %p = arith.addf %x, %y : f32
    %q = arith.mulf %p, %z : f32
    %s = arith.subf %q, %w : f32
    %t = arith.addf %s, %v : f32
    linalg.yield %t : f32
  } -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}"""
    f = build(text, [("f32", "m", "n"), ("f32", "m"), ("f32", "n"), ("f32",)], [("f32", "m", "n")], host=host)
    a, b, c, d = (
        samples(np.float32, 21 * 67).reshape(21, 67),
        samples(np.float32, 21),
        samples(np.float32, 67),
        np.float32(0.5),
    )
    np.testing.assert_array_equal(f(a, b, c, d), (a + b[:, None]) * c - d + np.arange(67, dtype=np.float32))


def test_slices_and_concatenation(build: Build) -> None:
    text = """
func.func @f(%a: tensor<?x8xf32>, %b: tensor<?x8xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %c = tensor.concat dim(0) %a, %b : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %n = tensor.dim %c, %c0 : tensor<?x8xf32>
  %s = tensor.extract_slice %c[0, 1] [%n, 4] [1, 2] : tensor<?x8xf32> to tensor<?x4xf32>
  return %s : tensor<?x4xf32>
}"""
    f = build(text, [("f32", "m", 8), ("f32", "n", 8)], [("f32", "m + n", 4)])
    a, b = samples(np.float32, 24).reshape(3, 8), samples(np.float32, 40, 1).reshape(5, 8)
    np.testing.assert_array_equal(f(a, b), np.concatenate([a, b])[:, 1::2])
    assert f(a[:0], b[:0]).shape == (0, 4)


def test_rows_looked_up_by_index(build: Build) -> None:
    text = """
func.func @f(%t: tensor<?x9xi1>, %i: tensor<?xi64>) -> tensor<?x9xi1> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %i, %c0 : tensor<?xi64>
  %e = tensor.empty(%n) : tensor<?x9xi1>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%i : tensor<?xi64>) outs(%e : tensor<?x9xi1>) {
  ^bb0(%x: i64, %o: i1):
    %k = arith.index_cast %x : i64 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %t[%k, %j] : tensor<?x9xi1>
    linalg.yield %v : i1
  } -> tensor<?x9xi1>
  return %r : tensor<?x9xi1>
}"""
    f = build(text, [("bool", "rows", 9), ("si64", "n")], [("bool", "n", 9)])
    table = samples(np.int8, 63).reshape(7, 9) > 0
    rows = np.array([6, 0, 3, 3])
    np.testing.assert_array_equal(f(table, rows), table[rows])


def test_constants_small_large_and_uniform() -> None:
    large = np.arange(3000, dtype=np.float32)
    elements = {
        "small": ("3xf32", "[1.0, 2.0, 3.0]"),
        "large": ("3000xf32", f'"0x{large.tobytes().hex()}"'),
        "uniform": ("7x1000xf32", "2.5"),
        "flags": ("4xi1", "[true, false, true, true]"),
    }
    text = "".join(
        f"func.func @{name}() -> tensor<{type_}> {{\n"
        f"  %c = arith.constant dense<{values}> : tensor<{type_}>\n  return %c : tensor<{type_}>\n}}\n"
        for name, (type_, values) in elements.items()
    )
    code = compile_text(text)
    expected = {
        "small": ("f32", np.array([1, 2, 3], np.float32)),
        "large": ("f32", large),
        "uniform": ("f32", np.full((7, 1000), 2.5, np.float32)),
        "flags": ("bool", np.array([True, False, True, True])),
    }
    for name, (dtype, array) in expected.items():
        f = code.function(signature(name, [], [(dtype, *array.shape)]))
        out = f()
        np.testing.assert_array_equal(out, array)
        out[...] = 0  # results are the caller's: the constant stays what it is
        np.testing.assert_array_equal(f(), array)
