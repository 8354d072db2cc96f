# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of f32 computed in f64, with 0.51 ulp of f32 unless the docstring says otherwise.

Each takes and returns an f64 value that came from an f32: then nothing here overflows, and no number is denormal.
"""

import math

from mlir import ir

from mograph.targets.cpu.math.emitter import EQ, NE, OEQ, OGE, OGT, OLE, OLT, UNO, Emitter

_EXP = (
    2.748678363114565e-07,
    2.7634982367191486e-06,
    2.4801905506436375e-05,
    0.00019841185319205955,
    0.0013888888539146335,
    0.00833333337079293,
    0.041666666668059085,
    0.1666666666661166,
    0.49999999999998385,
)
_ATANH = (
    0.09805103469048809,
    0.1108704915462796,
    0.142860849764728,
    0.19999997426414245,
    0.3333333333985983,
    0.9999999999999731,
)
_ERFCX = (
    -8.423162052760793e-06,
    -2.3515808476595344e-05,
    2.389247058957209e-05,
    0.00017123742342690416,
    4.4861831742163624e-05,
    -0.0009808762950954323,
    -0.0008474191008267091,
    0.006997276068327035,
    0.0037329247416507654,
    -0.07897856790735286,
    0.24165819263616095,
    -0.4271858476638109,
    0.2553956763242963,
)
_LN2, _LN2_LOW = math.log(2), 2.3190468138462996e-17  # the second is what the first lacks


def _exp(e: Emitter, x: ir.Value) -> ir.Value:
    """e ** x for any x: what f32 cannot hold comes out as a number that it rounds to zero or infinity."""
    x = e.clamp(x, -200.0, 200.0)
    n, bits = e.round(e.mul(x, e.const(1.4426950408889634)))
    r = e.fma(n, e.const(-_LN2_LOW), e.fma(n, e.const(-_LN2), x))
    p = e.add(e.fma(e.horner(r, _EXP), e.mul(r, r), r), e.const(1.0))
    return e.mul(p, e.power_of_two(e.integer("subi", bits, e.bits(e.const(e.format.magic)))))


def _log(e: Emitter, x: ir.Value) -> ir.Value:
    """The natural logarithm of a positive, finite, normal number."""
    least = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
    above = e.integer("subi", e.bits(x), least)
    biased = e.integer("shrui", e.integer("addi", above, 0x3FF << 52), 52)
    n = e.sub(
        e.float(e.integer("ori", biased, 0x433 << 52)), e.const(2.0**52 + 1023)
    )  # without a conversion, which AVX2 lacks
    m = e.float(e.integer("addi", e.integer("andi", above, (1 << 52) - 1), least))
    s = e.div(e.sub(m, e.const(1.0)), e.add(m, e.const(1.0)))
    p = e.mul(e.add(s, s), e.horner(e.mul(s, s), _ATANH))
    return e.fma(n, e.const(_LN2), p)


def _log1p(e: Emitter, x: ir.Value) -> ir.Value:
    """log(1 + x) for a finite x > -1."""
    series = e.mul(x, e.horner(x, (1 / 3, -0.5, 1.0)))
    return e.select(e.compare(OLT, e.abs(x), e.const(1e-4)), series, _log(e, e.add(x, e.const(1.0))))


def sinh(e: Emitter, x: ir.Value) -> ir.Value:
    """The hyperbolic sine."""
    power = _exp(e, x)
    far = e.mul(e.sub(power, e.div(e.const(1.0), power)), e.const(0.5))
    near = e.mul(x, e.horner(e.mul(x, x), (1 / 5040, 1 / 120, 1 / 6, 1.0)))
    return e.select(e.compare(OLT, e.abs(x), e.const(0.05)), near, far)


def cosh(e: Emitter, x: ir.Value) -> ir.Value:
    """The hyperbolic cosine."""
    power = _exp(e, x)
    return e.mul(e.add(power, e.div(e.const(1.0), power)), e.const(0.5))


def asinh(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse hyperbolic sine."""
    a = e.abs(x)
    square = e.mul(a, a)
    one = e.const(1.0)
    result = _log1p(e, e.add(a, e.div(square, e.add(one, e.sqrt(e.add(square, one))))))
    return e.select(e.compare(OLT, a, e.const(float("inf"))), e.sign(result, x), x)


def acosh(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse hyperbolic cosine; NaN below one."""
    t = e.sub(x, e.const(1.0))
    result = _log1p(e, e.add(t, e.sqrt(e.mul(t, e.add(t, e.const(2.0))))))
    result = e.select(e.compare(OLT, x, e.const(float("inf"))), result, x)
    return e.select(e.compare(OLT, x, e.const(1.0)), e.const(float("nan")), result)


def atanh(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse hyperbolic tangent; infinite at one, NaN beyond."""
    a = e.abs(x)
    one = e.const(1.0)
    result = e.mul(_log1p(e, e.div(e.add(a, a), e.sub(one, a))), e.const(0.5))
    result = e.select(e.compare(OLT, a, one), e.sign(result, x), e.sign(e.const(float("inf")), x))
    return e.select(e.compare(OLE, a, one), result, e.const(float("nan")))


def cbrt(e: Emitter, x: ir.Value) -> ir.Value:
    """The cube root."""
    a = e.abs(x)
    result = e.sign(_exp(e, e.mul(_log(e, a), e.const(1 / 3))), x)
    regular = e.both(e.compare(OGT, a, e.const(0.0)), e.compare(OLT, a, e.const(float("inf"))))
    return e.select(regular, result, x)


def pow(e: Emitter, x: ir.Value, y: ir.Value) -> ir.Value:
    """x ** y, with what IEEE asks for zeros, infinities and negative numbers."""
    one, zero, infinity, nan = e.const(1.0), e.const(0.0), e.const(float("inf")), e.const(float("nan"))
    a = e.abs(x)
    # An f32 of 2 ** 24 or more is an even integer.
    whole, bits = e.round(e.clamp(y, -(2.0**25), 2.0**25))
    large = e.compare(OGE, e.abs(y), e.const(2.0**25))
    integer = e.either(large, e.compare(OEQ, whole, y))
    odd = e.both(e.compare(OEQ, whole, y), e.compare(NE, e.integer("andi", bits, 1), e.icon(0)))
    regular = e.both(e.compare(OGT, a, zero), e.compare(OLT, a, infinity))
    logarithm = e.select(regular, _log(e, a), e.select(e.compare(OEQ, a, zero), e.const(float("-inf")), a))
    exponent = e.mul(logarithm, y)
    result = _exp(e, exponent)
    result = e.select(
        e.compare(OLT, e.abs(exponent), infinity),
        result,
        e.select(e.compare(OLT, exponent, zero), zero, e.select(e.compare(UNO, exponent, exponent), nan, infinity)),
    )
    negative = e.compare(OEQ, e.sign(one, x), e.const(-1.0))
    result = e.select(e.both(negative, odd), e.neg(result), result)
    invalid = e.both(
        e.both(e.compare(OLT, x, zero), e.compare(OGT, x, e.const(float("-inf")))),
        e.compare(EQ, e.b.one("arith.extui", e.int, integer), e.icon(0)),
    )
    invalid = e.both(invalid, e.compare(OLT, e.abs(y), infinity))
    result = e.select(invalid, nan, result)
    # |x| = 1 and an infinite y: the product above is NaN.
    result = e.select(e.both(e.compare(OEQ, a, one), e.compare(OEQ, e.abs(y), infinity)), one, result)
    return e.select(e.either(e.compare(OEQ, y, zero), e.compare(OEQ, x, one)), one, result)


def erfc(e: Emitter, x: ir.Value) -> ir.Value:
    """1 - erf(x): exp(-x * x) times a polynomial in (x - 2) / (x + 2)."""
    a = e.clamp(e.abs(x), 0.0, 10.2)
    t = e.div(e.sub(a, e.const(2.0)), e.add(a, e.const(2.0)))
    result = e.mul(_exp(e, e.neg(e.mul(a, a))), e.horner(t, _ERFCX))
    return e.select(e.compare(OLT, x, e.const(0.0)), e.sub(e.const(2.0), result), result)
