# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Callable functions on a device, from an entry of compiled host code and a signature.

What comes from the host goes back to the host: called with arrays, a function uploads them and gives arrays; called
with at least one buffer of the device, it gives buffers, and returns before they are computed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy

from mograph._runtime import Commands, Program
from mograph.targets.calling import Checker, Dims, numpy_dtype
from mograph.targets.devices.buffer import Buffer, uploaded, weight
from mograph.targets.devices.device import Device
from mograph.targets.signature import Arg, Signature

ALIGNED = 16  # bytes, to a multiple of which kernels count on memory to be aligned
_SHAPES = 64  # how many combinations of shapes a function remembers as right


class Ran(NamedTuple):
    """What a run gave: its outputs, and of one that is kept the commands and what they need to be there."""

    outputs: list[Buffer]
    commands: Commands | None
    owned: object


class DeviceFunction:
    """An entry of host code, at the address `entry`, over a `program` of `device`.

    `weights` holds arrays by name, which are uploaded here, or buffers of the device. `keep` is what has to live as
    long as the function. Raises TypeError or ValueError for weights that are missing, superfluous or of another type or
    shape, all of them in one message.
    """

    def __init__(
        self,
        signature: Signature,
        device: Device,
        program: Program,
        entry: int,
        weights: Mapping[str, Any],
        keep: object = None,
    ) -> None:
        from mograph.targets.devices.graphs import Graphs

        self.name = signature.name
        self.signature = signature
        self.device = device
        self.program = program
        self.graphs = Graphs(self)
        dims = Dims(signature)
        self._checker = Checker(signature, dims)
        self._entry = entry
        self._keep = keep
        self._outputs = [(len(arg.dims), int(numpy_dtype(arg.dtype).itemsize)) for arg in signature.outputs]
        self._dtypes = [numpy_dtype(arg.dtype) for arg in signature.outputs]
        self._shapes: set[tuple[tuple[int, ...], ...]] = set()
        arrays = self._checker.weights(weights)
        self._weights = [weight(device, array) for array in arrays]
        self._weight_words = [word for each in self._weights for word in _words(each)]

    def __call__(self, /, *inputs: Any, **named: Any) -> Any:
        """Run it. Raises TypeError, ValueError, MemoryError and DeviceError."""
        values = [self.device.adopt(value) or value for value in self._ordered(inputs, named)]
        host = not any(isinstance(value, Buffer) for value in values)
        buffers = [self._buffer(arg, value) for arg, value in zip(self.signature.inputs, values, strict=True)]
        outputs: list[Any] = self.run(buffers).outputs
        if host:
            outputs = self._downloaded(outputs, buffers, values)
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def run(self, buffers: Sequence[Buffer], keep: bool = False) -> Ran:
        """Run it on buffers that fit its signature; with `keep`, only list what it would do. Raises the errors of a
        call.
        """
        shapes = tuple(buffer.shape for buffer in buffers)
        if shapes not in self._shapes:
            self._checker.refuse_shapes(shapes)
            if len(self._shapes) == _SHAPES:
                self._shapes.clear()
            self._shapes.add(shapes)
        self._check_overlap(buffers)
        words = [word for buffer in buffers for word in _words(buffer)] + self._weight_words
        results, commands, owned = self.program.run(self.name, self._entry, words, self._outputs, keep)
        outputs = [
            Buffer(self.device, memory.address, shape, dtype, memory)
            for (memory, shape), dtype in zip(results, self._dtypes, strict=True)
        ]
        return Ran(outputs, commands, owned)

    def check(self, values: Sequence[Any]) -> None:
        """Raises TypeError or ValueError for what are not as many buffers of the device as there are inputs."""
        self._ordered(values, {})
        for arg, value in zip(self.signature.inputs, values, strict=True):
            if not isinstance(value, Buffer):
                raise TypeError(
                    f"{self.name}: input {arg.name!r} of a graph must be a buffer of {self.device.name}, found"
                    f" {type(value).__name__}"
                )
            self._buffer(arg, value)

    def _ordered(self, inputs: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        args = self.signature.inputs
        rest = [arg.name for arg in args[len(inputs) :]]
        if len(inputs) > len(args) or named.keys() != set(rest):
            self._checker.refuse_arguments(len(inputs), list(named))
        return [*inputs, *(named[name] for name in rest)]

    def _buffer(self, arg: Arg, value: Any) -> Buffer:
        """The value as a buffer of the device: itself, or a copy of an array of the host."""
        if not isinstance(value, Buffer):
            return uploaded(self.device, self._checker.array(arg, value, "input"))
        if value.device is not self.device:
            raise ValueError(
                f"{self.name}: input {arg.name!r} is on {value.device.name}, expected {self.device.name} or the host"
            )
        self._checker.check_type(arg, value.dtype, value.shape, "input")
        if value.address % ALIGNED and value.nbytes:
            raise ValueError(
                f"{self.name}: input {arg.name!r} must start at a multiple of {ALIGNED} bytes, since kernels load"
                f" vectors, found {value.address % ALIGNED} bytes more"
            )
        return value

    def _check_overlap(self, buffers: Sequence[Buffer]) -> None:
        for index, arg in enumerate(self.signature.inputs):
            for other, second in enumerate(buffers):
                first = buffers[index]
                if (
                    arg.mutable
                    and index != other
                    and first.address < second.address + second.nbytes
                    and second.address < first.address + first.nbytes
                ):
                    self._checker.refuse_overlap(index, other)

    def _downloaded(self, outputs: Sequence[Buffer], inputs: Sequence[Buffer], values: Sequence[Any]) -> list[Any]:
        """The outputs as arrays of the host; what was written of the inputs is there, too."""
        arrays = [numpy.empty(buffer.shape, buffer.dtype) for buffer in outputs]
        commands = Commands()
        for array, buffer in zip(arrays, outputs, strict=True):
            commands.download(array.ctypes.data, buffer.address, buffer.nbytes)
        for arg, value, buffer in zip(self.signature.inputs, values, inputs, strict=True):
            if arg.mutable:
                array = self._checker.array(arg, value, "input")
                commands.download(array.ctypes.data, buffer.address, buffer.nbytes)
        self.device.queue.submit(commands)
        self.device.queue.wait()
        return arrays

    def __repr__(self) -> str:
        return f"<compiled function {self.name} on {self.device.name}>"


def _words(buffer: Buffer) -> list[int]:
    """The words of a memref's descriptor."""
    strides = [1] * len(buffer.shape)
    for axis in range(len(strides) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * buffer.shape[axis + 1]
    return [0, buffer.address, 0, *buffer.shape, *strides]
