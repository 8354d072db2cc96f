# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.synchronize`."""

from mograph.dialects.kit import Attribute, Write
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.event_record import STREAMS
from mograph.dialects.mogg.types import MEMORY

__all__ = ["Synchronize"]


class Synchronize(Mogg.Operation, name="synchronize"):
    """The host waits until all is done that is on a stream of a device."""

    device: Attribute[c.Label] = "cpu"
    stream: Attribute[c.IntAttr(minimum=0)] = 0
    effects = (Write(STREAMS), Write(MEMORY))
    assembly_format = "attr-dict"
