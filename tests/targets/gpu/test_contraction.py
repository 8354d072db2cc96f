# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of every layout, extent, dtype and surrounding: on a device of OpenCL, and in the emulator for chips with
matrix units.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from mlir import ir

from mograph.targets.devices import DeviceError
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.schedule import Schedule, Shape, choose
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
@pytest.mark.parametrize("dtype", ["f32", "bf16", "f64", "i8"])
def test_opencl(opencl: Build, dtype: str, layout: tuple[str, str], shape: tuple[int, int, int, int]) -> None:
    for named, filled, after in [(False, True, True), (True, False, False)]:
        Case(dtype, *layout, "gmn", shape, named, filled, after).check(opencl, None)


@pytest.mark.parametrize("chip", ["sm_80", "gfx942", "gfx1100"])
@pytest.mark.parametrize(
    "case",
    [
        Case("f16", "gmk", "gkn", "gmn", (1, 100, 90, 70), False, True, True),
        Case("bf16", "gmk", "gnk", "gmn", (2, 65, 64, 64), False, True, True),
        Case("f16", "gkm", "kn", "gmn", (2, 33, 35, 40), True, True, True),
        Case("f16", "mk", "gkn", "mgn", (2, 33, 35, 40), True, False, False),
        Case("i8", "gmk", "gnk", "gmn", (1, 64, 64, 64), False, True, True),
        Case("f32", "gmk", "gkn", "gmn", (1, 64, 40, 32), False, True, True),
    ],
    ids=lambda case: f"{case.dtype}-{case.a}-{case.b}",
)
def test_chips(chip: str, case: Case) -> None:
    case.check(build_for(EmulatedTarget(chip)), None)


def test_schedules_fit_the_chip() -> None:
    for bytes_ in (4, 8):
        for m, n, k in ((4096, 4096, 4096), (1024, 1024, 1024), (17, 3, 100), (None, 512, 512)):
            schedule = choose(Shape(m, n, k, 1, bytes_, bytes_, bytes_), CHIP)
            assert schedule.bytes(bytes_, bytes_, bytes_) <= CHIP.shared
            assert schedule.threads <= CHIP.threads


def test_long_sums_of_few_elements_are_shared_among_blocks() -> None:
    assert choose(Shape(16, 64, 8192, 1, 4, 4, 4), CHIP).splits > 1
    assert choose(Shape(4096, 4096, 8192, 1, 4, 4, 4), CHIP).splits == 1
    assert choose(Shape(None, 64, 8192, 1, 4, 4, 4), CHIP).splits == 1


@pytest.mark.parametrize("field", ["rows", "columns", "across", "along", "depth"])
def test_schedules_are_of_powers_of_two(field: str) -> None:
    fields = {"rows": 4, "columns": 4, "across": 16, "along": 16, "depth": 8, field: 3}
    with pytest.raises(ValueError, match=f"expected a power of two for {field}, found 3"):
        Schedule(**fields)
