# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long compiled models take on some inputs: on the processor by the host's clock, on a device by the device's."""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np

from mograph.engine.model import Model
from mograph.targets.devices.function import DeviceFunction

__all__ = ["OnDevice", "on_inputs", "seconds"]


class OnDevice:
    """A model's function on buffers of its device, into which inputs are copied once: called, it gives arrays."""

    def __init__(self, function: DeviceFunction, inputs: Mapping[str, Any]) -> None:
        self._function, device = function, function.device
        self._buffers = [device.buffer(np.ascontiguousarray(inputs[arg.name])) for arg in function.signature.inputs]

    def __call__(self) -> Any:
        """The results of a run. Raises the errors of a call."""
        return tuple(each.numpy() for each in self._function.run(self._buffers).outputs)

    def seconds(self, calls: int) -> float:
        """How long so many runs take: what is launched by the device's clock, and a model that reads from the device to
        decide how it goes on by the host's. Raises the errors of a call.
        """
        device = self._function.device
        try:
            ran = self._function.run(self._buffers, keep=True)
        except ValueError:
            device.wait()
            start = perf_counter()
            for _ in range(calls):
                self._function.run(self._buffers)
            device.wait()
            return perf_counter() - start
        assert ran.commands is not None
        return device.seconds(ran.commands, calls)


def on_inputs(model: Model, inputs: Mapping[str, Any]) -> Callable[[], Any]:
    """A compiled model on arrays by the names of its inputs."""
    function = model._function
    return OnDevice(function, inputs) if isinstance(function, DeviceFunction) else lambda: model(**inputs)


def seconds(call: Callable[[], Any], calls: int) -> float:
    """How long so many calls take."""
    if isinstance(call, OnDevice):
        return call.seconds(calls)
    start = perf_counter()
    for _ in range(calls):
        call()
    return perf_counter() - start
