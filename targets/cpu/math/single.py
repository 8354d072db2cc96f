# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of f32 computed in f32. Each docstring states the largest error found over samples of all finite floats, in
units in the last place (ulp).

All give what IEEE asks at infinities, zeros and NaN, and denormal results where they are due.
"""

from mlir import ir

from mograph.targets.cpu.math.emitter import OEQ, OGT, OLT, Emitter

LN2_HIGH, LN2_LOW = 0.693145751953125, 1.42860682030941723212e-6
_EXP = (
    0.000197903318052347,
    0.0013944691173725218,
    0.008333497229468583,
    0.04166629452106287,
    0.16666665867663813,
    0.5000000067800957,
)
_EXP2 = (
    1.5196146991977997e-05,
    0.00015466757115604215,
    0.0013333935099488841,
    0.009618038129098791,
    0.055504103659324226,
    0.2402265106658662,
    0.6931471807045522,
)
_LOG = (
    0.06744440283934684, -0.11674783026970569, 0.11888637377336342, -0.12405762149619318, 0.1421951566929888,
    -0.16667985088558387, 0.2000211983791142, -0.2500000980072172, 0.3333331259192801,
)  # fmt: skip
_TANH_P = (
    -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-08,
    1.48572235717979e-05, 6.37261928875436e-04, 4.89352455891786e-03,
)  # fmt: skip
_TANH_Q = (1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03)
_ERF_P = (0.00022905065861350646, 0.0034082910107109506, 0.050955695062380861, 0.18520832239976145, 1.128379143519084)
_ERF_Q = (
    -1.1791602954361697e-7, 0.000023547966471313185, 0.0010179625278914885, 0.014070470171167667,
    0.11098505178285362, 0.49746925110067538, 1.0,
)  # fmt: skip


def exp(e: Emitter, x: ir.Value) -> ir.Value:
    """e ** x, 1.0 ulp: x = n ln 2 + r, and e ** r is a polynomial."""
    x = e.clamp(x, -104.0, 89.0)
    n, bits = e.round(e.mul(x, e.const(1.4426950408889634)))
    r = e.fma(n, e.const(-LN2_LOW), e.fma(n, e.const(-LN2_HIGH), x))
    p = e.fma(e.horner(r, _EXP), e.mul(r, r), r)
    return _scale(e, e.add(p, e.const(1.0)), bits)


def exp2(e: Emitter, x: ir.Value) -> ir.Value:
    """2 ** x, 1.0 ulp."""
    x = e.clamp(x, -151.0, 129.0)
    n, bits = e.round(x)
    r = e.sub(x, n)
    return _scale(e, e.fma(e.horner(r, _EXP2), r, e.const(1.0)), bits)


def _scale(e: Emitter, value: ir.Value, bits: ir.Value) -> ir.Value:
    """`value * 2 ** n` for the n in the lowest bits, in two steps: one alone would leave the exponent's range."""
    n = e.integer("subi", bits, e.bits(e.const(e.format.magic)))
    half = e.integer("shrsi", n, 1)
    return e.mul(e.mul(value, e.power_of_two(half)), e.power_of_two(e.integer("subi", n, half)))


def log(e: Emitter, x: ir.Value) -> ir.Value:
    """The natural logarithm, 1.0 ulp: x = m 2 ** n with m between sqrt(1/2) and sqrt(2)."""
    small = e.compare(OLT, x, e.const(2.0**-126))
    scaled = e.select(small, e.mul(x, e.const(2.0**23)), x)
    least = 0x3F3504F3  # the bits of sqrt(1/2)
    above = e.integer("subi", e.bits(scaled), least)
    n = e.b.one("arith.sitofp", e.type, e.integer("shrsi", above, 23))
    n = e.sub(n, e.select(small, e.const(23.0), e.const(0.0)))
    m = e.float(e.integer("addi", e.integer("andi", above, 0x7FFFFF), least))
    f = e.sub(m, e.const(1.0))
    square = e.mul(f, f)
    p = e.mul(e.mul(e.horner(f, _LOG), f), square)
    p = e.fma(n, e.const(-2.12194440e-4), p)
    p = e.fma(square, e.const(-0.5), p)
    return log_specials(e, x, e.fma(n, e.const(0.693359375), e.add(f, p)))


def log_specials(e: Emitter, x: ir.Value, result: ir.Value) -> ir.Value:
    """`result`, but what a logarithm is at zero, below it, at infinity and NaN."""
    infinity = e.const(float("inf"))
    result = e.select(e.compare(OLT, x, infinity), result, x)
    result = e.select(e.compare(OEQ, x, e.const(0.0)), e.const(float("-inf")), result)
    return e.select(e.compare(OLT, x, e.const(0.0)), e.const(float("nan")), result)


def tanh(e: Emitter, x: ir.Value) -> ir.Value:
    """The hyperbolic tangent, 4.5 ulp: a quotient of polynomials."""
    c = e.clamp(x, -7.90531110763549805, 7.90531110763549805)
    square = e.mul(c, c)
    result = e.mul(c, e.div(e.horner(square, _TANH_P), e.horner(square, _TANH_Q)))
    return _saturate(e, x, result, 8.5)


def erf(e: Emitter, x: ir.Value) -> ir.Value:
    """The error function, 5.1 ulp: a quotient of polynomials."""
    c = e.clamp(x, -3.832506856900711, 3.832506856900711)
    square = e.mul(c, c)
    result = e.mul(c, e.div(e.horner(square, _ERF_P), e.horner(square, _ERF_Q)))
    return _saturate(e, x, result, 3.9)


def _saturate(e: Emitter, x: ir.Value, result: ir.Value, limit: float) -> ir.Value:
    return e.select(e.compare(OGT, e.abs(x), e.const(limit)), e.sign(e.const(1.0), x), result)
