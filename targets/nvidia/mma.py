# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products on tensor cores of sm_80 and up: `mma.sync` on tiles that asynchronous copies bring, several stages ahead.

Elements are f16, bf16, i8, floats of 8 bits, or f32 as tf32 where the caller allows that; sums are f32 or i32. Any
extents and distances do: what cannot be copied 16 bytes at once is copied in smaller units, and what is not there is
taken for 0. Chips without units for floats of 8 bits multiply them as f16, which has all of their values.
"""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.handover import Handover
from mograph.targets.gpu.layout import CHUNK, Layout
from mograph.targets.gpu.narrow import SLT, Narrow
from mograph.targets.gpu.product import Epilogue, Factor, Product
from mograph.targets.nvidia.schedule import COLUMN, PAD, ROW, Schedule
from mograph.targets.nvidia.tiles import Copy, Fragments, permute

_KINDS = {
    "f16": ("f16", 16), "bf16": ("bf16", 16), "f32": ("tf32", 8), "i8": ("s8", 32),
    "f8E4M3FN": ("e4m3", 32), "f8E5M2": ("e5m2", 32),
}  # fmt: skip
"""By element: what tensor cores call it, and how many of them along k they take at once."""
_NARROW = ("f8E4M3FN", "f8E5M2")


def copied(factor: Factor, extent: Int) -> int:
    """How many bytes of a factor can be copied at once."""
    bytes_: int = factor.element.width // 8
    if not any(isinstance(apart, int) and apart == 1 for apart in (factor.along, factor.across)):
        return bytes_
    return max(bytes_, min(CHUNK, factor.aligned))


def held(element: ir.Type, chip: Chip) -> int:
    """How many registers a thread needs for a sum: one more for what is added to it, where `multiply` does that."""
    return 2 if str(element) in _NARROW and chip.has("f8") else 1


def suits(product: Product, chip: Chip) -> bool:
    """Whether tensor cores of a chip take the elements."""
    return product.a.element == product.b.element and str(product.a.element) in _KINDS


def emit(
    b: Builder, thread: Thread, product: Product, schedule: Schedule, chip: Chip,
    row: Int, column: Int, epilogue: Epilogue,
) -> None:  # fmt: skip
    """The code of a thread of a block that makes the tile from a row and a column of C on, and hands it to `epilogue`
    in vectors. All threads of the block come by here.
    """
    _Mma(b, thread, product, schedule, chip, row, column).emit(epilogue)


def multiply(
    b: Builder, element: ir.Type, a: Sequence[ir.Value], c: Sequence[ir.Value], sums: Sequence[ir.Value]
) -> list[ir.Value]:
    """One `mma.sync`: a lane's four sums with the products of its four words of A and two of B."""
    kind, depth = _KINDS[str(element)]
    if str(element) in _NARROW:
        return _multiply_narrow(b, kind, a, c, sums)
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
    return _four(b, sums[0].type, "nvvm.mma.sync", [*a, *c, *sums], attributes)


def _multiply_narrow(
    b: Builder, kind: str, a: Sequence[ir.Value], c: Sequence[ir.Value], sums: Sequence[ir.Value]
) -> list[ir.Value]:
    """Of floats of 8 bits: `nvvm` has no operation for it. Sums begin at 0 each time, and are added to the others in
    f32, since tensor cores of sm_89 and sm_90 keep some 14 bits only of what they add such products up to.
    """
    places = [", ".join(f"${at}" for at in range(*ends)) for ends in ((0, 4), (4, 8), (8, 10))]
    text = f"mma.sync.aligned.m{ROW}n{COLUMN}k32.row.col.f32.{kind}.{kind}.f32 "
    text += f"{{{places[0]}}}, {{{places[1]}}}, {{{places[2]}}}, {{$10, $10, $10, $10}};"
    attributes = {
        "asm_string": ir.StringAttr.get(text),
        "constraints": ir.StringAttr.get(",".join(["=f"] * 4 + ["r"] * 6 + ["f"])),
    }
    zero = b.number(b.f32, 0)
    found = _four(b, b.f32, "llvm.inline_asm", [*a, *c, zero], attributes)
    return [b.one("arith.addf", b.f32, one, other) for one, other in zip(sums, found, strict=True)]


def _four(
    b: Builder, type_: ir.Type, name: str, operands: Sequence[ir.Value], attributes: Mapping[str, ir.Attribute]
) -> list[ir.Value]:
    """The four results of an operation, which come as one."""
    four = ir.Type.parse("!llvm.struct<(" + ", ".join([str(type_)] * 4) + ")>")
    result = b.create(name, [four], operands, attributes).results[0]
    return [b.one("llvm.extractvalue", type_, result, position=ir.DenseI64ArrayAttr.get([n])) for n in range(4)]


class _Operands:
    """What is multiplied, made of a lane's words of a factor: those of each `mma.sync`, one after the other."""

    def __init__(self, b: Builder, element: ir.Type, chip: Chip) -> None:
        self.b, self.stored = b, str(element)
        self.widened = self.stored in _NARROW and not chip.has("f8")
        self.element: ir.Type = ir.F16Type.get() if self.widened else element

    def of_a(self, words: Sequence[ir.Value]) -> list[list[ir.Value]]:
        """Of four words of A."""
        if not self.widened:
            return [self._rounded(words)]
        wide = [self._widened(word) for word in words]  # what is k of f16 there may be any k, for A and B alike
        return [[wide[at + row][half] for half in (0, 1) for row in (0, 1)] for at in (0, 2)]

    def of_b(self, words: Sequence[ir.Value]) -> list[list[ir.Value]]:
        """Of two words of B."""
        return [self._widened(word) for word in words] if self.widened else [self._rounded(words)]

    def _rounded(self, words: Sequence[ir.Value]) -> list[ir.Value]:
        """f32 as tf32, to nearest: tensor cores cut bits off."""
        if self.stored != "f32":
            return list(words)
        nearest = ir.Attribute.parse("#nvvm.fp_rnd_mode<rna>")
        floats = [self.b.one("llvm.bitcast", self.b.f32, word) for word in words]
        return [self.b.one("nvvm.convert.float.to.tf32", self.b.i32, each, rnd=nearest) for each in floats]

    def _widened(self, word: ir.Value) -> list[ir.Value]:
        """Four floats of 8 bits as two words of f16."""
        b = self.b

        def do(name: str, x: ir.Value, y: int | ir.Value) -> ir.Value:
            return b.one(f"arith.{name}", b.i32, x, b.number(b.i32, y) if isinstance(y, int) else y)

        zero = b.number(b.i32, 0)
        halves = [permute(b, word, zero, order) for order in (0x1404, 0x3424)]  # bytes are the upper ones of halves
        if self.stored == "f8E5M2":
            return halves
        pair, found = ir.VectorType.get([2], ir.F16Type.get()), []
        for half in halves:
            magnitude = do("andi", do("shrui", half, 1), 0x3F803F80)
            # Multiplying corrects the exponent's bias, and makes normal numbers of denormal ones.
            number = b.one("arith.mulf", pair, b.one("llvm.bitcast", pair, magnitude), b.number(pair, 256))
            number = b.one("llvm.bitcast", b.i32, number)
            nan = do("andi", do("addi", magnitude, 0x00800080), 0x40004000)  # where all bits of a magnitude were set
            nan = do("shli", do("subi", nan, do("shrui", nan, 5)), 1)  # the bits of infinity
            found.append(do("ori", do("ori", number, nan), do("andi", half, -0x7FFF8000)))
        return found


class _Mma:
    def __init__(
        self, b: Builder, thread: Thread, product: Product, schedule: Schedule, chip: Chip, row: Int, column: Int
    ) -> None:
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
        self.operands = _Operands(b, product.a.element, chip)
        self.steps = s.depth * bytes_ // 32
        self.shared = thread.shared(s.shared(bytes_))

    def emit(self, epilogue: Epilogue) -> None:
        """Copies some stages ahead, computes stage by stage, and hands the sums over."""
        b, i, s = self.b, self.i, self.schedule
        begin, end = self.product.ends
        for stage in range(s.stages - 1):
            self._copy(b.add(begin, stage * s.depth), self.i.at(self.shared, stage * self.stage))
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
        _, _, *sums = b.loop(begin, end, s.depth, [*places, *start], step)
        self._wait(0)
        self.thread.barrier()
        self._hand_over(sums, epilogue)

    def _copy(self, at: Int, target: ir.Value) -> None:
        """Begins to copy a stage, if there is one. What of it lies beyond k is filled with 0."""
        b, k = self.b, self.product.ends[1]

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
            left = [self.operands.of_a(self.left.load(tile, part, step)) for part in range(s.warp_rows // ROW)]
            right = []
            for part in range(s.warp_columns // (2 * COLUMN)):
                words = self.right.load(right_tile, part, step)
                right += [self.operands.of_b(words[:2]), self.operands.of_b(words[2:])]
            for r, a in enumerate(left):
                for c, two in enumerate(right):
                    at = 4 * (r * len(right) + c)
                    for one, other in zip(a, two, strict=True):
                        result[at : at + 4] = multiply(self.b, self.operands.element, one, other, result[at : at + 4])
        return result

    def _hand_over(self, sums: Sequence[ir.Value], epilogue: Epilogue) -> None:
        """Through shared memory, 16 rows of a warp at a time: there, neighbours of a row are in different threads."""
        b, i, s = self.b, self.i, self.schedule
        pitch = (s.warp_columns + PAD) * 4
        own = i.at(self.shared, i.mul(self.warp, ROW * pitch))
        line, pair = i.split(self.lane, 4)
        down, next_ = (2, 1) if self.left.paired else (1, 8)  # rows apart: of neighbouring lanes, and of a lane's own
        across = 2 if self.right.paired else 1  # columns apart
        put = i.add(i.mul(line, down * pitch), i.mul(pair, 8 * across))
        wide = ir.VectorType.get([2 * across], self.sum)
        hand = Handover(
            b, self.product, (s.rows, s.columns), (self.row, self.column), self.lane, 32, s.vector, epilogue
        )
        count = s.warp_columns // COLUMN
        for r in range(s.warp_rows // ROW):
            for c in range(0, count, across):
                for half in range(2):
                    at = 4 * (r * count + c) + 2 * half
                    each = [sums[at + 4 * other + number] for number in range(2) for other in range(across)]
                    place = i.at(own, i.add(put, half * next_ * pitch + c * COLUMN * 4))
                    b.store(b.one("vector.from_elements", wide, *each), place, 8 * across)
            b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
            hand.rows(own, pitch, ROW, s.warp_columns, i.add(self.down, ROW * r), self.across)
            b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
