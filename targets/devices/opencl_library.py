# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The library of OpenCL: where it and its drivers are found, its functions, its numbers.

Drivers are those that the system knows, and Intel's for processors where the package `intel-opencl-rt` is installed,
which tells nobody where it is. OCL_ICD_VENDORS or OCL_ICD_FILENAMES in the environment name others instead.
"""

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

_PACKAGE = "intel-opencl-rt"
_NEEDED = ("libintlc.so.5", "libimf.so", "libsvml.so", "libirng.so")  # by its loader, which does not say where they are
_VARIABLES = ("OCL_ICD_VENDORS", "OCL_ICD_FILENAMES")

DEVICE_NOT_FOUND = -1
BUILD_FAILURE = -11
PLATFORM_NOT_FOUND = -1001  # of the loader: no driver
ERRORS = {
    -1: "CL_DEVICE_NOT_FOUND",
    -2: "CL_DEVICE_NOT_AVAILABLE",
    -3: "CL_COMPILER_NOT_AVAILABLE",
    -4: "CL_MEM_OBJECT_ALLOCATION_FAILURE",
    -5: "CL_OUT_OF_RESOURCES",
    -6: "CL_OUT_OF_HOST_MEMORY",
    -7: "CL_PROFILING_INFO_NOT_AVAILABLE",
    -11: "CL_BUILD_PROGRAM_FAILURE",
    -14: "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST",
    -30: "CL_INVALID_VALUE",
    -33: "CL_INVALID_DEVICE",
    -34: "CL_INVALID_CONTEXT",
    -35: "CL_INVALID_QUEUE_PROPERTIES",
    -36: "CL_INVALID_COMMAND_QUEUE",
    -42: "CL_INVALID_BINARY",
    -43: "CL_INVALID_BUILD_OPTIONS",
    -44: "CL_INVALID_PROGRAM",
    -45: "CL_INVALID_PROGRAM_EXECUTABLE",
    -46: "CL_INVALID_KERNEL_NAME",
    -48: "CL_INVALID_KERNEL",
    -49: "CL_INVALID_ARG_INDEX",
    -50: "CL_INVALID_ARG_VALUE",
    -51: "CL_INVALID_ARG_SIZE",
    -52: "CL_INVALID_KERNEL_ARGS",
    -54: "CL_INVALID_WORK_GROUP_SIZE",
    -55: "CL_INVALID_WORK_ITEM_SIZE",
    -57: "CL_INVALID_EVENT_WAIT_LIST",
    -58: "CL_INVALID_EVENT",
    -59: "CL_INVALID_OPERATION",
    -61: "CL_INVALID_BUFFER_SIZE",
    -63: "CL_INVALID_GLOBAL_WORK_SIZE",
}
"""What statuses are called."""

DEVICE_TYPE_ALL = 0xFFFFFFFF
DEVICE_TYPE, DEVICE_TYPE_CPU = 0x1000, 1 << 1
DEVICE_SINGLE_FP_CONFIG = 0x101B
DEVICE_NAME = 0x102B
DEVICE_PLATFORM = 0x1031
DEVICE_SVM_CAPABILITIES = 0x1053
DEVICE_IL_VERSION = 0x105B
FP_CORRECTLY_ROUNDED_DIVIDE_SQRT = 1 << 7
DRIVER_VERSION = 0x102D
DEVICE_VERSION = 0x102F
PROGRAM_BINARY_SIZES = 0x1165
PROGRAM_BINARIES = 0x1166
PROGRAM_BUILD_LOG = 0x1183
EVENT_COMMAND_EXECUTION_STATUS = 0x11D3
MEM_READ_WRITE = 1
QUEUE_PROPERTIES, QUEUE_PROFILING_ENABLE = 0x1093, 1 << 1
PROFILING_COMMAND_START, PROFILING_COMMAND_END = 0x1282, 0x1283

_P, _I, _U, _Z = ctypes.c_void_p, ctypes.c_int32, ctypes.c_uint32, ctypes.c_size_t
_WAITS = (_U, _P, _P)  # events to wait for, and the event that is made
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "clGetPlatformIDs": (_I, (_U, _P, _P)),
    "clGetDeviceIDs": (_I, (_P, ctypes.c_uint64, _U, _P, _P)),
    "clGetExtensionFunctionAddressForPlatform": (_P, (_P, ctypes.c_char_p)),
    "clGetDeviceInfo": (_I, (_P, _U, _Z, _P, _P)),
    "clCreateContext": (_P, (_P, _U, _P, _P, _P, _P)),
    "clCreateCommandQueueWithProperties": (_P, (_P, _P, _P, _P)),
    "clCreateProgramWithIL": (_P, (_P, _P, _Z, _P)),
    "clCreateProgramWithBinary": (_P, (_P, _U, _P, _P, _P, _P, _P)),
    "clGetProgramInfo": (_I, (_P, _U, _Z, _P, _P)),
    "clBuildProgram": (_I, (_P, _U, _P, ctypes.c_char_p, _P, _P)),
    "clGetProgramBuildInfo": (_I, (_P, _P, _U, _Z, _P, _P)),
    "clReleaseProgram": (_I, (_P,)),
    "clCreateKernel": (_P, (_P, ctypes.c_char_p, _P)),
    "clReleaseKernel": (_I, (_P,)),
    "clSetKernelArg": (_I, (_P, _U, _Z, _P)),
    "clSetKernelArgSVMPointer": (_I, (_P, _U, _P)),
    "clSVMAlloc": (_P, (_P, ctypes.c_uint64, _Z, _U)),
    "clSVMFree": (None, (_P, _P)),
    "clEnqueueSVMMemcpy": (_I, (_P, _U, _P, _P, _Z, *_WAITS)),
    "clEnqueueSVMMemFill": (_I, (_P, _P, _P, _Z, _Z, *_WAITS)),
    "clEnqueueNDRangeKernel": (_I, (_P, _P, _U, _P, _P, _P, *_WAITS)),
    "clEnqueueMarkerWithWaitList": (_I, (_P, *_WAITS)),
    "clEnqueueBarrierWithWaitList": (_I, (_P, *_WAITS)),
    "clGetEventInfo": (_I, (_P, _U, _Z, _P, _P)),
    "clGetEventProfilingInfo": (_I, (_P, _U, _Z, _P, _P)),
    "clReleaseEvent": (_I, (_P,)),
    "clFlush": (_I, (_P,)),
    "clFinish": (_I, (_P,)),
}


@cache
def library() -> Any:
    """The library, whose functions have their types. Raises OSError where there is none."""
    found = _of_package("libOpenCL.so.1")
    if found:
        for name in _NEEDED:
            ctypes.CDLL(os.path.join(os.path.dirname(found), name))
    loaded = ctypes.CDLL(found or "libOpenCL.so.1")
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, list(arguments)
    return loaded


def addresses() -> dict[str, int]:
    """The functions' addresses, by name."""
    return {name: ctypes.cast(getattr(library(), name), ctypes.c_void_p).value or 0 for name in _FUNCTIONS}


def devices() -> list[int]:
    """The devices that there are, in the order of the drivers. Raises OSError where there is no library."""
    with _drivers():
        platforms = _list(library().clGetPlatformIDs)
    return [device for each in platforms for device in _list(library().clGetDeviceIDs, each, DEVICE_TYPE_ALL)]


def information(device: int, what: int) -> bytes:
    """A property of a device; nothing where the device does not know it."""
    size = ctypes.c_size_t()
    if library().clGetDeviceInfo(device, what, 0, None, ctypes.byref(size)):
        return b""
    room = ctypes.create_string_buffer(size.value)
    library().clGetDeviceInfo(device, what, size, room, None)
    return room.raw


def extension(device: int, name: str) -> int:
    """The address of a function of an extension; 0 where there is none."""
    platform = number(device, DEVICE_PLATFORM)
    return int(library().clGetExtensionFunctionAddressForPlatform(platform, name.encode()) or 0)


def number(device: int, what: int) -> int:
    """A property of a device that is a number; 0 where the device does not know it."""
    return int.from_bytes(information(device, what), "little")


def text(device: int, what: int) -> str:
    """A property of a device that is a text."""
    return information(device, what).rstrip(b"\0").decode(errors="replace").strip()


def explain(status: int) -> str:
    """What a status is called."""
    return ERRORS.get(status, f"status {status}")


def _list(function: Any, *arguments: Any) -> Sequence[int]:
    count = ctypes.c_uint32()
    status = function(*arguments, 0, None, ctypes.byref(count))
    if status in (DEVICE_NOT_FOUND, PLATFORM_NOT_FOUND) or not count.value:
        return []
    if status:
        raise OSError(f"OpenCL: {explain(status)}")
    handles = (ctypes.c_void_p * count.value)()
    function(*arguments, count, handles, None)
    return [int(handle) for handle in handles if handle]


@cache
def _of_package(name: str) -> str | None:
    """A file that the package has."""
    try:
        files = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return None
    paths = (Path(os.fspath(file.locate())) for file in files if file.name == name)
    return next((str(path.resolve().parent / name) for path in paths if path.exists()), None)


@contextmanager
def _drivers() -> Iterator[None]:
    """Within, the loader finds the package's driver besides those of the system: it looks once, when first called."""
    driver = _of_package("libintelocl.so")
    if driver is None or any(os.environ.get(name) for name in _VARIABLES):
        yield
        return
    os.environ[_VARIABLES[1]] = driver
    try:
        yield
    finally:
        del os.environ[_VARIABLES[1]]
