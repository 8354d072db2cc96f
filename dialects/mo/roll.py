# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.roll`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Roll"]


class Roll(Mo.Operation, name="roll", traits=[t.Pure]):
    """The elements moved on by `shifts[i]` along `axes[i]`; what is moved beyond the end comes in at the front.

    Negative shifts move them back, and negative axes count from the end. Axes are distinct.
    """

    input: Operand[TensorType]
    shifts: Attribute[c.DenseI64ArrayAttr]
    axes: Attribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input `shifts` `=` $shifts `axes` `=` $axes attr-dict `:` type($input)"
    folds = True

    @staticmethod
    def infer(input: TensorType, shifts: tuple[int, ...], axes: tuple[int, ...]) -> TensorType:
        shapes.axes_set(axes, len(input.shape))
        if len(shifts) != len(axes):
            raise VerifyError(f"expected {len(axes)} shifts, one for each of axes; found {len(shifts)}")
        return input

    def fold(self) -> "ir.Value | None":
        return None if any(self.shifts) else self.input

    @staticmethod
    def evaluate(input: Array, shifts: tuple[int, ...], axes: tuple[int, ...]) -> Array:
        return np.roll(input, shifts, axes) if axes else input
