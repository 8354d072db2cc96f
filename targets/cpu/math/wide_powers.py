# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Powers and logarithms of f64 to other bases, hyperbolic functions and their inverses.

Errors are stated as in `wide`.
"""

import math

from mlir import ir

from mograph.targets.cpu.math import pairs
from mograph.targets.cpu.math.emitter import EQ, NE, OEQ, OGE, OGT, OLE, OLT, UNO, Emitter
from mograph.targets.cpu.math.pairs import Pair
from mograph.targets.cpu.math.single import log_specials
from mograph.targets.cpu.math.wide import exp_of_pair, log_and, series, split

_LN2 = (0.6931471803691238, 1.9082149292705877e-10)  # the first has 32 bits
_LOG2_E = (1.4426950408889634, 2.0355273740931033e-17)
_LOG10_E = (0.4342944819032518, 1.098319650216765e-17)
_LOG10_2 = (0.3010299955494702, 1.1451100898021838e-10)  # likewise
# (sinh x - x) / x ** 3 in powers of x ** 2 for |x| <= 1.
_SINH = (
    2.848398520155242e-15, 7.646476352827615e-13, 1.60590507059883e-10, 2.5052108345640615e-08, 2.7557319224120245e-06,
    0.0001984126984126959, 0.008333333333333333, 0.16666666666666666,
)  # fmt: skip
# The cube root between 1 and 2, to 2 ** -19.
_CBRT = (
    0.005348469140757902, -0.05038593280654202, 0.20277538130623846, -0.46922594643661614, 0.8381579886872146,
    0.473331270834689,
)  # fmt: skip
# ((log((1 + s) / (1 - s)) - 2 s) / s ** 3 - 2/3) / s ** 2 in powers of s ** 2, s as in `wide`: to 2 ** -65 of the
# logarithm.
_LOG = (
    0.13199277518133906, 0.13256509022498864, 0.1538677017505543, 0.18181784097998593, 0.2222222252287832,
    0.28571428570083757, 0.4000000000000229,
)  # fmt: skip
_TWO_THIRDS = (0.6666666666666666, 3.700743415417188e-17)


def _to_base(e: Emitter, x: ir.Value, two: tuple[float, float], scale: tuple[float, float]) -> ir.Value:
    """A logarithm: that of two, and what the natural one is multiplied by."""
    n, f = split(e, x)
    half, tail = series(e, f)
    high, lost = pairs.add_ordered(e, f, e.neg(half))
    high, low = pairs.add_ordered(e, high, e.add(lost, tail))
    high, more = pairs.multiply(e, high, e.const(scale[0]), low, e.const(scale[1]))
    total, lost = pairs.add_ordered(e, e.mul(n, e.const(two[0])), high)
    return log_specials(e, x, e.add(total, e.add(lost, e.fma(n, e.const(two[1]), more))))


def log2(e: Emitter, x: ir.Value) -> ir.Value:
    """The logarithm to the base 2, 0.9 ulp; exact for powers of two."""
    return _to_base(e, x, (1.0, 0.0), _LOG2_E)


def log10(e: Emitter, x: ir.Value) -> ir.Value:
    """The logarithm to the base 10, 0.7 ulp."""
    return _to_base(e, x, _LOG10_2, _LOG10_E)


def _half_exp(e: Emitter, a: ir.Value) -> tuple[ir.Value, ir.Value]:
    """e ** a / 2 and e ** -a / 2 for a >= 0; the second is larger where it does not matter."""
    power, n, bits = exp_of_pair(e, e.at_most(a, 711.0), e.const(0.0))
    half = e.scale(e.add(*power), e.sub(n, e.const(1.0)), e.integer("subi", bits, 1))
    return half, e.div(e.const(0.25), e.at_most(half, 2.0**200))


def sinh(e: Emitter, x: ir.Value) -> ir.Value:
    """The hyperbolic sine, 1.6 ulp."""
    a = e.abs(x)
    half, inverse = _half_exp(e, a)
    z = e.mul(x, x)
    near = e.fma(e.mul(x, z), e.horner(z, _SINH), x)
    return e.select(e.compare(OLT, a, e.const(1.0)), near, e.sign(e.sub(half, inverse), x))


def cosh(e: Emitter, x: ir.Value) -> ir.Value:
    """The hyperbolic cosine, 1.1 ulp."""
    return e.add(*_half_exp(e, e.abs(x)))


def _log1p_of(e: Emitter, u: Pair, big: ir.Value | None = None, twice: ir.Value | None = None) -> ir.Value:
    """log(1 + u) for u >= 0; where `big`, log(2 twice)."""
    rounded, lost = pairs.add(e, e.const(1.0), u[0])
    more = e.div(e.add(lost, u[1]), rounded)
    if big is None or twice is None:
        return log_and(e, rounded, more)
    zero = e.const(0.0)
    doubled = e.select(big, e.const(1.0), zero)
    return log_and(e, e.select(big, twice, rounded), e.select(big, zero, more), doubled)


def asinh(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse hyperbolic sine, 1.2 ulp: log(1 + a + a ** 2 / (1 + sqrt(1 + a ** 2))) of a = |x|."""
    a, one = e.abs(x), e.const(1.0)
    big = e.compare(OGT, a, e.const(2.0**28))
    m = e.select(big, one, a)
    square = e.mul(m, m)
    u = pairs.add_ordered(e, m, e.div(square, e.add(one, e.sqrt(e.add(square, one)))))
    result = e.sign(_log1p_of(e, u, big, a), x)
    return e.select(e.compare(OLT, a, e.const(math.inf)), result, x)


def acosh(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse hyperbolic cosine, 0.8 ulp; NaN below one: log(1 + t + sqrt(t (t + 2))) of t = x - 1."""
    big = e.compare(OGT, x, e.const(2.0**28))
    t = e.sub(e.select(big, e.const(2.0), x), e.const(1.0))
    high, low = pairs.add(e, t, e.const(2.0))
    root, rest = pairs.root(e, pairs.multiply(e, t, high, e.const(0.0), low))
    total, lost = pairs.add(e, root, t)
    result = _log1p_of(e, (total, e.add(lost, rest)), big, x)
    result = e.select(e.compare(OLT, x, e.const(math.inf)), result, x)
    return e.select(e.compare(OLT, x, e.const(1.0)), e.const(math.nan), result)


def atanh(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse hyperbolic tangent, 1.0 ulp; infinite at one, NaN beyond: log(1 + 2 a / (1 - a)) / 2 of a = |x|."""
    a, one = e.abs(x), e.const(1.0)
    below, lost = pairs.add_ordered(e, one, e.neg(a))
    twice = e.add(a, a)
    quotient = e.div(twice, below)
    product, low = pairs.multiply(e, quotient, below, e.const(0.0), lost)
    u = quotient, e.div(e.sub(e.sub(twice, product), low), below)
    result = e.mul(_log1p_of(e, u), e.const(0.5))
    result = e.select(e.compare(OLT, a, one), e.sign(result, x), e.sign(e.const(math.inf), x))
    return e.select(e.compare(OLE, a, one), result, e.const(math.nan))


def cbrt(e: Emitter, x: ir.Value) -> ir.Value:
    """The cube root, 0.7 ulp: x = m 8 ** k with 1 <= m < 8, and two of Newton's steps for m."""
    a, one = e.abs(x), e.const(1.0)
    small = e.compare(OLT, a, e.const(2.0**-1022))
    bits = e.bits(e.select(small, e.mul(a, e.const(2.0**54)), a))
    exponent = e.sub(e.float(e.integer("ori", e.integer("shrui", bits, 52), 0x433 << 52)), e.const(2.0**52 + 1023))
    fraction = e.float(e.integer("ori", e.integer("andi", bits, (1 << 52) - 1), 0x3FF << 52))
    k, k_bits = e.round(e.fma(exponent, e.const(1 / 3), e.const(-1 / 3)))
    left = e.fma(k, e.const(-3.0), exponent)
    once, twice = e.compare(OEQ, left, one), e.compare(OEQ, left, e.const(2.0))

    def of_left(numbers: tuple[float, float, float]) -> ir.Value:
        return e.select(twice, e.const(numbers[2]), e.select(once, e.const(numbers[1]), e.const(numbers[0])))

    m = e.mul(fraction, of_left((1.0, 2.0, 4.0)))
    y = e.mul(e.horner(fraction, _CBRT), of_left((1.0, 2 ** (1 / 3), 4 ** (1 / 3))))
    square = e.mul(y, y)
    inverse = e.div(one, e.mul(square, e.const(3.0)))  # for both steps
    y = e.fma(e.sub(m, e.mul(square, y)), inverse, y)
    square, low = pairs.multiply(e, y, y)
    cube, lost = pairs.multiply(e, square, y, low, e.const(0.0))
    y = e.fma(e.sub(e.sub(m, cube), lost), inverse, y)
    result = e.mul(y, e.power_of_two(k_bits))
    result = e.sign(e.select(small, e.mul(result, e.const(2.0**-18)), result), x)
    regular = e.both(e.compare(OGT, a, e.const(0.0)), e.compare(OLT, a, e.const(math.inf)))
    return e.select(regular, result, x)


def _log_pair(e: Emitter, x: ir.Value) -> Pair:
    """The logarithm of a positive finite x to 2 ** -64 of itself."""
    n, f = split(e, x)
    below, below_low = pairs.add_ordered(e, e.const(2.0), f)
    inverse = e.div(e.const(1.0), below)
    s = e.mul(f, inverse)
    product, low = pairs.multiply(e, s, below, e.const(0.0), below_low)
    s_low = e.mul(e.sub(e.sub(f, product), low), inverse)
    z = pairs.multiply(e, s, s, s_low, s_low)
    third, lost = pairs.add_ordered(e, e.const(_TWO_THIRDS[0]), e.mul(z[0], e.horner(z[0], _LOG)))
    rest = pairs.multiply(e, z[0], third, z[1], e.add(lost, e.const(_TWO_THIRDS[1])))
    rest = pairs.multiply(e, s, rest[0], s_low, rest[1])
    high, low = pairs.add_ordered(e, e.add(s, s), rest[0])
    low = e.add(low, e.add(e.add(s_low, s_low), rest[1]))
    total, lost = pairs.add_ordered(e, e.mul(n, e.const(_LN2[0])), high)
    return pairs.add_ordered(e, total, e.add(lost, e.fma(n, e.const(_LN2[1]), low)))


def pow(e: Emitter, x: ir.Value, y: ir.Value) -> ir.Value:
    """x ** y, 1.0 ulp, with what IEEE asks for zeros, infinities and negative numbers."""
    one, zero, infinity, nan = e.const(1.0), e.const(0.0), e.const(math.inf), e.const(math.nan)
    a, b = e.abs(x), e.abs(y)
    logarithm = _log_pair(e, a)
    exponent, low = pairs.multiply(e, y, logarithm[0], zero, logarithm[1])
    low = e.select(e.compare(OLT, e.abs(exponent), e.const(1e3)), low, zero)
    none = e.compare(OLT, exponent, e.const(-745.2))
    power, n, bits = exp_of_pair(e, e.at_most(e.select(none, zero, exponent), 710.0), low)
    result = e.select(none, zero, e.scale(e.add(*power), n, bits))
    grows = e.compare(EQ, *(e.b.one("arith.extui", e.int, e.compare(OGT, *sides)) for sides in ((a, one), (y, zero))))
    extreme = e.either(e.compare(OEQ, a, zero), e.compare(OEQ, a, infinity))
    result = e.select(extreme, e.select(grows, infinity, zero), result)
    # Whether y is an integer, and an odd one: from 2 ** 52 on all are, from 2 ** 53 on they are even.
    large = e.compare(OGE, b, e.const(2.0**52))
    shifted = e.add(e.at_most(b, 2.0**52), e.const(2.0**52))
    integer = e.either(large, e.compare(OEQ, e.sub(shifted, e.const(2.0**52)), b))
    last = e.integer("andi", e.bits(e.select(large, b, shifted)), 1)
    odd = e.both(e.both(integer, e.compare(OLT, b, e.const(2.0**53))), e.compare(NE, last, e.icon(0)))
    negative = e.compare(OLT, e.sign(one, x), zero)
    result = e.select(e.both(negative, odd), e.neg(result), result)
    invalid = e.both(
        e.both(e.compare(OLT, x, zero), e.compare(OGT, x, e.const(-math.inf))),
        e.compare(EQ, e.b.one("arith.extui", e.int, integer), e.icon(0)),
    )
    result = e.select(e.either(invalid, e.compare(UNO, x, y)), nan, result)
    # |x| = 1 and an infinite y: the product above is NaN.
    result = e.select(e.both(e.compare(OEQ, a, one), e.compare(OEQ, b, infinity)), one, result)
    return e.select(e.either(e.compare(OEQ, y, zero), e.compare(OEQ, x, one)), one, result)
