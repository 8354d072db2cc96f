# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations on bools and on the bits of integers: `mo.and` to `mo.shift_right`."""

from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules
from mograph.dialects.mo.canonical import algebra, identities
from mograph.dialects.mo.elementwise.families import IntegerBinary, LogicalBinary, Unary
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["And", "Not", "Or", "ShiftLeft", "ShiftRight", "Xor"]


class And(LogicalBinary, name="and", traits=[t.Commutative]):
    """Logical and of bools; bitwise and of integers."""

    fold_with_constant = staticmethod(identities.and_)
    canonicalizers = [algebra.same_operand("mo.and"), algebra.reassociated("mo.and", np.bitwise_and)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.bitwise_and(lhs, rhs)


class Or(LogicalBinary, name="or", traits=[t.Commutative]):
    """Logical or of bools; bitwise or of integers."""

    fold_with_constant = staticmethod(identities.or_)
    canonicalizers = [algebra.same_operand("mo.or"), algebra.reassociated("mo.or", np.bitwise_or)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.bitwise_or(lhs, rhs)


class Xor(LogicalBinary, name="xor", traits=[t.Commutative]):
    """Exclusive or of bools; bitwise exclusive or of integers."""

    fold_with_constant = staticmethod(identities.xor)
    canonicalizers = [algebra.same_operands_give("mo.xor", 0), algebra.reassociated("mo.xor", np.bitwise_xor)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.bitwise_xor(lhs, rhs)


class Not(Unary, name="not", traits=[t.Involution, t.SameOperandsAndResultType]):
    """Negation of bools; complement of the bits of integers."""

    canonicalizers = algebra.INVERTED

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        return rules.unary(dtypes.BOOL_OR_INTEGER, input)

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.invert(input)


class ShiftLeft(IntegerBinary, name="shift_left"):
    """The bits of lhs moved up by rhs.

    The result is 0 where rhs is negative or at least the width of the dtype.
    """

    fold_with_constant = staticmethod(identities.shift)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.left_shift(lhs, rhs)


class ShiftRight(IntegerBinary, name="shift_right"):
    """The bits of lhs moved down by rhs, keeping the sign of a signed integer.

    Where rhs is negative or at least the width of the dtype, the result is 0, or -1 for a negative lhs.
    """

    fold_with_constant = staticmethod(identities.shift)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.right_shift(lhs, rhs)
