# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Captured runs: what a replay sees, whose memory is whose, what verification compares, and every error."""

import ctypes
from typing import Any

import numpy
import pytest

from mograph.engine.model import Model
from mograph.targets.devices import DeviceError
from mograph.targets.devices.buffer import Buffer
from mograph.targets.devices.function import DeviceFunction
from mograph.targets.devices.graphs import CaptureError
from mograph.targets.devices.recording import RecordingDevice
from mograph.targets.signature import Arg, Signature

from .hosted import TWICE, Hosted, P, load, result, words

X = numpy.arange(5, dtype="f4")


def model_of(device: RecordingDevice, body: str, globals_: str = "") -> Model:
    hosted = Hosted(device, body, {"double": "pp8", "other": "pp8"}, globals_)
    signature = Signature("twice", (Arg("x", "f32", ("n",)),), (), (Arg("y", "f32", ("n",)),))
    return Model(DeviceFunction(signature, device, hosted.program, hosted.entry, {}, hosted), signature, {})


@pytest.fixture
def model(device: RecordingDevice) -> Model:
    return model_of(device, TWICE)


def values(buffer: Any) -> list[float]:
    assert isinstance(buffer, Buffer)
    return buffer.numpy().tolist()  # type: ignore[no-any-return]  # numpy's lists have no type


def test_replays_see_changes_in_place(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    y = model.capture("a", x)
    assert values(y) == (4 * X).tolist()
    x.copy_from(X + 1)
    assert values(y) == (4 * X).tolist()
    assert model.replay("a", x) is y
    assert values(y) == (4 * (X + 1)).tolist()


def test_a_replay_runs_no_host_code(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    model.capture("a", x)
    device.trace.clear()
    model.replay("a", x)
    assert device.trace == [("launch", 0, "double", (5, 1, 1), (32, 1, 1), 0)] * 2


def test_memory_of_a_graph_is_its_own(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    y = model.capture("a", x)
    held = {words[i] for _, _, words in device.launches[-2:] for i in (0, 1)} - {x.address}
    assert len(held) == 2
    others = [device.empty([5]) for _ in range(20)]
    assert held.isdisjoint(each.address for each in others)
    device.launches.clear()
    model(device.buffer(X))
    assert held.isdisjoint(words[1] for _, _, words in device.launches)
    model.replay("a", x)
    assert values(y) == (4 * X).tolist()


def test_outputs_of_two_keys_are_apart(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    first, second = model.capture("a", x), model.capture("b", x)
    assert first.address != second.address
    x.copy_from(X + 1)
    model.replay("b", x)
    assert values(first) == (4 * X).tolist()
    assert values(second) == (4 * (X + 1)).tolist()


def test_outputs_outlive_the_graph(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    y = model.capture("a", x)
    model.release("a")
    assert all(model(device.buffer(X)).address != y.address for _ in range(5))
    assert values(y) == (4 * X).tolist()


def test_release_gives_memory_back(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    model.capture("a", x)
    device.queue.trim()
    used = device.used
    model.release("a")
    device.queue.trim()
    assert device.used == used - 2 * 256


def test_a_graph_keeps_its_inputs(device: RecordingDevice, model: Model) -> None:
    address = (x := device.buffer(X)).address
    model.capture("a", x)
    del x
    assert device.buffer(X).address != address


def test_a_key_has_a_graph_for_each_shape_and_buffer(device: RecordingDevice, model: Model) -> None:
    buffers = [device.buffer(X), device.buffer(X[:3]), device.buffer(X)]
    outputs = [model.capture(("batch", 1), each) for each in buffers]
    for buffer, output in zip(buffers, outputs, strict=True):
        assert model.replay(("batch", 1), buffer) is output
    model.release(("batch", 1))
    with pytest.raises(CaptureError, match=r"^twice: \('batch', 1\) is not captured; what is: none$"):
        model.replay(("batch", 1), buffers[0])


def test_verification_runs_and_compares(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    y = model.capture("a", x)
    again = model.debug_verify_replay("a", x)
    assert again.address != y.address
    assert values(again) == values(y)


def test_verification_names_the_first_difference(device: RecordingDevice) -> None:
    """A plan that host memory decides: which kernel, how many blocks, whether there is a copy."""
    body = (
        load(1, "x", "ptr")
        + f"  %y = call ptr @mograph_device_allocate({P}, i64 20)\n"
        + "  %k = load i64, ptr @state\n"
        + "  %more.p = getelementptr i64, ptr @state, i64 1\n  %more = load i64, ptr %more.p\n"
        + words(("ptr", "%x"), ("ptr", "%y"), ("i64", "5"))
        + f"  call void @mograph_device_launch({P}, i64 %k, i64 7, i64 1, i64 1, ptr %words, i64 3)\n"
        + f"  call void @mograph_device_copy({P}, ptr %y, ptr %x, i64 %more)\n"
        + result(5, "%y", "5")
    )
    hosted = Hosted(device, body, {"double": "pp8", "other": "pp8"}, "@state = global [2 x i64] zeroinitializer")
    signature = Signature("fickle", (Arg("x", "f32", (5,)),), (), (Arg("y", "f32", (5,)),))
    model = Model(DeviceFunction(signature, device, hosted.program, hosted.entry, {}, hosted), signature, {})
    state = numpy.ctypeslib.as_array((ctypes.c_int64 * 2).from_address(hosted.library.address("state")))
    x = device.buffer(X)
    model.capture("a", x)
    model.debug_verify_replay("a", x)
    state[0] = 1
    with pytest.raises(
        CaptureError,
        match=r"^fickle: 'a' is stale: command 0 was kernel double on stream 0, grid \(7, 1, 1\), block \(32, 1, 1\), 0"
        r" bytes shared when it was captured, and is kernel other on stream 0",
    ):
        model.debug_verify_replay("a", x)
    state[:] = 0, 8
    with pytest.raises(CaptureError, match="command 1 was not there when it was captured, and is a copy of 8 bytes"):
        model.debug_verify_replay("a", x)


def test_a_key_is_captured_once(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    model.capture("a", x)
    with pytest.raises(CaptureError, match="^twice: 'a' is captured already with these buffers; release it before"):
        model.capture("a", x)
    model.release("a")
    model.capture("a", x)


def test_keys_that_are_not_captured(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)
    model.capture("a", x)
    for call in (model.replay, model.debug_verify_replay):
        with pytest.raises(CaptureError, match="^twice: 'b' is not captured; what is: 'a'$"):
            call("b", x)
    with pytest.raises(CaptureError, match="^twice: 'b' is not captured; what is: 'a'$"):
        model.release("b")


def test_other_buffers_than_captured(device: RecordingDevice, model: Model) -> None:
    x, other = device.buffer(X), device.buffer(X)
    model.capture("a", x)
    for call in (model.replay, model.debug_verify_replay):
        with pytest.raises(CaptureError, match=f"'a' is captured with another buffer for input 'x': .*{x.address:#x}"):
            call("a", other)
        with pytest.raises(CaptureError, match=r"'a' is not captured for buffers of shapes \[3\], but for \[5\]$"):
            call("a", device.buffer(X[:3]))
        with pytest.raises(TypeError, match="missing input 'x'"):
            call("a")


def test_arrays_of_the_host_are_no_inputs_of_graphs(device: RecordingDevice, model: Model) -> None:
    message = "^twice: input 'x' of a graph must be a buffer of recording:0, found ndarray$"
    with pytest.raises(TypeError, match=message):
        model.capture("a", X)
    model.capture("a", device.buffer(X))
    with pytest.raises(TypeError, match=message):
        model.replay("a", X)


def test_a_plan_that_reads_from_the_device_has_no_graph(device: RecordingDevice) -> None:
    model = model_of(
        device,
        load(1, "x", "ptr")
        + f"  %h = alloca float\n  call void @mograph_device_download({P}, ptr %h, ptr %x, i64 4)\n"
        + result(5, "%x", "1"),
    )
    x = device.buffer(X)
    model(x)
    with pytest.raises(
        ValueError, match="^twice: cannot be captured: what it does depends on a value that it reads from"
    ):
        model.capture("a", x)
    with pytest.raises(CaptureError, match="what is: none"):
        model.replay("a", x)


def test_a_graph_that_fails_is_not_kept(device: RecordingDevice, model: Model) -> None:
    x = device.buffer(X)

    def failing(*_: Any) -> None:
        raise DeviceError("no")

    double, device.kernels["double"] = device.kernels["double"], failing
    with pytest.raises(DeviceError, match="^no$"):
        model.capture("a", x)
    device.kernels["double"] = double
    assert values(model.capture("a", x)) == (4 * X).tolist()


def test_the_processor_has_no_graphs() -> None:
    signature = Signature("f", ())
    with pytest.raises(ValueError, match="^f: it runs on the processor, which has no device graphs$"):
        Model(lambda: None, signature, {}).capture("a")
