# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs of OpenCL: command buffers, where the driver has the extension, else lists that are submitted again."""

import ctypes
import struct
from typing import TYPE_CHECKING, Any

from mograph._runtime import Commands
from mograph.targets.devices import opencl_library as cl
from mograph.targets.devices.device import DeviceError, Graph

if TYPE_CHECKING:
    from mograph.targets.devices.opencl import OpenClDevice

_EXTENSION = b"cl_khr_command_buffer"
_VERSION = 1 << 22  # 1.0.0: functions of the drafts take other arguments
_EXTENSIONS_WITH_VERSION = 0x1060
_CAPABILITIES, _SIMULTANEOUS_USE = 0x12A9, 1 << 2
_FLAGS, _SIMULTANEOUS = 0x1293, 1 << 0
_NAME_AND_VERSION = struct.Struct("<I64s")

_P, _I, _U, _Z = ctypes.c_void_p, ctypes.c_int32, ctypes.c_uint32, ctypes.c_size_t
_POINTS = (_U, _P, _P, _P)  # points to wait for, the point that is made, and a handle to change the command by
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "clCreateCommandBufferKHR": (_P, (_U, _P, _P, _P)),
    "clFinalizeCommandBufferKHR": (_I, (_P,)),
    "clReleaseCommandBufferKHR": (_I, (_P,)),
    "clEnqueueCommandBufferKHR": (_I, (_U, _P, _P, _U, _P, _P)),
    "clCommandNDRangeKernelKHR": (_I, (_P, _P, _P, _P, _U, _P, _P, _P, *_POINTS)),
    "clCommandSVMMemcpyKHR": (_I, (_P, _P, _P, _P, _P, _Z, *_POINTS)),
    "clCommandSVMMemFillKHR": (_I, (_P, _P, _P, _P, _P, _Z, _Z, *_POINTS)),
}
_NO_POINTS = (0, None, None, None)


class Submitted(Graph):
    """Commands that are submitted again with each launch."""

    def __init__(self, device: "OpenClDevice", commands: Commands) -> None:
        self._device = device
        self._commands: Commands | None = commands

    def launch(self) -> None:
        """Raises DeviceError when it was closed."""
        if self._commands is None:
            raise DeviceError(f"{self._device.name}: the graph is closed")
        self._device.queue.submit(self._commands)

    def close(self) -> None:
        """It cannot be launched after this."""
        self._commands = None


class CommandBuffer(Graph):
    """Commands of stream 0 without events that the driver has taken in, with the arguments of kernels."""

    def __init__(self, device: "OpenClDevice", functions: dict[str, Any], queue: int, commands: Commands) -> None:
        """Raises DeviceError for a command that the driver refuses."""
        self._device, self._functions, self._commands = device, functions, commands
        self._queue = ctypes.c_void_p(queue)
        status = ctypes.c_int32()
        properties = (ctypes.c_uint64 * 3)(_FLAGS, _SIMULTANEOUS, 0)
        create = functions["clCreateCommandBufferKHR"]
        self._buffer = create(1, ctypes.byref(self._queue), properties, ctypes.byref(status))
        self._check(status.value, "clCreateCommandBufferKHR")
        try:
            for command in commands.records():
                self._add(command)
            self._check(functions["clFinalizeCommandBufferKHR"](self._buffer), "clFinalizeCommandBufferKHR")
        except DeviceError:
            self.close()
            raise

    def launch(self) -> None:
        """Raises DeviceError when it was closed."""
        if not self._buffer:
            raise DeviceError(f"{self._device.name}: the graph is closed")
        enqueue = self._functions["clEnqueueCommandBufferKHR"]
        self._check(enqueue(0, None, self._buffer, 0, None, None), "clEnqueueCommandBufferKHR")
        self._check(cl.library().clFlush(self._queue), "clFlush")

    def close(self) -> None:
        """The driver destroys it when it has run."""
        buffer, self._buffer = self._buffer, None
        if buffer:
            self._functions["clReleaseCommandBufferKHR"](buffer)

    def __del__(self) -> None:
        if getattr(self, "_buffer", None):
            self.close()

    def _add(self, command: tuple[Any, ...]) -> None:
        action, _, *operands = command
        if action == "launch":
            kernel, grid, words = operands
            sizes, block = self._device.arguments(command, kernel, grid, words)
            self._call(command, "clCommandNDRangeKernelKHR", kernel.handle, 3, None, sizes, block)
        elif action == "fill":
            target, byte, size = operands
            self._call(command, "clCommandSVMMemFillKHR", target, ctypes.byref(ctypes.c_uint8(byte)), 1, size)
        else:
            self._call(command, "clCommandSVMMemcpyKHR", *operands)

    def _call(self, command: tuple[Any, ...], name: str, *arguments: Any) -> None:
        self._check(self._functions[name](self._buffer, None, None, *arguments, *_NO_POINTS), name, command)

    def _check(self, status: int, function: str, command: tuple[Any, ...] | None = None) -> None:
        if status:
            self._device.refused(status, function, command)


def functions(device: int) -> dict[str, Any]:
    """The extension's functions, by name; none where the device lacks it or takes no buffer twice at a time."""
    raw = cl.information(device, _EXTENSIONS_WITH_VERSION)
    whole = raw[: len(raw) // _NAME_AND_VERSION.size * _NAME_AND_VERSION.size]
    versions = {name.split(b"\0")[0]: version for version, name in _NAME_AND_VERSION.iter_unpack(whole)}
    if versions.get(_EXTENSION, 0) < _VERSION or not cl.number(device, _CAPABILITIES) & _SIMULTANEOUS_USE:
        return {}
    found = {}
    for name, (result, arguments) in _FUNCTIONS.items():
        address = cl.extension(device, name)
        if not address:
            return {}
        found[name] = ctypes.CFUNCTYPE(result, *arguments)(address)
    return found


def takes(commands: Commands) -> bool:
    """Whether a command buffer can hold them."""
    return all(stream == 0 and action not in ("record", "wait") for action, stream, *_ in commands.records())
