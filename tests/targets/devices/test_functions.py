# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions on a device: arrays and buffers in and out, and what is refused."""

from collections.abc import Mapping
from typing import Any

import ml_dtypes
import numpy
import pytest

from mograph._runtime import Commands, Kernel
from mograph.targets.devices import DeviceError, open_device
from mograph.targets.devices.buffer import Buffer, sharing
from mograph.targets.devices.function import DeviceFunction
from mograph.targets.devices.recording import RecordingDevice
from mograph.targets.signature import Arg, Signature

from .hosted import TWICE, Hosted, P, load, result, words

X = numpy.arange(5, dtype="f4")


def twice(device: RecordingDevice) -> DeviceFunction:
    hosted = Hosted(device, TWICE, {"double": "pp8"})
    signature = Signature("twice", (Arg("x", "f32", ("n",)),), (), (Arg("y", "f32", ("n",)),))
    return DeviceFunction(signature, device, hosted.program, hosted.entry, {}, hosted)


def weighted(device: RecordingDevice, weights: Mapping[str, Any]) -> DeviceFunction:
    """Gives its weight."""
    hosted = Hosted(device, load(6, "w", "ptr") + load(8, "n") + result(10, "%w", "%n"), {})
    args = Arg("x", "f32", ("n",)), Arg("w", "f32", (2,)), Arg("y", "f32", (2,))
    signature = Signature("weighted", args[:1], args[1:2], args[2:])
    return DeviceFunction(signature, device, hosted.program, hosted.entry, weights, hosted)


def test_arrays_give_arrays(device: RecordingDevice) -> None:
    function = twice(device)
    for given in (X, X[::-1], X.astype(">f4"), memoryview(X)):
        y = function(given)
        assert isinstance(y, numpy.ndarray)
        assert y.tolist() == (4 * numpy.asarray(given)).tolist()
    assert function(x=X).tolist() == (4 * X).tolist()


def test_buffers_give_buffers(device: RecordingDevice) -> None:
    x = device.buffer(X)
    function = twice(device)
    device.trace.clear()
    y = function(x)
    assert isinstance(y, Buffer)
    assert (y.shape, y.dtype, y.ndim, y.nbytes, len(y), y.device) == ((5,), numpy.dtype("f4"), 1, 20, 5, device)
    assert [each[0] for each in device.trace] == ["launch", "launch"]
    assert numpy.asarray(y).tolist() == (4 * X).tolist()
    assert numpy.asarray(function(y), "f8").tolist() == (16 * X).tolist()
    assert repr(y) == "<buffer float32[5] on recording:0>"


def test_buffers_that_are_not_aligned_are_refused(device: RecordingDevice) -> None:
    x = device.buffer(X)
    part = Buffer(device, x.address + 4, (4,), X.dtype, x)
    with pytest.raises(ValueError, match="twice: input 'x' must start at a multiple of 16 bytes.* found 4 bytes more"):
        twice(device)(part)
    empty = Buffer(device, x.address + 4, (0,), X.dtype, x)
    assert twice(device)(empty).shape == (0,)


def test_weights_move_once(device: RecordingDevice) -> None:
    function = weighted(device, {"w": numpy.float32([1, 2])})
    assert device.trace == [("upload", 0, 8)]
    for _ in range(2):
        assert function(device.buffer(X)).numpy().tolist() == [1, 2]
    assert device.trace.count(("upload", 0, 8)) == 1
    with pytest.raises(ValueError, match="^weighted: missing weight w: f32"):
        weighted(device, {})


def test_weights_of_several_functions_move_once(device: RecordingDevice) -> None:
    w, same = numpy.float32([1, 2]), numpy.float32([1, 2])
    with sharing():
        functions = [weighted(device, {"w": each}) for each in (w, w, w[::-1], w[::-1], same)]
    assert device.trace == [("upload", 0, 8)] * 4
    assert [each(device.buffer(X)).numpy().tolist() for each in functions] == [[1, 2], [1, 2], [2, 1], [2, 1], [1, 2]]
    w[:] = 3
    assert weighted(device, {"w": w})(device.buffer(X)).numpy().tolist() == [3, 3]


def test_what_is_written_comes_back(device: RecordingDevice) -> None:
    body = (
        load(1, "x", "ptr")
        + words(("ptr", "%x"), ("ptr", "%x"), ("i64", "5"))
        + f"  call void @mograph_device_launch({P}, i64 0, i64 1, i64 1, i64 1, ptr %words, i64 3)\n"
    )
    hosted = Hosted(device, body, {"double": "pp8"})
    inputs = Arg("x", "f32", (5,), mutable=True), Arg("z", "f32", (5,))
    function = DeviceFunction(Signature("in_place", inputs), device, hosted.program, hosted.entry, {}, hosted)
    x = X.copy()
    assert function(x, X) == ()
    assert x.tolist() == (2 * X).tolist()
    buffer = device.buffer(X)
    function(buffer, X)
    assert buffer.numpy().tolist() == (2 * X).tolist()
    with pytest.raises(ValueError, match="input 'x' is a buffer, which is written: expected memory of its own"):
        function(buffer, buffer)


@pytest.mark.parametrize(
    ("inputs", "kind", "message"),
    [
        ([], TypeError, "twice: missing input 'x'"),
        ([X, X], TypeError, "twice: takes 1 inputs \\(x\\), found 2"),
        ([X.astype("f8")], TypeError, "twice: input 'x' has elements of type float64, expected float32"),
        ([X.reshape(1, 5)], ValueError, "twice: input 'x' has shape \\[1, 5\\], expected rank 1"),
        (["x"], TypeError, "twice: input 'x' must be an array, found str"),
    ],
)
def test_arguments_that_do_not_fit(device: RecordingDevice, inputs: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=f"^{message}"):
        twice(device)(*inputs)


def test_buffers_that_do_not_fit(device: RecordingDevice) -> None:
    function = twice(device)
    with pytest.raises(TypeError, match="^twice: input 'x' has elements of type int32, expected float32"):
        function(device.buffer(X.astype("i4")))
    with pytest.raises(ValueError, match="^twice: input 'x' has shape \\[1, 5\\], expected rank 1"):
        function(device.buffer(X.reshape(1, 5)))
    other = RecordingDevice(1)
    with pytest.raises(ValueError, match="^twice: input 'x' is on recording:1, expected recording:0 or the host"):
        function(other.buffer(X))


def test_buffers_change_in_place(device: RecordingDevice) -> None:
    buffer = device.empty([2, 3], "i4")
    assert (buffer.numpy() == -1).all()
    buffer.copy_from(numpy.arange(6, dtype="i4").reshape(2, 3))
    other = device.empty([2, 3], "i4")
    other.copy_from(buffer)
    assert other.numpy().tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(TypeError, match="^expected an array of int32, found float32"):
        buffer.copy_from(X)
    with pytest.raises(ValueError, match="^expected an array of shape"):
        buffer.copy_from(numpy.zeros(6, "i4"))
    with pytest.raises(ValueError, match="cannot be had on the host without a copy"):
        buffer.__array__(copy=False)
    with pytest.raises(ValueError, match="expected extents of 0 and more"):
        device.empty([-1])
    with pytest.raises(TypeError, match="without dimensions"):
        len(device.empty([]))
    assert not hasattr(buffer, "__cuda_array_interface__")


@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i1", "u8", "?", "c8"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 0)])
def test_dlpack_shares_memory(device: RecordingDevice, dtype: str, shape: tuple[int, ...]) -> None:
    buffer = device.buffer(numpy.ones(shape, dtype))
    array = numpy.from_dlpack(buffer)
    assert (array.dtype, array.shape) == (buffer.dtype, buffer.shape)
    assert (array == 1).all()
    buffer.copy_from(numpy.zeros(shape, dtype))
    address = buffer.address
    del buffer
    assert device.empty(shape, dtype).address != address
    assert not array.any()


def test_what_dlpack_has_no_number_for(device: RecordingDevice) -> None:
    with pytest.raises(BufferError, match="^DLPack has no number for elements of type float8_e5m2$"):
        device.buffer(numpy.zeros(3, ml_dtypes.float8_e5m2)).__dlpack__()
    assert "dltensor" in repr(device.buffer(numpy.zeros(3, ml_dtypes.bfloat16)).__dlpack__())
    device.dlpack = None
    with pytest.raises(BufferError, match="^an array of recording:0 is no array of DLPack$"):
        device.buffer(X).__dlpack__()


def test_commands_that_are_submitted_do_not_change(device: RecordingDevice) -> None:
    commands = Commands()

    def change(*_: Any) -> None:
        commands.record(1)

    device.kernels["k"] = change
    commands.launch(Kernel("k", 0, (1, 1, 1)), (1, 1, 1), [])
    with pytest.raises(ValueError, match="^a list of commands cannot change while it is submitted$"):
        device.queue.submit(commands)
    device.kernels.clear()
    device.queue.submit(commands)
    commands.record(1)
    assert len(commands) == 2
    for wrong in (lambda: commands.fill(0, 0, -1), lambda: commands.copy(0, 0, -1)):
        with pytest.raises(ValueError, match="of a negative number of bytes"):
            wrong()


def test_empty_arrays(device: RecordingDevice) -> None:
    assert twice(device)(X[:0]).shape == (0,)
    assert device.buffer(numpy.zeros([3, 0])).numpy().shape == (3, 0)


def test_devices_are_opened_by_name() -> None:
    assert open_device("recording:3") is open_device("recording:3")
    assert open_device("recording") is open_device("recording:0")
    for name in ("abacus:0", "recording:x", ""):
        with pytest.raises(ValueError, match=f"^no device '{name}': expected one of cuda:0, opencl:0, recording:0$"):
            open_device(name)


def test_the_recording_device_looks_at_bounds(device: RecordingDevice) -> None:
    x = device.buffer(X)
    with pytest.raises(DeviceError, match="24 bytes at .* are not within an allocation"):
        device.view(x.address + 255, [6], "f4")
    with pytest.raises(DeviceError, match="released 0x10, which is not allocated"):
        device.release(0x10)
