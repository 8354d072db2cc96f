# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of products: blocks of C by blocks of threads, slabs of A and B in memory that these share, elements of
C in registers.

While threads compute with a slab, what they have loaded of the next one is on its way. In the end the sums go through
shared memory, so that threads that are neighbours finish and store elements that are neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import COMBINERS
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.copies import Copies, Tile
from mograph.targets.gpu.contraction.epilogue import Epilogue
from mograph.targets.gpu.contraction.indices import Loops, less, offset_of
from mograph.targets.gpu.contraction.roles import Roles, factor, known, recognize
from mograph.targets.gpu.contraction.schedule import PAD, Schedule, Shape, choose
from mograph.targets.gpu.group import Coded, Grid, Thread

VECTOR = 16  # bytes that a thread reads of shared memory at once


@dataclass(frozen=True)
class _TiledCode:
    group: Group
    roles: Roles
    schedule: Schedule

    def grid(self, b: Builder) -> Grid:
        nest = self.group.nests[self.roles.product]
        rows, columns, batch = (
            Loops(b, nest, loops, nest.symbols).total
            for loops in (self.roles.rows, self.roles.columns, self.roles.batch)
        )
        blocks = b.mul(b.blocks(rows, self.schedule.block_rows), b.blocks(columns, self.schedule.block_columns))
        return Grid((b.mul(blocks, batch), 1, 1), (self.schedule.along, self.schedule.across, 1))

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        _Block(b, self, seen, thread).run()


class _Block:
    """Makes the code of a block of C with builder `b`."""

    def __init__(self, b: Builder, code: _TiledCode, seen: Sequence[Seen], thread: Thread) -> None:
        self.b, self.roles, self.schedule, self.thread = b, code.roles, code.schedule, thread
        self.nest, self.seen = code.group.nests[code.roles.product], seen[code.roles.product]
        self.epilogue = Epilogue(b, code.group, code.roles, seen)
        self.emitter = Emitter(b, code.roles.body, self.seen.captured, fused=True)
        self.total = code.roles.body.total.type
        symbols = self.seen.symbols
        self.rows, self.columns, self.sums, self.batch = (
            Loops(b, self.nest, loops, symbols)
            for loops in (code.roles.rows, code.roles.columns, code.roles.sums, code.roles.batch)
        )
        self.place = thread.thread(1), thread.thread(0)
        self.number = b.value(b.add(b.mul(self.place[0], self.schedule.along), self.place[1]))

    def run(self) -> None:
        """The code of one thread."""
        b, cut = self.b, self.schedule
        rest, column = b.split(self.thread.block(0), b.blocks(self.columns.total, cut.block_columns))
        rest, row = b.split(rest, b.blocks(self.rows.total, cut.block_rows))
        self.first = b.mul(row, cut.block_rows), b.mul(column, cut.block_columns)
        self.outer = self.batch.indices(rest)
        types = self.roles.body.left.value.type, self.roles.body.right.value.type
        self.pitches = cut.block_rows + PAD, cut.block_columns + PAD
        self.slabs = [
            cut.depth * pitch * element_bytes(type_) for pitch, type_ in zip(self.pitches, types, strict=True)
        ]
        finish = cut.block_rows * self.pitches[1] * element_bytes(self.total)
        self.shared = self.thread.shared(max(cut.stages * sum(self.slabs), finish))
        self.to_shared(self._sums())
        self.thread.barrier()
        b.loop(self.number, cut.block_rows * cut.block_columns, cut.threads, [], self._finish)

    # Slabs

    def _copies(self) -> list[Copies]:
        b, cut, roles = self.b, self.schedule, self.roles
        found = []
        for side, (operand, loops, points) in enumerate(
            ((roles.a, self.rows, cut.block_rows), (roles.b, self.columns, cut.block_columns))
        ):
            access = factor(self.nest, operand)
            offset = offset_of(b, access, self.outer, self.seen.symbols)
            base = b.address(self.seen.bases[operand], offset, storage_type(access.element))
            tile = Tile(loops, self.sums, self.first[side], points, cut.depth, cut.threads)
            body = (roles.body.left, roles.body.right)[side]

            def convert(value: ir.Value, body: object = body) -> ir.Value:
                return self.emitter.factor(body, value)

            found.append(
                Copies(b, self.nest, access, base, tile, self.number, self.pitches[side], convert, roles.zeros)
            )
        return found

    def _sums(self) -> list[ir.Value]:
        """The thread's sums, row by row, in vectors."""
        b, cut, copies = self.b, self.schedule, self._copies()
        depth = self.sums.total
        vector = ir.VectorType.get([self.lanes], self.total)
        start = [b.number(vector, self._neutral())] * (cut.rows * cut.columns // self.lanes)
        counts = [each.count for each in copies]

        def load(step: Int) -> list[ir.Value]:
            return [value for each in copies for value in each.load(step)]

        def slab(step: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
            totals, loaded = carried[: len(start)], carried[len(start) :]
            left = b.sub(depth, step)
            stage: Int = 0
            if cut.stages == 2:
                stage = b.split(b.split(step, cut.depth)[0], 2)[1]
            else:
                self.thread.barrier()
            at = b.address(self.shared, b.mul(stage, sum(self.slabs)), b.i8)
            lines = at, b.address(at, self.slabs[0], b.i8)
            copies[0].store(loaded[: counts[0]], lines[0], left)
            copies[1].store(loaded[counts[0] :], lines[1], left)
            self.thread.barrier()
            last = b.mul(b.sub(b.blocks(depth, cut.depth), 1), cut.depth)
            later = load(b.min(b.add(step, cut.depth), last))
            whole = self.roles.zeros or isinstance(depth, int) and depth % cut.depth == 0
            return [*self._multiply(lines, cut.depth if whole else b.min(left, cut.depth), totals), *later]

        if isinstance(depth, int):
            if depth == 0:
                return start
            first = load(0)
        else:
            first = self._where(less(b, 0, depth), [each.stored for each in copies for _ in range(each.count)], load)
        return b.loop(0, depth, cut.depth, [*start, *first], slab)[: len(start)]

    def _where(self, condition: ir.Value, types: Sequence[ir.Type], load: object) -> list[ir.Value]:
        """What is loaded of the first slab, zeros where there is none."""
        b = self.b
        op = b.create("scf.if", types, [condition], regions=2)
        with b.inside(ir.Block.create_at_start(op.regions[0])):
            b.create("scf.yield", [], load(0))
        with b.inside(ir.Block.create_at_start(op.regions[1])):
            b.create("scf.yield", [], [b.number(type_, 0) for type_ in types])
        return list(op.results)

    def _neutral(self) -> float:
        text = COMBINERS[self.roles.kind][1]
        if isinstance(self.total, ir.FloatType):
            return float(text)
        width = self.total.width
        return {"lowest": -(1 << (width - 1)), "highest": (1 << (width - 1)) - 1}.get(text) or int(text)

    # Registers

    @property
    def lanes(self) -> int:
        """Columns of a thread that are neighbours."""
        return min(self.schedule.columns, VECTOR // element_bytes(self.total))

    def _place(self, side: int) -> tuple[int, Int, int]:
        """How many neighbours a thread has of a block's rows or columns, where the first ones are, and how far the next
        ones are from there.
        """
        cut = self.schedule
        type_ = (self.roles.body.left, self.roles.body.right)[side].value.type
        near = self.lanes if side else min(cut.rows, VECTOR // element_bytes(type_))
        return near, self.b.mul(self.place[side], near), near * (cut.along if side else cut.across)

    def _multiply(self, lines: Sequence[ir.Value], steps: Int, totals: list[ir.Value]) -> list[ir.Value]:
        """The sums with the terms of a slab."""
        b, cut, sides = self.b, self.schedule, (self.roles.body.left, self.roles.body.right)

        def step(k: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
            read: list[list[ir.Value]] = []
            for side, count in enumerate((cut.rows, cut.columns)):
                type_ = sides[side].value.type
                near, first, apart = self._places[side]
                line = b.address(lines[side], b.add(b.mul(k, self.pitches[side]), first), type_)
                vector = ir.VectorType.get([near], type_)
                bytes_ = near * element_bytes(type_)
                read.append(
                    [
                        b.load(vector, b.address(line, i * apart, type_), min(bytes_, VECTOR))
                        for i in range(count // near)
                    ]
                )
            result = []
            for r in range(cut.rows):
                near = self._places[0][0]
                at = ir.DenseI64ArrayAttr.get([r % near])
                type_ = sides[0].value.type
                element = b.one("vector.extract", type_, read[0][r // near], static_position=at)
                left = b.one("vector.broadcast", ir.VectorType.get([self.lanes], type_), element)
                for right in read[1]:
                    result.append(self.emitter.combine(left, right, sums[len(result)]))
            return result

        self._places = self._place(0), self._place(1)
        return b.loop(0, steps, 1, totals, step)

    # The end

    def to_shared(self, sums: Sequence[ir.Value]) -> None:
        """Stores the thread's sums in shared memory, in which the block's rows are `pitches[1]` apart."""
        b, cut = self.b, self.schedule
        near, row, apart = self._place(0)
        _, column, step = self._place(1)
        self.thread.barrier()
        per_row = cut.columns // self.lanes
        for number, value in enumerate(sums):
            r, c = divmod(number, per_row)
            line = b.add(row, r // near * apart + r % near)
            at = b.add(b.mul(line, self.pitches[1]), b.add(column, c * step))
            b.store(value, b.address(self.shared, at, self.total), self.lanes * element_bytes(self.total))

    def _finish(self, number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        """Finishes one element of the block."""
        b, cut = self.b, self.schedule
        row, column = b.split(number, cut.block_columns)
        at = b.add(b.mul(row, self.pitches[1]), column)
        r, c = b.add(self.first[0], row), b.add(self.first[1], column)
        inside = b.one("arith.andi", b.i1, less(b, r, self.rows.total), less(b, c, self.columns.total))

        def finish() -> None:
            total = b.load(self.total, b.address(self.shared, at, self.total), element_bytes(self.total))
            self.epilogue.finish({**self.outer, **self.rows.indices(r), **self.columns.indices(c)}, total)

        b.if_(inside, finish)
        return []


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is a product."""
    roles = recognize(group)
    if roles is None:
        return None
    nest = group.nests[roles.product]
    extents = [known([nest.loops[i] for i in loops]) for loops in (roles.rows, roles.columns, roles.sums)]
    batch = known([nest.loops[i] for i in roles.batch], 1) or 1
    bytes_ = [element_bytes(value.type) for value in (roles.body.left.value, roles.body.right.value, roles.body.total)]
    shape = Shape(*extents, batch, *bytes_)
    return _TiledCode(group, roles, replace(choose(shape, chip), splits=1))
