# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The device of CUDA where there is one, and the names of cuda-core that it uses wherever that is installed."""

from typing import Any

import numpy
import pytest

from mograph._runtime import Commands
from mograph.engine.model import Model
from mograph.targets.devices import Device, DeviceError, open_device
from mograph.targets.devices.function import DeviceFunction
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.signature import Arg, Signature

from .hosted import TWICE, Hosted

X = numpy.arange(5, dtype="f4")
PTX = b"""
.version 7.0
.target sm_70
.address_size 64
.visible .entry double(.param .u64 x, .param .u64 y, .param .u64 n) {
  .reg .pred %p<2>; .reg .f32 %f<3>; .reg .b32 %r<4>; .reg .b64 %d<8>;
  ld.param.u64 %d1, [x]; ld.param.u64 %d2, [y]; ld.param.u64 %d3, [n];
  mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mov.u32 %r3, %tid.x;
  mad.wide.u32 %d4, %r1, %r2, 0; cvt.u64.u32 %d5, %r3; add.u64 %d4, %d4, %d5;
  setp.ge.u64 %p1, %d4, %d3;
  @%p1 bra done;
  shl.b64 %d6, %d4, 2; add.u64 %d1, %d1, %d6; add.u64 %d2, %d2, %d6;
  ld.global.f32 %f1, [%d1]; add.f32 %f2, %f1, %f1; st.global.f32 [%d2], %f2;
done:
  ret;
}
"""
IMAGE = Image("ptx", "sm_70", PTX, {"double": Resources((32, 1, 1), arguments="pp8", source="model.py:3")})


@pytest.fixture(scope="module")
def device() -> Device:
    try:
        return open_device("cuda:0")
    except DeviceError as error:
        pytest.skip(str(error))


@pytest.fixture
def model(device: Device) -> Model:
    hosted = Hosted(device, TWICE, {}, image=IMAGE)
    signature = Signature("twice", (Arg("x", "f32", ("n",)),), (), (Arg("y", "f32", ("n",)),))
    return Model(DeviceFunction(signature, device, hosted.program, hosted.entry, {}, hosted), signature, {})


@pytest.mark.gpu
@pytest.mark.parametrize("count", [0, 1, 5, 100_003])
def test_models_run(model: Model, count: int) -> None:
    x = numpy.arange(count, dtype="f4")
    assert (model(x) == 4 * x).all()


@pytest.mark.gpu
def test_graphs_are_replayed(device: Device, model: Model) -> None:
    x = device.buffer(X)
    y = model.capture("a", x)
    assert y.numpy().tolist() == (4 * X).tolist()
    x.copy_from(X + 1)
    assert model.replay("a", x) is y
    assert y.numpy().tolist() == (4 * (X + 1)).tolist()
    assert model.debug_verify_replay("a", x).numpy().tolist() == y.numpy().tolist()
    model.release("a")


@pytest.mark.gpu
def test_streams_and_events(device: Device) -> None:
    a, b = device.buffer(X), device.empty([5])
    commands = Commands()
    commands.fill(b.address, 0, 20)
    commands.record(0)
    commands.stream = 1
    commands.wait(0)
    commands.copy(b.address, a.address, 8)
    device.queue.submit(commands)
    device.wait()
    assert b.numpy().tolist() == [0, 1, 0, 0, 0]


@pytest.mark.gpu
def test_the_drivers_text_is_told(device: Device) -> None:
    too_large = Image("ptx", "sm_70", PTX, {"double": Resources((2048, 1, 1), arguments="pp8", source="model.py:3")})
    commands = Commands()
    commands.launch(device.load(too_large).kernels["double"], (1, 1, 1), [0, 0, 0])
    with pytest.raises(
        DeviceError, match=r"^kernel double, grid 1x1x1, block 2048x1x1: cuda:0: cuLaunchKernel: CUDA_ERROR"
    ):
        device.queue.submit(commands)
    with pytest.raises(DeviceError, match="^cuda:0: ptx for sm_70: "):
        device.load(Image("ptx", "sm_70", b"nonsense", {"double": Resources((32, 1, 1))}))
    with pytest.raises(MemoryError):
        device.empty([1 << 50])


@pytest.mark.parametrize(
    "name",
    [
        "Device.set_current",
        "Device.context",
        "Device.create_stream",
        "Device.compute_capability",
        "Device.device_id",
        "Device.name",
        "Stream.handle",
        "Stream.wait",
        "Stream.from_handle",
        "DeviceMemoryResource.allocate",
        "Buffer.handle",
        "Buffer.close",
        "ObjectCode.from_cubin",
        "ObjectCode.from_ptx",
        "ObjectCode.get_kernel",
        "Kernel.handle",
    ],
)
def test_cuda_core_has_what_is_used(name: str) -> None:
    found: Any = pytest.importorskip("cuda.core", reason="cuda-core is not installed", exc_type=ImportError)
    for part in name.split("."):
        found = getattr(found, part)
