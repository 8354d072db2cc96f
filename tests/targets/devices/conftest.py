# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Devices of tests."""

from collections.abc import Sequence

import pytest

from mograph.targets.devices.recording import RecordingDevice


@pytest.fixture
def device() -> RecordingDevice:
    """A recording device on which the kernel `double` (from, to, count) doubles floats."""
    device = RecordingDevice()

    def double(words: Sequence[int], grid: tuple[int, int, int], block: tuple[int, int, int]) -> None:
        x, y, n = words
        device.view(y, [n], "f4")[:] = 2 * device.view(x, [n], "f4")

    device.kernels["double"] = double
    return device
