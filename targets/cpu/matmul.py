# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What templates of sums of products share: the roles of operands and loops, and the body on a row of vectors."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import Partial

DEPTH = 512
SMALLEST = 32**3  # products of fewer multiplications are left to the general code
PICOSECONDS = 10  # for a multiplication and addition


@record
class Product:
    """A nest that is a product: which operand is A and which B, and which loops are m, n and k; the rest are
    independent products.
    """

    a: int
    b: int
    m: int
    n: int
    k: int
    batch: tuple[int, ...]


class MatmulCode(ABC):
    """Makes the code of a product's tasks with builder `b`, on vectors of `width` elements."""

    width: int

    def __init__(self, b: Builder, nest: Nest, roles: Product, seen: Seen, machine: Machine) -> None:
        self.b, self.nest, self.roles, self.fused = b, nest, roles, machine.fused
        self.bases, self.captured = seen.bases, seen.captured
        self.partial = Partial(b, machine.masks)
        symbols = seen.symbols
        self.extents = [evaluate(b, loop.extent, symbols) for loop in nest.loops]
        self.strides = [[evaluate(b, stride, symbols) for stride in access.strides] for access in nest.memory]

    def _storage(self, k: int) -> ir.Type:
        access = self.nest.accesses[k]
        assert isinstance(access, Access)
        return storage_type(access.element)

    def emit(self, lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        self.b.loop(lo, hi, 1, [], self._task)

    @abstractmethod
    def _task(self, task: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        """One task."""

    def _move(self, offsets: Sequence[Int], loop: int, index: Int) -> list[Int]:
        moves = [self.b.mul(index, strides[loop]) for strides in self.strides]
        return [self.b.add(offset, move) for offset, move in zip(offsets, moves, strict=True)]

    def _combine(self, lefts: Sequence[ir.Value], right: ir.Value, sums: Sequence[ir.Value]) -> list[ir.Value]:
        """The body for all rows of a tile. What depends on B alone is computed once, what depends on A alone on
        scalars.
        """
        roles, arguments = self.roles, self.nest.body.arguments
        shared: dict[ir.Value, ir.Value] = {arguments[roles.b]: right}
        results = []
        for left, total in zip(lefts, sums, strict=True):
            scalars: dict[ir.Value, ir.Value] = {arguments[roles.a]: left}
            vectors: dict[ir.Value, ir.Value] = {arguments[2]: total}
            for op in self.nest.body_ops[:-1]:
                operands = list(op.operands)
                if all(operand in shared or operand in self.captured for operand in operands):
                    if op.results[0] not in shared:
                        self._clone(op, operands, [shared], shared)
                elif all(operand in scalars for operand in operands):
                    self._clone(op, operands, [scalars], scalars, scalar=True)
                else:
                    self._clone(op, operands, [vectors, shared, scalars], vectors)
            results.append(self._find(self.nest.yielded[0], [vectors, shared, scalars]))
        return results

    def _find(self, value: ir.Value, scopes: Sequence[dict[ir.Value, ir.Value]], scalar: bool = False) -> ir.Value:
        for scope in scopes:
            if value in scope:
                found = scope[value]
                return found if scalar or isinstance(found.type, ir.VectorType) else self._spread(found)
        outer = self.captured[value]
        if isinstance(outer, ir.Attribute):
            return self.b.constant(value.type if scalar else ir.VectorType.get([self.width], value.type), outer)
        return outer if scalar else self._spread(outer)

    def _spread(self, value: ir.Value) -> ir.Value:
        return self.b.one("vector.broadcast", ir.VectorType.get([self.width], value.type), value)

    def _clone(
        self,
        op: ir.Operation,
        operands: Sequence[ir.Value],
        scopes: Sequence[dict[ir.Value, ir.Value]],
        into: dict[ir.Value, ir.Value],
        scalar: bool = False,
    ) -> None:
        product = self._fusable(op)
        if product is not None and not scalar:
            factors = [self._find(value, scopes) for value in product.operands]
            other = next(value for value in operands if value != product.results[0])
            into[op.results[0]] = self.b.one("math.fma", factors[0].type, *factors, self._find(other, scopes))
            return
        found = [self._find(operand, scopes, scalar) for operand in operands]
        clone = op.clone(ip=self.b.at)
        for number, operand in enumerate(found):
            clone.operands[number] = operand
        for result in clone.results:
            result.set_type(result.type if scalar else ir.VectorType.get([self.width], result.type))
        into.update(zip(op.results, clone.results, strict=True))

    def _fusable(self, op: ir.Operation) -> ir.Operation | None:
        """The multiplication whose result `op` adds to something else, where that is one instruction."""
        if not self.fused or op.name != "arith.addf" or op.operands[0] == op.operands[1]:
            return None
        return next(
            (
                inner
                for inner in self.nest.body_ops
                if inner.name == "arith.mulf" and inner.results[0] in list(op.operands)
            ),
            None,
        )
