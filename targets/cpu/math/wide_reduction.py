# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Any f64 as a multiple of pi/2 and a rest, for the sine and its kin."""

import math
from functools import cache

from mlir import ir

from mograph.targets.cpu.math import pairs
from mograph.targets.cpu.math.emitter import NE, OGT, OLT, Emitter
from mograph.targets.cpu.math.pairs import Pair

# Pi/2 in parts of 33 bits, whose products with numbers of 20 bits are exact, and what is left.
_PARTS = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.478427660368898e-32)
_HALF_PI, _HALF_PI_LOW = math.pi / 2, 6.123233995736766e-17
_NEAR = 2.0**20
_DIGIT = (1 << 32) - 1


def reduce(e: Emitter, x: ir.Value) -> tuple[Pair, ir.Value]:
    """x = n pi/2 + r with |r| <= pi/4: r, and bits whose lowest two are those of n. NaN at infinities."""
    n, bits = e.round(x, 2 / math.pi)
    high, low = e.sub(x, e.mul(n, e.const(_PARTS[0]))), None
    for part in _PARTS[1:3]:
        high, lost = pairs.add(e, high, e.mul(n, e.const(-part)))
        low = lost if low is None else e.add(low, lost)
    assert low is not None
    near = pairs.add_ordered(e, high, e.fma(n, e.const(-_PARTS[3]), low))

    def far() -> tuple[ir.Value, ...]:
        (high, low), bits = _reduce_far(e, x)
        return e.add(high, e.sub(x, x)), low, bits

    high, low, bits = e.rarely(e.compare(OGT, e.abs(x), e.const(_NEAR)), far, (*near, bits))
    return (high, low), bits


@cache
def _two_over_pi() -> tuple[int, ...]:
    """40 zeros and then the bits of 2/pi, in words of 64 bits."""
    bits = 1300

    def arctangent(inverse: int) -> int:
        term = total = (1 << bits) // inverse
        k, sign = 1, -1
        while term:
            term //= inverse * inverse
            k += 2
            total += sign * (term // k)
            sign = -sign
        return total

    pi = 16 * arctangent(5) - 4 * arctangent(239)  # Machin's formula
    count = 19
    fraction = (2 << (bits + 64 * count - 40)) // pi
    return tuple(fraction >> 64 * (count - 1 - k) & ((1 << 64) - 1) for k in range(count))


def _reduce_far(e: Emitter, x: ir.Value) -> tuple[Pair, ir.Value]:
    """The same for |x| >= 2 ** 20, by Payne and Hanek: with x = m 2 ** t, those 192 bits of 2/pi count that m 2 ** t
    does not make multiples of four, whatever the cancellation.
    """
    bits = e.bits(x)
    t = e.integer("subi", e.integer("andi", e.integer("shrui", bits, 52), 0x7FF), 1075 - 38)
    fraction = e.integer("andi", bits, (1 << 52) - 1)
    low = e.integer("andi", fraction, _DIGIT)
    high = e.integer("ori", e.integer("shrui", fraction, 32), 1 << 20)
    digits = _product(e, high, low, _window(e, t))
    n = e.integer("shrui", e.integer("addi", digits[0], 1 << 29), 30)
    # Beyond one half the rest is negative: minus the complement.
    beyond = e.compare(NE, e.integer("andi", digits[0], 1 << 29), e.icon(0))
    flip = e.select(beyond, e.icon(_DIGIT), e.icon(0))
    first = e.integer("andi", e.integer("xori", digits[0], flip), (1 << 30) - 1)
    parts = [_float(e, first), *(_float(e, e.integer("xori", digit, flip)) for digit in digits[1:4])]
    head, rest = pairs.add_ordered(e, e.mul(parts[0], e.const(2.0**32)), parts[1])
    rest = e.add(rest, e.fma(parts[3], e.const(2.0**-64), e.mul(parts[2], e.const(2.0**-32))))
    scale = [e.const(math.ldexp(part, -62)) for part in (_HALF_PI, _HALF_PI_LOW)]
    r, r_low = pairs.multiply(e, head, scale[0], rest, scale[1])
    negative = e.compare(OLT, x, e.const(0.0))
    sign = e.integer("xori", e.select(beyond, e.icon(1 << 63), e.icon(0)), e.integer("andi", bits, 1 << 63))
    pair = e.float(e.integer("xori", e.bits(r), sign)), e.float(e.integer("xori", e.bits(r_low), sign))
    return pair, e.select(negative, e.integer("subi", e.icon(0), n), n)


def _window(e: Emitter, position: ir.Value) -> list[ir.Value]:
    """Three words of the table from a bit on."""
    index, shift = e.integer("shrui", position, 6), e.integer("andi", position, 63)
    words = [e.icon(word) for word in _two_over_pi()]
    for step in (8, 4, 2, 1):
        upper = e.compare(NE, e.integer("andi", index, step), e.icon(0))
        words = [e.select(upper, words[k + step], words[k]) for k in range(3 + step)]
    back = e.integer("subi", e.icon(63), shift)

    def joined(left: ir.Value, right: ir.Value) -> ir.Value:
        carried = e.integer("shrui", e.integer("shrui", right, 1), back)
        return e.integer("ori", e.integer("shli", left, shift), carried)

    return [joined(words[k], words[k + 1]) for k in range(3)]


def _product(e: Emitter, high: ir.Value, low: ir.Value, words: list[ir.Value]) -> list[ir.Value]:
    """(high 2 ** 32 + low) times three words, modulo 2 ** 192: digits of 32 bits, the highest first."""
    digits = [digit for word in words for digit in (e.integer("shrui", word, 32), e.integer("andi", word, _DIGIT))]
    found: list[ir.Value] = []
    above: ir.Value | None = None  # what the digit before adds
    for digit in reversed(digits):
        product = e.integer("muli", low, digit)
        total = e.integer("andi", product, _DIGIT)
        total = total if above is None else e.integer("addi", total, above)
        found.append(e.integer("andi", total, _DIGIT))
        above = e.integer("addi", e.integer("muli", high, digit), e.integer("shrui", product, 32))
        above = e.integer("addi", above, e.integer("shrui", total, 32))
    return found[::-1]


def _float(e: Emitter, digit: ir.Value) -> ir.Value:
    """A number below 2 ** 52 as a float, without a conversion, which AVX2 lacks."""
    return e.sub(e.float(e.integer("ori", digit, 0x433 << 52)), e.const(2.0**52))
