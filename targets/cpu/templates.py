# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The templates that make code of groups of nests, in the order in which they are asked."""

from collections.abc import Callable, Sequence
from typing import Any

from mograph._records import record
from mograph.targets.cpu import (
    convolution,
    convolution_filters,
    convolution_rows,
    interleave,
    rows,
    single,
    split,
    transpose,
    window,
    winograd,
)
from mograph.targets.cpu.attention import code as attention
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction import blocked, streamed
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Nest, Seen

Match = Callable[[Group, Machine], Coded | None]
"""A template: the group with the schedule chosen for it, or None when it is not for this template. Creates no
operations."""


@record
class _OneNest:
    """The code of one nest in the roles that its template has recognized."""

    nest: Nest
    roles: Any
    machine: Machine
    module: Any
    code: Any

    def work(self, b: Builder) -> Work:
        items, picoseconds = self.module.tasks(self.nest, self.roles, self.machine, b)
        return Work(items, picoseconds)

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        self.code(b, self.nest, self.roles, seen[0], self.machine).emit(lo, hi)


def of_one_nest(module: Any, code: Any) -> Match:
    """The template of a module that has `recognize(nest)` and `tasks`, and `code` for what it recognizes."""

    def match(group: Group, machine: Machine) -> Coded | None:
        if len(group.nests) > 1:
            return None
        roles = module.recognize(group.nests[0])
        return None if roles is None else _OneNest(group.nests[0], roles, machine, module, code)

    return match


TEMPLATES: tuple[Match, ...] = (
    winograd.match,
    convolution_filters.match,
    convolution.match,
    of_one_nest(convolution_rows, convolution_rows.RowsConvolutionCode),
    streamed.match,
    blocked.match,
    attention.match,
    interleave.match,
    window.match,
    rows.match,
    split.match,
    transpose.match,
    single.match,
)


def match(group: Group, machine: Machine) -> Coded | None:
    """What the first template that takes the group makes of it; None when no one does."""
    return next(filter(None, (template(group, machine) for template in TEMPLATES)), None)
