# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalisations, computed in f32 or f64 and rounded once: `mo.layer_norm`, `mo.batch_norm` and their kin."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from mograph.transforms.lower.builder import F64, KernelBuilder, Scalar, Tensor, loops, windows
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import equal, remainder, select, widen
from mograph.transforms.lower.builder.scalar_math import absolute, power, rsqrt, sqrt, square
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = (
    "mo.batch_norm",
    "mo.group_norm",
    "mo.instance_norm",
    "mo.layer_norm",
    "mo.local_response_norm",
    "mo.lp_norm",
    "mo.rms_norm",
)


def _sum(k: KernelBuilder, x: Tensor, axes: Sequence[int], function: Callable[[Scalar], Scalar]) -> Tensor:
    """The sums of `function` of the elements over `axes`, which keep the extent 1."""
    initial = [(x.dtype.compute, 0)]
    return k.fold(lambda sums, element, _: [sums[0] + function(element)], x, axes, initial, keepdims=True)[0]


def _mean(k: KernelBuilder, x: Tensor, axes: Sequence[int], function: Callable[[Scalar], Scalar]) -> Tensor:
    """The means of `function` of the elements over `axes`."""
    # The count is exact in f64 and rounded once.
    number = k.dim(math.prod(x.shape[axis] for axis in axes))
    count = cast(cast(k.index(number), F64), x.dtype.compute)
    return k.map(lambda total: total / count, _sum(k, x, axes, function))


def _normalized(
    k: KernelBuilder, x: Tensor, axes: Sequence[int], epsilon: float, scale: Tensor | None, bias: Tensor | None
) -> Tensor:
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance over `axes`."""
    mean = _mean(k, x, axes, lambda element: element)
    centred = k.map(lambda element, middle: element - middle, x, mean, dtype=x.dtype.compute)
    variance = _mean(k, centred, axes, square)

    def normalize(element: Scalar, middle: Scalar, spread: Scalar, *affine: Scalar) -> Scalar:
        result, given = (element - middle) * rsqrt(spread + epsilon), iter(affine)
        if scale is not None:
            result = result * next(given)
        return result if bias is None else result + next(given)

    return k.map(normalize, x, mean, variance, *(each for each in (scale, bias) if each is not None), dtype=x.dtype)


def layer_norm(k: KernelBuilder, op: Op, x: Tensor, *affine: Tensor) -> Tensor:
    """Over the dimensions from an axis on; `affine` is what there is of scale and bias."""
    scale = None if op.scale is None else affine[0]
    bias = None if op.bias is None else affine[-1]
    return _normalized(k, x, range(op.axis % x.rank, x.rank), op.epsilon, scale, bias)


def rms_norm(k: KernelBuilder, op: Op, x: Tensor, *scale: Tensor) -> Tensor:
    """By the root of the mean of the squares; the scale may be absent."""
    mean = _mean(k, x, range(op.axis % x.rank, x.rank), square)

    def normalize(element: Scalar, spread: Scalar, *factor: Scalar) -> Scalar:
        return math.prod(factor, start=element * rsqrt(spread + op.epsilon))

    return k.map(normalize, x, mean, *scale, dtype=x.dtype)


def _along(k: KernelBuilder, vector: Tensor, axis: int, rank: int) -> Tensor:
    """A vector as a tensor that varies along `axis` of so many."""
    after = rank - axis - 1
    return k.with_missing(vector, (vector.shape[0], *[1] * after), tuple(range(1, after + 1)))


def batch_norm(
    k: KernelBuilder, op: Op, x: Tensor, scale: Tensor, bias: Tensor, mean: Tensor, variance: Tensor
) -> Tensor:
    """By the mean and variance that are given."""

    def normalize(element: Scalar, factor: Scalar, shift: Scalar, middle: Scalar, spread: Scalar) -> Scalar:
        return (element - middle) * (widen(factor) * rsqrt(spread + op.epsilon)) + shift

    vectors = (_along(k, each, op.axis % x.rank, x.rank) for each in (scale, bias, mean, variance))
    return k.map(normalize, x, *vectors, dtype=x.dtype)


def instance_norm(k: KernelBuilder, op: Op, x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Over all but instances and channels."""
    affine = (_along(k, each, 1, x.rank) for each in (scale, bias))
    return _normalized(k, x, range(2, x.rank), op.epsilon, *affine)


def group_norm(k: KernelBuilder, op: Op, x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Over all but instances and groups of channels."""
    instances, channels, *others = x.shape
    if not isinstance(channels, int):
        rest = remainder(k.index(k.dim(channels)), op.groups)
        k.require(equal(rest, 0), f"mo.group_norm: expected channels that {op.groups} groups divide")
    each = channels // op.groups
    grouped = k.reshape(x, [instances, op.groups, each, *others], checked=True)

    def cut(vector: Tensor) -> Tensor:
        matrix = k.reshape(vector, [op.groups, each], checked=True)
        return k.with_missing(matrix, (op.groups, each, *[1] * len(others)), tuple(range(2, 2 + len(others))))

    result = _normalized(k, grouped, range(2, grouped.rank), op.epsilon, cut(scale), cut(bias))
    return k.reshape(result, x.shape, checked=True)


def lp_norm(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """By the norm of the vectors along an axis."""

    p: int = op.p

    def term(element: Scalar) -> Scalar:
        return square(element) if p == 2 else absolute(element) if p == 1 else power(absolute(element), float(p))

    def divide(element: Scalar, total: Scalar) -> Scalar:
        norm = sqrt(total) if p == 2 else total if p == 1 else power(total, 1 / p)
        empty = equal(norm, 0.0)
        return select(empty, 0.0, widen(element) / select(empty, 1.0, norm))

    return k.map(divide, x, _sum(k, x, [op.axis], term), dtype=x.dtype)


def local_response_norm(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """By a power of the sum of the squares in the channels around."""
    if 0 in x.shape:  # upstream refuses windows along a loop without trips
        return k.full(x.shape, 0, x.dtype)
    compute = x.dtype.compute
    around = windows.padded(k, x, [1], [(op.size - 1) // 2], [op.size // 2], 0)
    where: list[Any] = list(range(x.rank))
    where[1] = windows.under(1, 1, x.rank, 1)
    # A tensor that is not read gives the loop over a window its extent.
    inputs = [(around.value, tuple(where)), (k.empty([op.size], x.dtype), (x.rank,))]

    def add(arguments: list[Any]) -> list[Any]:
        element, _, total = arguments
        return [(Scalar(k.em, total, compute) + square(Scalar(k.em, element, x.dtype))).value]

    target = (k.filled(x.shape, k.full((), 0, compute).scalar), tuple(range(x.rank)))
    (sums,) = loops.generic(k, ["parallel"] * x.rank + ["reduction"], inputs, [target], add)

    def divide(element: Scalar, total: Scalar) -> Scalar:
        return element / power(op.bias + op.alpha / op.size * total, op.beta)

    return k.map(divide, x, Tensor(k, compute, x.shape, value=sums), dtype=x.dtype)


RULES = {
    "mo.batch_norm": batch_norm,
    "mo.group_norm": group_norm,
    "mo.instance_norm": instance_norm,
    "mo.layer_norm": layer_norm,
    "mo.local_response_norm": local_response_norm,
    "mo.lp_norm": lp_norm,
    "mo.rms_norm": rms_norm,
}
