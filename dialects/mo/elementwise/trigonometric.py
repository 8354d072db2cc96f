# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trigonometric and hyperbolic functions, in radians: `mo.sin` to `mo.atanh`."""

from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.elementwise.families import FloatUnary
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cos", "Cosh", "Sin", "Sinh", "Tan", "Tanh"]


class Sin(FloatUnary, name="sin"):
    """The sine."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.sin, input)


class Cos(FloatUnary, name="cos"):
    """The cosine."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.cos, input)


class Tan(FloatUnary, name="tan"):
    """The tangent."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.tan, input)


class Asin(FloatUnary, name="asin"):
    """The angle in [-pi/2, pi/2] whose sine is input; NaN outside of [-1, 1]."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.arcsin, input)


class Acos(FloatUnary, name="acos"):
    """The angle in [0, pi] whose cosine is input; NaN outside of [-1, 1]."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.arccos, input)


class Atan(FloatUnary, name="atan"):
    """The angle in [-pi/2, pi/2] whose tangent is input."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.arctan, input)


class Sinh(FloatUnary, name="sinh"):
    """The hyperbolic sine."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.sinh, input)


class Cosh(FloatUnary, name="cosh"):
    """The hyperbolic cosine."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.cosh, input)


class Tanh(FloatUnary, name="tanh"):
    """The hyperbolic tangent."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.tanh, input)


class Asinh(FloatUnary, name="asinh"):
    """The inverse of the hyperbolic sine."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.arcsinh, input)


class Acosh(FloatUnary, name="acosh"):
    """The inverse of the hyperbolic cosine, not negative; NaN below 1."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.arccosh, input)


class Atanh(FloatUnary, name="atanh"):
    """The inverse of the hyperbolic tangent: infinite at -1 and 1, NaN beyond."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(np.arctanh, input)
