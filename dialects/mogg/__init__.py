# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialect `mogg`: kernels, and the programs that launch them."""

from mograph.dialects.mogg.alloc import Alloc
from mograph.dialects.mogg.call import Call
from mograph.dialects.mogg.copy import Copy
from mograph.dialects.mogg.dealloc import Dealloc
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.event_record import EventRecord
from mograph.dialects.mogg.event_wait import EventWait
from mograph.dialects.mogg.kernel import Kernel
from mograph.dialects.mogg.launch import Launch
from mograph.dialects.mogg.program import Program
from mograph.dialects.mogg.return_ import Return
from mograph.dialects.mogg.synchronize import Synchronize
from mograph.dialects.mogg.types import EventType
from mograph.dialects.mogg.view import View

__all__ = [
    "Alloc",
    "Call",
    "Copy",
    "Dealloc",
    "EventRecord",
    "EventType",
    "EventWait",
    "Kernel",
    "Launch",
    "Mogg",
    "Program",
    "Return",
    "Synchronize",
    "View",
]

Mogg.register()
