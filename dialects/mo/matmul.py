# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.transpose import Transpose
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mlir import ir

    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Matmul", "before_transposition"]


class MatmulOfTranspose(RewritePattern, root="mo.matmul", operands=["mo.transpose"]):
    """A product of a matrix that was transposed, or a stack of them, reads it the other way round."""

    def match_and_rewrite(self, op: "Matmul", rewriter: "Rewriter") -> "bool | None":
        lhs, rhs = before_transposition(op.lhs), before_transposition(op.rhs)
        if lhs is None and rhs is None:
            return rewriter.notify_match_failure(op, "no operand has its last two dimensions exchanged")
        made = Matmul.build(
            op.lhs if lhs is None else lhs,
            op.rhs if rhs is None else rhs,
            transpose_lhs=op.transpose_lhs != (lhs is not None),
            transpose_rhs=op.transpose_rhs != (rhs is not None),
        )
        rewriter.replace(op, made)
        return True


def before_transposition(value: "ir.Value") -> "ir.Value | None":
    """What `value` has the last two dimensions exchanged of; None when it is something else."""
    op = getattr(value.owner, "opview", None)
    if not isinstance(op, Transpose) or len(op.perm) < 2:
        return None
    *before, row, column = op.perm
    rank = len(op.perm)
    return op.input if (*before, column, row) == tuple(range(rank)) else None


class Matmul(Mo.Operation, name="matmul", traits=[t.Pure]):
    """The matrix product of numpy's `matmul`.

    The last two dimensions are those of the matrices, `[.., m, k]` by `[.., k, n]` to `[.., m, n]`; those before them
    broadcast. A vector on the left is a row, one on the right a column, and the dimension that this adds is removed
    from the result. With `transpose_lhs` the matrices of lhs are given transposed, `[.., k, m]`, and with
    `transpose_rhs` those of rhs, `[.., n, k]`; a vector has no such form.

    Operands are integers or floats of equal dtype, on one device. Integers wrap. Sums of floats narrower than f32 are
    accumulated in f32 or wider and rounded once to the dtype; the order of a sum is the target's. The reference
    accumulates in f64.
    """

    lhs: Operand[TensorType]
    rhs: Operand[TensorType]
    transpose_lhs: OptionalAttribute[c.UnitAttr]
    transpose_rhs: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = (
        "$lhs `,` $rhs (`transpose_lhs` $transpose_lhs^)? (`transpose_rhs` $transpose_rhs^)? attr-dict "
        "`:` custom<Types>(type($lhs), type($rhs))"
    )
    folds = True
    canonicalizers = [MatmulOfTranspose]

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType, transpose_lhs: bool = False, transpose_rhs: bool = False) -> TensorType:
        rules.same_dtype(lhs=lhs, rhs=rhs)
        dtypes.require(dtypes.NUMERIC, lhs.dtype)
        rules.same_device(lhs=lhs, rhs=rhs)
        return TensorType.get(product_shape(lhs, rhs, transpose_lhs, transpose_rhs), lhs.dtype, lhs.device)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array, transpose_lhs: bool = False, transpose_rhs: bool = False) -> Array:
        lhs = np.swapaxes(lhs, -1, -2) if transpose_lhs else lhs
        rhs = np.swapaxes(rhs, -1, -2) if transpose_rhs else rhs
        return through_f64(np.matmul, lhs, rhs) if is_float(lhs.dtype) else np.matmul(lhs, rhs)


def product_shape(lhs: TensorType, rhs: TensorType, transpose_lhs: bool, transpose_rhs: bool) -> shapes.Shape:
    """The shape of a product of matrices, some of which are given transposed."""
    left, right = _exchanged("lhs", lhs, transpose_lhs), _exchanged("rhs", rhs, transpose_rhs)
    try:
        return shapes.matmul(left, right)
    except VerifyError as error:
        if not transpose_lhs and not transpose_rhs:
            raise
        raise VerifyError(f"after the transposition: {error}") from None


def _exchanged(name: str, operand: TensorType, transposed: bool) -> shapes.Shape:
    shape: shapes.Shape = operand.shape
    if not transposed:
        return shape
    if len(shape) < 2:
        raise VerifyError(f"expected {name} of rank 2 or more to transpose, found {shapes.text(shape)}")
    *before, rows, columns = shape
    return (*before, columns, rows)
