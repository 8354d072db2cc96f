# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Symbolic extents: integer expressions over named dimensions, in a normal form."""

from collections.abc import Mapping
from functools import lru_cache

from mograph import _native

__all__ = ["Dim", "dim_max", "dim_min"]


class Dim:
    """An extent that depends on named dimensions; a constant one is an `int`.

    `Dim("n") * 2 + 1`; `+`, `-`, `*`, `//` and `%` give an `int` or a `Dim`. Two expressions that are equal as
    polynomials are one: they compare equal and have the same text. A name stands for an extent, which is never
    negative.

    Raises ValueError for a text that is no expression, or that is constant (`Dim.parse` takes those).
    """

    __slots__ = ("text",)
    text: str

    def __init__(self, text: str) -> None:
        normal = _normalize(text)
        if isinstance(normal, int):
            raise ValueError(f"'{text}' is the constant {normal}")
        self.text = normal

    @staticmethod
    def parse(text: "str | int | Dim") -> "int | Dim":
        """The extent that a text stands for. Raises ValueError for a text that is no expression."""
        return text if isinstance(text, Dim) else _from(_normalize(str(text)))

    @staticmethod
    def max(a: "int | Dim", b: "int | Dim") -> "int | Dim":
        """The greater of two extents."""
        return _from(_normalize(f"max({a}, {b})"))

    @staticmethod
    def min(a: "int | Dim", b: "int | Dim") -> "int | Dim":
        """The lesser of two extents."""
        return _from(_normalize(f"min({a}, {b})"))

    def names(self) -> list[str]:
        """The named dimensions in it, sorted."""
        return list(_native.dim_names(self.text))

    def evaluate(self, values: Mapping[str, int]) -> int:
        """Its value for given extents. Raises ValueError for a name without one, an overflow or a division by zero."""
        return int(_native.dim_evaluate(self.text, dict(values)))

    def substitute(self, extents: "Mapping[str, int | Dim]") -> "int | Dim":
        """The same expression with other extents in the place of names; names that are not among `extents` stay."""
        return _from(_native.dim_substitute(self.text, {name: str(extent) for name, extent in extents.items()}))

    def __add__(self, other: "int | Dim") -> "int | Dim":
        return _operate("+", self, other)

    def __radd__(self, other: int) -> "int | Dim":
        return _operate("+", other, self)

    def __sub__(self, other: "int | Dim") -> "int | Dim":
        return _operate("-", self, other)

    def __rsub__(self, other: int) -> "int | Dim":
        return _operate("-", other, self)

    def __mul__(self, other: "int | Dim") -> "int | Dim":
        return _operate("*", self, other)

    def __rmul__(self, other: int) -> "int | Dim":
        return _operate("*", other, self)

    def __floordiv__(self, other: "int | Dim") -> "int | Dim":
        return _operate("floordiv", self, other)

    def __rfloordiv__(self, other: int) -> "int | Dim":
        return _operate("floordiv", other, self)

    def __mod__(self, other: "int | Dim") -> "int | Dim":
        return _operate("mod", self, other)

    def __rmod__(self, other: int) -> "int | Dim":
        return _operate("mod", other, self)

    def __neg__(self) -> "int | Dim":
        return _operate("-", 0, self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dim) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Dim({self.text!r})"


dim_max, dim_min = Dim.max, Dim.min


@lru_cache(maxsize=4096)
def _normalize(text: str) -> "str | int":
    normal: str | int = _native.dim_normalize(text)
    return normal


def _from(normal: "str | int") -> "int | Dim":
    if isinstance(normal, int):
        return normal
    dim = Dim.__new__(Dim)
    dim.text = normal
    return dim


def _operate(operator: str, a: "int | Dim", b: "int | Dim") -> "int | Dim":
    if not isinstance(a, int | Dim) or not isinstance(b, int | Dim):
        return NotImplemented
    return _from(_normalize(f"({a}) {operator} ({b})"))
