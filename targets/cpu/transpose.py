# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code for elementwise nests that read inputs across the order in which they write.

The nest is cut into square tiles. A tile of each such input is first copied, transposed in registers, to a dense block
on the stack; then the tile is an ordinary nest in which all operands are contiguous.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.cost import is_small, per_iteration
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, ZERO, Access, Loop, Nest, Product, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bits, element_bytes
from mograph.targets.cpu.plan import LINE, Plan, vectorizable
from mograph.targets.cpu.plan import choose as choose_plan
from mograph.targets.cpu.schedules import tunable
from mograph.targets.cpu.streams import streamed

TILE_LINES, COLUMN_LINES = 8, 4  # of the cache, which inputs are read by, shared by all; and the output is written by


@record
class Crossed:
    """The loops of a nest that are cut into tiles: `row`, along which the `inputs` (operands by number) are contiguous,
    and `column`, along which
    the output is."""

    row: int
    column: int
    inputs: tuple[int, ...]


STACK, ELEMENT = 256 << 10, 8  # bytes of the tiles of a task, and of an element at most


@record
class Schedule:
    """The size of a tile: elements along the loop by which inputs are contiguous, and along that of the output."""

    rows: int
    columns: int


def _check(schedule: Schedule, nest: Nest, crossed: Crossed, machine: Machine) -> None:
    """Raises ValueError for a schedule that was changed to what cannot be done."""
    if min(schedule.rows, schedule.columns) < 1:
        raise ValueError("expected tiles of 1 row and column or more")
    if schedule.rows * schedule.columns * ELEMENT * len(crossed.inputs) > STACK:
        raise ValueError(f"expected tiles of at most {STACK} bytes")


@tunable("transpose", check=_check)
def choose(nest: Nest, crossed: Crossed, machine: Machine) -> Schedule:
    """Rows of some lines, and as many columns as let half of the first cache hold the blocks, but not too few."""
    bytes_, inputs = max(element_bytes(access.element) for access in nest.memory), len(crossed.inputs)
    line = max(LINE // max(bytes_, 4), 1)
    rows = max(TILE_LINES // inputs, 1) * line
    room = max(1, machine.cache(1) // 2 // (rows * bytes_ * inputs))
    return Schedule(rows, max(COLUMN_LINES * line, 1 << (room.bit_length() - 1)))


def recognize(nest: Nest) -> Crossed | None:
    """How to cut the nest; None when it is not elementwise, or does not read across."""
    loops = range(len(nest.loops))
    if any(loop.reduces for loop in nest.loops) or nest.indexed or not vectorizable(nest):
        return None
    for column in loops:
        if any(access.strides[column] != ONE for access in nest.outputs):
            continue
        inputs = [
            (k, a) for k, a in enumerate(nest.accesses) if isinstance(a, Access) and not a.is_output and a.is_read
        ]
        crossing = [(k, access) for k, access in inputs if access.strides[column] not in (ZERO, ONE)]
        for row in loops:
            if crossing and row != column and all(access.strides[row] == ONE for _, access in crossing):
                return Crossed(row, column, tuple(k for k, _ in crossing))
    return None


def match(group: Group, machine: Machine) -> Coded | None:
    """A group of one nest that reads across and is worth tiles."""
    crossed = recognize(group.nests[0]) if len(group.nests) == 1 else None
    if crossed is None or is_small(group.nests, machine):
        return None
    schedule = choose(group.nests[0], crossed, machine)
    return _CrossedCode(group.nests[0], crossed, schedule, machine, group.aligned)


@record
class _CrossedCode:
    nest: Nest
    crossed: Crossed
    schedule: Schedule
    machine: Machine
    aligned: Collection[ir.Value]

    def work(self, b: Builder) -> Work:
        items, picoseconds = tasks(self.nest, self.crossed, self.schedule, b, per_iteration(self.nest, vectorized=True))
        return Work(items, picoseconds)

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        code = TransposeCode(b, self.nest, self.crossed, self.schedule, seen[0], self.machine, self.aligned)
        code.emit(lo, hi)


class TransposeCode:
    """Makes the code of a nest's tiles with builder `b`."""

    def __init__(
        self,
        b: Builder,
        nest: Nest,
        crossed: Crossed,
        schedule: Schedule,
        seen: Seen,
        machine: Machine,
        aligned: Collection[ir.Value],
    ) -> None:
        self.b, self.nest, self.crossed, self.seen, self.machine = b, nest, crossed, seen, machine
        self.aligned = aligned
        self.size = schedule
        self.bases, self.symbols = seen.bases, seen.symbols
        self.outer = [i for i in range(len(nest.loops)) if i not in (crossed.row, crossed.column)]
        self.blocks = {
            k: b.stack(storage_type(self._access(k).element), schedule.rows * schedule.columns, LINE)
            for k in crossed.inputs
        }

    def _access(self, k: int) -> Access:
        access = self.nest.accesses[k]
        assert isinstance(access, Access)
        return access

    def emit(self, lo: Int, hi: Int) -> None:
        """The items lo <= i < hi, each a row of tiles."""
        b, size = self.b, self.size

        def item(index: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            rest, block = b.split(index, b.blocks(self._extent(self.crossed.row), size.rows))
            indices: dict[int, Int] = {self.crossed.row: b.mul(block, size.rows)}
            for loop in reversed(self.outer):
                rest, indices[loop] = b.split(rest, self._extent(loop))

            def tile(column: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
                self._tile({**indices, self.crossed.column: column})
                return []

            return b.loop(0, self._extent(self.crossed.column), size.columns, [], tile)

        b.loop(lo, hi, 1, [], item)

    def _extent(self, loop: int) -> Int:
        return evaluate(self.b, self.nest.loops[loop].extent, self.symbols)

    def _tile(self, indices: Mapping[int, Int]) -> None:
        b, row, column = self.b, self.crossed.row, self.crossed.column
        counts, loops, symbols = [], [], list(self.symbols)
        for loop, size in ((row, self.size.rows), (column, self.size.columns)):
            extent = self._extent(loop)
            whole = isinstance(extent, int) and extent % size == 0
            counts.append(size if whole else b.min(b.sub(extent, indices[loop]), size))
            loops.append(Loop(Product(size) if whole else Product(1, (len(symbols),)), False, None))
            if not whole:
                symbols.append(b.value(counts[-1]))
        accesses: list[Access | ir.Value] = []
        bases: list[ir.Value] = []
        for k, access in enumerate(self.nest.accesses):
            if not isinstance(access, Access):
                accesses.append(access)
                bases.append(self.bases[k])
                continue
            offset: Int = 0
            for loop, index in indices.items():
                offset = b.add(offset, b.mul(index, evaluate(b, access.strides[loop], self.symbols)))
            base = b.address(self.bases[k], offset, storage_type(access.element))
            strides = [access.strides[row], access.strides[column]]
            if k in self.blocks:
                stride, target = evaluate(b, access.strides[column], self.symbols), (self.blocks[k], self.size.columns)
                storage = storage_type(access.element)
                copy_across(b, storage, (base, stride), target, counts, self.machine.vector_bits)
                base, strides = self.blocks[k], [Product(self.size.columns), ONE]
            accesses.append(replace(access, strides=strides))
            bases.append(base)
        tile = Nest(self.nest.op, loops, accesses, self.nest.body, self.nest.body_ops, symbols)
        NestCode(b, tile, self._plan(tile), Seen(bases, symbols, self.seen.captured), self.machine).emit_all()

    def _plan(self, tile: Nest) -> Plan:
        read = {access.memref for access in tile.memory if access.is_read}
        sizes = {self.crossed.row: self.size.rows, self.crossed.column: self.size.columns}
        starts = {
            k: [stride * Product(sizes.get(loop, 1)) for loop, stride in enumerate(access.strides)]
            for k, access in enumerate(self.nest.accesses)
            if isinstance(access, Access)
        }
        plan = choose_plan(tile, self.machine.vector_bits)
        return streamed(tile, plan, read, self.aligned, self.machine, starts)


def tasks(nest: Nest, crossed: Crossed, schedule: Schedule, b: Builder, picoseconds: int) -> tuple[Int, Int]:
    """The number of rows of tiles, and the estimated picoseconds for each, given those for an element."""
    row, column = (evaluate(b, nest.loops[i].extent, nest.symbols) for i in (crossed.row, crossed.column))
    count = b.blocks(row, schedule.rows)
    for i, loop in enumerate(nest.loops):
        if i not in (crossed.row, crossed.column):
            count = b.mul(count, evaluate(b, loop.extent, nest.symbols))
    return count, b.mul(column, picoseconds * schedule.rows)


def transposed(b: Builder, lines: Sequence[ir.Value]) -> list[ir.Value]:
    """The transpose of a square of vectors, in log2 steps: each exchanges blocks of half the size between pairs of
    vectors.
    """
    count = len(lines)
    result = list(lines)
    distance = 1
    while distance < count:
        low = [c if not c & distance else count + c - distance for c in range(count)]
        high = [c + distance if not c & distance else count + c for c in range(count)]
        for i in range(count):
            if not i & distance:
                pair = result[i], result[i + distance]
                for place, mask in ((i, low), (i + distance, high)):
                    result[place] = b.one("vector.shuffle", lines[0].type, *pair, mask=ir.DenseI64ArrayAttr.get(mask))
        distance *= 2
    return result


def copy_across(
    b: Builder,
    storage: ir.Type,
    source: tuple[ir.Value, Int],
    target: tuple[ir.Value, int],
    counts: Sequence[Int],
    vector_bits: int,
) -> None:
    """Copies rows and columns, as many as `counts` says, from where rows are contiguous to where columns are.

    `source` and `target` are each an address and the distance between neighbours in the other direction. Squares of
    vectors are transposed in registers, those side by side in memory one after the other, and the rest is copied one by
    one.
    """
    (base, stride), (block, size) = source, target
    lanes = max(2, min(16, vector_bits // element_bits(storage)))
    bytes_ = element_bytes(storage)
    vector = ir.VectorType.get([lanes], storage)
    rows, columns = counts
    whole_rows, whole_columns = b.round_down(rows, lanes), b.round_down(columns, lanes)

    def at(row: Int, column: Int) -> ir.Value:
        return b.address(base, b.add(row, b.mul(column, stride)), storage)

    def to(row: Int, column: Int) -> ir.Value:
        return b.address(block, b.add(b.mul(row, size), column), storage)

    def square(row: Int, column: Int) -> None:
        first, begin = at(row, column), to(row, column)
        lines = [b.load(vector, b.address(first, b.mul(stride, i), storage), bytes_) for i in range(lanes)]
        for i, line in enumerate(transposed(b, lines)):
            b.store(line, b.address(begin, i * size, storage), bytes_)

    def single(row: Int, column: Int) -> None:
        b.store(b.load(storage, at(row, column), bytes_), to(row, column), bytes_)

    b.grid(0, whole_columns, 0, whole_rows, lanes, lambda column, row: square(row, column))
    b.grid(whole_rows, rows, 0, columns, 1, single)
    b.grid(0, whole_rows, whole_columns, columns, 1, single)
