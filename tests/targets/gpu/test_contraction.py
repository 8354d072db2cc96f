# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of every layout, extent, dtype and surrounding: on a device of OpenCL, and in the emulator for chips with
matrix units.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from mlir import ir

from mograph.targets.cpu.builder import find
from mograph.targets.devices import DeviceError
from mograph.targets.gpu.chip import ALLOW_TF32, Chip
from mograph.targets.gpu.contraction.schedule import Schedule, Shape, choose
from mograph.targets.gpu.contraction.sharing import EVEN
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.spirv import SpirvTarget

from ..conftest import Build, Spec, signature
from ..cpu.test_contraction import CASES, Case
from .emulated import EmulatedTarget

CHIP = Chip("chip", "any", 32, 1024, 49152, 65536, 16)


def build_for(target: GpuTarget) -> Build:
    """`build(text, inputs, outputs)`: the function @f of a module, on the target's device."""

    def build(text: str, inputs: Sequence[Spec], outputs: Sequence[Spec], **_: Any) -> Any:
        context = ir.Context()
        context.enable_multithreading(False)
        with context, ir.Location.unknown():
            code = target.compile(ir.Module.parse(text))
        return target.load(code).function(signature("f", list(inputs), list(outputs)))

    return build


@pytest.fixture(scope="module")
def opencl() -> Build:
    target = SpirvTarget()
    try:
        target.open()
    except DeviceError as error:
        pytest.skip(str(error))
    return build_for(target)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(case=CASES)
def test_any(opencl: Build, case: Case) -> None:
    case.check(opencl, None)


@pytest.mark.parametrize("shape", [(1, 300, 200, 70), (2, 65, 129, 33), (1, 13, 31, 1100), (3, 64, 64, 64)])
@pytest.mark.parametrize("layout", [("gmk", "gkn"), ("gkm", "gnk")])
@pytest.mark.parametrize("dtype", ["f32", "bf16", "f64", "i8", "f8E4M3FN"])
def test_opencl(opencl: Build, dtype: str, layout: tuple[str, str], shape: tuple[int, int, int, int]) -> None:
    for named, filled, after in [(False, True, True), (True, False, False)]:
        Case(dtype, *layout, "gmn", shape, named, filled, after).check(opencl, None)


@pytest.mark.parametrize("chip", ["sm_80", "sm_89", "gfx942", "gfx950", "gfx1100"])
@pytest.mark.parametrize(
    "case",
    [
        Case("f16", "gmk", "gkn", "gmn", (1, 100, 90, 70), False, True, True),
        Case("bf16", "gmk", "gnk", "gmn", (2, 65, 64, 64), False, True, True),
        Case("f16", "gkm", "kn", "gmn", (2, 33, 35, 40), True, True, True),
        Case("f16", "mk", "gkn", "mgn", (2, 33, 35, 40), True, False, False),
        Case("i8", "gmk", "gnk", "gmn", (1, 64, 64, 64), False, True, True),
        Case("i8", "gkm", "gkn", "gmn", (1, 65, 64, 72), True, True, True),
        Case("f32", "gmk", "gkn", "gmn", (1, 64, 40, 32), False, True, True),
        Case("f8E4M3FN", "gmk", "gkn", "gmn", (2, 65, 40, 64), False, True, True),
        Case("f8E4M3FN", "mk", "gnk", "gmn", (2, 33, 67, 80), True, False, True),
        Case("f8E5M2", "gkm", "gnk", "gmn", (1, 37, 41, 99), True, True, True),
        Case("bf16", "gmk", "gkn", "gmn", (2, 17, 33, 1024), False, True, True),  # several blocks share sums
    ],
    ids=lambda case: f"{case.dtype}-{case.a}-{case.b}-{case.extents[3]}",
)
def test_chips(chip: str, case: Case) -> None:
    case.check(build_for(EmulatedTarget(chip)), None)


@pytest.mark.parametrize("chip", ["sm_80", "gfx942"])
@pytest.mark.parametrize("layout", [("gmk", "gkn"), ("gkm", "gnk")])
def test_tf32(chip: str, layout: tuple[str, str]) -> None:
    target = EmulatedTarget(chip)
    target.chip = replace(target.chip, features=target.chip.features | {ALLOW_TF32})
    Case("f32", *layout, "gmn", (2, 65, 40, 67), True, False, True).check(build_for(target), None)


def test_schedules_fit_the_chip() -> None:
    for bytes_ in (4, 8):
        for m, n, k in ((4096, 4096, 4096), (1024, 1024, 1024), (17, 3, 100), (None, 512, 512)):
            schedule = choose(Shape(m, n, k, 1, bytes_, bytes_, bytes_), CHIP)
            assert schedule.bytes(bytes_, bytes_, bytes_) <= CHIP.shared
            assert schedule.threads <= CHIP.threads


def test_long_sums_of_few_elements_are_shared_among_blocks() -> None:
    assert choose(Shape(16, 64, 8192, 1, 4, 4, 4), CHIP).splits == EVEN
    assert choose(Shape(4096, 4096, 8192, 1, 4, 4, 4), CHIP).splits == 1
    assert choose(Shape(None, 64, 8192, 1, 4, 4, 4), CHIP).splits == EVEN  # host code knows
    assert choose(Shape(None, 64, 256, 1, 4, 4, 4), CHIP).splits == 1  # not worth a block more


@pytest.mark.parametrize("multiprocessors", [3, 5])
@pytest.mark.parametrize("chip", ["sm_80", "gfx942"])
@pytest.mark.parametrize(
    "case",
    [
        Case("bf16", "gmk", "gkn", "gmn", (1, 130, 70, 1500), True, True, True),  # more tiles than multiprocessors
        Case("f16", "gmk", "gnk", "gmn", (2, 33, 64, 1100), True, False, False),
        Case("bf16", "gmk", "gkn", "gmn", (1, 40, 41, 2048), False, True, True),
        Case("f64", "gkm", "gkn", "gmn", (1, 33, 35, 1037), True, False, True),  # by general tiles
        Case("bf16", "gmk", "gkn", "gmn", (2, 17, 9, 0), True, True, True),
        Case("bf16", "gmk", "gkn", "gmn", (1, 0, 9, 600), True, True, True),
    ],
    ids=lambda case: f"{case.dtype}-{case.extents}",
)
def test_shares(chip: str, case: Case, multiprocessors: int) -> None:
    """Blocks that have the end of one tile and the beginning of another, by host code that knows the extents."""
    target = EmulatedTarget(chip)
    target.chip = replace(target.chip, multiprocessors=multiprocessors)
    case.check(build_for(target), None)


def test_sums_do_not_depend_on_which_block_is_done_first(opencl: Build) -> None:
    case = Case("f32", "gmk", "gkn", "gmn", (1, 50, 70, 5000), True, True, False)
    f = opencl(case.text(), [("f32", *loops) for loops in ("gmk", "gkn", "gmn", "n")], [("f32", *"gmn")])
    rng = np.random.default_rng(0)
    given = [rng.standard_normal(shape, np.float32) for shape in ((1, 50, 5000), (1, 5000, 70), (1, 50, 70), (70,))]
    first = f(*given)
    np.testing.assert_allclose(first, given[0] @ given[1], rtol=1e-4, atol=1e-3)
    for _ in range(5):
        np.testing.assert_array_equal(f(*given), first)


@pytest.mark.parametrize("field", ["rows", "columns", "across", "along", "depth"])
def test_schedules_are_of_powers_of_two(field: str) -> None:
    fields = {"rows": 4, "columns": 4, "across": 16, "along": 16, "depth": 8, field: 3}
    with pytest.raises(ValueError, match=f"expected a power of two for {field}, found 3"):
        Schedule(**fields)


TWO = """
#id = affine_map<(m, n) -> (m, n)>
func.func @f(%a: tensor<?x1100xf32>, %b: tensor<1100x35xf32>, %c: tensor<?x35xf32>)
    -> (tensor<?x35xf32>, tensor<?x35xf16>) {
  %z = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %m = tensor.dim %a, %c0 : tensor<?x1100xf32>
  %e = tensor.empty(%m) : tensor<?x35xf32>
  %h = tensor.empty(%m) : tensor<?x35xf16>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<?x35xf32>) -> tensor<?x35xf32>
  %r = linalg.matmul ins(%a, %b : tensor<?x1100xf32>, tensor<1100x35xf32>)
      outs(%i : tensor<?x35xf32>) -> tensor<?x35xf32>
  %o = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r, %c : tensor<?x35xf32>, tensor<?x35xf32>) outs(%h : tensor<?x35xf16>) {
  ^bb0(%x: f32, %y: f32, %_: f16):
    %n = linalg.index 1 : index
    %n32 = arith.index_cast %n : index to i32
    %nf = arith.sitofp %n32 : i32 to f32
    %s = arith.addf %x, %y : f32
    %p = arith.maximumf %s, %nf : f32
    %q = arith.truncf %p : f32 to f16
    linalg.yield %q : f16
  } -> tensor<?x35xf16>
  return %r, %o : tensor<?x35xf32>, tensor<?x35xf16>
}
"""


@pytest.mark.parametrize("rows", ["?", "13"])
def test_sums_that_are_results_too(opencl: Build, rows: str) -> None:
    text = TWO if rows == "?" else TWO.replace("(%m)", "()").replace("?", rows)
    m: Any = "m" if rows == "?" else 13
    f = opencl(text, [("f32", m, 1100), ("f32", 1100, 35), ("f32", m, 35)], [("f32", m, 35), ("f16", m, 35)])
    rng = np.random.default_rng(0)
    a, b, c = (rng.integers(-3, 4, shape).astype(np.float32) for shape in ((13, 1100), (1100, 35), (13, 35)))
    sums, after = f(a, b, c)
    np.testing.assert_array_equal(sums, a @ b)
    np.testing.assert_array_equal(after, np.maximum(a @ b + c, np.arange(35)).astype(np.float16))


ROWS = """
#id = affine_map<(m, n) -> (m, n)>
func.func @f(%a: tensor<?x1024xbf16>, %b: tensor<1024x40xbf16>, %c: tensor<?x40xf32>) -> tensor<?x40xf32> {
  %z = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %m = tensor.dim %a, %c0 : tensor<?x1024xbf16>
  %e = tensor.empty(%m) : tensor<?x40xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<?x40xf32>) -> tensor<?x40xf32>
  %r = linalg.matmul ins(%a, %b : tensor<?x1024xbf16>, tensor<1024x40xbf16>)
      outs(%i : tensor<?x40xf32>) -> tensor<?x40xf32>
  %o = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r, %c : tensor<?x40xf32>, tensor<?x40xf32>) outs(%e : tensor<?x40xf32>) {
  ^bb0(%x: f32, %y: f32, %_: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<?x40xf32>
  return %o : tensor<?x40xf32>
}
"""


@pytest.mark.parametrize("rows", [40, 0, 700])
def test_either_kernel(rows: int) -> None:
    """Few rows by blocks that share sums, many by warpgroups: host code knows."""
    target = EmulatedTarget("sm_90a")
    target.chip = replace(target.chip, multiprocessors=6)
    f = build_for(target)(ROWS, [("bf16", "m", 1024), ("bf16", 1024, 40), ("f32", "m", 40)], [("f32", "m", 40)])
    assert find(target.module.operation, "nvvm.wgmma.mma_async")
    assert find(target.module.operation, "nvvm.mma.sync")
    rng = np.random.default_rng(0)
    a, b = (rng.integers(-3, 4, shape).astype(ml_dtypes.bfloat16) for shape in ((rows, 1024), (1024, 40)))
    c = rng.integers(-3, 4, (rows, 40)).astype(np.float32)
    np.testing.assert_array_equal(f(a, b, c), a.astype(np.float32) @ b.astype(np.float32) + c)
    launched = [(each[2], each[3][0]) for each in target.recording.trace if each[0] == "launch"]
    used = {name.rpartition("_")[0] for name, blocks in launched if blocks}
    assert used == ({"product"} if rows == 700 else {"product", "sum_of_parts"} if rows else set())
