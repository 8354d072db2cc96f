# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of f32 computed in f32. Each docstring states the largest error over all finite floats, in units in the
last place (ulp), on machines with fused arithmetic.

All give what IEEE asks at infinities, zeros and NaN, and denormal results where they are due.
"""

import math
from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.math.emitter import NOT_GREATER, NOT_LESS, OEQ, OLT, Emitter

LN2_HIGH, LN2_LOW = 0.693145751953125, 1.42860682030941723212e-6
_LOG2_E = 1.4426950408889634
# (e ** r - 1 - r) / r ** 2 for |r| <= ln 2 / 2: to 2 ** -28 of e ** r, and to 2 ** -32 of e ** r - 1.
_EXP = (0.0013814539988171784, 0.008368745116348084, 0.04166839078737541, 0.16666520398962453, 0.49999993432110595)
_EXPM1 = (
    0.00019914185385704706, 0.0013941018765983718, 0.008333273024216131, 0.04166635453831131, 0.16666666817176076,
    0.5000000046441769,
)  # fmt: skip
# (2 ** f - 1) / f for |f| <= 1/2, to 2 ** -29.
_EXP2 = (
    0.00015353361883497756, 0.0013398874422404152, 0.009618437357834545, 0.05550332471099458, 0.24022647913626427,
    0.693147202855082,
)  # fmt: skip
_LOG = (
    0.06744440283934684, -0.11674783026970569, 0.11888637377336342, -0.12405762149619318, 0.1421951566929888,
    -0.16667985088558387, 0.2000211983791142, -0.2500000980072172, 0.3333331259192801,
)  # fmt: skip
_LOG10_E = 1 / math.log(10)
_LOG10_E_HIGH, _LOG10_2 = 4.3359375e-1, 3.0078125e-1
_LOG10_E_LOW, _LOG10_2_LOW = _LOG10_E - _LOG10_E_HIGH, math.log10(2) - _LOG10_2
# -log(erfc(a)) / a - 1 up to 4, and -log2(erfc(a)) / a up to 10.2.
_ERF = (
    -1.0921554545877116e-07, 2.71848124913619e-06, -3.0106199887052314e-05, 0.0001944113012070033,
    -0.0007892409417484793, 0.0018519022969765485, -0.0002866285841043585, -0.01910576457248684, 0.10276919493885076,
    0.6366199704826115, 0.12837916522356618,
)  # fmt: skip
_ERFC = (
    -2.499710767819675e-10, 1.3758328622178789e-08, -3.329527330761208e-07, 4.6724907944261524e-06,
    -4.2171949248302324e-05, 0.00025526729972639897, -0.0010284164921700591, 0.002418868381550571,
    -7.530709829080785e-05, -0.027827185752713576, 0.14837680312668325, 0.9184258831000444, 1.6279085277353673,
)  # fmt: skip


def exp(e: Emitter, x: ir.Value) -> ir.Value:
    """e ** x, 1.0 ulp: x = n ln 2 + r, and e ** r is a polynomial."""
    some, x = _above(e, x, -104.0, 89.0)
    n, bits, r = _reduce(e, x, scaled=True)
    return e.select(some, e.scale(e.horner(r, (*_EXP, 1.0, 1.0)), n, bits), e.const(0.0))


def _above(e: Emitter, x: ir.Value, low: float, high: float) -> tuple[ir.Value, ir.Value]:
    """Where a power of x is not zero, and x that is not beyond `high`.

    Zero is not left to the arithmetic: processors take a hundred times as long where a result is too small. One that
    scales in an instruction leaves out what is masked.
    """
    some = e.compare(NOT_LESS, x, e.const(low))
    return some, e.at_most(x if e.scales else e.select(some, x, e.const(0.0)), high)


def _reduce(e: Emitter, x: ir.Value, scaled: bool = False) -> tuple[ir.Value, ir.Value, ir.Value]:
    """x = n ln 2 + r: n, bits whose lowest are those of n, and r. `scaled`: for `scale`."""
    n, bits = e.round(x, _LOG2_E, scaled)
    return n, bits, e.fma(n, e.const(-LN2_LOW), e.fma(n, e.const(-LN2_HIGH), x))


def exp2(e: Emitter, x: ir.Value) -> ir.Value:
    """2 ** x, 1.0 ulp."""
    some, x = _above(e, x, -151.0, 129.0)
    n, bits = e.round(x, scaled=True)
    return e.select(some, e.scale(e.horner(e.sub(x, n), (*_EXP2, 1.0)), n, bits), e.const(0.0))


def log(e: Emitter, x: ir.Value) -> ir.Value:
    """The natural logarithm, 1.0 ulp: x = m 2 ** n with m between sqrt(1/2) and sqrt(2)."""
    n, f = _fraction(e, x)
    return log_specials(e, x, _natural(e, n, f))


def log2(e: Emitter, x: ir.Value) -> ir.Value:
    """The logarithm to the base 2, 1.3 ulp."""
    n, f = _fraction(e, x)
    rest = _rest(e, f)
    more = e.const(1 / math.log(2) - 1)
    result = e.add(rest, e.fma(f, more, e.mul(rest, more)))
    return log_specials(e, x, e.add(n, e.add(f, result)))


def log10(e: Emitter, x: ir.Value) -> ir.Value:
    """The logarithm to the base 10, 1.0 ulp."""
    n, f = _fraction(e, x)
    low = e.fma(n, e.const(_LOG10_2_LOW), e.mul(_rest(e, f), e.const(_LOG10_E)))
    low = e.fma(f, e.const(_LOG10_E_LOW), low)
    return log_specials(e, x, e.fma(n, e.const(_LOG10_2), e.fma(f, e.const(_LOG10_E_HIGH), low)))


def log1p(e: Emitter, x: ir.Value) -> ir.Value:
    """log(1 + x), 1.4 ulp: what 1 + x = m 2 ** n is rounded to says n, and m - 1 comes from x."""
    y = e.add(x, e.const(1.0))
    n, above, m = _power(e, y)
    factor = e.float(e.integer("subi", 0x3F800000, e.integer("andi", above, -0x800000)))
    near = e.fma(x, factor, e.sub(factor, e.const(1.0)))
    f = e.select(e.compare(OLT, x, e.const(2.0**30)), near, e.sub(m, e.const(1.0)))
    result = log_specials(e, y, _natural(e, n, f))
    return e.select(e.compare(OLT, e.abs(x), e.const(2.0**-25)), x, result)  # among them -0, and what is denormal


def _power(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """x = m 2 ** n with m between sqrt(1/2) and sqrt(2): n, bits whose highest are those of n, and m."""
    least = 0x3F3504F3  # the bits of sqrt(1/2)
    above = e.integer("subi", e.bits(x), least)
    n = e.b.one("arith.sitofp", e.type, e.integer("shrsi", above, 23))
    return n, above, e.float(e.integer("addi", e.integer("andi", above, 0x7FFFFF), least))


def _fraction(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """x = (1 + f) 2 ** n for any positive x: n and f."""
    small = e.compare(OLT, x, e.const(2.0**-126))
    n, _, m = _power(e, e.select(small, e.mul(x, e.const(2.0**23)), x))
    return e.sub(n, e.select(small, e.const(23.0), e.const(0.0))), e.sub(m, e.const(1.0))


def _rest(e: Emitter, f: ir.Value, n: ir.Value | None = None) -> ir.Value:
    """log(1 + f) - f, and the lower part of n ln 2."""
    square = e.mul(f, f)
    p = e.mul(e.mul(e.halves(f, _LOG), f), square)
    if n is not None:
        p = e.fma(n, e.const(-2.12194440e-4), p)
    return e.fma(square, e.const(-0.5), p)


def _natural(e: Emitter, n: ir.Value, f: ir.Value) -> ir.Value:
    return e.fma(n, e.const(0.693359375), e.add(f, _rest(e, f, n)))


def log_specials(e: Emitter, x: ir.Value, result: ir.Value) -> ir.Value:
    """`result`, but what a logarithm is at zero, below it, at infinity and NaN."""
    infinity = e.const(float("inf"))
    result = e.select(e.compare(OLT, x, infinity), result, x)
    result = e.select(e.compare(OEQ, x, e.const(0.0)), e.const(float("-inf")), result)
    return e.select(e.compare(OLT, x, e.const(0.0)), e.const(float("nan")), result)


def expm1(e: Emitter, x: ir.Value) -> ir.Value:
    """e ** x - 1, 1.4 ulp. Half of it is computed, since 2 ** 128 is beyond the range."""
    half = _expm1(e, e.clamp(x, -18.0, 89.0), halved=True)
    result = e.add(half, half)
    return e.select(e.compare(OLT, e.abs(x), e.const(2.0**-25)), x, result)  # among them -0, and what is denormal


def _expm1(e: Emitter, x: ir.Value, halved: bool = False) -> ir.Value:
    """e ** x - 1 for -64 < x < 64, exact near 0; or half of it, up to 89."""
    _, bits, r = _reduce(e, x)
    power = e.power_of_two(e.integer("subi", bits, 1) if halved else bits)
    q = e.fma(e.horner(r, _EXPM1), e.mul(r, r), r)
    return e.fma(q, power, e.sub(power, e.const(0.5 if halved else 1.0)))


def tanh(e: Emitter, x: ir.Value) -> ir.Value:
    """The hyperbolic tangent, 2.0 ulp."""
    return tanh_by(e, x, 10.0, _expm1)


def tanh_by(e: Emitter, x: ir.Value, most: float, expm1: Callable[[Emitter, ir.Value], ir.Value]) -> ir.Value:
    """The hyperbolic tangent, which is one from `most` on: m / (m + 2) for m = e ** 2x - 1.

    What is lost when 2 is added matters where m is small; it is put back, times the quotient's derivative.
    """
    a = e.at_most(e.abs(x), most)
    m = expm1(e, e.add(a, a))
    two = e.const(2.0)
    below = e.add(m, two)
    lost = e.sub(m, e.sub(below, two))
    y = e.div(m, below)
    slope = e.fma(y, e.const(-math.sqrt(0.5)), e.const(math.sqrt(0.5)))
    y = e.fma(e.neg(y), e.mul(lost, e.mul(slope, slope)), y)
    return e.sign(y, x)


def erf(e: Emitter, x: ir.Value) -> ir.Value:
    """The error function, 2.0 ulp: 1 - e ** -g, where g, which is -log(erfc), is a polynomial."""
    a = e.at_most(e.abs(x), 4.0)
    g = e.fma(e.halves(a, _ERF), a, a)
    return e.sign(_expm1(e, e.neg(g)), x)


def erfc_about(e: Emitter, x: ir.Value) -> ir.Value:
    """1 - erf(x) with a relative error of 2 ** -23 (1 + x * x): one power of two, whose exponent is a polynomial. Zero
    where the result would be denormal or nearly.
    """
    a = e.abs(x)
    near = e.compare(NOT_GREATER, a, e.const(9.15))
    if not e.scales:
        a = e.select(near, a, e.const(0.0))
    g = e.mul(e.halves(a, _ERFC), a)
    n, bits = e.round(e.neg(g), scaled=True)
    power = e.scale(e.horner(e.add(g, n), (*(c * (-1) ** (i % 2) for i, c in enumerate(_EXP2)), 1.0)), n, bits)
    power = e.select(near, power, e.const(0.0))
    return e.select(e.compare(OLT, x, e.const(0.0)), e.sub(e.const(2.0), power), power)
