# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of f32 computed in f64, with 0.51 ulp of f32 unless the docstring says otherwise.

Each takes and returns an f64 value that came from an f32: then nothing here overflows, and no number is denormal.
"""

import math

from mlir import ir

from mograph.targets.cpu.math.emitter import EQ, NE, OEQ, OGE, OGT, OLE, OLT, UNO, Emitter
from mograph.targets.cpu.math.single import log_specials

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
_SIN = (
    -2.4756572699852993e-08,
    2.7555272152150632e-06,
    -0.00019841263299820395,
    0.008333333323880586,
    -0.16666666666616678,
    0.9999999999999961,
)
_COS = (
    -2.717344057708069e-07,
    2.4798928935184788e-05,
    -0.001388888039476079,
    0.04166666654393091,
    -0.4999999999935123,
    0.9999999999999447,
)
_ATAN = (
    0.0004413674349993421,
    -0.0033287047874317683,
    0.01177878089685052,
    -0.02653767538535534,
    0.04415734259541852,
    -0.06054621552707673,
    0.075090034135331,
    -0.09053015374080647,
    0.11105986360658458,
    -0.14285296736303976,
    0.19999982188419524,
    -0.3333333303354853,
    0.9999999999916314,
)
_ASIN = (
    0.03499916042518081,
    0.007182105068357064,
    0.02472591249545046,
    0.03008975430569252,
    0.044662250944787,
    0.07499937298496136,
    0.16666667435799024,
    0.99999999998454,
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
# Pi in units of 2 ** -256, and 2 / pi: reducing the largest f32 takes some 200 bits of them.
_PI = 0x3243F6A8885A308D313198A2E03707344A4093822299F31D0082EFA98EC4E6C89
TWO_OVER_PI = (2 << 512) // _PI
_LN2, _LN2_LOW = math.log(2), 2.3190468138462996e-17  # the second is what the first lacks


def _parts(value: int, exponent: int, count: int) -> list[float]:
    """`value * 2 ** exponent` as a sum of `count` floats, each as near as possible."""
    parts = []
    for _ in range(count):
        parts.append(math.ldexp(float(value), exponent))
        value -= int(float(value))
    return parts


_HALF_PI = _parts(_PI, -257, 2)


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


def log2(e: Emitter, x: ir.Value) -> ir.Value:
    """The logarithm to the base 2."""
    return log_specials(e, x, e.mul(_log(e, x), e.const(1 / _LN2)))


def log10(e: Emitter, x: ir.Value) -> ir.Value:
    """The logarithm to the base 10."""
    return log_specials(e, x, e.mul(_log(e, x), e.const(1 / math.log(10))))


def log1p(e: Emitter, x: ir.Value) -> ir.Value:
    """log(1 + x)."""
    result = log_specials(e, e.add(x, e.const(1.0)), _log1p(e, x))
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, result)


def expm1(e: Emitter, x: ir.Value) -> ir.Value:
    """e ** x - 1."""
    series = e.mul(x, e.horner(x, (1 / 120, 1 / 24, 1 / 6, 0.5, 1.0)))
    return e.select(e.compare(OLT, e.abs(x), e.const(2e-3)), series, e.sub(_exp(e, x), e.const(1.0)))


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


def _reduce(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """x = n pi/2 + r with |r| <= pi/4: r, and bits whose lowest are those of n. NaN at infinities."""
    n, bits = e.round(e.mul(x, e.const(2 / math.pi)))
    r = x
    for part in _HALF_PI:
        r = e.fma(n, e.const(-part), r)
    far_r, far_bits = _reduce_far(e, x)
    far = e.compare(OGT, e.abs(x), e.const(2.0**24))
    r = e.add(e.select(far, far_r, r), e.sub(x, x))
    return r, e.select(far, far_bits, bits)


def _reduce_far(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """The same for |x| >= 2 ** 23, by Payne and Hanek: with x = m 2 ** t, those 96 bits of 2/pi count that m 2 ** t
    does not make multiples of four.
    """
    word = [(TWO_OVER_PI >> (256 + 2 - 32 * (k + 1))) % 2**32 for k in range(7)]
    pair = [word[k] << 32 | word[k + 1] for k in range(6)]
    bits = e.bits(x)
    m = e.integer("ori", e.integer("andi", e.integer("shrui", bits, 29), 0x7FFFFF), 0x800000)
    t = e.integer("subi", e.integer("andi", e.integer("shrui", bits, 52), 0x7FF), 1023 + 23)
    shift, block = e.integer("andi", t, 31), e.integer("shrui", t, 5)

    def pick(first: int) -> ir.Value:
        picked = e.icon(pair[first + 3])
        for k in (2, 1, 0):
            picked = e.select(e.compare(EQ, block, e.icon(k)), e.icon(pair[first + k]), picked)
        return picked

    head, tail = pick(0), pick(2)
    high = e.integer(
        "ori",
        e.integer("shli", head, shift),
        e.integer("shrui", e.integer("shli", e.integer("shrui", tail, 32), shift), 32),
    )
    low = e.integer("shrui", e.integer("shli", tail, shift), 32)
    product = e.integer("addi", e.integer("muli", m, high), e.integer("shrui", e.integer("muli", m, low), 32))
    n = e.integer("shrui", e.integer("addi", product, 1 << 61), 62)
    r = e.mul(
        e.b.one("arith.sitofp", e.type, e.integer("subi", product, e.integer("shli", n, 62))),
        e.const(math.ldexp(math.pi, -63)),
    )
    negative = e.compare(OLT, x, e.const(0.0))
    return e.select(negative, e.neg(r), r), e.select(negative, e.integer("subi", e.icon(0), n), n)


def _sine(e: Emitter, r: ir.Value) -> ir.Value:
    return e.mul(r, e.horner(e.mul(r, r), _SIN))


def _cosine(e: Emitter, r: ir.Value) -> ir.Value:
    return e.horner(e.mul(r, r), _COS)


def tan(e: Emitter, x: ir.Value) -> ir.Value:
    """The tangent, for arguments of any size."""
    r, bits = _reduce(e, x)
    sine, cosine = _sine(e, r), _cosine(e, r)
    swap = e.compare(NE, e.integer("andi", bits, 1), e.icon(0))
    result = e.div(e.select(swap, e.neg(cosine), sine), e.select(swap, sine, cosine))
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, result)


def atan(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse tangent."""
    a = e.abs(x)
    far = e.compare(OGT, a, e.const(1.0))
    t = e.select(far, e.div(e.const(1.0), a), a)
    near = e.mul(t, e.horner(e.mul(t, t), _ATAN))
    return e.sign(e.select(far, e.sub(e.const(math.pi / 2), near), near), x)


def atan2(e: Emitter, y: ir.Value, x: ir.Value) -> ir.Value:
    """The angle of the point (x, y), with signed zeros and infinities as in C."""
    a, b = e.abs(y), e.abs(x)
    one = e.const(1.0)
    steep = e.compare(OGT, a, b)
    small, large = e.select(steep, b, a), e.select(steep, a, b)
    t = e.div(small, large)
    equal = e.compare(OEQ, a, b)  # among them 0 / 0 and the quotient of infinities
    zero = e.compare(OEQ, a, e.const(0.0))
    t = e.select(equal, e.select(zero, e.const(0.0), one), t)
    angle = e.mul(t, e.horner(e.mul(t, t), _ATAN))
    angle = e.select(steep, e.sub(e.const(math.pi / 2), angle), angle)
    angle = e.select(e.compare(OLT, e.sign(one, x), e.const(0.0)), e.sub(e.const(math.pi), angle), angle)
    result = e.sign(angle, y)
    return e.select(e.compare(UNO, x, y), e.const(float("nan")), result)


def _asin(e: Emitter, a: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """For 0 <= a: whether a > 1/2, the inverse sine if not, and half the inverse cosine if so."""
    far = e.compare(OGT, a, e.const(0.5))
    half = e.mul(e.sub(e.const(1.0), a), e.const(0.5))
    t = e.select(far, e.sqrt(half), a)
    return far, e.mul(t, e.horner(e.mul(t, t), _ASIN)), t


def asin(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse sine; NaN beyond one."""
    far, angle, _ = _asin(e, e.abs(x))
    return e.sign(e.select(far, e.sub(e.const(math.pi / 2), e.add(angle, angle)), angle), x)


def acos(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse cosine; NaN beyond one."""
    far, angle, _ = _asin(e, e.abs(x))
    negative = e.compare(OLT, x, e.const(0.0))
    twice = e.add(angle, angle)
    outer = e.select(negative, e.sub(e.const(math.pi), twice), twice)
    inner = e.sub(e.const(math.pi / 2), e.sign(angle, x))
    return e.select(far, outer, inner)


def erfc(e: Emitter, x: ir.Value) -> ir.Value:
    """1 - erf(x): exp(-x * x) times a polynomial in (x - 2) / (x + 2)."""
    a = e.clamp(e.abs(x), 0.0, 10.2)
    t = e.div(e.sub(a, e.const(2.0)), e.add(a, e.const(2.0)))
    result = e.mul(_exp(e, e.neg(e.mul(a, a))), e.horner(t, _ERFCX))
    return e.select(e.compare(OLT, x, e.const(0.0)), e.sub(e.const(2.0), result), result)
