# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Devices of OpenCL that take SPIR-V and have addresses: GPUs, and processors."""

import ctypes
import threading
import weakref
from functools import cache
from typing import Any

from mograph._runtime import Commands, Kernel, OpenClQueue
from mograph.targets.cpu.cache import kept
from mograph.targets.cpu.host import this_host
from mograph.targets.devices import opencl_library as cl
from mograph.targets.devices.device import Device, DeviceError, Graph, Module
from mograph.targets.devices.opencl_graph import CommandBuffer, Submitted, functions, takes
from mograph.targets.gpu.image import Image

_ALIGNMENT = 256
_COPIES = ("copy", "upload", "download")


class OpenClDevice(Device):
    """A device of OpenCL. Each stream is a queue in order; stream 0 is there from the start. `command_buffers` is
    whether graphs are the driver's.
    """

    kind = "opencl"

    def __init__(self, number: int = 0) -> None:
        found = _devices()
        if number >= len(found):
            names = "; ".join(f"opencl:{at} is {name}" for at, (_, name) in enumerate(found)) or "there is none"
            raise DeviceError(f"no device opencl:{number} that takes SPIR-V and has addresses: {names}")
        super().__init__(number, "opencl")
        self._id, self.title = found[number]
        self._library = cl.library()
        self._context = self._made("clCreateContext", None, 1, ctypes.byref(ctypes.c_void_p(self._id)), None, None)
        self._streams = {0: self._queue()}
        self.queue = OpenClQueue(self, cl.addresses(), self._streams[0])
        self._buffers = functions(self._id)
        # Intel's for processors takes 1.8 times as long for a command in a buffer as for one that is submitted again.
        self.command_buffers = not cl.number(self._id, cl.DEVICE_TYPE) & cl.DEVICE_TYPE_CPU
        self._timed = 0  # a queue that keeps times, once one is wanted
        self._events: dict[int, int] = {}
        self._bases: dict[int, int] = {}
        self._lock = threading.RLock()  # arguments of kernels are set one after another
        rounded = cl.number(self._id, cl.DEVICE_SINGLE_FP_CONFIG) & cl.FP_CORRECTLY_ROUNDED_DIVIDE_SQRT
        self._options = b"-cl-fp32-correctly-rounded-divide-sqrt" if rounded else b""

    def allocate(self, size: int) -> int:
        """Memory that the host may see, too, where it is a processor's. Raises MemoryError."""
        # No driver must align to more than its largest type.
        base = self._library.clSVMAlloc(self._context, cl.MEM_READ_WRITE, size + _ALIGNMENT - 1, 0)
        if not base:
            raise MemoryError(f"{self.name} has no {size} bytes")
        address = int(base) + -int(base) % _ALIGNMENT
        with self._lock:
            self._bases[address] = base
        return address

    def release(self, address: int) -> None:
        """Waits for what was submitted. Raises DeviceError for what is not allocated."""
        with self._lock:
            base = self._bases.pop(address, None)
        if base is None:
            raise DeviceError(f"{self.name}: released {address:#x}, which is not allocated")
        self.wait()
        self._library.clSVMFree(self._context, base)

    def load(self, image: Image) -> Module:
        """Builds the kernels. Raises DeviceError with the driver's log."""
        if image.format != "spirv" or not image.chip.startswith("opencl"):
            raise DeviceError(f"{self.name} takes SPIR-V for OpenCL, found {image.format} for {image.chip}")
        program = self._program(image.code)
        kernels = {}
        handle = _Program(self._library, program)
        for name, needs in image.kernels.items():
            kernel = self._made("clCreateKernel", program, name.encode())
            handle.kernels.append(kernel)
            kernels[name] = Kernel(name, kernel, needs.block, 0, needs.arguments, needs.source, handle)
        return Module(kernels)

    def submit(self, commands: Commands) -> None:
        """Raises DeviceError for the first command that the driver refuses; those before it are done. Lists for
        stream 0 alone need not come here: the queue does them without Python.
        """
        with self._lock:
            for command in commands.records():
                self._enqueue(command, self._queue_of(command[1]))
            for queue in self._streams.values():
                self._library.clFlush(queue)

    def wait(self) -> None:
        """Raises DeviceError where something ended abnormally."""
        with self._lock:
            queues = list(self._streams.values())
        for queue in queues:
            event = ctypes.c_void_p()
            status = self._library.clEnqueueMarkerWithWaitList(queue, 0, None, ctypes.byref(event))
            if status == 0:
                status = self._library.clFinish(queue)
                result = ctypes.c_int32()
                self._library.clGetEventInfo(event, cl.EVENT_COMMAND_EXECUTION_STATUS, 4, ctypes.byref(result), None)
                self._library.clReleaseEvent(event)
                status = status or min(result.value, 0)
            if status:
                self.refused(status, "clFinish")

    def graph(self, commands: Commands) -> Graph:
        """A command buffer with `command_buffers`, where the driver has the extension and the commands fit, else
        commands that are submitted again.
        """
        if self.command_buffers and self._buffers and takes(commands):
            with self._lock:
                return CommandBuffer(self, self._buffers, self._streams[0], commands)
        return Submitted(self, commands)

    def explain(self, status: int) -> str:
        """The status's name."""
        return cl.explain(status)

    def seconds(self, commands: Commands, times: int) -> float:
        """By the driver's clock: what each launch takes by itself, all of them added up."""
        launches: list[ctypes.c_void_p] = []
        self.wait()
        try:
            with self._lock:
                if not self._timed:
                    self._timed = self._queue((ctypes.c_uint64 * 3)(cl.QUEUE_PROPERTIES, cl.QUEUE_PROFILING_ENABLE, 0))
                for command in times * list(commands.records()):
                    event = ctypes.c_void_p()
                    self._enqueue(command, self._timed, event)
                    if event:
                        launches.append(event)
                if status := self._library.clFinish(self._timed):
                    self.refused(status, "clFinish")
            return sum(map(self._took, launches))
        finally:
            for event in launches:
                self._library.clReleaseEvent(event)

    def _took(self, event: ctypes.c_void_p) -> float:
        """The seconds that a command took."""
        times = []
        for what in (cl.PROFILING_COMMAND_START, cl.PROFILING_COMMAND_END):
            time = ctypes.c_uint64()
            status = self._library.clGetEventProfilingInfo(event, what, 8, ctypes.byref(time), None)
            if status:
                self.refused(status, "clGetEventProfilingInfo")
            times.append(time.value)
        return (times[1] - times[0]) * 1e-9

    def _queue_of(self, stream: int) -> int:
        return self._streams.get(stream) or self._streams.setdefault(stream, self._queue())

    def _enqueue(self, command: tuple[Any, ...], queue: int, event: ctypes.c_void_p | None = None) -> None:
        """Enqueues a command; `event` becomes one of it where it is a launch."""
        action, stream, *operands = command
        if action == "launch":
            kernel, grid, words = operands
            self._launch(command, queue, kernel, grid, words, event)
        elif action in _COPIES:
            target, source, size = operands
            blocking = int(action == "upload")
            function = self._library.clEnqueueSVMMemcpy
            self._check(function(queue, blocking, target, source, size, 0, None, None), "clEnqueueSVMMemcpy", command)
        elif action == "fill":
            target, byte, size = operands
            pattern = ctypes.byref(ctypes.c_uint8(byte))
            function = self._library.clEnqueueSVMMemFill
            self._check(function(queue, target, pattern, 1, size, 0, None, None), "clEnqueueSVMMemFill", command)
        elif action == "record":
            marker = ctypes.c_void_p()
            function = self._library.clEnqueueMarkerWithWaitList
            self._check(function(queue, 0, None, ctypes.byref(marker)), "clEnqueueMarkerWithWaitList", command)
            self._forget(operands[0])
            self._events[operands[0]] = int(marker.value or 0)
        else:
            if operands[0] not in self._events:
                raise DeviceError(
                    f"{self.name}: stream {stream} waits for event {operands[0]}, which was never recorded"
                )
            marker = ctypes.c_void_p(self._events[operands[0]])
            function = self._library.clEnqueueBarrierWithWaitList
            self._check(function(queue, 1, ctypes.byref(marker), None), "clEnqueueBarrierWithWaitList", command)

    def arguments(self, command: tuple[Any, ...], kernel: Kernel, grid: Any, words: Any) -> tuple[Any, Any]:
        """Sets a kernel's arguments; how many work items it is launched on, and how many make a group. Raises
        DeviceError for what the driver refuses of the command.
        """
        for number, (kind, word) in enumerate(zip(kernel.arguments, words, strict=True)):
            if kind == "p":
                function = "clSetKernelArgSVMPointer"
                status = self._library.clSetKernelArgSVMPointer(kernel.handle, number, word & (1 << 64) - 1)
            else:
                function = "clSetKernelArg"
                bits = ctypes.byref(ctypes.c_int64(word))  # the lower bytes come first
                status = self._library.clSetKernelArg(kernel.handle, number, int(kind), bits)
            self._check(status, function, command)
        sizes = (ctypes.c_size_t * 3)(*(blocks * threads for blocks, threads in zip(grid, kernel.block, strict=True)))
        return sizes, (ctypes.c_size_t * 3)(*kernel.block)

    def _launch(
        self,
        command: tuple[Any, ...],
        queue: int,
        kernel: Kernel,
        grid: Any,
        words: Any,
        event: ctypes.c_void_p | None,
    ) -> None:
        sizes, block = self.arguments(command, kernel, grid, words)
        function = self._library.clEnqueueNDRangeKernel
        made = None if event is None else ctypes.byref(event)
        status = function(queue, kernel.handle, 3, None, sizes, block, 0, None, made)
        self._check(status, "clEnqueueNDRangeKernel", command)

    def _check(self, status: int, function: str, command: tuple[Any, ...]) -> None:
        if status:
            self.refused(status, function, command)

    def _made(self, function: str, *arguments: Any) -> int:
        """What a function makes that says by its last argument whether it could."""
        status = ctypes.c_int32()
        handle = getattr(self._library, function)(*arguments, ctypes.byref(status))
        if status.value or not handle:
            self.refused(status.value, function)
        return int(handle)

    def _program(self, code: bytes) -> int:
        """A program that is built. The driver's code for it is kept in files, since drivers take long: Intel's a tenth
        of a second for a kernel, and a hundredth for code that it has made before.
        """
        made: list[int] = []

        def make() -> bytes:
            made.append(self._built(self._made("clCreateProgramWithIL", self._context, code, len(code))))
            return self._binary(made[0])

        names = [cl.text(self._id, each) for each in (cl.DEVICE_NAME, cl.DEVICE_VERSION, cl.DRIVER_VERSION)]
        host = this_host()
        known = f"{names} {self._options!r} {host.name} {host.features}\n"
        binary = kept(known.encode() + code, make)
        if made:
            return made[0]
        buffer = ctypes.create_string_buffer(binary, len(binary))
        place, size = ctypes.c_void_p(ctypes.addressof(buffer)), ctypes.c_size_t(len(binary))
        device, status = ctypes.c_void_p(self._id), ctypes.c_int32()
        sizes = (ctypes.byref(device), ctypes.byref(size), ctypes.byref(place), ctypes.byref(status))
        try:
            return self._built(self._made("clCreateProgramWithBinary", self._context, 1, *sizes))
        except DeviceError:  # of a driver that was changed
            make()
            return made[0]

    def _built(self, program: int) -> int:
        device = ctypes.byref(ctypes.c_void_p(self._id))
        status = self._library.clBuildProgram(program, 1, device, self._options, None, None)
        if status:
            log = self._log(program)
            self._library.clReleaseProgram(program)
            raise DeviceError(f"{self.name}: clBuildProgram: {cl.explain(status)}: {log}")
        return program

    def _binary(self, program: int) -> bytes:
        """The driver's code of a program; nothing where it does not give any."""
        size = ctypes.c_size_t()
        self._library.clGetProgramInfo(program, cl.PROGRAM_BINARY_SIZES, 8, ctypes.byref(size), None)
        buffer = ctypes.create_string_buffer(max(size.value, 1))
        place = ctypes.c_void_p(ctypes.addressof(buffer))
        status = self._library.clGetProgramInfo(program, cl.PROGRAM_BINARIES, 8, ctypes.byref(place), None)
        return buffer.raw[: size.value] if status == 0 else b""

    def _queue(self, properties: Any = None) -> int:
        return self._made("clCreateCommandQueueWithProperties", self._context, self._id, properties)

    def _forget(self, event: int) -> None:
        if handle := self._events.pop(event, None):
            self._library.clReleaseEvent(handle)

    def _log(self, program: int) -> str:
        size = ctypes.c_size_t()
        arguments = (program, self._id, cl.PROGRAM_BUILD_LOG)
        self._library.clGetProgramBuildInfo(*arguments, 0, None, ctypes.byref(size))
        room = ctypes.create_string_buffer(size.value + 1)
        self._library.clGetProgramBuildInfo(*arguments, size, room, None)
        return room.value.decode(errors="replace").strip()


class _Program:
    """Goes with its last owner; the driver keeps what launches still use."""

    def __init__(self, library: Any, program: int) -> None:
        self.kernels: list[int] = []
        weakref.finalize(self, _release, library, program, self.kernels)


def _release(library: Any, program: int, kernels: list[int]) -> None:
    for kernel in kernels:
        library.clReleaseKernel(kernel)
    library.clReleaseProgram(program)


@cache
def _devices() -> list[tuple[int, str]]:
    """The devices that can be opened, and what they are called."""
    try:
        found = cl.devices()
    except OSError as error:
        raise DeviceError(f"no library of OpenCL: {error}; pip install 'mograph[opencl]' brings one") from None
    return [
        (device, cl.text(device, cl.DEVICE_NAME))
        for device in found
        if "SPIR-V" in cl.text(device, cl.DEVICE_IL_VERSION) and cl.number(device, cl.DEVICE_SVM_CAPABILITIES)
    ]
