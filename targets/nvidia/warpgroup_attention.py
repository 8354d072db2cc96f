# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention on the tensor cores of sm_90a: `wgmma` on queries, keys and values that the hardware copies (TMA), by
warpgroups with different tasks.

The first warpgroup has a thread that asks for tiles; each of the others has 64 queries. While the tensor cores mix
values by the powers of some keys, a warpgroup computes those of the next keys, and while it does so the tensor cores
have the other warpgroup's products (Shah et al., "FlashAttention-3", 2024). Powers are a factor from registers.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.gpu.attention.between import Between
from mograph.targets.gpu.attention.operands import Operands
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.narrow import Narrow, Number
from mograph.targets.gpu.points import less
from mograph.targets.nvidia.attention_schedule import Schedule, choose
from mograph.targets.nvidia.maps import Map, make
from mograph.targets.nvidia.quads import Rows, State, exp2, start
from mograph.targets.nvidia.schedule import COLUMN, ROW
from mograph.targets.nvidia.stages import BARRIERS, Stages, copy_tile, registers
from mograph.targets.nvidia.warpgroups import GROUP, LINE, MAP, ROWS

__all__ = ["choose", "emit", "exp2"]

_WIDE = LINE // 2  # elements of a line
_STEP = ROW * 2 // 16  # what a descriptor moves by for 16 elements of a line: it counts in 16 bytes
_PERMUTED = 1 << 62  # lines of 128 bytes, whose chunks are
_LINES = 8 * LINE // 16  # after so much a permutation repeats
_APART = 16  # a distance that is no matter, between one tensor and the next
_COUNT = 2  # rows of a thread
_EQ = 0


def emit(b: Builder, thread: Thread, between: Between, operands: Operands, schedule: Schedule, chip: Chip) -> None:
    """The code of a thread of a block of queries. All threads of the block come by here."""
    _Attention(b, thread, between, operands, schedule).run()


class _Attention:
    def __init__(self, b: Builder, thread: Thread, between: Between, operands: Operands, schedule: Schedule) -> None:
        self.b, self.i, self.thread, self.between, self.o, self.schedule = (
            b, Narrow(b), thread, between, operands, schedule,
        )  # fmt: skip
        i, s, shape = self.i, schedule, operands.shape
        self.element = operands.keys.element
        self.number = i.cut(thread.thread(0))
        shared = thread.shared(s.shared(shape))
        address = b.value(b.round_up(b.one("llvm.ptrtoint", b.i64, shared), 1024))
        self.shared = b.one("llvm.inttoptr", shared.type, address)
        queries, keys, values, _ = s.parts(shape)
        first = queries + s.stages * keys
        self.room = first + s.stages * values
        barriers = self.room + 3 * MAP
        each = s.stages * BARRIERS
        self.queries = Stages(b, self.shared, 0, queries, 1, barriers)
        self.keys = Stages(b, self.shared, queries, keys, s.stages, barriers + BARRIERS)
        self.values = Stages(b, self.shared, first, values, s.stages, barriers + BARRIERS + each)
        assert operands.workspace is not None
        self.own = operands.workspace
        self.deep, self.wide = (ceil(extent / _WIDE) for extent in (shape.depth, shape.width))
        self.matrices = ceil(shape.width / COLUMN)

    def run(self) -> None:
        """Makes barriers and tensor maps, and divides the threads."""
        b, i, s = self.b, self.i, self.schedule

        def begin() -> None:
            for stages in (self.queries, self.keys, self.values):
                stages.begin(4 * s.consumers)
            b.create("nvvm.fence.mbarrier.init", [], [])

        b.if_(self._is(self.number, 0), begin)
        warp, lane = i.split(self.number, 32)
        b.if_(self._is(warp, 0), lambda: self._make_maps(lane))
        self.thread.barrier()
        group, _ = i.split(self.number, GROUP)
        op = b.create("scf.if", [], [self._is(group, 0)], regions=2)
        with b.inside(ir.Block.create_at_start(op.regions[0])):
            registers(b, s.registers[0], more=False)
            b.if_(self._is(self.number, 0), self._bring)
            b.create("scf.yield", [], [])
        with b.inside(ir.Block.create_at_start(op.regions[1])):
            registers(b, s.registers[1], more=True)
            self._consume(i.add(group, -1))
            b.create("scf.yield", [], [])

    def _is(self, number: Number, value: int) -> ir.Value:
        b, i = self.b, self.i
        return b.one("arith.cmpi", b.i1, i.value(number), i.value(value), predicate=ir.IntegerAttr.get(b.i64, _EQ))

    def _make_maps(self, lane: Number) -> None:
        b, i, o, s = self.b, self.i, self.o, self.schedule
        tensors = (
            (o.queries, o.shape.depth, self.between.rows, s.rows),
            (o.keys, o.shape.depth, self.between.keys, s.keys),
            (o.values, o.shape.width, self.between.keys, s.keys),
        )
        for number, (factor, near, far, lines) in enumerate(tensors):
            map_ = Map((near, far, 1), (factor.across, _APART), (_WIDE, lines, 1))
            room = i.at(self.shared, self.room + number * MAP)
            make(b, lane, room, b.address(self.own, number * MAP, b.i8), factor, map_)

    # One thread brings tiles

    def _bring(self) -> None:
        b, i, s = self.b, self.i, self.schedule
        generic, scope = ir.Type.parse("!llvm.ptr"), ir.Attribute.parse("#nvvm.mem_scope<gpu>")
        own = [b.address(self.own, number * MAP, b.i8) for number in range(3)]
        maps = [b.one("llvm.addrspacecast", generic, each) for each in own]
        for each in maps:
            b.create("nvvm.fence.proxy.acquire", [], [each, i.value(MAP)], {"scope": scope})

        def copy(stages: Stages, stage: Number, map_: ir.Value, pieces: int, lines: int, first: Number) -> None:
            full, target = stages.expect(stage), stages.place(stage)
            for piece in range(pieces):
                copy_tile(b, map_, i.at(target, piece * lines * LINE), (piece * _WIDE, first, 0), full)

        copy(self.queries, 0, maps[0], self.deep, s.rows, i.cut(self.o.first))

        def some(key: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
            stage, phase = carried
            for stages, map_, pieces in ((self.keys, maps[1], self.deep), (self.values, maps[2], self.wide)):
                stages.wait(stage, phase, full=False)
                copy(stages, stage, map_, pieces, s.keys, i.cut(key))
            return list(self.keys.next(stage, phase))

        b.loop(self.o.begin, self.o.end, s.keys, list(self.keys.start(full=False)), some)

    # The others multiply

    def _consume(self, group: Number) -> None:
        """The 64 queries of a warpgroup."""
        b, i, o, s = self.b, self.i, self.o, self.schedule
        warp, lane = i.split(i.both(self.number, GROUP - 1), 32)
        first = b.add(o.first, i.wide(i.add(i.mul(group, ROWS), i.mul(warp, ROW))))
        self.rows = Rows(b, self.thread, self.between, lane, first, self.element, self.matrices)
        self.leads = self._is(lane, 0)
        self.left = self._place(i.at(self.shared, i.mul(group, ROWS * LINE)))
        self.queries.wait(0, i.value(0), full=True)
        begun = start(b, _COUNT, self.matrices * 4)
        there = less(b, o.begin, o.end)
        if there is None:
            found = self._all(begun)
        else:
            op = b.create("scf.if", [value.type for value in begun.values], [there], regions=2)
            with b.inside(ir.Block.create_at_start(op.regions[0])):
                b.create("scf.yield", [], self._all(begun))
            with b.inside(ir.Block.create_at_start(op.regions[1])):
                b.create("scf.yield", [], begun.values)
            found = list(op.results)
        self.rows.finish(State.of(found, _COUNT), o.shape.width, s.vector)

    def _all(self, begun: State) -> list[ir.Value]:
        """The state after all keys, of which there are some. A trip has the scores of some keys and the mix of those
        before, so the first ones are taken ahead, and the last ones mixed afterwards.
        """
        b, o, s = self.b, self.o, self.schedule
        stage, phase = self.keys.start(full=True)
        scores = self._wait(_elements(b, self._scores(stage, phase)), 0)
        self._leave(self.keys, stage)
        taken, words = self.rows.take(o.begin, _by_row(scores), begun, within=False)
        state = State(taken.highest, taken.sums, begun.mix)
        behind, inside = b.add(o.begin, s.keys), o.inside
        if isinstance(inside, int) and isinstance(behind, int):
            inside = max(inside, behind)
        else:
            inside = b.one("arith.maxsi", b.i64, b.value(inside), b.value(behind))
        rest = replace(o, begin=behind, inside=inside)
        carried = rest.loops(b, s.keys, [stage, phase, *words[0], *words[1], *state.values], self._some)
        stage, phase, words, state = self._carried(carried)
        mix = self._wait(self._mix(stage, phase, words, state.mix), 0)
        return State(state.highest, state.sums, mix).values

    def _carried(self, carried: Sequence[ir.Value]) -> tuple[ir.Value, ir.Value, list[list[ir.Value]], State]:
        """The stage and the phase of the keys whose values are to be mixed, their powers, and the state."""
        stage, phase, *rest = carried
        each = self.schedule.keys // COLUMN
        return stage, phase, [rest[:each], rest[each : 2 * each]], State.of(rest[2 * each :], _COUNT)

    def _some(self, key: ir.Value, carried: list[ir.Value], within: bool) -> list[ir.Value]:
        """Multiplies the next keys, and mixes the values of those before."""
        stage, phase, words, state = self._carried(carried)
        following, turn = self.keys.next(stage, phase)
        scores = self._scores(following, turn)
        mix = self._mix(stage, phase, words, state.mix)
        found = self._wait(_elements(self.b, scores), 1)
        self._leave(self.keys, following)
        taken, words = self.rows.take(key, _by_row(found), state, within)
        mix = self._wait(mix, 0)
        self._leave(self.values, stage)
        mix = self.rows.scaled(mix, taken.mix)
        return [following, turn, *words[0], *words[1], *State(taken.highest, taken.sums, mix).values]

    def _scores(self, stage: ir.Value, phase: ir.Value) -> ir.Value:
        """Begins the products of queries and the keys of a stage, once these are there."""
        b, s = self.b, self.schedule
        self.keys.wait(stage, phase, full=True)
        self._fence([])
        right = self._place(self.keys.place(stage))
        struct = ir.Type.parse("!llvm.struct<(" + ", ".join(["f32"] * (s.keys // 2)) + ")>")
        sums = b.one("llvm.mlir.undef", struct)
        for step in range(ceil(self.o.shape.depth / ROW)):
            piece, at = divmod(step, _WIDE // ROW)
            factors = [
                b.value(b.add(place, (piece * lines * LINE // 16 + at * _STEP) + (1 << 16 | _LINES << 32 | _PERMUTED)))
                for place, lines in ((self.left, s.rows), (right, s.keys))
            ]
            sums = self._multiply(factors[0], factors[1], sums, first=step == 0)
        b.create("nvvm.wgmma.commit.group.sync.aligned", [], [])
        return sums

    def _multiply(self, left: ir.Value, right: ir.Value, sums: ir.Value, first: bool) -> ir.Value:
        """One `wgmma` of two factors in shared memory whose lines are of k."""
        one_in = ir.Attribute.parse("#nvvm.wgmma_scale_in<one>")
        kind = ir.Attribute.parse(f"#nvvm.wgmma_type<{self.element}>")
        attributes = {
            "shape": ir.Attribute.parse(f"#nvvm.shape<m = {ROWS}, n = {self.schedule.keys}, k = {ROW}>"),
            "typeA": kind,
            "typeB": kind,
            "typeD": ir.Attribute.parse("#nvvm.wgmma_type<f32>"),
            "scaleD": ir.Attribute.parse(f"#nvvm.wgmma_scale_out<{'zero' if first else 'one'}>"),
            "scaleA": one_in,
            "scaleB": one_in,
            "layoutA": ir.Attribute.parse("#nvvm.mma_layout<row>"),
            "layoutB": ir.Attribute.parse("#nvvm.mma_layout<col>"),
        }
        return self.b.create("nvvm.wgmma.mma_async", [sums.type], [sums, left, right], attributes).results[0]

    def _mix(
        self, stage: ir.Value, phase: ir.Value, words: Sequence[Sequence[ir.Value]], mix: Sequence[ir.Value]
    ) -> list[ir.Value]:
        """Begins to add the values of a stage, once these are there, each as often as its power says. The operation of
        the dialect takes no factor from registers.
        """
        b, s = self.b, self.schedule
        self.values.wait(stage, phase, full=True)
        place, lines = self._place(self.values.place(stage)), s.keys * LINE // 16
        each, count = s.keys // COLUMN, len(mix)
        given = self._fence([*words[0], *words[1], *mix])
        upper, lower, sums = given[:each], given[each : 2 * each], given[2 * each :]
        names = [", ".join(f"${number}" for number in part) for part in (range(count), range(2 * count, 2 * count + 4))]
        shape = f"m{ROWS}n{2 * count}k{ROW}.f32.{self.element}.{self.element}"
        text = (
            "{ .reg .pred p; setp.ne.b32 p, 1, 0; "
            f"wgmma.mma_async.sync.aligned.{shape} {{{names[0]}}}, {{{names[1]}}}, ${2 * count + 4}, p, 1, 1, 1; }}"
        )
        for step in range(s.keys // ROW):
            left = [half[2 * step + j] for j in range(2) for half in (upper, lower)]
            right = b.value(b.add(place, step * ROW * LINE // 16 + (lines << 16 | _LINES << 32 | _PERMUTED)))
            sums = self._assembly(text, sums, [*left, right], "r,r,r,r,l")
        b.create("nvvm.wgmma.commit.group.sync.aligned", [], [])
        return sums

    def _fence(self, values: Sequence[ir.Value]) -> list[ir.Value]:
        """What is computed by now is seen by products that are begun from now on."""
        found = self._assembly("", values)
        self.b.create("nvvm.wgmma.fence.aligned", [], [])
        return found

    def _wait(self, sums: Sequence[ir.Value], others: int) -> list[ir.Value]:
        """Sums of products, once all these are done but for so many groups begun last."""
        b = self.b
        b.create("nvvm.wgmma.wait.group.sync.aligned", [], [], {"group": ir.IntegerAttr.get(b.i64, others)})
        return self._assembly("", sums)

    def _assembly(
        self, text: str, changed: Sequence[ir.Value], read: Sequence[ir.Value] = (), of_read: str = ""
    ) -> list[ir.Value]:
        """An instruction that changes some registers, or none that keeps code that uses them behind the place."""
        b = self.b
        if not changed:
            return []
        letters = ["r" if isinstance(each.type, ir.IntegerType) else "f" for each in changed]
        parts = [f"={letter}" for letter in letters] + [str(number) for number in range(len(changed))]
        attributes = {
            "asm_string": ir.StringAttr.get(text),
            "constraints": ir.StringAttr.get(",".join([*parts, *filter(None, [of_read]), "~{memory}"])),
            "has_side_effects": ir.UnitAttr.get(),
        }
        struct = ir.Type.parse("!llvm.struct<(" + ", ".join(str(each.type) for each in changed) + ")>")
        return _elements(b, b.create("llvm.inline_asm", [struct], [*changed, *read], attributes).results[0])

    def _leave(self, stages: Stages, stage: ir.Value) -> None:
        self.b.if_(self.leads, lambda: stages.leave(stage))

    def _place(self, address: ir.Value) -> ir.Value:
        """An address as descriptors have it."""
        b = self.b
        return b.one("arith.shrui", b.i64, b.one("llvm.ptrtoint", b.i64, address), b.value(4))


def _elements(b: Builder, struct: ir.Value) -> list[ir.Value]:
    types = [each.strip() for each in str(struct.type).split("(")[1].split(")")[0].split(",")]
    parsed = {name: ir.Type.parse(name) for name in set(types)}
    return [
        b.one("llvm.extractvalue", parsed[name], struct, position=ir.DenseI64ArrayAttr.get([number]))
        for number, name in enumerate(types)
    ]


def _by_row(sums: Sequence[ir.Value]) -> list[list[ir.Value]]:
    """A thread's sums by its two rows."""
    return [[sums[at + j] for at in range(2 * half, len(sums), 4) for j in range(2)] for half in range(2)]
