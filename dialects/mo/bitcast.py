# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.bitcast`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Bitcast"]


class Bitcast(Mo.Operation, name="bitcast", traits=[t.Pure]):
    """The bits of the elements as those of another dtype of as many bits.

    The result has the shape and device of the operand. A bool has 8 bits: false is 0 and true is 1, and of the others
    all but 0 become true.
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
        if _width(input.dtype) != _width(result.dtype):
            raise VerifyError(
                f"expected a dtype of {_width(input.dtype)} bits, as {input.dtype} has; "
                f"found {result.dtype}, which has {_width(result.dtype)}"
            )

    def fold(self) -> "ir.Value | None":
        return self.input if self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, result: TensorType) -> Array:
        target = dtypes.of(result.dtype).numpy
        if target.kind == "b":
            return np.asarray(input.view(np.uint8) != 0)
        return np.atleast_1d(input).view(target).reshape(input.shape)


def _width(dtype: object) -> int:
    found = dtypes.of(dtype)
    return 8 if found.kind == "bool" else found.bits
