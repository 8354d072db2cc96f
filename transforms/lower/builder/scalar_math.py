# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Mathematical functions of scalars, one Python function each.

Floats narrower than f32 are computed in f32. Where no operation of upstream's `math` dialect is a function, it is
composed here.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from mograph.transforms.lower.builder.dtype import DTYPES
from mograph.transforms.lower.builder.scalar import (
    Number,
    Scalar,
    add,
    bit_and,
    bitcast,
    div,
    equal,
    greater,
    less,
    lift,
    maximum,
    mul,
    not_equal,
    remainder,
    select,
    widen,
)

__all__ = [
    "absolute",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "copysign",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "floor_div",
    "gelu",
    "gelu_tanh",
    "is_finite",
    "is_inf",
    "is_nan",
    "log",
    "log1p",
    "log2",
    "log10",
    "modulo",
    "next_below",
    "power",
    "reciprocal",
    "relu",
    "round_even",
    "rsqrt",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
]


def _math(name: str, summary: str) -> Callable[[Scalar], Scalar]:
    def function(x: Scalar) -> Scalar:
        return widen(x).apply(operation)

    operation = f"math.{name}"
    function.__name__ = name
    function.__doc__ = summary
    return function


acos = _math("acos", "Arc cosine.")
acosh = _math("acosh", "Inverse hyperbolic cosine.")
asin = _math("asin", "Arc sine.")
asinh = _math("asinh", "Inverse hyperbolic sine.")
atan = _math("atan", "Arc tangent.")
atanh = _math("atanh", "Inverse hyperbolic tangent.")
cbrt = _math("cbrt", "Cube root.")
cos = _math("cos", "Cosine.")
cosh = _math("cosh", "Hyperbolic cosine.")
erf = _math("erf", "Error function.")
erfc = _math("erfc", "1 - erf(x), exact where erf is near 1.")
exp = _math("exp", "e to the power of x.")
exp2 = _math("exp2", "2 to the power of x.")
expm1 = _math("expm1", "e^x - 1, exact near 0.")
log = _math("log", "Natural logarithm.")
log1p = _math("log1p", "Natural logarithm of 1 + x, exact near 0.")
log2 = _math("log2", "Logarithm to base 2.")
log10 = _math("log10", "Logarithm to base 10.")
sin = _math("sin", "Sine.")
sinh = _math("sinh", "Hyperbolic sine.")
sqrt = _math("sqrt", "Square root.")
tan = _math("tan", "Tangent.")
tanh = _math("tanh", "Hyperbolic tangent.")


def _rounding(name: str, summary: str) -> Callable[[Scalar], Scalar]:
    def function(x: Scalar) -> Scalar:
        return widen(x).apply(operation) if x.dtype.kind == "float" else x

    operation = f"math.{name}"
    function.__name__ = name
    function.__doc__ = f"{summary} Integers are returned as they are."
    return function


ceil = _rounding("ceil", "The smallest integer not below x.")
floor = _rounding("floor", "The largest integer not above x.")
round_even = _rounding("roundeven", "The nearest integer, the even one of two.")
trunc = _rounding("trunc", "The nearest integer toward zero.")


def absolute(x: Scalar) -> Scalar:
    """|x|; the smallest integer, which has none, stays."""
    if x.dtype.kind == "float":
        return widen(x).apply("math.absf")
    return x if x.dtype.kind == "unsigned" else maximum(x, -x)


def sign(x: Scalar) -> Scalar:
    """-1, 0 or 1; NaN for NaN."""
    x = widen(x)
    if x.dtype.kind == "unsigned":
        return select(equal(x, 0), 0, x.constant(1))
    at_rest = select(equal(x, 0), 0, x) if x.dtype.kind == "float" else x.constant(0)
    return select(greater(x, 0), 1, select(less(x, 0), -1, at_rest))


def copysign(x: Scalar, y: Scalar) -> Scalar:
    """|x| with the sign of y. Of floats."""
    left, right = lift(x, y)
    word = DTYPES[f"ui{left.dtype.bits}"]
    top = 1 << (left.dtype.bits - 1)
    return bitcast((bitcast(left, word) & (top - 1)) | (bitcast(right, word) & top), left.dtype)


def atan2(y: Scalar, x: Scalar) -> Scalar:
    """The angle of the point (x, y)."""
    left, right = lift(y, x)
    return left.apply("math.atan2", right)


def is_nan(x: Scalar) -> Scalar:
    """Whether x is NaN."""
    x = widen(x)
    return not_equal(x, x)


def is_inf(x: Scalar) -> Scalar:
    """Whether x is infinite. Of floats."""
    return equal(absolute(x), math.inf)


def is_finite(x: Scalar) -> Scalar:
    """Whether x is neither infinite nor NaN. Of floats."""
    return less(absolute(x), math.inf)


def reciprocal(x: Scalar) -> Scalar:
    """1 / x."""
    return div(1, x)


def rsqrt(x: Scalar) -> Scalar:
    """1 / sqrt(x)."""
    return div(1, sqrt(x))


def square(x: Scalar) -> Scalar:
    """x * x."""
    return mul(x, x)


def relu(x: Scalar) -> Scalar:
    """The larger of x and 0."""
    return maximum(x, 0)


def sigmoid(x: Scalar) -> Scalar:
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exp(-x))


def silu(x: Scalar) -> Scalar:
    """x * sigmoid(x)."""
    return div(x, 1.0 + exp(-x))


def softplus(x: Scalar) -> Scalar:
    """log(1 + e^x), without overflow."""
    return maximum(x, 0.0) + log1p(exp(-absolute(x)))


def gelu(x: Scalar) -> Scalar:
    """x times the normal distribution's cumulative function of x.

    In f32 the tail of that function may be approximate: relative to the result by 2 ** -23 (1 + x * x / 2).
    """
    x = widen(x)
    about = {"fastmath": x.em.attribute("#arith.fastmath<afn>")} if x.dtype.bits == 32 else None
    scaled = mul(x, -math.sqrt(0.5))
    tail = Scalar(x.em, x.em.value("math.erfc", scaled.value.type, [scaled.value], about), x.dtype)
    return mul(x, 0.5) * tail


def gelu_tanh(x: Scalar) -> Scalar:
    """The approximation of `gelu` by tanh."""
    x = widen(x)
    inner = math.sqrt(2.0 / math.pi) * (x + 0.044715 * (x * x * x))
    return mul(x, 0.5) * (1.0 + tanh(inner))


def floor_div(a: Scalar, b: Scalar) -> Scalar:
    """The largest integer not above a / b, as numpy computes it; of integers 0 where b is 0."""
    left, right = lift(a, b)
    if left.dtype.kind == "unsigned":
        return div(left, right)
    if left.dtype.kind != "float":
        rest = remainder(left, right)
        opposite = less(rest ^ right, 0)
        down = bit_and(not_equal(rest, 0), opposite)
        quotient = div(left, right)
        return select(down, quotient - 1, quotient)
    rest = remainder(left, right)
    quotient = (left - rest) / right
    down = bit_and(not_equal(rest, 0), less(rest, 0) ^ less(right, 0))
    quotient = select(down, quotient - 1.0, quotient)
    whole = floor(quotient)
    whole = select(greater(quotient - whole, 0.5), whole + 1.0, whole)
    by_right = left / right
    whole = select(equal(quotient, 0.0), copysign(left.constant(0.0), by_right), whole)
    return select(equal(right, 0.0), by_right, whole)


def modulo(a: Scalar, b: Scalar) -> Scalar:
    """a - floor(a / b) * b, with the sign of b; of integers 0 where b is 0."""
    left, right = lift(a, b)
    rest = remainder(left, right)
    if left.dtype.kind == "unsigned":
        return rest
    if left.dtype.kind != "float":
        wrong = bit_and(not_equal(rest, 0), less(rest ^ right, 0))
        return select(wrong, rest + right, rest)
    wrong = bit_and(not_equal(rest, 0), less(rest, 0) ^ less(right, 0))
    signed = select(wrong, rest + right, rest)
    return select(equal(rest, 0.0), copysign(left.constant(0.0), right), signed)


def power(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a to the power of b. Of integers modulo the width; a negative exponent gives 1 / a^-b rounded toward zero, 0 for
    a = 0.
    """
    left, right = lift(a, b)
    if left.dtype.kind == "float":
        return left.apply("math.powf", right)
    # Square and multiply, a step for each bit of the exponent. With a constant exponent all of it folds away.
    result, factor, bits = left.constant(1), left, right
    steps = left.dtype.bits - (left.dtype.kind == "signed")
    for step in range(steps):
        result = select(equal(bits & 1, 1), result * factor, result)
        if step + 1 < steps:
            factor, bits = factor * factor, bits.apply("arith.shrui", bits.constant(1))
    if left.dtype.kind == "unsigned":
        return result
    odd = equal(right & 1, 1)
    of_minus_one = select(odd, left.constant(-1), left.constant(1))
    inverse = select(equal(left, 1), 1, select(equal(left, -1), of_minus_one, left.constant(0)))
    return select(less(right, 0), inverse, result)


def next_below(x: Scalar) -> Scalar:
    """The largest value of x's own float dtype that is below x; NaN and minus infinity stay."""
    word = DTYPES[f"ui{x.dtype.bits}"]
    bits = bitcast(x, word)
    top = 1 << (x.dtype.bits - 1)
    wide = widen(x)
    moved = select(greater(wide, 0.0), bits - 1, select(equal(wide, 0.0), bits.constant(top + 1), add(bits, 1)))
    ends = equal(wide, -math.inf) | is_nan(wide)
    return bitcast(select(ends, bits, moved), x.dtype)
