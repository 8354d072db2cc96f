# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawn graphs of all operations give on a device what they give interpreted."""

import pytest
from campaign import check, compiled, one
from recipes import DRAWN

from mograph.targets.devices import DeviceError, open_device

DEVICE = "opencl:0"


@pytest.fixture(autouse=True)
def _there() -> None:
    try:
        open_device(DEVICE)
    except DeviceError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", DRAWN)
def test_operations(name: str) -> None:
    graph = one(name, 0, DRAWN.index(name))
    check(graph, compiled([graph], DEVICE)[graph.name])
