# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for products of matrices: any nest C[…, m, n] = combine(C[…, m, n], term(A[…, m, k], B[…, k, n])).

The result is cut into tasks of `ROWS` rows by one panel of columns, two vector registers wide. A task copies its panel
of B, `DEPTH` of k at a time, to a dense block on the stack (which also copes with any strides of B) and goes through
its rows in register tiles: a tile's elements stay in registers for all of k.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import Partial, element_bits, element_bytes
from mograph.targets.cpu.plan import vectorizable
from mograph.targets.cpu.transpose import copy_across

ROWS, DEPTH = 128, 512
SMALLEST = 32**3  # products of fewer multiplications are left to the general code
PICOSECONDS = 10  # for a multiplication and addition


@dataclass(frozen=True)
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


def recognize(nest: Nest) -> Product | None:
    """The roles of the nest's operands and loops; None when it is not a product, or too small a one."""
    reductions = [i for i, loop in enumerate(nest.loops) if loop.reduces]
    parallel = [i for i, loop in enumerate(nest.loops) if not loop.reduces]
    if (
        len(nest.memory) != len(nest.accesses)
        or len(nest.memory) != 3
        or len(nest.outputs) != 1
        or len(reductions) != 1
        or len(parallel) < 2
    ):
        return None
    if (
        nest.indexed
        or not vectorizable(nest)
        or any(storage_type(access.element) != access.element for access in nest.memory)
    ):
        return None
    k = reductions[0]
    known = 1
    for loop in nest.loops:
        known *= loop.extent.constant if not loop.extent.symbols else SMALLEST
    c = nest.memory[2]
    for a, b in ((0, 1), (1, 0)):
        x, y = nest.memory[a], nest.memory[b]
        columns = [i for i in parallel if c.strides[i] == ONE and x.strides[i] == ZERO and y.strides[i] != ZERO]
        rows = [i for i in parallel if x.strides[i] != ZERO and y.strides[i] == ZERO]
        if columns and rows and x.strides[k] != ZERO and y.strides[k] != ZERO and known >= SMALLEST:
            batch = tuple(i for i in parallel if i not in (rows[-1], columns[0]))
            return Product(a, b, rows[-1], columns[0], k, batch)
    return None


class MatmulCode:
    """Makes the code of a product's tasks with builder `b`."""

    def __init__(self, b: Builder, nest: Nest, roles: Product, seen: Seen, machine: Machine) -> None:
        self.b, self.nest, self.roles, self.fused = b, nest, roles, machine.fused
        self.bases, self.captured, self.vector_bits = seen.bases, seen.captured, machine.vector_bits
        self.partial = Partial(b, machine.masks)
        symbols = seen.symbols
        self.extents = [evaluate(b, loop.extent, symbols) for loop in nest.loops]
        self.strides = [[evaluate(b, stride, symbols) for stride in access.strides] for access in nest.memory]
        self.width, self.tile_rows = tile_shape(nest, machine.vector_bits)
        self.panel = b.stack(self._storage(roles.b), DEPTH * self.width, 64)

    def _storage(self, k: int) -> ir.Type:
        access = self.nest.accesses[k]
        assert isinstance(access, Access)
        return storage_type(access.element)

    def emit(self, lo: Int, hi: Int) -> None:
        """The tasks lo <= i < hi."""
        self.b.loop(lo, hi, 1, [], self._task)

    def _task(self, task: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        b, roles = self.b, self.roles
        rest, panel = b.split(task, b.blocks(self.extents[roles.n], self.width))
        rest, row_block = b.split(rest, b.blocks(self.extents[roles.m], ROWS))
        offsets: list[Int] = [0, 0, 0]
        for loop in reversed(roles.batch):
            rest, index = b.split(rest, self.extents[loop])
            offsets = self._move(offsets, loop, index)
        column, row = b.mul(panel, self.width), b.mul(row_block, ROWS)
        offsets = self._move(offsets, roles.n, column)
        extent = self.extents[roles.n]
        whole = isinstance(extent, int) and extent % self.width == 0
        count = None if whole else b.min(b.sub(extent, column), self.width)
        last = b.min(self.extents[roles.m], b.add(row, ROWS))

        def slab(k: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            depth = b.min(b.sub(self.extents[roles.k], k), DEPTH)
            inner = self._move(offsets, roles.k, k)
            self._pack(inner[roles.b], depth, count)
            main = b.add(row, self._multiple(b.sub(last, row)))
            for lo, hi, rows in ((row, main, self.tile_rows), (main, last, 1)):
                self._tiles(lo, hi, rows, inner, depth, count)
            return []

        b.loop(0, self.extents[roles.k], DEPTH, [], slab)
        return []

    def _tiles(self, lo: Int, hi: Int, rows: int, offsets: Sequence[Int], depth: Int, count: Int | None) -> None:
        """The rows from `lo` to `hi`, in tiles of `rows`."""

        def tile(row: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            self._tile(self._move(offsets, self.roles.m, row), rows, depth, count)
            return []

        self.b.loop(lo, hi, rows, [], tile)

    def _multiple(self, rows: Int) -> Int:
        """The rows that full tiles cover."""
        if isinstance(rows, int):
            return rows // self.tile_rows * self.tile_rows
        tiles = self.b.one("arith.divui", self.b.i64, rows, self.b.value(self.tile_rows))
        return self.b.mul(tiles, self.tile_rows)

    def _move(self, offsets: Sequence[Int], loop: int, index: Int) -> list[Int]:
        moves = [self.b.mul(index, strides[loop]) for strides in self.strides]
        return [self.b.add(offset, move) for offset, move in zip(offsets, moves, strict=True)]

    def _pack(self, offset: Int, depth: Int, count: Int | None) -> None:
        """Copies a slab of B to the panel."""
        b, roles, storage = self.b, self.roles, self._storage(self.roles.b)
        along_k, along_n = self.strides[roles.b][roles.k], self.strides[roles.b][roles.n]
        bytes_ = element_bytes(storage)

        def source(k: Int, n: Int) -> ir.Value:
            return b.address(self.bases[roles.b], b.add(b.add(offset, b.mul(k, along_k)), b.mul(n, along_n)), storage)

        def row(k: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            value = self.partial.load(ir.VectorType.get([self.width], storage), source(k, 0), count)
            b.store(value, b.address(self.panel, b.mul(k, self.width), storage), bytes_)
            return []

        def column(n: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            def element(k: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
                target = b.address(self.panel, b.add(b.mul(k, self.width), n), storage)
                b.store(b.load(storage, source(k, n), bytes_), target, bytes_)
                return []

            return b.loop(0, depth, 1, [], element)

        if isinstance(along_n, int) and along_n == 1:
            b.loop(0, depth, 1, [], row)
        elif isinstance(along_k, int) and along_k == 1:
            columns = self.width if count is None else count
            panel = (self.panel, self.width)
            copy_across(b, storage, (source(0, 0), along_n), panel, (depth, columns), self.vector_bits)
        else:
            b.loop(0, self.width if count is None else count, 1, [], column)

    def _tile(self, offsets: Sequence[Int], rows: int, depth: Int, count: Int | None) -> None:
        b, roles = self.b, self.roles
        storage, vector = self._storage(2), ir.VectorType.get([self.width], self._storage(2))
        targets = [
            b.address(self.bases[2], b.add(offsets[2], b.mul(r, self.strides[2][roles.m])), storage)
            for r in range(rows)
        ]
        lines = [
            b.address(
                self.bases[roles.a],
                b.add(offsets[roles.a], b.mul(r, self.strides[roles.a][roles.m])),
                self._storage(roles.a),
            )
            for r in range(rows)
        ]
        start = [self.partial.load(vector, target, count) for target in targets]

        def step(k: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
            right_type = self._storage(roles.b)
            right = b.load(
                ir.VectorType.get([self.width], right_type),
                b.address(self.panel, b.mul(k, self.width), right_type),
                element_bytes(right_type),
            )
            left_type = self._storage(roles.a)
            at = b.mul(k, self.strides[roles.a][roles.k])
            lefts = [b.load(left_type, b.address(line, at, left_type), element_bytes(left_type)) for line in lines]
            return self._combine(lefts, right, sums)

        for target, value in zip(targets, b.loop(0, depth, 1, start, step), strict=True):
            self.partial.store(value, target, count)

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


def tasks(nest: Nest, product: Product, machine: Machine, b: Builder) -> tuple[Int, Int]:
    """The number of tasks, and the estimated picoseconds for each."""
    m, n, k = (evaluate(b, nest.loops[i].extent, nest.symbols) for i in (product.m, product.n, product.k))
    width, _ = tile_shape(nest, machine.vector_bits)
    count = b.mul(b.blocks(m, ROWS), b.blocks(n, width))
    for i in product.batch:
        count = b.mul(count, evaluate(b, nest.loops[i].extent, nest.symbols))
    return count, b.mul(b.mul(b.min(m, ROWS), k), PICOSECONDS * width)


def tile_shape(nest: Nest, vector_bits: int) -> tuple[int, int]:
    """Columns and rows of a register tile."""
    bits = max(element_bits(value.type) for op in nest.body_ops[:-1] for value in op.results)
    return max(2, 2 * vector_bits // bits), 8 if vector_bits >= 512 else 4
