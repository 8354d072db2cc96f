# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.event.record`."""

from mograph.dialects.kit import Attribute, Result, Write
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.types import EventType

__all__ = ["STREAMS", "EventRecord"]

STREAMS = "streams"
"""The resource of the effects on streams."""


class EventRecord(Mogg.Operation, name="event.record"):
    """The moment at which all is done that is on a stream of a device by now."""

    device: Attribute[c.Label] = "cpu"
    stream: Attribute[c.IntAttr(minimum=0)] = 0
    event: Result[EventType]
    effects = (Write(STREAMS),)
    assembly_format = "attr-dict"

    @staticmethod
    def infer() -> EventType:
        return EventType.get()
