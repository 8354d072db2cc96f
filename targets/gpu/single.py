# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template that takes any nest alone: a thread for each point of its parallel loops, which computes the sums of
that point one after the other.

Neighbouring threads take neighbouring elements of the output, as far as one of the loops goes through it in order.
"""

from collections.abc import Iterator, Sequence

from mograph._records import record
from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, Nest, Seen
from mograph.targets.cpu.plan import Plan
from mograph.targets.cpu.schedules import tunable, variants
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.loops import Loops
from mograph.targets.gpu.points import UNSIGNED_LESS, compare, where

SCALAR = Plan(None, 1, 1)
MACHINE = Machine(vector_bits=128, masks=False, fused=True, native_f16=True)


@record
class Schedule:
    """Threads of a block."""

    threads: int


def _check(schedule: Schedule, chip: Chip) -> None:
    if not 0 < schedule.threads <= chip.threads:
        raise ValueError(f"expected 1 to {chip.threads} threads, found {schedule.threads}")


def _candidates(schedule: Schedule) -> Iterator[Schedule]:
    yield from variants(schedule, ({"threads": threads} for threads in (32, 64, 128, 512, 1024)))


@tunable("gpu_single", candidates=_candidates, check=_check)
def choose(chip: Chip) -> Schedule:
    """As many threads as hide each other's waiting on all chips."""
    return Schedule(min(256, chip.threads))


@record
class _SingleCode:
    nest: Nest
    order: tuple[int, ...]  # parallel loops, the last of which changes from thread to thread
    schedule: Schedule

    def grid(self, b: Builder) -> Grid:
        total = Loops(b, self.nest, self.order, self.nest.symbols).total
        threads = self.schedule.threads
        return Grid((b.blocks(total, threads), 1, 1), (threads, 1, 1))

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        number = b.value(b.add(b.mul(thread.block(0), self.schedule.threads), thread.thread(0)))
        loops = Loops(b, self.nest, self.order, seen[0].symbols)

        def point() -> None:
            NestCode(b, self.nest, SCALAR, seen[0], MACHINE).emit_point(loops.indices(number))

        where(b, compare(b, UNSIGNED_LESS, number, loops.total), point)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group of one nest."""
    if len(group.nests) != 1:
        return None
    nest = group.nests[0]
    parallel = [number for number, loop in enumerate(nest.loops) if not loop.reduces]
    contiguous = [number for number in parallel if all(access.strides[number] == ONE for access in nest.outputs)]
    order = sorted(parallel, key=lambda number: number in contiguous[-1:])
    return _SingleCode(nest, tuple(order), choose(chip))
