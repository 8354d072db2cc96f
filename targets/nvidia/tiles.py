# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tiles of a factor in shared memory: copied there asynchronously, and read as fragments of matrices.

What is beyond the factor is filled with 0.
"""

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.layout import CHUNK, PERIOD, Layout
from mograph.targets.gpu.narrow import SLT, Narrow, Number
from mograph.targets.gpu.product import Factor


@record
class _Place:
    """A unit that a thread copies: its line, the element in it, where it goes in the tile and where it is, each as what
    units have in common and the bytes from there on, which take no register where they are known.
    """

    line: Number
    element: Number
    goal: Number
    below: int
    source: ir.Value
    apart: Int


class Copy:
    """Copies tile after tile of a factor, by all threads of a block: `unit` bytes at once each. `first` is where the
    tiles begin along m or n, of `extent` elements, and `depth` the extent along k.
    """

    def __init__(
        self, b: Builder, layout: Layout, factor: Factor, unit: int, threads: int, thread: Number,
        first: Int, extent: Int, depth: Int,
    ) -> None:  # fmt: skip
        self.b, self.i, self.layout, self.factor, self.unit = b, Narrow(b), layout, factor, unit
        self.extent, self.depth, self.first = extent, depth, first
        units = layout.line // unit
        self.count = -(-layout.lines * units // threads)
        self.whole = self.count * threads == layout.lines * units
        self.places: list[_Place] = []
        # Whether a tile is as far from the first one as its first step: none goes beyond what lies together along k.
        self.even = factor.steps is None or (layout.by_k and factor.together % layout.depth == 0)
        together = threads // units if threads % (units * PERIOD) == 0 else 0  # lines, where permutations repeat
        apart = (factor.rows if layout.by_k else factor.steps) is None  # whether lines all are as far apart
        for number in range(self.count):
            if together and number and not apart:
                one = self.places[0]
                line, goal = self.i.add(one.line, number * together), number * together * layout.line
                self.places.append(_Place(line, one.element, one.goal, goal, self._start(line, one.element), 0))
                continue
            if together and number:
                one, more = self.places[0], number * together
                step = b.mul(more * layout.bytes, factor.across if layout.by_k else factor.along)
                line = self.i.add(one.line, more)
                self.places.append(_Place(line, one.element, one.goal, more * layout.line, one.source, step))
                continue
            line, unit_in_line = self.i.split(self.i.add(thread, number * threads), units)
            chunk, rest = self.i.split(self.i.mul(unit_in_line, unit), CHUNK)
            at = self.i.add(layout.place(self.i, line, chunk), rest)
            element = self.i.mul(unit_in_line, unit // layout.bytes)
            self.places.append(_Place(line, element, at, 0, self._start(line, element), 0))

    def _start(self, line: Number, element: Number) -> ir.Value:
        """Where a thread's unit begins in the first tile."""
        across, along = (line, element) if self.layout.by_k else (element, line)
        b, i, factor = self.b, self.i, self.factor
        offset = factor.row(b, b.add(self.first, i.wide(across)))
        if self.even:
            offset = b.add(offset, i.wide(along) if self.layout.by_k else b.mul(i.wide(along), factor.along))
        return b.address(factor.base, b.mul(offset, self.layout.bytes), b.i8)

    def start(self, at: Int, target: ir.Value) -> None:
        """Begins to copy the tile from `at` of k on to shared memory."""
        b, i = self.b, self.i
        steps: dict[Number, Int] = {}
        ends: dict[tuple[ir.Value, Number, Number], tuple[ir.Value, ir.Value]] = {}
        for place in self.places:
            along: Number = 0 if self.even else place.element if self.layout.by_k else place.line
            if along not in steps:
                steps[along] = b.mul(self.factor.step(b, b.add(at, i.wide(along))), self.layout.bytes)
            key = (place.source, place.goal, along)
            if key not in ends:
                ends[key] = b.address(place.source, steps[along], b.i8), i.at(target, place.goal)
            source, goal = b.address(ends[key][0], place.apart, b.i8), i.at(ends[key][1], place.below)
            size = self._size(at, place.line, place.element)

            def copy(source: ir.Value = source, goal: ir.Value = goal, size: Number = size) -> None:
                self._copy(source, goal, size)

            if self.whole:
                copy()
            else:
                inside = b.one(
                    "arith.cmpi", b.i1, i.value(place.line), i.value(self.layout.lines), predicate=self._less
                )
                b.if_(inside, copy)

    @property
    def _less(self) -> ir.Attribute:
        return ir.IntegerAttr.get(self.b.i64, SLT)

    def _size(self, at: Int, line: Number, element: Number) -> Number:
        """How many bytes of a unit there are in the factor."""
        b, i = self.b, self.i
        k, across = (element, line) if self.layout.by_k else (line, element)
        inner = (
            (at, k, self.depth, self.layout.depth)
            if self.layout.by_k
            else (self.first, across, self.extent, self.layout.size)
        )
        outer = (
            (self.first, across, self.extent, self.layout.size)
            if self.layout.by_k
            else (at, k, self.depth, self.layout.depth)
        )
        size: Number = self.unit
        start, place, extent, tile = inner
        if not _divides(extent, tile):
            left = b.sub(extent, b.add(start, i.wide(place)))
            left = b.one("arith.maxsi", b.i64, b.value(b.min(left, self.unit // self.layout.bytes)), b.value(0))
            size = i.mul(i.cut(left), self.layout.bytes)
        start, place, extent, tile = outer
        if not _divides(extent, tile):
            there = b.one(
                "arith.cmpi", b.i1, b.value(b.add(start, i.wide(place))), b.value(extent), predicate=self._less
            )
            size = b.one("arith.select", b.i32, there, i.value(size), i.value(0))
        return size

    def _copy(self, source: ir.Value, goal: ir.Value, size: Number) -> None:
        b = self.b
        if self.unit >= 4:
            always = isinstance(size, int)
            around = ir.Attribute.parse("#nvvm<load_cache_modifier " + ("cg>" if self.unit == CHUNK else "ca>"))
            attributes = {"size": ir.IntegerAttr.get(b.i32, self.unit), "modifier": around}
            b.create(
                "nvvm.cp.async.shared.global", [], [goal, source, *([] if always else [self.i.value(size)])], attributes
            )
            return
        word = ir.IntegerType.get_signless(8 * self.unit)
        zero = b.number(word, 0)
        if isinstance(size, int):
            b.store(b.load(word, source, self.unit), goal, self.unit)
            return
        some = b.one("arith.cmpi", b.i1, self.i.value(0), size, predicate=self._less)
        op = b.create("scf.if", [word], [some], regions=2)
        for region, value in zip(op.regions, (None, zero), strict=True):
            with b.inside(ir.Block.create_at_start(region)):
                b.create("scf.yield", [], [b.load(word, source, self.unit) if value is None else value])
        b.store(op.results[0], goal, self.unit)


def _divides(extent: Int, tile: int) -> bool:
    return isinstance(extent, int) and extent % tile == 0


class Fragments:
    """Reads a warp's fragments of a tile: of A, or of B. A warp's part begins at `first` along m or n, and has `size`.

    Elements of 8 bits in lines along m or n are read in pairs of neighbours, which are then taken apart. So the first
    eight rows or columns of a fragment are those of even numbers of the 16, and then come the odd ones: `paired`.
    """

    def __init__(self, b: Builder, layout: Layout, lane: Number, first: Number, size: int, of_a: bool) -> None:
        self.b, self.i, self.layout, self.of_a = b, Narrow(b), layout, of_a
        self.paired = layout.bytes == 1 and not layout.by_k
        self.by_word = layout.bytes == 4 and not layout.by_k
        i = self.i
        if self.by_word:
            self.column, self.line = i.split(lane, 4)
            self.column = i.add(first, self.column)
            return
        matrix, row = i.split(lane, PERIOD)
        low, high = i.both(matrix, 1), i.shift(matrix, 1)
        across, along = (low, high) if of_a else (high, low)  # which of the four matrices, in units of eight
        self.places: list[Number] = []  # in the first lines of a step; permutations repeat there
        if self.paired:  # a word has lines 0, 1, 4, 5, ... of 16, another one has 2, 3, 6, 7, ...
            line = i.add(i.mul(i.shift(row, 1), 4), i.both(row, 1))
            line = i.add(line, i.add(i.mul(low, 2), i.mul(high, 16)))
        else:
            line = i.add(i.mul(across if layout.by_k else along, PERIOD), row)
        if layout.by_k:
            line = i.add(first, line)
        for number in range(layout.line // (2 * CHUNK) if layout.by_k else size // 16):
            if layout.by_k:
                chunk = i.add(along, 2 * number)
            elif self.paired:
                chunk = i.add(i.shift(first, 4), number)
            else:
                chunk = i.add(i.shift(first, 3), i.add(across, 2 * number))
            self.places.append(layout.place(i, line, chunk))

    def load(self, tile: ir.Value, part: int, step: int) -> list[ir.Value]:
        """The four words of a lane, of the 16 elements along m or n from `16 * part` on and a step along k: of A those
        of rows and of rows eight further on, then the same later along k; of B those of columns and later along k, then
        those of columns eight further on.
        """
        if self.by_word:
            return self._words(tile, part, step)
        b, i = self.b, self.i
        lines, place = (16 * part, self.places[step]) if self.layout.by_k else (self._deep * step, self.places[part])
        at = i.at(i.at(tile, place), lines * self.layout.line)
        form = "row" if self.layout.by_k else "col"
        attributes = {
            "num": ir.IntegerAttr.get(b.i32, 4),
            "layout": ir.Attribute.parse(f"#nvvm.mma_layout<{form}>"),
            "shape": ir.Attribute.parse("#nvvm.ld_st_matrix_shape<m = 8, n = 8>"),
            "eltType": ir.Attribute.parse("#nvvm.ld_st_matrix_elt_type<b16>"),
        }
        four = ir.Type.parse("!llvm.struct<(i32, i32, i32, i32)>")
        both = b.one("nvvm.ldmatrix", four, at, **attributes)
        words = [b.one("llvm.extractvalue", b.i32, both, position=ir.DenseI64ArrayAttr.get([n])) for n in range(4)]
        if not self.paired:
            return words
        even, odd = ([permute(b, words[at], words[at + 1], order) for at in (0, 2)] for order in (0x6420, 0x7531))
        return [even[0], odd[0], even[1], odd[1]] if self.of_a else [*even, *odd]

    @property
    def _deep(self) -> int:
        """Elements of a step along k."""
        return 2 * CHUNK // self.layout.bytes

    def _words(self, tile: ir.Value, part: int, step: int) -> list[ir.Value]:
        """Elements of 32 bits, one by one."""
        b, i, found = self.b, self.i, []
        order = ((0, 0), (1, 0), (0, 1), (1, 1)) if self.of_a else ((0, 0), (0, 1), (1, 0), (1, 1))
        for across, along in order:
            chunk, rest = i.split(i.add(self.column, 16 * part + 8 * across), 4)
            line = i.add(self.line, self._deep * step + 4 * along)
            place = i.add(self.layout.place(i, line, chunk), i.mul(rest, 4))
            found.append(b.load(b.i32, i.at(tile, place), 4))
        return found


def permute(b: Builder, low: ir.Value, high: ir.Value, order: int) -> ir.Value:
    """The word whose bytes are those of two words, by four bits of `order` for each, the lowest first."""
    attributes = {
        "intrin": ir.StringAttr.get("llvm.nvvm.prmt"),
        "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([3, 0]),
    }
    return b.one("llvm.call_intrinsic", b.i32, low, high, b.number(b.i32, order), **attributes)
