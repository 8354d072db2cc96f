# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The templates that make kernels of groups of nests, in the order in which they are asked."""

from mograph.targets.cpu.group import Group
from mograph.targets.gpu import elementwise, rows, single, transpose
from mograph.targets.gpu.attention import code as attention
from mograph.targets.gpu.attention import units as matrix_attention
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.contraction import grouped, grouped_warpgroups, tiled, units, warpgroups
from mograph.targets.gpu.group import Coded, Match

TEMPLATES: tuple[Match, ...] = (
    warpgroups.match,
    grouped_warpgroups.match,
    units.match,
    grouped.match,
    tiled.match,
    matrix_attention.match,
    attention.match,
    rows.match,
    transpose.match,
    elementwise.match,
    single.match,
)


def match(group: Group, chip: Chip) -> Coded | None:
    """What the first template that takes the group makes of it; None when no one does."""
    return next(filter(None, (template(group, chip) for template in TEMPLATES)), None)
