# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Inverse sine, cosine and tangent of f32. Errors are stated as in `single`."""

from mlir import ir

from mograph.targets.cpu.math.emitter import OEQ, OGT, OLT, UNO, Emitter

# (atan(t) - t) / t ** 3 in powers of t * t for |t| <= 1, and (asin(t) - t) / t ** 3 for |t| <= 1/2: to 2 ** -28.5 of
# the one and 2 ** -27.6 of the other.
_ATAN = (
    -0.0017827798146754503, 0.010868566110730171, -0.031096862629055977, 0.05788133665919304, -0.08399305492639542,
    0.10950880497694016, -0.14264015853405, 0.1999852955341339, -0.33333298563957214,
)  # fmt: skip
_ASIN = (0.04215838760137558, 0.02418474294245243, 0.04546915367245674, 0.074953094124794, 0.16666752099990845)
_HALF_PI, _HALF_PI_LOW = 1.5707963705062866, -4.371138828673793e-08


def _series(e: Emitter, t: ir.Value, coefficients: tuple[float, ...]) -> ir.Value:
    """What an inverse function is besides t, as a polynomial in odd powers of it, whose highest are given."""
    square = e.mul(t, t)
    return e.mul(e.mul(square, t), e.halves(square, coefficients))


def _from_half_pi(e: Emitter, t: ir.Value, rest: ir.Value) -> ir.Value:
    """pi/2 - (t + rest)."""
    whole = e.const(_HALF_PI)
    high = e.sub(whole, t)
    lost = e.sub(e.sub(whole, high), t)
    return e.add(high, e.sub(e.add(lost, e.const(_HALF_PI_LOW)), rest))


def _from_pi(e: Emitter, angle: ir.Value) -> ir.Value:
    """pi - angle."""
    return e.sub(e.const(2 * _HALF_PI), e.sub(angle, e.const(2 * _HALF_PI_LOW)))


def atan(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse tangent, 1.8 ulp."""
    a = e.abs(x)
    far = e.compare(OGT, a, e.const(1.0))
    t = e.select(far, e.div(e.const(1.0), a), a)
    rest = _series(e, t, _ATAN)
    return e.sign(e.select(far, _from_half_pi(e, t, rest), e.add(t, rest)), x)


def atan2(e: Emitter, y: ir.Value, x: ir.Value) -> ir.Value:
    """The angle of the point (x, y), with signed zeros and infinities as in C, 2.0 ulp."""
    a, b = e.abs(y), e.abs(x)
    one = e.const(1.0)
    steep = e.compare(OGT, a, b)
    t = e.div(e.select(steep, b, a), e.select(steep, a, b))
    equal = e.compare(OEQ, a, b)  # among them 0 / 0 and the quotient of infinities
    t = e.select(equal, e.select(e.compare(OEQ, a, e.const(0.0)), e.const(0.0), one), t)
    rest = _series(e, t, _ATAN)
    angle = e.select(steep, _from_half_pi(e, t, rest), e.add(t, rest))
    angle = e.select(e.compare(OLT, e.sign(one, x), e.const(0.0)), _from_pi(e, angle), angle)
    return e.select(e.compare(UNO, x, y), e.const(float("nan")), e.sign(angle, y))


def _arcs(e: Emitter, a: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """For 0 <= a: whether a > 1/2, and as a sum the inverse sine if not, and the inverse cosine if so."""
    far = e.compare(OGT, a, e.const(0.5))
    half = e.fma(a, e.const(-0.5), e.const(0.5))
    t = e.select(far, e.sqrt(half), a)
    rest = _series(e, t, _ASIN)
    return far, e.select(far, e.add(t, t), t), e.select(far, e.add(rest, rest), rest)


def asin(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse sine, 1.3 ulp; NaN beyond one."""
    far, t, rest = _arcs(e, e.abs(x))
    return e.sign(e.select(far, _from_half_pi(e, t, rest), e.add(t, rest)), x)


def acos(e: Emitter, x: ir.Value) -> ir.Value:
    """The inverse cosine, 1.2 ulp; NaN beyond one."""
    far, t, rest = _arcs(e, e.abs(x))
    angle = e.add(t, rest)
    outer = e.select(e.compare(OLT, x, e.const(0.0)), _from_pi(e, angle), angle)
    return e.select(far, outer, _from_half_pi(e, e.sign(t, x), e.sign(rest, x)))
