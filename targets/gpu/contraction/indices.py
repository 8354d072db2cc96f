# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The loops of a product in the roles that they have."""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.nest import Nest
from mograph.targets.gpu.contraction.roles import Roles
from mograph.targets.gpu.loops import Loops


def loops_of(b: Builder, nest: Nest, roles: Roles, symbols: Sequence[ir.Value]) -> tuple[Loops, Loops, Loops]:
    """The rows of a product, its columns, and the independent products."""
    rows, columns, batch = (Loops(b, nest, loops, symbols) for loops in (roles.rows, roles.columns, roles.batch))
    return rows, columns, batch
