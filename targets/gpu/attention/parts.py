# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention of few rows to many keys, as one step of a decoder with a cache: several blocks share the keys of a row,
and another grid puts what they found together, in their order.

A part is the highest of its scores, the sum of its powers, and its mix of values. As the parts do not know each other's
highest score, powers are taken from the highest of all afterwards (Dao et al., "Flash-Decoding", 2023).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen, evaluate
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.schedules import tunable
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.roles import Roles
from mograph.targets.gpu.attention.schedule import UNKNOWN, Shape
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.roles import factor, known
from mograph.targets.gpu.group import Grid, Thread
from mograph.targets.gpu.loops import Loops
from mograph.targets.gpu.points import EQUAL, UNSIGNED_LESS, VECTOR, compare

THREADS = 128
_LONG = 4096  # keys where their number is not known
_LEAST = 256  # keys that are worth a block
_MOST = 64
_EACH = 2  # blocks for each multiprocessor


@dataclass(frozen=True)
class Parts:
    """How many blocks share the keys of some rows."""

    count: int

    def __post_init__(self) -> None:
        if not 0 < self.count <= _MOST:
            raise ValueError(f"expected 1 to {_MOST} parts, found {self.count}")


@tunable("attention_parts")
def choose(shape: Shape, keys: int | None, rows: int, tile: int, chip: Chip) -> Parts:
    """As many as give all multiprocessors something to do, where blocks of so many rows do not; each of them has some
    tiles of keys.
    """
    blocks = ceil((shape.rows or UNKNOWN) / rows) * shape.batch
    if not blocks or 2 * blocks > chip.multiprocessors:
        return Parts(1)
    most = min(_MOST, (keys or _LONG) // max(_LEAST, 2 * tile))
    return Parts(max(1, min(_EACH * chip.multiprocessors // blocks, most)))


@dataclass(frozen=True)
class Extents:
    """The loops around rows, and how many rows and keys there are."""

    outer: Loops
    rows: Int
    keys: Int

    @classmethod
    def of(cls, b: Builder, group: Group, roles: Roles, symbols: Sequence[ir.Value]) -> "Extents":
        """Those of a group."""
        nest, row = group.nests[roles.scores.number], roles.row
        outer = Loops(b, nest, [loop for loop in range(group.shared) if loop != row], symbols)
        rows = 1 if row is None else evaluate(b, nest.loops[row].extent, symbols)
        return cls(outer, rows, evaluate(b, nest.loops[roles.scores.n].extent, symbols))


def described(group: Group, roles: Roles) -> tuple[Shape, int | None]:
    """What schedules are chosen for, and how many keys there are, where that is known."""
    nest, mix = group.nests[roles.scores.number], group.nests[roles.mix.number]
    rows = 1 if roles.row is None else known([nest.loops[roles.row]])
    batch = known([loop for number, loop in enumerate(nest.loops[: group.shared]) if number != roles.row], 1) or 1
    depth, width = nest.loops[roles.scores.k].extent.constant, mix.loops[roles.mix.n].extent.constant
    bytes_ = element_bytes(factor(nest, roles.scores.a).element)
    return Shape(rows, batch, depth, width, bytes_), known([nest.loops[roles.scores.n]])


def span(b: Builder, part: Int, parts: int, extents: tuple[Int, Int, Int], tile: int) -> tuple[Int, Int, Int]:
    """The keys of a part: where it begins, up to where indices do not matter, and where it ends, in tiles of so many.
    `extents` are the number of keys, of those whose indices do not matter, and of those that count.
    """
    keys, inside, end = extents
    if parts == 1:
        return 0, inside, end
    size = b.mul(b.blocks(keys, parts * tile), tile)
    begin = b.mul(part, size)
    end = b.min(end, b.add(begin, size))
    inside = b.one("arith.maxsi", b.i64, b.value(begin), b.value(b.min(inside, end)))
    return begin, inside, end


@dataclass(frozen=True)
class Partials:
    """What the parts have found, of which there are `parts`: for all rows of a part the mix one after the other, and
    behind all of these two numbers for each row.
    """

    group: Group
    roles: Roles
    parts: int
    exp2: Callable[[Builder, ir.Value], ir.Value] | None = None

    @property
    def _type(self) -> ir.Type:
        return self.roles.mix.body.total.type

    @property
    def _width(self) -> int:
        extent: int = self.group.nests[self.roles.mix.number].loops[self.roles.mix.n].extent.constant
        return extent

    def allocate(self, b: Builder) -> tuple[ir.Value, ir.Value]:
        """Memory for all parts, and its address."""
        lines = self._lines(b, Extents.of(b, self.group, self.roles, self._symbols))
        memory = b.allocate(self._type, b.mul(lines, self._width + 2))
        return memory, Descriptor(b, memory).aligned()

    @property
    def _symbols(self) -> Sequence[ir.Value]:
        symbols: Sequence[ir.Value] = self.group.nests[self.roles.scores.number].symbols
        return symbols

    def _lines(self, b: Builder, extents: Extents) -> Int:
        return b.mul(b.mul(extents.outer.total, self.parts), extents.rows)

    def keep(
        self, b: Builder, memory: ir.Value, extents: Extents, part: Int
    ) -> Callable[[Int, Int, ir.Value, ir.Value, ir.Value], None]:
        """What stores neighbours of a row of the part that is number `part` of all, and what goes with the row."""
        bytes_ = element_bytes(self._type)
        numbers = b.address(memory, b.mul(self._lines(b, extents), self._width), self._type)

        def store(row: Int, column: Int, mix: ir.Value, highest: ir.Value, total: ir.Value) -> None:
            line = b.add(b.mul(part, extents.rows), row)
            count = mix.type.shape[0] if isinstance(mix.type, ir.VectorType) else 1
            place = b.address(memory, b.add(b.mul(line, self._width), column), self._type)
            b.store(mix, place, min(VECTOR, count * bytes_))

            def of_row() -> None:
                for number, value in enumerate((highest, total)):
                    b.store(value, b.address(numbers, b.add(b.mul(line, 2), number), self._type), bytes_)

            b.if_(compare(b, EQUAL, column, 0), of_row)

        return store

    def grid(self, b: Builder) -> Grid:
        """A thread for each element of the mix."""
        extents = Extents.of(b, self.group, self.roles, self._symbols)
        count = b.mul(b.mul(extents.outer.total, extents.rows), self._width)
        return Grid((b.blocks(count, THREADS), 1, 1), (THREADS, 1, 1), name="attention_of_parts")

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        """Puts the parts of an element together, and finishes it."""
        roles, type_, own = self.roles, self._type, seen[self.roles.scores.number]
        extents, memory = Extents.of(b, self.group, roles, own.symbols), own.passed[-1]
        number = b.value(b.add(b.mul(thread.block(0), THREADS), thread.thread(0)))
        line, column = b.split(number, self._width)
        outer, row = b.split(line, extents.rows)
        bytes_ = element_bytes(type_)
        numbers = b.address(memory, b.mul(self._lines(b, extents), self._width), type_)

        def element() -> None:
            indices = extents.outer.indices(outer)
            between = Between(b, self.group, roles, seen, indices, (extents.rows, extents.keys), True, self.exp2)

            def of_part(part: ir.Value) -> tuple[Int, ir.Value]:
                """The line of a part, and the address of its two numbers."""
                line = b.add(b.mul(b.add(b.mul(outer, self.parts), part), extents.rows), row)
                return line, b.address(numbers, b.mul(line, 2), type_)

            def higher(part: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
                return [b.one(roles.kind, type_, carried[0], b.load(type_, of_part(part)[1], bytes_))]

            (highest,) = b.loop(0, self.parts, 1, [b.number(type_, float("-inf"))], higher)
            power = between.powers(highest)

            def add(part: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
                line, two = of_part(part)
                again = power(b.load(type_, two, bytes_))
                place = b.address(memory, b.add(b.mul(line, self._width), column), type_)
                found = [b.load(type_, each, bytes_) for each in (b.address(two, 1, type_), place)]
                terms = [b.one("arith.mulf", type_, each, again) for each in found]
                return [b.one("arith.addf", type_, *pair) for pair in zip(carried, terms, strict=True)]

            total, mix = b.loop(0, self.parts, 1, [b.number(type_, 0.0)] * 2, add)
            between.finish(row, column, mix, highest, total)

        count = b.mul(b.mul(extents.outer.total, extents.rows), self._width)
        b.if_(compare(b, UNSIGNED_LESS, number, count), element)
