# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scalars: an SSA value with its dtype, and the arithmetic on it.

Operators and functions take scalars and Python numbers, which become constants of the other operand's dtype. Floats
narrower than f32 are widened by whatever computes on them, so results are f32. Integers wrap; what the hardware traps
on or leaves undefined (division by zero, the one quotient that overflows, shifts by the width or more) is defined here
as numpy defines it.
"""

from __future__ import annotations

from typing import Any

from mograph.transforms.lower.builder.dtype import BOOL, DType
from mograph.transforms.lower.builder.emit import Emitter

__all__ = [
    "Number",
    "Scalar",
    "add",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bitcast",
    "constant",
    "div",
    "equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "lift",
    "maximum",
    "maximum_number",
    "minimum",
    "mul",
    "not_equal",
    "remainder",
    "select",
    "shift_left",
    "shift_right",
    "sub",
    "widen",
]

Number = bool | int | float


class Scalar:
    """A value of element type `dtype`, in the storage type of `dtype`."""

    __slots__ = ("dtype", "em", "value")

    def __init__(self, em: Emitter, value: Any, dtype: DType) -> None:
        self.em = em
        self.value = value
        self.dtype = dtype

    def apply(self, name: str, *operands: Scalar) -> Scalar:
        """The operation `name` on this scalar and `operands`, with a result of this dtype."""
        values = [self.value, *(operand.value for operand in operands)]
        return Scalar(self.em, self.em.value(name, self.value.type, values), self.dtype)

    def constant(self, value: Number) -> Scalar:
        """`value` as a constant of this dtype."""
        return constant(self.em, value, self.dtype)

    def __add__(self, other: Scalar | Number) -> Scalar:
        return add(self, other)

    def __radd__(self, other: Number) -> Scalar:
        return add(other, self)

    def __sub__(self, other: Scalar | Number) -> Scalar:
        return sub(self, other)

    def __rsub__(self, other: Number) -> Scalar:
        return sub(other, self)

    def __mul__(self, other: Scalar | Number) -> Scalar:
        return mul(self, other)

    def __rmul__(self, other: Number) -> Scalar:
        return mul(other, self)

    def __truediv__(self, other: Scalar | Number) -> Scalar:
        return div(self, other)

    def __rtruediv__(self, other: Number) -> Scalar:
        return div(other, self)

    def __neg__(self) -> Scalar:
        x = widen(self)
        return x.apply("arith.negf") if x.dtype.kind == "float" else sub(0, x)

    def __and__(self, other: Scalar | Number) -> Scalar:
        return bit_and(self, other)

    def __or__(self, other: Scalar | Number) -> Scalar:
        return bit_or(self, other)

    def __xor__(self, other: Scalar | Number) -> Scalar:
        return bit_xor(self, other)

    def __invert__(self) -> Scalar:
        return bit_xor(self, True if self.dtype is BOOL else -1)

    def __lt__(self, other: Scalar | Number) -> Scalar:
        return less(self, other)

    def __le__(self, other: Scalar | Number) -> Scalar:
        return less_equal(self, other)

    def __gt__(self, other: Scalar | Number) -> Scalar:
        return greater(self, other)

    def __ge__(self, other: Scalar | Number) -> Scalar:
        return greater_equal(self, other)


def constant(em: Emitter, value: Number, dtype: DType) -> Scalar:
    """`value` as a constant of `dtype`; floats are rounded to it, integers taken modulo its width."""
    storage = dtype.storage
    if dtype.as_bytes:
        bits = em.integer(_bits(value, dtype), storage)
        return Scalar(em, em.value("arith.constant", storage, (), {"value": bits}), dtype)
    attribute = em.float_(float(value), storage) if dtype.kind == "float" else em.integer(int(value), storage)
    return Scalar(em, em.value("arith.constant", storage, (), {"value": attribute}), dtype)


def _bits(value: Number, dtype: DType) -> int:
    if dtype.kind != "float":
        return int(value) & ((1 << dtype.bits) - 1)
    from mograph.transforms.lower.builder.small_floats import bits_of

    return bits_of(float(value), dtype)


def widen(x: Scalar) -> Scalar:
    """`x` in the type that arithmetic on it is done in."""
    if x.dtype.compute is x.dtype:
        return x
    from mograph.transforms.lower.builder.convert import to_compute

    return to_compute(x)


def lift(a: Scalar | Number, b: Scalar | Number) -> tuple[Scalar, Scalar]:
    """Both operands as scalars of one compute type. Raises `TypeError` where two scalars differ in dtype."""
    if isinstance(a, Scalar):
        left = widen(a)
        right = widen(b) if isinstance(b, Scalar) else left.constant(b)
    elif isinstance(b, Scalar):
        right = widen(b)
        left = right.constant(a)
    else:
        raise TypeError(f"expected a scalar among the operands, found {a} and {b}")
    if left.dtype is not right.dtype:
        raise TypeError(f"expected operands of one dtype, found {left.dtype.name} and {right.dtype.name}")
    return left, right


def bitcast(x: Scalar, dtype: DType) -> Scalar:
    """The bits of `x` as a value of `dtype`, which has the same width."""
    if x.dtype.storage == dtype.storage:
        return Scalar(x.em, x.value, dtype)
    return Scalar(x.em, x.em.value("arith.bitcast", dtype.storage, [x.value]), dtype)


# Arithmetic, by the operation for each kind of dtype. On bools, sums and maxima are "or", products and minima "and".

_SIGNLESS = {"signed": "", "unsigned": "", "index": ""}
_ADD = {"float": "arith.addf", **dict.fromkeys(_SIGNLESS, "arith.addi"), "bool": "arith.ori"}
_SUB = {"float": "arith.subf", **dict.fromkeys(_SIGNLESS, "arith.subi")}
_MUL = {"float": "arith.mulf", **dict.fromkeys(_SIGNLESS, "arith.muli"), "bool": "arith.andi"}
_DIV = {"float": "arith.divf", "signed": "arith.divsi", "index": "arith.divsi", "unsigned": "arith.divui"}
_REM = {"float": "arith.remf", "signed": "arith.remsi", "index": "arith.remsi", "unsigned": "arith.remui"}
_MAX = {
    "float": "arith.maximumf",
    "signed": "arith.maxsi",
    "index": "arith.maxsi",
    "unsigned": "arith.maxui",
    "bool": "arith.ori",
}
_MAX_NUMBER = {**_MAX, "float": "arith.maxnumf"}
_MIN = {
    "float": "arith.minimumf",
    "signed": "arith.minsi",
    "index": "arith.minsi",
    "unsigned": "arith.minui",
    "bool": "arith.andi",
}


def _binary(table: dict[str, str], a: Scalar | Number, b: Scalar | Number) -> Scalar:
    left, right = lift(a, b)
    return left.apply(table[left.dtype.kind], right)


def add(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a + b; on bools, or."""
    return _binary(_ADD, a, b)


def sub(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a - b."""
    return _binary(_SUB, a, b)


def mul(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a * b; on bools, and."""
    return _binary(_MUL, a, b)


def maximum(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """The larger; NaN where one is NaN; on bools, or."""
    return _binary(_MAX, a, b)


def maximum_number(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """The larger; the other where one is NaN; on bools, or."""
    return _binary(_MAX_NUMBER, a, b)


def minimum(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """The smaller; NaN where one is NaN; on bools, and."""
    return _binary(_MIN, a, b)


def bit_and(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """Bitwise and."""
    left, right = lift(a, b)
    return left.apply("arith.andi", right)


def bit_or(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """Bitwise or."""
    left, right = lift(a, b)
    return left.apply("arith.ori", right)


def bit_xor(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """Bitwise exclusive or."""
    left, right = lift(a, b)
    return left.apply("arith.xori", right)


def div(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a / b; of integers rounded toward zero, 0 where b is 0, and wrapping where the quotient is beyond the largest
    value.
    """
    left, right = lift(a, b)
    if left.dtype.kind == "float":
        return left.apply("arith.divf", right)
    by_zero, minus_one, divisor = _safe_divisor(right)
    quotient = left.apply(_DIV[left.dtype.kind], divisor)
    if minus_one is not None:
        quotient = select(minus_one, -left, quotient)
    return select(by_zero, 0, quotient)


def remainder(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """What is left of a by `div`, with the sign of a; of integers 0 where b is 0."""
    left, right = lift(a, b)
    if left.dtype.kind == "float":
        return left.apply("arith.remf", right)
    by_zero, minus_one, divisor = _safe_divisor(right)
    rest = left.apply(_REM[left.dtype.kind], divisor)
    return select(by_zero if minus_one is None else bit_or(by_zero, minus_one), 0, rest)


def _safe_divisor(b: Scalar) -> tuple[Scalar, Scalar | None, Scalar]:
    """Where `b` is 0, where it is -1 (None if unsigned), and a divisor that is neither."""
    by_zero = equal(b, 0)
    if b.dtype.kind == "unsigned":
        return by_zero, None, select(by_zero, 1, b)
    minus_one = equal(b, -1)
    return by_zero, minus_one, select(bit_or(by_zero, minus_one), 1, b)


def shift_left(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a << b; 0 where b is negative or the width or more."""
    left, right = lift(a, b)
    inside = _below_width(right)
    return select(inside, left.apply("arith.shli", select(inside, right, 0)), 0)


def shift_right(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a >> b, copying the sign of signed integers; as if by the width where b is negative or beyond it."""
    left, right = lift(a, b)
    inside = _below_width(right)
    if left.dtype.kind == "unsigned":
        return select(inside, left.apply("arith.shrui", select(inside, right, 0)), 0)
    return left.apply("arith.shrsi", select(inside, right, left.dtype.bits - 1))


def _below_width(b: Scalar) -> Scalar:
    return _compared(8, 6, b, b.constant(b.dtype.bits), signless=True)


# Comparisons: the predicate of arith.cmpf, and those of arith.cmpi for signed and unsigned.


def _compared(ordered: int, integer: int, a: Scalar | Number, b: Scalar | Number, *, signless: bool = False) -> Scalar:
    left, right = lift(a, b)
    em = left.em
    if left.dtype.kind == "float":
        name, predicate = "arith.cmpf", ordered
    else:
        # Among cmpi's predicates, 2 to 5 are those of signed integers and 6 to 9 the same of unsigned ones.
        unsigned = left.dtype.kind in ("unsigned", "bool") and 2 <= integer <= 5
        name, predicate = "arith.cmpi", integer + 4 if unsigned and not signless else integer
    value = em.value(name, "i1", [left.value, right.value], {"predicate": em.integer(predicate)})
    return Scalar(em, value, BOOL)


def equal(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a == b; false where one is NaN, as all comparisons but `not_equal`."""
    return _compared(1, 0, a, b)


def not_equal(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a != b; true where one is NaN."""
    return _compared(13, 1, a, b)


def less(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a < b."""
    return _compared(4, 2, a, b)


def less_equal(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a <= b."""
    return _compared(5, 3, a, b)


def greater(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a > b."""
    return _compared(2, 4, a, b)


def greater_equal(a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a >= b."""
    return _compared(3, 5, a, b)


def select(condition: Scalar, a: Scalar | Number, b: Scalar | Number) -> Scalar:
    """a where the bool `condition` holds, else b; narrow floats are not widened where both have one dtype."""
    if isinstance(a, Scalar) and isinstance(b, Scalar) and a.dtype is b.dtype:
        left, right = a, b
    else:
        left, right = lift(a, b)
    em = condition.em
    value = em.value("arith.select", left.value.type, [condition.value, left.value, right.value])
    return Scalar(em, value, left.dtype)
