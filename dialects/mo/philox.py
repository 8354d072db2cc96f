# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random bits and the distributions made of them: the references of `mo.random.*`.

Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) with the seed as key. Element i of
a tensor, in row-major order, takes word i % 4 of the block whose counter is i // 4, so that any element can be
computed alone and the values depend on nothing but the seed and the position.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mograph.dialects.mo.conversion import rounded
from mograph.dialects.mo.numpy_ import Array, np

if TYPE_CHECKING:
    from typing import Any

__all__ = ["normal", "philox4x32", "uniform", "words"]

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_INCREMENTS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
_MASK = 0xFFFFFFFF


def philox4x32(counter: Sequence[Array], key: tuple[int, int]) -> tuple[Array, Array, Array, Array]:
    """Encrypt blocks of counters.

    `counter` is four uint32 arrays of one shape, the least significant word first, `key` two 32-bit words. Returns
    four uint32 arrays of that shape.
    """
    x0, x1, x2, x3 = (np.asarray(word, dtype=np.uint64) for word in counter)
    k0, k1 = key
    shift, mask = np.uint64(32), np.uint64(_MASK)
    for _ in range(ROUNDS):
        p0 = np.uint64(MULTIPLIERS[0]) * x0
        p1 = np.uint64(MULTIPLIERS[1]) * x2
        x0, x1, x2, x3 = (p1 >> shift) ^ x1 ^ np.uint64(k0), p1 & mask, (p0 >> shift) ^ x3 ^ np.uint64(k1), p0 & mask
        k0, k1 = (k0 + KEY_INCREMENTS[0]) & _MASK, (k1 + KEY_INCREMENTS[1]) & _MASK
    return x0.astype(np.uint32), x1.astype(np.uint32), x2.astype(np.uint32), x3.astype(np.uint32)


def words(seed: int, count: int) -> Array:
    """The first `count` random words of `seed`, a signed 64-bit integer, and the rest of their last block: uint32."""
    block = np.arange((count + 3) // 4, dtype=np.uint64)
    zero = np.zeros_like(block)
    key = (seed & _MASK, (seed >> 32) & _MASK)
    return np.stack(philox4x32((block & np.uint64(_MASK), block >> np.uint64(32), zero, zero), key), axis=-1).reshape(
        -1
    )


def normal(shape: Sequence[int], mean: Array, std: Array, seed: int, dtype: "np.dtype[Any]") -> Array:
    """An array of `shape` and `dtype`, normally distributed, by Box and Muller.

    The words r, r' of a pair of elements give u = (r + 0.5) / 2^32, s = sqrt(-2 ln u), v = 2 pi (r' + 0.5) / 2^32,
    and the pair is mean + std * s sin v, mean + std * s cos v. Every step is rounded to f32 (f64 for `dtype` f64),
    and the result to `dtype`.
    """
    count = int(np.prod(shape, dtype=np.int64))
    step = _step(dtype)
    pairs = words(seed, count).reshape(-1, 2)
    radius, angle = _centred(pairs[:, 0], step), _centred(pairs[:, 1], step) * step(2 * np.pi)
    radius = np.sqrt(step(-2) * _exactly(np.log, radius, step))
    sine, cosine = _exactly(np.sin, angle, step), _exactly(np.cos, angle, step)
    values = np.stack([radius * sine, radius * cosine], axis=-1).reshape(-1)[:count].reshape(shape)
    return _narrowed(np.asarray(_widened(mean, step) + _widened(std, step) * values), dtype)


def uniform(shape: Sequence[int], low: Array, high: Array, seed: int, dtype: "np.dtype[Any]") -> Array:
    """An array of `shape` and `dtype`, uniformly distributed from `low` to below `high`.

    The word r of an element gives x = low + (high - low) * (r / 2^32), every step rounded to f32 (f64 for `dtype`
    f64), x rounded to `dtype`, and the element is min(x, max(low, p)), where p is the largest value of `dtype` below
    `high`.
    """
    count = int(np.prod(shape, dtype=np.int64))
    step = _step(dtype)
    unit = words(seed, count)[:count].reshape(shape).astype(step) * step(2.0**-32)
    start, stop = _widened(low, step), _widened(high, step)
    values = _narrowed(np.asarray(start + (stop - start) * unit), dtype)
    below = np.nextafter(high.astype(dtype), np.asarray(-np.inf).astype(dtype))
    return np.asarray(np.minimum(values, np.maximum(low.astype(dtype), below)), dtype=dtype)


def _step(dtype: "np.dtype[Any]") -> "type[np.floating[Any]]":
    """The dtype that the steps of a distribution are rounded to."""
    return np.float64 if dtype == np.float64 else np.float32


def _centred(word: Array, step: "type[np.floating[Any]]") -> Array:
    """(word + 0.5) / 2^32."""
    return np.asarray((word.astype(step) + step(0.5)) * step(2.0**-32))


def _exactly(function: "np.ufunc", values: Array, step: "type[np.floating[Any]]") -> Array:
    """`function` of `values`, rounded once to `step`."""
    return np.asarray(function(values.astype(np.float64)).astype(step))


def _widened(value: Array, step: "type[np.floating[Any]]") -> "np.floating[Any]":
    wide: np.floating[Any] = step(np.asarray(value).astype(np.float64))
    return wide


def _narrowed(values: Array, dtype: "np.dtype[Any]") -> Array:
    return rounded(values.astype(np.float64), dtype)
