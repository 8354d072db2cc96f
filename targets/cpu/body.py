# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The body of a nest on vectors: all elements at once that are neighbours along one loop."""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import Nest, Seen, storage_type
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

    def apply(self, arguments: Mapping[int, ir.Value], indices: Mapping[int, Int], width: int) -> list[ir.Value]:
        """The results for operands given by number, at the index of each loop; those that are scalars stand for all
        elements.
        """
        b = self.b
        values = {self.nest.body.arguments[k]: value for k, value in arguments.items()}
        for op in self.nest.body_ops[:-1]:
            if op.name == "linalg.index":
                values[op.results[0]] = self._index(ir.IntegerAttr(op.attributes["dim"]).value, indices, width)
                continue
            if op.name == "arith.constant":
                values[op.results[0]] = b.constant(vector_of(op.results[0].type, width), op.attributes["value"])
                continue
            operands = list(op.operands)
            product = self.products.get(op.results[0])
            if product is not None:
                factors = [self._find(value, values, width) for value in product.operands]
                other = next(value for value in operands if value != product.results[0])
                total = self._find(other, values, width)
                values[op.results[0]] = b.one("math.fma", total.type, *factors, total)
            elif op.results[0] not in self.only_added:
                found = [self._find(value, values, width) for value in operands]
                clone = op.clone(ip=b.at)
                for number, operand in enumerate(found):
                    clone.operands[number] = operand
                for result in clone.results:
                    result.set_type(vector_of(result.type, width))
                values.update(zip(op.results, clone.results, strict=True))
        return [self._find(value, values, width) for value in self.nest.yielded]

    def _find(self, value: ir.Value, values: dict[ir.Value, ir.Value], width: int) -> ir.Value:
        if value not in values:
            outer = self.seen.captured[value]
            if isinstance(outer, ir.Attribute):
                return self.b.constant(vector_of(value.type, width), outer)
            values[value] = outer
        values[value] = spread(self.b, values[value], width)
        return values[value]

    def _index(self, dim: int, indices: Mapping[int, Int], width: int) -> ir.Value:
        b = self.b
        loop = next((i for i, loop in enumerate(self.nest.loops) if loop.dim == dim), None)
        number = b.add(self.seen.origins.get(dim, 0), 0 if loop is None else indices[loop])
        value = spread(b, b.one("arith.index_cast", b.index, b.value(number)), width)
        if loop != self.along or width == 1:
            return value
        return b.one("arith.addi", value.type, value, b.one("vector.step", value.type))


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
