# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of attention: a block of threads has some rows, and goes through keys and values once.

It has the scores of its rows and some keys in registers, and of what came before only the maximum, the sum of powers,
and the mix. Where a later score is larger, these are taken from the new maximum: f(x, n) = f(x, m) * f(m, n) for powers
f of the distance from a maximum (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018; Dao et al.,
"FlashAttention", 2022). Scores are never in memory; powers go through the memory of the block.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd

from mlir import ir

from mograph.targets.cpu.attention.masks import cut
from mograph.targets.cpu.attention.roles import RowProduct
from mograph.targets.cpu.body import spread
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Emitter, Factor
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Seen, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.parts import Extents, Partials, described, span
from mograph.targets.gpu.attention.parts import choose as choose_parts
from mograph.targets.gpu.attention.roles import Roles, recognize
from mograph.targets.gpu.attention.schedule import SIDE, Schedule, choose, rounded
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction.copies import Copies, Tile
from mograph.targets.gpu.contraction.registers import Registers, side
from mograph.targets.gpu.contraction.roles import factor
from mograph.targets.gpu.contraction.schedule import PAD
from mograph.targets.gpu.exchange import Team, of_lanes, of_team
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.loops import Loops, offset_of
from mograph.targets.gpu.points import UNSIGNED_LESS, VECTOR, aligned, compare, steps, width_of


@dataclass(frozen=True)
class _AttentionCode:
    group: Group
    roles: Roles
    schedule: Schedule
    chip: Chip
    parts: int

    @property
    def partials(self) -> Partials | None:
        """What puts parts together, if there are several."""
        return None if self.parts == 1 else Partials(self.group, self.roles, self.parts)

    def grid(self, b: Builder) -> Grid:
        nest, cut = self.group.nests[self.roles.scores.number], self.schedule
        extents = Extents.of(b, self.group, self.roles, nest.symbols)
        blocks = b.mul(b.mul(b.blocks(extents.rows, cut.block_rows), extents.outer.total), self.parts)
        grid = Grid((blocks, 1, 1), (SIDE, cut.across, 1), name="attention", beside=cut.beside)
        if self.partials is None:
            return grid
        memory, address = self.partials.allocate(b)
        return replace(grid, passed=[address], then=self.partials, scratch=[memory])

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        _Block(b, self, seen, thread).run()


class _Block:
    """Makes the code of a block of rows with builder `b`."""

    def __init__(self, b: Builder, code: _AttentionCode, seen: Sequence[Seen], thread: Thread) -> None:
        self.b, self.group, self.roles, self.schedule, self.seen = b, code.group, code.roles, code.schedule, seen
        self.thread, self.code, self.chip = thread, code, code.chip
        self.symbols, cut_ = seen[0].symbols, code.schedule
        scores, mix = self.roles.scores, self.roles.mix
        self.rows, self.keys, self.depth = (self._loops(scores, each) for each in (code.roles.row, scores.n, scores.k))
        self.width = self._loops(mix, mix.n)
        self.extents = Extents.of(b, code.group, code.roles, self.symbols)
        self.place = thread.thread(1), thread.thread(0)
        self.number = b.value(b.add(b.mul(self.place[0], SIDE), self.place[1]))
        self.emitters = [Emitter(b, each.body, seen[each.number].captured, fused=True) for each in (scores, mix)]
        self.deep, self.wide = (rounded(self._known(each)) for each in (self.depth, self.width))
        rows = [
            side(b, cut_.rows, VECTOR // self._bytes(each.body.left), self.place[0], cut_.across, cut_.block_rows + PAD)
            for each in (scores, mix)
        ]
        lanes = VECTOR // element_bytes(scores.body.total.type)
        keys = side(b, cut_.keys, lanes, self.place[1], SIDE, cut_.block_keys + PAD)
        columns = side(b, self.wide // SIDE, self._together(lanes), self.place[1], SIDE, self.wide + PAD)
        self.found = Registers(b, self.emitters[0], rows[0], keys)
        self.mixed = Registers(b, self.emitters[1], rows[1], columns)

    def _loops(self, product: RowProduct, loop: int | None) -> Loops:
        return Loops(self.b, self.group.nests[product.number], [] if loop is None else [loop], self.symbols)

    def _known(self, loops: Loops) -> int:
        assert isinstance(loops.total, int)
        return loops.total

    def _bytes(self, factor: Factor) -> int:
        return element_bytes(factor.value.type)

    def _together(self, lanes: int) -> int:
        """How many neighbours of a row of the result are stored at once."""
        nests = [self.group.nests[number] for number in self.roles.after]
        along = self.group.shared
        if not nests:
            nests = [self.group.nests[self.roles.mix.number]]
            along = self.roles.mix.n
        most, unknown = aligned(steps(nests, along), width_of(nests, along, self.group.temps))
        return 1 if unknown else gcd(lanes, most, self._known(self.width))

    # The block

    def run(self) -> None:
        """The code of one thread."""
        b, schedule, roles = self.b, self.schedule, self.roles
        line, block = b.split(self.thread.block(0), b.blocks(self.rows.total, schedule.block_rows))
        rest, part = b.split(line, self.code.parts)
        self.first = b.mul(block, schedule.block_rows)
        self.indices = self.extents.outer.indices(rest)
        keep, partials = None, self.code.partials
        if partials is not None:
            keep = partials.keep(b, self.seen[roles.scores.number].passed[-1], self.extents, line)
        counts = (self.rows.total, self.keys.total)
        self.between = Between(b, self.group, roles, self.seen, self.indices, counts, self._whole, keep=keep)
        parts = schedule.parts(self.deep, self.wide)
        bytes_ = max(self._bytes(each) for emitter in self.emitters for each in (emitter.body.left, emitter.body.right))
        shared = self.thread.shared(sum(parts) * bytes_)
        self.rows_at, self.keys_at = shared, b.address(shared, parts[0] * bytes_, b.i8)
        self.powers_at = b.address(shared, (parts[0] + parts[1]) * bytes_, b.i8)
        queries = self._copies(roles.scores, roles.scores.a, self.rows, self.depth, self.first, 0)
        queries.store(queries.load(0), self.rows_at, self.deep)
        count, type_ = schedule.rows, roles.scores.body.total.type
        highest = [b.number(type_, float("-inf"))] * count
        sums = [b.number(type_, 0.0)] * count
        start = [b.number(self.mixed.type, 0.0)] * self.mixed.count
        extents = (self.keys.total, 0, self._end())
        begin, _, end = span(b, part, self.code.parts, extents, schedule.block_keys)
        result = b.loop(begin, end, schedule.block_keys, [*highest, *sums, *start], self._some)
        highest, sums, mix = result[:count], result[count : 2 * count], result[2 * count :]
        self._finish(highest, [of_team(b, self._team(), "arith.addf", each) for each in sums], mix)

    def _end(self) -> Int:
        """The number of keys that count for some row of the block."""
        b, roles = self.b, self.roles
        limit = None if roles.row is None else cut(self.group, (roles.scores, roles.mix), self.seen)
        if limit is None:
            return self.keys.total
        return b.min(self.keys.total, b.add(self.first, self.schedule.block_rows + limit.ahead))

    def _team(self) -> Team:
        """The threads that share rows."""
        rows = self.schedule.across
        return Team(self.thread, self.place[0], self.place[1], rows, SIDE, False, self.chip.subgroup)

    def _copies(self, product: RowProduct, operand: int, outer: Loops, sums: Loops, first: Int, number: int) -> Copies:
        """What copies a tile of rows, of keys or of values."""
        b, schedule, nest = self.b, self.schedule, self.group.nests[product.number]
        access = factor(nest, operand)
        at = offset_of(b, access, self.indices, self.symbols)
        base = b.address(self.seen[product.number].bases[operand], at, storage_type(access.element))
        points, depth, pitch = (
            (schedule.block_rows, self.deep, schedule.block_rows + PAD),
            (schedule.block_keys, self.deep, schedule.block_keys + PAD),
            (self.wide, schedule.block_keys, self.wide + PAD),
        )[number]
        tile = Tile(outer, sums, first, points, depth, schedule.threads)
        emitter = self.emitters[number == 2]
        body = emitter.body.right if number else emitter.body.left
        return Copies(
            b, nest, access, base, tile, self.number, pitch, lambda value: emitter.factor(body, value), fill=False
        )

    # Some keys

    def _some(self, key: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
        """Takes the next keys and values."""
        b, schedule, roles, count = self.b, self.schedule, self.roles, self.schedule.rows
        highest, sums, mix = carried[:count], carried[count : 2 * count], carried[2 * count :]
        keys = self._copies(roles.scores, roles.scores.b, self.keys, self.depth, key, 1)
        keys.store(keys.load(0), self.keys_at, self.deep)
        self.thread.barrier()
        start = [b.number(self.found.type, 0.0)] * self.found.count
        found = self.found.multiply((self.rows_at, self.keys_at), self._known(self.depth), start)
        found = [self._score(key, *self.found.place(number), value) for number, value in enumerate(found)]
        loop = Loops(b, self.group.nests[roles.mix.number], [roles.mix.k], self.symbols)
        values = self._copies(roles.mix, roles.mix.b, self.width, loop, 0, 2)
        loaded = values.load(key)
        self.thread.barrier()  # nobody reads keys any more
        values.store(loaded, self.keys_at, schedule.block_keys)
        per_row, scaled = self.found.per_row, list(mix)
        for r in range(count):
            own = found[r * per_row : (r + 1) * per_row]
            largest = own[0]
            for each in own[1:]:
                largest = b.one(roles.kind, largest.type, largest, each)
            new = b.one(roles.kind, highest[r].type, highest[r], self._of_row(largest))
            powers = self.between.powers(new)
            again = powers(highest[r])
            sums[r] = b.one("arith.mulf", sums[r].type, sums[r], again)
            for c, each in enumerate(own):
                power = powers(each)
                sums[r] = b.one("arith.addf", sums[r].type, sums[r], self._lanes("arith.addf", power))
                self._put(r * per_row + c, power)
            highest[r] = new
            for c in range(self.mixed.per_row):
                at = r * self.mixed.per_row + c
                scaled[at] = b.one("arith.mulf", self.mixed.type, scaled[at], spread(b, again, self.mixed.columns.near))
        self.thread.barrier()
        left = b.sub(self.keys.total, key)
        some = schedule.block_keys if self._whole else b.min(left, schedule.block_keys)
        mix = self.mixed.multiply((self.powers_at, self.keys_at), some, scaled)
        self.thread.barrier()  # nobody reads values any more
        return [*highest, *sums, *mix]

    def _score(self, key: Int, row: Int, column: Int, value: ir.Value) -> ir.Value:
        return self.between.score(self.b.add(self.first, row), self.b.add(key, column), value)

    @property
    def _whole(self) -> bool:
        """Whether there are only whole blocks of keys."""
        return isinstance(self.keys.total, int) and self.keys.total % self.schedule.block_keys == 0

    def _lanes(self, kind: str, value: ir.Value) -> ir.Value:
        return of_lanes(self.b, kind, value)

    def _of_row(self, value: ir.Value) -> ir.Value:
        """The largest score of a row, from those that a thread has."""
        return of_team(self.b, self._team(), self.roles.kind, self._lanes(self.roles.kind, value))

    def _put(self, number: int, power: ir.Value) -> None:
        """Stores powers where the mix reads them: for each key a line of rows."""
        b, emitter = self.b, self.emitters[1]
        row, column = self.found.place(number)
        value = emitter.factor(emitter.body.left, power)
        element, lanes = emitter.body.left.value.type, self.found.columns.near
        for lane in range(lanes):
            place = ir.DenseI64ArrayAttr.get([lane])
            one = value if lanes == 1 else b.one("vector.extract", element, value, static_position=place)
            at = b.add(b.mul(b.add(column, lane), self.mixed.rows.pitch), row)
            b.store(one, b.address(self.powers_at, at, element), element_bytes(element))

    # The end

    def _finish(self, highest: Sequence[ir.Value], sums: Sequence[ir.Value], mix: Sequence[ir.Value]) -> None:
        """What follows the mix, and the results."""
        b = self.b
        for number, value in enumerate(mix):
            row, column = self.mixed.place(number)
            r, row = number // self.mixed.per_row, b.add(self.first, row)
            inside = compare(b, UNSIGNED_LESS, row, self.rows.total)
            if self._known(self.width) != self.wide:
                inside = b.one("arith.andi", b.i1, inside, compare(b, UNSIGNED_LESS, column, self.width.total))

            def end(at: tuple[Int, Int] = (row, column), value: ir.Value = value, r: int = r) -> None:
                self.between.finish(*at, value, highest[r], sums[r])

            b.if_(inside, end)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is attention."""
    roles = recognize(group)
    if roles is None:
        return None
    bodies, type_ = (roles.scores.body, roles.mix.body), roles.scores.body.total.type
    if {each for body in bodies for each in (body.left.value.type, body.right.value.type, body.total.type)} != {type_}:
        return None
    found, keys = described(group, roles)
    shape = replace(found, bytes=element_bytes(type_))
    schedule = choose(shape, chip)
    if schedule is None:
        return None
    parts = choose_parts(shape, keys, schedule.block_rows, schedule.block_keys, chip).count
    return _AttentionCode(group, roles, schedule, chip, parts)
