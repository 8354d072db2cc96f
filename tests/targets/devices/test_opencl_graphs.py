# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs of OpenCL, both kinds, without kernels: tests of the target launch some."""

from collections.abc import Iterator

import numpy
import pytest

from mograph._runtime import Commands
from mograph.targets.devices import DeviceError, open_device
from mograph.targets.devices.opencl import OpenClDevice
from mograph.targets.devices.opencl_graph import CommandBuffer, Submitted

X = numpy.arange(6, dtype="f4")


@pytest.fixture(params=[False, True], ids=["submitted", "buffer"])
def device(request: pytest.FixtureRequest) -> Iterator[OpenClDevice]:
    try:
        device = open_device("opencl:0")
    except DeviceError as error:
        pytest.skip(str(error))
    assert isinstance(device, OpenClDevice)
    before, device.command_buffers = device.command_buffers, request.param
    yield device
    device.command_buffers = before


def test_commands_run_in_order_as_often_as_launched(device: OpenClDevice) -> None:
    a, b = device.buffer(X), device.empty([6], "f4")
    commands = Commands()
    commands.copy(b.address, a.address, 16)
    commands.copy(a.address, b.address + 4, 8)
    commands.fill(b.address + 16, 0, 8)
    graph = device.graph(commands)
    assert isinstance(graph, CommandBuffer if device.command_buffers else Submitted)
    for expected in ([0, 1, 2, 3, 0, 0], [1, 2, 2, 3, 0, 0], [2, 2, 2, 3, 0, 0]):
        graph.launch()
        assert b.numpy().tolist() == expected
    graph.close()
    with pytest.raises(DeviceError, match="^opencl:0: the graph is closed$"):
        graph.launch()


def test_launches_may_overlap(device: OpenClDevice) -> None:
    a, b = device.buffer(numpy.zeros(1 << 20, "f4")), device.empty([1 << 20], "f4")
    commands = Commands()
    commands.copy(b.address, a.address, b.nbytes)
    graph = device.graph(commands)
    for _ in range(50):
        graph.launch()
    assert not b.numpy().any()


def test_events_are_submitted_again(device: OpenClDevice) -> None:
    a, b = device.buffer(X), device.empty([6], "f4")
    commands = Commands()
    commands.record(1)
    commands.stream = 1
    commands.wait(1)
    commands.copy(b.address, a.address, 24)
    graph = device.graph(commands)
    assert isinstance(graph, Submitted)
    graph.launch()
    device.wait()
    assert b.numpy().tolist() == X.tolist()


def test_no_commands(device: OpenClDevice) -> None:
    graph = device.graph(Commands())
    graph.launch()
    device.wait()
