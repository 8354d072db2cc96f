# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Comparisons: `mo.equal` to `mo.greater_equal`. NaN is not equal to anything, and neither less nor greater."""

from mograph.dialects.kit import traits as t
from mograph.dialects.mo.canonical import algebra, identities
from mograph.dialects.mo.elementwise.families import Comparison
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "NotEqual"]


class Equal(Comparison, name="equal", traits=[t.Commutative]):
    """Whether lhs is equal to rhs."""

    fold_with_constant = staticmethod(identities.equal)
    canonicalizers = [algebra.same_operands_give("mo.equal", 1)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.equal(lhs, rhs)


class NotEqual(Comparison, name="not_equal", traits=[t.Commutative]):
    """Whether lhs differs from rhs; true when one of them is NaN."""

    fold_with_constant = staticmethod(identities.not_equal)
    canonicalizers = [algebra.same_operands_give("mo.not_equal", 0)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.not_equal(lhs, rhs)


class Less(Comparison, name="less"):
    """Whether lhs is less than rhs."""

    fold_with_constant = staticmethod(identities.ordered(less=True, or_equal=False))
    canonicalizers = [algebra.same_operands_give("mo.less", 0)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.less(lhs, rhs)


class LessEqual(Comparison, name="less_equal"):
    """Whether lhs is less than or equal to rhs."""

    fold_with_constant = staticmethod(identities.ordered(less=True, or_equal=True))
    canonicalizers = [algebra.same_operands_give("mo.less_equal", 1)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.less_equal(lhs, rhs)


class Greater(Comparison, name="greater"):
    """Whether lhs is greater than rhs."""

    fold_with_constant = staticmethod(identities.ordered(less=False, or_equal=False))
    canonicalizers = [algebra.same_operands_give("mo.greater", 0)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.greater(lhs, rhs)


class GreaterEqual(Comparison, name="greater_equal"):
    """Whether lhs is greater than or equal to rhs."""

    fold_with_constant = staticmethod(identities.ordered(less=False, or_equal=True))
    canonicalizers = [algebra.same_operands_give("mo.greater_equal", 1)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.greater_equal(lhs, rhs)
