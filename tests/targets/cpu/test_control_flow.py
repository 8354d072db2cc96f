# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops, branches, kernels and checks; who owns which buffer, and that none leaks."""

import gc

import numpy as np
import pytest

from mograph import _runtime

from ..conftest import Build

F32 = np.float32


def block_bytes(array: np.ndarray) -> int:
    """What the memory of a result counts for: MLIR asks for multiples of the alignment."""
    return -(-array.nbytes // 64) * 64


# Two vectors swap places in each iteration, and one is computed anew by a kernel.
LOOP = """
#id = affine_map<(i) -> (i)>
func.func private @kernel(%a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%a : tensor<?xf32>)
      outs(%e : tensor<?xf32>) {
  ^bb0(%x: f32, %o: f32):
    %h = arith.constant 0.5 : f32
    %p = arith.mulf %x, %h : f32
    %q = arith.addf %p, %h : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>
}
func.func @f(%limit: tensor<i32>, %a: tensor<?xf32>, %b: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<i32>) {
  %zero = arith.constant dense<0> : tensor<i32>
  %one = arith.constant dense<1> : tensor<i32>
  %r:3 = scf.while (%i = %zero, %x = %a, %y = %b) : (tensor<i32>, tensor<?xf32>, tensor<?xf32>)
      -> (tensor<i32>, tensor<?xf32>, tensor<?xf32>) {
    %e = tensor.empty() : tensor<i1>
    %p = arith.cmpi slt, %i, %limit : tensor<i32>
    %more = tensor.extract %p[] : tensor<i1>
    scf.condition(%more) %i, %x, %y : tensor<i32>, tensor<?xf32>, tensor<?xf32>
  } do {
  ^bb0(%i: tensor<i32>, %x: tensor<?xf32>, %y: tensor<?xf32>):
    %next = arith.addi %i, %one : tensor<i32>
    %z = func.call @kernel(%y) : (tensor<?xf32>) -> tensor<?xf32>
    scf.yield %next, %y, %z : tensor<i32>, tensor<?xf32>, tensor<?xf32>
  }
  return %r#1, %r#2, %r#0 : tensor<?xf32>, tensor<?xf32>, tensor<i32>
}"""
LOOP_TYPES = ([("si32",), ("f32", "n"), ("f32", "n")], [("f32", "n"), ("f32", "n"), ("si32",)])


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_while_carries_buffers_that_change_places(build: Build, count: int) -> None:
    f = build(LOOP, *LOOP_TYPES)
    a, b = np.arange(100, dtype=F32), np.arange(100, 200, dtype=F32)
    x, y, i = f(np.int32(count), a, b)
    p, q = a, b
    for _ in range(count):
        p, q = q, q * F32(0.5) + F32(0.5)
    np.testing.assert_array_equal(x, p)
    np.testing.assert_array_equal(y, q)
    assert i == count


def test_many_iterations_and_calls_hold_no_memory(build: Build) -> None:
    f = build(LOOP, *LOOP_TYPES)
    a = np.ones(1000, F32)
    gc.collect()
    before = _runtime.live_bytes()
    results = f(np.int32(50_000), a, a)
    assert _runtime.live_bytes() == before + sum(map(block_bytes, results))
    del results
    for _ in range(1000):
        f(np.int32(3), a, a)
    assert _runtime.live_bytes() == before


def test_nested_loops_and_branches_in_them(build: Build) -> None:
    text = """
func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c5 = arith.constant 5 : index
  %r = scf.for %i = %c0 to %c5 step %c1 iter_args(%x = %a) -> (tensor<4xf32>) {
    %y = scf.for %j = %c0 to %i step %c1 iter_args(%z = %x) -> (tensor<4xf32>) {
      %p = arith.cmpi eq, %j, %c2 : index
      %w = scf.if %p -> (tensor<4xf32>) {
        scf.yield %a : tensor<4xf32>
      } else {
        %s = arith.addf %z, %x : tensor<4xf32>
        scf.yield %s : tensor<4xf32>
      }
      scf.yield %w : tensor<4xf32>
    }
    scf.yield %y : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}"""
    f = build(text, [("f32", 4)], [("f32", 4)])
    a = np.array([1, 2, 3, 4], F32)
    x = a
    for i in range(5):
        z = x
        for j in range(i):
            z = a if j == 2 else z + x
        x = z
    gc.collect()
    before = _runtime.live_bytes()
    out = f(a)
    np.testing.assert_array_equal(out, x)
    assert _runtime.live_bytes() == before + block_bytes(out)


def test_results_never_alias_inputs_constants_or_each_other(build: Build) -> None:
    text = """
func.func @f(%a: tensor<?xf32>, %p: tensor<i1>)
    -> (tensor<?xf32>, tensor<?xf32>, tensor<2xf32>, tensor<2xf32>, tensor<?xf32>) {
  %k = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %c = tensor.extract %p[] : tensor<i1>
  %r = scf.if %c -> (tensor<?xf32>) {
    scf.yield %a : tensor<?xf32>
  } else {
    %s = arith.addf %a, %a : tensor<?xf32>
    scf.yield %s : tensor<?xf32>
  }
  return %a, %a, %k, %k, %r : tensor<?xf32>, tensor<?xf32>, tensor<2xf32>, tensor<2xf32>, tensor<?xf32>
}"""
    f = build(text, [("f32", "n"), ("bool",)], [("f32", "n")] * 2 + [("f32", 2)] * 2 + [("f32", "n")])
    a = np.arange(5, dtype=F32)
    for flag in (True, False):
        results = f(a, np.bool_(flag))
        np.testing.assert_array_equal(results[4], a if flag else a + a)
        everything = [a, *results]
        for i, one in enumerate(everything):
            assert one.flags.owndata is (one is a)
            assert one.ctypes.data % 64 == 0 or one is a
            for other in everything[:i]:
                assert not np.shares_memory(one, other)


def test_a_failed_check_raises_its_message_and_frees_all(build: Build) -> None:
    text = """
func.func @f(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %a, %c0 : tensor<?xf32>
  %n = tensor.dim %b, %c0 : tensor<?xf32>
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%x = %a) -> (tensor<?xf32>) {
    %s = arith.addf %x, %a : tensor<?xf32>
    %last = arith.cmpi ult, %i, %c1 : index
    %same = arith.cmpi eq, %m, %n : index
    %ok = arith.ori %last, %same : i1
    cf.assert %ok, "a and b: \\"lengths\\" differ"
    scf.yield %s : tensor<?xf32>
  }
  %t = arith.addf %r, %b : tensor<?xf32>
  return %t : tensor<?xf32>
}"""
    f = build(text, [("f32", "m"), ("f32", "n")], [("f32", "m")])
    a = np.ones(1000, F32)
    np.testing.assert_array_equal(f(a, a), a * 5)
    gc.collect()
    before = _runtime.live_bytes()
    for _ in range(100):
        with pytest.raises(ValueError, match='^f: a and b: "lengths" differ$'):
            f(a, a[:10])
    assert _runtime.live_bytes() == before


def test_memory_that_there_is_not(build: Build) -> None:
    text = """
func.func @f(%n: tensor<i64>) -> tensor<?xf32> {
  %k = tensor.extract %n[] : tensor<i64>
  %size = arith.index_cast %k : i64 to index
  %e = tensor.empty(%size) : tensor<?xf32>
  %z = arith.constant 1.0 : f32
  %r = linalg.fill ins(%z : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}"""
    f = build(text, [("si64",)], [("f32", 7)])
    np.testing.assert_array_equal(f(np.int64(7)), np.ones(7, F32))
    with pytest.raises(MemoryError, match="^f: out of memory, asked for 4000000000000000000 bytes$"):
        f(np.int64(10**18))


def test_branches_between_blocks_are_refused(build: Build) -> None:
    text = """
func.func @f(%a: tensor<4xf32>, %i: tensor<i1>, %j: tensor<i1>) -> tensor<4xf32> {
  %p = tensor.extract %i[] : tensor<i1>
  %q = tensor.extract %j[] : tensor<i1>
  cf.cond_br %p, ^one, ^two
^one:
  %s = arith.addf %a, %a : tensor<4xf32>
  cf.assert %q, "never here"
  cf.br ^two
^two:
  return %a : tensor<4xf32>
}"""
    with pytest.raises(ValueError, match="func.func @f: .*branches between blocks"):
        build(text, [("f32", 4), ("bool",), ("bool",)], [("f32", 4)])


def test_loops_that_write_in_place_keep_their_values_apart(build: Build) -> None:
    text = """
func.func @f(%n: tensor<i64>, %a: tensor<8xf32>, %b: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %v = arith.constant 9.0 : f32
  %k = tensor.extract %n[] : tensor<i64>
  %m = arith.index_cast %k : i64 to index
  %r:3 = scf.for %i = %c0 to %m step %c1 iter_args(%x = %a, %y = %b, %s = %a)
      -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
    %z = tensor.insert %v into %x[%i] : tensor<8xf32>
    scf.yield %y, %z, %x : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  }
  %w = tensor.insert %v into %r#0[%c0] : tensor<8xf32>
  return %w, %r#1, %r#2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}"""
    f = build(text, [("si64",), ("f32", 8), ("f32", 8)], [("f32", 8)] * 3)
    a, b = np.arange(8, dtype=F32), -np.arange(8, dtype=F32)
    for count in range(5):
        x, y, s = a, b, a
        for i in range(count):
            z = x.copy()
            z[i] = 9
            x, y, s = y, z, x
        w = x.copy()
        w[0] = 9
        out = f(np.int64(count), a, b)
        for one, expected in zip(out, (w, y, s), strict=True):
            np.testing.assert_array_equal(one, expected)
    np.testing.assert_array_equal(a, np.arange(8))


def test_nested_loops_that_read_across(build: Build) -> None:
    text = """
#map = affine_map<(i, j) -> (i, j)>
#crossed = affine_map<(i, j) -> (j, i)>
func.func @f(%n: tensor<i64>, %a: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %k = tensor.extract %n[] : tensor<i64>
  %m = arith.index_cast %k : i64 to index
  %b = arith.mulf %a, %a : tensor<4x4xf32>
  %r = scf.for %i = %c0 to %m step %c1 iter_args(%x = %b) -> (tensor<4x4xf32>) {
    %y = scf.for %j = %c0 to %m step %c1 iter_args(%z = %x) -> (tensor<4x4xf32>) {
      %e = tensor.empty() : tensor<4x4xf32>
      %w = linalg.generic {indexing_maps = [#map, #crossed, #map], iterator_types = ["parallel", "parallel"]}
          ins(%z, %z : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) {
      ^bb0(%p: f32, %q: f32, %o: f32):
        %s = arith.subf %q, %p : f32
        linalg.yield %s : f32
      } -> tensor<4x4xf32>
      scf.yield %w : tensor<4x4xf32>
    }
    scf.yield %y : tensor<4x4xf32>
  }
  return %r, %b : tensor<4x4xf32>, tensor<4x4xf32>
}"""
    f = build(text, [("si64",), ("f32", 4, 4)], [("f32", 4, 4)] * 2)
    a = np.arange(16, dtype=F32).reshape(4, 4)
    gc.collect()
    before = _runtime.live_bytes()
    for count in range(4):
        expected = a * a
        for _ in range(count * count):
            expected = expected.T - expected
        found = f(np.int64(count), a)
        np.testing.assert_array_equal(found[0], expected)
        np.testing.assert_array_equal(found[1], a * a)
        del found
    assert _runtime.live_bytes() == before
