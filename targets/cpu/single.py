# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template that takes any nest alone: its outermost loop is shared out, the rest is as its plan says."""

from collections.abc import Sequence

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.cost import is_small, per_iteration, points
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Nest, Seen, evaluate
from mograph.targets.cpu.plan import Plan, choose
from mograph.targets.cpu.streams import streamed


@record
class _SingleCode:
    nest: Nest
    plan: Plan
    machine: Machine

    def work(self, b: Builder) -> Work:
        nest, plan = self.nest, self.plan
        outermost = _outermost(nest, plan) if nest.loops else None
        if outermost is None or is_small([nest], self.machine):
            items = evaluate(b, nest.loops[outermost].extent, nest.symbols) if outermost is not None else 1
            return Work(items, 0, in_place=True)
        others = points([loop for i, loop in enumerate(nest.loops) if i != outermost])
        return Work(
            items=evaluate(b, nest.loops[outermost].extent, nest.symbols),
            picoseconds=b.mul(per_iteration(nest, plan.loop is not None), evaluate(b, others, nest.symbols)),
            unit=plan.width if outermost == plan.loop else 1,
            serial=nest.loops[outermost].reduces,
        )

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        NestCode(b, self.nest, self.plan, seen[0], self.machine).emit(lo, hi)


def match(group: Group, machine: Machine) -> Coded | None:
    """The code of a group of one nest."""
    if len(group.nests) != 1:
        return None
    nest = group.nests[0]
    read = {access.memref for access in nest.memory if access.is_read}
    plan = streamed(nest, choose(nest, machine.vector_bits), read, group.aligned, machine)
    return _SingleCode(nest, plan, machine)


def _outermost(nest: Nest, plan: Plan) -> int:
    """The loop that is run in parallel: the first, except that the vectorised loop is the innermost of its kind."""
    kind = [i for i, loop in enumerate(nest.loops) if loop.reduces == nest.loops[0].reduces]
    others = [i for i in kind if i != plan.loop]
    return others[0] if others else kind[0]
