# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Activation functions in terms of exponentials and error functions."""

import math
from collections.abc import Callable
from typing import Any

from mograph.transforms.mo._expansions import Expansion
from mograph.transforms.mo._expansions.builder import Builder

__all__ = ["EXPANSIONS"]


def _sigmoid(k: Builder, x: Any) -> Any:
    one = k.number(1, x)
    return k.div(one, k.add(one, k.exp(k.negative(x))))


def _gelu(k: Builder, x: Any, op: Any) -> Any:
    half = k.mul(x, k.number(0.5, x))
    if op.approximate == "none":
        return k.mul(half, k.erfc(k.mul(x, k.number(-math.sqrt(0.5), x))))
    if op.approximate == "quick":
        return k.mul(x, _sigmoid(k, k.mul(x, k.number(1.702, x))))
    cubed = k.mul(k.mul(k.mul(x, x), x), k.number(0.044715, x))
    inner = k.mul(k.add(x, cubed), k.number(math.sqrt(2 / math.pi), x))
    return k.mul(half, k.add(k.tanh(inner), k.number(1, x)))


def _softplus(k: Builder, x: Any) -> Any:
    return k.add(k.max(x, k.number(0, x)), k.log1p(k.exp(k.negative(k.abs(x)))))


def _mish(k: Builder, x: Any) -> Any:
    # With e = exp(-|x|), tanh(log(1 + exp(x))) is (1 + 2 e) / (1 + 2 e + 2 e^2), and below 0, (e^2 + 2 e) over that and
    # 2, so that nothing overflows.
    e = k.exp(k.negative(k.abs(x)))
    square, double = k.mul(e, e), k.add(e, e)
    below = k.less(x, k.number(0, x))
    share = k.select(below, k.add(square, double), k.add(double, k.number(1, x)))
    rest = k.select(below, k.number(2, x), k.add(square, square))
    return k.mul(x, k.div(share, k.add(share, rest)))


def _each(function: Callable[..., Any]) -> Expansion:
    """An expansion computed in f32 or f64."""

    def expand(k: Builder, op: Any, x: Any) -> Any:
        return k.cast(function(k, k.wide(x)), k.type(x).dtype)

    return expand


EXPANSIONS: dict[str, Expansion] = {
    "mo.gelu": lambda k, op, x: _each(lambda k, wide: _gelu(k, wide, op))(k, op, x),
    "mo.mish": _each(_mish),
    "mo.sigmoid": _each(_sigmoid),
    "mo.silu": _each(lambda k, x: k.mul(x, _sigmoid(k, x))),
    "mo.softplus": _each(_softplus),
    "mo.softsign": _each(lambda k, x: k.div(x, k.add(k.abs(x), k.number(1, x)))),
}
