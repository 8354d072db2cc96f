# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The body of a product in three parts: what is done to an element of A, to one of B, and to the two and the sum."""

from collections.abc import Iterable, Mapping, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.nest import Nest, storage_type


@record
class Factor:
    """How elements of an operand get into the product: the operations on one, and the value that comes out."""

    argument: ir.Value
    ops: tuple[ir.Operation, ...]
    value: ir.Value


@record
class Body:
    """The parts of a product's body. `core` computes `result` from the values of both factors and the sum so far;
    `constants` are those in the body.
    """

    left: Factor
    right: Factor
    total: ir.Value
    core: tuple[ir.Operation, ...]
    result: ir.Value
    constants: Mapping[ir.Value, ir.Attribute]

    def fused(self, op: ir.Operation) -> ir.Operation | None:
        """The multiplication whose result `op` adds to something else, where that can be one instruction."""
        if op.name != "arith.addf" or op.operands[0] == op.operands[1]:
            return None
        operands = list(op.operands)
        return next((each for each in self.core if each.name == "arith.mulf" and each.results[0] in operands), None)


def split(nest: Nest, a: int, b: int, c: int) -> Body | None:
    """The parts, where operands `a` and `b` are the factors and `c` is the sum; None when a factor comes in by more
    than one value, or one that is not stored as it is.
    """
    arguments = list(nest.body.arguments)
    depends: dict[ir.Value, frozenset[int]] = {argument: frozenset({i}) for i, argument in enumerate(arguments)}
    constants: dict[ir.Value, ir.Attribute] = {}
    own: dict[int, list[ir.Operation]] = {a: [], b: []}
    core: list[ir.Operation] = []
    for op in nest.body_ops[:-1]:
        if op.name == "arith.constant":
            constants[op.results[0]] = op.attributes["value"]
            continue
        uses = frozenset().union(*(depends.get(operand, frozenset()) for operand in op.operands))
        for result in op.results:
            depends[result] = uses
        if len(op.results) == 1 and uses in ({a}, {b}):
            own[next(iter(uses))].append(op)
        else:
            core.append(op)
    factors = []
    for k in (a, b):
        values = {v for op in core for v in op.operands if depends.get(v) == frozenset({k})}
        if len(values) != 1:
            return None
        value = values.pop()
        if storage_type(value.type) != value.type:
            return None
        factors.append(Factor(arguments[k], tuple(own[k]), value))
    result = nest.yielded[0]
    if result not in {each for op in core for each in op.results}:
        return None
    return Body(factors[0], factors[1], arguments[c], tuple(core), result, constants)


class Emitter:
    """Makes the operations of bodies on vectors of `width` elements, on scalars where that is 1."""

    def __init__(
        self, b: Builder, body: Body, captured: Mapping[ir.Value, ir.Value | ir.Attribute], fused: bool
    ) -> None:
        self.b, self.body, self.captured, self.can_fuse = b, body, captured, fused

    def factor(self, factor: Factor, stored: ir.Value) -> ir.Value:
        """The value of a factor, given what is in memory."""
        element = factor.argument.type
        shape = stored.type.shape if isinstance(stored.type, ir.VectorType) else None
        value = stored
        if storage_type(element) != element:
            value = self.b.one("arith.bitcast", _of(element, shape), stored)
        values = {factor.argument: value}
        self._clone(factor.ops, values, shape)
        return values[factor.value]

    def combine(self, left: ir.Value, right: ir.Value, total: ir.Value) -> ir.Value:
        """The sum with one more term: all three are vectors, or scalars."""
        body = self.body
        values = {body.left.value: left, body.right.value: right, body.total: total}
        self._clone(body.core, values, total.type.shape if isinstance(total.type, ir.VectorType) else None)
        return values[body.result]

    def _clone(
        self, ops: Iterable[ir.Operation], values: dict[ir.Value, ir.Value], shape: Sequence[int] | None
    ) -> None:
        for op in ops:
            product = self.body.fused(op) if self.can_fuse else None
            if product is not None:
                factors = [self._find(value, values, shape) for value in product.operands]
                other = next(value for value in op.operands if value != product.results[0])
                total = self._find(other, values, shape)
                values[op.results[0]] = self.b.one("math.fma", total.type, *factors, total)
                continue
            if self.can_fuse and self._only_fused(op):
                continue
            operands = [self._find(operand, values, shape) for operand in op.operands]
            clone = op.clone(ip=self.b.at)
            for number, operand in enumerate(operands):
                clone.operands[number] = operand
            for result in clone.results:
                result.set_type(_of(result.type, shape))
            values.update(zip(op.results, clone.results, strict=True))

    def _only_fused(self, op: ir.Operation) -> bool:
        """Whether all uses of a multiplication become parts of other instructions."""
        if op.name != "arith.mulf":
            return False
        into = [self.body.fused(other) for other in self.body.core if op.results[0] in list(other.operands)]
        return bool(into) and all(each is not None and each == op for each in into)

    def _find(self, value: ir.Value, values: Mapping[ir.Value, ir.Value], shape: Sequence[int] | None) -> ir.Value:
        if value in values:
            return values[value]
        outer = self.body.constants[value] if value in self.body.constants else self.captured[value]
        if isinstance(outer, ir.Attribute):
            return self.b.constant(_of(value.type, shape), outer)
        return outer if shape is None else self.b.one("vector.broadcast", _of(value.type, shape), outer)


def _of(element: ir.Type, shape: Sequence[int] | None) -> ir.Type:
    return element if shape is None else ir.VectorType.get(shape, element)
