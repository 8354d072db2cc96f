# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.copy`."""

import mlir.ir as ir

from mograph.dialects.kit import Attribute, Operand, Read, Write
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.types import MEMORY

__all__ = ["Copy"]


class Copy(Mogg.Operation, name="copy"):
    """Copies the elements of a buffer to another of the same shape and dtype, which may lie on another device.

    It is put on the stream of this number, of the target's device. The buffers do not overlap.
    """

    source: Operand[c.MemRef()]
    target: Operand[c.MemRef()]
    stream: Attribute[c.IntAttr(minimum=0)] = 0
    effects = (Read(MEMORY, on="source"), Write(MEMORY, on="target"))
    assembly_format = "$source `to` $target attr-dict `:` type($source) `to` type($target)"

    def verify(self) -> None:
        source, target = ir.MemRefType(self.source.type), ir.MemRefType(self.target.type)
        if source.element_type != target.element_type:
            raise self.error(f"expected buffers of one dtype, found {source.element_type} and {target.element_type}")
        if source.rank != target.rank:
            raise self.error(f"expected buffers of one rank, found {source.rank} and {target.rank}")
        for axis, (a, b) in enumerate(zip(source.shape, target.shape, strict=True)):
            if a != b and not source.is_dynamic_dim(axis) and not target.is_dynamic_dim(axis):
                raise self.error(f"expected buffers of one shape, found the extents {a} and {b} in dimension {axis}")
