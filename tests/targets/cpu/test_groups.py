# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Groups of nests against numpy in float64: rows and strips of all sizes, known and unknown, and outputs that are
stored past the caches.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mograph import _runtime
from mograph.targets.cpu import Host, this_host

from ..conftest import Build

BOTH, ROWS, COLUMNS = ("affine_map<(d0, d1) -> (" + dims + ")>" for dims in ("d0, d1", "d0", "d1"))


def softmax(m: str, n: str, over: int) -> str:
    """A function @f that divides the exponentials of a matrix by their sums over a dim. Extents may be "?"."""
    kept, indexed = ((m, ROWS), (n, COLUMNS))[1 - over]
    kinds = ", ".join('"reduction"' if dim == over else '"parallel"' for dim in range(2))
    size = "%n" + str(1 - over) if kept == "?" else ""
    sizes = ", ".join(f"%n{dim}" for dim, extent in enumerate((m, n)) if extent == "?")
    full, vector = f"tensor<{m}x{n}xf32>", f"tensor<{kept}xf32>"
    return f"""
func.func @f(%x: {full}) -> ({full}, {vector}) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n0 = tensor.dim %x, %c0 : {full}
  %n1 = tensor.dim %x, %c1 : {full}
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty({sizes}) : {full}
  %v = tensor.empty({size}) : {vector}
  %fill = linalg.fill ins(%zero : f32) outs(%v : {vector}) -> {vector}
  %y = linalg.exp ins(%x : {full}) outs(%e : {full}) -> {full}
  %s = linalg.generic {{indexing_maps = [{BOTH}, {indexed}], iterator_types = [{kinds}]}}
    ins(%y : {full}) outs(%fill : {vector}) {{
  ^bb0(%a: f32, %b: f32):
    %t = arith.addf %b, %a : f32
    linalg.yield %t : f32
  }} -> {vector}
  %r = linalg.generic {{indexing_maps = [{BOTH}, {indexed}, {BOTH}], iterator_types = ["parallel", "parallel"]}}
    ins(%y, %s : {full}, {vector}) outs(%e : {full}) {{
  ^bb0(%a: f32, %b: f32, %c: f32):
    %t = arith.divf %a, %b : f32
    linalg.yield %t : f32
  }} -> {full}
  return %r, %s : {full}, {vector}
}}"""


def check(f: object, x: np.ndarray, over: int) -> None:
    """Compares results of such a function with numpy's."""
    result, sums = f(x)  # type: ignore[operator]  # a compiled function
    y = np.exp(x.astype(np.float64))
    rounding = 4e-6 + x.shape[over] * 2.0**-24  # sums of columns are made one row after the other
    np.testing.assert_allclose(sums, y.sum(over), rtol=rounding)
    np.testing.assert_allclose(result, y / y.sum(over, keepdims=True), rtol=rounding)


@pytest.mark.parametrize("over", [0, 1])
def test_any_extents(build: Build, host: Host, over: int) -> None:
    f = build(softmax("?", "?", over), [("f32", "m", "n")], [("f32", "m", "n"), ("f32", "mn"[1 - over])], host=host)

    @settings(max_examples=25, deadline=None)
    @given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 3))
    def run(m: int, n: int, seed: int) -> None:
        check(f, np.random.default_rng(seed).standard_normal((m, n), np.float32), over)

    run()
    assert f(np.zeros((0, 5), np.float32))[0].shape == (0, 5)
    check(f, np.ones((2, 40000), np.float32), over)
    check(f, np.ones((40000, 2), np.float32), over)


@pytest.mark.parametrize("over", [0, 1])
@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 100), (100, 1), (64, 64), (100000, 3), (3, 100000), (2048, 1025)], ids=str
)
def test_known_extents(build: Build, host: Host, shape: tuple[int, int], over: int) -> None:
    m, n = shape
    f = build(softmax(str(m), str(n), over), [("f32", m, n)], [("f32", m, n), ("f32", shape[1 - over])], host=host)
    check(f, np.random.default_rng(0).standard_normal(shape, np.float32), over)


def test_threads_do_not_matter(build: Build) -> None:
    f = build(softmax("?", "?", 1), [("f32", "m", "n")], [("f32", "m", "n"), ("f32", "m")])
    x = np.random.default_rng(0).standard_normal((999, 777), np.float32)
    threads = _runtime.thread_count()
    results = []
    try:
        for count in (1, 2, 3):
            _runtime.set_thread_count(count)
            results.append(f(x))
    finally:
        _runtime.set_thread_count(threads)
    for result in results[1:]:
        for a, b in zip(result, results[0], strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("extra", [0, 1, 7])
def test_stores_past_the_caches(build: Build, host: Host, extra: int) -> None:
    """Rows that start anywhere in a line of the cache, of a size that is stored past it."""
    n = 1500 + extra
    m = (32 << 20) // n * this_host().cores // 4
    text = f"""
func.func @f(%x: tensor<{m}x{n}xf32>, %y: tensor<{n}xf32>) -> tensor<{m}x{n}xf32> {{
  %e = tensor.empty() : tensor<{m}x{n}xf32>
  %r = linalg.generic {{indexing_maps = [{BOTH}, {COLUMNS}, {BOTH}], iterator_types = ["parallel", "parallel"]}}
    ins(%x, %y : tensor<{m}x{n}xf32>, tensor<{n}xf32>) outs(%e : tensor<{m}x{n}xf32>) {{
  ^bb0(%a: f32, %b: f32, %c: f32):
    %t = arith.addf %a, %b : f32
    linalg.yield %t : f32
  }} -> tensor<{m}x{n}xf32>
  return %r : tensor<{m}x{n}xf32>
}}"""
    f = build(text, [("f32", m, n), ("f32", n)], [("f32", m, n)], host=host)
    rng = np.random.default_rng(extra)
    x, y = rng.random((m, n), np.float32), rng.random(n, np.float32)
    np.testing.assert_array_equal(f(x, y), x + y)


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("extents", ["static", "dynamic"])
@pytest.mark.parametrize("shape", [(3000, 1000), (1_000_000, 3), (3, 1_000_000), (100_003, 40)], ids=str)
def test_reductions_to_few_elements(build: Build, host: Host, shape: tuple[int, int], extents: str, dtype: str) -> None:
    """Sums and maxima of everything and of the longer dim, in blocks."""
    m, n = map(str, shape) if extents == "static" else ("?", "?")
    over = int(shape[1] > shape[0])
    kept, indexed = ((m, ROWS), (n, COLUMNS))[1 - over]
    full, vector = f"tensor<{m}x{n}x{dtype}>", f"tensor<{shape[1 - over]}x{dtype}>"
    kinds = ", ".join('"reduction"' if dim == over else '"parallel"' for dim in range(2))
    if kept == "?":
        full = full.replace("?x?", f"{shape[0]}x?" if over else f"?x{shape[1]}")
    text = f"""
func.func @f(%x: {full}) -> (tensor<{dtype}>, {vector}) {{
  %zero = arith.constant 0.5 : {dtype}
  %low = arith.constant -1.0 : {dtype}
  %e = tensor.empty() : tensor<{dtype}>
  %a = linalg.fill ins(%zero : {dtype}) outs(%e : tensor<{dtype}>) -> tensor<{dtype}>
  %s = linalg.generic {{indexing_maps = [{BOTH}, affine_map<(d0, d1) -> ()>],
    iterator_types = ["reduction", "reduction"]}} ins(%x : {full}) outs(%a : tensor<{dtype}>) {{
  ^bb0(%i: {dtype}, %o: {dtype}):
    %t = arith.addf %o, %i : {dtype}
    linalg.yield %t : {dtype}
  }} -> tensor<{dtype}>
  %v = tensor.empty() : {vector}
  %b = linalg.fill ins(%low : {dtype}) outs(%v : {vector}) -> {vector}
  %m = linalg.generic {{indexing_maps = [{BOTH}, {indexed}], iterator_types = [{kinds}]}}
    ins(%x : {full}) outs(%b : {vector}) {{
  ^bb0(%i: {dtype}, %o: {dtype}):
    %t = arith.maximumf %o, %i : {dtype}
    linalg.yield %t : {dtype}
  }} -> {vector}
  return %s, %m : tensor<{dtype}>, {vector}
}}"""
    f = build(text, [(dtype, *_named(full))], [(dtype,), (dtype, shape[1 - over])], host=host)
    x = np.random.default_rng(0).random(shape).astype({"f32": np.float32, "f64": np.float64}[dtype])
    threads = _runtime.thread_count()
    try:
        total, largest = f(x)
        _runtime.set_thread_count(1)
        np.testing.assert_array_equal(f(x)[0], total)
    finally:
        _runtime.set_thread_count(threads)
    np.testing.assert_allclose(total, 0.5 + x.sum(dtype=np.float64), rtol={"f32": 1e-5, "f64": 1e-12}[dtype])
    np.testing.assert_array_equal(largest, x.max(over))


def _named(type_: str) -> list[int | str]:
    """The dims of a tensor type, the unknown ones with names."""
    extents = type_.removeprefix("tensor<").split("x")[:-1]
    return [f"n{i}" if extent == "?" else int(extent) for i, extent in enumerate(extents)]
