# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.select`."""

from mograph.dialects.kit import Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.canonical import algebra, identities
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Select"]


class Select(Mo.Operation, name="select", traits=[t.Pure]):
    """lhs where the condition is true, rhs elsewhere.

    The condition is bool; lhs and rhs are of equal dtype; all three are on one device, and their shapes broadcast.
    """

    condition: Operand[TensorType]
    lhs: Operand[TensorType]
    rhs: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = (
        "$condition `,` $lhs `,` $rhs attr-dict `:` type($condition) `,` custom<Types>(type($lhs), type($rhs))"
    )
    folds = True
    fold_with_constant = staticmethod(identities.select)
    canonicalizers = [algebra.SelectNot, algebra.SelectSame]

    @staticmethod
    def infer(condition: TensorType, lhs: TensorType, rhs: TensorType) -> TensorType:
        dtypes.require(dtypes.BOOL, condition.dtype, "the condition's dtype")
        rules.same_dtype(lhs=lhs, rhs=rhs)
        rules.same_device(condition=condition, lhs=lhs, rhs=rhs)
        shape = shapes.broadcast_all(condition.shape, lhs.shape, rhs.shape)
        return TensorType.get(shape, lhs.dtype, lhs.device)

    @staticmethod
    def evaluate(condition: Array, lhs: Array, rhs: Array) -> Array:
        return np.where(condition, lhs, rhs)
