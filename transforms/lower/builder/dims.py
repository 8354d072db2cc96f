# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Dimensions at run time: index values for the names and expressions in the shapes of tensors."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from mograph.transforms.extent_names import decoded, encoded, is_name
from mograph.transforms.lower.builder.emit import Emitter

__all__ = ["Dims", "in_python", "names_of"]

_GRAMMAR = "a dimension of names with + - * floordiv ceildiv mod max() min()"
_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "arith.addi",
    ast.Sub: "arith.subi",
    ast.Mult: "arith.muli",
    ast.FloorDiv: "arith.floordivsi",
    ast.MatMult: "arith.ceildivsi",
}


# The words that are operators in a dimension, as Python's operators of the same precedence.
_WORDS = {"floordiv": "//", "mod": "%", "ceildiv": "@"}


def _parsed(dim: str) -> ast.expr:
    python: list[str] = []
    operand = False  # behind one, words are operators; elsewhere a dimension has that name
    for word in dim.split(" "):
        operator = operand and word in _WORDS
        python.append(_WORDS[word] if operator else word)
        operand = not operator and not word.endswith(("(", ",", "+", "-", "*"))
    return ast.parse(encoded(" ".join(python)), mode="eval").body


def in_python(dim: object) -> str:
    """The dimension `dim` as an expression of Python."""
    return decoded(ast.unparse(_WithoutCeilDiv().visit(_parsed(str(dim)))))


class _WithoutCeilDiv(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if not isinstance(node.op, ast.MatMult):
            return ast.BinOp(left, node.op, right)
        return ast.UnaryOp(ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), left), ast.FloorDiv(), right))


def names_of(dim: object) -> tuple[str, ...]:
    """The names that the dimension `dim` is made of, in order of occurrence."""
    return () if isinstance(dim, int) else _names(str(dim))


@lru_cache(maxsize=4096)
def _names(dim: str) -> tuple[str, ...]:
    if is_name(dim):
        return (dim,)
    tree = _parsed(dim)
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]  # max and min
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in called]
    nodes.sort(key=lambda node: node.col_offset)
    return tuple(dict.fromkeys(decoded(node.id) for node in nodes))


class Dims:
    """Gives the index value of any dimension whose names are bound, and emits its computation once per region.

    A dimension is an `int`, or anything whose text is a name or an expression of names with + - * floordiv mod max()
    min(). `find`, where given, is asked for a name that is not bound and returns its value, or None.
    """

    def __init__(self, em: Emitter, find: Callable[[str], Any] | None = None) -> None:
        self._em = em
        self._find = find
        self._values: dict[str, Any] = {}

    def bind(self, name: str, value: Any) -> None:
        """Let the dimension written `name` be the index `value` from here on."""
        self._values[name] = value

    def unbound(self, dim: object) -> bool:
        """Whether `dim` is a name without a value. What `find` can give has one."""
        text = str(dim)
        if isinstance(dim, int) or not is_name(text) or text in self._values:
            return False
        found = self._find(text) if self._find is not None else None
        if found is not None:
            self._values[text] = found
        return found is None

    @contextmanager
    def scope(self) -> Iterator[None]:
        """What is bound or computed within the `with` is forgotten after it: for the inside of a region."""
        before = self._values
        self._values = dict(before)
        try:
            yield
        finally:
            self._values = before

    def value(self, dim: object) -> Any:
        """The index value of `dim`. Raises `LookupError`, naming it, where a name is not bound."""
        text = str(dim)
        found = self._values.get(text)
        if found is None:
            found = self._values[text] = self._computed(dim, text)
        return found

    def _computed(self, dim: object, text: str) -> Any:
        if isinstance(dim, int):
            return self._em.value("arith.constant", "index", (), {"value": self._em.integer(dim, "index")})
        if not is_name(text):
            return self._expression(_parsed(text))
        found = self._find(text) if self._find is not None else None
        if found is None:
            raise LookupError(f"dimension '{text}' is used before an input or an operation has bound it")
        return found

    def _expression(self, node: ast.expr) -> Any:
        em = self._em
        if isinstance(node, ast.Constant):
            return self.value(int(str(node.value)))
        if isinstance(node, ast.Name):
            return self.value(decoded(node.id))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return em.value("arith.subi", "index", [self.value(0), self._expression(node.operand)])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("max", "min"):
            values = [self._expression(argument) for argument in node.args]
            result = values[0]
            for value in values[1:]:
                result = em.value(f"arith.{node.func.id}si", "index", [result, value])
            return result
        if isinstance(node, ast.BinOp):
            left, right = self._expression(node.left), self._expression(node.right)
            if type(node.op) in _OPERATIONS:
                return em.value(_OPERATIONS[type(node.op)], "index", [left, right])
            if isinstance(node.op, ast.Mod):
                quotient = em.value("arith.floordivsi", "index", [left, right])
                return em.value("arith.subi", "index", [left, em.value("arith.muli", "index", [quotient, right])])
        raise LookupError(f"expected {_GRAMMAR}, found '{ast.unparse(node)}'")
