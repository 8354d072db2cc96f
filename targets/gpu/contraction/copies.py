# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Slabs of an operand: copied by all threads of a block to memory that they share.

A slab has some points of a tile, its rows or columns, and some steps of the sums. In shared memory the points of a step
are neighbours. Threads that are neighbours copy elements that are neighbours in memory. What is not there is not read:
a point behind the last one is that again, and so is a step, of which zero is stored where that is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

from mlir import ir

from mograph.targets.cpu.body import vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import ONE, Access, Nest, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.loops import Loops
from mograph.targets.gpu.points import UNSIGNED_LESS, VECTOR, compare


@dataclass(frozen=True)
class Tile:
    """The part of an operand that a block needs: `points` from number `first` on of the loops `outer`, and of the loops
    `sums` `depth` steps at a time.
    """

    outer: Loops
    sums: Loops
    first: Int
    points: int
    depth: int
    threads: int


class Copies:
    """Copies slabs of an operand whose first element, for the block, is at `base`.

    `convert` makes what is multiplied of what is in memory; `pitch` is how far steps are apart in shared memory.
    """

    def __init__(
        self,
        b: Builder,
        nest: Nest,
        access: Access,
        base: ir.Value,
        tile: Tile,
        thread: Int,
        pitch: int,
        convert: Callable[[ir.Value], ir.Value],
        fill: bool,
    ) -> None:
        self.b, self.nest, self.access, self.base, self.tile = b, nest, access, base, tile
        self.thread, self.pitch, self.convert = thread, pitch, convert
        self.stored = storage_type(access.element)
        self.lanes = self._lanes()
        self.count = tile.points * tile.depth // tile.threads // self.lanes
        depth = tile.sums.total
        self.ragged = not (isinstance(depth, int) and depth % tile.depth == 0)
        self.fill = fill and self.ragged
        self.places = list(self._places())
        whole = isinstance(tile.outer.total, int) and tile.outer.total % tile.points == 0
        lines: dict[Int, ir.Value] = {}
        for point, _ in self.places:
            if point not in lines:
                at = b.add(tile.first, point)
                at = at if whole else b.min(at, b.sub(tile.outer.total, self.lanes if self._along_points() else 1))
                lines[point] = b.address(base, tile.outer.offset(access, at), self.stored)
        self.lines = [lines[point] for point, _ in self.places]

    def _places(self) -> Sequence[tuple[Int, Int]]:
        """The point and the step of each element that the thread copies."""
        b, tile = self.b, self.tile
        inner = (tile.points if self._along_points() else tile.depth) // self.lanes
        found: list[tuple[Int, Int]] = []
        if inner <= tile.threads:
            outer, near = b.split(self.thread, inner)
            near = b.mul(near, self.lanes)
            found += [(near, b.add(outer, i * (tile.threads // inner))) for i in range(self.count)]
        else:
            ratio, apart = inner // tile.threads, tile.threads * self.lanes
            near = b.mul(self.thread, self.lanes)
            found += [(b.add(near, i % ratio * apart), i // ratio) for i in range(self.count)]
        return found if self._along_points() else [(far, near) for near, far in found]

    def _lanes(self) -> int:
        """How many neighbours are copied at once: those that are known to be there together, and aligned."""
        tile, access = self.tile, self.access
        loops = (tile.outer if self._along_points() else tile.sums).loops
        near, extent = loops[-1], self.nest.loops[loops[-1]].extent
        most = VECTOR // element_bytes(access.element)
        others = [stride for loop, stride in enumerate(access.strides) if loop != near] + [*access.offset]
        if access.strides[near] != ONE or extent.symbols:
            return 1
        depth = tile.points if self._along_points() else tile.depth
        fits = (extent.constant, depth, tile.points * tile.depth // tile.threads)
        return gcd(most, *(each.constant for each in others), *fits)

    def _along_points(self) -> bool:
        """Whether neighbours in memory are neighbouring points, and not steps."""
        strides, tile = self.access.strides, self.tile
        if not tile.outer.loops:
            return False
        return bool(strides[tile.sums.loops[-1]] != ONE or strides[tile.outer.loops[-1]] == ONE)

    @property
    def type(self) -> ir.Type:
        """What a thread loads at once."""
        return vector_of(self.stored, self.lanes)

    def load(self, step: Int) -> list[ir.Value]:
        """The thread's elements of the slab that begins with a step."""
        b, tile, found, known = self.b, self.tile, [], dict[Int, Int]()
        type_, bytes_ = self.type, self.lanes * element_bytes(self.stored)
        for (_, near), line in zip(self.places, self.lines, strict=True):
            if near not in known:
                at = b.add(step, near)
                if self.ragged:
                    at = b.min(at, b.sub(tile.sums.total, 1 if self._along_points() else self.lanes))
                known[near] = tile.sums.offset(self.access, at)
            found.append(b.load(type_, b.address(line, known[near], self.stored), bytes_))
        return found

    def store(self, values: Sequence[ir.Value], target: ir.Value, left: Int) -> None:
        """Stores what was loaded of a slab, of which so many steps are left, as lines of shared memory."""
        b = self.b
        for (point, step), value in zip(self.places, values, strict=True):
            value = self.convert(value)
            if self.fill:
                there = compare(b, UNSIGNED_LESS, step, left)
                value = b.one("arith.select", value.type, there, value, b.number(value.type, 0))
            at = b.add(b.mul(step, self.pitch), point)
            if self.lanes == 1 or self._along_points():
                element = value.type.element_type if self.lanes > 1 else value.type
                bytes_ = min(VECTOR, self.lanes * element_bytes(element))
                b.store(value, b.address(target, at, element), bytes_)
                continue
            element = value.type.element_type
            for lane in range(self.lanes):
                one = b.one("vector.extract", element, value, static_position=ir.DenseI64ArrayAttr.get([lane]))
                b.store(one, b.address(target, b.add(at, lane * self.pitch), element), element_bytes(element))
