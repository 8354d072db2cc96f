# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""AMD's matrix units as data: which operation multiplies what, and which lane has which part of it.

From AMD's instruction set guides: "AMD Instinct MI300", chapter 7 (matrix fused multiply-add), "RDNA 3", chapter 7.9,
and "RDNA 4", chapter 7.12 (wave matrix multiply-accumulate).
"""

from mograph._records import record
from mograph.targets.gpu.chip import ALLOW_TF32, Chip


@record
class Unit:
    """An operation that multiplies `size` rows by `size` columns. A lane gives it `take` elements along k of the row or
    column of its number modulo `size`, in the type `operand`; the lanes of that row, in `groups`, have different ones.
    A lane gets the sums of its column for `run` rows together, and then those of the other lanes follow.
    """

    op: str
    size: int
    groups: int
    take: int
    operand: str
    run: int

    def sums(self, subgroup: int) -> int:
        """How many sums a lane gets."""
        return self.size * self.size // subgroup

    def row(self, number: int, others: int) -> int:
        """The row of a lane's sum, for the lanes of the first of `others` groups that share a column."""
        return number // self.run * self.run * others + number % self.run


def _mfma(op: str, size: int, take: int, operand: str) -> Unit:
    return Unit(f"rocdl.mfma.{op}", size, 64 // size, take, operand, 4)


_CDNA: dict[str, tuple[Unit, ...]] = {
    "f32": (_mfma("f32.32x32x2f32", 32, 1, "f32"), _mfma("f32.16x16x4f32", 16, 1, "f32")),
    "f16": (_mfma("f32.32x32x8f16", 32, 4, "vector<4xf16>"), _mfma("f32.16x16x16f16", 16, 4, "vector<4xf16>")),
    "bf16": (
        _mfma("f32.32x32x8bf16.1k", 32, 4, "vector<4xi16>"),
        _mfma("f32.16x16x16bf16.1k", 16, 4, "vector<4xi16>"),
    ),
    "i8": (_mfma("i32.32x32x8i8", 32, 4, "i32"), _mfma("i32.16x16x16i8", 16, 4, "i32")),
}
_F8 = {
    name: (_mfma(f"f32.32x32x16.{op}.{op}", 32, 8, "i64"), _mfma(f"f32.16x16x32.{op}.{op}", 16, 8, "i64"))
    for name, op in (("f8E4M3", "fp8"), ("f8E5M2", "bf8"))
}
_CDNA3 = _CDNA | {"i8": (_mfma("i32.32x32x16.i8", 32, 8, "i64"), _mfma("i32.16x16x32.i8", 16, 8, "i64"))}
_CDNA4 = _CDNA3 | {
    "f16": (_mfma("f32.32x32x16.f16", 32, 8, "vector<8xf16>"), _mfma("f32.16x16x32.f16", 16, 8, "vector<8xf16>")),
    "bf16": (_mfma("f32.32x32x16.bf16", 32, 8, "vector<8xbf16>"), _mfma("f32.16x16x32.bf16", 16, 8, "vector<8xbf16>")),
    "i8": (_mfma("i32.32x32x32.i8", 32, 16, "vector<4xi32>"), _mfma("i32.16x16x64.i8", 16, 16, "vector<4xi32>")),
}
_XF32 = (
    _mfma("f32.32x32x4.xf32", 32, 2, "vector<2xf32>"),
    _mfma("f32.16x16x8.xf32", 16, 2, "vector<2xf32>"),
)
"""What gfx942 calls tf32."""
_CDNA3 |= {f"{name}FNUZ": units for name, units in _F8.items()}  # the same operations, but of other floats
_CDNA4 |= {"f8E4M3FN": _F8["f8E4M3"], "f8E5M2": _F8["f8E5M2"]}  # those of the OCP's specification
_WMMA = "rocdl.wmma.f32.16x16x16."
_RDNA3: dict[str, tuple[Unit, ...]] = {
    "f16": (Unit(f"{_WMMA}f16", 16, 1, 16, "vector<16xf16>", 1),),
    "bf16": (Unit(f"{_WMMA}bf16", 16, 1, 16, "vector<16xi16>", 1),),
}
_RDNA4: dict[str, tuple[Unit, ...]] = {
    "f16": (Unit(f"{_WMMA}f16", 16, 2, 8, "vector<8xf16>", 8),),
    "bf16": (Unit(f"{_WMMA}bf16", 16, 2, 8, "vector<8xi16>", 8),),
    "f8E4M3FN": (Unit(f"{_WMMA}fp8_fp8", 16, 2, 8, "vector<2xi32>", 8),),
    "f8E5M2": (Unit(f"{_WMMA}bf8_bf8", 16, 2, 8, "vector<2xi32>", 8),),
}
_UNITS = {"gfx90a": _CDNA, "gfx942": _CDNA3, "gfx950": _CDNA4, "gfx1100": _RDNA3, "gfx1201": _RDNA4}


def units_of(chip: Chip, element: str) -> tuple[Unit, ...]:
    """The units of a chip for elements of a type, the largest first; none where it has none."""
    if element == "f32" and chip.has("xf32") and chip.has(ALLOW_TF32):
        return _XF32
    return _UNITS[chip.name].get(element, ())
