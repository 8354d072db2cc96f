# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Copies of operations in another graph or another trip: with other values, other extents, prefixed weights."""

from collections.abc import Callable
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim
from mograph.transforms.mo._names import Extents, named, names_in, substituted
from mograph.transforms.mo._walking import nested, terminator, values_in

__all__ = ["Copier"]

EXTERNAL, CALL = "mo.constant.external", "mo.call"


class Copier:
    """Copies operations.

    `values` are what outer values are replaced by; results of what was copied join them. `extents` are what names of
    dimensions stand for at the new place; a name that is bound by what is copied, and not among them, becomes one that
    `fresh` gives. `prefix` goes before the names of weights. `located` makes the location of a copy from the old one.
    """

    def __init__(
        self,
        values: dict[Any, Any],
        extents: Extents,
        fresh: Callable[[str], Dim],
        prefix: str = "",
        located: Callable[[Any], Any] = lambda location: location,
    ) -> None:
        self.values = values
        self.extents = extents
        self._fresh = fresh
        self._prefix = prefix
        self._located = located
        self._types: dict[Any, Any] = {}

    def body(self, block: Any, place: Any) -> list[Any]:
        """Copy the operations of a block but its terminator; gives what its terminator takes, as it is there."""
        last = terminator(block)
        for op in block.operations:
            if op != last:
                self.op(op, place)
        return [self.value(operand) for operand in last.operation.operands]

    def value(self, value: Any) -> Any:
        """What stands for a value at the new place."""
        return self.values.get(value, value)

    def op(self, op: Any, place: Any) -> Any:
        """Copy one operation, with its regions."""
        copy = op.operation.clone(ip=place)
        self._rename(copy)
        for each in nested([copy]):
            self._rewire(each.operation)
        self.values.update(zip(op.operation.results, copy.results, strict=True))
        return copy

    def _rename(self, copy: Any) -> None:
        values = [*copy.results, *values_in(copy)]
        for name in sorted({name for value in values for name in named(value.type)} - set(self.extents)):
            self.extents[name] = self._fresh(name)
        if self.extents:
            for value in values:
                if names_in(value.type):
                    value.set_type(self._type(value.type))

    def _type(self, type_: Any) -> Any:
        if type_ not in self._types:
            self._types[type_] = substituted(type_, self.extents)
        return self._types[type_]

    def _rewire(self, op: Any) -> None:
        for index, operand in enumerate(op.operands):
            if operand in self.values:
                op.operands[index] = self.values[operand]
        op.location = self._located(op.location)
        if self._prefix and op.name in (EXTERNAL, CALL):
            field = "weight" if op.name == EXTERNAL else "prefix"
            old = ir.StringAttr(op.attributes[field]).value if field in op.attributes else ""
            op.attributes[field] = ir.StringAttr.get(self._prefix + old, context=op.context)
