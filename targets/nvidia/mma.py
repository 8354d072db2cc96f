# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products on tensor cores of sm_80 and up: `mma.sync` on tiles that asynchronous copies bring, several stages ahead.

Elements are f16, bf16, i8, or f32 as tf32 where the caller allows that; sums are f32 or i32. Any extents and distances
do: what cannot be copied 16 bytes at once is copied in smaller units, and what is not there is taken for 0.
"""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.handover import Handover
from mograph.targets.gpu.layout import Layout
from mograph.targets.gpu.narrow import SLT, Narrow
from mograph.targets.gpu.product import Epilogue, Factor, Product
from mograph.targets.nvidia.schedule import COLUMN, PAD, ROW, Schedule
from mograph.targets.nvidia.tiles import Copy, Fragments

_KINDS = {"f16": ("f16", 16), "bf16": ("bf16", 16), "f32": ("tf32", 8), "i8": ("s8", 32)}
"""By element: what tensor cores call it, and how many of them along k they take at once."""


def copied(factor: Factor) -> int | None:
    """How many bytes of a factor can be copied at once; None where it lies in no order that tensor cores read."""
    bytes_: int = factor.element.width // 8
    by_k = isinstance(factor.along, int) and factor.along == 1
    if not by_k and (bytes_ != 2 or not isinstance(factor.across, int) or factor.across != 1):
        return None
    return max(bytes_, min(16, factor.aligned))


def suits(product: Product) -> bool:
    """Whether tensor cores of sm_80 take the factors as they lie."""
    same = product.a.element == product.b.element
    return same and str(product.a.element) in _KINDS and None not in (copied(product.a), copied(product.b))


def emit(
    b: Builder, thread: Thread, product: Product, schedule: Schedule, row: Int, column: Int, epilogue: Epilogue
) -> None:
    """The code of a thread of a block that makes the tile from a row and a column of C on, and hands it to `epilogue`
    in vectors. All threads of the block come by here.
    """
    _Mma(b, thread, product, schedule, row, column).emit(epilogue)


def multiply(
    b: Builder, element: ir.Type, a: Sequence[ir.Value], c: Sequence[ir.Value], sums: Sequence[ir.Value]
) -> list[ir.Value]:
    """One `mma.sync`: a lane's four sums with the products of its four words of A and two of B."""
    kind, depth = _KINDS[str(element)]
    if kind == "f16":
        pair = ir.VectorType.get([2], ir.F16Type.get())
        a, c = ([b.one("llvm.bitcast", pair, word) for word in words] for words in (a, c))
    type_ = ir.Attribute.parse(f"#nvvm.mma_type<{kind}>")
    attributes = {
        "shape": ir.Attribute.parse(f"#nvvm.shape<m = {ROW}, n = {COLUMN}, k = {depth}>"),
        "layoutA": ir.Attribute.parse("#nvvm.mma_layout<row>"),
        "layoutB": ir.Attribute.parse("#nvvm.mma_layout<col>"),
        "multiplicandAPtxType": type_,
        "multiplicandBPtxType": type_,
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([4, 2, 4]),
    }
    if isinstance(element, ir.IntegerType):
        attributes["intOverflowBehavior"] = ir.Attribute.parse("#nvvm.mma_int_overflow<wrapped>")
    sum_ = sums[0].type
    four = ir.Type.parse("!llvm.struct<(" + ", ".join([str(sum_)] * 4) + ")>")
    result = b.create("nvvm.mma.sync", [four], [*a, *c, *sums], attributes).results[0]
    return [b.one("llvm.extractvalue", sum_, result, position=ir.DenseI64ArrayAttr.get([n])) for n in range(4)]


class _Mma:
    def __init__(self, b: Builder, thread: Thread, product: Product, schedule: Schedule, row: Int, column: Int) -> None:
        self.b, self.i, self.thread, self.product, self.schedule = b, Narrow(b), thread, product, schedule
        self.row, self.column = row, column
        i, s, bytes_ = self.i, schedule, product.a.element.width // 8
        self.sum: ir.Type = b.i32 if isinstance(product.a.element, ir.IntegerType) else b.f32
        number = i.cut(thread.thread(0))
        warp, self.lane = i.split(number, 32)
        down, across = i.split(warp, s.columns // s.warp_columns)
        self.warp, self.down, self.across = warp, i.mul(down, s.warp_rows), i.mul(across, s.warp_columns)
        layouts = [
            Layout(size, s.depth, bytes_, isinstance(factor.along, int) and factor.along == 1)
            for size, factor in ((s.rows, product.a), (s.columns, product.b))
        ]
        self.first = layouts[0].total
        self.stage = self.first + layouts[1].total
        self.copies = [
            Copy(b, layouts[0], product.a, s.copy_a, s.threads, number, row, product.m, product.k),
            Copy(b, layouts[1], product.b, s.copy_b, s.threads, number, column, product.n, product.k),
        ]
        self.left = Fragments(b, layouts[0], self.lane, self.down, s.warp_rows, of_a=True)
        self.right = Fragments(b, layouts[1], self.lane, self.across, s.warp_columns, of_a=False)
        self.steps = s.depth * bytes_ // 32
        self.shared = thread.shared(s.shared(bytes_))

    def emit(self, epilogue: Epilogue) -> None:
        """Copies some stages ahead, computes stage by stage, and hands the sums over."""
        b, i, s = self.b, self.i, self.schedule
        for stage in range(s.stages - 1):
            self._copy(stage * s.depth, self.i.at(self.shared, stage * self.stage))
        zero = b.number(self.sum, 0)
        start = [zero] * (s.warp_rows // ROW * (s.warp_columns // COLUMN) * 4)
        ring = s.stages * self.stage

        def step(at: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
            read, write, *sums = carried
            self._wait(s.stages - 2)
            self.thread.barrier()
            self._copy(b.add(at, (s.stages - 1) * s.depth), i.at(self.shared, write))
            sums = self._multiply(i.at(self.shared, read), sums)
            return [self._next(read, ring), self._next(write, ring), *sums]

        places = [i.value(0), i.value((s.stages - 1) * self.stage)]
        _, _, *sums = b.loop(0, self.product.k, s.depth, [*places, *start], step)
        self._wait(0)
        self.thread.barrier()
        self._hand_over(sums, epilogue)

    def _copy(self, at: Int, target: ir.Value) -> None:
        """Begins to copy a stage, if there is one. What of it lies beyond k is filled with 0."""
        b, k = self.b, self.product.k

        def copy() -> None:
            for each, place in zip(self.copies, (0, self.first), strict=True):
                each.start(at, self.i.at(target, place))

        if not isinstance(at, int) or not isinstance(k, int):
            less = ir.IntegerAttr.get(b.i64, SLT)
            b.if_(b.one("arith.cmpi", b.i1, b.value(at), b.value(k), predicate=less), copy)
        elif at < k:
            copy()
        b.create("nvvm.cp.async.commit.group", [], [])

    def _wait(self, others: int) -> None:
        """Waits for a thread's copies but for so many groups begun last."""
        self.b.create("nvvm.cp.async.wait.group", [], [], {"n": ir.IntegerAttr.get(self.b.i32, others)})

    def _next(self, place: ir.Value, ring: int) -> ir.Value:
        b, i = self.b, self.i
        moved = i.value(i.add(place, self.stage))
        inside = b.one("arith.cmpi", b.i1, moved, i.value(ring), predicate=ir.IntegerAttr.get(b.i64, SLT))
        return b.one("arith.select", b.i32, inside, moved, i.value(0))

    def _multiply(self, tile: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
        s, result = self.schedule, list(sums)
        right_tile = self.i.at(tile, self.first)
        for step in range(self.steps):
            left = [self.left.load(tile, part, step) for part in range(s.warp_rows // ROW)]
            right = [self.right.load(right_tile, part, step) for part in range(s.warp_columns // (2 * COLUMN))]
            for r, a in enumerate(left):
                for c in range(s.warp_columns // COLUMN):
                    at = 4 * (r * (s.warp_columns // COLUMN) + c)
                    two = right[c // 2][2 * (c % 2) : 2 * (c % 2) + 2]
                    result[at : at + 4] = multiply(self.b, self.product.a.element, a, two, result[at : at + 4])
        return result

    def _hand_over(self, sums: Sequence[ir.Value], epilogue: Epilogue) -> None:
        """Through shared memory, 16 rows of a warp at a time: there, neighbours of a row are in different threads."""
        b, i, s = self.b, self.i, self.schedule
        pitch = (s.warp_columns + PAD) * 4
        own = i.at(self.shared, i.mul(self.warp, ROW * pitch))
        line, pair = i.split(self.lane, 4)
        put = i.add(i.mul(line, pitch), i.mul(pair, 8))
        two = ir.VectorType.get([2], self.sum)
        hand = Handover(
            b, self.product, (s.rows, s.columns), (self.row, self.column), self.lane, 32, s.vector, epilogue
        )
        for r in range(s.warp_rows // ROW):
            for c in range(s.warp_columns // COLUMN):
                at = 4 * (r * (s.warp_columns // COLUMN) + c)
                for half in range(2):
                    both = b.one("vector.from_elements", two, *sums[at + 2 * half : at + 2 * half + 2])
                    b.store(both, i.at(own, i.add(put, (8 * half) * pitch + c * COLUMN * 4)), 8)
            b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
            hand.rows(own, pitch, ROW, s.warp_columns, i.add(self.down, ROW * r), self.across)
            b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
