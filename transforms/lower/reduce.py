# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions: `mo.reduce.add` to `mo.reduce.mean`, norms, logarithms of sums, `any`, `all`, `arg_max` and `arg_min`."""

import math
from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import DTYPES, F64, SI64, DType, KernelBuilder, Scalar, Tensor, loops
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import equal, greater, less, maximum, minimum, select, widen
from mograph.transforms.lower.builder.scalar_math import absolute, exp, is_finite, is_nan, log, sqrt, square
from mograph.transforms.lower.rule import Op, Rule

__all__ = ["OPS", "RULES", "log_sum_exp", "mean", "position"]

OPS = (
    "mo.reduce.add",
    "mo.reduce.all",
    "mo.reduce.any",
    "mo.reduce.arg_max",
    "mo.reduce.arg_min",
    "mo.reduce.l1",
    "mo.reduce.l2",
    "mo.reduce.log_sum",
    "mo.reduce.log_sum_exp",
    "mo.reduce.max",
    "mo.reduce.mean",
    "mo.reduce.min",
    "mo.reduce.mul",
    "mo.reduce.sum_square",
)


def _by(function: Callable[..., Any]) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        return k.reduce(function, x, op.axes, keepdims=bool(op.keepdims))

    rule.__doc__ = function.__doc__
    return rule


def mean(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The sum, in the compute type, times 1 / count."""
    compute = x.dtype.compute
    total = k.reduce(k.add, x, op.axes, keepdims=bool(op.keepdims), dtype=compute)
    number = k.dim(math.prod(x.shape[axis] for axis in k.axes(op.axes, x.rank)))
    # The count is exact in f64 and rounded once to f32.
    count = cast(cast(k.index(number), F64), compute)
    return k.map(k.div, total, k.full((), count, compute), dtype=x.dtype)


def _sum_of(function: Callable[[Scalar], Scalar], then: Callable[[Scalar], Scalar] | None = None) -> Rule:
    """The sum of `function` of the elements, and `then` of it."""

    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        (total,) = k.fold(
            lambda sums, element, _: [sums[0] + function(element)],
            x,
            op.axes,
            [(x.dtype.compute, 0)],
            keepdims=bool(op.keepdims),
        )
        return k.cast(total, x.dtype) if then is None else k.map(then, total, dtype=x.dtype)

    return rule


def log_sum_exp(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """m + log(sum(exp(x - m))), where m is the maximum, or 0 where that is not finite."""
    compute, gone = x.dtype.compute, tuple(k.axes(op.axes, x.rank))
    kept = tuple(1 if axis in gone else extent for axis, extent in enumerate(x.shape))

    def finite(number: Scalar) -> Scalar:
        return select(is_finite(number), number, 0.0)

    largest = k.map(finite, k.reduce(k.max, x, op.axes, dtype=compute))
    e = k.map(lambda element, top: exp(element - top), x, k.with_missing(largest, kept, gone), dtype=compute)
    result = k.map(lambda sum_, top: log(sum_) + top, k.reduce(k.add, e, op.axes), largest, dtype=x.dtype)
    return k.with_missing(result, kept, gone) if op.keepdims else result


def position(k: KernelBuilder, x: Tensor, axis: int, *, largest: bool, last: bool, keepdims: bool) -> Tensor:
    """Where along `axis` the largest or smallest element is: the first of equal ones, or the last of them. A NaN goes
    before any number.
    """
    if axis % x.rank == x.rank - 1:
        return _position_in_rows(k, x, largest=largest, last=last, keepdims=keepdims)
    better = greater if largest else less

    def step(best: list[Scalar], element: Scalar, indices: list[Scalar]) -> list[Scalar]:
        replace = better(element, best[0])
        if last:
            replace = replace | equal(element, best[0])
        if x.dtype.kind == "float":
            found = is_nan(element) if last else is_nan(element) & ~is_nan(best[0])
            replace = found | replace & ~is_nan(best[0])
        return [select(replace, element, best[0]), select(replace, cast(indices[0], number), best[1])]

    compute, number = x.dtype.compute, _number(x.shape[axis])
    initial = [(compute, compute.lowest if largest else compute.highest), (number, 0)]
    return k.cast(k.fold(step, x, [axis], initial, keepdims=keepdims, indexed=[axis])[1], SI64)


def _number(extent: Any) -> DType:
    """The dtype of positions along an axis: the narrower, the more elements at a time."""
    return DTYPES["si32"] if isinstance(extent, int) and extent < 1 << 31 else SI64


def _position_in_rows(k: KernelBuilder, x: Tensor, *, largest: bool, last: bool, keepdims: bool) -> Tensor:
    """`position` along the last axis, where elements lie together: first what the best is, then where it is, each of
    which many elements at a time can answer.
    """
    *rest, extent = x.shape
    axis, function = x.rank - 1, k.max if largest else k.min
    number = _number(extent)
    best = k.reduce(function, x, [axis], dtype=x.dtype.compute)
    nowhere = -1 if last else number.highest
    # Where the best is a NaN, any NaN is it.
    inputs = [x.read(tuple(range(x.rank))), *([] if axis == 0 else [best.read(tuple(range(axis)))])]
    target = (k.filled(tuple(rest), k.full((), nowhere, number).scalar), tuple(range(axis)))

    def step(arguments: list[Any]) -> list[Any]:
        element = widen(Scalar(k.em, arguments[0], x.dtype))
        top = best.scalar if axis == 0 else Scalar(k.em, arguments[1], best.dtype)
        found = equal(element, top)
        if x.dtype.kind == "float":
            found = select(is_nan(top), is_nan(element), found)
        place = select(found, cast(loops.loop_index(k, axis), number), nowhere)
        return [(maximum if last else minimum)(Scalar(k.em, arguments[-1], number), place).value]

    (places,) = loops.generic(k, ["parallel"] * axis + ["reduction"], inputs, [target], step)
    found = k.input(places, number, tuple(rest))
    result = k.map(lambda place: select(equal(place, nowhere), 0, cast(place, SI64)), found, dtype=SI64)
    return k.with_missing(result, (*rest, 1), (axis,)) if keepdims else result


def _position(*, largest: bool) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        return position(k, x, op.axis, largest=largest, last=bool(op.last), keepdims=bool(op.keepdims))

    return rule


RULES: dict[str, Rule] = {
    "mo.reduce.add": _by(KernelBuilder.add),
    "mo.reduce.all": _by(KernelBuilder.min),
    "mo.reduce.any": _by(KernelBuilder.max),
    "mo.reduce.arg_max": _position(largest=True),
    "mo.reduce.arg_min": _position(largest=False),
    "mo.reduce.l1": _sum_of(absolute),
    "mo.reduce.l2": _sum_of(square, sqrt),
    "mo.reduce.log_sum": _sum_of(lambda element: element, log),
    "mo.reduce.log_sum_exp": log_sum_exp,
    "mo.reduce.max": _by(KernelBuilder.max),
    "mo.reduce.mean": mean,
    "mo.reduce.min": _by(KernelBuilder.min),
    "mo.reduce.mul": _by(KernelBuilder.mul),
    "mo.reduce.sum_square": _sum_of(square),
}
