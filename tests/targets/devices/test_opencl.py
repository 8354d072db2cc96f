# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Devices of OpenCL, and how their library is found."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mlir import ir

from mograph._runtime import Commands, Kernel
from mograph.targets.devices import DeviceError, open_device, opencl
from mograph.targets.devices import opencl_library as cl
from mograph.targets.devices.opencl import OpenClDevice
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.spirv.chips import CHIPS
from mograph.targets.spirv.emit import emit

DOUBLE = """gpu.module @kernels {
  gpu.func @double(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    %t = gpu.thread_id x
    %b = gpu.block_id x
    %c64 = arith.constant 64 : index
    %first = arith.muli %b, %c64 : index
    %place = arith.addi %first, %t : index
    %i = arith.index_cast %place : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %q = llvm.getelementptr %y[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %0 = llvm.load %p : !llvm.ptr<1> -> f32
    %1 = arith.addf %0, %0 : f32
    llvm.store %1, %q : f32, !llvm.ptr<1>
    gpu.return
  }
}"""


@pytest.fixture(scope="module")
def device() -> OpenClDevice:
    try:
        opened = open_device("opencl:0")
    except DeviceError as error:
        pytest.skip(str(error))
    assert isinstance(opened, OpenClDevice)
    return opened


@pytest.fixture(scope="module")
def image() -> Image:
    with ir.Context():
        return emit(ir.Module.parse(DOUBLE), CHIPS["opencl"])


@pytest.fixture
def memory(device: OpenClDevice) -> Iterator[int]:
    address = device.allocate(4096)
    yield address
    device.release(address)


@pytest.mark.parametrize("size", [1, 255, 256, 4097])
def test_memory_is_aligned(device: OpenClDevice, size: int) -> None:
    addresses = [device.allocate(size) for _ in range(3)]
    assert all(address % 256 == 0 for address in addresses)
    assert len(set(addresses)) == 3
    for address in addresses:
        device.release(address)


def test_what_is_not_allocated_is_not_released(device: OpenClDevice) -> None:
    address = device.allocate(16)
    device.release(address)
    with pytest.raises(DeviceError, match=f"opencl:0: released {address:#x}, which is not allocated"):
        device.release(address)


def test_memory_has_an_end(device: OpenClDevice) -> None:
    with pytest.raises(MemoryError, match="opencl:0 has no 1125899906842624 bytes"):
        device.allocate(1 << 50)


def test_places_within_memory_are_arguments(device: OpenClDevice, image: Image, memory: int) -> None:
    x = np.arange(128, dtype=np.float32)
    found = np.zeros(64, np.float32)
    module = device.load(image)
    commands = Commands()
    commands.upload(memory, x.ctypes.data, x.nbytes)
    commands.launch(module.kernels["double"], (1, 1, 1), [memory + 4 * 64, memory + 2048])
    commands.download(found.ctypes.data, memory + 2048, found.nbytes)
    device.submit(commands)
    device.wait()
    np.testing.assert_array_equal(found, 2 * x[64:])


def test_streams_wait_for_events(device: OpenClDevice, image: Image, memory: int) -> None:
    """Each stream doubles what the other has made."""
    x, found = np.ones(64, np.float32), np.zeros(64, np.float32)
    module = device.load(image)
    kernel = module.kernels["double"]
    commands = Commands()
    commands.upload(memory, x.ctypes.data, x.nbytes)
    for step in range(10):
        commands.record(step)
        commands.stream = 1 - commands.stream
        commands.wait(step)
        commands.launch(kernel, (1, 1, 1), [memory + 256 * step, memory + 256 * (step + 1)])
    commands.download(found.ctypes.data, memory + 2560, found.nbytes)
    device.submit(commands)
    device.wait()
    np.testing.assert_array_equal(found, 1024)


def test_unknown_events(device: OpenClDevice) -> None:
    commands = Commands()
    commands.wait(1234)
    with pytest.raises(DeviceError, match="opencl:0: stream 0 waits for event 1234, which was never recorded"):
        device.submit(commands)


def test_launches_are_timed_by_the_driver(device: OpenClDevice, image: Image, memory: int) -> None:
    kernel = device.load(image).kernels["double"]
    x, found = np.ones(512, np.float32), np.zeros(512, np.float32)
    before, timed, after = Commands(), Commands(), Commands()
    before.upload(memory, x.ctypes.data, x.nbytes)
    timed.launch(kernel, (4, 1, 1), [memory, memory])
    timed.fill(memory + 1024, 0, 1024)
    after.download(found.ctypes.data, memory, found.nbytes)
    device.submit(before)
    assert 0 < device.seconds(timed, 3) < 60
    device.submit(after)
    device.wait()
    assert found.tolist() == [8] * 256 + [0] * 256
    assert device.seconds(Commands(), 3) == 0
    too_large = Commands()
    too_large.launch(Kernel("double", kernel.handle, (1 << 20, 1, 1), arguments="pp"), (1, 1, 1), [memory, memory])
    with pytest.raises(DeviceError, match="CL_INVALID_WORK_GROUP_SIZE"):
        device.seconds(too_large, 1)


def test_memory_is_filled_and_copied(device: OpenClDevice, memory: int) -> None:
    found = np.zeros(300, np.uint8)
    commands = Commands()
    commands.fill(memory, 7, 301)
    commands.copy(memory + 1024, memory + 1, 299)
    commands.fill(memory + 1024 + 299, 9, 1)
    commands.download(found.ctypes.data, memory + 1024, 300)
    device.submit(commands)
    device.wait()
    assert found.tolist() == [7] * 299 + [9]


def test_blocks_that_are_too_large(device: OpenClDevice, image: Image, memory: int) -> None:
    """The error has the kernel, the grid, the block, where it comes from, and the driver's word."""
    module = device.load(image)
    kernel = type(module.kernels["double"])(
        "double", module.kernels["double"].handle, (1 << 16, 1, 1), 0, "pp", "model.py:3", module
    )
    commands = Commands()
    commands.launch(kernel, (2, 1, 1), [memory, memory])
    pattern = r"kernel double, grid 2x1x1, block 65536x1x1: .*CL_INVALID_WORK_GROUP_SIZE; it comes from model.py:3"
    with pytest.raises(DeviceError, match=pattern) as raised:
        device.submit(commands)
    assert (raised.value.kernel, raised.value.grid, raised.value.block) == ("double", (2, 1, 1), (1 << 16, 1, 1))


def test_images_for_others(device: OpenClDevice) -> None:
    for format_, chip in (("cubin", "sm_90a"), ("spirv", "vulkan")):
        with pytest.raises(DeviceError, match=f"opencl:0 takes SPIR-V for OpenCL, found {format_} for {chip}"):
            device.load(Image(format_, chip, b"", {}))


def test_what_the_driver_does_not_take(device: OpenClDevice, image: Image) -> None:
    kernels = {"other": Resources((64, 1, 1))}
    with pytest.raises(DeviceError, match="opencl:0: clCreateKernel: CL_INVALID_KERNEL_NAME"):
        device.load(Image("spirv", "opencl", image.code, kernels))
    with pytest.raises(DeviceError, match=r"opencl:0: cl(CreateProgramWithIL|BuildProgram): "):
        device.load(Image("spirv", "opencl", b"no SPIR-V", kernels))


def test_code_of_the_driver_is_kept(
    device: OpenClDevice, image: Image, memory: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is built once, and built again where what was kept is not what the driver takes."""
    monkeypatch.setenv("MOGRAPH_OBJECTS", str(tmp_path))
    asked: list[str] = []
    made = device._made
    monkeypatch.setattr(device, "_made", lambda name, *others: (asked.append(name), made(name, *others))[1])

    def doubled() -> None:
        asked.clear()
        module = device.load(image)
        x, found = np.arange(64, dtype=np.float32), np.zeros(64, np.float32)
        commands = Commands()
        commands.upload(memory, x.ctypes.data, x.nbytes)
        commands.launch(module.kernels["double"], (1, 1, 1), [memory, memory + 256])
        commands.download(found.ctypes.data, memory + 256, found.nbytes)
        device.submit(commands)
        device.wait()
        np.testing.assert_array_equal(found, 2 * x)

    doubled()
    assert asked == ["clCreateProgramWithIL", "clCreateKernel"]
    doubled()
    assert asked == ["clCreateProgramWithBinary", "clCreateKernel"]
    (file,) = (path for path in tmp_path.glob("*/*") if path.is_file())
    nothing = b"no code of a driver"
    file.write_bytes(hashlib.sha256(nothing).digest() + nothing)
    doubled()
    assert asked == ["clCreateProgramWithBinary", "clCreateProgramWithIL", "clCreateKernel"]


def test_devices_that_are_not_there(device: OpenClDevice) -> None:
    with pytest.raises(DeviceError, match="no device opencl:99 that takes SPIR-V and has addresses: opencl:0 is .+"):
        open_device("opencl:99")


def test_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise OSError("libOpenCL.so.1: cannot open shared object file")

    monkeypatch.setattr(cl, "devices", missing)
    opencl._devices.cache_clear()
    try:
        pattern = "no library of OpenCL: libOpenCL.so.1: .*; pip install 'mograph\\[opencl\\]' brings one"
        with pytest.raises(DeviceError, match=pattern):
            OpenClDevice(0)
    finally:
        opencl._devices.cache_clear()


def test_drivers_that_the_environment_names(device: OpenClDevice, tmp_path: Path) -> None:
    """They are taken as they are named: here there is none."""
    code = "import mograph.targets.devices.opencl_library as cl; print(len(cl.devices()))"
    for variable, count in (("OCL_ICD_VENDORS", "0"), ("MOGRAPH_UNUSED", "")):
        environment = {**os.environ, variable: str(tmp_path)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )  # not in the checkout, whose folder of that name is no whole package
        assert done.stdout.strip() == count if count else int(done.stdout) > 0
