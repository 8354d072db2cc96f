# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stages of tiles in shared memory that hardware copies to (TMA) and warpgroups read: the barriers that say when one is
full and when it is empty again, and in which one code is.
"""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.gpu.narrow import Narrow, Number

BARRIERS = 16  # bytes of a stage's two barriers
_EQ = 0
_TICKS = 10_000_000


class Stages:
    """`count` stages of `size` bytes from `first` on in shared memory, whose barriers begin at `barriers`."""

    def __init__(self, b: Builder, shared: ir.Value, first: int, size: int, count: int, barriers: int) -> None:
        self.b, self.i, self.shared = b, Narrow(b), shared
        self.first, self.size, self.count, self.barriers = first, size, count, barriers

    def begin(self, readers: int) -> None:
        """Makes the barriers, by one thread; so many arrive where a stage is empty again."""
        for stage in range(self.count):
            for full, threads in ((True, 1), (False, readers)):
                self.b.create("nvvm.mbarrier.init", [], [self._barrier(stage, full), self.i.value(threads)])

    def start(self, full: bool) -> tuple[ir.Value, ir.Value]:
        """The first stage, and the phase that is waited for: a stage is empty at first, and not `full`."""
        return self.i.value(0), self.i.value(0 if full else 1)

    def next(self, stage: ir.Value, phase: ir.Value) -> tuple[ir.Value, ir.Value]:
        """The stage after one, and how often code has been through all of them by then, modulo 2."""
        b, i = self.b, self.i
        more, turned = i.value(i.add(stage, 1)), b.one("arith.xori", b.i32, phase, i.value(1))
        over = b.one("arith.cmpi", b.i1, more, i.value(self.count), predicate=ir.IntegerAttr.get(b.i64, _EQ))
        return (
            b.one("arith.select", b.i32, over, i.value(0), more),
            b.one("arith.select", b.i32, over, turned, phase),
        )

    def place(self, stage: Number) -> ir.Value:
        """Where a stage begins."""
        return self.i.at(self.shared, self.i.add(self.i.mul(stage, self.size), self.first))

    def expect(self, stage: Number) -> ir.Value:
        """Says how many bytes come to a stage; gives the barrier that counts them."""
        barrier = self._barrier(stage, full=True)
        self.b.create("nvvm.mbarrier.arrive.expect_tx", [], [barrier, self.i.value(self.size)])
        return barrier

    def wait(self, stage: Number, phase: ir.Value, full: bool) -> None:
        """Waits until a stage is full, or empty."""
        operands = [self._barrier(stage, full), phase, self.i.value(_TICKS)]
        self.b.create("nvvm.mbarrier.try_wait.parity", [], operands)

    def leave(self, stage: Number) -> None:
        """Says that the thread's warp has read a stage."""
        self.b.create("nvvm.mbarrier.arrive", [self.b.i64], [self._barrier(stage, full=False)])

    def _barrier(self, stage: Number, full: bool) -> ir.Value:
        place = self.i.add(self.i.mul(stage, BARRIERS), self.barriers + (0 if full else BARRIERS // 2))
        return self.i.at(self.shared, place)


def copy_tile(b: Builder, map_: ir.Value, target: ir.Value, coordinates: Sequence[Number], full: ir.Value) -> None:
    """Asks for the tile of a tensor map at three coordinates, whose bytes the barrier `full` counts."""
    cluster = b.one("llvm.addrspacecast", ir.Type.parse("!llvm.ptr<7>"), target)  # that of the cluster
    segments = ir.DenseI32ArrayAttr.get([1, 1, 3, 1, 0, 0, 0, 0])
    b.create(
        "nvvm.cp.async.bulk.tensor.shared.cluster.global",
        [],
        [cluster, map_, *map(Narrow(b).value, coordinates), full],
        {"operandSegmentSizes": segments},
    )


def registers(b: Builder, count: int, more: bool) -> None:
    """Changes how many registers each thread of a warpgroup has."""
    action = ir.Attribute.parse(f"#nvvm<action {'increase' if more else 'decrease'}>")
    b.create("nvvm.setmaxregister", [], [], {"regCount": ir.IntegerAttr.get(b.i32, count), "action": action})
