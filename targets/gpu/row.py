# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a member of a team does for a row of a group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.body import from_storage, spread, to_storage
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ZERO, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import combiners
from mograph.targets.gpu.exchange import Team, neutral, of_lanes, of_team
from mograph.targets.gpu.points import EQUAL, VECTOR, Points, both, compare, less, split, where
from mograph.targets.gpu.teams import FOLD, MAP, POINT, REDUCE, Rows, Schedule, narrow


@dataclass(frozen=True)
class Range:
    """Stretches of a row: from `first` on, those before `end`."""

    first: Int
    end: Int


class RowCode:
    """Makes the code of a row, which is at the indices `shared` of its loops; nothing is stored unless `valid`."""

    def __init__(
        self,
        b: Builder,
        group: Group,
        rows: Rows,
        schedule: Schedule,
        seen: Sequence[Seen],
        team: Team,
        shared: Sequence[Int],
        valid: ir.Value | None,
    ) -> None:
        self.b, self.group, self.rows, self.schedule, self.seen = b, group, rows, schedule, seen
        self.team, self.shared, self.valid = team, dict(enumerate(shared)), valid
        self.across = schedule.width if rows.across else 1  # rows that are taken together
        self.along = 1 if rows.across else schedule.width  # elements of a row that are
        self.points = [
            Points(b, nest, each, rows.shared - 1 if rows.across else None if part == POINT else len(nest.loops) - 1)
            for nest, part, each in zip(rows.nests, rows.parts, seen, strict=True)
        ]
        self.values: dict[ir.Value, ir.Value] = {}  # what nests have written once for the row
        self._read: dict[object, ir.Value] = {}  # what was read once for the row
        self._pending: list[int] = []
        self._last = {a.memref: number for number, nest in enumerate(rows.nests) for a in nest.outputs}
        self._held: dict[int, Stretch] = {}

    # Nests in order

    def run(self, range_: Range) -> None:
        """All nests."""
        for number, (nest, part) in enumerate(zip(self.rows.nests, self.rows.parts, strict=True)):
            if part == POINT:
                if self._meets(nest):
                    self._flush(range_)
                self._point(number)
                continue
            if self._waits(nest):
                self._flush(range_)
            if part != MAP or any(access.memref not in self.group.temps for access in nest.outputs):
                self._pending.append(number)
        self._flush(range_)

    def run_part(self, range_: Range, place: Int) -> None:
        """The reduction of a part of the row, whose results go to that place of the scratch memory, and those of
        neighbouring rows behind it.
        """
        (number,) = self.rows.reductions
        partial = self._walk([number], range_)[number]
        for k, (memory, value) in enumerate(zip(self.seen[0].passed, self._reduced(number, partial), strict=True)):
            element = self._output(number, k).element
            address = self.b.address(memory, place, storage_type(element))
            bytes_ = min(VECTOR, element_bytes(element) * self.across)
            self._once(
                lambda value=value, address=address, element=element, bytes_=bytes_: self.b.store(  # type: ignore[misc]
                    to_storage(self.b, value, element), address, bytes_
                )
            )

    def run_last(self, first: Int, step: Int) -> None:
        """All nests, where the results of the reduction's parts are from that place of the scratch memory on, so many
        places apart.
        """
        b, parts, member = self.b, self.schedule.parts, self.team.member
        (reduction,) = self.rows.reductions
        for number, part in enumerate(self.rows.parts):
            if part == POINT:
                self._point(number)
                continue
            partial = []
            for k, kind in enumerate(combiners(self.rows.nests[number]) or []):
                element = self._output(number, k).element
                storage = storage_type(element)
                there = less(b, member, parts)
                mine = b.add(first, b.mul(self._where(there, b.value(member), b.value(0)), step))
                address = b.address(self.seen[0].passed[k], mine, storage)
                value = from_storage(b, b.load(storage, address, element_bytes(storage)), element)
                partial.append(self._where(there, value, neutral(b, kind, value.type)))
            self._total(reduction, partial)

    def _meets(self, nest: Nest) -> bool:
        """Whether a nest touches what pending ones do, and one of them writes it."""
        for number in self._pending:
            for a in self.rows.nests[number].memory:
                if any(a.memref == each.memref and (a.is_output or each.is_output) for each in nest.memory):
                    return True
        return False

    def _waits(self, nest: Nest) -> bool:
        """Whether a nest needs results of pending reductions."""
        made = {a.memref for i in self._pending if self.rows.parts[i] != MAP for a in self.rows.nests[i].outputs}
        return any(access.memref in made for access in nest.memory)

    def _flush(self, range_: Range) -> None:
        numbers, self._pending = self._pending, []
        if not numbers:
            return
        results = self._walk(numbers, range_)
        for number in numbers:
            if self.rows.parts[number] == REDUCE:
                self._total(number, results[number])
            elif self.rows.parts[number] == FOLD:
                self._give(number, results[number])

    # Once for the row

    def once(self, number: int, k: int) -> ir.Value:
        """An operand that is the same for the whole row."""
        at = self.points[number]
        access = at.access(k)
        if access.memref in self.values:
            return self.values[access.memref]
        key = (access.memref, access.offset, tuple(access.strides[: self.rows.shared]))
        if key not in self._read:
            self._read[key] = at.load(k, self.shared, self.across)
        return self._read[key]

    def _point(self, number: int) -> None:
        at = self.points[number]
        self._give(number, at.apply({k: self.once(number, k) for k in at.reads}, self.shared, self.across))

    def _give(self, number: int, values: Sequence[ir.Value]) -> None:
        """Notes a nest's results for the row, and stores them unless a later nest does."""
        at = self.points[number]
        for k, value in enumerate(values, at.first_output):
            memref = at.access(k).memref
            self.values[memref] = value
            if memref not in self.group.temps and self._last[memref] == number:
                self._once(lambda k=k, value=value: at.store(k, self.shared, value, self.across))  # type: ignore[misc]

    def _once(self, code: Callable[[], None]) -> None:
        """Code of one member."""
        first = None if self.team.members == 1 else compare(self.b, EQUAL, self.team.member, 0)
        where(self.b, both(self.b, first, self.valid), code)

    # Reductions

    def _output(self, number: int, k: int) -> Access:
        return self.points[number].access(self.points[number].first_output + k)

    def _reduced(self, number: int, partial: Sequence[ir.Value]) -> list[ir.Value]:
        """The partial results of all members as one."""
        kinds = combiners(self.rows.nests[number]) or []
        values = [self._of_lanes(kind, value) for kind, value in zip(kinds, partial, strict=True)]
        return [of_team(self.b, self.team, kind, value) for kind, value in zip(kinds, values, strict=True)]

    def _of_lanes(self, kind: str, value: ir.Value) -> ir.Value:
        """What the elements of a row that are taken together combine to; those of several rows stay apart."""
        return value if self.across > 1 else of_lanes(self.b, kind, value)

    def _total(self, number: int, partial: Sequence[ir.Value]) -> None:
        """The result of a reduction, which starts from what its output holds: one member adds that."""
        b, at = self.b, self.points[number]
        kinds, started = combiners(self.rows.nests[number]) or [], []
        for k, (kind, value) in enumerate(zip(kinds, partial, strict=True)):
            value = self._of_lanes(kind, value)
            start = spread(b, self.once(number, at.first_output + k), self.across)
            if self.team.members > 1:
                mine = compare(b, EQUAL, self.team.member, 0)
                start = self._where(mine, start, neutral(b, kind, start.type))
            started.append(b.one(kind, value.type, start, value))
        self._give(number, self._reduced(number, started))

    def _where(self, condition: ir.Value | None, value: ir.Value, other: ir.Value) -> ir.Value:
        if condition is None:
            return value
        return self.b.one("arith.select", value.type, condition, value, other)

    # Stretches

    def _walk(self, numbers: Sequence[int], range_: Range) -> dict[int, list[ir.Value]]:
        """Goes through the row for some nests; gives the partial results of those that reduce."""
        for number in numbers:
            self._prepare(number)
        carried = {number: self._start(number) for number in numbers if self.rows.parts[number] != MAP}
        if self.schedule.held:
            return self._walk_held(numbers, range_, carried)
        return self._walk_memory(numbers, range_, carried)

    def _walk_held(
        self, numbers: Sequence[int], range_: Range, carried: dict[int, list[ir.Value]]
    ) -> dict[int, list[ir.Value]]:
        b, members, end = self.b, self.schedule.members, range_.end
        assert isinstance(end, int)
        for i in range(self.schedule.held):
            place = b.add(self.team.member, i * members)
            inside = None
            if (i + 1) * members > end:
                inside = less(b, place, end)
                place = self._where(inside, b.value(place), b.value(0))
            stretch = self._held.setdefault(i, Stretch(self, place, inside))
            carried = {**carried, **stretch.take(numbers, carried)}
        return carried

    def _walk_memory(
        self, numbers: Sequence[int], range_: Range, carried: dict[int, list[ir.Value]]
    ) -> dict[int, list[ir.Value]]:
        b, members, unroll = self.b, self.schedule.members, self.schedule.unroll
        flat = [value for values in carried.values() for value in values]

        def named(values: Sequence[ir.Value]) -> dict[int, list[ir.Value]]:
            rest = iter(values)
            return {number: [next(rest) for _ in each] for number, each in carried.items()}

        def stretches(count: int, member: Int) -> Callable[[ir.Value, list[ir.Value]], list[ir.Value]]:
            def body(first: ir.Value, values: list[ir.Value]) -> list[ir.Value]:
                now, mine = named(values), b.add(first, member)
                places = [Stretch(self, b.add(mine, i * members), None) for i in range(count)]
                for number in numbers:
                    for place in places:
                        place.read(number)
                for place in places:
                    now = {**now, **place.take(numbers, now)}
                return [value for each in now.values() for value in each]

            return body

        end = range_.end
        length = b.sub(end, range_.first)
        whole = b.mul(b.split(length, members * unroll)[0], members * unroll)
        if unroll > 1 and whole != 0:
            code = stretches(unroll, self.team.member)
            flat = b.loop(range_.first, b.add(range_.first, whole), members * unroll, flat, code)
        if unroll == 1:
            whole = 0
        if not (isinstance(length, int) and whole == length):
            first = b.add(b.add(range_.first, whole), self.team.member)
            flat = b.loop(first, end, members, flat, stretches(1, 0))
        return named(flat)

    def _start(self, number: int) -> list[ir.Value]:
        at = self.points[number]
        if self.rows.parts[number] == FOLD:
            return [self.once(number, k) for k in range(at.first_output, len(at.nest.accesses))]
        kinds = combiners(self.rows.nests[number]) or []
        return [
            spread(self.b, neutral(self.b, kind, self._output(number, k).element), self.schedule.width)
            for k, kind in enumerate(kinds)
        ]

    def _prepare(self, number: int) -> None:
        """Reads what a nest needs that is the same for the whole row, before loops begin."""
        at = self.points[number]
        for k in at.reads:
            if k >= at.first_output and self.rows.parts[number] != MAP:
                continue
            writer = self.writer(number, k)
            if writer is not None:
                self._prepare(writer)
            elif self.is_once(number, k):
                self.once(number, k)

    def is_once(self, number: int, k: int) -> bool:
        """Whether an operand is the same for the whole row."""
        return all(stride == ZERO for stride in self.points[number].access(k).strides[self.rows.shared :])

    def writer(self, number: int, k: int) -> int | None:
        """The nest that computes an operand from each element."""
        memref = self.points[number].access(k).memref
        found = [
            i
            for i in range(number)
            if self.rows.parts[i] == MAP and any(each.memref == memref for each in self.rows.nests[i].outputs)
        ]
        return found[-1] if found else None


class Stretch:
    """Some neighbours in a row; `inside` says whether there are such."""

    def __init__(self, code: RowCode, number: Int, inside: ir.Value | None) -> None:
        self.code, self.number, self.inside = code, number, inside
        self._indices: dict[tuple[Int, ...], list[Int]] = {}
        self._values: dict[object, ir.Value] = {}
        self._mapped: dict[int, list[ir.Value]] = {}

    def indices(self, number: int) -> dict[int, Int]:
        """The indices of a nest's loops."""
        code, b = self.code, self.code.b
        own = code.rows.nests[number].loops[code.rows.shared :]
        extents = tuple(evaluate(b, loop.extent, code.seen[number].symbols) for loop in own)
        key = tuple(loop.extent for loop in own)
        if key not in self._indices:
            first = b.mul(self.number, code.along)
            self._indices[key] = split(b, first, extents, narrow(code.rows))
        found = dict(enumerate(self._indices[key], code.rows.shared))
        return {**code.shared, **found}

    def read(self, number: int) -> dict[int, ir.Value]:
        """What a nest reads, but for what it carries from element to element."""
        code, at = self.code, self.code.points[number]
        found = {}
        for k in at.reads:
            if k >= at.first_output and code.rows.parts[number] != MAP:
                continue
            writer = code.writer(number, k)
            memref = at.access(k).memref
            if writer is not None:
                places = [each.memref for each in code.rows.nests[writer].outputs]
                found[k] = self.mapped(writer)[places.index(memref)]
            elif code.is_once(number, k):
                found[k] = code.once(number, k)
            else:
                found[k] = self._load(number, k)
        return found

    def _load(self, number: int, k: int) -> ir.Value:
        at = self.code.points[number]
        access = at.access(k)
        extents = (loop.extent for loop in at.nest.loops[self.code.rows.shared :])
        key = (access.memref, access.offset, *access.strides, *extents)
        if key not in self._values:
            self._values[key] = at.load(k, self.indices(number), self.code.schedule.width)
        return self._values[key]

    def mapped(self, number: int) -> list[ir.Value]:
        """What a nest computes from each element."""
        if number not in self._mapped:
            at = self.code.points[number]
            self._mapped[number] = at.apply(self.read(number), self.indices(number), self.code.schedule.width)
        return self._mapped[number]

    def take(self, numbers: Sequence[int], carried: Mapping[int, Sequence[ir.Value]]) -> dict[int, list[ir.Value]]:
        """Does what nests do here; gives what those that reduce carry on."""
        code, found = self.code, {}
        for number in numbers:
            at = code.points[number]
            if number not in carried:
                self._store(number)
                continue
            old = carried[number]
            arguments = {**self.read(number), **dict(enumerate(old, at.first_output))}
            new = at.apply(arguments, self.indices(number), code.schedule.width)
            found[number] = [code._where(self.inside, value, before) for value, before in zip(new, old, strict=True)]
        return found

    def _store(self, number: int) -> None:
        code, at = self.code, self.code.points[number]
        values, indices = self.mapped(number), self.indices(number)
        outputs = [(k, at.access(k).memref) for k in range(at.first_output, len(at.nest.accesses))]

        def store() -> None:
            for (k, memref), value in zip(outputs, values, strict=True):
                if memref not in code.group.temps:
                    at.store(k, indices, value, code.schedule.width)

        where(code.b, both(code.b, self.inside, code.valid), store)
