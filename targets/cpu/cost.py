# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Estimates of how long nests take, by which work is shared out between threads."""

from collections.abc import Sequence

from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, Loop, Nest, Product
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.plan import choose, operations_of

SMALL = 20_000_000  # picoseconds: less than what a thread costs to wake

# Picoseconds per element, measured roughly: arithmetic on a super-vector, traffic to the outer caches, scalar code.
PER_OPERATION, PER_BYTE, SCALAR_FACTOR = 15, 15, 12


def per_iteration(nest: Nest, vectorized: bool) -> int:
    """Estimated picoseconds for one execution of the body."""
    vector = PER_OPERATION * operations_of(nest) + sum(
        PER_BYTE * max(1, element_bits(access.element) // 8) for access in nest.memory
    )
    return vector if vectorized else vector * SCALAR_FACTOR


def points(loops: Sequence[Loop]) -> Product:
    """How many iterations loops make."""
    total = ONE
    for loop in loops:
        total *= loop.extent
    return total


def is_small(nests: Sequence[Nest], machine: Machine) -> bool:
    """Whether nests are known to be less work than a thread costs to wake."""
    total = 0
    for nest in nests:
        count = points(nest.loops)
        if count.symbols:
            return False
        total += count.constant * per_iteration(nest, choose(nest, machine.vector_bits).loop is not None)
    return total < SMALL
