# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Error functions and what neural networks apply to their sums: `mo.erf` to `mo.hard_swish`."""

import math
from collections.abc import Callable

from mograph.dialects.kit import Attribute
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.elementwise.families import FloatUnary
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Erf", "Erfc", "Gelu", "HardSigmoid", "HardSwish", "Mish", "Sigmoid", "Silu", "Softplus", "Softsign"]


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


class Gelu(FloatUnary, name="gelu"):
    """input times the normal distribution's share below input.

    With `approximate = none`, x / 2 * (1 + erf(x / sqrt(2))); with `tanh`, x / 2 * (1 + tanh(sqrt(2 / pi) * (x +
    0.044715 * x^3))); with `quick`, x * sigmoid(1.702 * x). (Hendrycks and Gimpel, "Gaussian error linear units",
    2016.)
    """

    approximate: Attribute[c.EnumAttr("none", "tanh", "quick")] = "none"
    assembly_format = "$input (`approximate` `=` $approximate^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, approximate: str) -> Array:
        def exact(x: Array) -> Array:
            return np.asarray(x / 2 * _each(math.erfc, -x / math.sqrt(2)))

        def tanh(x: Array) -> Array:
            return np.asarray(x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))))

        def quick(x: Array) -> Array:
            return np.asarray(x * _sigmoid(1.702 * x))

        return through_f64({"none": exact, "tanh": tanh, "quick": quick}[approximate], input)


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


class Softsign(FloatUnary, name="softsign"):
    """input / (1 + |input|)."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(lambda x: x / (1 + np.abs(x)), input)


class Mish(FloatUnary, name="mish"):
    """input * tanh(softplus(input)). (Misra, "Mish: a self regularized non-monotonic activation function", 2019.)"""

    @staticmethod
    def evaluate(input: Array) -> Array:
        def mish(x: Array) -> Array:
            # With e = exp(-|x|), tanh(log(1 + exp(x))) is (1 + 2e) / (1 + 2e + 2e^2), or below zero e (e + 2) over that
            # and 2.
            e = np.exp(-np.abs(x))
            share = np.where(x < 0, e * (e + 2), 1 + 2 * e)
            return np.asarray(x * (share / (share + np.where(x < 0, 2, 2 * e * e))))

        return through_f64(mish, input)


class HardSigmoid(FloatUnary, name="hard_sigmoid"):
    """alpha * input + beta between 0 and 1, the nearer of them outside. (Courbariaux, Bengio and David,
    "BinaryConnect", 2015.)
    """

    alpha: Attribute[c.F64Attr] = 0.2
    beta: Attribute[c.F64Attr] = 0.5
    assembly_format = "$input (`alpha` `=` $alpha^)? (`beta` `=` $beta^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, alpha: float, beta: float) -> Array:
        return through_f64(lambda x: np.clip(alpha * x + beta, 0, 1), input)


class HardSwish(FloatUnary, name="hard_swish"):
    """input times `mo.hard_sigmoid` of it, with alpha 1/6 and beta 1/2. (Howard and others, "Searching for
    MobileNetV3", 2019.)
    """

    @staticmethod
    def evaluate(input: Array) -> Array:
        return through_f64(lambda x: x * np.clip(x / 6 + 0.5, 0, 1), input)
