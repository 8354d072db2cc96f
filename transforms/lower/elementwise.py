# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element-wise operations: each rule is a function of scalars."""

from collections.abc import Callable

from mograph.transforms.lower.builder import BOOL, DTYPES, Scalar, convert, dtype_of, scalar, scalar_math
from mograph.transforms.lower.rule import Elementwise, Op, elementwise

__all__ = ["OPS", "RULES"]

OPS = (
    "mo.abs",
    "mo.acos",
    "mo.acosh",
    "mo.add",
    "mo.and",
    "mo.asin",
    "mo.asinh",
    "mo.atan",
    "mo.atan2",
    "mo.atanh",
    "mo.bitcast",
    "mo.broadcast_to",
    "mo.cast",
    "mo.cbrt",
    "mo.ceil",
    "mo.cos",
    "mo.cosh",
    "mo.div",
    "mo.equal",
    "mo.exp",
    "mo.exp2",
    "mo.expm1",
    "mo.floor",
    "mo.floor_div",
    "mo.fmod",
    "mo.greater",
    "mo.greater_equal",
    "mo.is_finite",
    "mo.is_inf",
    "mo.is_nan",
    "mo.less",
    "mo.less_equal",
    "mo.log",
    "mo.log10",
    "mo.log1p",
    "mo.log2",
    "mo.max",
    "mo.min",
    "mo.mod",
    "mo.mul",
    "mo.negative",
    "mo.not",
    "mo.not_equal",
    "mo.or",
    "mo.pow",
    "mo.reciprocal",
    "mo.round",
    "mo.rsqrt",
    "mo.select",
    "mo.shift_left",
    "mo.shift_right",
    "mo.sign",
    "mo.sin",
    "mo.sinh",
    "mo.sqrt",
    "mo.square",
    "mo.sub",
    "mo.tan",
    "mo.tanh",
    "mo.trunc",
    "mo.xor",
)


def _plain(function: Callable[..., Scalar]) -> Elementwise:
    """The rule of an operation without attributes."""

    def rule(op: Op, *operands: Scalar) -> Scalar:
        return function(*operands)

    rule.__doc__ = function.__doc__
    return elementwise(rule)


@elementwise
def bitcast(op: Op, x: Scalar) -> Scalar:
    """The bits of each element; those of a bool are 0 or 1."""
    target = dtype_of(op.result.type.dtype)
    byte = DTYPES["ui8"]
    if x.dtype is target:
        return x
    if target is BOOL:
        return convert.cast(scalar.bitcast(x, byte), target)
    return scalar.bitcast(convert.cast(x, byte) if x.dtype is BOOL else x, target)


def _repeated(op: Op, x: Scalar) -> Scalar:
    """Each element; operands are repeated for every rule."""
    return x


broadcast_to = Elementwise(_repeated, shaped=True)


@elementwise
def cast(op: Op, x: Scalar) -> Scalar:
    """Each element, converted."""
    return convert.cast(x, dtype_of(op.result.type.dtype), saturate=op.saturate, rounding=op.rounding)


RULES = {
    "mo.abs": _plain(scalar_math.absolute),
    "mo.acos": _plain(scalar_math.acos),
    "mo.acosh": _plain(scalar_math.acosh),
    "mo.add": _plain(scalar.add),
    "mo.and": _plain(scalar.bit_and),
    "mo.asin": _plain(scalar_math.asin),
    "mo.asinh": _plain(scalar_math.asinh),
    "mo.atan": _plain(scalar_math.atan),
    "mo.atan2": _plain(scalar_math.atan2),
    "mo.atanh": _plain(scalar_math.atanh),
    "mo.bitcast": bitcast,
    "mo.broadcast_to": broadcast_to,
    "mo.cast": cast,
    "mo.cbrt": _plain(scalar_math.cbrt),
    "mo.ceil": _plain(scalar_math.ceil),
    "mo.cos": _plain(scalar_math.cos),
    "mo.cosh": _plain(scalar_math.cosh),
    "mo.div": _plain(scalar.div),
    "mo.equal": _plain(scalar.equal),
    "mo.exp": _plain(scalar_math.exp),
    "mo.exp2": _plain(scalar_math.exp2),
    "mo.expm1": _plain(scalar_math.expm1),
    "mo.floor": _plain(scalar_math.floor),
    "mo.floor_div": _plain(scalar_math.floor_div),
    "mo.fmod": _plain(scalar.remainder),
    "mo.greater": _plain(scalar.greater),
    "mo.greater_equal": _plain(scalar.greater_equal),
    "mo.is_finite": _plain(scalar_math.is_finite),
    "mo.is_inf": _plain(scalar_math.is_inf),
    "mo.is_nan": _plain(scalar_math.is_nan),
    "mo.less": _plain(scalar.less),
    "mo.less_equal": _plain(scalar.less_equal),
    "mo.log": _plain(scalar_math.log),
    "mo.log10": _plain(scalar_math.log10),
    "mo.log1p": _plain(scalar_math.log1p),
    "mo.log2": _plain(scalar_math.log2),
    "mo.max": _plain(scalar.maximum),
    "mo.min": _plain(scalar.minimum),
    "mo.mod": _plain(scalar_math.modulo),
    "mo.mul": _plain(scalar.mul),
    "mo.negative": _plain(Scalar.__neg__),
    "mo.not": _plain(Scalar.__invert__),
    "mo.not_equal": _plain(scalar.not_equal),
    "mo.or": _plain(scalar.bit_or),
    "mo.pow": _plain(scalar_math.power),
    "mo.reciprocal": _plain(scalar_math.reciprocal),
    "mo.round": _plain(scalar_math.round_even),
    "mo.rsqrt": _plain(scalar_math.rsqrt),
    "mo.select": _plain(scalar.select),
    "mo.shift_left": _plain(scalar.shift_left),
    "mo.shift_right": _plain(scalar.shift_right),
    "mo.sign": _plain(scalar_math.sign),
    "mo.sin": _plain(scalar_math.sin),
    "mo.sinh": _plain(scalar_math.sinh),
    "mo.sqrt": _plain(scalar_math.sqrt),
    "mo.square": _plain(scalar_math.square),
    "mo.sub": _plain(scalar.sub),
    "mo.tan": _plain(scalar_math.tan),
    "mo.tanh": _plain(scalar_math.tanh),
    "mo.trunc": _plain(scalar_math.trunc),
    "mo.xor": _plain(scalar.bit_xor),
}
