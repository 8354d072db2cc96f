# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.random.normal`, `mo.random.uniform`, `mo.static.random.normal`: Philox4x32-10, bit for bit the reference's words.

Element i has word i % 4 of the block with counter i // 4, under the seed as key. A tensor is made as blocks of two
pairs, where the loop over blocks does all that a block has in common.
"""

import math
from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.box_muller import normal as box_muller
from mograph.transforms.lower.builder import DTYPES, KernelBuilder, Scalar, Tensor, dtype_of
from mograph.transforms.lower.builder.binding import bind_shape
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import equal, maximum, minimum, select
from mograph.transforms.lower.builder.scalar_math import next_below
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "normal", "static_normal", "uniform"]

OPS = ("mo.random.normal", "mo.random.uniform", "mo.static.random.normal")

_UI32, _UI64 = DTYPES["ui32"], DTYPES["ui64"]
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_INCREMENTS = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_LOW = 0xFFFFFFFF

Words = tuple[Scalar, Scalar, Scalar, Scalar]
Keys = list[tuple[Scalar, Scalar]]


def _high(x: Scalar) -> Scalar:
    return x.apply("arith.shrui", x.constant(32))


def round_keys(seed: Scalar) -> Keys:
    """The two words of the key in each round, as 64-bit integers, for a seed of 64 bits."""
    key = Scalar(seed.em, seed.value, _UI64)
    keys = [(key & _LOW, _high(key))]
    for _ in range(_ROUNDS - 1):
        keys.append(((keys[-1][0] + _KEY_INCREMENTS[0]) & _LOW, (keys[-1][1] + _KEY_INCREMENTS[1]) & _LOW))
    return keys


def philox(counter: Scalar, keys: Keys) -> Words:
    """The four words of the block of a 64-bit counter.

    They are kept in the lower halves of 64-bit integers, with anything above: machines multiply two such halves to 64
    bits in one instruction.
    """
    x0, x1 = counter, _high(counter)
    x2 = x3 = counter.constant(0)
    for k0, k1 in keys:
        product0, product1 = (x0 & _LOW) * _MULTIPLIERS[0], (x2 & _LOW) * _MULTIPLIERS[1]
        x0, x1, x2, x3 = _high(product1) ^ x1 ^ k0, product1, _high(product0) ^ x3 ^ k1, product0
    a, b, c, d = (cast(x, _UI32) for x in (x0, x1, x2, x3))
    return a, b, c, d


def _distributed(k: KernelBuilder, op: Op, seed: Tensor, element: Callable[[Words, Scalar, Scalar], Scalar]) -> Tensor:
    """The tensor of `element(words, odd, high)`: whether the index is odd, and in the upper half of its block."""
    result = op.result.type
    shape, dtype = tuple(result.shape), dtype_of(result.dtype)
    keys = round_keys(seed.scalar)

    def counter(index: Scalar) -> Scalar:
        return Scalar(k.em, cast(index, DTYPES["si64"]).value, _UI64)

    size = math.prod(shape)
    blocks = (size + 3) // 4

    def in_block(block: Scalar, half: Scalar, odd: Scalar) -> Scalar:
        return element(philox(counter(block), keys), equal(odd, 1), equal(half, 1))

    made = k.reshape(k.generate(in_block, (blocks, 2, 2), dtype), (4 * blocks,))
    return k.reshape(made if size == 4 * blocks else k.slice(made, (0,), (1,), (size,)), shape)


def normal(k: KernelBuilder, op: Op, shape: Tensor, mean: Tensor, std: Tensor, seed: Tensor) -> Tensor:
    """Of a shape known at run time."""
    bind_shape(k, op, op.result.type.shape, shape)
    return static_normal(k, op, mean, std, seed)


def static_normal(k: KernelBuilder, op: Op, mean: Tensor, std: Tensor, seed: Tensor) -> Tensor:
    """By Box and Muller, in f32 (f64 for f64)."""
    step = dtype_of(op.result.type.dtype).compute
    centre, width = cast(mean.scalar, step), cast(std.scalar, step)

    def element(words: Words, odd: Scalar, high: Scalar) -> Scalar:
        first, second = select(high, words[2], words[0]), select(high, words[3], words[1])
        return centre + width * box_muller(first, second, odd, step)

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
