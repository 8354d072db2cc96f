# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.dealloc`."""

from mograph.dialects.kit import Free, Operand
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.types import MEMORY

__all__ = ["Dealloc"]


class Dealloc(Mogg.Operation, name="dealloc"):
    """Gives a buffer back. What is on streams at that moment may still use it: the memory is free after that."""

    buffer: Operand[c.MemRef()]
    effects = (Free(MEMORY, on="buffer"),)
    assembly_format = "$buffer attr-dict `:` type($buffer)"
