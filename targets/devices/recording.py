# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A device for tests: memory of the host, every copy made and checked, every launch kept as a trace.

Kernels do nothing unless a function stands in for them.
"""

import ctypes
import threading
from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from typing import Any

import numpy

from mograph._runtime import Commands, Kernel
from mograph.targets.devices.device import Device, DeviceError, Graph, Module
from mograph.targets.gpu.image import Image

Stand = Callable[[Sequence[int], tuple[int, int, int], tuple[int, int, int]], None]
"""A function that stands in for a kernel: called with the words of its arguments, the grid and the block."""

_ALIGNMENT = 256
_MARGIN = 256  # bytes between two allocations, so that no access that goes astray hits another


class RecordingDevice(Device):
    """Runs commands at once, in order.

    `trace` has all of them without addresses (see `Commands.trace`), `launches` each launch as `(name, grid, words)`.
    `kernels` has functions that stand in for kernels, by name, and `clock` is one that says how many seconds commands
    take, where it is not the host's clock that does. `capacity` is how many bytes it has, `used` how many of
    them are allocated.
    """

    kind = "recording"
    dlpack = (1, 0)  # the processor

    def __init__(self, number: int = 0, chip: str = "recording", capacity: int = 1 << 34) -> None:
        super().__init__(number, chip)
        self.capacity = capacity
        self.kernels: dict[str, Stand] = {}
        self.clock: Callable[[Commands], float] | None = None
        self.trace: list[tuple[Any, ...]] = []
        self.launches: list[tuple[str, tuple[int, int, int], tuple[int, ...]]] = []
        self.used = 0
        self._arrays: dict[int, Any] = {}
        self._starts: list[int] = []
        self._events: set[int] = set()
        self._lock = threading.RLock()

    def allocate(self, size: int) -> int:
        """Memory of the host that is filled with ones bits, which are NaN in floats."""
        with self._lock:
            if self.used + size > self.capacity:
                raise MemoryError(f"{self.name} has {self.capacity} bytes, of which {self.used} are taken: {size} more")
            array = numpy.full(size + _ALIGNMENT + _MARGIN, 0xFF, numpy.uint8)
            address = int(array.ctypes.data) + -int(array.ctypes.data) % _ALIGNMENT
            self._arrays[address] = array[: address - int(array.ctypes.data) + size]
            insort(self._starts, address)
            self.used += size
            return address

    def release(self, address: int) -> None:
        """Raises DeviceError for what is not allocated."""
        with self._lock:
            if address not in self._arrays:
                raise DeviceError(f"{self.name}: released {address:#x}, which is not allocated")
            self.used -= self._size(address)
            self._starts.remove(address)
            del self._arrays[address]

    def view(self, address: int, shape: Sequence[int], dtype: Any) -> Any:
        """The memory as an array. Raises DeviceError where it is not within one allocation."""
        dtype = numpy.dtype(dtype)
        size = int(numpy.prod(shape, dtype=numpy.int64)) * dtype.itemsize
        self._within(address, size)
        memory = (ctypes.c_char * size).from_address(address)
        return numpy.frombuffer(memory, numpy.uint8).view(dtype).reshape(tuple(shape))

    def load(self, image: Image) -> Module:
        """The kernels of any image: its code is not looked at."""
        return Module(
            {
                name: Kernel(name, number, each.block, 0, each.arguments, each.source)
                for number, (name, each) in enumerate(image.kernels.items())
            }
        )

    def submit(self, commands: Commands) -> None:
        """Runs them. Raises DeviceError for a copy out of bounds, and what functions of kernels raise."""
        with self._lock:
            self.trace += commands.trace()
            for command in commands.records():
                self._run(*command)

    def wait(self) -> None:
        """All is done at once."""

    def seconds(self, commands: Commands, times: int) -> float:
        """By `clock`, where there is one; the commands run all the same."""
        found = super().seconds(commands, times)
        return found if self.clock is None else self.clock(commands) * times

    def graph(self, commands: Commands) -> "RecordingGraph":
        """The commands as they are."""
        return RecordingGraph(self, commands)

    def _run(self, action: str, stream: int, *operands: Any) -> None:
        if action == "launch":
            kernel, grid, words = operands
            self.launches.append((kernel.name, grid, words))
            if stand := self.kernels.get(kernel.name):
                stand(words, grid, kernel.block)
        elif action == "record":
            self._events.add(operands[0])
        elif action == "wait":
            if operands[0] not in self._events:
                raise DeviceError(
                    f"{self.name}: stream {stream} waits for event {operands[0]}, which was never recorded"
                )
        else:
            self._move(action, *operands)

    def _move(self, action: str, target: int, source: int, size: int) -> None:
        if action != "download":
            self._within(target, size)
        if action in ("copy", "download"):
            self._within(source, size)
        if action == "fill":
            ctypes.memset(target, source, size)
        else:
            ctypes.memmove(target, source, size)

    def _size(self, start: int) -> int:
        array = self._arrays[start]
        return int(array.ctypes.data + array.size - start)

    def _within(self, address: int, size: int) -> None:
        with self._lock:
            index = bisect_right(self._starts, address) - 1
            start = self._starts[index] if index >= 0 else 0
            if size and (index < 0 or address + size > start + self._size(start)):
                raise DeviceError(f"{self.name}: {size} bytes at {address:#x} are not within an allocation")


class RecordingGraph(Graph):
    """Commands that run again with each launch."""

    def __init__(self, device: RecordingDevice, commands: Commands) -> None:
        self._device = device
        self._commands: Commands | None = commands

    def launch(self) -> None:
        """Raises DeviceError when it was closed."""
        if self._commands is None:
            raise DeviceError(f"{self._device.name}: the graph is closed")
        self._device.submit(self._commands)

    def close(self) -> None:
        """It cannot be launched after this."""
        self._commands = None
