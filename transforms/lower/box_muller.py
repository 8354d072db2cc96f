# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pairs of normally distributed numbers from pairs of random words, by Box and Muller.

In f32 the logarithm, sine and cosine are polynomials here and not the target's, since the arguments are harmless: no
infinity, no NaN, no denormal number, an angle below 2 pi. Products and sums are rounded one by one, so that the bits
are the same on all machines. The errors of the three are below 2 ulp.
"""

import math
from collections.abc import Sequence
from itertools import accumulate

from mograph.transforms.lower.builder import DTYPES, DType, Scalar
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import bitcast, not_equal, select
from mograph.transforms.lower.builder.scalar_math import cos, log, sin, sqrt

__all__ = ["normal"]

_F32, _SI32 = DTYPES["f32"], DTYPES["si32"]
# (log(1 + f) - f + f * f / 2) / f ** 3 for 1 + f between sqrt(1/2) and sqrt(2), by the method of minimal maximum.
_LOG = (
    0.06744440283934684, -0.11674783026970569, 0.11888637377336342, -0.12405762149619318, 0.1421951566929888,
    -0.16667985088558387, 0.2000211983791142, -0.2500000980072172, 0.3333331259192801,
)  # fmt: skip
# (sin(r) / r - 1) / r ** 2 and (cos(r) - 1 + r * r / 2) / r ** 4 for |r| <= pi / 4: those of S. Moshier's Cephes.
_SIN = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
_COS = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
_HALF_PI = (
    1.5703125,
    4.837512969970703125e-4,
    7.54978995489188e-8,
)  # the first two have so few bits that 4 times one is exact
_LN2 = (0.693359375, -2.12194440e-4)
_LEAST = 0x3F3504F3  # the bits of sqrt(1/2)
_MAGIC = 1.5 * 2.0**23  # its addition rounds to an integer


def normal(first: Scalar, second: Scalar, odd: Scalar, step: DType) -> Scalar:
    """Of the standard normal distribution, in f32 or f64 as `step`: the number for the even or odd element of the pair
    that two words give.
    """
    u, turn = (_centred(word, step) for word in (first, second))
    angle = turn * (2.0 * math.pi)
    if step is not _F32:
        return sqrt(log(u) * -2.0) * select(odd, cos(angle), sin(angle))
    radius = sqrt(_logarithm(u) * -2.0)
    sine, cosine = _sine_and_cosine(angle)
    return radius * select(odd, cosine, sine)


def _centred(word: Scalar, step: DType) -> Scalar:
    return (cast(word, step) + 0.5) * 2.0**-32


def _horner(x: Scalar, coefficients: Sequence[float]) -> Scalar:
    first, *others = coefficients
    *_, result = accumulate(others, lambda value, c: value * x + c, initial=x.constant(first))
    return result


def _logarithm(x: Scalar) -> Scalar:
    """Of a normal f32: x = 2 ** n (1 + f)."""
    above = bitcast(x, _SI32) - _LEAST
    n = cast(above.apply("arith.shrsi", above.constant(23)), _F32)
    f = bitcast((above & 0x7FFFFF) + _LEAST, _F32) - 1.0
    square = f * f
    tail = _horner(f, _LOG) * f * square + n * _LN2[1] - square * 0.5
    return n * _LN2[0] + (f + tail)


def _sine_and_cosine(angle: Scalar) -> tuple[Scalar, Scalar]:
    """Of an f32 from 0 to 2 pi: angle = n pi/2 + r."""
    shifted = angle * (2.0 / math.pi) + _MAGIC
    n, bits = shifted - _MAGIC, bitcast(shifted, _SI32)
    r = angle
    for part in _HALF_PI:
        r = r - n * part
    z = r * r
    sine = _horner(z, _SIN) * z * r + r
    cosine = _horner(z, _COS) * z * z - z * 0.5 + 1.0
    swap = not_equal(bits & 1, 0)
    return (
        _negated(select(swap, cosine, sine), bits),
        _negated(select(swap, sine, cosine), bits + 1),
    )


def _negated(x: Scalar, quadrant: Scalar) -> Scalar:
    """-x where bit 1 of `quadrant` is set."""
    flip = (quadrant & 2).apply("arith.shli", quadrant.constant(30))
    return bitcast(bitcast(x, _SI32) ^ flip, _F32)
