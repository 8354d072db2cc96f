# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Circular functions of f64 and their inverses. Errors are stated as in `wide`."""

import math

from mlir import ir

from mograph.targets.cpu.math import pairs
from mograph.targets.cpu.math.emitter import NE, OEQ, OGE, OGT, OLT, UNO, Emitter
from mograph.targets.cpu.math.pairs import Pair
from mograph.targets.cpu.math.wide_reduction import reduce

# (sin r - r) / r ** 3 and (cos r - 1 + r ** 2 / 2) / r ** 4 in powers of r ** 2 for |r| <= pi / 4.
_SIN = (
    1.589591418151247e-10, -2.505074254603292e-08, 2.755731358974593e-06, -0.00019841269829503765, 0.00833333333332202,
    -0.1666666666666663,
)  # fmt: skip
_COS = (
    -1.1359455768534739e-11, 2.087571971221497e-09, -2.755731432731713e-07, 2.4801587289400127e-05,
    -0.0013888888888874001, 0.0416666666666666,
)  # fmt: skip
# (atan t - t) / t ** 3 in powers of t ** 2 for |t| <= tan(pi / 8).
_ATAN = (
    -0.017916044989247353, 0.03807274309123251, -0.05039630766456822, 0.058479623890249965, -0.06663114155651344,
    0.07692061104870698, -0.09090897807476223, 0.1111111078516594, -0.14285714280229841, 0.19999999999953905,
    -0.333333333333332,
)  # fmt: skip
# (asin t - t) / t ** 3 in powers of t ** 2 for |t| <= 1/2.
_ASIN = (
    0.0327023107902607, -0.02111698019345988, 0.021790848638401528, 0.003672094867237793, 0.01078934708128809,
    0.011397288048291713, 0.01398101919144438, 0.017351595442040135, 0.022372215909278428, 0.030381942675156853,
    0.04464285717528865, 0.07499999999970096, 0.16666666666666763,
)  # fmt: skip
_PI = (math.pi, 1.2246467991473532e-16)
_HALF = (math.pi / 2, 6.123233995736766e-17)
_QUARTER = (math.pi / 4, 3.061616997868383e-17)
_THREE_QUARTERS = (2.356194490192345, 9.184850993605148e-17)


def _sine(e: Emitter, r: Pair) -> Pair:
    z = e.mul(r[0], r[0])
    cube = e.mul(z, r[0])
    low = e.fma(e.fma(z, e.const(-0.5), e.const(1.0)), r[1], e.mul(cube, e.horner(z, _SIN)))
    return r[0], low


def _cosine(e: Emitter, r: Pair) -> Pair:
    z = e.mul(r[0], r[0])
    half = e.mul(z, e.const(0.5))
    high = e.sub(e.const(1.0), half)
    lost = e.sub(e.sub(e.const(1.0), high), half)
    return high, e.fma(e.mul(z, z), e.horner(z, _COS), e.sub(lost, e.mul(r[0], r[1])))


def _quadrant(e: Emitter, x: ir.Value, shift: int) -> ir.Value:
    """sin(x + shift pi/2); NaN at infinities."""
    r, bits = reduce(e, x)
    n = e.integer("addi", bits, shift) if shift else bits
    swap = e.compare(NE, e.integer("andi", n, 1), e.icon(0))
    result = e.select(swap, e.add(*_cosine(e, r)), e.add(*_sine(e, r)))
    return e.float(e.integer("xori", e.bits(result), e.integer("shli", e.integer("andi", n, 2), 62)))


def sin(e: Emitter, x: ir.Value) -> ir.Value:
    """The sine, 0.8 ulp, for arguments of any size."""
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, _quadrant(e, x, 0))


def cos(e: Emitter, x: ir.Value) -> ir.Value:
    """The cosine, 0.8 ulp, for arguments of any size."""
    return _quadrant(e, x, 1)


def tan(e: Emitter, x: ir.Value) -> ir.Value:
    """The tangent, 1.1 ulp, for arguments of any size."""
    r, bits = reduce(e, x)
    sine, cosine = _sine(e, r), _cosine(e, r)
    swap = e.compare(NE, e.integer("andi", bits, 1), e.icon(0))
    over, more = (e.select(swap, e.neg(c), s) for s, c in zip(sine, cosine, strict=True))
    under, lost = pairs.add_ordered(e, *(e.select(swap, s, c) for s, c in zip(sine, cosine, strict=True)))
    inverse = e.div(e.const(1.0), under)
    quotient = e.mul(over, inverse)
    product, low = pairs.multiply(e, quotient, under, e.const(0.0), lost)
    result = e.fma(e.add(e.sub(e.sub(over, product), low), more), inverse, quotient)
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, result)


def _angle(e: Emitter, a: ir.Value, b: ir.Value, negative: ir.Value | None) -> ir.Value:
    """The angle of the point (b, a) for a, b >= 0, or of (-b, a): within pi/8 of that of an eighth of the circle, whose
    difference is the inverse tangent of a quotient.
    """
    steep = e.compare(OGT, a, e.mul(b, e.const(1 + math.sqrt(2))))
    flat = e.compare(OLT, a, e.mul(b, e.const(math.sqrt(2) - 1)))
    equal = e.compare(OEQ, a, b)  # among them zeros and infinities, whose quotients are not numbers
    zero = e.compare(OEQ, a, e.const(0.0))
    flat = e.either(flat, zero)
    over = e.select(flat, a, e.select(steep, e.neg(b), e.sub(a, b)))
    under = e.select(flat, b, e.select(steep, a, e.add(a, b)))
    t = e.select(equal, e.const(0.0), e.div(over, under))

    def turn(k: int, level: float, middle: tuple[float, float]) -> ir.Value:
        return e.select(flat, e.const(level), e.select(steep, e.const(_HALF[k]), e.const(middle[k])))

    base = [turn(k, 0.0, _QUARTER) for k in range(2)]
    if negative is not None:
        base = [e.select(negative, turn(k, _PI[k], _THREE_QUARTERS), base[k]) for k in range(2)]
        t = e.select(negative, e.neg(t), t)
    z = e.mul(t, t)
    high, low = pairs.add_ordered(e, base[0], t)
    return e.add(high, e.add(low, e.fma(e.mul(t, z), e.horner(z, _ATAN), base[1])))


def atan(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse tangent, 1.8 ulp."""
    return e.sign(_angle(e, e.abs(x), e.const(1.0), None), x)


def atan2(e: Emitter, y: ir.Value, x: ir.Value) -> ir.Value:
    """The angle of the point (x, y), 1.9 ulp, with signed zeros and infinities as in C."""
    a, b = e.abs(y), e.abs(x)
    # Their sum must not overflow, nor multiples be rounded as denormals.
    large = e.either(e.compare(OGT, a, e.const(2.0**1021)), e.compare(OGT, b, e.const(2.0**1021)))
    small = e.both(e.compare(OLT, a, e.const(2.0**-900)), e.compare(OLT, b, e.const(2.0**-900)))
    scale = e.select(large, e.const(2.0**-3), e.select(small, e.const(2.0**100), e.const(1.0)))
    negative = e.compare(OLT, e.sign(e.const(1.0), x), e.const(0.0))
    angle = e.sign(_angle(e, e.mul(a, scale), e.mul(b, scale), negative), y)
    return e.select(e.compare(UNO, x, y), e.const(math.nan), angle)


def _asin(e: Emitter, a: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """For 0 <= a: whether a >= 1/2; the inverse sine if not, and half the inverse cosine if so, as a sum of two."""
    far = e.compare(OGE, a, e.const(0.5))
    z = e.select(far, e.mul(e.sub(e.const(1.0), a), e.const(0.5)), e.mul(a, a))
    zero = e.const(0.0)
    high, low = pairs.root(e, (z, zero))
    t = e.select(far, high, a)
    return far, t, e.fma(e.mul(t, z), e.horner(z, _ASIN), e.select(far, low, zero))


def asin(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse sine, 0.7 ulp; NaN beyond one."""
    far, t, low = _asin(e, e.abs(x))
    twice = e.add(t, t)
    high = e.sub(e.const(_HALF[0]), twice)
    lost = e.sub(e.sub(e.const(_HALF[0]), high), twice)
    outer = e.add(high, e.add(lost, e.sub(e.const(_HALF[1]), e.add(low, low))))
    return e.sign(e.select(far, outer, e.add(t, low)), x)


def acos(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse cosine, 0.7 ulp; NaN beyond one."""
    far, t, low = _asin(e, e.abs(x))
    negative = e.compare(OLT, x, e.const(0.0))
    base = [
        e.select(far, e.select(negative, e.const(_PI[k]), e.const(0.0)), e.const(_HALF[k])) for k in range(2)
    ]  # plus or minus the angle, or twice that
    factor = e.select(far, e.const(2.0), e.const(1.0))
    plus = e.b.one("arith.xori", e.b.i1, far, negative)
    factor = e.select(plus, factor, e.neg(factor))
    high, lost = pairs.add_ordered(e, base[0], e.mul(t, factor))
    return e.add(high, e.add(lost, e.fma(low, factor, base[1])))
