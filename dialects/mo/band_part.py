# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.band_part` and `mo.trilu`: matrices with zeros beyond some of their diagonals."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.shape_operand import require_extent_operand
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["BandPart", "Trilu"]


def _require_matrices(input: TensorType) -> TensorType:
    if len(input.shape) < 2:
        raise VerifyError(f"expected an input of rank 2 or more, found {shapes.text(input.shape)}")
    return input


def _right_of_diagonal(input: Array) -> Array:
    """For each element of the matrices, how far it lies to the right of their diagonal."""
    return np.arange(input.shape[-1]) - np.arange(input.shape[-2])[:, None]


class BandPart(Mo.Operation, name="band_part", traits=[t.Pure]):
    """The matrices of the last two dimensions with zeros everywhere but in a band around the diagonal.

    It holds the diagonal, `lower` diagonals below it and `upper` above it; a negative number stands for all of them.
    """

    input: Operand[TensorType]
    lower: Attribute[c.I64Attr]
    upper: Attribute[c.I64Attr]
    result: Result[TensorType]
    assembly_format = "$input `lower` `=` $lower `upper` `=` $upper attr-dict `:` type($input)"
    folds = True

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        return _require_matrices(input)

    def fold(self) -> "ir.Value | None":
        return self.input if self.lower < 0 and self.upper < 0 else None

    @staticmethod
    def evaluate(input: Array, lower: int, upper: int) -> Array:
        right = _right_of_diagonal(input)
        kept = (right >= -lower if lower >= 0 else True) & (right <= upper if upper >= 0 else True)
        return np.where(kept, input, np.array(0).astype(input.dtype))


class Trilu(Mo.Operation, name="trilu", traits=[t.Pure]):
    """The upper or the lower triangle of the matrices of the last two dimensions, with zeros elsewhere.

    The upper triangle is the diagonal `k` and what lies above it, the lower one that and what lies below; diagonal k, a
    host tensor of rank 0 and dtype si64, lies k elements above the main one, which is 0, the default.
    """

    input: Operand[TensorType]
    k: OptionalOperand[TensorType]
    upper: Attribute[c.BoolAttr] = True
    result: Result[TensorType]
    assembly_format = "$input (`,` $k^)? (`upper` `=` $upper^)? attr-dict `:` type($input)  (`,` type($k)^)?"
    folds = True

    @staticmethod
    def infer(input: TensorType, k: TensorType | None) -> TensorType:
        if k is not None:
            require_extent_operand("k", k)
        return _require_matrices(input)

    @staticmethod
    def evaluate(input: Array, k: Array | None, upper: bool) -> Array:
        right, diagonal = _right_of_diagonal(input), 0 if k is None else int(k)
        return np.where(right >= diagonal if upper else right <= diagonal, input, np.array(0).astype(input.dtype))
