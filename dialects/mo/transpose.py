# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.transpose`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mlir import ir

    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Transpose"]


class TransposeOfTranspose(RewritePattern, root="mo.transpose"):
    """Two transpositions are one."""

    def match_and_rewrite(self, op: "Transpose", rewriter: "Rewriter") -> "bool | None":
        inner = getattr(op.input.owner, "opview", None)
        if not isinstance(inner, Transpose):
            return rewriter.notify_match_failure(op, "its operand is no transposition")
        perm = [inner.perm[axis] for axis in op.perm]
        rewriter.replace(op, Transpose.build(inner.input, perm=perm))
        return True


class Transpose(Mo.Operation, name="transpose", traits=[t.Pure]):
    """The dimensions in another order: dimension i of the result is dimension `perm[i]` of the input.

    `perm` holds each number below the rank once.
    """

    input: Operand[TensorType]
    perm: Attribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input `perm` `=` $perm attr-dict `:` type($input)"
    folds = True
    canonicalizers = [TransposeOfTranspose]

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
