# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions: `mo.reduce.add`, `mul`, `max`, `min`, `mean`, `any`, `all`, `arg_max`, `arg_min`."""

import math
from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import F64, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import greater, less, select
from mograph.transforms.lower.builder.scalar_math import is_nan
from mograph.transforms.lower.rule import Op, Rule

__all__ = ["OPS", "RULES", "mean"]

OPS = (
    "mo.reduce.add",
    "mo.reduce.all",
    "mo.reduce.any",
    "mo.reduce.arg_max",
    "mo.reduce.arg_min",
    "mo.reduce.max",
    "mo.reduce.mean",
    "mo.reduce.min",
    "mo.reduce.mul",
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


def _position(better: Callable[[Scalar, Scalar], Scalar], worst: Callable[[Tensor], float]) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        """The first of the best elements; a NaN is better than any number."""

        def step(best: list[Scalar], element: Scalar, indices: list[Scalar]) -> list[Scalar]:
            replace = better(element, best[0])
            if x.dtype.kind == "float":
                replace = is_nan(element) & ~is_nan(best[0]) | replace & ~is_nan(best[0])
            return [select(replace, element, best[0]), select(replace, cast(indices[0], SI64), best[1])]

        initial = [(x.dtype.compute, worst(x)), (SI64, 0)]
        return k.fold(step, x, [op.axis], initial, keepdims=bool(op.keepdims), indexed=[op.axis])[1]

    return rule


RULES: dict[str, Rule] = {
    "mo.reduce.add": _by(KernelBuilder.add),
    "mo.reduce.all": _by(KernelBuilder.min),
    "mo.reduce.any": _by(KernelBuilder.max),
    "mo.reduce.arg_max": _position(greater, lambda x: x.dtype.compute.lowest),
    "mo.reduce.arg_min": _position(less, lambda x: x.dtype.compute.highest),
    "mo.reduce.max": _by(KernelBuilder.max),
    "mo.reduce.mean": mean,
    "mo.reduce.min": _by(KernelBuilder.min),
    "mo.reduce.mul": _by(KernelBuilder.mul),
}
