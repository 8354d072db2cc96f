# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Poolings: loop nests that combine what lies under windows, over an input with its padding around it."""

import math
from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import Any

from mograph.dialects.mo.windows import Windows
from mograph.transforms.lower.builder import SI64, DType, KernelBuilder, Scalar, Tensor, loops, windows
from mograph.transforms.lower.builder.binding import bind_shape
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import Number, constant, maximum, minimum, mul, select, widen
from mograph.transforms.lower.builder.scalar_math import absolute, is_nan, power, sqrt
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = (
    "mo.avg_pool",
    "mo.global_avg_pool",
    "mo.global_lp_pool",
    "mo.global_max_pool",
    "mo.lp_pool",
    "mo.max_pool",
    "mo.max_unpool",
)

Step = Callable[[list[Scalar], Scalar, list[Scalar], list[Scalar]], Sequence[Scalar]]


class _Pooling:
    """The windows of a pooling, and the nest over them."""

    def __init__(self, k: KernelBuilder, op: Op, x: Tensor, shape: tuple[Any, ...]) -> None:
        rank = x.rank - 2
        self.k, self.x, self.shape = k, x, shape
        self.axes = range(2, 2 + rank) if op.layout == "channels_first" else range(1, 1 + rank)
        self.windows = Windows.of(op.kernel, op.strides, op.dilations, op.low, op.high)
        self.extents = [x.shape[axis] for axis in self.axes]
        each = zip(self.extents, self.windows.reach, self.windows.low, self.windows.high, strict=True)
        for extent, reach, low, high in each:
            windows.require_fit(k, op.OPERATION_NAME, extent + low + high, reach)
        # Rounded up, the number of windows has the last one reach beyond the padding by less than a stride; windows of
        # one element each then end with the input.
        self.behind = list(self.windows.high)
        if op.ceil_mode:
            sizes = zip(self.windows.kernel, self.windows.strides, self.windows.high, strict=True)
            self.behind = [0 if kernel == stride == 1 else high + stride - 1 for kernel, stride, high in sizes]
        self.clipped = any(self.windows.low) or any(self.behind)
        """Whether a window may reach beyond the input."""

    def fold(
        self, step: Step, initial: Sequence[tuple[DType, Number]], fill: Number, *, placed: bool = False
    ) -> list[Tensor]:
        """Combine what lies under each window, `fill` in the padding.

        `step(accumulators, element, indices, places)` gives the next accumulators from the element, which lies at
        `places` of the input's spatial axes (in the padding beyond them) under the window at `indices` of the result;
        both are given where they are asked for, by `placed`.
        """
        k, rank, sizes = self.k, len(self.shape), self.windows.sizes
        if 0 in self.shape:  # upstream refuses windows along a loop without trips
            return [k.full(self.shape, first, dtype) for dtype, first in initial]
        x = windows.padded(k, self.x, self.axes, self.windows.low, self.behind, fill)
        x = Tensor(k, x.dtype, x.shape, value=x.value)
        # The loops: those of the result, then the taps of the windows; a lone tap needs no loop.
        taps = [None if size == 1 else rank + sum(other != 1 for other in sizes[:i]) for i, size in enumerate(sizes)]
        read: list[Any] = list(range(rank))
        for axis, tap, stride, dilation in zip(
            self.axes, taps, self.windows.strides, self.windows.dilations, strict=True
        ):
            read[axis] = windows.under(axis, stride, tap, dilation)
        tapped = [size for size in sizes if size != 1]

        def body(arguments: list[Any]) -> list[Any]:
            element = widen(Scalar(k.em, arguments[0], x.dtype))
            accumulators = [
                Scalar(k.em, value, dtype)
                for value, (dtype, _) in zip(arguments[-len(initial) :], initial, strict=True)
            ]
            indices, places = self._walked(taps) if placed else ([], [])
            made = step(accumulators, element, indices, places)
            return [loops.stored(k, value, dtype).value for value, (dtype, _) in zip(made, initial, strict=True)]

        inputs = [(x.value, tuple(read))]
        if tapped:  # so that the loops over taps have extents
            inputs.append((k.empty(tapped, x.dtype), tuple(range(rank, rank + len(tapped)))))
        identity = tuple(range(rank))
        targets = [(k.filled(self.shape, constant(k.em, first, dtype)), identity) for dtype, first in initial]
        iterators = ["parallel"] * rank + ["reduction"] * len(tapped)
        values = loops.generic(k, iterators, inputs, targets, body)
        return [Tensor(k, dtype, self.shape, value=value) for value, (dtype, _) in zip(values, initial, strict=True)]

    def _walked(self, taps: Sequence[int | None]) -> tuple[list[Scalar], list[Scalar]]:
        """The indices of the window and the places of the element that the nest is at."""
        indices = [loops.loop_index(self.k, axis) for axis in range(len(self.shape))]
        places = []
        for i, (axis, tap) in enumerate(zip(self.axes, taps, strict=True)):
            place = indices[axis] * self.windows.strides[i] - self.windows.low[i]
            if tap is not None:
                place = place + loops.loop_index(self.k, tap) * self.windows.dilations[i]
            places.append(place)
        return indices, places

    def numbers(self, indices: Sequence[Scalar], *, padded: bool) -> Scalar:
        """How many elements lie under the window at `indices` of the result, those of the padding too if `padded`."""
        counts = []
        for i, axis in enumerate(self.axes):
            kernel, stride, dilation, low = (
                self.windows.sizes[i],
                self.windows.strides[i],
                self.windows.dilations[i],
                self.windows.low[i],
            )
            # Taps first <= t < beyond, of a window that starts `start` places before the input.
            start = indices[axis] * stride - low
            end = self.k.index(self.k.dim(self.extents[i])) + (self.windows.high[i] if padded else 0) - start
            beyond = minimum(_ceildiv(maximum(end, 0), dilation), kernel)
            first = self.k.index(0) if padded else _ceildiv(maximum(-start, 0), dilation)
            counts.append(maximum(beyond - first, 0))
        return reduce(mul, counts)


def _ceildiv(x: Scalar, by: int) -> Scalar:
    """Of a number that is not negative."""
    return x if by == 1 else (x + (by - 1)).apply("arith.divui", x.constant(by))


def _sum(terms: Callable[[Scalar], Scalar]) -> Step:
    return lambda totals, element, indices, places: [totals[0] + terms(element)]


def avg_pool(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The sum under each window by the number of elements there."""
    pooling = _Pooling(k, op, x, tuple(op.result.type.shape))
    compute = x.dtype.compute
    (total,) = pooling.fold(_sum(lambda element: element), [(compute, 0)], 0)
    if not pooling.clipped:
        number = float(math.prod(pooling.windows.sizes))
        return k.map(lambda sum_: sum_ / number, total, dtype=x.dtype)

    def body(arguments: list[Any]) -> list[Any]:
        indices = [loops.loop_index(k, axis) for axis in range(total.rank)]
        number = cast(pooling.numbers(indices, padded=bool(op.count_include_pad)), compute)
        return [cast(Scalar(k.em, arguments[0], compute) / number, x.dtype).value]

    identity = tuple(range(total.rank))
    target = (k.empty(total.shape, x.dtype), identity)
    (value,) = loops.generic(k, ["parallel"] * total.rank, [(total.value, identity)], [target], body)
    return Tensor(k, x.dtype, total.shape, value=value)


def lp_pool(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The root of the sum of powers."""
    pooling = _Pooling(k, op, x, tuple(op.result.type.shape))
    (total,) = pooling.fold(_sum(lambda element: _power(element, op.p)), [(x.dtype.compute, 0)], 0)
    return k.map(lambda sum_: _root(sum_, op.p), total, dtype=x.dtype)


def _power(x: Scalar, p: int) -> Scalar:
    """|x|^p."""
    if p == 2:
        return x * x
    return absolute(x) if p == 1 else power(absolute(x), float(p))


def _root(x: Scalar, p: int) -> Scalar:
    if p == 2:
        return sqrt(x)
    return x if p == 1 else power(x, 1.0 / p)


def max_pool(k: KernelBuilder, op: Op, x: Tensor) -> list[Tensor]:
    """The largest, and only where it is used its place."""
    shape = tuple(op.outputs[0].type.shape)
    pooling = _Pooling(k, op, x, shape)
    compute, lowest = x.dtype.compute, x.dtype.lowest
    if not any(True for _ in op.indices.uses):
        (values,) = pooling.fold(
            lambda best, element, indices, places: [maximum(best[0], element)], [(compute, lowest)], lowest
        )
        return [k.cast(values, x.dtype), k.full(shape, -1, SI64)]
    extents = [k.index(k.dim(extent)) for extent in pooling.extents]

    def step(best: list[Scalar], element: Scalar, indices: list[Scalar], places: list[Scalar]) -> list[Scalar]:
        replace = (element > best[0]) | (best[1] < 0)
        if x.dtype.kind == "float":
            replace = (replace | is_nan(element)) & ~is_nan(best[0])
        if pooling.clipped:
            inside = [(place >= 0) & (place < extent) for place, extent in zip(places, extents, strict=True)]
            replace = reduce(and_, inside, replace)
        at = [*indices]
        for axis, place in zip(pooling.axes, places, strict=True):
            at[axis] = place
        number = at[0]
        for index, dim in zip(at[1:], x.shape[1:], strict=True):
            number = number * k.index(k.dim(dim)) + index
        return [select(replace, element, best[0]), select(replace, cast(number, SI64), best[1])]

    values, indices = pooling.fold(step, [(compute, lowest), (SI64, -1)], lowest, placed=True)
    return [k.cast(values, x.dtype), indices]


def global_avg_pool(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The sum by the number."""
    axes = _spatial(op, x)
    total = k.reduce(k.add, x, axes, keepdims=True, dtype=x.dtype.compute)
    count = cast(k.index(k.dim(math.prod(x.shape[axis] for axis in axes))), x.dtype.compute)
    return k.map(k.div, total, k.full((), count, x.dtype.compute), dtype=x.dtype)


def global_lp_pool(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The root of the sum of powers."""
    compute = x.dtype.compute
    (total,) = k.fold(
        lambda totals, element, _: [totals[0] + _power(element, op.p)],
        x,
        _spatial(op, x),
        [(compute, 0)],
        keepdims=True,
    )
    return k.map(lambda sum_: _root(sum_, op.p), total, dtype=x.dtype)


def global_max_pool(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The largest."""
    return k.reduce(k.max, x, _spatial(op, x), keepdims=True)


def _spatial(op: Op, x: Tensor) -> list[int]:
    return list(range(2, x.rank) if op.layout == "channels_first" else range(1, x.rank - 1))


def max_unpool(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor, shape: Tensor | None = None) -> Tensor:
    """Zeros, into which the elements are put one after the other."""
    extents = tuple(op.result.type.shape)
    if shape is not None:
        bind_shape(k, op, extents, shape)
    count, size = math.prod(x.shape), math.prod(extents)
    flat, places = k.reshape(x, (count,)), k.reshape(indices, (count,))
    limit = cast(k.index(k.dim(size)), SI64)

    def put(index: Scalar, out: Tensor) -> list[Tensor]:
        place = k.extract(places, [index])
        k.require((place >= 0) & (place < limit), f"{op.OPERATION_NAME}: expected indices of elements of the result")
        return [k.insert(out, k.extract(flat, [index]), [k.index(place)])]

    zeros = Tensor(k, x.dtype, (size,), value=k.filled((size,), constant(k.em, 0, x.dtype)))
    (out,) = k.loop(k.dim(count), [zeros], put)
    return k.reshape(out, extents)


RULES: dict[str, Any] = {
    "mo.avg_pool": avg_pool,
    "mo.global_avg_pool": global_avg_pool,
    "mo.global_lp_pool": global_lp_pool,
    "mo.global_max_pool": global_max_pool,
    "mo.lp_pool": lp_pool,
    "mo.max_pool": max_pool,
    "mo.max_unpool": max_unpool,
}
