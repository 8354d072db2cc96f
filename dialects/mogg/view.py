# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.view`."""

import mlir.ir as ir

from mograph.dialects.kit import Attribute, Operand, Operands, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["DYNAMIC", "View"]

DYNAMIC = -(2**63)
"""Stands in `offsets`, `sizes` and `strides` for a number that is an operand."""


class View(Mogg.Operation, name="view", traits=[t.Pure]):
    """A slice of a buffer, which shares its memory: writing to one changes the other.

    In dimension `i` it starts at `offsets[i]` and has `sizes[i]` elements, `strides[i]` apart. Numbers that are known
    only when the program runs are `-9223372036854775808` there, and come as operands, in this order. The slice lies
    within the buffer. The result's type has the sizes as extents, and the strides of the buffer times these as strides.
    """

    source: Operand[c.MemRef()]
    numbers: Operands[c.Index]
    offsets: Attribute[c.DenseI64ArrayAttr]
    sizes: Attribute[c.DenseI64ArrayAttr]
    strides: Attribute[c.DenseI64ArrayAttr]
    result: Result[c.MemRef()]
    assembly_format = "$source `[` $numbers `]` attr-dict `:` type($source) `to` type($result)"

    def verify(self) -> None:
        source, result = ir.MemRefType(self.source.type), ir.MemRefType(self.result.type)
        if source.element_type != result.element_type:
            raise self.error(f"expected a view of {source.element_type}, found one of {result.element_type}")
        if result.rank != source.rank:
            raise self.error(f"expected a view of rank {source.rank}, found rank {result.rank}")
        lists = {"offsets": self.offsets, "sizes": self.sizes, "strides": self.strides}
        for name, values in lists.items():
            if len(values) != source.rank:
                raise self.error(f"expected {source.rank} {name}, found {len(values)}")
        dynamic = sum(value == DYNAMIC for values in lists.values() for value in values)
        if len(self.numbers) != dynamic:
            raise self.error(f"expected {dynamic} numbers as operands, found {len(self.numbers)}")
        for axis in range(source.rank):
            self._verify_axis(axis, source, result)

    def _verify_axis(self, axis: int, source: ir.MemRefType, result: ir.MemRefType) -> None:
        offset, size, stride = self.offsets[axis], self.sizes[axis], self.strides[axis]
        known = not result.is_dynamic_dim(axis)
        if known != (size != DYNAMIC) or (known and result.shape[axis] != size):
            raise self.error(f"expected a result whose extent in dimension {axis} is the size, found {result}")
        if DYNAMIC not in (offset, size, stride) and not source.is_dynamic_dim(axis) and size:
            last = offset + (size - 1) * stride
            if offset < 0 or not 0 <= last < source.shape[axis]:
                raise self.error(f"reaches element {last} of dimension {axis}, which has {source.shape[axis]}")
