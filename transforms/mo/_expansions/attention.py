# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention and rotary embeddings in terms of products and exponentials."""

import math
from typing import Any

from mograph.transforms.mo._expansions import Expansion
from mograph.transforms.mo._expansions.builder import Builder

__all__ = ["EXPANSIONS"]


def _attention(k: Builder, op: Any, query: Any, key: Any, value: Any, mask: Any) -> Any:
    dtype = k.type(query).dtype
    batch, heads, length, size = k.shape(query)
    groups, keys, width = (*k.shape(key)[1:3], k.shape(value)[3])
    scale = op.scale
    if scale is None and not isinstance(size, int):
        return None
    # The heads that share a key are further rows of one product.
    rows = k.reshape(k.wide(query), [batch, groups, heads // groups * length, size])
    scores = k.matmul(rows, k.wide(key), transpose_rhs=True)
    scores = k.reshape(scores, [batch, heads, length, keys])
    scores = k.mul(scores, k.number(1 / math.sqrt(size or 1) if scale is None else scale, scores))
    if op.softcap:
        cap = k.number(op.softcap, scores)
        scores = k.mul(k.tanh(k.div(scores, cap)), cap)
    never = k.number(-math.inf, scores)
    if mask is not None and str(k.type(mask).dtype) == "i1":
        scores = k.select(mask, scores, never)
    elif mask is not None:
        scores = k.add(scores, k.cast(mask, k.type(scores).dtype))
    if op.causal:
        places = [k.iota(axis=axis, to=k.tensor([length, keys], "si64", scores)) for axis in (0, 1)]
        scores = k.select(k.greater_equal(*places), scores, never)
    largest = k.reduce_max(scores, axes=[-1], keepdims=True)
    largest = k.select(k.equal(largest, never), k.number(0, scores), largest)
    weights = k.exp(k.sub(scores, largest))
    total = k.reduce_add(weights, axes=[-1], keepdims=True)
    rows = k.reshape(weights, [batch, groups, heads // groups * length, keys])
    found = k.reshape(k.matmul(rows, k.wide(value)), [batch, heads, length, width])
    zero = k.number(0, total)
    return k.cast(k.select(k.equal(total, zero), zero, k.div(found, total)), dtype)


def _rope(k: Builder, op: Any, x: Any, cos: Any, sin: Any) -> Any:
    *outer, size = k.shape(x)
    if not isinstance(size, int):
        return None
    half = size // 2
    axis = len(outer) + (1 if op.interleaved else 0)
    pairs = k.reshape(k.wide(x), [*outer, half, 2] if op.interleaved else [*outer, 2, half])
    first, second = (k.reshape(k.slice(pairs, **_at(place, axis, len(outer) + 2)), [*outer, half]) for place in (0, 1))
    cos, sin = k.wide(cos), k.wide(sin)
    turned = (
        k.sub(k.mul(first, cos), k.mul(second, sin)),
        k.add(k.mul(first, sin), k.mul(second, cos)),
    )
    ends = [*outer, half, 1] if op.interleaved else [*outer, 1, half]
    joined = k.concat([k.reshape(each, ends) for each in turned], axis=axis)
    return k.cast(k.reshape(joined, k.shape(x)), k.type(x).dtype)


def _at(place: int, axis: int, rank: int) -> dict[str, list[int]]:
    """The attributes of a slice that takes one place of an axis."""
    starts, stops = [0] * rank, [2**63 - 1] * rank
    starts[axis], stops[axis] = place, place + 1
    return {"starts": starts, "stops": stops, "steps": [1] * rank}


EXPANSIONS: dict[str, Expansion] = {"mo.attention": _attention, "mo.rope": _rope}
