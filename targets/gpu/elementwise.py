# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of nests that compute element by element: a thread takes neighbours along the loop by which outputs lie
together, as many as are loaded and stored at once.

Where it is not known that addresses are aligned, threads look at the strides, which are the same for all of them; a
thread at the end takes its elements one by one.
"""

from collections.abc import Collection, Iterator, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Nest, Product, Seen, evaluate
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.points import (
    Points,
    aligned,
    both,
    compare,
    evaluate_all,
    fits,
    is_narrow,
    less,
    name_of,
    split,
    steps,
    where,
    width_of,
)

THREADS = 256
_NOT_LESS = 9  # arith's predicate for numbers without sign


@record
class Schedule:
    """Elements that a thread takes at once, and threads of a block."""

    width: int
    threads: int


def _check(schedule: Schedule, group: Group, along: int | None, chip: Chip) -> None:
    most = _width(group.nests, along, group.temps)
    if schedule.width < 1 or most % schedule.width:
        raise ValueError(f"expected a width that divides {most}, found {schedule.width}")
    if not 0 < schedule.threads <= chip.threads:
        raise ValueError(f"expected 1 to {chip.threads} threads, found {schedule.threads}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Other widths, each with other numbers of threads."""
    numbers = (schedule.threads, 128, 512, 64, 1024)
    widths = (schedule.width, 2 * schedule.width, schedule.width // 2, 4 * schedule.width, schedule.width // 4)
    yield from variants(schedule, ({"width": width, "threads": threads} for threads in numbers for width in widths))


@tunable("gpu_elementwise", candidates=_candidates, check=_check)
def choose(group: Group, along: int | None, chip: Chip) -> Schedule:
    """As wide as memory is accessed, but few enough elements a thread that all multiprocessors have some."""
    extents = [loop.extent for loop in group.nests[0].loops]
    width = _width(group.nests, along, group.temps)
    if is_narrow(extents):
        total = 1
        for extent in extents:
            total *= extent.constant
        while width > 1 and total < width * chip.multiprocessors * THREADS:
            width //= 2
    return Schedule(width, THREADS)


def _width(nests: Sequence[Nest], along: int | None, temps: Collection[ir.Value]) -> int:
    if along is None:
        return 1
    return aligned(steps(nests, along), width_of(nests, along, temps))[0]


def match(group: Group, chip: Chip) -> Coded | None:
    """A group all of whose loops are parallel and shared."""
    nests = group.nests
    shared = group.shared if len(nests) > 1 else len(nests[0].loops)
    if any(len(nest.loops) != shared or any(loop.reduces for loop in nest.loops) for nest in nests):
        return None
    if not _plain(group):
        return None
    along = _along(nests, shared)
    order = sorted(range(shared), key=lambda loop: loop == along)
    return _ElementwiseCode(group, tuple(order), along, choose(group, along, chip))


def _along(nests: Sequence[Nest], shared: int) -> int | None:
    """The loop by which most operands lie together, outputs above all."""
    best: tuple[int, int] | None = None
    for loop in range(shared):
        score = sum(
            (8 if access.is_output else 1) for nest in nests for access in nest.memory if access.strides[loop] == ONE
        )
        if score and (best is None or score >= best[0]):
            best = score, loop
    return best[1] if best else (shared - 1 if shared else None)


def _plain(group: Group) -> bool:
    """Whether what a nest reads of another one is at the same point."""
    written: dict[ir.Value, list[Product]] = {}
    for nest in group.nests:
        for access in nest.memory:
            if access.is_read and access.memref in written and access.strides != written[access.memref]:
                return False
        written.update({access.memref: access.strides for access in nest.outputs})
    return True


@record
class _ElementwiseCode:
    group: Group
    order: tuple[int, ...]  # loops, the last of which changes from thread to thread
    along: int | None
    schedule: Schedule

    def _extents(self, b: Builder, symbols: Sequence[ir.Value]) -> list[Int]:
        return [evaluate(b, self.group.nests[0].loops[loop].extent, symbols) for loop in self.order]

    def grid(self, b: Builder) -> Grid:
        extents, threads = self._extents(b, self.group.nests[0].symbols), self.schedule.threads
        total: Int = b.blocks(extents[-1], self.schedule.width) if extents else 1
        for extent in extents[:-1]:
            total = b.mul(total, extent)
        name = name_of("elementwise", [loop.extent for loop in self.group.nests[0].loops])
        return Grid((b.blocks(total, threads), 1, 1), (threads, 1, 1), name=name)

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        width, nests, symbols = self.schedule.width, self.group.nests, seen[0].symbols
        points = [Points(b, nest, each, self.along) for nest, each in zip(nests, seen, strict=True)]
        extents = self._extents(b, symbols)
        counts = [*extents[:-1], b.blocks(extents[-1], width)] if extents else []
        number = b.value(b.add(b.mul(thread.block(0), self.schedule.threads), thread.thread(0)))
        total: Int = 1
        for count in counts:
            total = b.mul(total, count)
        narrow = is_narrow([nests[0].loops[loop].extent for loop in self.order])

        def stretch() -> None:
            indices = dict(zip(self.order, split(b, number, counts, narrow), strict=True))
            if width == 1 or self.along is None:
                evaluate_all(self.group, points, indices, 1)
                return
            first, end = b.mul(indices[self.along], width), extents[-1]
            whole = isinstance(end, int) and end % width == 0
            inside = None if whole else compare(b, _NOT_LESS, end, b.add(first, width))
            _, unknown = aligned(steps(nests, self.along), width)
            along = self.along

            def wide() -> None:
                evaluate_all(self.group, points, {**indices, along: first}, width)

            def one_by_one() -> None:
                last = end if whole else b.min(end, b.add(first, width))
                b.each(first, last, 1, lambda index: evaluate_all(self.group, points, {**indices, along: index}, 1))

            where(b, both(b, inside, fits(b, unknown, width, symbols)), wide, one_by_one)

        exact = isinstance(total, int) and total % self.schedule.threads == 0
        where(b, None if exact else less(b, number, total), stretch)
