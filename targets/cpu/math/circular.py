# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sine and cosine of f32, for arguments of any size, which are reduced in f64. Errors are stated as in `single`.

A quotient by pi/2 counts modulo 4. So of 2/pi those bits may be left out that make multiples of four of all arguments
from some power of two on; the next 106 are enough for arguments 2 ** 21 times as large. The quotient's 53 bits are
then so many that rounding them to an integer leaves hardly more than a half, whatever the other bits are.
"""

import math

from mlir import ir

from mograph.targets.cpu.math import double, pairs
from mograph.targets.cpu.math.emitter import F64, NE, OEQ, OGE, Emitter

_BITS = 256  # of 2/pi that are known
_BOUNDS = (46, 67, 88, 109)  # powers of two from which on other bits of 2/pi count
# (sin(r) - r) / r ** 3 and (cos(r) - 1 + r * r / 2) / r ** 4 in powers of r * r, for |r| <= 0.81: to 2 ** -28 of the
# sine, and 2 ** -33 of the cosine.
_SIN = (-0.000194977320619344, 0.008332033991474697, -0.16666652679050661)
_COS = (2.4416500096663236e-05, -0.0013887177540200385, 0.04166664303923062)


def _parts(bound: int | None) -> tuple[float, float]:
    """2/pi as the sum of two floats, without the bits that do not count from 2 ** bound on."""
    whole = double.TWO_OVER_PI if bound is None else double.TWO_OVER_PI % (1 << (_BITS + 25 - bound))
    result = []
    for _ in range(2):
        shift = max(0, whole.bit_length() - 53)
        result.append(math.ldexp(whole >> shift, shift - _BITS))
        whole %= 1 << shift
    return result[0], result[1]


def _reduce(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """x = n pi/2 + r with |r| <= 0.81: r, and bits whose lowest two are those of n. NaN at infinities."""
    b, wide = e.b, Emitter(e.b, F64, e.fused)
    size = e.abs(x)
    high, low = (wide.const(part) for part in _parts(None))
    for bound in _BOUNDS:
        beyond = e.compare(OGE, size, e.const(2.0**bound))
        high, low = (
            wide.select(beyond, wide.const(part), before)
            for part, before in zip(_parts(bound), (high, low), strict=True)
        )
    argument = b.one("arith.extf", wide.type, x)
    quotient, lost = pairs.multiply(wide, argument, high)
    lost = wide.fma(argument, low, lost)
    n, bits = wide.round(quotient)
    r = wide.mul(wide.add(wide.sub(quotient, n), lost), wide.const(math.pi / 2))
    return b.one("arith.truncf", e.type, r), b.one("arith.trunci", e.int, bits)


def _quadrant(e: Emitter, x: ir.Value, shift: int) -> ir.Value:
    """sin(x + shift pi/2)."""
    r, bits = _reduce(e, x)
    square = e.mul(r, r)
    sine = e.fma(e.mul(square, r), e.horner(square, _SIN), r)
    cosine = e.fma(e.mul(square, square), e.horner(square, _COS), e.fma(square, e.const(-0.5), e.const(1.0)))
    n = e.integer("addi", bits, shift) if shift else bits
    swap = e.compare(NE, e.integer("andi", n, 1), e.icon(0))
    flip = e.integer("shli", e.integer("andi", n, 2), 30)
    return e.float(e.integer("xori", e.bits(e.select(swap, cosine, sine)), flip))


def sin(e: Emitter, x: ir.Value) -> ir.Value:
    """The sine, 1.6 ulp."""
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, _quadrant(e, x, 0))


def cos(e: Emitter, x: ir.Value) -> ir.Value:
    """The cosine, 1.6 ulp."""
    return _quadrant(e, x, 1)
