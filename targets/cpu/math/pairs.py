# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums and products of f64 with what rounding lost, by Knuth and Dekker."""

from mlir import ir

from mograph.targets.cpu.math.emitter import Emitter

Pair = tuple[ir.Value, ir.Value]  # a rounded number and what it lacks


def add_ordered(e: Emitter, a: ir.Value, b: ir.Value) -> Pair:
    """a + b where a is zero or |a| >= |b|."""
    total = e.add(a, b)
    return total, e.sub(b, e.sub(total, a))


def add(e: Emitter, a: ir.Value, b: ir.Value) -> Pair:
    """a + b."""
    total = e.add(a, b)
    part = e.sub(total, a)
    return total, e.add(e.sub(a, e.sub(total, part)), e.sub(b, part))


def multiply(
    e: Emitter, a: ir.Value, b: ir.Value, a_low: ir.Value | None = None, b_low: ir.Value | None = None
) -> Pair:
    """(a + a_low) * (b + b_low), to about 2 ** -104; exact without lows. Nothing may overflow or be denormal."""
    product = e.mul(a, b)
    low = e.fma(a, b, e.neg(product)) if e.fused else _lost(e, a, b, product)
    if a_low is not None and b_low is not None:
        low = e.add(low, e.fma(a, b_low, e.mul(a_low, b)))
    return product, low


def _lost(e: Emitter, a: ir.Value, b: ir.Value, product: ir.Value) -> ir.Value:
    """What rounding a product has lost, without fused arithmetic: that of halves is exact."""
    (a_high, a_low), (b_high, b_low) = _halves(e, a), _halves(e, b)
    error = e.add(e.sub(e.mul(a_high, b_high), product), e.mul(a_high, b_low))
    return e.add(e.add(error, e.mul(a_low, b_high)), e.mul(a_low, b_low))


def root(e: Emitter, x: Pair) -> Pair:
    """The square root of x > 0; of zero, zero."""
    high = e.sqrt(x[0])
    square, low = multiply(e, high, high)
    rest = e.add(e.sub(e.sub(x[0], square), low), x[1])
    return high, e.div(rest, e.add(e.add(high, high), e.const(1e-300)))


def _halves(e: Emitter, x: ir.Value) -> Pair:
    """x as a number of 26 bits, and the rest."""
    high = e.float(e.integer("andi", e.bits(x), ~((1 << 27) - 1)))
    return high, e.sub(x, high)
