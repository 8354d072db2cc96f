# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a device is: memory, kernels, commands in order, graphs of commands; and how one is opened by its name."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Any, NoReturn

from mograph._records import record
from mograph._runtime import Commands, Kernel, Program, Queue
from mograph.targets.gpu.image import Image

if TYPE_CHECKING:
    from mograph.targets.devices.buffer import Buffer

_KINDS = {
    "cuda": "mograph.targets.devices.cuda:CudaDevice",
    "opencl": "mograph.targets.devices.opencl:OpenClDevice",
    "recording": "mograph.targets.devices.recording:RecordingDevice",
}
_opened: "dict[str, Device]" = {}
_lock = threading.Lock()


class DeviceError(RuntimeError):
    """What a device or its driver refused, or that it is not there. `kernel`, `grid`, `block` and `source` say what was
    to be launched, where it was a launch.
    """

    def __init__(self, text: str, kernel: Kernel | None = None, grid: tuple[int, ...] = ()) -> None:
        self.kernel = kernel.name if kernel else ""
        self.grid = grid
        self.block = kernel.block if kernel else ()
        self.source = kernel.source if kernel else ""
        if kernel is not None:
            text = f"kernel {kernel.name}, grid {_extents(grid)}, block {_extents(kernel.block)}: {text}"
            text += f"; it comes from {kernel.source}" if kernel.source else ""
        super().__init__(text)


@record
class Module:
    """Kernels that were loaded, by name, in the order in which host code numbers them."""

    kernels: Mapping[str, Kernel]


class Graph(ABC):
    """Commands that a device has taken in as a whole."""

    @abstractmethod
    def launch(self) -> None:
        """Enqueue all of them, behind what was submitted before. Raises DeviceError."""

    @abstractmethod
    def close(self) -> None:
        """Give up what the driver holds for it; it may still be running."""


class Device(ABC):
    """A device. `name` is what it is opened by ("opencl:0"), `chip` what kernels are compiled for.

    Commands of stream 0 run in the order in which they were submitted. Compiled code, and whoever wants memory that is
    kept for reuse, goes through `queue`; the methods here are what the queue is made of. Threads may call all of them.
    """

    kind: str
    queue: Queue
    title: str = ""
    """What its manufacturer calls it."""
    stream_handle: int | None = None
    """The driver's handle of stream 0, where other libraries could use it."""
    dlpack: tuple[int, int] | None = None
    """DLPack's numbers of the device, where it has some and its memory is what DLPack takes it for."""

    def __init__(self, number: int, chip: str) -> None:
        self.name = f"{self.kind}:{number}"
        self.chip = chip
        self.queue = Queue(self)

    @abstractmethod
    def allocate(self, size: int) -> int:
        """The address of so many bytes, at least one, aligned to 256. Raises MemoryError."""

    @abstractmethod
    def release(self, address: int) -> None:
        """Give memory back, which commands that were submitted may still use."""

    @abstractmethod
    def load(self, image: Image) -> Module:
        """Load kernels. Raises DeviceError for an image of another format or chip, or that the driver refuses."""

    @abstractmethod
    def submit(self, commands: Commands) -> None:
        """Enqueue commands and return. What they upload from the host has been read then. Raises DeviceError."""

    @abstractmethod
    def wait(self) -> None:
        """Until all commands are done. Raises DeviceError for what failed since it was last called."""

    @abstractmethod
    def graph(self, commands: Commands) -> Graph:
        """A graph of commands, of which none is a download. Raises DeviceError."""

    def seconds(self, commands: Commands, times: int) -> float:
        """How long commands take that are submitted so many times, by the device's clock where it has one, as this one
        has not. Raises DeviceError.
        """
        self.wait()
        start = perf_counter()
        for _ in range(times):
            self.submit(commands)
        self.wait()
        return perf_counter() - start

    def hand_over(self, stream: int | None) -> None:
        """Let what another library does next with memory of the device, on a stream of its own (DLPack says which
        numbers there are), come behind what was submitted. Raises DeviceError.
        """
        self.wait()

    def adopt(self, value: object) -> "Buffer | None":
        """A buffer over memory of this device that another library's array is in; None for what is on the host."""
        return None

    def buffer(self, array: Any) -> "Buffer":
        """A copy of an array on this device. Raises MemoryError."""
        from mograph.targets.devices.buffer import uploaded

        return uploaded(self, array)

    def empty(self, shape: Sequence[int], dtype: Any = "float32") -> "Buffer":
        """An array on this device whose elements are not set. Raises MemoryError, ValueError for a negative extent."""
        from mograph.targets.devices.buffer import empty

        return empty(self, shape, dtype)

    def explain(self, status: int) -> str:
        """What the driver says of a status that one of its functions returned."""
        return f"status {status}"

    def refused(self, status: int, function: str, command: tuple[Any, ...] | None = None) -> NoReturn:
        """Raise the error for a status other than success that a driver's function returned for a command."""
        text = f"{self.name}: {function}: {self.explain(status)}"
        if command is None:
            raise DeviceError(text)
        if command[0] == "launch":
            _, _, kernel, grid, _ = command
            raise DeviceError(text, kernel, grid)
        raise DeviceError(f"{text} ({command[0]} of {command[-1]} bytes)" if len(command) == 5 else text)

    def program(self, image: Image) -> "tuple[Program, Module]":
        """The kernels of a model, loaded, and what host code launches them through. Raises what `load` raises."""
        module = self.load(image) if image.kernels else Module({})
        return Program(self.queue, self.name, list(module.kernels.values())), module

    def __repr__(self) -> str:
        return f"<device {self.name}, {self.chip}>"


def open_device(name: str) -> Device:
    """The device of a name, "opencl:0": the same object each time. Raises ValueError for a kind that there is not, and
    DeviceError for a device that is not there.
    """
    kind, _, number = name.partition(":")
    if kind not in _KINDS or not (number or "0").isdecimal():
        raise ValueError(f"no device {name!r}: expected one of {', '.join(f'{each}:0' for each in _KINDS)}")
    name = f"{kind}:{int(number or 0)}"
    with _lock:
        if name not in _opened:
            module, _, attribute = _KINDS[kind].partition(":")
            _opened[name] = getattr(import_module(module), attribute)(int(number or 0))
        return _opened[name]


def _extents(extents: tuple[int, ...]) -> str:
    return "x".join(map(str, extents))
