# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of element-wise nests that read inputs across the order in which they write.

A block takes a tile: it copies that of each such input to memory that its threads share, neighbours in the input by
neighbouring threads, then computes what is in the tile by neighbours in the output. A row of the copy is one element
longer than the tile, so that threads which read across rows do not meet in a bank of that memory. Of elements narrower
than words a thread takes 16 bytes at once in both directions, where all addresses are known to be aligned.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.body import from_storage, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, ZERO, Nest, Product, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.points import (
    VECTOR,
    Points,
    aligned,
    both,
    is_narrow,
    less,
    name_of,
    split,
    steps,
    where,
    width_of,
)

LANES = 32
LINE = 128  # bytes that neighbours in a tile have at least
WORD = 4  # bytes of an element of which the threads of a subgroup have a line
SMALLEST = 8  # neighbours that make tiles worth it, where it is known how many there are


@record
class Crossed:
    """The loops of a nest that are cut into tiles: `row`, along which the `inputs` (operands by number) lie together,
    and `column`, along which outputs do.
    """

    row: int
    column: int
    inputs: tuple[int, ...]


@record
class Schedule:
    """Elements of a tile in both directions, the threads that take the elements of a column, and how many neighbours a
    thread takes at once.
    """

    size: int
    threads: int
    width: int = 1


def _check(schedule: Schedule, nest: Nest, crossed: Crossed, chip: Chip) -> None:
    if schedule.size < LANES or schedule.size % LANES or schedule.threads < 1 or schedule.size % schedule.threads:
        raise ValueError(f"expected tiles of a multiple of {LANES}, and threads that divide it")
    if schedule.threads * LANES > chip.threads or _bytes(nest, crossed, schedule.size) > chip.shared:
        raise ValueError(f"expected at most {chip.threads} threads and {chip.shared} bytes that they share")
    if schedule.width < 1 or width(nest, crossed) % schedule.width or schedule.size % schedule.width:
        raise ValueError(f"expected a width that divides {width(nest, crossed)} and the tile, found {schedule.width}")


def _bytes(nest: Nest, crossed: Crossed, size: int) -> int:
    return sum(element_bytes(a.element) * size * (size + 1) for a in nest.memory if _crosses(a.strides, crossed))


def _crosses(strides: Sequence[Product], crossed: Crossed) -> bool:
    return strides[crossed.row] == ONE and strides[crossed.column] not in (ZERO, ONE)


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Tiles of one to four times the least size, each with other numbers of threads."""
    sizes = (schedule.size, LANES, 2 * LANES, 4 * LANES)
    yield from variants(schedule, ({"size": size, "threads": threads} for threads in (8, 4, 16, 32) for size in sizes))
    yield from variants(schedule, ({"width": width} for width in (1, 2, 4, 8, 16)))


@tunable("gpu_transpose", candidates=_candidates, check=_check)
def choose(nest: Nest, crossed: Crossed, chip: Chip) -> Schedule:
    """Tiles whose rows and columns are whole lines of memory, where what is shared suffices for two blocks. The threads
    of a subgroup have a line of words: narrower elements are taken several at once.
    """
    narrowest = min(element_bytes(access.element) for access in nest.memory)
    size = min(2 * LANES, max(LANES, LINE // narrowest))
    while size > LANES and 2 * _bytes(nest, crossed, size) > chip.shared:
        size //= 2
    return Schedule(size, 8, width(nest, crossed) if narrowest < WORD else 1)


def width(nest: Nest, crossed: Crossed) -> int:
    """How many neighbours a thread can take at once in both directions: tiles and all addresses are known to be at
    multiples of it.
    """
    found = min(width_of([nest], crossed.column), VECTOR // max(element_bytes(a.element) for a in nest.memory))
    for loop in (crossed.row, crossed.column):
        needed = [*steps([nest], loop), nest.loops[loop].extent]
        while found > 1 and (aligned(needed, found)[0] < found or aligned(needed, found)[1]):
            found //= 2
    return found


def recognize(nest: Nest) -> Crossed | None:
    """How to cut the nest; None when it is not element-wise, or does not read across."""
    loops = range(len(nest.loops))
    if any(loop.reduces for loop in nest.loops) or any(op.name == "memref.load" for op in nest.body_ops):
        return None
    for column in loops:
        if any(access.strides[column] != ONE for access in nest.outputs) or _short(nest, column):
            continue
        inputs = [
            (k, access)
            for k, access in enumerate(nest.accesses)
            if access in nest.memory and not access.is_output and access.is_read
        ]
        crossing = [(k, access) for k, access in inputs if access.strides[column] not in (ZERO, ONE)]
        for row in loops:
            if crossing and row != column and all(a.strides[row] == ONE for _, a in crossing) and not _short(nest, row):
                return Crossed(row, column, tuple(k for k, _ in crossing))
    return None


def _short(nest: Nest, loop: int) -> bool:
    extent = nest.loops[loop].extent
    return not extent.symbols and extent.constant < SMALLEST


def match(group: Group, chip: Chip) -> Coded | None:
    """A group of one nest that reads across."""
    crossed = recognize(group.nests[0]) if len(group.nests) == 1 else None
    if crossed is None or 2 * _bytes(group.nests[0], crossed, LANES) > chip.shared:
        return None
    return _CrossedCode(group.nests[0], crossed, choose(group.nests[0], crossed, chip))


@record
class _CrossedCode:
    nest: Nest
    crossed: Crossed
    schedule: Schedule

    def _order(self) -> list[int]:
        row, column = self.crossed.row, self.crossed.column
        return [*(loop for loop in range(len(self.nest.loops)) if loop not in (row, column)), row, column]

    def _tiles(self, b: Builder, symbols: Sequence[ir.Value]) -> list[Int]:
        """How many tiles there are along each loop."""
        extents = [evaluate(b, self.nest.loops[loop].extent, symbols) for loop in self._order()]
        return [*extents[:-2], *(b.blocks(extent, self.schedule.size) for extent in extents[-2:])]

    def grid(self, b: Builder) -> Grid:
        total: Int = 1
        for count in self._tiles(b, self.nest.symbols):
            total = b.mul(total, count)
        name = name_of("transpose", [loop.extent for loop in self.nest.loops])
        return Grid((total, 1, 1), (LANES * self.schedule.threads, 1, 1), name=name)

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        nest, crossed, size = self.nest, self.crossed, self.schedule.size
        order, symbols = self._order(), seen[0].symbols
        width = self.schedule.width
        at = Points(b, nest, seen[0], crossed.column if width > 1 else None)
        narrow = is_narrow([nest.loops[loop].extent for loop in order])
        first = dict(zip(order, split(b, thread.block(0), self._tiles(b, symbols), narrow), strict=True))
        for loop in (crossed.row, crossed.column):
            first[loop] = b.mul(first[loop], size)
        ends = {loop: evaluate(b, nest.loops[loop].extent, symbols) for loop in (crossed.row, crossed.column)}
        copies = {
            k: thread.shared(size * (size + 1) * element_bytes(storage_type(at.access(k).element)))
            for k in crossed.inputs
        }

        def each(lane: int, other: int, code: Callable[[Mapping[int, Int], Int, Int], None]) -> None:
            """Goes through the tile, neighbours along the loop `lane` by neighbouring threads: with the indices, and
            the place in the tile along `lane` and `other`.
            """
            across = min(LANES, size // width)  # threads that have a line of the tile, or a part of it
            down = LANES * self.schedule.threads // across
            y, x = b.split(thread.thread(0), across)
            for i in range(0, size, down):
                for j in range(0, size, across * width):
                    places = {lane: b.add(b.mul(x, width), j), other: b.add(y, i)}
                    indices = {**first, **{loop: b.add(first[loop], place) for loop, place in places.items()}}
                    inside = [
                        None if _whole(ends[loop], size) else less(b, indices[loop], ends[loop]) for loop in places
                    ]
                    inside.append(None if i + down <= size else less(b, places[other], size))
                    where(b, both(b, *inside), lambda p=places, n=indices: code(n, p[lane], p[other]))  # type: ignore[misc]

        def copy(indices: Mapping[int, Int], row: Int, column: Int) -> None:
            for k, memory in copies.items():
                storage, bytes_ = _storage(at, k)
                place = b.add(b.mul(column, size + 1), row)
                values = b.load(vector_of(storage, width), at.address(k, indices), min(VECTOR, width * bytes_))
                for lane in range(width):
                    position = ir.DenseI64ArrayAttr.get([lane])
                    value = values
                    if width > 1:
                        value = b.one("vector.extract", storage, values, static_position=position)
                    b.store(value, b.address(memory, b.add(place, lane), storage), bytes_)

        def compute(indices: Mapping[int, Int], column: Int, row: Int) -> None:
            arguments = {k: at.load(k, indices, width) for k in at.reads if k not in copies}
            for k, memory in copies.items():
                storage, bytes_ = _storage(at, k)
                values = b.number(vector_of(storage, width), 0) if width > 1 else None
                for lane in range(width):
                    place = b.add(b.mul(b.add(column, lane), size + 1), row)
                    value = b.load(storage, b.address(memory, place, storage), bytes_)
                    position = ir.DenseI64ArrayAttr.get([lane])
                    if values is not None:
                        value = values = b.one("vector.insert", values.type, value, values, static_position=position)
                arguments[k] = from_storage(b, value, at.access(k).element)
            for k, value in enumerate(at.apply(arguments, indices, width), at.first_output):
                at.store(k, indices, value, width)

        each(crossed.row, crossed.column, copy)
        thread.barrier()
        each(crossed.column, crossed.row, compute)


def _whole(extent: Int, size: int) -> bool:
    return isinstance(extent, int) and extent % size == 0


def _storage(at: Points, k: int) -> tuple[ir.Type, int]:
    storage = storage_type(at.access(k).element)
    return storage, element_bytes(storage)
