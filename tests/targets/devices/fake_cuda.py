# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A driver of CUDA as functions of Python: memory of the host, a log of calls, and statuses to fail with."""

import ctypes
from collections.abc import Callable
from typing import Any

import numpy

from mograph.targets.devices.cuda_toolkit import FUNCTIONS, Toolkit
from mograph.targets.devices.device import DeviceError
from mograph.targets.gpu.image import Image

_P, _I, _U, _Z = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_size_t
_CONTEXT, _STREAMS, _CAPTURING = 7, [11, 12], 19
_TYPES: dict[str, tuple[Any, ...]] = {
    "cuCtxSetCurrent": (_P,),
    "cuLaunchKernel": (_P, *[_U] * 7, _P, ctypes.POINTER(_P), _P),
    "cuMemcpyDtoDAsync_v2": (_Z, _Z, _Z, _P),
    "cuMemcpyHtoDAsync_v2": (_Z, _P, _Z, _P),
    "cuMemcpyDtoHAsync_v2": (_P, _Z, _Z, _P),
    "cuMemsetD8Async": (_Z, ctypes.c_uint8, _Z, _P),
    "cuEventCreate": (ctypes.POINTER(_P), _U),
    "cuEventDestroy_v2": (_P,),
    "cuEventRecord": (_P, _P),
    "cuStreamWaitEvent": (_P, _P, _U),
    "cuStreamSynchronize": (_P,),
    "cuStreamBeginCapture_v2": (_P, _I),
    "cuStreamEndCapture": (_P, ctypes.POINTER(_P)),
    "cuGraphInstantiateWithFlags": (ctypes.POINTER(_P), _P, ctypes.c_ulonglong),
    "cuGraphDestroy": (_P,),
    "cuGraphLaunch": (_P, _P),
    "cuGraphExecDestroy": (_P,),
}
assert tuple(_TYPES) == FUNCTIONS

_callbacks: list[Any] = []  # a driver's code is never unloaded
Kernel = Callable[[list[int]], None]


class FakeCuda(Toolkit):
    """`calls` has the names of the driver's functions in the order of calls; `fails` the status to return, by name.
    `kernels` are functions of the words of arguments, by number; `block` is that of the last launch.
    """

    def __init__(self) -> None:
        self.memory, self.title = 1 << 32, "a fake"
        self.chip, self.context, self.streams, self.capturing = "sm_90a", _CONTEXT, _STREAMS, _CAPTURING
        self.calls: list[str] = []
        self.fails: dict[str, int] = {}
        self.kernels: dict[int, tuple[int, Kernel]] = {}
        self.launched: list[tuple[Any, ...]] = []
        self.graphs: dict[int, list[Callable[[], None]]] = {}
        self.joined: list[int] = []
        self.handed: list[int] = []
        self.allowed: dict[int, int] = {}
        self._recording: list[Callable[[], None]] | None = None
        self._next = 100
        self.functions: dict[str, int] = {}
        for name, types in _TYPES.items():
            callback = ctypes.CFUNCTYPE(_I, *types)(self._function(name))
            _callbacks.append(callback)
            self.functions[name] = ctypes.cast(callback, _P).value or 0

    def allocate(self, size: int) -> tuple[int, Any]:
        array = numpy.zeros(size + 256, numpy.uint8)
        return int(array.ctypes.data) + -int(array.ctypes.data) % 256, array

    def release(self, allocation: Any) -> None:
        assert isinstance(allocation, numpy.ndarray)

    def load(self, image: Image) -> tuple[list[int], object]:
        if not image.code:
            raise DeviceError("no code")
        return [number + 1 for number in range(len(image.kernels))], None

    def allow_shared(self, kernel: int, size: int) -> None:
        self.allowed[kernel] = size

    def explain(self, status: int) -> str:
        return {1: "CUDA_ERROR_INVALID_VALUE: invalid argument", 700: "CUDA_ERROR_ILLEGAL_ADDRESS"}[status]

    def timed(self, work: Callable[[], None]) -> float:
        before = len(self.calls)
        work()
        return float(len(self.calls) - before)

    def hand_over(self, stream: int) -> None:
        self.handed.append(stream)

    def join(self, stream: int) -> None:
        self.joined.append(stream)

    def _function(self, name: str) -> Callable[..., int]:
        act = getattr(self, f"_{name}", None)

        def function(*arguments: Any) -> int:
            self.calls.append(name)
            if status := self.fails.get(name):
                return status
            if act is not None:
                act(*arguments)
            return 0

        return function

    def _do(self, stream: int, action: Callable[[], None]) -> None:
        assert stream in (*_STREAMS, _CAPTURING)
        if stream == _CAPTURING:
            assert self._recording is not None
            self._recording.append(action)
        else:
            action()

    def _cuCtxSetCurrent(self, context: int) -> None:  # noqa: N802  # the driver's name
        assert context == _CONTEXT

    def _cuLaunchKernel(self, kernel: int, *rest: Any) -> None:  # noqa: N802  # the driver's name
        *sizes, stream, parameters, extra = rest
        assert extra is None
        count, run = self.kernels.get(kernel, (0, None))
        words = [ctypes.c_int64.from_address(parameters[i]).value for i in range(count)]
        self.launched.append((kernel, tuple(sizes[:3]), tuple(sizes[3:6]), sizes[6], stream))
        if run is not None:
            self._do(stream, lambda: run(words))

    def _copy(self, target: int, source: int, size: int, stream: int) -> None:
        self._do(stream, lambda: ctypes.memmove(target, source, size) and None)

    _cuMemcpyDtoDAsync_v2 = _cuMemcpyHtoDAsync_v2 = _cuMemcpyDtoHAsync_v2 = _copy  # noqa: N815  # the driver's names

    def _cuMemsetD8Async(self, target: int, byte: int, size: int, stream: int) -> None:  # noqa: N802  # the driver's
        self._do(stream, lambda: ctypes.memset(target, byte, size) and None)

    def _cuEventCreate(self, event: Any, flags: int) -> None:  # noqa: N802  # the driver's name
        assert flags == 2
        event[0] = self._number()

    def _cuStreamBeginCapture_v2(self, stream: int, mode: int) -> None:  # noqa: N802  # the driver's name
        assert (stream, mode, self._recording) == (_CAPTURING, 1, None)
        self._recording = []

    def _cuStreamEndCapture(self, stream: int, graph: Any) -> None:  # noqa: N802  # the driver's name
        assert stream == _CAPTURING
        assert self._recording is not None
        graph[0] = self._number()
        self.graphs[graph[0]], self._recording = self._recording, None

    def _cuGraphInstantiateWithFlags(self, executable: Any, graph: int, flags: int) -> None:  # noqa: N802  # the driver's
        assert flags == 1
        executable[0] = self._number()
        self.graphs[executable[0]] = self.graphs[graph]

    def _cuGraphLaunch(self, graph: int, stream: int) -> None:  # noqa: N802  # the driver's name
        assert stream == _STREAMS[0]
        for action in self.graphs[graph]:
            action()

    def _destroy(self, graph: int) -> None:
        del self.graphs[graph]

    _cuGraphDestroy = _cuGraphExecDestroy = _destroy  # noqa: N815  # the driver's names

    def _number(self) -> int:
        self._next += 1
        return self._next
