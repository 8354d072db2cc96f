# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations of two operands that a constant makes trivial: x + 0, x * 1, x & 0, x < lowest.

Each function takes the operation, and gives what it folds to, or None. Constants of commutative operations are on the
right when it is called. Floats: x - 0, x * 1 and x / 1 are x for every x; x + 0 is not, for x = -0, while x + -0 is;
x * 0 is not 0 for NaN and infinities.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

from mograph.dialects.mo.canonical.constants import ends, filled, is_negative_zero, kept, kind, uniform

if TYPE_CHECKING:
    from mlir import ir

__all__ = [
    "add",
    "and_",
    "div",
    "equal",
    "extreme",
    "floor_div",
    "mul",
    "not_equal",
    "ordered",
    "or_",
    "pow_",
    "rest",
    "select",
    "shift",
    "sub",
    "xor",
]

Folded: TypeAlias = "ir.Value | ir.Attribute | None"


def _whole(op: Any, number: "int | float") -> Folded:
    return filled(op.result.type, number)


def add(op: Any) -> Folded:
    """x + 0 of integers, x + -0 of floats."""
    right = uniform(op.rhs)
    return kept(op, op.lhs) if right == 0 and (isinstance(right, int) or is_negative_zero(right)) else None


def sub(op: Any) -> Folded:
    """x - 0, for floats the positive one."""
    right = uniform(op.rhs)
    return kept(op, op.lhs) if right == 0 and not is_negative_zero(right) else None


def mul(op: Any) -> Folded:
    """x * 1; x * 0 of integers."""
    right = uniform(op.rhs)
    if right == 1:
        return kept(op, op.lhs)
    return _whole(op, 0) if right == 0 and isinstance(right, int) else None


def div(op: Any) -> Folded:
    """x / 1; 0 / x of integers, which is 0 for x = 0 too."""
    if uniform(op.rhs) == 1:
        return kept(op, op.lhs)
    return _whole(op, 0) if kind(op.rhs) != "float" and uniform(op.lhs) == 0 else None


def floor_div(op: Any) -> Folded:
    """As `div`, of integers only: it rounds floats."""
    return None if kind(op.rhs) == "float" else div(op)


def rest(op: Any) -> Folded:
    """What x leaves over 1 or -1, and what 0 leaves, of integers."""
    if kind(op.rhs) == "float":
        return None
    return _whole(op, 0) if uniform(op.rhs) in (1, -1) or uniform(op.lhs) == 0 else None


def pow_(op: Any) -> Folded:
    """x ** 1, and x ** 0, which is 1 for NaN too."""
    right = uniform(op.rhs)
    if right == 1:
        return kept(op, op.lhs)
    return _whole(op, 1) if right == 0 else None


def extreme(highest: bool) -> Any:
    """The fold of the maximum (`highest`) or minimum of x and an end of the range; NaN stays NaN."""

    def fold(op: Any) -> Folded:
        right = uniform(op.rhs)
        low, high = ends(op.rhs)
        neutral, absorbing = (low, high) if highest else (high, low)
        if right == neutral:
            return kept(op, op.lhs)
        return _whole(op, absorbing) if right == absorbing and kind(op.rhs) != "float" else None

    return fold


def _bits(op: Any) -> "tuple[int | float | None, int | float]":
    """The constant on the right, and the one of whose bits all are set."""
    low, high = ends(op.rhs)
    return uniform(op.rhs), -1 if low < 0 else high


def and_(op: Any) -> Folded:
    """x & 0, and x & 11..1."""
    right, ones = _bits(op)
    if right == ones:
        return kept(op, op.lhs)
    return _whole(op, 0) if right == 0 else None


def or_(op: Any) -> Folded:
    """x | 0, and x | 11..1."""
    right, ones = _bits(op)
    if right == 0:
        return kept(op, op.lhs)
    return _whole(op, ones) if right == ones else None


def xor(op: Any) -> Folded:
    """x ^ 0."""
    return kept(op, op.lhs) if uniform(op.rhs) == 0 else None


def shift(op: Any) -> Folded:
    """x shifted by 0, and 0 shifted."""
    if uniform(op.rhs) == 0:
        return kept(op, op.lhs)
    return _whole(op, 0) if uniform(op.lhs) == 0 else None


def equal(op: Any) -> Folded:
    """b == true of bools."""
    return kept(op, op.lhs) if kind(op.rhs) == "bool" and uniform(op.rhs) == 1 else None


def not_equal(op: Any) -> Folded:
    """b != false of bools."""
    return kept(op, op.lhs) if kind(op.rhs) == "bool" and uniform(op.rhs) == 0 else None


def ordered(less: bool, or_equal: bool) -> Any:
    """The fold of an order, of integers and an end of their range: nothing is less than the lowest."""

    def fold(op: Any) -> Folded:
        if kind(op.rhs) == "float":
            return None
        low, high = ends(op.rhs)
        # x < low and x > high never hold, x >= low and x <= high always do; from the left it is the other way round.
        for constant, never in ((uniform(op.rhs), low if less else high), (uniform(op.lhs), high if less else low)):
            always = high if never == low else low
            if constant is not None and constant == (always if or_equal else never):
                return _whole(op, int(or_equal))
        return None

    return fold


def select(op: Any) -> Folded:
    """One arm, where the condition is the same everywhere."""
    condition = uniform(op.condition)
    return None if condition is None else kept(op, op.lhs if condition else op.rhs)
