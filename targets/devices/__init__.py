# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Devices that kernels run on: one interface, and its implementations, which are imported when they are opened."""

from mograph.targets.devices.device import Device, DeviceError, Graph, Module, open_device

__all__ = ["Device", "DeviceError", "Graph", "Module", "open_device"]
