# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the graphs of one module share: the context, and what was made in it once and is needed again."""

import operator
from typing import Any

from mlir import ir

from mograph import _native
from mograph.dialects.kit import new_context, wrap_type
from mograph.dialects.kit.constraints import Constraint
from mograph.dialects.kit.values import to_attribute
from mograph.dialects.mo import TensorType
from mograph.graph.types import Extent

__all__ = ["Program"]

_PLAIN = (bool, int, float, str, tuple)
"""Types of values whose text tells them apart."""


class Program:
    """A module that graphs are built in."""

    def __init__(self, module: ir.Module | None = None) -> None:
        if module is None:
            module = ir.Module.create(ir.Location.unknown(context=new_context()))
        self.module = module
        self.context: ir.Context = module.context
        self.dialects: set[str] = set()
        """The dialects that operations can be built of."""
        self.load("mo")
        self.bodies: dict[str, str] = {}
        """Names of subgraphs by their text without the name: equal ones are one."""
        self.traced: dict[Any, Any] = {}
        """Subgraphs by the function that they came from, and what it was called with."""
        self.numbers: dict[Any, tuple[ir.Type, ir.Attribute]] = {}
        """Types and values of constants, by the number and the tensor that it is an operand with."""
        self._types: dict[Any, TensorType] = {}
        self._wrapped: dict[ir.Type, Any] = {}
        self._attributes: dict[Any, ir.Attribute] = {}

    def load(self, dialect: str) -> None:
        """Loads a dialect. Raises ValueError when the module's context does not know it."""
        if not _native.load_dialect(self.context, dialect):
            raise ValueError(f"the module's context does not know the dialect '{dialect}'; make one by kit.new_context")
        self.dialects.add(dialect)

    def tensor_type(self, shape: tuple[Extent, ...], dtype: str, device: str) -> TensorType:
        """The type `!mo.tensor` of these parameters."""
        key = (shape, dtype, device)
        if key not in self._types:
            with self.context:
                self._types[key] = TensorType.get(shape, dtype, device)
        return self._types[key]

    def wrapped(self, type_: ir.Type) -> Any:
        """A type as the class that declares it."""
        found = self._wrapped.get(type_)
        if found is None:
            found = self._wrapped[type_] = wrap_type(type_)
        return found

    def attribute(self, constraint: Constraint, value: Any) -> ir.Attribute:
        """The attribute for a Python value. Raises TypeError or ValueError for a value that is none."""
        if isinstance(value, ir.Attribute):
            return value
        if constraint.kind == "enum" and value not in constraint.names:
            raise ValueError(f"expected one of {', '.join(constraint.names)}, found {value!r}")
        kind = getattr(constraint, "python", "")
        if kind == "int" and not isinstance(value, bool):
            value = operator.index(value)
        elif kind == "array":
            value = (value,) if isinstance(value, int) else tuple(value)
        elif kind == "tuple":
            value = tuple(value)
        key = (id(constraint), repr(value))  # not the value itself: 1, True and 1.0 are equal, and so are 0.0 and -0.0
        found = self._attributes.get(key) if type(value) in _PLAIN else None
        if found is None:
            with self.context:
                found = self._attributes[key] = to_attribute(constraint, value)
        return found

    def symbols(self) -> set[str]:
        """The names that graphs have."""
        return {op.attributes["sym_name"].value for op in self.module.body.operations if "sym_name" in op.attributes}

    def graph(self, name: str) -> ir.Operation | None:
        """The operation of a graph, by its name."""
        for op in self.module.body.operations:
            if op.operation.name == "mo.graph" and op.attributes["sym_name"].value == name:
                return op.operation
        return None

    def fresh(self, name: str) -> str:
        """A name that no graph has: `name`, or it with a number."""
        taken, number, candidate = self.symbols(), 0, name
        while candidate in taken:
            number += 1
            candidate = f"{name}_{number}"
        return candidate
