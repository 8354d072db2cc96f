# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.event.wait`."""

from mograph.dialects.kit import Attribute, Operand, Write
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.event_record import STREAMS
from mograph.dialects.mogg.types import EventType

__all__ = ["EventWait"]


class EventWait(Mogg.Operation, name="event.wait"):
    """What is put on a stream of a device from here on runs after an event; the host does not wait."""

    event: Operand[EventType]
    device: Attribute[c.Label] = "cpu"
    stream: Attribute[c.IntAttr(minimum=0)] = 0
    effects = (Write(STREAMS),)
    assembly_format = "$event attr-dict"
