# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products on AMD's matrix units: MFMA on CDNA, WMMA on RDNA, on tiles of which two are in shared memory.

Elements are f32 (to full precision), f16, bf16, i8 or floats of 8 bits, as far as the chip has a unit for them; sums
are f32 or i32. Any extents and distances do; what lies together is loaded together.

The units are given B for A and A for B, so that what a lane gets lies in rows of C.
"""

from mlir import ir

from mograph.targets.amd.schedule import PAD, Schedule
from mograph.targets.amd.tiles import Load, chunks_lie, operands
from mograph.targets.amd.units import Unit, units_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.handover import Handover
from mograph.targets.gpu.layout import CHUNK, Layout
from mograph.targets.gpu.narrow import SLT, Narrow, Number
from mograph.targets.gpu.product import Epilogue, Factor, Product


def copied(factor: Factor, extent: Int) -> int:
    """How many bytes can be loaded at once."""
    if chunks_lie(factor):
        return CHUNK
    bytes_: int = factor.element.width // 8
    if not isinstance(factor.across, int) or factor.across != 1:
        return bytes_
    near = extent if factor.rows is None else factor.together or extent
    return next(wide for wide in (8, 4, 2, 1) if isinstance(near, int) and near % wide == 0 or wide == 1) * bytes_


def held(element: ir.Type, chip: Chip) -> int:
    """How many registers a thread needs for a sum."""
    return 1


def suits(product: Product, chip: Chip) -> bool:
    """Whether matrix units of a chip take the elements."""
    return product.a.element == product.b.element and bool(units_of(chip, str(product.a.element)))


def emit(
    b: Builder,
    thread: Thread,
    product: Product,
    schedule: Schedule,
    chip: Chip,
    row: Int,
    column: Int,
    epilogue: Epilogue,
) -> None:
    """The code of a thread of a block that makes the tile from a row and a column of C on, and hands it to `epilogue`
    in vectors. All threads of the block come by here. Extents along m and n are 1 at least.
    """
    unit = next(each for each in units_of(chip, str(product.a.element)) if each.size == schedule.size)
    _Tile(b, thread, product, schedule, unit, row, column).emit(epilogue)


class _Tile:
    def __init__(
        self, b: Builder, thread: Thread, product: Product, schedule: Schedule, unit: Unit, row: Int, column: Int
    ) -> None:
        self.b, self.i, self.thread, self.product, self.schedule, self.unit = (
            b, Narrow(b), thread, product, schedule, unit,
        )  # fmt: skip
        self.row, self.column = row, column
        i, s, bytes_ = self.i, schedule, product.a.element.width // 8
        self.bytes = bytes_
        element: ir.Type = b.i32 if isinstance(product.a.element, ir.IntegerType) else b.f32
        self.sums = ir.VectorType.get([unit.sums(s.subgroup)], element)
        number = i.cut(thread.thread(0))
        self.wave, self.lane = i.split(number, s.subgroup)
        down, across = i.split(self.wave, s.columns // s.wave_columns)
        self.down, self.across = i.mul(down, s.wave_rows), i.mul(across, s.wave_columns)
        self.layouts = [Layout(size, s.depth, bytes_, by_k=True) for size in (s.rows, s.columns)]
        self.first = self.layouts[0].total
        self.stage = self.first + self.layouts[1].total
        self.loads = [
            Load(b, self.layouts[0], product.a, s.wide_a, s.threads, number, row, product.m, product.k),
            Load(b, self.layouts[1], product.b, s.wide_b, s.threads, number, column, product.n, product.k),
        ]
        self.taken = max(1, unit.take * bytes_ // CHUNK)  # chunks that a lane reads at once
        self.steps = s.depth * bytes_ // (CHUNK * self.taken * unit.groups)
        group, line = i.split(self.lane, unit.size)
        self.group, self.line = group, line
        mine = i.mul(group, self.taken) if unit.groups > 1 else 0
        self.chunks = [i.add(mine, step * self.taken * unit.groups) for step in range(self.steps)]
        self.shared = thread.shared(s.shared(bytes_))

    def emit(self, epilogue: Epilogue) -> None:
        """Loads a step ahead, computes step by step, and hands the sums over."""
        b, i, s = self.b, self.i, self.schedule
        parts = s.wave_rows // s.size * (s.wave_columns // s.size)
        zero = b.number(self.sums, 0)
        count = [len(self.loads[0].places) * self.loads[0].wide, len(self.loads[1].places) * self.loads[1].wide]
        chunk = ir.VectorType.get([4], b.i32)
        nothing = [b.number(chunk, 0)] * sum(count)

        begin, end = self.product.ends

        def load(at: Int) -> list[ir.Value]:
            """What is at a place along k; nothing beyond what is summed."""
            less = ir.IntegerAttr.get(b.i64, SLT)
            inside = b.one("arith.cmpi", b.i1, b.value(at), b.value(end), predicate=less)
            op = b.create("scf.if", [chunk] * sum(count), [inside], regions=2)
            with b.inside(ir.Block.create_at_start(op.regions[0])):
                b.create("scf.yield", [], [*self.loads[0].start(at), *self.loads[1].start(at)])
            with b.inside(ir.Block.create_at_start(op.regions[1])):
                b.create("scf.yield", [], nothing)
            return list(op.results)

        def step(at: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
            place, *rest = carried
            chunks, sums = rest[: sum(count)], rest[sum(count) :]
            tile = i.at(self.shared, place)
            self.loads[0].finish(chunks[: count[0]], tile)
            self.loads[1].finish(chunks[count[0] :], i.at(tile, self.first))
            self.thread.barrier()
            chunks = load(b.add(at, s.depth))
            sums = self._multiply(tile, sums)
            other = b.one("arith.subi", b.i32, i.value(self.stage), place)
            return [other, *chunks, *sums]

        start = [i.value(0), *load(begin), *[zero] * parts]
        result = b.loop(begin, end, s.depth, start, step)
        self.thread.barrier()
        self._hand_over(result[1 + sum(count) :], epilogue)

    def _read(self, tile: ir.Value, layout: Layout, first: Number, step: int) -> list[ir.Value]:
        """A lane's operands for a step along k, of the matrix from a row or column on."""
        b, i, unit = self.b, self.i, self.unit
        line = i.add(first, self.line)
        four = ir.VectorType.get([4], b.i32)
        chunks = [
            b.load(four, i.at(tile, layout.place(i, line, i.add(self.chunks[step], number))), CHUNK)
            for number in range(self.taken)
        ]
        return operands(b, unit, self.bytes, chunks)

    def _multiply(self, tile: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
        i, s, result = self.i, self.schedule, list(sums)
        right_tile = i.at(tile, self.first)
        across = s.wave_columns // s.size
        for step in range(self.steps):
            left = [
                self._read(tile, self.layouts[0], i.add(self.down, part * s.size), step)
                for part in range(s.wave_rows // s.size)
            ]
            right = [
                self._read(right_tile, self.layouts[1], i.add(self.across, part * s.size), step)
                for part in range(across)
            ]
            for piece in range(len(left[0])):
                for r, x in enumerate(left):
                    for c, y in enumerate(right):
                        at = r * across + c
                        result[at] = self._one(y[piece], x[piece], result[at])
        return result

    def _one(self, x: ir.Value, y: ir.Value, sums: ir.Value) -> ir.Value:
        b = self.b
        if self.unit.op.startswith("rocdl.wmma"):
            return b.one(self.unit.op, self.sums, x, y, sums)
        none = self.i.value(0)
        return b.one(self.unit.op, self.sums, x, y, sums, none, none, none)

    def _hand_over(self, sums: list[ir.Value], epilogue: Epilogue) -> None:
        """Through shared memory, a row of matrices of a wavefront at a time."""
        b, i, s, unit = self.b, self.i, self.schedule, self.unit
        pitch = 4 * s.wave_columns + PAD
        own = i.at(self.shared, i.mul(self.wave, s.size * pitch))
        others = s.subgroup // s.size
        run = min(unit.run, 4)
        mine = i.add(i.mul(self.line, pitch), i.mul(self.group, 4 * unit.run))
        hand = Handover(
            b, self.product, (s.rows, s.columns), (self.row, self.column), self.lane, s.subgroup, s.vector, epilogue
        )
        part = ir.VectorType.get([run], ir.VectorType(self.sums).element_type)
        across = s.wave_columns // s.size
        for r in range(s.wave_rows // s.size):
            for c in range(across):
                for number in range(0, unit.sums(s.subgroup), run):
                    each = [
                        b.one(
                            "vector.extract",
                            part.element_type,
                            sums[r * across + c],
                            static_position=ir.DenseI64ArrayAttr.get([number + n]),
                        )
                        for n in range(run)
                    ]
                    place = i.add(mine, 4 * (c * s.size + unit.row(number, others)))
                    b.store(b.one("vector.from_elements", part, *each), i.at(own, place), 4 * run)
            self.thread.barrier()
            hand.rows(own, pitch, s.size, s.wave_columns, i.add(self.down, s.size * r), self.across)
            self.thread.barrier()
