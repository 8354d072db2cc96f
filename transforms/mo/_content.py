# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a graph does, as a key: equal for graphs that differ in names and locations only."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim
from mograph.transforms.mo._names import Extents, names_in, substituted
from mograph.transforms.mo._walking import block_of

__all__ = ["Reader", "content"]

_NAMES = ("sym_name", "sym_visibility", "function_type", "arg_attrs", "res_attrs")
NAME = "mo.name"


def content(graph: Any, instead: Mapping[str, str]) -> Hashable:
    """The key of a graph; `instead` are graphs that others stand for."""
    reader = Reader(instead)
    attributes = {each: graph.operation.attributes[each] for each in graph.operation.attributes if each not in _NAMES}
    unnamed = [_without_name(given) for given in (graph.arg_attrs, graph.res_attrs)]
    return reader.attributes(attributes), *unnamed, reader.block(block_of(graph.body))


def _without_name(given: Iterable[Any] | None) -> Hashable:
    kept = [{each.name: each.attr for each in ir.DictAttr(one) if each.name != NAME} for one in given or ()]
    return tuple(tuple(each.items()) for each in kept) if any(kept) else ()


class Reader:
    """Reads operations as keys; values and names of dimensions are numbered as they are met."""

    def __init__(self, instead: Mapping[str, str]) -> None:
        self._instead = instead
        self._values: dict[Any, int] = {}
        self._names: Extents = {}
        self._types: dict[Any, Any] = {}

    def block(self, block: Any) -> Hashable:
        """The key of a block."""
        arguments = tuple(self.new(argument) for argument in block.arguments)
        return arguments, tuple(self.op(op) for op in block.operations)

    def op(self, op: Any) -> Hashable:
        """The key of an operation."""
        operation = op.operation
        return (
            operation.name,
            tuple(map(self.number, operation.operands)),
            self.attributes(operation.attributes),
            tuple(tuple(map(self.block, region.blocks)) for region in operation.regions),
            tuple(self.new(result) for result in operation.results),
        )

    def attributes(self, attributes: Any) -> Hashable:
        """The key of attributes."""
        return tuple((name, self._attribute(attribute)) for name, attribute in attributes.items())

    def new(self, value: Any) -> Hashable:
        """Number a value; the key of its type."""
        self._values[value] = len(self._values)
        return self.type(value.type)

    def number(self, value: Any) -> int:
        """The number of a value, -1 for one from elsewhere."""
        return self._values.get(value, -1)

    def type(self, type_: Any) -> Hashable:
        """The key of a type: the type in numbered names."""
        if type_ not in self._types:
            for name in names_in(type_):
                self._names.setdefault(name, Dim(f"d{len(self._names)}"))
            self._types[type_] = substituted(type_, self._names)
        found: Hashable = self._types[type_]
        return found

    def _attribute(self, attribute: Any) -> Hashable:
        found: Hashable = attribute
        if isinstance(attribute, ir.FlatSymbolRefAttr):
            found = self._instead.get(attribute.value, attribute.value)
        return found
