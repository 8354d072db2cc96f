# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products on the tensor cores of sm_90a: `wgmma` on tiles that the hardware copies (TMA), by warpgroups with different
tasks, in blocks that stay and go from tile to tile.

The first warpgroup has a thread that asks for tiles and gives most of its registers away; the others multiply. Barriers
in shared memory say when a stage is full and when it is empty again. While one tile's sums are handed over, the next
one's stages are filled.

Elements are f16 or bf16, or i8, floats of 8 bits, or f32 as tf32 where neighbours along k lie together. Addresses and
distances of the factors are multiples of 16 bytes, those between the factors of several products, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.handover import Handover
from mograph.targets.gpu.narrow import Narrow, Number
from mograph.targets.gpu.product import Epilogue, Product, raster
from mograph.targets.nvidia.maps import make, map_of
from mograph.targets.nvidia.stages import Stages, copy_tile, registers
from mograph.targets.nvidia.warpgroups import FEW, GROUP, LINE, MANY, MAP, PAD, PIECE, ROWS, Schedule, by_k

_KINDS = {"f16": "f16", "bf16": "bf16", "f32": "tf32", "i8": "s8", "f8E4M3FN": "e4m3", "f8E5M2": "e5m2"}
_STEP = 32  # bytes along k that are multiplied at once
_EQ = 0


def held(element: ir.Type) -> int:
    """How many registers a thread needs for a sum. Of products of 8-bit floats, tensor cores keep some 14 bits only of
    what they add up, so that the sums of each stage are added to the others in f32.
    """
    return 2 if str(element) in ("f8E4M3FN", "f8E5M2") else 1


def suits(product: Product) -> bool:
    """Whether the tensor cores of sm_90a take the factors, and the hardware can copy their tiles."""
    same = product.a.element == product.b.element and str(product.a.element) in _KINDS
    for factor in (product.a, product.b):
        together = by_k(factor) or (
            factor.element.width == 16 and isinstance(factor.across, int) and factor.across == 1
        )
        same = same and together and factor.aligned >= 16
    return same


@dataclass(frozen=True)
class Batch:
    """How many products there are, and how many elements their factors are apart; `one_a` is whether all have one A."""

    count: Int
    a: Int
    b: Int
    one_a: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Tile:
    """A tile of C: the number of the product, its first row and column, the end of the rows that it may have, and how
    much of k is summed up.
    """

    product: Int
    row: Int
    column: Int
    stop: Int
    depth: Int


@dataclass(frozen=True)
class Tiles:
    """Other tiles than those of all rows of all products: how many, and which that of a number is."""

    count: Int
    find: Callable[[Int], Tile]


def emit(
    b: Builder, thread: Thread, product: Product, batch: Batch, workspace: ir.Value, schedule: Schedule,
    epilogue: Callable[[Int], Epilogue], tiles: Tiles | None = None,
) -> None:  # fmt: skip
    """The code of a thread of a block. `workspace` is global memory, of as much as the schedule says for each block;
    `epilogue(number)` is the one of a product. Any number of blocks does, at best as many as run side by side.
    """
    _Wgmma(b, thread, product, batch, workspace, schedule, tiles).emit(epilogue)


class _Wgmma:
    def __init__(
        self, b: Builder, thread: Thread, product: Product, batch: Batch, workspace: ir.Value, schedule: Schedule,
        tiles: Tiles | None,
    ) -> None:  # fmt: skip
        self.b, self.i, self.thread, self.product, self.schedule = b, Narrow(b), thread, product, schedule
        s, bytes_ = schedule, product.a.element.width // 8
        self.depth = LINE // bytes_
        self.integer = isinstance(product.a.element, ir.IntegerType)
        self.element: ir.Type = b.i32 if self.integer else b.f32
        self.number = self.i.cut(thread.thread(0))
        shared = thread.shared(s.shared())
        address = b.one("llvm.ptrtoint", b.i64, shared)
        address = b.value(b.round_up(address, 1024))
        self.shared = b.one("llvm.inttoptr", shared.type, address)
        self.first = s.rows * LINE
        self.hand = s.stages * s.stage
        self.room = self.hand + 4 * s.consumers * s.handed
        barriers = self.room + 2 * MAP
        self.find: Callable[[Int], Tile] = self._tile
        if tiles is None:
            self.down, self.across = b.blocks(product.m, s.rows), b.blocks(product.n, s.columns)
            self.each = b.mul(self.down, self.across)
            count = b.mul(self.each, batch.count)
        else:
            self.find, count = tiles.find, tiles.count
        block, blocks = thread.block(0), self._grid()
        self.batch, self.own = batch, b.address(workspace, b.mul(block, s.workspace), b.i8)
        generic = ir.Type.parse("!llvm.ptr")
        own = [b.address(self.own, number * MAP, b.i8) for number in range(2)]
        self.maps = [b.one("llvm.addrspacecast", generic, each) for each in own]
        trips = b.sub(b.add(count, b.sub(blocks, 1)), block)  # those of this block, if there is one
        trips = b.one("arith.maxsi", b.i64, b.value(trips), b.value(0))
        self.block, self.blocks, self.trips = block, blocks, b.one("arith.divui", b.i64, trips, blocks)
        self.stages = Stages(b, self.shared, 0, s.stage, s.stages, barriers)

    def _grid(self) -> ir.Value:
        b = self.b
        found = b.one("gpu.grid_dim", b.index, dimension=ir.Attribute.parse("#gpu<dim x>"))
        return b.one("arith.index_cast", b.i64, found)

    def emit(self, epilogue: Callable[[Int], Epilogue]) -> None:
        """Makes the barriers, and divides the threads."""
        b, i, s = self.b, self.i, self.schedule
        zero = ir.IntegerAttr.get(b.i64, _EQ)

        def begin() -> None:
            self.stages.begin(4 * s.consumers)
            b.create("nvvm.fence.mbarrier.init", [], [])

        b.if_(b.one("arith.cmpi", b.i1, i.value(self.number), i.value(0), predicate=zero), begin)
        warp, lane = i.split(self.number, 32)
        b.if_(b.one("arith.cmpi", b.i1, i.value(warp), i.value(0), predicate=zero), lambda: self._make_maps(lane))
        self.thread.barrier()
        group, _ = i.split(self.number, GROUP)
        op = b.create("scf.if", [], [b.one("arith.cmpi", b.i1, i.value(group), i.value(0), predicate=zero)], regions=2)
        with b.inside(ir.Block.create_at_start(op.regions[0])):
            registers(b, FEW, more=False)
            b.if_(b.one("arith.cmpi", b.i1, i.value(self.number), i.value(0), predicate=zero), self._bring)
            b.create("scf.yield", [], [])
        with b.inside(ir.Block.create_at_start(op.regions[1])):
            registers(b, MANY[s.consumers], more=True)
            self._consume(i.add(group, -1), epilogue)
            b.create("scf.yield", [], [])

    def _make_maps(self, lane: Number) -> None:
        b, i, s, p, batch = self.b, self.i, self.schedule, self.product, self.batch
        sides = ((p.a, p.m, batch.a, s.rows), (p.b, p.n, batch.b, s.columns))
        for number, (factor, extent, apart, size) in enumerate(sides):
            count = 1 if batch.one_a and number == 0 else batch.count
            map_ = map_of(factor, extent, p.k, count, apart, size)
            room = i.at(self.shared, self.room + number * MAP)
            make(b, lane, room, b.address(self.own, number * MAP, b.i8), factor, map_)

    def _tile(self, number: Int) -> Tile:
        b, s, product = self.b, self.schedule, self.product
        batch, rest = b.split(number, self.each)
        row, column = raster(b, rest, self.down, self.across, s.band)
        return Tile(batch, b.mul(row, s.rows), b.mul(column, s.columns), product.m, product.k)

    def _tiles(self, body: Callable[[Tile, ir.Value, ir.Value], tuple[ir.Value, ir.Value]], full: bool) -> None:
        """`body(tile, stage, phase)` for each tile of the block gives the stage and phase after it."""
        b = self.b

        def one(number: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
            stage, turn = carried
            return list(body(self.find(b.add(self.block, b.mul(number, self.blocks))), stage, turn))

        b.loop(0, self.trips, 1, list(self.stages.start(full)), one)

    # One thread brings tiles

    def _bring(self) -> None:
        b, i, s, product = self.b, self.i, self.schedule, self.product
        for each in self.maps:
            scope = ir.Attribute.parse("#nvvm.mem_scope<gpu>")
            b.create("nvvm.fence.proxy.acquire", [], [each, i.value(128)], {"scope": scope})

        def bring(tile: Tile, stage: ir.Value, phase: ir.Value) -> tuple[ir.Value, ir.Value]:
            z, across, along = i.cut(tile.product), i.cut(tile.column), i.cut(tile.row)
            z_of_a = 0 if self.batch.one_a else z

            def step(at: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
                stage, phase = carried
                self.stages.wait(stage, phase, full=False)
                full, target, k = self.stages.expect(stage), self.stages.place(stage), i.cut(at)
                self._copy(0, by_k(product.a), target, s.rows, along, k, z_of_a, full)
                self._copy(1, by_k(product.b), i.at(target, self.first), s.columns, across, k, z, full)
                return list(self.stages.next(stage, phase))

            stage, phase = b.loop(0, tile.depth, self.depth, [stage, phase], step)
            return stage, phase

        self._tiles(bring, full=False)

    def _copy(
        self, which: int, along_k: bool, target: ir.Value, size: int, first: Number, k: Number, batch: Number,
        full: ir.Value,
    ) -> None:  # fmt: skip
        """Asks for a factor's tile: at once where lines are of k, else a line of 128 bytes wide at a time."""
        b, i = self.b, self.i
        for number in range(1 if along_k else size * LINE // self.depth // LINE):
            place = i.add(first, number * self.depth)
            inner, outer = (k, first) if along_k else (place, k)
            goal = i.at(target, number * LINE * self.depth)
            copy_tile(b, self.maps[which], goal, (inner, outer, batch), full)

    # The others multiply

    def _consume(self, group: Number, epilogue: Callable[[Int], Epilogue]) -> None:
        b, i, s, product = self.b, self.i, self.schedule, self.product
        count = s.columns // 2
        struct = ir.Type.parse("!llvm.struct<(" + ", ".join([str(self.element)] * count) + ")>")
        apart = held(product.a.element) > 1
        lane = i.both(self.number, 31)
        leads = b.one("arith.cmpi", b.i1, i.value(lane), i.value(0), predicate=ir.IntegerAttr.get(b.i64, _EQ))
        address = b.one("llvm.ptrtoint", b.i64, self.shared)
        start = b.one("arith.shrui", b.i64, address, b.value(4))

        def consume(tile: Tile, stage: ir.Value, phase: ir.Value) -> tuple[ir.Value, ir.Value]:
            nothing = b.one("llvm.mlir.zero", struct)

            def step(at: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
                stage, phase, *before = carried
                sums = nothing if apart else before[0]
                self.stages.wait(stage, phase, full=True)
                b.create("nvvm.wgmma.fence.aligned", [], [])
                place = b.add(start, i.wide(i.mul(stage, s.stage // 16)))
                left = b.add(place, b.mul(i.wide(group), ROWS * LINE // 16))
                right = b.add(place, self.first // 16)
                for number in range(LINE // _STEP):
                    sums = self._multiply(
                        self._descriptor(left, by_k(product.a), number),
                        self._descriptor(right, by_k(product.b), number),
                        sums,
                    )
                b.create("nvvm.wgmma.commit.group.sync.aligned", [], [])
                b.create("nvvm.wgmma.wait.group.sync.aligned", [], [], {"group": ir.IntegerAttr.get(b.i64, 0)})
                b.if_(leads, lambda: self.stages.leave(stage))
                return [*self.stages.next(stage, phase), *(self._added(before, sums) if apart else [sums])]

            zeros = [b.number(self.element, 0)] * count if apart else [nothing]
            stage, phase, *sums = b.loop(0, tile.depth, self.depth, [stage, phase, *zeros], step)
            self._hand_over(sums if apart else self._taken(sums[0]), group, lane, tile, epilogue(tile.product))
            return stage, phase

        self._tiles(consume, full=True)

    def _taken(self, sums: ir.Value) -> list[ir.Value]:
        """A thread's sums, one by one."""
        b = self.b
        places = (ir.DenseI64ArrayAttr.get([at]) for at in range(self.schedule.columns // 2))
        return [b.one("llvm.extractvalue", self.element, sums, position=at) for at in places]

    def _added(self, before: Sequence[ir.Value], sums: ir.Value) -> list[ir.Value]:
        """The sums of a stage added to those of the stages before."""
        both = zip(before, self._taken(sums), strict=True)
        return [self.b.one("arith.addf", self.element, one, other) for one, other in both]

    def _descriptor(self, place: Int, along_k: bool, step: int) -> ir.Value:
        """What the tensor cores read of a tile: where it begins and how far apart its parts are, in 16 bytes. Lines of
        k repeat every 8 of them; those of m or n do so along k, and are a line of 128 bytes wide.
        """
        b = self.b
        if along_k:
            fixed, moved = 1 << 16 | (8 * LINE // 16) << 32, step * _STEP // 16
        else:
            fixed, moved = (self.depth * LINE // 16) << 16 | (8 * LINE // 16) << 32, step * 16 * LINE // 16
        return b.value(b.add(b.add(place, moved), fixed | 1 << 62))

    def _multiply(self, left: ir.Value, right: ir.Value, sums: ir.Value) -> ir.Value:
        b, s, product = self.b, self.schedule, self.product
        kind = _KINDS[str(product.a.element)]
        depth = _STEP * 8 // product.a.element.width
        one_in = ir.Attribute.parse("#nvvm.wgmma_scale_in<one>")
        attributes = {
            "shape": ir.Attribute.parse(f"#nvvm.shape<m = 64, n = {s.columns}, k = {depth}>"),
            "typeA": ir.Attribute.parse(f"#nvvm.wgmma_type<{kind}>"),
            "typeB": ir.Attribute.parse(f"#nvvm.wgmma_type<{kind}>"),
            "typeD": ir.Attribute.parse(f"#nvvm.wgmma_type<{'s32' if self.integer else 'f32'}>"),
            "scaleD": ir.Attribute.parse("#nvvm.wgmma_scale_out<one>"),
            "scaleA": one_in,
            "scaleB": one_in,
            "layoutA": ir.Attribute.parse(f"#nvvm.mma_layout<{'row' if by_k(product.a) else 'col'}>"),
            "layoutB": ir.Attribute.parse(f"#nvvm.mma_layout<{'col' if by_k(product.b) else 'row'}>"),
        }
        if self.integer:
            attributes["satfinite"] = ir.Attribute.parse("#nvvm.mma_int_overflow<wrapped>")
        return b.create("nvvm.wgmma.mma_async", [sums.type], [sums, left, right], attributes).results[0]

    def _hand_over(self, sums: Sequence[ir.Value], group: Number, lane: Number, tile: Tile, epilogue: Epilogue) -> None:
        """Through shared memory, some columns of a warp's 16 rows at a time."""
        b, i, s = self.b, self.i, self.schedule
        warp, _ = i.split(i.both(self.number, GROUP - 1), 32)
        own = i.at(self.shared, i.add(i.mul(i.add(i.mul(group, 4), warp), s.handed), self.hand))
        pitch = (PIECE + PAD) * 4
        line, pair = i.split(lane, 4)
        put = i.add(i.mul(line, pitch), i.mul(pair, 8))
        two = ir.VectorType.get([2], self.element)
        within, origin = replace(self.product, m=tile.stop), (tile.row, tile.column)
        hand = Handover(b, within, (s.rows, s.columns), origin, lane, 32, s.vector, epilogue)
        down = i.add(i.mul(group, ROWS), i.mul(warp, 16))
        for first in range(0, s.columns, PIECE):
            for column in range(0, PIECE, 8):
                for half in range(2):
                    at = (first + column) // 2 + 2 * half
                    both = sums[at : at + 2]
                    place = i.add(put, 8 * half * pitch + 4 * column)
                    b.store(b.one("vector.from_elements", two, *both), i.at(own, place), 8)
            b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
            hand.rows(own, pitch, 16, PIECE, down, first)
            b.create("nvvm.bar.warp.sync", [], [i.value(-1)])
