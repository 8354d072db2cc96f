# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The device on which kernels run."""

import pytest

from mograph import open_device
from mograph.targets.devices import DeviceError


@pytest.fixture(scope="session")
def device() -> str:
    """The device's name; without one, the test is skipped."""
    try:
        open_device("opencl:0")
    except DeviceError as error:
        pytest.skip(str(error))
    return "opencl:0"
