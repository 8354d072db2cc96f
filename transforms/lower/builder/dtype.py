# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element types as the lowering sees them: what is stored, and what is computed with.

Upstream's arithmetic takes signless integers, so the sign is kept here, beside the value. Floats of 16 and 8 bits are
stored as such and computed in f32.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["BOOL", "DTYPES", "F32", "F64", "INDEX", "SI64", "DType", "dtype_of"]


_FINITE = {"f8E4M3FN": 448.0}
"""The largest value of floats that have no infinity."""


class DType(NamedTuple):
    """One element type."""

    name: str
    """Its text in `mo`, `si32`."""
    kind: str
    """`bool`, `signed`, `unsigned`, `float`, or `index` (signed, of the machine's width)."""
    bits: int
    """Its width; 64 for `index`."""

    @property
    def storage(self) -> str:
        """The builtin type of a value of it, `i32`."""
        return f"i{self.bits}" if self.kind in ("signed", "unsigned") else self.name

    @property
    def compute(self) -> DType:
        """The type that arithmetic on it is done in: f32 for narrower floats, else itself."""
        return F32 if self.kind == "float" and self.bits < 32 else self

    @property
    def lowest(self) -> float | int:
        """The smallest value: minus infinity where there is one. Of integers and floats."""
        if self.kind == "float":
            return -_FINITE.get(self.name, math.inf)
        return -(1 << (self.bits - 1)) if self.kind in ("signed", "index") else 0

    @property
    def highest(self) -> float | int:
        """The largest value: infinity where there is one. Of integers and floats."""
        if self.kind == "float":
            return _FINITE.get(self.name, math.inf)
        return (1 << (self.bits - 1)) - 1 if self.kind in ("signed", "index") else (1 << self.bits) - 1


BOOL = DType("i1", "bool", 1)
SI64 = DType("si64", "signed", 64)
F32 = DType("f32", "float", 32)
F64 = DType("f64", "float", 64)
INDEX = DType("index", "index", 64)

DTYPES = {
    dtype.name: dtype
    for dtype in (
        BOOL,
        *(DType(f"si{bits}", "signed", bits) for bits in (8, 16, 32)),
        SI64,
        *(DType(f"ui{bits}", "unsigned", bits) for bits in (8, 16, 32, 64)),
        DType("f8E4M3FN", "float", 8),
        DType("f8E5M2", "float", 8),
        DType("f16", "float", 16),
        DType("bf16", "float", 16),
        F32,
        F64,
    )
}
"""Every element type of `mo` by its text."""


def dtype_of(element: object) -> DType:
    """The element type `element`, given as `DType`, `ir.Type` or text. Raises `ValueError` for one that `mo` lacks."""
    if isinstance(element, DType):
        return element
    found = DTYPES.get(str(element))
    if found is None:
        raise ValueError(f"expected a dtype among {', '.join(DTYPES)}, found {element}")
    return found
