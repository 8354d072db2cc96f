# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.transpose`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.canonical import layout
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Transpose"]


class Transpose(Mo.Operation, name="transpose", traits=[t.Pure]):
    """The dimensions in another order: dimension i of the result is dimension `perm[i]` of the input.

    `perm` holds each number below the rank once.
    """

    input: Operand[TensorType]
    perm: Attribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input `perm` `=` $perm attr-dict `:` type($input)"
    folds = True
    canonicalizers = [
        layout.TransposeOfTranspose,
        layout.TransposeIsReshape,
        layout.TransposeOfBroadcast,
        layout.TransposesAround,
    ]

    @staticmethod
    def infer(input: TensorType, perm: tuple[int, ...]) -> TensorType:
        if sorted(perm) != list(range(len(input.shape))):
            raise VerifyError(f"expected perm to hold each of 0 to {len(input.shape) - 1} once, found {list(perm)}")
        return TensorType.get(tuple(input.shape[axis] for axis in perm), input.dtype, input.device)

    def fold(self) -> "ir.Value | None":
        return self.input if list(self.perm) == sorted(self.perm) else None

    @staticmethod
    def evaluate(input: Array, perm: tuple[int, ...]) -> Array:
        return np.transpose(input, perm)
