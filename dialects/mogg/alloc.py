# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.alloc`."""

import mlir.ir as ir

from mograph.dialects.kit import Allocate, Attribute, Operands, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg
from mograph.dialects.mogg.types import MEMORY

__all__ = ["Alloc"]


class Alloc(Mogg.Operation, name="alloc"):
    """A new buffer on a device, whose elements are not set. `extents` are the dynamic ones of its type, in order."""

    extents: Operands[c.Index]
    device: Attribute[c.Label] = "cpu"
    alignment: Attribute[c.IntAttr(minimum=1)] = 64
    result: Result[c.MemRef()]
    effects = (Allocate(MEMORY, on="result"),)
    assembly_format = "`(` $extents `)` attr-dict `:` type($result)"

    def verify(self) -> None:
        type_ = ir.MemRefType(self.result.type)
        dynamic = sum(type_.is_dynamic_dim(axis) for axis in range(type_.rank))
        if len(self.extents) != dynamic:
            raise self.error(f"expected an extent for each of {dynamic} dynamic dimensions, found {len(self.extents)}")
        if type_.layout != ir.AffineMapAttr.get(ir.AffineMap.get_identity(type_.rank)):
            raise self.error(f"expected a buffer without strides, found {type_}")
        if self.alignment & (self.alignment - 1):
            raise self.error(f"expected an alignment that is a power of two, found {self.alignment}")
