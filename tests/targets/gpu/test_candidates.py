# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whatever a template's check lets pass gives the same results: candidates of a tuner, and other numbers.

On a device of OpenCL, and for matrix units in the emulator, which refuses addresses that are out of bounds.
"""

from collections.abc import Mapping
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

import mograph as mo
from mograph.targets.cpu.schedules import Choice, Sources, numbers, using
from mograph.targets.devices import DeviceError

from ..conftest import signature
from .emulated import EmulatedTarget

Array = np.ndarray[Any, Any]
MOST = 3  # candidates of a template, from all over its list
DTYPES: dict[str, tuple[Any, float]] = {
    "f32": (np.float32, 1e-4),
    "f16": (np.float16, 1e-2),
    "bf16": (ml_dtypes.bfloat16, 4e-2),
}
MATMUL = "%r = mo.matmul %x0, %x1 : {0}, {1}"
ATTENTION = "%r = mo.attention %x0, %x1, %x2 : {0}, {1}, {2}"
Case = tuple[str, str, list[list[int]]]
"""An operation, a dtype, and the shapes of the inputs and the result."""

PORTABLE: dict[str, Case] = {
    "gpu_elementwise": ("%r = mo.add %x0, %x1 : {0}, {1}", "f32", [[7, 130], [130], [7, 130]]),
    "gpu_rows": ("%r = mo.softmax %x0 : {0}", "f32", [[5, 130], [5, 130]]),
    "gpu_transpose": ("%r = mo.transpose %x0 perm = [1, 0] : {0}", "f32", [[45, 70], [70, 45]]),
    "gpu_tiles": ("%r = mo.sort %x0 axis = 1 : {0}", "f32", [[3, 5000], [3, 5000]]),
    "product": (MATMUL, "f32", [[37, 530], [530, 29], [37, 29]]),
    "streaming_attention": (ATTENTION, "f32", [[1, 2, 37, 24], [1, 2, 45, 24], [1, 2, 45, 24], [1, 2, 37, 24]]),
}
UNITS: dict[tuple[str, str], Case] = {
    ("mma", "sm_80"): (MATMUL, "f16", [[70, 128], [128, 72], [70, 72]]),
    ("mfma", "gfx942"): (MATMUL, "bf16", [[70, 128], [128, 72], [70, 72]]),
    ("mfma", "gfx1100"): (MATMUL, "f16", [[33, 128], [128, 40], [33, 40]]),
    ("amd_attention", "gfx1201"): (
        ATTENTION,
        "f16",
        [[1, 2, 37, 32], [1, 2, 45, 32], [1, 2, 45, 32], [1, 2, 37, 32]],
    ),
    ("matrix_attention", "sm_80"): (
        ATTENTION,
        "f16",
        [[1, 2, 37, 32], [1, 2, 45, 32], [1, 2, 45, 32], [1, 2, 37, 32]],
    ),
}


def run(case: Case, sources: Sources, chip: str) -> Array:
    """The result, for a chip in the emulator, or on a device of OpenCL where none is named."""
    operation, dtype, shapes = case
    types = [f"!mo.tensor<{shape}, {dtype}>" for shape in shapes]
    inputs = ", ".join(f"%x{number}: {each}" for number, each in enumerate(types[:-1]))
    text = f"mo.graph @f({inputs}) -> {types[-1]} {{ {operation.format(*types)}\n mo.output %r : {types[-1]} }}"
    random = np.random.default_rng(0)
    arrays = [random.standard_normal(shape).astype(DTYPES[dtype][0]) for shape in shapes[:-1]]
    with using(sources):
        if not chip:
            return np.asarray(mo.compile(text, device="opencl:0")(*arrays), np.float64)
        module = mo.parse(text)
        mo.Pipeline("builtin.module(mogg-from-mo,mogg-to-linalg)").run(module)
        target = EmulatedTarget(chip)
        with module.context, ir.Location.unknown():
            dims = [(dtype, *shape) for shape in shapes]
            function = target.load(target.compile(module)).function(signature("f", dims[:-1], dims[-1:]))
    return np.asarray(function(*arrays), np.float64)


def other(value: int) -> tuple[int, ...]:
    """Numbers besides one, sensible or not."""
    return (-1, 0, 3, value + 1, value * 2)


def compare(template: str, case: Case, chip: str, most: int = MOST) -> None:
    """Results by the schedule that was chosen, and by others."""
    record: list[Choice] = []
    expected = run(case, Sources(record=record), chip)
    choice = next(choice for choice in record if choice.template == template)
    tolerance, refused = DTYPES[case[1]][1], list[str]()

    def check(fields: Mapping[str, int]) -> bool:
        try:
            found = run(case, Sources(stored={choice.key: {template: fields}}), chip)
        except (ValueError, mo.DiagnosticError) as error:
            refused.append(str(error))
            return False
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance, err_msg=str(fields))
        return True

    assert choice.others
    for candidate in choice.others[:: -(-len(choice.others) // most)]:
        assert check(numbers(candidate)), candidate
    chosen = numbers(choice.schedule)
    for name, value in chosen.items():
        for number in other(value)[: 2 * most]:
            check({name: number})
    assert refused
    assert all(f"template '{template}': expected" in each for each in refused), refused


@pytest.mark.parametrize("template", PORTABLE)
def test_schedules_of_all_chips(template: str) -> None:
    try:
        mo.open_device("opencl:0")
    except DeviceError as error:
        pytest.skip(str(error))
    compare(template, PORTABLE[template], "")


@pytest.mark.parametrize(("template", "chip"), UNITS)
def test_schedules_of_matrix_units(template: str, chip: str) -> None:
    compare(template, UNITS[template, chip], chip)
