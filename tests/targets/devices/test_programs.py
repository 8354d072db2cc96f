# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Host code over programs of the recording device: what it launches, whose memory is whose, and how it fails."""

import gc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy
import pytest

from mograph._runtime import Commands, Memory
from mograph.targets.devices import DeviceError
from mograph.targets.devices.recording import RecordingDevice

from .hosted import TWICE, Hosted, P, load, result


def uploaded(device: RecordingDevice, array: Any) -> Memory:
    memory = device.queue.allocate(array.nbytes)
    commands = Commands()
    commands.upload(memory.address, array.ctypes.data, array.nbytes)
    device.queue.submit(commands)
    return memory


def frame(memory: Memory, count: int) -> list[int]:
    return [0, memory.address, 0, count, 1]


def test_a_plan_of_launches_runs(device: RecordingDevice) -> None:
    hosted = Hosted(device, TWICE, {"double": "pp8"})
    x = numpy.arange(5, dtype="f4")
    memory = uploaded(device, x)
    [(y, shape)], commands, owned = hosted.program.run("twice", hosted.entry, frame(memory, 5), [(1, 4)])
    assert (shape, commands, owned) == ((5,), None, [])
    assert device.view(y.address, shape, "f4").tolist() == (4 * x).tolist()
    assert device.trace == [("upload", 0, 20), *[("launch", 0, "double", (5, 1, 1), (32, 1, 1), 0)] * 2]


def test_a_grid_without_blocks_launches_nothing(device: RecordingDevice) -> None:
    hosted = Hosted(device, TWICE, {"double": "pp8"})
    [(y, shape)], *_ = hosted.program.run("twice", hosted.entry, [0, 0, 0, 0, 1], [(1, 4)])
    assert shape == (0,)
    assert y.bytes == 0
    assert device.trace == []


def test_memory_goes_back_and_is_taken_again(device: RecordingDevice) -> None:
    hosted = Hosted(device, TWICE, {"double": "pp8"})
    memory = uploaded(device, numpy.arange(5, dtype="f4"))
    addresses = set()
    for _ in range(4):
        [(y, _)], *_ = hosted.program.run("twice", hosted.entry, frame(memory, 5), [(1, 4)])
        addresses.add(y.address)
        del y
    used = device.used
    assert used == 3 * 256
    del memory
    device.queue.trim()
    assert device.used == 0


def test_a_result_that_is_an_input_is_a_copy(device: RecordingDevice) -> None:
    hosted = Hosted(device, load(1, "x", "ptr") + result(5, "%x", "5"), {})
    x = numpy.arange(5, dtype="f4")
    memory = uploaded(device, x)
    [(y, shape)], *_ = hosted.program.run("same", hosted.entry, frame(memory, 5), [(1, 4)])
    assert y.address != memory.address
    assert device.view(y.address, shape, "f4").tolist() == x.tolist()


def test_results_that_are_one_block_are_apart(device: RecordingDevice) -> None:
    body = (
        load(1, "x", "ptr")
        + f"  %y = call ptr @mograph_device_allocate({P}, i64 20)\n"
        + f"  call void @mograph_device_copy({P}, ptr %y, ptr %x, i64 20)\n"
        + f"  call void @mograph_device_retain({P}, ptr %y)\n"
        + result(5, "%y", "5")
        + result(10, "%y", "5")
    )
    x = numpy.arange(5, dtype="f4")
    hosted = Hosted(device, body, {})
    results, *_ = hosted.program.run("both", hosted.entry, frame(uploaded(device, x), 5), [(1, 4), (1, 4)])
    assert len({memory.address for memory, _ in results}) == 2
    for memory, shape in results:
        assert device.view(memory.address, shape, "f4").tolist() == x.tolist()


def test_constants_are_uploaded_once(device: RecordingDevice) -> None:
    body = f"  %c = call ptr @mograph_device_constant({P}, ptr @numbers, i64 8)\n" + result(0, "%c", "2")
    hosted = Hosted(device, body, {}, "@numbers = internal constant [2 x float] [float 1.0, float 2.0], align 64")
    for _ in range(3):
        [(y, shape)], *_ = hosted.program.run("constant", hosted.entry, [], [(1, 4)])
        assert device.view(y.address, shape, "f4").tolist() == [1, 2]
    assert [each[0] for each in device.trace] == ["upload", "copy", "copy", "copy"]


def test_the_host_reads_what_launches_gave(device: RecordingDevice) -> None:
    body = (
        load(1, "x", "ptr")
        + "  %h = alloca float\n"
        + f"  call void @mograph_device_download({P}, ptr %h, ptr %x, i64 4)\n"
        + "  %f = load float, ptr %h\n  %n = fptosi float %f to i64\n"
        + f"  %y = call ptr @mograph_device_allocate({P}, i64 400)\n"
        + result(5, "%y", "%n")
    )
    hosted = Hosted(device, body, {})
    [(_, shape)], *_ = hosted.program.run(
        "extent", hosted.entry, frame(uploaded(device, numpy.float32([3])), 1), [(1, 4)]
    )
    assert shape == (3,)
    with pytest.raises(ValueError, match="^extent: cannot be captured: what it does depends on a value that it reads"):
        hosted.program.run("extent", hosted.entry, [0, 0, 0, 1, 1], [(1, 4)], True)


def test_what_is_kept_is_not_submitted(device: RecordingDevice) -> None:
    hosted = Hosted(device, TWICE, {"double": "pp8"})
    x = numpy.arange(5, dtype="f4")
    memory = uploaded(device, x)
    before = len(device.trace)
    [(y, shape)], commands, owned = hosted.program.run("twice", hosted.entry, frame(memory, 5), [(1, 4)], True)
    assert len(device.trace) == before
    assert commands is not None
    assert len(owned) == 1
    graph = device.graph(commands)
    graph.launch()
    assert device.view(y.address, shape, "f4").tolist() == (4 * x).tolist()
    device.view(memory.address, shape, "f4")[:] = 7
    graph.launch()
    assert device.view(y.address, shape, "f4").tolist() == [28] * 5
    graph.close()
    with pytest.raises(DeviceError, match=r"^recording:0: the graph is closed"):
        graph.launch()


def test_what_is_kept_keeps_its_kernels(device: RecordingDevice) -> None:
    hosted = Hosted(device, TWICE, {"double": "pp8"})
    results, commands, owned = hosted.program.run("twice", hosted.entry, [0, 256, 0, 5, 1], [(1, 4)], True)
    del hosted
    gc.collect()
    assert (len(results), len(owned)) == (1, 1)
    assert commands is not None
    assert [kernel.name for _, _, kernel, _, _ in commands.records()] == ["double", "double"]


def test_what_is_uploaded_is_frozen_in_what_is_kept(device: RecordingDevice) -> None:
    body = (
        f"  %y = call ptr @mograph_device_allocate({P}, i64 4)\n"
        + load(1, "x", "ptr")
        + f"  call void @mograph_device_upload({P}, ptr %y, ptr %x, i64 4)\n"
        + result(5, "%y", "1")
    )
    hosted = Hosted(device, body, {})
    x = numpy.float32([3])
    words = [0, x.ctypes.data, 0, 1, 1]
    [(y, shape)], commands, owned = hosted.program.run("upload", hosted.entry, words, [(1, 4)], True)
    x[0] = 4
    assert commands is not None
    assert (commands.trace(), len(owned)) == ([("copy", 0, 4)], 1)
    device.graph(commands).launch()
    assert device.view(y.address, shape, "f4").tolist() == [3]


def test_exhausted_memory_is_an_error() -> None:
    device = RecordingDevice(capacity=1024)
    body = f"  %y = call ptr @mograph_device_allocate({P}, i64 4096)\n"
    hosted = Hosted(device, body, {})
    with pytest.raises(MemoryError, match="^big: out of memory, asked for 4096 bytes of recording:0$"):
        hosted.program.run("big", hosted.entry, [], [])


def test_memory_that_is_kept_makes_room() -> None:
    device = RecordingDevice(capacity=4096)
    del (memory := [device.queue.allocate(1024) for _ in range(4)])[:]
    assert (len(memory), device.used) == (0, 4096)
    assert device.queue.allocate(4096).bytes == 4096


@pytest.mark.parametrize("size", ["-1", "-9223372036854775808", "9223372036854775807"])
def test_sizes_that_cannot_be(device: RecordingDevice, size: str) -> None:
    hosted = Hosted(device, f"  %y = call ptr @mograph_device_allocate({P}, i64 {size})\n", {})
    with pytest.raises(MemoryError, match=f"asked for {size} bytes"):
        hosted.program.run("odd", hosted.entry, [], [])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("i64 1, i64 1, i64 1, i64 1, ptr null, i64 0", "there is no kernel 1, there are 1"),
        ("i64 0, i64 1, i64 1, i64 1, ptr null, i64 0", "kernel double takes 3 words, found 0"),
        ("i64 0, i64 1, i64 -1, i64 1, ptr null, i64 3", "kernel double: a grid of -1 blocks"),
    ],
)
def test_launches_that_cannot_be(device: RecordingDevice, arguments: str, message: str) -> None:
    hosted = Hosted(device, f"  call void @mograph_device_launch({P}, {arguments})\n", {"double": "pp8"})
    with pytest.raises(ValueError, match=f"^odd: {message}$"):
        hosted.program.run("odd", hosted.entry, [], [])


def test_errors_of_a_device_come_to_the_caller(device: RecordingDevice) -> None:
    hosted = Hosted(device, TWICE, {"double": "pp8"})
    with pytest.raises(DeviceError, match="20 bytes at 0x10 are not within an allocation"):
        hosted.program.run("twice", hosted.entry, [0, 16, 0, 5, 1], [(1, 4)])
    device.queue.trim()
    assert device.used == 0


def test_failures_of_host_code_give_memory_back(device: RecordingDevice) -> None:
    body = f"  %y = call ptr @mograph_device_allocate({P}, i64 4096)\n  call void @mograph_fail(ptr @why)\n"
    hosted = Hosted(device, body, {}, '@why = internal constant [4 x i8] c"why\\00"')
    with pytest.raises(ValueError, match="^failing: why$"):
        hosted.program.run("failing", hosted.entry, [], [])
    device.queue.trim()
    assert device.used == 0


def test_threads_run_one_program(device: RecordingDevice) -> None:
    hosted = Hosted(device, TWICE, {"double": "pp8"})

    def call(seed: int) -> bool:
        x = numpy.full(100 + seed, seed, "f4")
        memory = uploaded(device, x)
        [(y, shape)], *_ = hosted.program.run("twice", hosted.entry, frame(memory, x.size), [(1, 4)])
        return bool((device.view(y.address, shape, "f4") == 4 * x).all())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(call, range(200)))
