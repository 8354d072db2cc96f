# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of f64 computed in f64. Each docstring states the largest error over samples of all finite floats, in units
in the last place (ulp), on machines with fused arithmetic.
"""

import math

from mlir import ir

from mograph.targets.cpu.math import pairs
from mograph.targets.cpu.math.emitter import OEQ, OLT, Emitter
from mograph.targets.cpu.math.single import log_specials, tanh_by

# The first has 32 bits, so that its product with an exponent is exact.
_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
# (e ** r - 1 - r) / r ** 2 for |r| <= ln 2 / 2, to 2 ** -59.
_EXP = (
    2.0914686968086876e-09, 2.5105217004720745e-08, 2.75572736431103e-07, 2.7557255400206422e-06,
    2.4801587325547743e-05, 0.00019841269874820627, 0.0013888888888883748, 0.008333333333326136, 0.04166666666666667,
    0.1666666666666667, 0.5,
)  # fmt: skip
# (log((1 + s) / (1 - s)) - 2 s) / s ** 3 in powers of s ** 2, where that quotient is from sqrt(1/2) to sqrt(2).
_LOG = (
    0.14616585424888623, 0.15331710618210773, 0.18182889455674947, 0.22222211130259878, 0.2857142862600327,
    0.39999999999899444, 0.666666666666667,
)  # fmt: skip


def _reduce(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """x = n ln 2 + r: n, bits whose lowest are those of n, and r."""
    n, bits = e.round(x, 1.4426950408889634)
    return n, bits, e.fma(n, e.const(-_LN2_LOW), e.fma(n, e.const(-_LN2_HIGH), x))


def exp(e: Emitter, x: ir.Value) -> ir.Value:
    """e ** x, 1.0 ulp: x = n ln 2 + r, and e ** r is a polynomial."""
    none = e.compare(OLT, x, e.const(-745.2))
    x = e.at_most(e.select(none, e.const(0.0), x), 710.0)
    n, bits, r = _reduce(e, x)
    power = e.add(e.fma(e.horner(r, _EXP), e.mul(r, r), r), e.const(1.0))
    return e.select(none, e.const(0.0), e.scale(power, n, bits))


def expm1(e: Emitter, x: ir.Value) -> ir.Value:
    """e ** x - 1, 1.8 ulp."""
    _, bits, r = _reduce(e, e.clamp(x, -60.0, 710.0))
    half = e.power_of_two(e.integer("subi", bits, 1))  # of 2 ** n, which may be one above the greatest
    q = e.fma(e.horner(r, _EXP), e.mul(r, r), r)
    result = e.fma(q, half, e.sub(half, e.const(0.5)))
    result = e.add(result, result)
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, result)


def exp2(e: Emitter, x: ir.Value) -> ir.Value:
    """2 ** x, 1.0 ulp."""
    none = e.compare(OLT, x, e.const(-1076.0))
    x = e.at_most(e.select(none, e.const(0.0), x), 1025.0)
    n, bits = e.round(x)
    f = e.sub(x, n)
    high, low = pairs.multiply(e, f, e.const(math.log(2)))
    power = e.add(*one_and(e, high, e.fma(f, e.const(2.3190468138462996e-17), low)))
    return e.select(none, e.const(0.0), e.scale(power, n, bits))


def exp_of_pair(e: Emitter, high: ir.Value, low: ir.Value) -> tuple[pairs.Pair, ir.Value, ir.Value]:
    """e ** (high + low) = p 2 ** n for |high| < 1075: p as a sum, n, and bits whose lowest are those of n."""
    n, bits = e.round(high, 1.4426950408889634)
    rest = e.sub(high, e.mul(n, e.const(_LN2_HIGH)))
    return one_and(e, *pairs.add_ordered(e, rest, e.fma(n, e.const(-_LN2_LOW), low))), n, bits


def one_and(e: Emitter, r: ir.Value, low: ir.Value) -> pairs.Pair:
    """e ** (r + low), as a sum, for |r| <= ln 2 / 2 and a low below the last place of r."""
    total, lost = pairs.add_ordered(e, e.const(1.0), r)
    return total, e.add(lost, e.fma(e.mul(r, r), e.horner(r, _EXP), low))


def tanh(e: Emitter, x: ir.Value) -> ir.Value:
    """The hyperbolic tangent, 2.2 ulp."""
    return tanh_by(e, x, 20.0, expm1)


def log(e: Emitter, x: ir.Value) -> ir.Value:
    """The natural logarithm, 0.9 ulp."""
    return log_specials(e, x, log_and(e, x))


def log1p(e: Emitter, x: ir.Value) -> ir.Value:
    """log(1 + x), 0.9 ulp: the logarithm of the rounded sum, and what the rounding lost."""
    one = e.const(1.0)
    rounded = e.add(x, one)
    big = e.compare(OLT, one, x)
    lost = e.select(big, e.sub(one, e.sub(rounded, x)), e.sub(x, e.sub(rounded, one)))
    result = log_specials(e, rounded, log_and(e, rounded, e.div(lost, rounded)))
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, result)


def log_and(e: Emitter, x: ir.Value, more: ir.Value | None = None, doubled: ir.Value | None = None) -> ir.Value:
    """The logarithm of a positive finite x, plus `more`, which is less than an ulp of 1, plus `doubled` (0 or 1) times
    ln 2.
    """
    n, f = split(e, x)
    if doubled is not None:
        n = e.add(n, doubled)
    half, tail = series(e, f)
    low = e.mul(n, e.const(_LN2_LOW))
    tail = e.add(tail, low if more is None else e.add(low, more))
    return e.fma(n, e.const(_LN2_HIGH), e.sub(f, e.sub(half, tail)))


def split(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """n and f of x = 2 ** n (1 + f), sqrt(1/2) <= 1 + f < sqrt(2), for a positive finite x."""
    small = e.compare(OLT, x, e.const(2.0**-1022))
    scaled = e.select(small, e.mul(x, e.const(2.0**54)), x)
    least = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
    above = e.integer("subi", e.bits(scaled), least)
    biased = e.integer("shrui", e.integer("addi", above, 0x3FF << 52), 52)
    # Without a conversion, which AVX2 lacks.
    n = e.sub(e.float(e.integer("ori", biased, 0x433 << 52)), e.const(2.0**52 + 1023))
    n = e.sub(n, e.select(small, e.const(54.0), e.const(0.0)))
    f = e.sub(e.float(e.integer("addi", e.integer("andi", above, (1 << 52) - 1), least)), e.const(1.0))
    return n, f


def series(e: Emitter, f: ir.Value) -> pairs.Pair:
    """log(1 + f) = f - half + tail: half, which is f ** 2 / 2, and tail."""
    s = e.div(f, e.add(f, e.const(2.0)))
    z = e.mul(s, s)
    half = e.mul(e.mul(f, f), e.const(0.5))
    return half, e.mul(s, e.fma(z, e.horner(z, _LOG), half))
