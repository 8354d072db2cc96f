# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tiles of a factor in shared memory: loaded to registers first, a step ahead, so that loads overlap with arithmetic.

Lines of a tile are always of k, as matrix units read it. Where neighbours along m or n lie together in memory, a thread
loads some of them from each of the lines of a chunk, and turns them around in its registers.
"""

from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.amd.units import Unit
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.layout import CHUNK, Layout
from mograph.targets.gpu.narrow import SLT, Narrow, Number
from mograph.targets.gpu.product import Factor


def chunks_lie(factor: Factor) -> bool:
    """Whether the elements of each chunk along k lie together."""
    lies = isinstance(factor.along, int) and factor.along == 1
    bits: int = factor.element.width
    return lies and (factor.steps is None or factor.together % (CHUNK * 8 // bits) == 0)


@record
class _Place:
    """What a thread loads at once: where it begins along m or n and along k in a tile, and whether that is in it."""

    across: Number
    along: Number
    inside: ir.Value | None


class Load:
    """Loads tile after tile of a factor, by all threads of a block. `first` is where the tiles begin along m or n, of
    `extent` elements, and `depth` the extent along k. `wide` is how many elements along m or n a thread loads at once
    where those lie together.
    """

    def __init__(
        self, b: Builder, layout: Layout, factor: Factor, wide: int, threads: int, thread: Number,
        first: Int, extent: Int, depth: Int,
    ) -> None:  # fmt: skip
        self.b, self.i, self.layout, self.factor = b, Narrow(b), layout, factor
        self.by_k = chunks_lie(factor)
        self.wide = 1 if self.by_k else wide
        self.elements = CHUNK // layout.bytes
        self.word = ir.IntegerType.get_signless(8 * layout.bytes)
        self.first, self.extent, self.depth = first, extent, depth
        i = self.i
        chunks, lines = layout.line // CHUNK, layout.size // self.wide
        self.places: list[_Place] = []
        for number in range(-(-chunks * lines // threads)):
            at, inside = i.add(thread, number * threads), None
            if (number + 1) * threads > chunks * lines:  # then some threads load what others do, and do not store it
                inside = self._less(i.value(at), i.value(chunks * lines))
                at = i.at_most(at, chunks * lines - 1)
            if self.by_k:
                line, chunk = i.split(at, chunks)
            else:
                chunk, line = i.split(at, lines)
            self.places.append(_Place(i.mul(line, self.wide), i.mul(chunk, self.elements), inside))
        self.rows = [self._row(place) for place in self.places]

    def _less(self, x: ir.Value, y: ir.Value) -> ir.Value:
        return self.b.one("arith.cmpi", self.b.i1, x, y, predicate=ir.IntegerAttr.get(self.b.i64, SLT))

    def _row(self, place: _Place) -> ir.Value:
        """The address of what a thread loads at the beginning of k. Beyond m or n, where nothing that is made of it is
        stored, it is that of the last element.
        """
        b, factor = self.b, self.factor
        across = b.add(self.first, self.i.wide(place.across))
        if not (isinstance(self.extent, int) and self.extent % self.layout.size == 0):
            across = b.min(across, b.sub(self.extent, self.wide))
        return b.address(factor.base, factor.row(b, across), self.word)

    def start(self, at: Int) -> list[ir.Value]:
        """Begins to load the tile from `at` of k on: the chunks of a thread, as words of 32 bits."""
        found: list[ir.Value] = []
        for place, row in zip(self.places, self.rows, strict=True):
            k = self.b.add(at, self.i.wide(place.along))
            found += self._by_k(row, k) if self.by_k else self._turned(row, k)
        return found

    def _by_k(self, row: ir.Value, k: Int) -> list[ir.Value]:
        b, elements = self.b, self.elements
        vector = ir.VectorType.get([elements], self.word)
        start = b.address(row, self.factor.step(b, k), self.word)
        if isinstance(self.depth, int) and self.depth % self.layout.depth == 0:
            return [self._words(b.load(vector, start, self.layout.bytes))]
        whole = self._less(b.value(b.add(k, elements - 1)), b.value(self.depth))
        op = b.create("scf.if", [vector], [whole], regions=2)
        with b.inside(ir.Block.create_at_start(op.regions[0])):
            b.create("scf.yield", [], [b.load(vector, start, self.layout.bytes)])
        with b.inside(ir.Block.create_at_start(op.regions[1])):
            each = [self._element(row, b.add(k, number), 1) for number in range(elements)]
            b.create("scf.yield", [], [b.one("vector.from_elements", vector, *each)])
        return [self._words(op.results[0])]

    def _turned(self, row: ir.Value, k: Int) -> list[ir.Value]:
        b = self.b
        lines = [self._element(row, b.add(k, number), self.wide) for number in range(self.elements)]
        vector = ir.VectorType.get([self.elements], self.word)
        if self.wide == 1:
            return [self._words(b.one("vector.from_elements", vector, *lines))]
        found = []
        for number in range(self.wide):
            at = ir.DenseI64ArrayAttr.get([number])
            each = [b.one("vector.extract", self.word, line, static_position=at) for line in lines]
            found.append(self._words(b.one("vector.from_elements", vector, *each)))
        return found

    def _element(self, row: ir.Value, k: Int, wide: int) -> ir.Value:
        """So many elements along m or n at a place along k: 0 beyond its extent."""
        b = self.b
        type_ = ir.VectorType.get([wide], self.word) if wide > 1 else self.word
        if isinstance(self.depth, int) and self.depth % self.layout.depth == 0:
            return b.load(type_, b.address(row, self.factor.step(b, k), self.word), self.layout.bytes)
        there = self._less(b.value(k), b.value(self.depth))
        near = b.min(k, b.sub(self.depth, 1))
        value = b.load(type_, b.address(row, self.factor.step(b, near), self.word), self.layout.bytes)
        return b.one("arith.select", type_, there, value, b.number(type_, 0))

    def _words(self, vector: ir.Value) -> ir.Value:
        return self.b.one("llvm.bitcast", ir.VectorType.get([4], self.b.i32), vector)

    def finish(self, chunks: list[ir.Value], target: ir.Value) -> None:
        """Stores the chunks that `start` gave to a tile in shared memory."""
        rest = iter(chunks)
        for place in self.places:
            mine = [next(rest) for _ in range(self.wide)]

            def store(place: _Place = place, mine: list[ir.Value] = mine) -> None:
                for number, chunk in enumerate(mine):
                    line, at = self.i.add(place.across, number), self.i.split(place.along, self.elements)[0]
                    self.b.store(chunk, self.i.at(target, self.layout.place(self.i, line, at)), CHUNK)

            if place.inside is None:
                store()
            else:
                self.b.if_(place.inside, store)


def operands(b: Builder, unit: Unit, bytes_: int, chunks: Sequence[ir.Value]) -> list[ir.Value]:
    """What a lane gives a unit, of a row's chunks of 16 bytes along k, as words of 32 bits, of elements of `bytes_`.
    One chunk may be several operands, and two may be one.
    """
    operand = ir.Type.parse(unit.operand)
    if len(chunks) == 2:
        mask = ir.DenseI64ArrayAttr.get(list(range(8)))
        chunks = [b.one("vector.shuffle", ir.VectorType.get([8], b.i32), *chunks, mask=mask)]
        return [b.one("llvm.bitcast", operand, chunks[0])]
    pieces = CHUNK // (unit.take * bytes_)
    if pieces == 1:
        return [b.one("llvm.bitcast", operand, chunks[0])]
    word = ir.IntegerType.get_signless(unit.take * bytes_ * 8)
    words = b.one("llvm.bitcast", ir.VectorType.get([pieces], word), chunks[0])
    found = []
    for number in range(pieces):
        piece = b.one("vector.extract", word, words, static_position=ir.DenseI64ArrayAttr.get([number]))
        found.append(piece if operand == word else b.one("llvm.bitcast", operand, piece))
    return found
