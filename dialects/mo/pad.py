# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.pad`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.padding import MODES, padded, require_value
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Pad"]


class Pad(Mo.Operation, name="pad", traits=[t.Pure]):
    """The tensor with `low[i]` elements more before axis i, and `high[i]` after it.

    These are `value`, of rank 0 and the input's dtype, by default 0, in mode `constant`; in mode `edge` the nearest
    element, in mode `reflect` those mirrored at the first and the last element, which do not occur twice, and in mode
    `wrap` those of the other end; mirrored and wrapped as often as it takes. In mode `constant` a negative padding
    takes elements away. The result's extents are the input's plus both paddings, and not negative; in the other modes
    an axis that is padded is not empty.
    """

    input: Operand[TensorType]
    low: Attribute[c.DenseI64ArrayAttr]
    high: Attribute[c.DenseI64ArrayAttr]
    value: OptionalOperand[TensorType]
    mode: Attribute[c.EnumAttr(*MODES)] = "constant"
    result: Result[TensorType]
    assembly_format = (
        "$input (`,` $value^)? `low` `=` $low `high` `=` $high (`mode` `=` $mode^)? "
        "attr-dict `:` type($input) (`,` type($value)^)?"
    )
    folds = True

    @staticmethod
    def infer(
        input: TensorType, value: TensorType | None, low: tuple[int, ...], high: tuple[int, ...], mode: str
    ) -> TensorType:
        require_value(input, value, mode)
        rank = len(input.shape)
        for name, given in (("low", low), ("high", high)):
            if len(given) != rank:
                raise VerifyError(f"expected {rank} paddings in {name}, one for each axis; found {len(given)}")
            if mode != "constant" and any(padding < 0 for padding in given):
                raise VerifyError(f"expected paddings of 0 or more in mode {mode}, found {name} = {list(given)}")
        shape = tuple(extent + before + after for extent, before, after in zip(input.shape, low, high, strict=True))
        for axis, (extent, source) in enumerate(zip(shape, input.shape, strict=True)):
            if isinstance(extent, int) and extent < 0:
                raise VerifyError(f"expected an extent of 0 or more on axis {axis}, found {extent}")
            if mode != "constant" and source == 0 and extent != 0:
                raise VerifyError(f"expected elements to repeat on axis {axis}, found none")
        return TensorType.get(shape, input.dtype, input.device)

    def fold(self) -> "ir.Value | None":
        return None if any(self.low) or any(self.high) else self.input

    @staticmethod
    def evaluate(input: Array, value: Array | None, low: tuple[int, ...], high: tuple[int, ...], mode: str) -> Array:
        return padded("mo.pad", input, low, high, value, mode)
