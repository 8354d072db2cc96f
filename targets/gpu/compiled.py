# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for a device: kernels, and the host code that launches them; stored, restored and loaded."""

from collections.abc import Mapping
from typing import Any

from mograph._records import record
from mograph.targets.cpu.compiled import Compiled, check_fit, check_host
from mograph.targets.cpu.host import this_host
from mograph.targets.cpu.objects import Library
from mograph.targets.devices import Device
from mograph.targets.devices.buffer import sharing
from mograph.targets.devices.function import DeviceFunction
from mograph.targets.gpu.image import Image
from mograph.targets.signature import Signature

PROGRAM = "mograph_device_program"
"""What host code knows its program by."""


@record
class DeviceCode:
    """Kernels, and native code of the host that launches them. Plain data, which can be stored."""

    host: Compiled
    image: Image

    @property
    def object(self) -> bytes:
        """The host's code, then that of the kernels."""
        return self.host.object + self.image.code

    def describe(self) -> dict[str, Any]:
        """All but the code, as values that JSON has."""
        return {"host": self.host.describe(), "image": self.image.describe()}

    @staticmethod
    def restore(description: Mapping[str, Any], code: bytes) -> "DeviceCode":
        """What `describe` described. Raises KeyError, TypeError or ValueError for any other description."""
        end = sum(map(int, description["host"]["sizes"]))
        if end > len(code):
            raise ValueError(f"expected host code of {end} bytes, found {len(code)} in all")
        host = Compiled.restore(description["host"], code[:end])
        return DeviceCode(host, Image.restore(description["image"], code[end:]))


class DeviceLibrary:
    """Code that was loaded to a device: its entries by name. Within `sharing()`, a weight that several functions have
    moves to the device once.
    """

    sharing = staticmethod(sharing)

    def __init__(self, code: DeviceCode, device: Device) -> None:
        self.device = device
        self.program, self._module = device.program(code.image)
        self._library = Library(code.host.objects, code.host.host, symbols={PROGRAM: self.program.address})
        self.entries = {entry.name: entry for entry in code.host.entries}

    def function(self, signature: Signature, weights: Mapping[str, Any] | None = None) -> DeviceFunction:
        """A callable for the entry `signature.name`, with its weights on the device.

        Raises ValueError when there is no such entry or it does not fit the signature, and TypeError or ValueError for
        weights that do not fit.
        """
        entry = self.entries.get(signature.name)
        if entry is None:
            raise ValueError(f"no entry {signature.name!r}, there are: {', '.join(self.entries) or 'none'}")
        check_fit(entry, signature)
        address = self._library.address(entry.symbol)
        return DeviceFunction(signature, self.device, self.program, address, weights or {}, self)


def load(code: DeviceCode, device: Device) -> DeviceLibrary:
    """Loads code to a device. Raises ValueError where the host is another machine, and the device's errors."""
    check_host(code.host.host, this_host())
    return DeviceLibrary(code, device)
