# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element types as the lowering sees them: what is stored, and what is computed with.

Upstream's arithmetic takes signless integers, so the sign is kept here, beside the value. Floats of 16 and 8 bits are
stored as such and computed in f32. Those that upstream's CPU lowering does not know, and integers narrower than a byte,
are stored as the bytes that hold their bits.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["BOOL", "DTYPES", "F32", "F64", "INDEX", "SI64", "DType", "dtype_of"]


_FINITE = {"f8E4M3FN": 448.0, "f8E4M3FNUZ": 240.0, "f8E5M2FNUZ": 57344.0, "f4E2M1FN": 6.0, "f8E8M0FNU": 2.0**127}
"""The largest value of floats that have no infinity."""

_BYTES = frozenset({"si4", "ui4", "si2", "ui2", "f4E2M1FN", "f8E4M3FNUZ", "f8E5M2FNUZ", "f8E8M0FNU"})
"""The dtypes that are stored as i8: their bits in the low bits of a byte, the others 0."""


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
        if self.name in _BYTES:
            return "i8"
        return f"i{self.bits}" if self.kind in ("signed", "unsigned") else self.name

    @property
    def as_bytes(self) -> bool:
        """Whether its values are bytes that hold its bits."""
        return self.name in _BYTES

    @property
    def compute(self) -> DType:
        """The type that arithmetic on it is done in: f32 for narrower floats, integers of 8 bits for narrower ones,
        else itself.
        """
        if self.name in _BYTES and self.kind != "float":
            return DTYPES[f"{self.name[:2]}8"]
        return F32 if self.kind == "float" and self.bits < 32 else self

    @property
    def lowest(self) -> float | int:
        """The smallest value: minus infinity where there is one. Of integers and floats."""
        if self.name == "f8E8M0FNU":
            return 2.0**-127
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
        *(DType(f"si{bits}", "signed", bits) for bits in (2, 4, 8, 16, 32)),
        SI64,
        *(DType(f"ui{bits}", "unsigned", bits) for bits in (2, 4, 8, 16, 32, 64)),
        DType("f4E2M1FN", "float", 4),
        *(DType(f"f8{layout}", "float", 8) for layout in ("E4M3FN", "E5M2", "E4M3FNUZ", "E5M2FNUZ", "E8M0FNU")),
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
