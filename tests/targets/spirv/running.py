# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs kernels of device modules on the first device of OpenCL, as all tests here do."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from mlir import ir

from mograph._runtime import Commands
from mograph.targets.devices import DeviceError, open_device
from mograph.targets.gpu.image import Image
from mograph.targets.spirv.chips import CHIPS
from mograph.targets.spirv.emit import emit

Array = np.ndarray[Any, Any]
TYPES: dict[str, Any] = {
    "i1": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f32": np.float32,
    "f64": np.float64,
}
THREAD = "%t = gpu.thread_id x\n%i = arith.index_cast %t : index to i64\n"


def element(name: str, base: str, type_: str, index: str = "%i") -> str:
    """Code for the address of an element."""
    return f"{name} = llvm.getelementptr {base}[{index}] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, {type_}\n"


def load(name: str, base: str, type_: str, index: str = "%i") -> str:
    """Code for loading an element; of i1, each has a byte."""
    held = "i8" if type_ == "i1" else type_
    value = f"{name}_held" if type_ == "i1" else name
    text = element(f"{name}_at", base, held, index) + f"{value} = llvm.load {name}_at : !llvm.ptr<1> -> {held}\n"
    return text + (f"{name} = arith.trunci {value} : i8 to i1\n" if type_ == "i1" else "")


def store(value: str, base: str, type_: str, index: str = "%i") -> str:
    """Code for storing an element; of i1, each has a byte."""
    at = f"{value}_to"
    if type_ != "i1":
        return element(at, base, type_, index) + f"llvm.store {value}, {at} : {type_}, !llvm.ptr<1>\n"
    wide = f"{value}_wide = arith.extui {value} : i1 to i8\n"
    return wide + element(at, base, "i8", index) + f"llvm.store {value}_wide, {at} : i8, !llvm.ptr<1>\n"


def kernel(name: str, pointers: int, body: str, threads: int) -> str:
    """The text of a kernel over the addresses `%a0`, `%a1`, …"""
    arguments = ", ".join(f"%a{number}: !llvm.ptr<1>" for number in range(pointers))
    size = f"known_block_size = array<i32: {threads}, 1, 1>"
    return f"gpu.func @{name}({arguments}) kernel attributes {{{size}}} {{\n{body}\ngpu.return\n}}\n"


def compiled(kernels: str, chip: str = "opencl") -> Image:
    """The image of kernels, which must be valid."""
    with ir.Context():
        image = emit(ir.Module.parse(f"gpu.module @kernels {{\n{kernels}\n}}"), CHIPS[chip])
    validate(image.code)
    return image


def validate(code: bytes, environment: str = "spv1.4") -> None:
    """Fails where the validator finds something, if it is there."""
    tool = shutil.which("spirv-val", path=str(Path(sys.executable).parent)) or shutil.which("spirv-val")
    if tool is not None:
        done = subprocess.run([tool, "--target-env", environment, "-"], input=code, capture_output=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()


def device() -> Any:
    """The device; the test is skipped where there is none."""
    try:
        return open_device("opencl:0")
    except DeviceError as error:
        pytest.skip(str(error))


def run(image: Image, name: str, inputs: Sequence[Array], outputs: Sequence[Array], grid: int = 1) -> list[Array]:
    """Launches a kernel of an image on copies of the inputs, then of the outputs, and gives those as it leaves them."""
    opened = device()
    module = opened.load(image)
    arrays = [np.ascontiguousarray(each) for each in (*inputs, *outputs)]
    arrays = [each.copy() for each in arrays]
    commands = Commands()
    addresses = [opened.allocate(max(each.nbytes, 1)) for each in arrays]
    for address, array in zip(addresses, arrays, strict=True):
        commands.upload(address, array.ctypes.data, array.nbytes)
    commands.launch(module.kernels[name], (grid, 1, 1), addresses)
    for address, array in zip(addresses, arrays, strict=True):
        commands.download(array.ctypes.data, address, array.nbytes)
    opened.submit(commands)
    opened.wait()
    for address in addresses:
        opened.release(address)
    for given, after in zip(inputs, arrays, strict=False):
        np.testing.assert_array_equal(after.view(np.uint8), np.ascontiguousarray(given).view(np.uint8))
    return arrays[len(inputs) :]


def computed(
    body: str,
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    *,
    threads: int = 64,
    grid: int = 1,
    chip: str = "opencl",
    shared: str = "",
) -> list[Array]:
    """What a kernel of this body, over the addresses of inputs and then outputs, makes of the outputs."""
    text = kernel("k", len(inputs) + len(outputs), body, threads)
    return run(compiled(shared + text, chip), "k", inputs, outputs, grid)


def values(type_: str, count: int, seed: int = 0) -> Array:
    """Numbers of a type: at first the special ones, then small and large ones."""
    random = np.random.default_rng(seed)
    dtype = TYPES[type_]
    if type_ == "i1":
        return random.integers(0, 2, count).astype(np.bool_)
    if type_.startswith("i"):
        limits = np.iinfo(dtype)
        numbers = random.integers(limits.min, limits.max, count, np.int64, endpoint=True).astype(dtype)
        numbers[::2] = random.integers(-100, 100, len(numbers[::2])).astype(dtype)
        special = np.array([0, 1, -1, 2, -2, limits.min, limits.max, 7, -7, limits.min + 1], np.int64).astype(dtype)
    else:
        info = ml_dtypes.finfo(dtype)
        numbers = (random.standard_normal(count) * 10.0 ** random.integers(-3, 4, count)).astype(dtype)
        large, small = float(info.max), float(info.tiny)
        special = np.array(
            [
                0.0,
                -0.0,
                1,
                -1,
                0.5,
                1.5,
                2.5,
                -2.5,
                np.inf,
                -np.inf,
                np.nan,
                large,
                -large,
                small,
                small / 2,
                -small / 4,
            ]
        ).astype(dtype)
    numbers[: len(special)] = special
    return np.asarray(numbers)


def unsigned(array: Array) -> Array:
    """The same bits as integers without sign."""
    return array.view(f"u{array.itemsize}")


def assert_same(found: Array, expected: Array, where: Any = True) -> None:
    """Equal to the bit, with the sign of zero, though any NaN is as good as another."""
    expected = np.asarray(expected)
    assert found.dtype == expected.dtype
    same = unsigned(found) == unsigned(expected)
    if found.dtype.kind not in "biu":
        same |= (found != found) & (expected != expected)
    wrong = ~(same | ~np.broadcast_to(where, same.shape))
    assert not wrong.any(), (np.argwhere(wrong)[:4].tolist(), found[wrong][:4], expected[wrong][:4])
