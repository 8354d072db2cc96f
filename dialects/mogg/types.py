# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types of `mogg`."""

from mograph.dialects.mogg.dialect import Mogg

__all__ = ["MEMORY", "EventType"]

MEMORY = "memory"
"""The resource of the effects on buffers."""


class EventType(Mogg.Type, name="event"):
    """A moment on a stream: everything that was put on the stream before is done."""

    assembly_format = ""
