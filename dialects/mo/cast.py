# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cast`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import conversion, dtypes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Cast"]


class Cast(Mo.Operation, name="cast", traits=[t.Pure]):
    """The elements in another dtype; the result has the shape and device of the operand.

    | from | to | rule |
    | --- | --- | --- |
    | float | float | to nearest, ties to even; beyond the range infinite, or NaN in `f8E4M3FN`, which has no infinity |
    | integer | float | to nearest, ties to even |
    | float | integer | toward zero; beyond the range the nearest end of it; NaN becomes 0 |
    | integer | integer | the low bits |
    | any | bool | whether it differs from 0 (NaN does) |
    | bool | any | 0 or 1 |
    """

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input) `to` type($result)"
    folds = True

    @staticmethod
    def check(input: TensorType, result: TensorType) -> None:
        if (input.shape, input.device) != (result.shape, result.device):
            wanted = TensorType.get(input.shape, result.dtype, input.device)
            raise VerifyError(f"expected a result with the shape and device of the input, {wanted}; found {result}")

    def fold(self) -> "ir.Value | None":
        return self.input if self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, result: TensorType) -> Array:
        return conversion.cast(input, dtypes.of(result.dtype).numpy)
