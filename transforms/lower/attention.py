# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.attention` and `mo.rope`, computed in f32 or f64 and rounded once."""

import math
from typing import Any

from mograph.transforms.lower.builder import BOOL, DTYPES, F64, DType, KernelBuilder, Scalar, Tensor, loops
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import equal, less_equal, maximum_number, remainder, select
from mograph.transforms.lower.builder.scalar_math import exp, rsqrt, tanh
from mograph.transforms.lower.builder.shapes import extract_slice, insert_slice
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "attention", "rope"]

OPS = ("mo.attention", "mo.rope")


def attention(
    k: KernelBuilder, op: Op, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Two products and the softmax between; heads that share a key are a dimension of their own."""
    batch, heads, length, size = query.shape
    groups, keys, width = key.shape[1], key.shape[2], value.shape[3]
    compute = query.dtype.compute
    each = _heads_of_each_group(k, heads, groups)
    q = k.reshape(query, (batch, groups, each, length, size), checked=True)
    scores = k.product((q, "bghqd"), (key, "bgkd"), "bghqk", accumulator=compute)
    scale = _scale(k, op, size, compute)
    within = [] if mask is None else [_grouped(k, mask, groups, each)]

    def masked(score: Scalar, *masks: Scalar) -> Scalar:
        score = score * scale
        if op.softcap:
            score = tanh(score / op.softcap) * op.softcap
        for each_mask in masks:
            score = select(each_mask, score, -math.inf) if each_mask.dtype is BOOL else score + cast(each_mask, compute)
        if op.causal:  # numbers of 32 bits, of which vectors compare twice as many
            row, column = (_narrow(loops.loop_index(k, dim)) for dim in (3, 4))
            score = select(less_equal(column, row), score, -math.inf)
        return score

    scores = k.map(masked, scores, *within, shape=(batch, groups, each, length, keys))
    largest = k.reduce(maximum_number, scores, [4], keepdims=True)
    largest = k.map(lambda top: select(equal(top, -math.inf), 0.0, top), largest)
    weights = k.map(lambda score, top: exp(score - top), scores, largest)
    total = k.reduce(k.add, weights, [4], keepdims=True)
    mixed = k.product((weights, "bghqk"), (value, "bgkv"), "bghqv", accumulator=compute)

    def share(element: Scalar, sum_: Scalar) -> Scalar:
        return select(equal(sum_, 0.0), 0.0, element / sum_)

    made = k.map(share, mixed, total, dtype=query.dtype)
    return k.reshape(made, (batch, heads, length, width), checked=True)


def _narrow(index: Scalar) -> Scalar:
    return Scalar(index.em, index.em.value("arith.index_cast", "i32", [index.value]), DTYPES["si32"])


def _heads_of_each_group(k: KernelBuilder, heads: Any, groups: Any) -> Any:
    """How many heads share a key and value; where that is not known, it is checked when the program runs."""
    if heads == groups:
        return 1
    if not isinstance(heads, int) or not isinstance(groups, int):
        count, parts = k.index(k.dim(heads)), k.index(k.dim(groups))
        divides = equal(remainder(count, parts), 0) & (parts > 0)
        k.require(
            divides,
            f"mo.attention: expected the heads of key and value, {groups}, to divide those of query, {heads}",
        )
    return heads // groups


def _scale(k: KernelBuilder, op: Op, size: Any, compute: DType) -> Scalar | float:
    if op.scale is not None:
        return float(op.scale)
    if isinstance(size, int):
        return float(size**-0.5)
    return cast(rsqrt(cast(k.index(k.dim(size)), F64)), compute)


def _grouped(k: KernelBuilder, mask: Tensor, groups: Any, each: Any) -> Tensor:
    """The mask with its heads in groups."""
    batch, heads, length, keys = (1,) * (4 - mask.rank) + mask.shape
    split = (1, 1) if heads == 1 else (groups, each)
    return k.reshape(mask, (batch, *split, length, keys), checked=True)


def rope(k: KernelBuilder, op: Op, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """The two elements of each pair are read and written as slices."""
    *before, size = x.shape
    if not isinstance(size, int):
        even = equal(remainder(k.index(k.dim(size)), 2), 0)
        k.require(even, f"mo.rope: expected an even last dimension of the input, found {size}")
    if 0 in x.shape:  # slices would be out of bounds
        return x
    half, axis = size // 2, x.rank if op.interleaved else x.rank - 1
    shape = (*before, half)
    pairs = (*before, half, 2) if op.interleaved else (*before, 2, half)
    one = tuple(1 if i == axis else dim for i, dim in enumerate(pairs))
    whole = k.reshape(Tensor(k, x.dtype, x.shape, value=x.value), pairs, checked=True)
    places = [[side if i == axis else 0 for i in range(len(pairs))] for side in (0, 1)]
    first, second = (k.reshape(extract_slice(k, whole, place, one, [1] * len(pairs)), shape) for place in places)

    def turned(a: Scalar, b: Scalar, c: Scalar, s: Scalar) -> tuple[Scalar, Scalar]:
        return a * c - b * s, a * s + b * c

    made = loops.map_many(k, turned, [first, second, cos, sin], [x.dtype] * 2, shape)
    target = k.empty(pairs, x.dtype)
    for part, place in zip(made, places, strict=True):
        target = insert_slice(k, k.reshape(part, one), target, place, one)
    return k.reshape(Tensor(k, x.dtype, pairs, value=target), x.shape, checked=True)


RULES = {"mo.attention": attention, "mo.rope": rope}
