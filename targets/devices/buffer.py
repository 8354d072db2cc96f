# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays in a device's memory."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy

from mograph._runtime import Commands, dlpack

if TYPE_CHECKING:
    from mograph.targets.devices.device import Device

_shared: "ContextVar[dict[tuple[str, int], tuple[Any, Buffer]] | None]" = ContextVar("shared", default=None)


_DLPACK_CODES = {"i": 0, "u": 1, "f": 2, "c": 5, "b": 6}
_DLPACK_BFLOAT = 4


class Buffer:
    """A contiguous array on a device: its `shape`, numpy `dtype`, `device`, and the `address` of its first element.

    It owns its memory, or keeps whom it belongs to. numpy takes it as an array, which is a copy on the host.
    """

    __slots__ = ("_owner", "address", "device", "dtype", "shape")

    def __init__(self, device: "Device", address: int, shape: Sequence[int], dtype: Any, owner: object) -> None:
        self.device = device
        self.address = address
        self.shape = tuple(shape)
        self.dtype = numpy.dtype(dtype)
        self._owner = owner

    @property
    def ndim(self) -> int:
        """How many dimensions it has."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """How many bytes its elements take."""
        return math.prod(self.shape) * int(self.dtype.itemsize)

    def numpy(self) -> Any:
        """A copy on the host, when all is done that was submitted before. Raises DeviceError for what failed of it."""
        array = numpy.empty(self.shape, self.dtype)
        commands = Commands()
        commands.download(array.ctypes.data, self.address, array.nbytes)
        self.device.queue.submit(commands)
        self.device.queue.wait()
        return array

    def copy_from(self, source: Any) -> None:
        """Take over the elements of an array, of the host or of the same device, in place, behind all that was
        submitted before. Raises TypeError and ValueError where its type of elements or shape differs.
        """
        array = source if isinstance(source, Buffer) else numpy.asarray(source)
        if array.dtype != self.dtype:
            raise TypeError(f"expected an array of {self.dtype}, found {array.dtype}")
        if array.shape != self.shape:
            raise ValueError(f"expected an array of shape {self.shape}, found {array.shape}")
        commands = Commands()
        if isinstance(array, Buffer):
            if array.device is not self.device:
                raise ValueError(
                    f"expected an array of the host or of {self.device.name}, found one of {array.device.name}"
                )
            commands.copy(self.address, array.address, self.nbytes)
        else:
            array = numpy.require(array, requirements=["C", "A"])
            commands.upload(self.address, array.ctypes.data, self.nbytes)
        self.device.queue.submit(commands)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if copy is False:
            raise ValueError(f"an array of {self.device.name} cannot be had on the host without a copy")
        return self.numpy() if dtype is None else self.numpy().astype(dtype, copy=False)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """What libraries for CUDA read: of devices of that kind alone."""
        if self.device.kind != "cuda":
            raise AttributeError(f"an array of {self.device.name} is none of CUDA")
        interface = {"shape": self.shape, "typestr": self.dtype.str, "data": (self.address, False), "version": 3}
        return {**interface, "stream": self.device.stream_handle}

    def __dlpack__(
        self,
        *,
        stream: int | None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> object:
        """A capsule over the memory as it is. Raises BufferError for a device or type that DLPack has no number for,
        and where a copy, or another device, is asked for.
        """
        device = self.__dlpack_device__()
        if copy or dl_device not in (None, device):
            raise BufferError(f"an array of {self.device.name} is given as it is and where it is")
        code = _DLPACK_CODES.get(self.dtype.kind) if self.dtype.isbuiltin == 1 else None
        if self.dtype.name == "bfloat16":
            code = _DLPACK_BFLOAT
        if code is None:
            raise BufferError(f"DLPack has no number for elements of type {self.dtype}")
        self.device.hand_over(stream)
        return dlpack(self.address, self.shape, code, 8 * self.dtype.itemsize, *device, self)

    def __dlpack_device__(self) -> tuple[int, int]:
        """DLPack's number of the kind of device, and that of the device. Raises BufferError where there is none."""
        if self.device.dlpack is None:
            raise BufferError(f"an array of {self.device.name} is no array of DLPack")
        return self.device.dlpack

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("an array without dimensions has no length")
        return self.shape[0]

    def __repr__(self) -> str:
        return f"<buffer {self.dtype}[{', '.join(map(str, self.shape))}] on {self.device.name}>"


def empty(device: "Device", shape: Sequence[int], dtype: Any) -> Buffer:
    """An array whose elements are not set. Raises MemoryError, and ValueError for a negative extent."""
    if any(extent < 0 for extent in shape):
        raise ValueError(f"expected extents of 0 and more, found {tuple(shape)}")
    memory = device.queue.allocate(math.prod(shape) * numpy.dtype(dtype).itemsize)
    return Buffer(device, memory.address, shape, dtype, memory)


def uploaded(device: "Device", array: Any) -> Buffer:
    """The device's copy of an array of the host. Raises MemoryError."""
    array = numpy.asarray(array)
    native = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
    buffer = empty(device, native.shape, native.dtype)
    buffer.copy_from(native)
    return buffer


@contextmanager
def sharing() -> Iterator[None]:
    """Within, weights that are the same array move to a device once. They must not change meanwhile."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def weight(device: "Device", array: Any) -> Buffer:
    """The device's copy of a weight. Raises MemoryError."""
    shared = _shared.get()
    if shared is None:
        return uploaded(device, array)
    key = device.name, id(array)
    if key not in shared:
        shared[key] = array, uploaded(device, array)  # the array stays, or another could get its identity
    return shared[key][1]
