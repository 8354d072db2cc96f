# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the nests of a group have in common where threads work on its rows in teams, and how large teams are.

A row is a point of the loops that all nests share. Loops that a nest has besides, its own, walk the elements of a row,
in the same order in all nests: they compute each from its place alone, or reduce all of them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Product
from mograph.targets.cpu.plan import combiners
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.points import aligned, is_narrow, steps, width_of_walks

POINT, MAP, REDUCE, FOLD = "point", "map", "reduce", "fold"
UNKNOWN = 1024  # what an extent that is not known is taken for
HELD = 32  # registers of a thread for elements of a row
OTHERS = 40  # registers that a thread needs besides
THREADS = 256
MUCH = 128  # operations of a trip of a loop
SERIAL = 16  # elements of a row that a thread takes alone where neighbouring rows lie together


@dataclass(frozen=True)
class Rows:
    """A group as rows: how many loops are `shared`; for each nest its part, one that computes once for a row, from each
    element, or a reduction of one or the other kind; how many elements a row has; and whether neighbouring rows, not
    neighbours in a row, lie together. `temps` are memrefs that are not in memory.
    """

    nests: Sequence[Nest]
    shared: int
    parts: tuple[str, ...]
    elements: Product
    across: bool
    temps: Collection[ir.Value] = ()

    @property
    def reductions(self) -> list[int]:
        """The nests whose terms can be put together in any order, by number."""
        return [number for number, part in enumerate(self.parts) if part == REDUCE]

    @property
    def rows(self) -> Product:
        """How many rows there are."""
        total = ONE
        for loop in self.nests[0].loops[: self.shared]:
            total *= loop.extent
        return total


def part_of(nest: Nest, shared: int) -> str | None:
    """The part of a nest; None where some of its own loops reduce and others do not."""
    own = [loop.reduces for loop in nest.loops[shared:]]
    if not own:
        return POINT
    if not any(own):
        return MAP
    if not all(own):
        return None
    return FOLD if combiners(nest) is None else REDUCE


def elements_of(nest: Nest, shared: int) -> Product:
    """How many elements a nest walks in a row."""
    total = ONE
    for loop in nest.loops[shared:]:
        total *= loop.extent
    return total


def recognize(group: Group) -> Rows | None:
    """The group as rows; None where its nests are not of that form."""
    nests = group.nests
    shared = group.shared
    if len(nests) == 1:
        shared = sum(not loop.reduces for loop in nests[0].loops)
    parts = [part_of(nest, shared) for nest in nests]
    own = {elements_of(nest, shared) for nest, part in zip(nests, parts, strict=True) if part != POINT}
    if len(own) != 1 or None in parts or not any(part in (REDUCE, FOLD) for part in parts):
        return None
    if any(loop.reduces for nest in nests for loop in nest.loops[:shared]):
        return None
    if not _forwarded(group, shared, parts):
        return None
    (elements,) = own
    return Rows(
        nests, shared, tuple(str(part) for part in parts), elements, _across(nests, shared, elements), set(group.temps)
    )


def _forwarded(group: Group, shared: int, parts: Sequence[str | None]) -> bool:
    """Whether what a nest reads of others is at the same places, and nothing that a nest reads is written before all
    have read it.
    """
    written: dict[ir.Value, object] = {}
    read: set[ir.Value] = set()
    lost: set[ir.Value] = set()  # what cannot be computed again, since it was computed in place
    for nest, part in zip(group.nests, parts, strict=True):
        for access in nest.memory:
            pattern = _pattern(access, nest, shared)
            if access.is_read and (access.memref in lost or written.get(access.memref, pattern) != pattern):
                return False
            if access.is_output and part == MAP and access.memref in written:
                return False
            if access.is_output and part == MAP and access.memref in read - {each.memref for each in nest.memory}:
                return False
        for access in nest.outputs:
            if access.memref in written and written[access.memref] != _pattern(access, nest, shared):
                return False
            written[access.memref] = _pattern(access, nest, shared)
        inputs, outputs = ({a.memref for a in each} for each in (filter(_is_read, nest.memory), nest.outputs))
        if part == MAP and inputs & outputs:
            lost |= outputs
        read |= {access.memref for access in nest.memory if access.is_read}
    return True


def _is_read(access: Access) -> bool:
    return access.is_read


def _pattern(access: Access, nest: Nest, shared: int) -> object:
    """How an access goes through memory: equal ones touch the same element at the same place of the same row."""
    own = list(zip(nest.loops[shared:], access.strides[shared:], strict=True))
    outer = (access.offset, tuple(access.strides[:shared]))
    if all(stride == ZERO for _, stride in own):
        return outer, ()
    merged: list[tuple[Product, Product]] = []
    for loop, stride in own:
        if merged and merged[-1][1] == stride * loop.extent:
            merged[-1] = (merged[-1][0] * loop.extent, stride)
        else:
            merged.append((loop.extent, stride))
    return outer, tuple(merged)


def _across(nests: Sequence[Nest], shared: int, elements: Product) -> bool:
    """Whether neighbouring rows lie together where elements of a row do not, or are windows that overlap."""
    if not shared:
        return False
    votes = 0
    for nest in nests:
        for access in nest.memory:
            own, step = access.strides[shared:], access.strides[shared - 1]
            if all(stride == ZERO for stride in own):
                continue
            if step != ZERO and not step.symbols and not elements.symbols and step.constant < elements.constant:
                votes += 1
            else:
                votes += (step == ONE) - 2 * (own[-1] == ONE)
    return votes > 0


@dataclass(frozen=True)
class Schedule:
    """How teams work: `rows` that a block has at once, `members` of each team, elements that a thread takes at once,
    such stretches that it keeps in registers (0: it goes through memory in a loop, `unroll` at a time), and how many
    blocks share a row, whose results another kernel puts together. Where neighbouring rows lie together, `width` is how
    many of those a thread takes, and a block has as many times `rows`.
    """

    rows: int
    members: int
    width: int
    held: int
    unroll: int
    parts: int


def _check(schedule: Schedule, rows: Rows, chip: Chip) -> None:
    threads = schedule.rows * schedule.members
    if threads < 1 or threads > chip.threads or schedule.members & (schedule.members - 1):
        raise ValueError(f"expected 1 to {chip.threads} threads, in teams of a power of two, found {threads}")
    if not rows.across and schedule.members > chip.subgroup**2:
        raise ValueError(f"expected teams of at most {chip.subgroup**2} threads, found {schedule.members}")
    if not rows.across and chip.subgroup < schedule.members and schedule.members % chip.subgroup:
        raise ValueError("expected teams of whole subgroups")
    if schedule.width < 1 or width(rows) % schedule.width:
        raise ValueError(f"expected a width that divides {width(rows)}, found {schedule.width}")
    if schedule.unroll < 1 or schedule.parts < 1 or schedule.held < 0:
        raise ValueError("expected one part or more, and one stretch at a time or more")
    if schedule.parts > 1 and not parted(rows):
        raise ValueError("expected one part, since elements of rows are needed again")
    together = schedule.members * (1 if rows.across else schedule.width)
    if schedule.held and (rows.elements.symbols or schedule.held * together < size(rows)):
        raise ValueError(f"expected held stretches that have all {size(rows)} elements")
    if FOLD in rows.parts and (schedule.members > 1 or schedule.held or schedule.parts > 1):
        raise ValueError("expected teams of one thread for a reduction whose terms cannot be put together")


def size(rows: Rows) -> int:
    """How many elements a row has, or may be taken to have."""
    unknown: int = UNKNOWN ** len(rows.elements.symbols)
    return rows.elements.constant * unknown


def count(rows: Rows) -> int:
    """How many rows there are, or may be taken to be."""
    total = rows.rows
    unknown: int = UNKNOWN ** len(total.symbols)
    return total.constant * unknown


def parted(rows: Rows) -> bool:
    """Whether blocks can share a row: one nest reduces it, and no other one needs its elements."""
    return rows.parts.count(REDUCE) == 1 and all(part in (POINT, REDUCE) for part in rows.parts)


def width(rows: Rows) -> int:
    """How many elements of a row threads can take at once, or elements of as many rows where those lie together:
    operands are at multiples of it, and so are the ends.
    """
    if FOLD in rows.parts:
        return 1
    if rows.across:
        return _width_across(rows)
    walks = [(nest, len(nest.loops) - 1) for nest, part in zip(rows.nests, rows.parts, strict=True) if part != POINT]
    found = width_of_walks(walks, rows.temps)
    for nest, along in walks:
        found, _ = aligned([*steps([nest], along), nest.loops[-1].extent], found)
    return found


def _width_across(rows: Rows) -> int:
    """How many rows threads can take at once: all that would have to be asked for when it runs is known."""
    along = rows.shared - 1
    found = width_of_walks([(nest, along) for nest in rows.nests], rows.temps)
    needed = [*steps(rows.nests, along), rows.nests[0].loops[along].extent]
    while found > 1 and (aligned(needed, found)[0] < found or aligned(needed, found)[1]):
        found //= 2
    return found


def _power(number: int) -> int:
    """The smallest power of two that is not below a number."""
    return 1 << max(0, number - 1).bit_length()


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Larger and smaller teams, more and fewer of them in a block, other widths, and parts, and rows that go through
    memory where they stay in registers.
    """
    elements = schedule.held * schedule.members * schedule.width

    def teams(members: int, threads: int, width: int) -> dict[str, int]:
        held = -(-elements // (members * width)) if members * width else 0
        return {"members": members, "rows": max(1, threads // max(1, members)), "width": width, "held": held}

    now = schedule.rows * schedule.members
    sizes = (schedule.members, 2 * schedule.members, schedule.members // 2, 4 * schedule.members, schedule.members // 4)
    yield from variants(schedule, (teams(members, now, schedule.width) for members in sizes))
    yield from variants(schedule, (teams(schedule.members, each, schedule.width) for each in (128, 512, 64, 1024)))
    yield from variants(schedule, ({"unroll": unroll, "held": 0} for unroll in (1, 2, 4, 8)))
    yield from variants(schedule, ({"parts": schedule.parts * 2}, {"parts": schedule.parts // 2}))
    yield from variants(schedule, ({"parts": parts, "held": 0} for parts in (2, 4, 8, 16)))
    widths = (2 * schedule.width, schedule.width // 2, schedule.width // 4)
    yield from variants(schedule, (teams(members, now, width) for width in widths for members in sizes))


@tunable("gpu_rows", candidates=_candidates, check=_check)
def choose(rows: Rows, chip: Chip) -> Schedule:
    """Teams large enough that their threads hold a row, and that all multiprocessors have threads; parts of rows where
    there are few of them.
    """
    wide, elements, total = width(rows), size(rows), count(rows)
    narrow = FOLD in rows.parts
    wanted = chip.multiprocessors * 2 * THREADS
    if rows.across or narrow:
        while wide > 1 and total < wide * chip.subgroup:
            wide //= 2
        most = 1 if narrow else min(_power(-(-elements // SERIAL)), chip.threads // chip.subgroup, 16)
        members = min(most, _power(-(-wanted * wide // max(1, total))))
        at_once = min(THREADS if members == 1 else max(chip.subgroup, THREADS // members), chip.threads // members)
        at_once = _in_batches(rows, chip, at_once, wide)
        parts = _parts(rows, chip, members, 1, at_once * wide)
        return Schedule(at_once, members, wide, 0, _unroll(rows, wide), parts)
    stretches = -(-elements // wide)
    most = min(chip.threads, chip.subgroup**2)
    if stretches <= 4 * chip.subgroup:
        members = min(chip.subgroup, _power(stretches))
    else:
        members = min(most, max(_power(-(-stretches // 4)), chip.subgroup))
    known = not rows.elements.symbols
    each = -(-stretches // members)
    room = min(HELD, chip.registers // max(members, THREADS) - OTHERS)
    held = each if known and each * wide <= room else 0
    if not held:
        members = min(most, THREADS)
    at_once = max(1, THREADS // members)
    parts = _parts(rows, chip, members, wide, at_once)
    return Schedule(at_once, members, wide, 0 if parts > 1 else held, _unroll(rows, wide), parts)


def _in_batches(rows: Rows, chip: Chip, at_once: int, wide: int) -> int:
    """How many rows a block has, so that they differ in their last index alone where that leaves whole subgroups: the
    others are then the same for all threads.
    """
    extent = rows.nests[0].loops[rows.shared - 1].extent if rows.across else ONE
    groups = extent.constant // wide
    if extent.symbols or groups & (groups - 1) or groups < chip.subgroup:
        return at_once
    return min(at_once, groups)


def _unroll(rows: Rows, wide: int) -> int:
    """How many stretches a thread reads before it works on them: few where that is much code."""
    operations: int = max(sum(op.name != "arith.constant" for op in nest.body_ops) for nest in rows.nests)
    return max(1, min(4, MUCH // (wide * operations)))


def _parts(rows: Rows, chip: Chip, members: int, wide: int, at_once: int) -> int:
    """How many blocks share a row: enough for all multiprocessors, each with much to do."""
    if not parted(rows) or rows.rows.symbols:
        return 1
    blocks = -(-count(rows) // at_once)
    elements = size(rows) if not rows.elements.symbols else 1 << 24
    most = elements // (members * wide * 16)
    return max(1, min(2 * chip.multiprocessors // max(1, blocks), most, 256))


def too_few(rows: Rows, schedule: Schedule, chip: Chip) -> bool:
    """Whether rows are so few and long that nests do better apart."""
    if rows.rows.symbols or rows.elements.symbols or schedule.parts > 1:
        return False
    blocks = -(-count(rows) // (schedule.rows * (schedule.width if rows.across else 1)))
    return 4 * blocks < chip.multiprocessors and size(rows) > 64 * THREADS


def narrow(rows: Rows) -> bool:
    """Whether the numbers of rows and of elements have fewer than 32 bits."""
    return is_narrow([rows.rows]) and is_narrow([rows.elements])
