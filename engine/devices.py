# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Devices and arrays on them, by the devices' names."""

from typing import Any

from mograph.targets.devices.buffer import Buffer
from mograph.targets.devices.device import Device, DeviceError, open_device
from mograph.targets.devices.graphs import CaptureError

__all__ = ["Buffer", "CaptureError", "Device", "DeviceError", "buffer", "open_device"]


def buffer(array: Any, device: str) -> Buffer:
    """A copy of an array in the memory of a device: `buffer(x, "cuda:0")`.

    Raises ValueError for a kind of device that there is not, `DeviceError` for a device that is not there, and
    MemoryError.
    """
    return open_device(device).buffer(array)
