# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What neural networks apply to each element: `mo.relu` and its kin, `mo.gelu`, `mo.sigmoid`, `mo.clamp`."""

from mograph.transforms.lower.builder import Scalar
from mograph.transforms.lower.builder.scalar import greater, less, maximum, minimum, select, widen
from mograph.transforms.lower.builder.scalar_math import (
    absolute,
    erf,
    erfc,
    exp,
    expm1,
    gelu_tanh,
    relu,
    sigmoid,
    silu,
    softplus,
)
from mograph.transforms.lower.builder.scalar_math import gelu as gelu_exact
from mograph.transforms.lower.rule import Op, elementwise

__all__ = ["OPS", "RULES"]

OPS = (
    "mo.celu",
    "mo.clamp",
    "mo.elu",
    "mo.erf",
    "mo.erfc",
    "mo.gelu",
    "mo.hard_sigmoid",
    "mo.hard_swish",
    "mo.leaky_relu",
    "mo.mish",
    "mo.prelu",
    "mo.relu",
    "mo.relu6",
    "mo.selu",
    "mo.shrink",
    "mo.sigmoid",
    "mo.silu",
    "mo.softplus",
    "mo.softsign",
    "mo.thresholded_relu",
)


def _between(x: Scalar, low: Scalar | float, high: Scalar | float) -> Scalar:
    return minimum(maximum(x, low), high)


def _celu(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return select(less(x, 0.0), op.alpha * expm1(x / op.alpha), x)


def _clamp(op: Op, x: Scalar, low: Scalar, high: Scalar) -> Scalar:
    return _between(x, low, high)


def _elu(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return select(less(x, 0.0), op.alpha * expm1(x), x)


def _gelu(op: Op, x: Scalar) -> Scalar:
    if op.approximate == "quick":
        x = widen(x)
        return x * sigmoid(x * 1.702)
    return gelu_tanh(x) if op.approximate == "tanh" else gelu_exact(x)


def _hard_sigmoid(op: Op, x: Scalar) -> Scalar:
    return _between(x * op.alpha + op.beta, 0.0, 1.0)


def _hard_swish(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return x * _between(x / 6.0 + 0.5, 0.0, 1.0)


def _leaky_relu(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return select(less(x, 0.0), x * op.alpha, x)


def _mish(op: Op, x: Scalar) -> Scalar:
    # With e = exp(-|x|), tanh(log(1 + exp(x))) is (1 + 2e) / (1 + 2e + 2e^2), or below zero e (e + 2) over that and 2.
    x = widen(x)
    e = exp(-absolute(x))
    negative = less(x, 0.0)
    share = select(negative, e * (e + 2.0), 1.0 + 2.0 * e)
    return x * (share / (share + select(negative, 2.0, 2.0 * e * e)))


def _prelu(op: Op, x: Scalar, slope: Scalar) -> Scalar:
    x = widen(x)
    return select(less(x, 0), x * slope, x)


def _relu6(op: Op, x: Scalar) -> Scalar:
    return _between(x, 0, 6)


def _selu(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return select(less(x, 0.0), (op.gamma * op.alpha) * expm1(x), op.gamma * x)


def _shrink(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return select(less(x, -op.lambd), x + op.bias, select(greater(x, op.lambd), x - op.bias, 0.0))


def _softsign(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return x / (1.0 + absolute(x))


def _thresholded_relu(op: Op, x: Scalar) -> Scalar:
    x = widen(x)
    return select(greater(x, op.alpha), x, 0.0)


RULES = {
    "mo.celu": elementwise(_celu),
    "mo.clamp": elementwise(_clamp),
    "mo.elu": elementwise(_elu),
    "mo.erf": elementwise(lambda op, x: erf(x)),
    "mo.erfc": elementwise(lambda op, x: erfc(x)),
    "mo.gelu": elementwise(_gelu),
    "mo.hard_sigmoid": elementwise(_hard_sigmoid),
    "mo.hard_swish": elementwise(_hard_swish),
    "mo.leaky_relu": elementwise(_leaky_relu),
    "mo.mish": elementwise(_mish),
    "mo.prelu": elementwise(_prelu),
    "mo.relu": elementwise(lambda op, x: relu(x)),
    "mo.relu6": elementwise(_relu6),
    "mo.selu": elementwise(_selu),
    "mo.shrink": elementwise(_shrink),
    "mo.sigmoid": elementwise(lambda op, x: sigmoid(x)),
    "mo.silu": elementwise(lambda op, x: silu(x)),
    "mo.softplus": elementwise(lambda op, x: softplus(x)),
    "mo.softsign": elementwise(_softsign),
    "mo.thresholded_relu": elementwise(_thresholded_relu),
}
