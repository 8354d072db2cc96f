# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Softmax, and reductions other than sums, products and extrema."""

from collections.abc import Callable
from typing import Any

from mograph.transforms.mo._expansions import Expansion
from mograph.transforms.mo._expansions.builder import Builder

__all__ = ["EXPANSIONS"]


def _shifted(k: Builder, op: Any, x: Any) -> Any:
    wide = k.wide(x)
    return k.sub(wide, k.reduce_max(wide, axes=[op.axis], keepdims=True))


def _softmax(k: Builder, op: Any, x: Any) -> Any:
    exponential = k.exp(_shifted(k, op, x))
    total = k.reduce_add(exponential, axes=[op.axis], keepdims=True)
    return k.cast(k.div(exponential, total), k.type(x).dtype)


def _log_softmax(k: Builder, op: Any, x: Any) -> Any:
    shifted = _shifted(k, op, x)
    total = k.reduce_add(k.exp(shifted), axes=[op.axis], keepdims=True)
    return k.cast(k.sub(shifted, k.log(total)), k.type(x).dtype)


def _hardmax(k: Builder, op: Any, x: Any) -> Any:
    if k.shape(x)[op.axis] == 0:
        return None  # of no elements there is no greatest one
    found = k.reduce_arg_max(x, axis=op.axis, keepdims=True)
    places = k.iota(axis=op.axis, to=k.tensor(k.shape(x), "si64", x))
    return k.cast(k.equal(places, found), k.type(x).dtype)


def _reduction(function: Callable[..., Any], floats_only: bool = False) -> Expansion:
    """An expansion by a function of what is reduced and how; integers are reduced in their own dtype."""

    def expand(k: Builder, op: Any, x: Any) -> Any:
        dtype = k.type(x).dtype
        how = {"axes": op.axes, "keepdims": op.keepdims}
        wide = k.wide(x) if floats_only or "f" in str(dtype) else x
        return k.cast(function(k, wide, how), dtype)

    return expand


def _log_sum_exp(k: Builder, x: Any, how: dict[str, Any]) -> Any:
    largest = k.reduce_max(x, axes=how["axes"], keepdims=True)
    largest = k.select(k.is_finite(largest), largest, k.number(0, x))
    total = k.log(k.reduce_add(k.exp(k.sub(x, largest)), **how))
    return k.add(total, k.reshape(largest, k.shape(total)))


EXPANSIONS: dict[str, Expansion] = {
    "mo.softmax": _softmax,
    "mo.log_softmax": _log_softmax,
    "mo.hardmax": _hardmax,
    "mo.reduce.l1": _reduction(lambda k, x, how: k.reduce_add(k.abs(x), **how)),
    "mo.reduce.l2": _reduction(lambda k, x, how: k.sqrt(k.reduce_add(k.mul(x, x), **how)), floats_only=True),
    "mo.reduce.sum_square": _reduction(lambda k, x, how: k.reduce_add(k.mul(x, x), **how)),
    "mo.reduce.log_sum": _reduction(lambda k, x, how: k.log(k.reduce_add(x, **how)), floats_only=True),
    "mo.reduce.log_sum_exp": _reduction(_log_sum_exp, floats_only=True),
}
