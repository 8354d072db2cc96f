# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of products: blocks of C by blocks of threads, slabs of A and B in memory that these share, elements of
C in registers.

While threads compute with a slab, what they have loaded of the next one is on its way. In the end the sums go through
shared memory, so that threads that are neighbours finish and store elements that are neighbours.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.body import vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Emitter, Factor
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu import product
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.copies import Copies, Tile
from mograph.targets.gpu.contraction.epilogue import Epilogue, width
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.registers import Registers, side
from mograph.targets.gpu.contraction.roles import Roles, factor, known, recognize
from mograph.targets.gpu.contraction.schedule import LEAST_SPLIT, PAD, Schedule, Shape, choose
from mograph.targets.gpu.contraction.shares import Part, Shares
from mograph.targets.gpu.exchange import neutral
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.loops import Loops, offset_of
from mograph.targets.gpu.points import UNSIGNED_LESS, VECTOR, compare

TOGETHER = 8  # rows of blocks that are gone through column by column


@record
class _TiledCode:
    group: Group
    roles: Roles
    schedule: Schedule
    workers: int  # multiprocessors

    def grid(self, b: Builder) -> Grid:
        nest, cut = self.group.nests[self.roles.product], self.schedule
        threads = (cut.along, cut.across, 1)
        if cut.splits != 1:
            return self._shares.grid(b, threads, cut.beside)
        rows, columns, batch = (loops.total for loops in loops_of(b, nest, self.roles, nest.symbols))
        blocks = b.mul(b.blocks(rows, cut.block_rows), b.blocks(columns, cut.block_columns))
        return Grid((b.mul(blocks, batch), 1, 1), threads, name="product", beside=cut.beside)

    @property
    def _shares(self) -> Shares:
        cut = self.schedule
        lanes = min(width(self.group, self.roles), cut.block_columns)
        least = ceil(LEAST_SPLIT / cut.depth)
        return Shares(
            self.group, self.roles, cut.block_rows, cut.block_columns, cut.depth, TOGETHER, cut.splits,
            self.workers, least, lanes,
        )  # fmt: skip

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        if self.schedule.splits == 1:
            Block(b, self.group, self.roles, self.schedule, seen, thread).run()
            return

        def make(part: Part) -> None:
            block = Block(b, self.group, self.roles, self.schedule, seen, thread)
            block.make(part.first, part.outer, part.outer, part)

        self._shares.each(b, seen, thread, make)


class Block:
    """Makes the code of a block of C with builder `b`. It has rows below `rows.total`."""

    def __init__(
        self, b: Builder, group: Group, roles: Roles, schedule: Schedule, seen: Sequence[Seen], thread: Thread
    ) -> None:
        self.b, self.group, self.roles, self.schedule, self.thread = b, group, roles, schedule, thread
        self.nest, self.all_seen, self.seen = group.nests[roles.product], seen, seen[roles.product]
        self.emitter = Emitter(b, roles.body, self.seen.captured, fused=True)
        self.total = roles.body.total.type
        symbols = self.seen.symbols
        self.rows, self.columns, self.batch = loops_of(b, self.nest, roles, symbols)
        self.sums = Loops(b, self.nest, roles.sums, symbols)
        self.place = thread.thread(1), thread.thread(0)
        self.number = b.value(b.add(b.mul(self.place[0], schedule.along), self.place[1]))

    def run(self) -> None:
        """The code of one thread."""
        b, cut = self.b, self.schedule
        rows, columns = b.blocks(self.rows.total, cut.block_rows), b.blocks(self.columns.total, cut.block_columns)
        rest, block = b.split(self.thread.block(0), b.mul(rows, columns))
        row, column = product.raster(b, block, rows, columns, TOGETHER)
        outer = self.batch.indices(rest)
        self.make((b.mul(row, cut.block_rows), b.mul(column, cut.block_columns)), outer, outer)

    def make(
        self,
        first: tuple[Int, Int],
        factors: Mapping[int, Int],
        results: Mapping[int, Int],
        part: Part | None = None,
    ) -> None:
        """The block from a row and a column on of one of the independent products: the one at the indices `factors` of
        loops for what is multiplied, and at `results` for what becomes of it. Where it is but a part of the sums,
        `part` says which, and what becomes of them.
        """
        b, cut = self.b, self.schedule
        self.first, self.factors, self.results, self.part = first, factors, results, part
        types = self.roles.body.left.value.type, self.roles.body.right.value.type
        self.pitches = cut.block_rows + PAD, cut.block_columns + PAD
        bytes_ = [element_bytes(type_) for type_ in (*types, self.total)]
        self.slabs = [cut.depth * pitch * each for pitch, each in zip(self.pitches, bytes_, strict=False)]
        self.shared = self.thread.shared(cut.bytes(*bytes_))
        self.registers = Registers(
            b,
            self.emitter,
            side(b, cut.rows, VECTOR // bytes_[0], self.place[0], cut.across, self.pitches[0]),
            side(b, cut.columns, VECTOR // bytes_[2], self.place[1], cut.along, self.pitches[1]),
        )
        sums, pieces = self._sums(), cut.pieces(bytes_[0], bytes_[2])
        for piece in range(pieces):
            self.thread.barrier()
            size = len(sums) // pieces
            self._to_shared(sums[piece * size : (piece + 1) * size])
            self.thread.barrier()
            self._finish(piece * cut.block_rows // pieces, cut.block_rows // pieces)

    # Slabs

    def _copies(self) -> list[Copies]:
        b, cut, roles = self.b, self.schedule, self.roles
        found = []
        for number, (operand, loops, points) in enumerate(
            ((roles.a, self.rows, cut.block_rows), (roles.b, self.columns, cut.block_columns))
        ):
            access = factor(self.nest, operand)
            offset = offset_of(b, access, self.factors, self.seen.symbols)
            base = b.address(self.seen.bases[operand], offset, storage_type(access.element))
            tile = Tile(loops, self.sums, self.first[number], points, cut.depth, cut.threads)
            body = (roles.body.left, roles.body.right)[number]

            def convert(value: ir.Value, body: Factor = body) -> ir.Value:
                return self.emitter.factor(body, value)

            found.append(
                Copies(b, self.nest, access, base, tile, self.number, self.pitches[number], convert, roles.zeros)
            )
        return found

    def _sums(self) -> list[ir.Value]:
        """The thread's sums, row by row, in vectors."""
        b, cut, copies = self.b, self.schedule, self._copies()
        depth = self.sums.total
        start = [neutral(b, self.roles.kind, self.registers.type)] * self.registers.count
        counts = [each.count for each in copies]
        last = b.mul(b.sub(b.blocks(depth, cut.depth), 1), cut.depth)

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
            later = load(b.min(b.add(step, cut.depth), last))
            whole = self.roles.zeros or isinstance(depth, int) and depth % cut.depth == 0
            steps = cut.depth if whole else b.min(left, cut.depth)
            return [*self.registers.multiply(lines, steps, totals), *later]

        if depth == 0:
            return start
        begin, end = (0, depth) if self.part is None else self.part.ends
        if isinstance(depth, int):
            first = load(begin)
        else:
            types = [each.type for each in copies for _ in range(each.count)]
            first = self._where(compare(b, UNSIGNED_LESS, 0, depth), types, lambda: load(begin))
        return b.loop(begin, end, cut.depth, [*start, *first], slab)[: len(start)]

    def _where(
        self, condition: ir.Value, types: Sequence[ir.Type], load: Callable[[], list[ir.Value]]
    ) -> list[ir.Value]:
        """What is loaded of the first slab, zeros where there is none."""
        b = self.b
        op = b.create("scf.if", types, [condition], regions=2)
        with b.inside(ir.Block.create_at_start(op.regions[0])):
            b.create("scf.yield", [], load())
        with b.inside(ir.Block.create_at_start(op.regions[1])):
            b.create("scf.yield", [], [b.number(type_, 0) for type_ in types])
        return list(op.results)

    # The end

    def _to_shared(self, sums: Sequence[ir.Value]) -> None:
        """Stores sums of the thread in shared memory, as rows of the block."""
        b, lanes = self.b, self.registers.columns.near
        for number, value in enumerate(sums):
            row, column = self.registers.place(number)
            at = b.add(b.mul(row, self.pitches[1]), column)
            b.store(value, b.address(self.shared, at, self.total), lanes * element_bytes(self.total))

    def _finish(self, first: int, rows: int) -> None:
        """Finishes some rows of the block: threads take neighbours of a row."""
        b, cut = self.b, self.schedule
        lanes = min(width(self.group, self.roles), cut.block_columns)
        loops = self.rows, self.columns
        finish: product.Epilogue
        if self.part is None:
            finish = Epilogue(b, self.group, self.roles, self.all_seen, self.results, loops, lanes).finish
        else:
            finish = self.part.finish
        across, bytes_ = cut.block_columns // lanes, lanes * element_bytes(self.total)
        type_ = vector_of(self.total, lanes)

        def some(number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            row, place = b.split(number, across)
            column = b.mul(place, lanes)
            at = b.address(self.shared, b.add(b.mul(row, self.pitches[1]), column), self.total)
            r, c = b.add(self.first[0], b.add(row, first)), b.add(self.first[1], column)
            inside = b.one(
                "arith.andi",
                b.i1,
                compare(b, UNSIGNED_LESS, r, self.rows.total),
                compare(b, UNSIGNED_LESS, c, self.columns.total),
            )
            known = isinstance(self.columns.total, int) and self.columns.total % lanes == 0
            count = lanes if known else b.min(b.sub(self.columns.total, c), lanes)
            b.if_(inside, lambda: finish(b, r, c, b.load(type_, at, min(bytes_, VECTOR)), count))
            return []

        b.loop(self.number, rows * across, cut.threads, [], some)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is a product."""
    roles = recognize(group)
    if roles is None:
        return None
    nest = group.nests[roles.product]
    m, n, k = (known([nest.loops[i] for i in loops]) for loops in (roles.rows, roles.columns, roles.sums))
    batch = known([nest.loops[i] for i in roles.batch], 1) or 1
    values = roles.body.left.value, roles.body.right.value, roles.body.total
    a, b, c = (element_bytes(value.type) for value in values)
    return _TiledCode(group, roles, choose(Shape(m, n, k, batch, a, b, c), chip), chip.multiprocessors)
