# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.random.normal`, `mo.random.uniform`, `mo.static.random.normal`: Philox4x32-10, bit for bit the reference's words.

Element i has word i % 4 of the block with counter i // 4, under the seed as key. Each element computes its own block,
so the loop nest needs no order and no memory.
"""

import math
from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import DTYPES, KernelBuilder, Scalar, Tensor, dtype_of
from mograph.transforms.lower.builder.binding import bind_shape
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import equal, maximum, minimum, select
from mograph.transforms.lower.builder.scalar_math import cos, log, next_below, sin, sqrt
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "normal", "static_normal", "uniform"]

OPS = ("mo.random.normal", "mo.random.uniform", "mo.static.random.normal")

_UI32, _UI64 = DTYPES["ui32"], DTYPES["ui64"]
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_INCREMENTS = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10

Words = tuple[Scalar, Scalar, Scalar, Scalar]


def _halves(x: Scalar) -> tuple[Scalar, Scalar]:
    """The low and the high 32 bits of a 64-bit integer."""
    word = Scalar(x.em, x.value, _UI64)
    return cast(word, _UI32), cast(word.apply("arith.shrui", word.constant(32)), _UI32)


def _product(x: Scalar, factor: int) -> tuple[Scalar, Scalar]:
    """The low and the high 32 bits of x * factor."""
    op = x.em.create("arith.mului_extended", [x.value.type] * 2, [x.value, x.constant(factor).value])
    return Scalar(x.em, op.results[0], _UI32), Scalar(x.em, op.results[1], _UI32)


def philox(counter: Scalar, seed: Scalar) -> Words:
    """The four words of the block of a 64-bit counter."""
    x0, x1 = _halves(counter)
    x2 = x3 = x0.constant(0)
    k0, k1 = _halves(seed)
    for round_ in range(_ROUNDS):
        if round_:
            k0, k1 = k0 + _KEY_INCREMENTS[0], k1 + _KEY_INCREMENTS[1]
        low0, high0 = _product(x0, _MULTIPLIERS[0])
        low1, high1 = _product(x2, _MULTIPLIERS[1])
        x0, x1, x2, x3 = high1 ^ x1 ^ k0, low1, high0 ^ x3 ^ k1, low0
    return x0, x1, x2, x3


def _distributed(k: KernelBuilder, op: Op, seed: Tensor, element: Callable[[Words, Scalar, Scalar], Scalar]) -> Tensor:
    """The tensor of `element(words, odd, high)`: whether the index is odd, and in the upper half of its block."""
    result = op.result.type
    shape = tuple(result.shape)
    key = seed.scalar
    extents = [k.index(k.dim(dim)) for dim in shape[1:]]

    def at(*indices: Scalar) -> Scalar:
        position = indices[0] if indices else k.index(0)
        for index, extent in zip(indices[1:], extents, strict=True):
            position = position * extent + index
        place = Scalar(k.em, cast(position, DTYPES["si64"]).value, _UI64)
        block = place.apply("arith.shrui", place.constant(2))
        return element(philox(block, key), equal(place & 1, 1), equal(place & 2, 2))

    return k.generate(at, shape, dtype_of(result.dtype))


def normal(k: KernelBuilder, op: Op, shape: Tensor, mean: Tensor, std: Tensor, seed: Tensor) -> Tensor:
    """Of a shape known at run time."""
    bind_shape(k, op, op.result.type.shape, shape)
    return static_normal(k, op, mean, std, seed)


def static_normal(k: KernelBuilder, op: Op, mean: Tensor, std: Tensor, seed: Tensor) -> Tensor:
    """By Box and Muller, in f32 (f64 for f64)."""
    step = dtype_of(op.result.type.dtype).compute
    centre, width = cast(mean.scalar, step), cast(std.scalar, step)

    def centred(word: Scalar) -> Scalar:
        return (cast(word, step) + 0.5) * 2.0**-32

    def element(words: Words, odd: Scalar, high: Scalar) -> Scalar:
        u = centred(select(high, words[2], words[0]))
        angle = centred(select(high, words[3], words[1])) * (2.0 * math.pi)
        radius = sqrt(log(u) * -2.0)
        return centre + width * (radius * select(odd, cos(angle), sin(angle)))

    return _distributed(k, op, seed, element)


def uniform(k: KernelBuilder, op: Op, shape: Tensor, low: Tensor, high: Tensor, seed: Tensor) -> Tensor:
    """Half open: what would round to `high` becomes the largest value below it."""
    bind_shape(k, op, op.result.type.shape, shape)
    dtype = dtype_of(op.result.type.dtype)
    step = dtype.compute
    start, stop = cast(low.scalar, step), cast(high.scalar, step)
    largest = maximum(start, cast(next_below(high.scalar), step))
    scale = stop - start

    def element(words: Words, odd: Scalar, upper: Scalar) -> Scalar:
        word = select(upper, select(odd, words[3], words[2]), select(odd, words[1], words[0]))
        value = start + scale * (cast(word, step) * 2.0**-32)
        return minimum(cast(value, dtype), cast(largest, dtype))

    return _distributed(k, op, seed, element)


RULES: dict[str, Any] = {
    "mo.random.normal": normal,
    "mo.random.uniform": uniform,
    "mo.static.random.normal": static_normal,
}
