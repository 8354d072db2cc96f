# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.grouped_matmul`: products of groups of rows, each with a matrix of its own, as a mixture of experts has them."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.literal import literal
from mograph.dialects.mo.matmul import Matmul, before_transposition
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.reshape import Reshape
from mograph.dialects.mo.slice import Slice
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["GroupedMatmul"]

_END = 2**63 - 1


class GroupedMatmulOfTranspose(RewritePattern, root="mo.grouped_matmul", operands=["mo.transpose"]):
    """Matrices that were transposed, each of them, are read the other way round."""

    def match_and_rewrite(self, op: "GroupedMatmul", rewriter: "Rewriter") -> "bool | None":
        rhs = before_transposition(op.rhs)
        if rhs is None:
            return rewriter.notify_match_failure(op, "rhs has not its last two dimensions exchanged")
        rewriter.replace(op, GroupedMatmul.build(op.lhs, rhs, op.group_sizes, transpose_rhs=not op.transpose_rhs))
        return True


class GroupedMatmulOfOneGroup(RewritePattern, root="mo.grouped_matmul", operands=["mo.constant"]):
    """Where one group is known to have all rows, the product is one of matrices."""

    def match_and_rewrite(self, op: "GroupedMatmul", rewriter: "Rewriter") -> "bool | None":
        sizes, rows = literal(op.group_sizes), TensorType(op.lhs.type).shape[0]
        if sizes is None or not isinstance(rows, int):
            return rewriter.notify_match_failure(op, "the sizes, or the rows that they divide, are not known")
        groups = [group for group, (start, stop) in enumerate(groups_of(sizes, rows)) if stop - start == rows]
        if not rows or not groups:
            return rewriter.notify_match_failure(op, "no group has all rows")
        starts, stops = [groups[0], 0, 0], [groups[0] + 1, _END, _END]
        one = Slice.build(op.rhs, starts=starts, stops=stops, steps=[1, 1, 1]).result
        type_ = TensorType(op.rhs.type)
        matrix = Reshape.build(one, results=[TensorType.get(type_.shape[1:], type_.dtype, type_.device)])
        rewriter.replace(op, Matmul.build(op.lhs, matrix.result, transpose_rhs=op.transpose_rhs))
        return True


class GroupedMatmul(Mo.Operation, name="grouped_matmul", traits=[t.Pure]):
    """The matrix product of groups of rows, each with a matrix of its own: a mixture of experts, JAX's `ragged_dot`.

    The rows of lhs, `[m, k]`, lie group by group. Group g has the next `group_sizes[g]` of them, which are multiplied
    by the matrix `rhs[g]` of rhs, `[groups, k, n]`, or with `transpose_rhs` `[groups, n, k]`, to rows of the result,
    `[m, n]`. Rows behind the last group are 0. The operation never fails: a negative size counts as 0, and groups end
    at row m, so that what sizes claim beyond it is left out.

    lhs and rhs are integers or floats of equal dtype, the sizes integers of any, all on one device. Integers wrap. Sums
    of floats narrower than f32 are accumulated in f32 or wider and rounded once to the dtype; the order of a sum is the
    target's. The reference accumulates in f64.
    """

    lhs: Operand[TensorType]
    rhs: Operand[TensorType]
    group_sizes: Operand[TensorType]
    transpose_rhs: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = (
        "$lhs `,` $rhs `,` $group_sizes (`transpose_rhs` $transpose_rhs^)? attr-dict "
        "`:` type($lhs) `,` type($rhs) `,` type($group_sizes)"
    )
    folds = True
    canonicalizers = [GroupedMatmulOfTranspose, GroupedMatmulOfOneGroup]

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType, group_sizes: TensorType, transpose_rhs: bool = False) -> TensorType:
        for name, operand, rank in (("lhs", lhs, 2), ("rhs", rhs, 3), ("group_sizes", group_sizes, 1)):
            if len(operand.shape) != rank:
                raise VerifyError(f"expected {name} of rank {rank}, found {shapes.text(operand.shape)}")
        rules.same_dtype(lhs=lhs, rhs=rhs)
        dtypes.require(dtypes.NUMERIC, lhs.dtype)
        dtypes.require(dtypes.INTEGER, group_sizes.dtype, "the dtype of group_sizes")
        rules.same_device(lhs=lhs, rhs=rhs, group_sizes=group_sizes)
        groups, inner, columns = rhs.shape
        if transpose_rhs:
            inner, columns = columns, inner
        if lhs.shape[1] != inner:
            raise VerifyError(
                f"expected dimension 1 of lhs and {2 if transpose_rhs else 1} of rhs, which are summed over, to be "
                f"equal; found {lhs.shape[1]} and {inner} in {shapes.text(lhs.shape)} and {shapes.text(rhs.shape)}"
            )
        if group_sizes.shape != (groups,):
            raise VerifyError(
                f"expected group_sizes of shape {shapes.text([groups])}, one for each matrix of rhs; "
                f"found {shapes.text(group_sizes.shape)}"
            )
        return TensorType.get((lhs.shape[0], columns), lhs.dtype, lhs.device)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array, group_sizes: Array, transpose_rhs: bool = False) -> Array:
        matrices = np.swapaxes(rhs, 1, 2) if transpose_rhs else rhs
        result = np.zeros((len(lhs), matrices.shape[2]), lhs.dtype)
        for matrix, (start, stop) in zip(matrices, groups_of(group_sizes, len(lhs)), strict=True):
            if is_float(lhs.dtype):
                result[start:stop] = through_f64(np.matmul, lhs[start:stop], matrix)
            else:
                result[start:stop] = np.matmul(lhs[start:stop], matrix)
        return result


def groups_of(sizes: Array, rows: int) -> list[tuple[int, int]]:
    """Where each group of rows starts and stops, of `rows` in all."""
    bounds, stop = [], 0
    for size in sizes.tolist():
        start, stop = stop, stop + min(max(size, 0), rows - stop)
        bounds.append((start, stop))
    return bounds
