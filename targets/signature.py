# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Signatures of compiled functions, as plain data.

A dimension is an extent, or the text of an integer expression of names: `"n"`, `"n * 2 + 1"`, `"max(n, 4)"`; operators
`+ - * // %`, functions `max` and `min`. A name is bound by the first input that has it as a whole dimension.
"""

import ast
from collections.abc import Iterator, Mapping

from mograph._records import record
from mograph.transforms.extent_names import decoded, encoded

DimLike = int | str

# Numbers of the operations of a compiled expression, shared with native/runtime/dims.hpp.
CONSTANT, NAME, ADD, SUBTRACT, MULTIPLY, FLOOR_DIVIDE, MODULO, MAXIMUM, MINIMUM = range(9)
_BINARY: dict[type[ast.operator], int] = {
    ast.Add: ADD,
    ast.Sub: SUBTRACT,
    ast.Mult: MULTIPLY,
    ast.FloorDiv: FLOOR_DIVIDE,
    ast.Mod: MODULO,
}
_CALLS = {"max": MAXIMUM, "min": MINIMUM}

# The type names of tensors whose elements compiled code sees as bytes, with the numpy type of each.
_BYTES = {
    "f8E4M3FNUZ": "float8_e4m3fnuz",
    "f8E5M2FNUZ": "float8_e5m2fnuz",
    "f8E8M0FNU": "float8_e8m0fnu",
    "f4E2M1FN": "float4_e2m1fn",
    "si4": "int4",
    "ui4": "uint4",
    "si2": "int2",
    "ui2": "uint2",
}

# The type names of tensors, with the numpy type of each and how the runtime reads it (see native/runtime/arrays.hpp).
_NUMPY: dict[str, tuple[str, str]] = {
    "bool": ("bool", "b"),
    "i1": ("bool", "b"),
    **{f"si{bits}": (f"int{bits}", "i") for bits in (8, 16, 32, 64)},
    **{f"ui{bits}": (f"uint{bits}", "u") for bits in (8, 16, 32, 64)},
    **{f"f{bits}": (f"float{bits}", "f") for bits in (16, 32, 64)},
    "bf16": ("bfloat16", "V"),
    "f8E4M3FN": ("float8_e4m3fn", "V"),
    "f8E5M2": ("float8_e5m2", "V"),
    **{name: (numpy_type, "V") for name, numpy_type in _BYTES.items()},
}


@record
class Arg:
    """An input, weight or output: its name, type (`f32`, `si64`, `bool`, `bf16`, …), dimensions and device.

    An input that is `mutable` is a buffer: an array that a call writes to.
    """

    name: str
    dtype: str
    dims: tuple[DimLike, ...]
    device: str = "cpu"
    mutable: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {'mutable ' if self.mutable else ''}{self.dtype}[{', '.join(map(str, self.dims))}]"


@record
class Signature:
    """What a compiled function takes and returns. Weights are bound once; calls pass the inputs only."""

    name: str
    inputs: tuple[Arg, ...]
    weights: tuple[Arg, ...] = ()
    outputs: tuple[Arg, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.inputs))}) -> {', '.join(map(str, self.outputs)) or 'nothing'}"


def numpy_name(dtype: str) -> str:
    """The name of the numpy (or ml_dtypes) type. Raises ValueError for an unknown type."""
    return _known(dtype)[0]


def kind_of(dtype: str) -> str:
    """How the runtime reads elements of the type."""
    return _known(dtype)[1]


def element_type(dtype: str) -> str:
    """The builtin type of elements of the type in compiled code, `i32` for `si32`."""
    if dtype in _BYTES:
        return "i8"
    return "i1" if dtype == "bool" else dtype[1:] if dtype[:2] in ("si", "ui") else dtype


def _known(dtype: str) -> tuple[str, str]:
    if dtype not in _NUMPY:
        raise ValueError(f"unknown element type {dtype!r}, expected one of {', '.join(_NUMPY)}")
    return _NUMPY[dtype]


class Expression:
    """An expression of names, compiled to postfix order: pairs of an operation and its argument (a constant, or the
    number of a name).
    """

    def __init__(self, text: str, names: dict[str, int]) -> None:
        """Parses `text`; new names get the next numbers in `names`. Raises ValueError for anything else than integer
        arithmetic.
        """
        self.text = text
        self._names = names
        try:
            tree = ast.parse(encoded(text), mode="eval").body
        except SyntaxError:
            raise ValueError(f"{text!r} is not an expression of dimension names") from None
        self.code = tuple(self._compile(tree))

    def _compile(self, node: ast.expr) -> Iterator[tuple[int, int]]:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield CONSTANT, node.value
        elif isinstance(node, ast.Name):
            yield NAME, self._names.setdefault(decoded(node.id), len(self._names))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield CONSTANT, 0
            yield from self._compile(node.operand)
            yield SUBTRACT, 0
        elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            yield from self._compile(node.left)
            yield from self._compile(node.right)
            yield _BINARY[type(node.op)], 0
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _CALLS
            and node.args
            and not node.keywords
        ):
            yield from self._compile(node.args[0])
            for argument in node.args[1:]:
                yield from self._compile(argument)
                yield _CALLS[node.func.id], 0
        else:
            raise ValueError(
                f"{self.text!r} is not an expression of dimension names: {ast.unparse(node)!r} is not understood"
            )

    @property
    def is_name(self) -> bool:
        """Whether the expression is a bare name, which an input binds."""
        return len(self.code) == 1 and self.code[0][0] == NAME

    def value(self, values: Mapping[int, int]) -> int | None:
        """The value, given those of the names by number; None when one is missing or a divisor is zero."""
        stack: list[int] = []
        for operation, argument in self.code:
            if operation == CONSTANT:
                stack.append(argument)
                continue
            if operation == NAME:
                if argument not in values:
                    return None
                stack.append(values[argument])
                continue
            right, left = stack.pop(), stack.pop()
            if operation in (FLOOR_DIVIDE, MODULO) and right == 0:
                return None
            stack.append(_apply(operation, left, right))
        return stack[0]


def _apply(operation: int, left: int, right: int) -> int:
    if operation == ADD:
        return left + right
    if operation == SUBTRACT:
        return left - right
    if operation == MULTIPLY:
        return left * right
    if operation == FLOOR_DIVIDE:
        return left // right
    if operation == MODULO:
        return left % right
    return max(left, right) if operation == MAXIMUM else min(left, right)
