# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is bound by memory: element by element, by rows and columns, across. On a device of OpenCL, by all extents and
dtypes, and for other chips in the emulator, which refuses addresses that are out of bounds or not aligned.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

import mograph as mo
from mograph.targets.cpu.schedules import Sources, templates, using
from mograph.targets.gpu.target import GpuTarget

from ..conftest import signature
from .emulated import EmulatedTarget

DTYPES: dict[str, tuple[Any, float]] = {
    "f32": (np.float32, 2e-5),
    "f64": (np.float64, 1e-12),
    "f16": (np.float16, 2e-3),
    "bf16": (ml_dtypes.bfloat16, 2e-2),
    "si8": (np.int8, 0),
    "si64": (np.int64, 0),
    "i1": (np.bool_, 0),
}
SHAPES = [(5, 4), (1, 3), (9, 31), (2, 4500), (0, 4), (3, 0)]
Array = np.ndarray[Any, Any]


@pytest.fixture
def models(device: str) -> "Iterator[Models]":
    """Those that a test adds, which are checked when it ends."""
    models = Models(device)
    yield models
    models.check()


def drawn(dtype: str, *shape: int) -> Array:
    random, (type_, _) = np.random.default_rng(len(shape)), DTYPES[dtype]
    if dtype == "i1":
        return random.random(shape) > 0.2
    if dtype.startswith("si"):
        return random.integers(-9, 9, shape).astype(type_)
    return random.standard_normal(shape).astype(type_)


def names(shape: Sequence[int], known: Sequence[bool]) -> str:
    dims = (str(extent) if is_known else f"d{i}" for i, (extent, is_known) in enumerate(zip(shape, known, strict=True)))
    return ", ".join(dims)


class Models:
    """Models that are compiled at once for a device, and compared with the references."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.cases: list[tuple[str, tuple[Array, ...], float]] = []

    def add(self, text: str, *inputs: Array, tolerance: float) -> None:
        self.cases.append((text.replace("@f(", f"@f{len(self.cases)}("), inputs, tolerance))

    def check(self) -> None:
        models = mo.load_all("\n".join(text for text, _, _ in self.cases), device=self.device)
        for (text, inputs, tolerance), model in zip(self.cases, models.values(), strict=True):
            found, expected = model(*inputs), mo.interpret(text)(*inputs)
            if not isinstance(found, tuple):
                found, expected = (found,), (expected,)
            for one, two in zip(found, expected, strict=True):
                assert (one.dtype, one.shape) == (two.dtype, two.shape)
                if tolerance:
                    np.testing.assert_allclose(one.astype("d"), two.astype("d"), tolerance, tolerance, err_msg=text)
                else:
                    np.testing.assert_array_equal(one, two, err_msg=text)


def unary(op: str, dims: str, result: str, dtype: str, attributes: str = "", to: str = "") -> str:
    x, y = f"!mo.tensor<[{dims}], {dtype}>", f"!mo.tensor<[{result}], {to or dtype}>"
    return f"mo.graph @f(%x: {x}) -> {y} {{\n  %y = {op} %x {attributes} : {x}\n  mo.output %y : {y}\n}}"


@pytest.mark.parametrize("known", [(False, False), (True, True)])
def test_softmax(models: Models, known: tuple[bool, bool]) -> None:
    for shape in SHAPES:
        dims = names(shape, known)
        models.add(unary("mo.softmax", dims, dims, "f32"), drawn("f32", *shape), tolerance=2e-5)


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f64"])
def test_softmax_of(models: Models, dtype: str) -> None:
    for shape in ((5, 33), (3, 4096)):
        dims = names(shape, (True, True))
        models.add(unary("mo.softmax", dims, dims, dtype), drawn(dtype, *shape), tolerance=DTYPES[dtype][1])


@pytest.mark.parametrize("shape", [(3, 5, 7), (2, 300, 4), (2, 0, 3)])
@pytest.mark.parametrize("known", [(True, True, True), (True, False, True)])
def test_sums(models: Models, known: tuple[bool, bool, bool], shape: tuple[int, int, int]) -> None:
    for axes in ([1], [2], [0, 2], [0, 1, 2]):
        dims = names(shape, known).split(", ")
        result = ", ".join(dim for axis, dim in enumerate(dims) if axis not in axes)
        text = unary("mo.reduce.add", ", ".join(dims), result, "f32", f"axes = {axes}")
        models.add(text, drawn("f32", *shape), tolerance=1e-4)


@pytest.mark.parametrize("dtype", DTYPES)
def test_reductions_of(models: Models, dtype: str) -> None:
    ops = ["any", "all"] if dtype == "i1" else ["add", "max", "min"]
    for op in ops:
        for axis in (0, 1):
            text = unary(f"mo.reduce.{op}", "6, m", "m" if axis == 0 else "6", dtype, f"axes = [{axis}]")
            models.add(text, drawn(dtype, 6, 77), tolerance=4 * DTYPES[dtype][1])


@pytest.mark.parametrize("dtype", DTYPES)
def test_columns_together(models: Models, dtype: str) -> None:
    """Neighbouring columns of as many bytes as are loaded at once, of few rows and of many, which blocks share."""
    ops = ["any"] if dtype == "i1" else ["add", "max"]
    tolerance = 8 * DTYPES[dtype][1]
    for shape in ((5, 48), (3, 7, 1024), (2, 999, 256), (40000, 16)):
        for op in ops:
            axis = len(shape) - 2
            dims = names(shape, [True] * len(shape))
            result = names((*shape[:axis], shape[-1]), [True] * (axis + 1))
            text = unary(f"mo.reduce.{op}", dims, result, dtype, f"axes = [{axis}]")
            models.add(text, drawn(dtype, *shape), tolerance=tolerance * (20 if shape[0] == 40000 else 1))


@pytest.mark.parametrize("dtype", ["f32", "f16"])
def test_columns_of_more(models: Models, dtype: str) -> None:
    """What is the same for a column is one vector for several, before and behind."""
    for shape in ((33, 64), (6, 300, 32)):
        dims = names(shape, [True] * len(shape))
        axis = len(shape) - 2
        text = unary("mo.softmax", dims, dims, dtype, f"axis = {axis}")
        models.add(text, drawn(dtype, *shape), tolerance=4 * DTYPES[dtype][1])
    x = f"!mo.tensor<[77, 40], {dtype}>"
    y = f"!mo.tensor<[40], {dtype}>"
    text = f"""mo.graph @f(%x: {x}, %b: {y}) -> ({y}, {y}) {{
      %s = mo.reduce.add %x axes = [0] : {x}
      %t = mo.add %s, %b : {y}
      %r = mo.relu %t : {y}
      mo.output %r, %s : {y}, {y}
    }}"""
    models.add(text, drawn(dtype, 77, 40), drawn(dtype, 40), tolerance=20 * DTYPES[dtype][1])


@pytest.mark.parametrize("extent", ["n", "300001"])
def test_long(models: Models, extent: str) -> None:
    x = drawn("f32", 300001)
    with_nan = x.copy()
    with_nan[1234] = np.nan
    models.add(unary("mo.reduce.max", extent, "", "f32", "axes = [0]"), with_nan, tolerance=1e-6)
    models.add(unary("mo.reduce.add", extent, "", "f32", "axes = [0]"), x, tolerance=1e-2)
    models.add(unary("mo.exp", extent, extent, "f32"), x, tolerance=1e-5)


def test_sums_are_always_the_same(device: str) -> None:
    model, x = mo.compile(unary("mo.reduce.add", "n", "", "f32", "axes = [0]"), device=device), drawn("f32", 100003)
    assert len({model(x).tobytes() for _ in range(10)}) == 1


def test_not_a_number_goes_first(models: Models) -> None:
    x = drawn("f32", 9, 300)
    x[3, 7], x[5] = np.nan, -np.inf
    for axis, result in ((0, "300"), (1, "9")):
        for op in ("max", "min"):
            models.add(unary(f"mo.reduce.{op}", "9, 300", result, "f32", f"axes = [{axis}]"), x, tolerance=1e-6)
        for op in ("arg_max", "arg_min"):
            text = unary(f"mo.reduce.{op}", "9, 300", result, "f32", f"axis = {axis}", to="si64")
            models.add(text, np.round(x), tolerance=0)


@pytest.mark.parametrize("shape", [(5, 33), (3, 768), (2, 4500)])
def test_what_is_read_twice_and_given_out(models: Models, shape: tuple[int, int]) -> None:
    for known in ((False, True), (False, False)):
        dims = names(shape, known)
        x, scale = f"!mo.tensor<[{dims}], f32>", f"!mo.tensor<[{dims.split(', ')[1]}], f32>"
        text = f"""
mo.graph @f(%x: {x}, %r: {x}, %s: {scale}) -> ({x}, {x}) {{
  %z = mo.add %x, %r : {x}, {x}
  %y = mo.rms_norm %z scale %s axis = -1 : {x} scale {scale}
  mo.output %z, %y : {x}, {x}
}}"""
        models.add(text, drawn("f32", *shape), drawn("f32", *shape)[::-1], drawn("f32", shape[1]), tolerance=1e-4)


@pytest.mark.parametrize("dtype", DTYPES)
def test_transposed(models: Models, dtype: str) -> None:
    """Also where several neighbours are taken at once, and tiles are not whole."""
    shapes = (
        ((64, 96), True),
        ((136, 40), True),
        ((16, 1008), True),
        ((12, 20), True),
        ((100, 70), False),
        ((0, 70), False),
    )
    for shape, known in shapes:
        dims = names(shape, (known, known))
        turned = ", ".join(reversed(dims.split(", ")))
        models.add(unary("mo.transpose", dims, turned, dtype, "perm = [1, 0]"), drawn(dtype, *shape), tolerance=0)


def test_transposed_with_more(models: Models) -> None:
    x, y = "!mo.tensor<[3, 48, 72], f16>", "!mo.tensor<[3, 72, 48], f16>"
    text = f"""mo.graph @f(%x: {x}, %y: {y}) -> {y} {{
      %t = mo.transpose %x perm = [0, 2, 1] : {x}
      %z = mo.add %t, %y : {y}, {y}
      mo.output %z : {y}
    }}"""
    models.add(text, drawn("f16", 3, 48, 72), drawn("f16", 3, 72, 48), tolerance=1e-2)
    for perm in ([0, 2, 1], [1, 2, 0], [2, 1, 0], [1, 0, 2]):
        dims = ["3", "n", "70"]
        a, b = f"!mo.tensor<[{', '.join(dims)}], f32>", f"!mo.tensor<[{', '.join(dims[axis] for axis in perm)}], f32>"
        text = f"""
mo.graph @f(%x: {a}, %y: {b}) -> {b} {{
  %t = mo.transpose %x perm = {perm} : {a}
  %z = mo.add %t, %y : {b}, {b}
  %r = mo.exp %z : {b}
  mo.output %r : {b}
}}"""
        x = drawn("f32", 3, 50, 70)
        models.add(text, x, x.transpose(perm).copy(), tolerance=1e-5)


@pytest.mark.parametrize("dtype", [name for name in DTYPES if name != "i1"])
def test_broadcast(models: Models, dtype: str) -> None:
    for dims, shape in (("n, m", (7, 9)), ("n, m", (7, 16)), ("4096, 64", (4096, 64))):
        x, row = f"!mo.tensor<[{dims}], {dtype}>", f"!mo.tensor<[{dims.split(', ')[1]}], {dtype}>"
        mask = f"!mo.tensor<[{dims}], i1>"
        text = f"""
mo.graph @f(%x: {x}, %y: {row}) -> ({x}, {mask}) {{
  %z = mo.add %x, %y : {x}, {row}
  %g = mo.greater %z, %x : {x}, {x}
  mo.output %z, %g : {x}, {mask}
}}"""
        models.add(text, drawn(dtype, *shape), drawn(dtype, shape[1]), tolerance=DTYPES[dtype][1])


# In the emulator

ROWS = """
#rows = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @f(%x: tensor<{0}x{1}xf32>) -> tensor<{0}x{1}xf32> {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<{0}x{1}xf32>
  %m = tensor.dim %x, %c1 : tensor<{0}x{1}xf32>
  %e0 = tensor.empty({2}) : tensor<{0}xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e0 : tensor<{0}xf32>) -> tensor<{0}xf32>
  %s = linalg.reduce {{ arith.addf }} ins(%x : tensor<{0}x{1}xf32>) outs(%z : tensor<{0}xf32>) dimensions = [1]
  %e1 = tensor.empty({3}) : tensor<{0}x{1}xf32>
  %r = linalg.generic {{indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}}
      ins(%x, %s : tensor<{0}x{1}xf32>, tensor<{0}xf32>) outs(%e1 : tensor<{0}x{1}xf32>) {{
  ^bb0(%a: f32, %b: f32, %o: f32):
    %d = arith.subf %a, %b : f32
    linalg.yield %d : f32
  }} -> tensor<{0}x{1}xf32>
  return %r : tensor<{0}x{1}xf32>
}}"""
COLUMNS = """
func.func @f(%x: tensor<{0}x{1}xf32>) -> tensor<{1}xf32> {{
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c1 : tensor<{0}x{1}xf32>
  %e = tensor.empty({4}) : tensor<{1}xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<{1}xf32>) -> tensor<{1}xf32>
  %s = linalg.reduce {{ arith.addf }} ins(%x : tensor<{0}x{1}xf32>) outs(%z : tensor<{1}xf32>) dimensions = [0]
  return %s : tensor<{1}xf32>
}}"""
TURNED = """
func.func @f(%x: tensor<{0}x{1}xf32>) -> tensor<{1}x{0}xf32> {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<{0}x{1}xf32>
  %m = tensor.dim %x, %c1 : tensor<{0}x{1}xf32>
  %e = tensor.empty({5}) : tensor<{1}x{0}xf32>
  %r = linalg.transpose ins(%x : tensor<{0}x{1}xf32>) outs(%e : tensor<{1}x{0}xf32>) permutation = [1, 0]
  return %r : tensor<{1}x{0}xf32>
}}"""
CASES: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "rows": (ROWS, lambda x: x - x.sum(1, keepdims=True)),
    "columns": (COLUMNS, lambda x: x.sum(0)),
    "turned": (TURNED, lambda x: x.T),
}


def written(text: str, shape: tuple[int, int], known: bool) -> str:
    """The text with these extents, or with ones that are known when it runs."""
    if known:
        return text.format(*shape, "", "", "", "")
    return text.format("?", "?", "%n", "%n, %m", "%m", "%m, %n")


def emulated(target: GpuTarget, text: str, x: Array, result: Sequence[int]) -> Array:
    with ir.Context(), ir.Location.unknown():
        code = target.compile(ir.Module.parse(text))
    dims = tuple(f"d{i}" for i in range(len(result)))
    found = target.load(code).function(signature("f", [("f32", "a", "b")], [("f32", *dims)]))(x)
    return np.asarray(found)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("chip", ["sm_90a", "gfx942", "gfx1100"])
def test_emulated(chip: str, case: str, known: bool) -> None:
    text, reference = CASES[case]
    for shape in ((3, 5), (2, 36), (1, 700), (40, 33)):
        x = drawn("f32", *shape)
        expected = reference(x)
        found = emulated(EmulatedTarget(chip), written(text, shape, known), x, expected.shape)
        np.testing.assert_allclose(found, expected, 1e-4, 1e-4)


def test_schedules_are_checked() -> None:
    assert {"gpu_elementwise", "gpu_rows", "gpu_transpose"} <= set(templates())
    text = unary("mo.softmax", "8, 64", "8, 64", "f32")
    three = Sources(rules={"gpu_rows": lambda kernel, fields: {"members": 3}})
    with using(three), pytest.raises(mo.DiagnosticError, match="template 'gpu_rows': expected"):
        mo.compile(text, device="spirv")
