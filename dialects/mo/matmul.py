# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul`."""

from mograph.dialects.kit import Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Matmul"]


class Matmul(Mo.Operation, name="matmul", traits=[t.Pure]):
    """The matrix product of numpy's `matmul`.

    The last two dimensions are those of the matrices, `[.., m, k]` by `[.., k, n]` to `[.., m, n]`; those before them
    broadcast. A vector on the left is a row, one on the right a column, and the dimension that this adds is removed
    from the result. Operands are integers or floats of equal dtype, on one device. Integers wrap. Sums of floats
    narrower than f32 are accumulated in f32 or wider and rounded once to the dtype; the order of a sum is the
    target's. The reference accumulates in f64.
    """

    lhs: Operand[TensorType]
    rhs: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$lhs `,` $rhs attr-dict `:` custom<Types>(type($lhs), type($rhs))"
    folds = True

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType) -> TensorType:
        rules.same_dtype(lhs=lhs, rhs=rhs)
        dtypes.require(dtypes.NUMERIC, lhs.dtype)
        rules.same_device(lhs=lhs, rhs=rhs)
        return TensorType.get(shapes.matmul(lhs.shape, rhs.shape), lhs.dtype, lhs.device)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return through_f64(np.matmul, lhs, rhs) if is_float(lhs.dtype) else np.matmul(lhs, rhs)
