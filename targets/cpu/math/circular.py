# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sine, cosine and tangent of f32, for arguments of any size. Errors are stated as in `single`.

Large arguments are reduced in f64. A quotient by pi/2 counts modulo 4. So of 2/pi those bits may be left out that make
multiples of four of all arguments from some power of two on; the next 106 are enough for arguments 2 ** 21 times as
large. The quotient's 53 bits are then so many that rounding them to an integer leaves hardly more than a half, whatever
the other bits are.
"""

import math

from mlir import ir

from mograph.targets.cpu.math import pairs
from mograph.targets.cpu.math.emitter import F64, NE, OEQ, OGE, Emitter

# Pi in units of 2 ** -256, and 2 / pi: reducing the largest f32 takes some 200 bits of them.
_PI = 0x3243F6A8885A308D313198A2E03707344A4093822299F31D0082EFA98EC4E6C89
_TWO_OVER_PI = (2 << 512) // _PI
_BITS = 256  # of 2/pi that are known
_BOUNDS = (46, 67, 88, 109)  # powers of two from which on other bits of 2/pi count
# (sin(r) - r) / r ** 3, (cos(r) - 1 + r * r / 2) / r ** 4 and (tan(r) - r) / r ** 3 in powers of r * r, for
# |r| <= 0.81: to 2 ** -28 of the sine, 2 ** -33 of the cosine, and 2 ** -28.7 of the tangent.
_SIN = (-0.000194977320619344, 0.008332033991474697, -0.16666652679050661)
_COS = (2.4416500096663236e-05, -0.0013887177540200385, 0.04166664303923062)
_TAN = (
    0.0047433204017579556, -0.0006590525736100972, 0.011429192498326302, 0.021052474156022072, 0.054104484617710114,
    0.13332270085811615, 0.3333336114883423,
)  # fmt: skip


def _half_pi(*widths: int) -> tuple[float, ...]:
    """Pi/2 as the sum of floats of so many bits."""
    parts, rest = [], _PI
    for bits in widths:
        shift = rest.bit_length() - bits
        parts.append(math.ldexp(rest >> shift, shift - 257))
        rest %= 1 << shift
    return tuple(parts)


# By whether the machine multiplies and adds in one instruction: parts of pi/2, and where larger arguments begin.
# Products with all parts but the last two are subtracted without an error; without fused arithmetic, that with the last
# but one is exact.
_NEAR = {True: (_half_pi(24, 24, 24), 2.0**17), False: (_half_pi(11, 11, 11, 11, 24), 2.0**13)}


def _parts(bound: int | None) -> tuple[float, float]:
    """2/pi as the sum of two floats, without the bits that do not count from 2 ** bound on."""
    whole = _TWO_OVER_PI if bound is None else _TWO_OVER_PI % (1 << (_BITS + 25 - bound))
    result = []
    for _ in range(2):
        shift = max(0, whole.bit_length() - 53)
        result.append(math.ldexp(whole >> shift, shift - _BITS))
        whole %= 1 << shift
    return result[0], result[1]


def _reduce(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """x = n pi/2 + r + low with |r| <= 0.81: r, low, and bits whose lowest two are those of n. NaN at infinities."""
    parts, near = _NEAR[e.fused]
    n, bits = e.round(x, 2 / math.pi)
    r = x
    for part in parts[:-2]:  # without an error
        r = e.fma(n, e.const(-part), r)
    part = e.const(-parts[-2])
    product = e.mul(n, part)
    r, low = pairs.add(e, r, product)
    if e.fused:
        low = e.add(low, e.fma(n, part, e.neg(product)))
    low = e.fma(n, e.const(-parts[-1]), low)
    beyond = e.compare(OGE, e.abs(x), e.const(near))
    r, low, bits = e.rarely(beyond, lambda: _reduce_far(e, x), (r, low, bits))
    return r, low, bits


def _reduce_far(e: Emitter, x: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """The same in f64."""
    wide, size = e.other(F64), e.abs(x)
    high, low = (wide.const(part) for part in _parts(None))
    for bound in _BOUNDS:
        beyond = e.compare(OGE, size, e.const(2.0**bound))
        high, low = (
            wide.select(beyond, wide.const(part), before)
            for part, before in zip(_parts(bound), (high, low), strict=True)
        )
    argument = e.convert("extf", x, wide)
    quotient, lost = pairs.multiply(wide, argument, high)
    lost = wide.fma(argument, low, lost)
    n, bits = wide.round(quotient)
    rest = wide.mul(wide.add(wide.sub(quotient, n), lost), wide.const(math.pi / 2))
    r = wide.convert("truncf", rest, e)
    low = wide.convert("truncf", wide.sub(rest, e.convert("extf", r, wide)), e)
    return r, low, wide.convert("trunci", bits, e)


def _quadrant(e: Emitter, x: ir.Value, shift: int) -> ir.Value:
    """sin(x + shift pi/2)."""
    r, low, bits = _reduce(e, x)
    square = e.mul(r, r)
    sine = e.add(r, e.fma(e.mul(square, r), e.horner(square, _SIN), low))
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


def tan(e: Emitter, x: ir.Value) -> ir.Value:
    """The tangent, 1.6 ulp."""
    r, lost, bits = _reduce(e, x)
    square = e.mul(r, r)
    cube = e.mul(e.mul(square, r), e.halves(square, _TAN))
    near = e.add(r, e.add(cube, e.fma(square, lost, lost)))
    odd = e.compare(NE, e.integer("andi", bits, 1), e.icon(0))
    result = e.select(odd, e.div(e.const(-1.0), near), near)
    return e.select(e.compare(OEQ, x, e.const(0.0)), x, result)
