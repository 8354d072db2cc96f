# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rounding to integers that stay floats: `mo.floor` to `mo.trunc`."""

from mograph.dialects.kit import traits as t
from mograph.dialects.mo.elementwise.families import FloatUnary
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Ceil", "Floor", "Round", "Trunc"]


class Floor(FloatUnary, name="floor", traits=[t.Idempotent]):
    """The greatest integer that is not greater."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.floor(input)


class Ceil(FloatUnary, name="ceil", traits=[t.Idempotent]):
    """The least integer that is not less."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.ceil(input)


class Round(FloatUnary, name="round", traits=[t.Idempotent]):
    """The nearest integer; of two equally near ones, the even one."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.rint(input)


class Trunc(FloatUnary, name="trunc", traits=[t.Idempotent]):
    """The integer part: rounded toward zero."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.trunc(input)
