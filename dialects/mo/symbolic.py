# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Integer arithmetic on what may be a number, an expression of named extents, or not known.

Every function gives None where the answer is not known, or not the same for all extents.
"""

import operator
from collections.abc import Callable

from mograph.dialects.kit import Dim, dim_max, dim_min

__all__ = ["COMPARISONS", "FUNCTIONS", "Element", "at_least", "truth"]

Element = int | Dim | None
"""A number (a bool is one, too), an expression of named extents, or None: not known."""


def at_least(value: int | Dim, bound: int) -> bool:
    """Whether `value` is `bound` or more, whatever the extents are."""
    return dim_max(value, bound) == value


def truth(value: Element) -> bool | None:
    """Whether `value` is not 0."""
    if value is None or isinstance(value, int):
        return None if value is None else bool(value)
    return True if at_least(value, 1) or at_least(-value, 1) else None


def _less(a: int | Dim, b: int | Dim) -> bool | None:
    if at_least(b - a, 1):
        return True
    return False if at_least(a - b, 0) else None


def _equal(a: int | Dim, b: int | Dim) -> bool | None:
    if a == b:
        return True
    return False if at_least(a - b, 1) or at_least(b - a, 1) else None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


COMPARISONS: dict[str, Callable[[int | Dim, int | Dim], bool | None]] = {
    "mo.equal": _equal,
    "mo.not_equal": lambda a, b: _not(_equal(a, b)),
    "mo.less": _less,
    "mo.less_equal": lambda a, b: _not(_less(b, a)),
    "mo.greater": lambda a, b: _less(b, a),
    "mo.greater_equal": lambda a, b: _not(_less(a, b)),
}
"""The comparisons of known integers, by the name of the operation."""


def _floor_div(a: int | Dim, b: int | Dim) -> Element:
    if b == 0:
        return 0
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    return a // b if at_least(b, 1) else None


def _mod(a: int | Dim, b: int | Dim) -> Element:
    if b == 0:
        return 0
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    return a % b if at_least(b, 1) else None


def _div(a: int | Dim, b: int | Dim) -> Element:
    """Toward zero: as `_floor_div` where nothing is negative."""
    if isinstance(a, int) and isinstance(b, int):
        return 0 if b == 0 else abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return _floor_div(a, b) if at_least(a, 0) else None


def _fmod(a: int | Dim, b: int | Dim) -> Element:
    if isinstance(a, int) and isinstance(b, int):
        return 0 if b == 0 else abs(a) % abs(b) * (-1 if a < 0 else 1)
    return _mod(a, b) if at_least(a, 0) else None


def _abs(a: int | Dim) -> Element:
    if isinstance(a, int):
        return abs(a)
    return a if at_least(a, 0) else (-a if at_least(-a, 0) else None)


def _sign(a: int | Dim) -> Element:
    if isinstance(a, int):
        return (a > 0) - (a < 0)
    return 1 if at_least(a, 1) else None


def _pow(a: int | Dim, b: int | Dim) -> Element:
    if not isinstance(b, int) or not 0 <= b <= 8:  # an expression of a higher degree is no shape's
        return None
    result: int | Dim = 1
    for _ in range(b):
        result = result * a
    return result


FUNCTIONS: dict[str, Callable[..., Element]] = {
    "mo.add": operator.add,
    "mo.sub": operator.sub,
    "mo.mul": operator.mul,
    "mo.floor_div": _floor_div,
    "mo.div": _div,
    "mo.mod": _mod,
    "mo.fmod": _fmod,
    "mo.max": dim_max,
    "mo.min": dim_min,
    "mo.pow": _pow,
    "mo.negative": operator.neg,
    "mo.abs": _abs,
    "mo.sign": _sign,
    "mo.square": lambda a: a * a,
    "mo.relu": lambda a: dim_max(a, 0),
    "mo.clamp": lambda a, low, high: dim_min(dim_max(a, low), high),
}
"""The functions of known integers, by the name of the operation."""
