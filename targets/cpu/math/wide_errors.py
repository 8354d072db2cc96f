# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The error function of f64 and its complement. Errors are stated as in `wide`."""

from mlir import ir

from mograph.targets.cpu.math import pairs
from mograph.targets.cpu.math.emitter import OGT, OLT, Emitter
from mograph.targets.cpu.math.wide import exp_of_pair

_SLOPE = (1.1283791670955126, 1.533545961316588e-17)  # 2 / sqrt(pi)
# (erf x / x - 2 / sqrt(pi)) / x ** 2 in powers of x ** 2 for |x| <= 1.
_ERF = (
    -7.816802900933972e-10, 1.3731928375842566e-08, -1.621140645221033e-07, 1.6447834282016973e-06,
    -1.4924772858237507e-05, 0.00012055296955773788, -0.0008548326051771218, 0.00522397760893321, -0.02686617064349971,
    0.11283791670947078, -0.37612638903183615,
)  # fmt: skip
# (1 + 2 a) e ** (a ** 2) erfc(a) in powers of (a - 3.75) / (a + 3.75) for 1/2 <= a <= 27.3: the substitution of
# Shepherd and Laframboise (1981).
_ERFC = (
    2.4425719577849658e-08, 1.3667324165940653e-08, -2.3985642231001646e-07, -4.563757599963157e-08,
    1.737172131734374e-06, -9.81568583457805e-07, -1.1437149206630552e-05, 2.2387657889643375e-05,
    5.1646910494468435e-05, -0.00029015500182979814, 0.00029371410660894974, 0.0017556260077870982,
    -0.009746579613508262, 0.028362277403436623, -0.0586933985855662, 0.09230432116122111, -0.1088039301419018,
    0.08227673849012458, 0.0035854154854666653, -0.14024059858554683, 1.2375126308378275,
)  # fmt: skip


def _near(e: Emitter, x: ir.Value) -> ir.Value:
    """The error function for |x| <= 1."""
    z = e.mul(x, x)
    low = e.mul(x, e.fma(z, e.horner(z, _ERF), e.const(_SLOPE[1])))
    return e.fma(x, e.const(_SLOPE[0]), low)


def _far(e: Emitter, a: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """The complement for a >= 1/2, as a power of two and a factor: the factor, the exponent, and its bits."""
    high, low = pairs.multiply(e, a, a)
    power, n, bits = exp_of_pair(e, e.neg(high), e.neg(low))
    t = e.div(e.sub(a, e.const(3.75)), e.add(a, e.const(3.75)))
    series, lost = pairs.add_ordered(e, e.const(_ERFC[-1]), e.mul(t, e.horner(t, _ERFC[:-1])))
    below, below_low = pairs.add(e, e.add(a, a), e.const(1.0))
    inverse = e.div(e.const(1.0), below)
    quotient = e.mul(series, inverse)
    product, more = pairs.multiply(e, quotient, below, e.const(0.0), below_low)
    rest = e.mul(e.add(e.sub(e.sub(series, product), more), lost), inverse)
    return e.fma(power[0], quotient, e.fma(power[1], quotient, e.mul(power[0], rest))), n, bits


def erf(e: Emitter, x: ir.Value) -> ir.Value:
    """The error function, 1.3 ulp."""
    a = e.at_most(e.abs(x), 6.0)
    factor, _, bits = _far(e, a)
    far = e.sub(e.const(1.0), e.mul(factor, e.power_of_two(bits)))
    return e.select(e.compare(OLT, a, e.const(1.0)), _near(e, x), e.sign(far, x))


def erfc(e: Emitter, x: ir.Value) -> ir.Value:
    """1 - erf(x), 1.6 ulp."""
    a = e.abs(x)
    none = e.compare(OGT, a, e.const(27.3))
    bounded = e.select(none, e.const(1.0), a)
    far = e.select(none, e.const(0.0), e.scale(*_far(e, bounded)))
    far = e.select(e.compare(OLT, x, e.const(0.0)), e.sub(e.const(2.0), far), far)
    return e.select(e.compare(OLT, a, e.const(0.5)), e.sub(e.const(1.0), _near(e, x)), far)
