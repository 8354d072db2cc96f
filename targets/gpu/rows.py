# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of groups whose nests share rows: softmax, norms, sums along any axis, of everything.

A team of threads takes a row. Each member goes through stretches of neighbours, the same ones in all nests, so that
what a nest computes from an element and another one needs stays in the thread: in registers where a row's length is
known and they are enough, else it is computed again from memory. Few long rows are shared by several blocks, and a
second kernel puts their results together: no sum depends on the order in which blocks run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Product, Seen, evaluate
from mograph.targets.cpu.plan import combiners
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.exchange import Team
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.points import aligned, fits, less, name_of, split, steps, where
from mograph.targets.gpu.row import Range, RowCode
from mograph.targets.gpu.teams import POINT, THREADS, Rows, Schedule, choose, narrow, recognize, too_few


def match(group: Group, chip: Chip) -> Coded | None:
    """A group with reductions of rows, or a nest alone that is one."""
    rows = recognize(group)
    if rows is None:
        return None
    schedule = choose(rows, chip)
    if len(group.nests) > 1 and too_few(rows, schedule, chip):
        return None
    return _First(group, rows, schedule, chip)


@dataclass(frozen=True)
class _First:
    """All of it, or the part of it that blocks share."""

    group: Group
    rows: Rows
    schedule: Schedule
    chip: Chip

    def grid(self, b: Builder) -> Grid:
        schedule = self.schedule
        total = evaluate(b, self.rows.rows, self.rows.nests[0].symbols)
        each = schedule.rows * (schedule.width if self.rows.across else 1)
        blocks, threads = b.blocks(total, each), _threads(self.rows, schedule)
        if schedule.parts == 1:
            return Grid((blocks, 1, 1), threads, name=_name("rows", self.rows))
        results = [access for i in self.rows.reductions for access in self.rows.nests[i].outputs]
        scratch = [b.allocate(access.element, b.mul(total, schedule.parts)) for access in results]
        passed = [Descriptor(b, memref).aligned() for memref in scratch]
        then = _Second(self.group, self.rows, schedule, self.chip)
        return Grid((blocks, schedule.parts, 1), threads, passed, then, scratch, _name("parts", self.rows))

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        schedule, rows = self.schedule, self.rows
        unknown = [step for step in _unknown(rows, schedule.width) if schedule.width > 1 and not rows.across]

        def code(schedule: Schedule) -> None:
            team, row, valid = _place(b, rows, schedule, self.chip, seen, thread)
            elements = evaluate(b, rows.elements, seen[0].symbols)
            stretches = elements if rows.across else b.blocks(elements, schedule.width)
            across = schedule.width if rows.across else 1
            shared = _shared(b, rows, schedule, seen, row, thread)
            code = RowCode(b, self.group, rows, schedule, seen, team, shared, valid)
            if schedule.parts == 1:
                code.run(Range(0, stretches))
                return
            part = thread.block(1)
            each = b.mul(b.blocks(stretches, schedule.parts * schedule.members), schedule.members)
            first = b.min(b.mul(part, each), stretches)
            range_ = Range(first, b.min(b.add(first, each), stretches))
            if rows.across:  # neighbouring rows have their parts side by side
                total = evaluate(b, rows.rows, seen[0].symbols)
                code.run_part(range_, b.add(b.mul(part, total), b.mul(row, across)))
            else:
                code.run_part(range_, b.add(b.mul(row, schedule.parts), part))

        wide = fits(b, unknown, schedule.width, seen[0].symbols)
        where(b, wide, lambda: code(schedule), lambda: code(replace(schedule, width=1, held=0)))


@dataclass(frozen=True)
class _Second:
    """Puts together what blocks have made of parts of a row, and does what comes after that."""

    group: Group
    rows: Rows
    schedule: Schedule
    chip: Chip

    def _teams(self) -> Schedule:
        members = 1 << (self.schedule.parts - 1).bit_length()
        return replace(self.schedule, members=members, rows=max(1, THREADS // members), width=1, held=0)

    def grid(self, b: Builder) -> Grid:
        teams = self._teams()
        total = evaluate(b, self.rows.rows, self.rows.nests[0].symbols)
        threads = teams.rows * teams.members
        return Grid((b.blocks(total, teams.rows), 1, 1), (threads, 1, 1), name=_name("whole", self.rows))

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        teams, rows = self._teams(), replace(self.rows, across=False)
        team, row, valid = _place(b, rows, teams, self.chip, seen, thread)
        shared = _shared(b, rows, teams, seen, row, thread)
        code = RowCode(b, self.group, rows, teams, seen, team, shared, valid)
        if self.rows.across:
            code.run_last(row, evaluate(b, rows.rows, seen[0].symbols))
        else:
            code.run_last(b.mul(row, teams.parts), 1)


def _name(what: str, rows: Rows) -> str:
    kinds = [kind for i in rows.reductions for kind in combiners(rows.nests[i]) or []]
    words = [what, *(kind.removeprefix("arith.") for kind in dict.fromkeys(kinds))]
    return name_of("_".join(words), [rows.rows, rows.elements])


def _unknown(rows: Rows, width: int) -> list[Product]:
    """What has to be a multiple of the width and is not known to be."""
    found: list[Product] = []
    for nest, part in zip(rows.nests, rows.parts, strict=True):
        if part != POINT:
            found += aligned([*steps([nest], len(nest.loops) - 1), nest.loops[-1].extent], width)[1]
    return list(dict.fromkeys(found))


def _place(
    b: Builder, rows: Rows, schedule: Schedule, chip: Chip, seen: Sequence[Seen], thread: Thread
) -> tuple[Team, Int, ir.Value | None]:
    """The team of a thread, its row, and whether there is such a row: if not, it does what the first one's team does,
    and stores nothing. Rows that are taken together count as one.
    """
    number = thread.thread(0)
    if rows.across:
        row, member = number, thread.thread(1) if schedule.members > 1 else 0
    else:
        row, member = b.split(number, schedule.members)
    if schedule.members == 1:
        row, member = number, 0
    elif schedule.rows == 1 and not rows.across:
        row, member = 0, number
    team = Team(thread, row, member, schedule.rows, schedule.members, rows.across, chip.subgroup)
    row = b.add(b.mul(thread.block(0), schedule.rows), row)
    total = evaluate(b, rows.rows, seen[0].symbols)
    if rows.across:
        total = b.split(total, schedule.width)[0]
    if isinstance(total, int) and total % schedule.rows == 0:
        return team, row, None
    valid = less(b, row, total)
    return team, b.one("arith.select", b.i64, valid, b.value(row), b.value(0)) if valid is not None else row, valid


def _shared(b: Builder, rows: Rows, schedule: Schedule, seen: Sequence[Seen], row: Int, thread: Thread) -> list[Int]:
    """The indices of the loops that all nests share."""
    extents = [evaluate(b, loop.extent, seen[0].symbols) for loop in rows.nests[0].loops[: rows.shared]]
    if not rows.across:
        return split(b, row, extents, narrow(rows))
    groups = b.split(extents[-1], schedule.width)[0]
    lane: Int = 0
    if isinstance(groups, int) and groups % schedule.rows == 0:  # a block's rows differ in the last index alone
        row, lane = b.mul(thread.block(0), schedule.rows), thread.thread(0)
    *indices, last = split(b, row, [*extents[:-1], groups], narrow(rows))
    return [*indices, b.mul(b.add(last, lane), schedule.width)]


def _threads(rows: Rows, schedule: Schedule) -> tuple[int, int, int]:
    """The threads of a block: teams side by side, or one beside the other where neighbouring rows lie together."""
    return (schedule.rows, schedule.members, 1) if rows.across else (schedule.rows * schedule.members, 1, 1)
