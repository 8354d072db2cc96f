# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Devices of CUDA. Commands go to the driver from native code; `cuda_toolkit` gives what they need of cuda-core."""

import os
import threading
from typing import Any

from mograph._runtime import Commands, CudaQueue, Kernel
from mograph.targets.devices.buffer import Buffer
from mograph.targets.devices.cuda_toolkit import Toolkit, open_toolkit
from mograph.targets.devices.device import Device, DeviceError, Graph, Module
from mograph.targets.gpu.image import Image

SYNCHRONOUS = "MOGRAPH_SYNCHRONOUS"
"""A variable of the environment: if other than 0, each command is waited for, so that errors name the right kernel."""

_ALIGNMENT = 256
_DLPACK_CUDA = 2
_DEFAULT_STREAM = 1  # what drivers and protocols call the one that waits for all others
_DECLARED = 48 << 10  # bytes of shared memory that kernels declare at most: what needs more declares none
_FORMATS = ("cubin", "ptx")


class CudaDevice(Device):
    """A device of CUDA. Streams are the toolkit's, of which 0 is for models; graphs are the driver's. A quarter of its
    memory is kept for reuse at most.
    """

    kind = "cuda"
    queue: CudaQueue

    def __init__(self, number: int = 0, toolkit: Toolkit | None = None) -> None:
        """Raises DeviceError where there is no such device, no driver or no cuda-core."""
        self._toolkit = toolkit = toolkit or open_toolkit(number)
        super().__init__(number, toolkit.chip)
        self.title = toolkit.title
        self.stream_handle = toolkit.streams[0]
        self.dlpack = (_DLPACK_CUDA, number)
        keep, synchronous = toolkit.memory // 4, os.environ.get(SYNCHRONOUS, "0") not in ("", "0")
        self.queue = CudaQueue(
            self, toolkit.functions, toolkit.context, toolkit.streams, toolkit.capturing, keep, synchronous
        )
        self._allocations: dict[int, Any] = {}
        self._lock = threading.Lock()

    def allocate(self, size: int) -> int:
        """From the driver's pool, in the order of stream 0."""
        address, allocation = self._toolkit.allocate(size)
        if address % _ALIGNMENT:
            raise DeviceError(
                f"{self.name}: the driver gave memory at {address:#x}, expected a multiple of {_ALIGNMENT}"
            )
        with self._lock:
            self._allocations[address] = allocation
        return address

    def release(self, address: int) -> None:
        """To the driver's pool, in the order of stream 0. Raises DeviceError for what is not allocated."""
        with self._lock:
            allocation = self._allocations.pop(address, None)
        if allocation is None:
            raise DeviceError(f"{self.name}: released {address:#x}, which is not allocated")
        self._toolkit.release(allocation)

    def load(self, image: Image) -> Module:
        """Kernels of a cubin for the device's chip, or of PTX, which the driver compiles."""
        if image.format not in _FORMATS:
            raise DeviceError(f"{self.name} takes {' or '.join(_FORMATS)}, found {image.format} for {image.chip}")
        if image.format == "cubin" and image.chip != self.chip:
            raise DeviceError(f"{self.name} is {self.chip}, found kernels compiled for {image.chip}")
        kernels = {}
        handles, module = self._toolkit.load(image)
        for (name, each), handle in zip(image.kernels.items(), handles, strict=True):
            shared = each.shared or 0
            asked = shared if shared > _DECLARED else 0
            if asked:
                self._toolkit.allow_shared(handle, asked)
            kernels[name] = Kernel(name, handle, each.block, asked, each.arguments, each.source, module)
        return Module(kernels)

    def submit(self, commands: Commands) -> None:
        """Through the queue, as compiled code does."""
        self.queue.submit(commands)

    def wait(self) -> None:
        """For all streams. Raises DeviceError for the first error, after which CUDA's context is of no use any more."""
        self.queue.wait()

    def graph(self, commands: Commands) -> "CudaGraph":
        """The driver's graph, captured of a stream. Its memory is there before: it has no nodes that allocate."""
        if any(command[0] == "download" for command in commands.records()):
            raise DeviceError(f"{self.name}: a graph cannot download")
        return CudaGraph(self, commands)

    def seconds(self, commands: Commands, times: int) -> float:
        """By events of the driver, around launches of a graph of the commands, or around themselves where they are not
        for one.
        """
        self.wait()
        downloads = any(command[0] == "download" for command in commands.records())
        graph = None if downloads else self.graph(commands)

        def work() -> None:
            for _ in range(times):
                if graph is None:
                    self.submit(commands)
                else:
                    graph.launch()

        try:
            return self._toolkit.timed(work)
        finally:
            if graph is not None:
                graph.close()

    def adopt(self, value: object) -> Buffer | None:
        """Of what has `__cuda_array_interface__`, where its elements are contiguous; behind what its stream has."""
        interface = None if isinstance(value, Buffer) else getattr(value, "__cuda_array_interface__", None)
        if interface is None:
            return None
        import numpy

        dtype = numpy.dtype(interface["typestr"])
        if interface.get("mask") is not None or not _contiguous(interface, dtype.itemsize):
            raise ValueError(f"an array for {self.name} must be contiguous, found strides {interface['strides']}")
        # Before version 3 nobody says which stream an array is made on: most likely the default one.
        stream = interface.get("stream", _DEFAULT_STREAM if interface["version"] < 3 else None)
        if stream is not None and stream != self.stream_handle:
            self._toolkit.join(int(stream))
        return Buffer(self, int(interface["data"][0]), interface["shape"], dtype, value)

    def hand_over(self, stream: int | None) -> None:
        """By an event, which the other stream waits for; -1 stands for one that need not."""
        if stream != -1:
            self._toolkit.hand_over(stream or _DEFAULT_STREAM)

    def explain(self, status: int) -> str:
        """The driver's name and text."""
        return self._toolkit.explain(status)


class CudaGraph(Graph):
    """An executable graph of the driver."""

    def __init__(self, device: CudaDevice, commands: Commands) -> None:
        self._device = device
        self._commands = commands  # uploads read from it
        self._graph = device.queue.capture(commands)

    def launch(self) -> None:
        """On stream 0. Raises DeviceError when it was closed."""
        if not self._graph:
            raise DeviceError(f"{self._device.name}: the graph is closed")
        self._device.queue.launch(self._graph)

    def close(self) -> None:
        """The driver destroys it when it has run."""
        graph, self._graph = self._graph, 0
        if graph:
            self._device.queue.destroy(graph)

    def __del__(self) -> None:
        if getattr(self, "_graph", 0):
            self.close()


def _contiguous(interface: dict[str, Any], itemsize: int) -> bool:
    strides = interface.get("strides")
    if strides is None:
        return True
    expected = itemsize
    for extent, stride in zip(reversed(interface["shape"]), reversed(strides), strict=True):
        if extent != 1 and stride != expected:
            return False
        expected *= extent
    return True
