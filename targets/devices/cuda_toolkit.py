# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a device of CUDA needs: memory, kernels and streams of cuda-core, and the addresses of the driver's functions.

Nothing of cuda-core is touched where there is no driver: some of it would wait forever.
"""

import ctypes
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mograph.targets.devices.device import DeviceError
from mograph.targets.gpu.image import Image

_DRIVER = "libcuda.so.1"
_STREAMS = 4
_MOST_SHARED = 8  # CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
_OUT_OF_MEMORY = "CUDA_ERROR_OUT_OF_MEMORY"
FUNCTIONS = (
    "cuCtxSetCurrent",
    "cuLaunchKernel",
    "cuMemcpyDtoDAsync_v2",
    "cuMemcpyHtoDAsync_v2",
    "cuMemcpyDtoHAsync_v2",
    "cuMemsetD8Async",
    "cuEventCreate",
    "cuEventDestroy_v2",
    "cuEventRecord",
    "cuStreamWaitEvent",
    "cuStreamSynchronize",
    "cuStreamBeginCapture_v2",
    "cuStreamEndCapture",
    "cuGraphInstantiateWithFlags",
    "cuGraphDestroy",
    "cuGraphLaunch",
    "cuGraphExecDestroy",
)
"""The driver's functions that `CudaQueue` calls."""


class Toolkit(ABC):
    """One device as cuda-core has it: the name of its `chip` ("sm_90a"), its `title`, the bytes of its `memory`, its
    `context`, its `streams`, a stream for `capturing`, and the addresses of the driver's `functions` by name.
    """

    chip: str
    title: str
    memory: int
    context: int
    streams: Sequence[int]
    capturing: int
    functions: Mapping[str, int]

    @abstractmethod
    def allocate(self, size: int) -> tuple[int, Any]:
        """The address of memory, and what is released. Raises MemoryError."""

    @abstractmethod
    def release(self, allocation: Any) -> None:
        """Give memory back behind what stream 0 has."""

    @abstractmethod
    def load(self, image: Image) -> tuple[list[int], object]:
        """The handles of an image's kernels, and what keeps them. Raises DeviceError with the driver's text."""

    @abstractmethod
    def allow_shared(self, kernel: int, size: int) -> None:
        """Let launches ask for so many bytes of shared memory. Raises DeviceError where the chip has less."""

    @abstractmethod
    def explain(self, status: int) -> str:
        """The driver's name and text of a status."""

    @abstractmethod
    def timed(self, work: Callable[[], None]) -> float:
        """The seconds that stream 0 takes for what `work` enqueues, by the device's clock. Raises DeviceError."""

    @abstractmethod
    def hand_over(self, stream: int) -> None:
        """Let another library's stream wait for all that stream 0 has."""

    @abstractmethod
    def join(self, stream: int) -> None:
        """Let stream 0 wait for all that another library's stream has."""


class CudaCore(Toolkit):
    """A device through cuda-core."""

    def __init__(self, number: int, driver: ctypes.CDLL, core: Any) -> None:
        self._driver = driver
        self._core = core
        self._device = core.Device(number)
        self._device.set_current()
        self.title = str(self._device.name)
        self.context = int(self._device.context.handle)
        memory = ctypes.c_size_t()
        driver.cuDeviceTotalMem_v2(ctypes.byref(memory), number)  # a device's handle is its number
        self.memory = memory.value
        self._streams = [self._device.create_stream() for _ in range(_STREAMS + 1)]
        *self.streams, self.capturing = (int(stream.handle) for stream in self._streams)
        self._memory = core.DeviceMemoryResource(self._device)
        self.functions = {name: ctypes.cast(getattr(driver, name), ctypes.c_void_p).value or 0 for name in FUNCTIONS}
        major, minor = self._device.compute_capability
        self.chip = f"sm_{major}{minor}" + ("a" if major in (9, 10) else "")

    def allocate(self, size: int) -> tuple[int, Any]:
        """From the driver's pool, in the order of stream 0."""
        self._device.set_current()
        try:
            buffer = self._memory.allocate(size, stream=self._streams[0])
        except Exception as error:
            if isinstance(error, MemoryError) or _OUT_OF_MEMORY in str(error):
                raise MemoryError(f"cuda:{self._device.device_id} has no {size} bytes: {error}") from None
            raise DeviceError(f"cuda:{self._device.device_id}: {error}") from error
        return int(buffer.handle), buffer

    def release(self, allocation: Any) -> None:
        """To the driver's pool, in the order of stream 0."""
        self._device.set_current()
        allocation.close(self._streams[0])

    def load(self, image: Image) -> tuple[list[int], object]:
        """Through `ObjectCode`. Raises DeviceError."""
        self._device.set_current()
        make = self._core.ObjectCode.from_cubin if image.format == "cubin" else self._core.ObjectCode.from_ptx
        try:
            code = make(image.code, name="kernels")
            kernels = [code.get_kernel(name) for name in image.kernels]
        except Exception as error:
            raise DeviceError(f"cuda:{self._device.device_id}: {image.format} for {image.chip}: {error}") from error
        return [int(kernel.handle) for kernel in kernels], (code, kernels)

    def allow_shared(self, kernel: int, size: int) -> None:
        """By an attribute of the kernel."""
        function = ctypes.c_void_p()
        status = self._driver.cuKernelGetFunction(ctypes.byref(function), ctypes.c_void_p(kernel))
        status = status or self._driver.cuFuncSetAttribute(function, _MOST_SHARED, size)
        if status:
            raise DeviceError(f"cuda:{self._device.device_id}: {size} bytes of shared memory: {self.explain(status)}")

    def explain(self, status: int) -> str:
        """What `cuGetErrorName` and `cuGetErrorString` say."""
        texts = []
        for function in (self._driver.cuGetErrorName, self._driver.cuGetErrorString):
            text = ctypes.c_char_p()
            if function(status, ctypes.byref(text)) == 0 and text.value:
                texts.append(text.value.decode())
        return ": ".join(texts) or f"status {status}"

    def timed(self, work: Callable[[], None]) -> float:
        """By two events."""
        self._device.set_current()
        driver, stream = self._driver, ctypes.c_void_p(self.streams[0])
        first, last = ctypes.c_void_p(), ctypes.c_void_p()
        milliseconds = ctypes.c_float()
        self._done(driver.cuEventCreate(ctypes.byref(first), 0))
        self._done(driver.cuEventCreate(ctypes.byref(last), 0))
        try:
            self._done(driver.cuEventRecord(first, stream))
            work()
            self._done(driver.cuEventRecord(last, stream))
            self._done(driver.cuEventSynchronize(last))
            self._done(driver.cuEventElapsedTime(ctypes.byref(milliseconds), first, last))
        finally:
            driver.cuEventDestroy_v2(first)
            driver.cuEventDestroy_v2(last)
        return milliseconds.value * 1e-3

    def _done(self, status: int) -> None:
        if status:
            raise DeviceError(f"cuda:{self._device.device_id}: {self.explain(status)}")

    def hand_over(self, stream: int) -> None:
        """By an event."""
        self._device.set_current()
        self._core.Stream.from_handle(stream).wait(self._streams[0])

    def join(self, stream: int) -> None:
        """By an event."""
        self._device.set_current()
        # The protocol of __cuda_array_interface__ has names for the two default streams, which are their handles, too.
        self._streams[0].wait(self._core.Stream.from_handle(stream))


def open_toolkit(number: int) -> Toolkit:
    """cuda-core's device of that number. Raises DeviceError where it, the driver or the device is not there."""
    try:
        driver = ctypes.CDLL(_DRIVER)
    except OSError:
        raise DeviceError(f"no device cuda:{number}: there is no driver of NVIDIA's here ({_DRIVER})") from None
    count = ctypes.c_int()
    status = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))
    if status:
        raise DeviceError(f"no device cuda:{number}: the driver of NVIDIA's fails with status {status}")
    if number >= count.value:
        raise DeviceError(f"no device cuda:{number}: the driver of NVIDIA's has {count.value}")
    try:
        from cuda import core
    except ImportError as error:
        raise DeviceError(
            f"no device cuda:{number}: cuda-core is not installed ({error}); pip install 'mograph[cuda]' brings it"
        ) from None
    try:
        return CudaCore(number, driver, core)
    except Exception as error:
        raise DeviceError(f"no device cuda:{number}: {error}") from error
