# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Error functions and what neural networks apply to their sums: `mo.erf` to `mo.softplus`."""

import math
from collections.abc import Callable

from mograph.dialects.kit import Attribute
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.elementwise.families import FloatUnary, NumericUnary
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Erf", "Erfc", "Gelu", "Relu", "Sigmoid", "Silu", "Softplus"]


def _each(function: Callable[[float], float], values: Array) -> Array:
    """`function` of the standard library, of each element of an f64 array."""
    return np.fromiter(map(function, values.ravel().tolist()), np.float64, values.size).reshape(values.shape)


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-values)))


class Erf(FloatUnary, name="erf"):
    """The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to input."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(lambda x: _each(math.erf, x), input)


class Erfc(FloatUnary, name="erfc"):
    """1 - erf(input), exact where that is small."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(lambda x: _each(math.erfc, x), input)


class Sigmoid(FloatUnary, name="sigmoid"):
    """1 / (1 + exp(-input))."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(_sigmoid, input)


class Relu(NumericUnary, name="relu", traits=[t.Idempotent]):
    """The greater one of input and 0, NaN for NaN."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.maximum(input, np.zeros((), input.dtype))


class Gelu(FloatUnary, name="gelu"):
    """input times the normal distribution's share below input.

    With `approximate = none`, x / 2 * (1 + erf(x / sqrt(2))); with `tanh`, x / 2 * (1 + tanh(sqrt(2 / pi) * (x +
    0.044715 * x^3))). (Hendrycks and Gimpel, "Gaussian error linear units", 2016.)
    """

    approximate: Attribute[c.EnumAttr("none", "tanh")] = "none"
    assembly_format = "$input (`approximate` `=` $approximate^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, approximate: str) -> Array:
        def exact(x: Array) -> Array:
            return np.asarray(x / 2 * _each(math.erfc, -x / math.sqrt(2)))

        def tanh(x: Array) -> Array:
            return np.asarray(x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))))

        return through_f64(exact if approximate == "none" else tanh, input)


class Silu(FloatUnary, name="silu"):
    """input * sigmoid(input), also called swish."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(lambda x: x * _sigmoid(x), input)


class Softplus(FloatUnary, name="softplus"):
    """log(1 + exp(input)), without overflow."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), input)
