# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The body of a nest on vectors: all elements at once that are neighbours along one loop."""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import ZERO, Access, Nest, Seen, storage_type
from mograph.targets.cpu.partial import element_bits


class VectorBody:
    """Makes the operations of a nest's body on vectors of `width` elements along the loop `along`, on scalars where
    that is 1. A sum of a product and something becomes one operation where `fused` says that the machine has it.
    """

    def __init__(self, b: Builder, nest: Nest, seen: Seen, along: int, fused: bool) -> None:
        self.b, self.nest, self.seen, self.along = b, nest, seen, along
        self.products: dict[ir.Value, ir.Operation] = {}
        if fused:
            products = {op.results[0]: op for op in nest.body_ops if op.name == "arith.mulf"}
            for op in nest.body_ops:
                if op.name == "arith.addf" and op.operands[0] != op.operands[1]:
                    product = next((products[v] for v in op.operands if v in products), None)
                    if product is not None:
                        self.products[op.results[0]] = product
        taken = {product.results[0] for product in self.products.values()}
        self.only_added = {
            value
            for value in taken
            if all(
                op.results and op.results[0] in self.products and self.products[op.results[0]].results[0] == value
                for op in nest.body_ops
                if value in list(op.operands)
            )
        }

    def apply(
        self, arguments: Mapping[int, ir.Value], indices: Mapping[int, Int], width: int, lanes: ir.Value | None = None
    ) -> list[ir.Value]:
        """The results for operands given by number, at the index of each loop; those that are scalars stand for all
        elements. Only `lanes` of the vectors exist, where that mask is given.

        What depends on scalars alone is computed of scalars.
        """
        b = self.b
        values = {self.nest.body.arguments[k]: value for k, value in arguments.items()}
        vectors: dict[ir.Value, ir.Value] = {}

        def scalar_or_vector(value: ir.Value) -> ir.Value:
            if value not in values:
                outer = self.seen.captured[value]
                values[value] = b.constant(value.type, outer) if isinstance(outer, ir.Attribute) else outer
            return values[value]

        def vector(value: ir.Value) -> ir.Value:
            if value not in vectors:
                vectors[value] = spread(b, scalar_or_vector(value), width)
            return vectors[value]

        for op in self.nest.body_ops[:-1]:
            if op.name == "linalg.index":
                values[op.results[0]] = self._index(ir.IntegerAttr(op.attributes["dim"]).value, indices, width)
                continue
            if op.name == "arith.constant":
                values[op.results[0]] = b.constant(op.results[0].type, op.attributes["value"])
                continue
            if op.name == "memref.load":
                values[op.results[0]] = self._load(
                    op, [scalar_or_vector(v) for v in op.operands], indices, width, lanes
                )
                continue
            product, given = self.products.get(op.results[0]), list(op.operands)
            if op.results[0] in self.only_added:
                continue
            if product is not None:
                given = [*product.operands, next(value for value in given if value != product.results[0])]
            wide = any(isinstance(scalar_or_vector(value).type, ir.VectorType) for value in given)
            found = [vector(value) if wide else scalar_or_vector(value) for value in given]
            if product is not None:
                values[op.results[0]] = b.one("math.fma", found[2].type, *found)
                continue
            clone = op.clone(ip=b.at)
            for number, operand in enumerate(found):
                clone.operands[number] = operand
            for result in clone.results:
                result.set_type(vector_of(result.type, width) if wide else result.type)
            values.update(zip(op.results, clone.results, strict=True))
        return [vector(value) for value in self.nest.yielded]

    def _index(self, dim: int, indices: Mapping[int, Int], width: int) -> ir.Value:
        value = self._first(dim, indices)
        if width == 1 or dim != self.nest.loops[self.along].dim:
            return value
        value = spread(self.b, value, width)
        return self.b.one("arith.addi", value.type, value, self.b.one("vector.step", value.type))

    def _first(self, dim: int, indices: Mapping[int, Int]) -> ir.Value:
        """The number of a loop; of the loop of the vectors that of the first of their elements."""
        b = self.b
        loop = next((i for i, loop in enumerate(self.nest.loops) if loop.dim == dim), None)
        number = b.add(self.seen.origins.get(dim, 0), 0 if loop is None else indices[loop])
        return b.one("arith.index_cast", b.index, b.value(number))

    def _load(
        self,
        op: ir.Operation,
        operands: Sequence[ir.Value],
        indices: Mapping[int, Int],
        width: int,
        lanes: ir.Value | None,
    ) -> ir.Value:
        """An element, or where its last index is the vectors' loop as many neighbours."""
        b, (memref, *places) = self.b, operands
        if not any(isinstance(place.type, ir.VectorType) for place in places):
            return b.one("memref.load", op.results[0].type, memref, *places)
        first = self._first(self.nest.loops[self.along].dim or 0, indices)
        type_ = vector_of(op.results[0].type, width)
        if lanes is None:
            return b.one("vector.load", type_, memref, *places[:-1], first)
        return b.one("vector.maskedload", type_, memref, *places[:-1], first, lanes, b.number(type_, 0))


def loads_rows(nest: Nest, along: int) -> bool:
    """Whether what the body loads is the same for all elements along a loop, or as many neighbours in memory."""
    dim, moving, last = nest.loops[along].dim, set[ir.Value](), set[ir.Value]()
    for argument, access in zip(nest.body.arguments, nest.accesses, strict=True):
        if isinstance(access, Access) and access.strides[along] != ZERO:
            moving.add(argument)
    for op in nest.body_ops[:-1]:
        if op.name == "linalg.index":
            if ir.IntegerAttr(op.attributes["dim"]).value == dim:
                last.add(op.results[0])
                moving.add(op.results[0])
            continue
        operands = list(op.operands)
        if op.name == "memref.load":
            type_ = ir.MemRefType(operands[0].type)
            *outer, inner = operands[1:] if len(operands) > 1 else [operands[0]]
            if any(place in moving for place in outer):
                return False
            if inner in moving:
                element = type_.element_type
                plain = storage_type(element) == element and type_.get_strides_and_offset()[0][-1] == 1
                if inner not in last or not plain:
                    return False
                moving.add(op.results[0])
        elif any(operand in moving for operand in operands):
            moving.update(op.results)
    return True


def vector_of(element: ir.Type, width: int) -> ir.Type:
    """A vector of so many elements, where 1 is the element itself."""
    return ir.VectorType.get([width], element) if width > 1 else element


def spread(b: Builder, value: ir.Value, width: int) -> ir.Value:
    """A vector full of a scalar."""
    if width == 1 or isinstance(value.type, ir.VectorType):
        return value
    return b.one("vector.broadcast", ir.VectorType.get([width], value.type), value)


def from_storage(b: Builder, value: ir.Value, element: ir.Type) -> ir.Value:
    """What was loaded, as the elements that the body computes with."""
    return _converted(b, value, element, "arith.trunci", element)


def to_storage(b: Builder, value: ir.Value, element: ir.Type) -> ir.Value:
    """What the body computed, as it is stored."""
    return _converted(b, value, storage_type(element), "arith.extui", element)


def _converted(b: Builder, value: ir.Value, wanted: ir.Type, boolean: str, element: ir.Type) -> ir.Value:
    shape: Sequence[int] = value.type.shape if isinstance(value.type, ir.VectorType) else ()
    old = value.type.element_type if shape else value.type
    if old == wanted:
        return value
    if element_bits(element) == 1:
        name = boolean
    else:
        name = "arith.index_cast" if isinstance(element, ir.IndexType) else "arith.bitcast"
    return b.one(name, ir.VectorType.get(shape, wanted) if shape else wanted, value)
