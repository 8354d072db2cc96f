# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Grouped products on a device of OpenCL, and in the emulator for other chips, which refuses addresses that are out of
bounds or not aligned.
"""

import re
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlir import ir

import mograph as mo
from mograph.dialects.mo import GroupedMatmul
from mograph.targets.gpu.contraction import grouped_warpgroups

from ..conftest import signature
from .emulated import EmulatedTarget

DTYPES: dict[str, tuple[Any, float]] = {
    "f32": (np.float32, 2e-5),
    "f64": (np.float64, 1e-12),
    "f16": (np.float16, 4e-3),
    "bf16": (ml_dtypes.bfloat16, 3e-2),
    "f8E4M3FN": (ml_dtypes.float8_e4m3fn, 0.13),
    "si8": (np.int8, 0),
    "si32": (np.int32, 0),
    "ui64": (np.uint64, 0),
}
Array = np.ndarray[Any, Any]


def grouped(dtype: str, dims: tuple[object, object, object, object], turned: bool, after: bool) -> str:
    """The product of matrices of these rows, groups, sums and columns, and what is computed of its elements."""
    m, g, k, n = dims
    x, s, y = f"!mo.tensor<[{m}, {k}], {dtype}>", f"!mo.tensor<[{g}], si32>", f"!mo.tensor<[{m}, {n}], {dtype}>"
    w = f"!mo.tensor<[{g}, {n}, {k}], {dtype}>" if turned else f"!mo.tensor<[{g}, {k}, {n}], {dtype}>"
    end = f"%1 = mo.add %0, %b : {y}, !mo.tensor<[{n}], {dtype}>" if after else f"%1 = mo.abs %0 : {y}"
    return f"""mo.graph @f(%x: {x}, %w: {w}, %s: {s}, %b: !mo.tensor<[{n}], {dtype}>) -> {y} {{
      %0 = mo.grouped_matmul %x, %w, %s {"transpose_rhs" if turned else ""} : {x}, {w}, {s}
      {end}
      mo.output %1 : {y}
    }}"""


def drawn(dtype: str, shape: tuple[int, int, int, int], sizes: list[int], turned: bool) -> list[Array]:
    m, g, k, n = shape
    random, (type_, tolerance) = np.random.default_rng(m), DTYPES[dtype]
    shapes = [(m, k), (g, n, k) if turned else (g, k, n), (n,)]
    x, w, b = (random.standard_normal(each) if tolerance else random.integers(0, 9, each) for each in shapes)
    return [x.astype(type_), w.astype(type_), np.array(sizes, np.int32), b.astype(type_)]


def check(found: Array, text: str, given: list[Array], tolerance: float) -> None:
    compare(found, mo.interpret(text)(*given), tolerance)


def compare(found: Array, expected: Array, tolerance: float) -> None:
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    if not tolerance:
        np.testing.assert_array_equal(found, expected)
        return
    wide = expected.astype(np.float64)
    np.testing.assert_allclose(
        found.astype(np.float64), wide, rtol=tolerance, atol=tolerance * np.abs(wide).max(initial=0.0)
    )


SIZES = [[3, 0, 70, 5], [0, 0, 0, 0], [-3, 100, 0, 0], [60, 60, 60, 60], [100, 7, -1, 4], [0, 0, 0, 1]]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
def test_dtypes(device: str, dtype: str, turned: bool) -> None:
    known = (dtype in ("f32", "bf16")) != turned
    text = grouped(dtype, (90, 4, 37, 70) if known else ("m", "g", "k", "n"), turned, after=turned)
    model = mo.compile(text, device=device)
    for sizes in SIZES[::2]:
        given = drawn(dtype, (90, 4, 37, 70), sizes, turned)
        check(model(*given), text, given, DTYPES[dtype][1])


@pytest.mark.parametrize(
    "shape",
    [
        (1, 3, 40, 50),
        (33, 1, 64, 64),
        (64, 2, 1, 5),
        (200, 5, 130, 1),
        (0, 3, 4, 5),
        (7, 2, 0, 5),
        (7, 2, 5, 0),
        (9, 0, 8, 5),
    ],
)
def test_extents(device: str, shape: tuple[int, int, int, int]) -> None:
    for dims in (("m", "g", "k", "n"), shape):
        text = grouped("f32", dims, turned=False, after=True)
        model = mo.compile(text, device=device)
        for sizes in ([0] * 5, [100, 1, 2, 3, 4], [1, 0, 30, 2, 1]):
            given = drawn("f32", shape, sizes[: shape[1]], turned=False)
            check(model(*given), text, given, DTYPES["f32"][1])


@pytest.mark.parametrize("groups", [1, 3, "g"])
def test_captured(device: str, groups: object) -> None:
    """The host reads nothing, so that replays go by the sizes that are there."""
    text = grouped("f32", ("m", groups, 40, 48), turned=False, after=True)
    count = 1 if groups == 1 else 3
    given = drawn("f32", (70, count, 40, 48), [50, 0, 3][:count], turned=False)
    model, buffers = mo.compile(text, device=device), [mo.buffer(array, device) for array in given]
    found = model.capture("step", *buffers)
    check(found.numpy(), text, given, DTYPES["f32"][1])
    given[2] = np.array([8, 20, 90][:count], np.int32)
    buffers[2].copy_from(given[2])
    check(model.replay("step", *buffers).numpy(), text, given, DTYPES["f32"][1])


def test_any_sizes(device: str) -> None:
    text = grouped("f32", ("m", 6, 33, "n"), turned=True, after=False)
    model = mo.compile(text, device=device)

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(rows=st.integers(0, 200), sizes=st.lists(st.integers(-2, 90), min_size=6, max_size=6))
    def of_any(rows: int, sizes: list[int]) -> None:
        given = drawn("f32", (rows, 6, 33, 45), sizes, turned=True)
        check(model(*given), text, given, DTYPES["f32"][1])

    of_any()


NEST = """
#id = affine_map<(m, n) -> (m, n)>
func.func @f(%a: A, %b: B, %starts: G, %stops: G) -> C {
  %zero = arith.constant ZERO : ACC
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %m = tensor.dim %a, %c0 : A
  %n = tensor.dim %b, COLUMN : B
  %d = tensor.empty(DIMS) : T
  %e = tensor.empty(DIMS) : C
  %i = linalg.fill ins(%zero : ACC) outs(%d : T) -> T
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, g, k) -> (m, k)>, affine_map<(m, n, g, k) -> MATRIX>,
                       affine_map<(m, n, g, k) -> (g)>, affine_map<(m, n, g, k) -> (g)>,
                       affine_map<(m, n, g, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b, %starts, %stops : A, B, G, G) outs(%i : T) {
  ^bb0(%x: STORED, %y: STORED, %start: i64, %stop: i64, %c: ACC):
    %row = linalg.index 0 : index
    %at = arith.index_cast %row : index to i64
    %left = WIDEN %x : STORED to ACC
    %right = WIDEN %y : STORED to ACC
    %p = MUL %left, %right : ACC
    %s = ADD %c, %p : ACC
    %behind = arith.cmpi sge, %at, %start : i64
    %before = arith.cmpi slt, %at, %stop : i64
    %inside = arith.andi %behind, %before : i1
    %one = arith.select %inside, %s, %c : ACC
    linalg.yield %one : ACC
  } -> T
  %o = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%r : T) outs(%e : C) {
  ^bb0(%x: ACC, %_: STORED):
    %y = NARROW %x : ACC to STORED
    linalg.yield %y : STORED
  } -> C
  return %o : C
}
"""
"""A grouped product as the lowering rule writes it, with what rounds the sums."""


def nest(stored: str, shape: tuple[int, int, int, int], known: str, turned: bool) -> str:
    m, g, k, n = (str(extent) if name in known else "?" for name, extent in zip("mgkn", shape, strict=True))
    matrix = f"{g}x{n}x{k}" if turned else f"{g}x{k}x{n}"
    ops = {"i8": ("arith.extsi", "arith.muli", "arith.addi", "arith.trunci")}
    acc = "i32" if stored == "i8" else "f32"
    names = ("WIDEN", "MUL", "ADD", "NARROW")
    words = dict(zip(names, ops.get(stored, ("arith.extf", "arith.mulf", "arith.addf", "arith.truncf")), strict=True))
    words |= {"ACC": acc, "ZERO": "0" if acc == "i32" else "0.0", "MATRIX": "(g, n, k)" if turned else "(g, k, n)"}
    words |= {
        "DIMS": ", ".join(f"%{name}" for name in "mn" if name not in known),
        "COLUMN": "%c1" if turned else "%c2",
        "STORED": stored,
    }
    words |= {
        "A": f"tensor<{m}x{k}x{stored}>", "B": f"tensor<{matrix}x{stored}>", "G": f"tensor<{g}xi64>",
        "C": f"tensor<{m}x{n}x{stored}>", "T": f"tensor<{m}x{n}x{acc}>",
    }  # fmt: skip
    text = re.sub(r"\b[A-Z]+\b", lambda found: words.get(found[0], found[0]), NEST)
    if stored == acc:  # nothing to widen, or to round
        text = re.sub(r"\n.*arith.extf.*", "", text).replace("%left", "%x").replace("%right", "%y")
        text = text.replace("arith.truncf %x : f32 to f32", "arith.addf %x, %x : f32")
    return text


@pytest.mark.parametrize("chip", ["sm_80", "sm_90a", "gfx942", "gfx1100"])
@pytest.mark.parametrize("stored", ["f32", "bf16", "i8"])
@pytest.mark.parametrize("turned", [False, True])
def test_chips(chip: str, stored: str, turned: bool) -> None:
    for known, shape, sizes in [
        ("mgkn", (70, 3, 64, 64), [5, 0, 60]),
        ("", (37, 4, 40, 67), [1, 33, 0, 9]),
        ("", (20, 2, 40, 33), [0, 0]),
        ("mgkn", (40, 3, 33, 35), [20, 20, 0]),
    ]:
        run(chip, stored, shape, known, turned, sizes)


def run(
    chip: str, stored: str, shape: tuple[int, int, int, int], known: str, turned: bool, sizes: list[int], by: str = ""
) -> None:
    """Compares what a chip that is not here gives by the template, with operations that have such names."""
    dtype = "si8" if stored == "i8" else stored
    x, w, _, _ = drawn(dtype, shape, sizes, turned)
    stops = np.minimum(np.cumsum(sizes), shape[0])
    starts = np.array([0, *stops[:-1]])
    context = ir.Context()
    context.enable_multithreading(False)
    target = EmulatedTarget(chip)
    with context, ir.Location.unknown():
        code = target.compile(ir.Module.parse(nest(stored, shape, known, turned)))
    specs = [(dtype, *x.shape), (dtype, *w.shape), ("si64", shape[1]), ("si64", shape[1])]
    function = target.load(code).function(signature("f", specs, [(dtype, shape[0], shape[3])]))
    assert list(target.recording.kernels) == ["grouped_0"]
    assert by in str(target.module)
    expected = GroupedMatmul.evaluate(x, w, np.diff([*starts, stops[-1]]), turned)
    compare(function(x, w, starts, stops), 2 * expected if stored == "f32" else expected, DTYPES[dtype][1])


@pytest.mark.parametrize("stored", ["bf16", "i8"])
@pytest.mark.parametrize("sizes", [[150, 0, 70], [0, 0, 0], [300, 0, 0], [1, 2, 3]], ids=str)
def test_warpgroups(monkeypatch: pytest.MonkeyPatch, stored: str, sizes: list[int]) -> None:
    """On tensor cores of sm_90a, which large products are worth: the emulator is slow."""
    monkeypatch.setattr(grouped_warpgroups, "LEAST", 0)
    for known in ("mgkn", "kn"):
        run("sm_90a", stored, (300, 3, 64, 128), known, stored == "i8", sizes, "wgmma")
