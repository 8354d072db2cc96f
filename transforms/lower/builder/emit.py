# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The emitter: creates upstream operations, one call each, at the current place and source location.

Operations are created by name. The generated classes of `mlir.dialects` would cost 20 to 80 ms to import, and text six
times more to parse than these calls take. Types and attributes that recur are made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import mlir.ir as ir

from mograph.transforms.lower.builder.dtype import DType

__all__ = ["DYNAMIC", "Emitter", "IndexMap", "Sum"]

DYNAMIC = ir.ShapedType.get_dynamic_size()
"""The extent that upstream's types and static attributes write for one known at run time only."""

Sum = tuple[tuple[int, int], ...]
"""The sum of some loops' indices, each times a factor: the pairs (loop, factor)."""

IndexMap = tuple["int | Sum | None", ...]
"""A tensor's place in a loop nest: for each of its dimensions the loop that walks it, a sum of several as of windows
that slide, or None where it stays at 0."""


Declare = Callable[[str, Sequence[Any], dict[str, Any]], str]
"""Declares a function like this name, of values of these types, with attributes; returns its symbol."""


class Emitter:
    """Creates operations at `place`, with `location`; both are free to be set. Not to be shared between threads."""

    def __init__(self, place: Any, location: Any) -> None:
        self.place: Any = place
        """The `ir.InsertionPoint` of what comes next."""
        self.location: Any = location
        """The `ir.Location` of what comes next."""
        self.context: Any = location.context
        self.declare: Declare | None = None
        """Declares a function that the target supplies; set where there is a module for it."""
        self._unknown = ir.Location.unknown(context=self.context)
        self._types: dict[str, Any] = {}
        self._tensors: dict[tuple[tuple[int, ...], str], Any] = {}
        self._attributes: dict[Any, Any] = {}

    def create(
        self,
        name: str,
        results: Sequence[Any] = (),
        operands: Sequence[Any] = (),
        attributes: dict[str, Any] | None = None,
        regions: int = 0,
    ) -> Any:
        """Create the operation `name` with results of these types; returns the `ir.Operation`."""
        return ir.Operation.create(
            name,
            results=results,
            operands=operands,
            attributes=attributes,
            regions=regions,
            loc=self.location,
            ip=self.place,
        )

    def value(
        self, name: str, result: Any, operands: Sequence[Any] = (), attributes: dict[str, Any] | None = None
    ) -> Any:
        """Create an operation with one result, of type `result` (an `ir.Type` or its text), and return the value."""
        if isinstance(result, str):
            result = self.type(result)
        return ir.Operation.create(
            name, results=(result,), operands=operands, attributes=attributes, loc=self.location, ip=self.place
        ).result

    @contextmanager
    def inside(self, block: Any) -> Iterator[None]:
        """Within the `with`, operations go to the end of `block`."""
        before = self.place
        self.place = ir.InsertionPoint(block)
        try:
            yield
        finally:
            self.place = before

    def block(self, region: Any, types: Sequence[Any]) -> Any:
        """Append a block with arguments of `types` to `region`."""
        return region.blocks.append(*types, arg_locs=[self.location] * len(types))

    # Types and attributes.

    def type(self, text: str) -> Any:
        """The builtin type written `text`."""
        found = self._types.get(text)
        if found is None:
            found = self._types[text] = ir.Type.parse(text, context=self.context)
        return found

    def tensor_type(self, shape: Sequence[object], dtype: DType) -> Any:
        """The builtin tensor type of `shape`, where any dimension that is no `int` is dynamic."""
        key = (tuple(dim if isinstance(dim, int) else DYNAMIC for dim in shape), dtype.storage)
        found = self._tensors.get(key)
        if found is None:
            found = ir.RankedTensorType.get(list(key[0]), self.type(key[1]), loc=self._unknown)
            self._tensors[key] = found
        return found

    def attribute(self, text: str) -> Any:
        """The attribute written `text`."""
        found = self._attributes.get(text)
        if found is None:
            found = self._attributes[text] = ir.Attribute.parse(text, context=self.context)
        return found

    def integer(self, value: int, type_: str = "i64") -> Any:
        """An integer attribute; `value` may be given signed or unsigned."""
        key = (value, type_)
        found = self._attributes.get(key)
        if found is None:
            signed = value
            if type_ not in ("index", "i1"):
                bits = int(type_[1:])
                signed = (value + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))
            found = self._attributes[key] = ir.IntegerAttr.get(self.type(type_), signed)
        return found

    def float_(self, value: float, type_: str) -> Any:
        """A float attribute."""
        return ir.FloatAttr.get(self.type(type_), value, loc=self._unknown)

    def string(self, value: str) -> Any:
        """A string attribute."""
        return ir.StringAttr.get(value, context=self.context)

    def symbol(self, name: str) -> Any:
        """A reference to the symbol `name`."""
        return ir.FlatSymbolRefAttr.get(name, context=self.context)

    def i64s(self, values: Sequence[int]) -> Any:
        """An `array<i64: …>`."""
        return ir.DenseI64ArrayAttr.get(list(values), context=self.context)

    def segments(self, *sizes: int) -> Any:
        """The `operandSegmentSizes` of an operation with variadic operands."""
        key = ("segments", *sizes)
        found = self._attributes.get(key)
        if found is None:
            found = self._attributes[key] = ir.DenseI32ArrayAttr.get(list(sizes), context=self.context)
        return found

    def reassociation(self, groups: Sequence[Sequence[int]]) -> Any:
        """The groups of dimensions that a collapse or an expansion maps to one."""
        return self.attribute("[" + ", ".join(f"[{', '.join(f'{i} : i64' for i in group)}]" for group in groups) + "]")

    def indexing_maps(self, loops: int, maps: Sequence[IndexMap]) -> Any:
        """The maps of a linalg operation over `loops` loops."""
        key = ("maps", loops, *maps)
        found = self._attributes.get(key)
        if found is None:
            found = ir.ArrayAttr.get([self._indexing_map(loops, map_) for map_ in maps], context=self.context)
            self._attributes[key] = found
        return found

    def _indexing_map(self, loops: int, map_: IndexMap) -> Any:
        results = [self._affine(((loop, 1),) if isinstance(loop, int) else loop or ()) for loop in map_]
        return ir.AffineMapAttr.get(ir.AffineMap.get(loops, 0, results, context=self.context))

    def _affine(self, terms: Sum) -> Any:
        products = [ir.AffineExpr.get_dim(loop, context=self.context) * factor for loop, factor in terms]
        return sum(products[1:], products[0]) if products else ir.AffineExpr.get_constant(0, context=self.context)

    def iterator_types(self, kinds: Sequence[str]) -> Any:
        """The kinds, `parallel` or `reduction`, of the loops of a linalg operation."""
        return self.attribute("[" + ", ".join(f"#linalg.iterator_type<{kind}>" for kind in kinds) + "]")
