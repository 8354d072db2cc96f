# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Comparisons: `mo.equal` to `mo.greater_equal`. NaN is not equal to anything, and neither less nor greater."""

from mograph.dialects.kit import traits as t
from mograph.dialects.mo.elementwise.families import Comparison
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "NotEqual"]


class Equal(Comparison, name="equal", traits=[t.Commutative]):
    """Whether lhs is equal to rhs."""

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.equal(lhs, rhs)


class NotEqual(Comparison, name="not_equal", traits=[t.Commutative]):
    """Whether lhs differs from rhs; true when one of them is NaN."""

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.not_equal(lhs, rhs)


class Less(Comparison, name="less"):
    """Whether lhs is less than rhs."""

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.less(lhs, rhs)


class LessEqual(Comparison, name="less_equal"):
    """Whether lhs is less than or equal to rhs."""

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.less_equal(lhs, rhs)


class Greater(Comparison, name="greater"):
    """Whether lhs is greater than rhs."""

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.greater(lhs, rhs)


class GreaterEqual(Comparison, name="greater_equal"):
    """Whether lhs is greater than or equal to rhs."""

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.greater_equal(lhs, rhs)
