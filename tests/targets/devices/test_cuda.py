# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The device of CUDA over a driver of functions in Python; what cuda-core does is tested where there is a device."""

import ctypes
from typing import Any

import numpy
import pytest

from mograph._runtime import Commands
from mograph.engine.model import Model
from mograph.targets.devices import DeviceError, open_device
from mograph.targets.devices.buffer import Buffer
from mograph.targets.devices.cuda import CudaDevice
from mograph.targets.devices.function import DeviceFunction
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.signature import Arg, Signature

from .fake_cuda import FakeCuda
from .hosted import TWICE, Hosted

X = numpy.arange(5, dtype="f4")
IMAGE = Image("cubin", "sm_90a", b"code", {"double": Resources((32, 2, 1), arguments="pp8", source="model.py:3")})


def double(words: list[int]) -> None:
    x, y, n = words
    floats = ctypes.c_float * n
    target, source = floats.from_address(y), floats.from_address(x)
    for i in range(n):
        target[i] = 2 * source[i]


@pytest.fixture
def driver() -> FakeCuda:
    driver = FakeCuda()
    driver.kernels[1] = 3, double
    return driver


@pytest.fixture
def device(driver: FakeCuda) -> CudaDevice:
    return CudaDevice(0, driver)


def twice(device: CudaDevice) -> Model:
    hosted = Hosted(device, TWICE, {}, image=IMAGE)
    signature = Signature("twice", (Arg("x", "f32", ("n",)),), (), (Arg("y", "f32", ("n",)),))
    return Model(DeviceFunction(signature, device, hosted.program, hosted.entry, {}, hosted), signature, {})


def test_a_model_runs(driver: FakeCuda, device: CudaDevice) -> None:
    model = twice(device)
    assert model(X).tolist() == (4 * X).tolist()
    assert driver.launched == [(1, (5, 1, 1), (32, 2, 1), 0, 11)] * 2
    launches = [name for name in driver.calls if name != "cuCtxSetCurrent"]
    assert launches == [
        "cuMemcpyHtoDAsync_v2",
        *["cuLaunchKernel"] * 2,
        "cuMemcpyDtoHAsync_v2",
        *["cuStreamSynchronize"] * 2,
    ]


def test_memory_is_taken_from_the_driver_once(driver: FakeCuda, device: CudaDevice) -> None:
    model = twice(device)
    x = device.buffer(X)
    first = model(x).address
    assert all(model(x).address == first for _ in range(3))
    device.queue.trim()
    with pytest.raises(DeviceError, match="cuda:0: released 0x100, which is not allocated"):
        device.release(0x100)


def test_a_graph_is_the_drivers(driver: FakeCuda, device: CudaDevice) -> None:
    model = twice(device)
    x = device.buffer(X)
    y = model.capture("a", x)
    assert driver.calls[-8:] == [
        "cuStreamBeginCapture_v2",
        *["cuLaunchKernel"] * 2,
        "cuStreamEndCapture",
        "cuGraphInstantiateWithFlags",
        "cuGraphDestroy",
        "cuCtxSetCurrent",
        "cuGraphLaunch",
    ]
    assert [each[-1] for each in driver.launched] == [19, 19]
    x.copy_from(X + 1)
    driver.calls.clear()
    model.replay("a", x)
    assert driver.calls == ["cuCtxSetCurrent", "cuGraphLaunch"]
    assert y.numpy().tolist() == (4 * (X + 1)).tolist()
    model.release("a")
    assert driver.calls[-1] == "cuGraphExecDestroy"
    assert driver.graphs == {}


def test_all_commands(driver: FakeCuda, device: CudaDevice) -> None:
    a, b = device.buffer(X), device.empty([5], "f4")
    out = numpy.empty(5, "f4")
    commands = Commands()
    commands.fill(b.address, 0, 20)
    commands.copy(b.address + 4, a.address + 4, 8)
    commands.record(3)
    commands.stream = 1
    commands.wait(3)
    commands.download(out.ctypes.data, b.address, 20)
    device.submit(commands)
    device.wait()
    assert out.tolist() == [0, 1, 2, 0, 0]
    assert driver.calls.count("cuEventCreate") == 1
    device.submit(commands)
    assert driver.calls.count("cuEventCreate") == 1
    assert commands.trace() == [
        ("fill", 0, 20),
        ("copy", 0, 8),
        ("record", 0, 3),
        ("wait", 1, 3),
        ("download", 1, 20),
    ]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            "cuLaunchKernel",
            "kernel double, grid 2x1x1, block 32x2x1: cuda:0: cuLaunchKernel: CUDA_ERROR_INVALID_VALUE: invalid"
            " argument; it comes from model.py:3",
        ),
        ("cuCtxSetCurrent", "cuda:0: cuCtxSetCurrent: CUDA_ERROR_INVALID_VALUE: invalid argument"),
    ],
)
def test_refused_launches(driver: FakeCuda, device: CudaDevice, function: str, message: str) -> None:
    kernel = device.load(IMAGE).kernels["double"]
    x = device.buffer(X)
    commands = Commands()
    commands.launch(kernel, (2, 1, 1), [x.address, x.address, 5])
    driver.fails[function] = 1
    with pytest.raises(DeviceError) as caught:
        device.submit(commands)
    assert str(caught.value) == message
    if function == "cuLaunchKernel":
        assert (caught.value.kernel, caught.value.grid, caught.value.block, caught.value.source) == (
            "double",
            (2, 1, 1),
            (32, 2, 1),
            "model.py:3",
        )


@pytest.mark.parametrize(
    "function", ["cuStreamBeginCapture_v2", "cuLaunchKernel", "cuStreamEndCapture", "cuGraphInstantiateWithFlags"]
)
def test_captures_that_fail_leave_nothing(driver: FakeCuda, device: CudaDevice, function: str) -> None:
    model = twice(device)
    x = device.buffer(X)
    driver.fails[function] = 700
    with pytest.raises(DeviceError, match="CUDA_ERROR_ILLEGAL_ADDRESS"):
        model.capture("a", x)
    del driver.fails[function]
    if function == "cuStreamEndCapture":
        driver._recording = None  # what a driver does that ends a capture, whatever it returns
    assert driver.graphs == {}
    assert model.capture("a", x).numpy().tolist() == (4 * X).tolist()


def test_errors_of_copies_and_waits(driver: FakeCuda, device: CudaDevice) -> None:
    x = device.buffer(X)
    driver.fails["cuMemcpyDtoHAsync_v2"] = 1
    with pytest.raises(DeviceError, match=r"^cuda:0: cuMemcpyDtoHAsync: .* \(download of 20 bytes\)$"):
        x.numpy()
    driver.fails = {"cuStreamSynchronize": 700}
    with pytest.raises(DeviceError, match="^cuda:0: cuStreamSynchronize: CUDA_ERROR_ILLEGAL_ADDRESS$"):
        x.numpy()


def test_much_shared_memory_is_asked_for_at_launches(driver: FakeCuda, device: CudaDevice) -> None:
    needs = {name: Resources((32, 1, 1), shared=size) for name, size in (("little", 48 << 10), ("much", 49 << 10))}
    commands = Commands()
    for kernel in device.load(Image("cubin", "sm_90a", b"code", needs)).kernels.values():
        commands.launch(kernel, (1, 1, 1), [])
    driver.kernels.clear()
    device.submit(commands)
    assert [each[3] for each in driver.launched] == [0, 49 << 10]
    assert driver.allowed == {2: 49 << 10}
    assert [each[-1] for each in commands.trace()] == [0, 49 << 10]


def test_a_synchronous_device_tells_which_command_failed(
    driver: FakeCuda, device: CudaDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOGRAPH_SYNCHRONOUS", "1")
    synchronous = CudaDevice(0, driver)
    commands = Commands()
    commands.launch(device.load(IMAGE).kernels["double"], (1, 1, 1), [0, 0, 0])
    driver.fails["cuStreamSynchronize"] = 700
    device.submit(commands)
    with pytest.raises(DeviceError, match="^cuda:0: cuStreamSynchronize: CUDA_ERROR_ILLEGAL_ADDRESS$"):
        device.wait()
    with pytest.raises(
        DeviceError, match="^kernel double, grid 1x1x1, block 32x2x1: cuda:0: cuLaunchKernel: CUDA_ERROR"
    ):
        synchronous.submit(commands)
    driver.fails.clear()
    model = twice(synchronous)
    assert model.capture("a", synchronous.buffer(X)).numpy().tolist() == (4 * X).tolist()


def test_commands_are_timed_by_the_device(driver: FakeCuda, device: CudaDevice) -> None:
    model = twice(device)
    ran = model._function.run([device.buffer(X)], keep=True)  # type: ignore[attr-defined]  # a function of a device
    before = len(driver.calls)
    assert device.seconds(ran.commands, 3) > 0
    called = driver.calls[before:]
    assert called.count("cuGraphLaunch") == 3
    assert called.count("cuGraphExecDestroy") == 1
    commands, room = Commands(), numpy.zeros(5, "f4")
    commands.download(room.ctypes.data, ran.outputs[0].address, room.nbytes)
    before = len(driver.calls)
    assert device.seconds(commands, 2) > 0
    assert driver.calls[before:].count("cuMemcpyDtoHAsync_v2") == 2


def test_commands_that_cannot_be(device: CudaDevice) -> None:
    for name, number in (("stream", 2), ("stream", -1), ("wait", 5), ("record", 1024), ("record", -1)):
        commands = Commands()
        if name == "stream":
            commands.stream = number
            commands.record(0)
        else:
            getattr(commands, name)(number)
        with pytest.raises(DeviceError, match="that there is not|never recorded|not below 1024"):
            device.submit(commands)
    commands = Commands()
    commands.launch(device.load(IMAGE).kernels["double"], (1 << 40, 1, 1), [0, 0, 0])
    with pytest.raises(DeviceError, match="grid 1099511627776x1x1"):
        device.submit(commands)


def test_images_that_do_not_fit(device: CudaDevice) -> None:
    for image, message in (
        (Image("spirv", "spirv", b"code", {}), "cuda:0 takes cubin or ptx, found spirv for spirv"),
        (Image("cubin", "sm_80", b"code", {}), "cuda:0 is sm_90a, found kernels compiled for sm_80"),
        (Image("cubin", "sm_90a", b"", {}), "no code"),
    ):
        with pytest.raises(DeviceError, match=f"^{message}$"):
            device.load(image)


class Foreign:
    """An array of another library."""

    def __init__(self, address: int, **other: Any) -> None:
        self.__cuda_array_interface__ = {
            "shape": (5,),
            "typestr": "<f4",
            "data": (address, False),
            "version": 3,
            **other,
        }


def test_arrays_of_other_libraries_are_taken_as_they_are(driver: FakeCuda, device: CudaDevice) -> None:
    x = device.buffer(X)
    model = twice(device)
    for given, joined in (
        (x, []),
        (Foreign(x.address), []),
        (Foreign(x.address, stream=11), []),
        (Foreign(x.address, stream=2), [2]),
        (Foreign(x.address, version=2), [1]),
    ):
        driver.calls.clear()
        driver.joined.clear()
        y = model(given)
        assert isinstance(y, Buffer)
        assert "cuMemcpyHtoDAsync_v2" not in driver.calls
        assert driver.joined == joined
        assert y.numpy().tolist() == (4 * X).tolist()
    with pytest.raises(ValueError, match=r"must be contiguous, found strides \(8,\)"):
        model(Foreign(x.address, strides=(8,)))
    assert x.__cuda_array_interface__ == {
        "shape": (5,),
        "typestr": "<f4",
        "data": (x.address, False),
        "version": 3,
        "stream": 11,
    }


def test_other_libraries_take_buffers(driver: FakeCuda, device: CudaDevice) -> None:
    x = device.buffer(X)
    assert x.__dlpack_device__() == (2, 0)
    for stream in (None, 0, 1, 77, -1):
        assert "dltensor" in repr(x.__dlpack__(stream=stream))
    assert driver.handed == [1, 1, 1, 77]
    with pytest.raises(BufferError, match="^an array of cuda:0 is given as it is and where it is$"):
        x.__dlpack__(dl_device=(1, 0))


def test_without_a_driver_there_is_no_device() -> None:
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        with pytest.raises(
            DeviceError, match=r"^no device cuda:0: there is no driver of NVIDIA's here \(libcuda.so.1\)$"
        ):
            open_device("cuda:0")
    else:
        pytest.skip("this machine has a driver of NVIDIA's")
