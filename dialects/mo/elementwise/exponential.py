# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exponentials and logarithms: `mo.exp` to `mo.log1p`."""

from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.elementwise.families import FloatUnary
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Exp", "Exp2", "Expm1", "Log", "Log1p", "Log2", "Log10"]


class Exp(FloatUnary, name="exp"):
    """e to the power of input."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.exp, input)


class Exp2(FloatUnary, name="exp2"):
    """2 to the power of input."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.exp2, input)


class Expm1(FloatUnary, name="expm1"):
    """exp(input) - 1, exact near zero."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.expm1, input)


class Log(FloatUnary, name="log"):
    """The natural logarithm: -inf at zero, NaN below."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.log, input)


class Log2(FloatUnary, name="log2"):
    """The logarithm to base 2."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.log2, input)


class Log10(FloatUnary, name="log10"):
    """The logarithm to base 10."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.log10, input)


class Log1p(FloatUnary, name="log1p"):
    """log(1 + input), exact near zero."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.log1p, input)
