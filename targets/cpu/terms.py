# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The body of a nest that sums products, on a tile of results in registers: rows by one vector of columns."""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.nest import Nest

Scope = dict[ir.Value, ir.Value]


class Terms:
    """Combines results C[m, n] with terms of A[m, k] and B[k, n], which are the operands `a` and `b` of a nest of
    three, for some rows m, one k and a vector of n as long as `width` says.

    `captured` is what the body uses from outside: values, or the attributes of constants. A multiplication whose
    result is only added to something becomes one operation where `fused` says that the machine has it.
    """

    def __init__(
        self,
        b: Builder,
        nest: Nest,
        operands: tuple[int, int],
        captured: Mapping[ir.Value, ir.Value | ir.Attribute],
        width: int,
        fused: bool,
    ) -> None:
        self.b, self.captured, self.width, self.fused = b, captured, width, fused
        self.left, self.right, self.total = (nest.body.arguments[i] for i in (*operands, 2))
        self.ops, self.result = nest.body_ops[:-1], nest.yielded[0]
        self.products = {op.results[0]: op for op in self.ops if op.name == "arith.mulf"}

    def combine(self, lefts: Sequence[ir.Value], right: ir.Value, totals: Sequence[ir.Value]) -> list[ir.Value]:
        """The next results of all rows, of the scalars of A and the vector of B. What depends on B alone is computed
        once, what depends on A alone on scalars.
        """
        shared: Scope = {self.right: right}
        results = []
        for left, total in zip(lefts, totals, strict=True):
            scalars: Scope = {self.left: left}
            vectors: Scope = {self.total: total}
            for op in self.ops:
                operands = list(op.operands)
                if all(operand in shared or operand in self.captured for operand in operands):
                    if op.results[0] not in shared:
                        self._clone(op, operands, [shared], shared)
                elif all(operand in scalars for operand in operands):
                    self._clone(op, operands, [scalars], scalars, scalar=True)
                else:
                    self._clone(op, operands, [vectors, shared, scalars], vectors)
            results.append(self._find(self.result, [vectors, shared, scalars]))
        return results

    def _vector(self, type_: ir.Type) -> ir.Type:
        return ir.VectorType.get([self.width], type_)

    def _find(self, value: ir.Value, scopes: Sequence[Scope], scalar: bool = False) -> ir.Value:
        for scope in scopes:
            if value in scope:
                found = scope[value]
                return found if scalar or isinstance(found.type, ir.VectorType) else self._spread(found)
        outer = self.captured[value]
        if isinstance(outer, ir.Attribute):
            return self.b.constant(value.type if scalar else self._vector(value.type), outer)
        return outer if scalar else self._spread(outer)

    def _spread(self, value: ir.Value) -> ir.Value:
        return self.b.one("vector.broadcast", self._vector(value.type), value)

    def _clone(
        self, op: ir.Operation, operands: Sequence[ir.Value], scopes: Sequence[Scope], into: Scope, scalar: bool = False
    ) -> None:
        product = self._product(op, operands)
        if product is not None and not scalar:
            factors = [self._find(value, scopes) for value in product.operands]
            other = next(value for value in operands if value != product.results[0])
            into[op.results[0]] = self.b.one("math.fma", factors[0].type, *factors, self._find(other, scopes))
            return
        if op.results[0] in self.products and not scalar and self._only_added(op):
            return
        found = [self._find(operand, scopes, scalar) for operand in operands]
        clone = op.clone(ip=self.b.at)
        for number, operand in enumerate(found):
            clone.operands[number] = operand
        for result in clone.results:
            result.set_type(result.type if scalar else self._vector(result.type))
        into.update(zip(op.results, clone.results, strict=True))

    def _only_added(self, product: ir.Operation) -> bool:
        """Whether every use of a product is an addition that takes it along."""
        value = product.results[0]
        taken = (self._product(op, list(op.operands)) for op in self.ops if value in list(op.operands))
        return value != self.result and all(each is not None and each.results[0] == value for each in taken)

    def _product(self, op: ir.Operation, operands: Sequence[ir.Value]) -> ir.Operation | None:
        """The multiplication whose result `op` adds to something else, where that is one instruction."""
        if not self.fused or op.name != "arith.addf" or operands[0] == operands[1]:
            return None
        return next((self.products[operand] for operand in operands if operand in self.products), None)
