# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sign, magnitude and simple powers: `mo.negative` to `mo.reciprocal`."""

from mograph.dialects.kit import traits as t
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.elementwise.families import FloatUnary, NumericUnary
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Abs", "Cbrt", "Negative", "Reciprocal", "Rsqrt", "Sign", "Sqrt", "Square"]


class Negative(NumericUnary, name="negative", traits=[t.Involution]):
    """0 - input. Integers wrap."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.negative(input)


class Abs(NumericUnary, name="abs", traits=[t.Idempotent]):
    """The magnitude; the lowest integer is its own."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.abs(input)


class Sign(NumericUnary, name="sign", traits=[t.Idempotent]):
    """-1, 0 or 1, as input is negative, zero or positive; NaN for NaN."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.sign(input)


class Square(NumericUnary, name="square"):
    """input * input. Integers wrap."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.square(input)


class Sqrt(FloatUnary, name="sqrt"):
    """The square root; NaN below zero."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.sqrt, input)


class Rsqrt(FloatUnary, name="rsqrt"):
    """1 / sqrt(input): infinite at zero (with its sign), NaN below."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(lambda x: 1 / np.sqrt(x), input)


class Cbrt(FloatUnary, name="cbrt"):
    """The cube root, of negative numbers too."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.cbrt, input)


class Reciprocal(FloatUnary, name="reciprocal"):
    """1 / input."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.reciprocal, input)
