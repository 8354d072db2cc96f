# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Several loops as one: its number of a point, the numbers that the loops have there, and how far that is in memory."""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import Access, Nest, evaluate
from mograph.targets.gpu.points import split


class Loops:
    """Some loops of a nest, outermost first, as one loop with `total` points."""

    def __init__(self, b: Builder, nest: Nest, loops: Sequence[int], symbols: Sequence[ir.Value]) -> None:
        self.b, self.loops, self.symbols = b, tuple(loops), symbols
        self.extents = [evaluate(b, nest.loops[loop].extent, symbols) for loop in loops]
        self.total: Int = 1
        for extent in self.extents:
            self.total = b.mul(self.total, extent)

    def indices(self, number: Int) -> dict[int, Int]:
        """The number of each loop at a point."""
        return dict(zip(self.loops, split(self.b, number, self.extents, narrow=False), strict=True))

    def offset(self, access: Access, number: Int) -> Int:
        """How many elements a point is away from the first one."""
        return offset_of(self.b, access, self.indices(number), self.symbols)


def offset_of(b: Builder, access: Access, indices: Mapping[int, Int], symbols: Sequence[ir.Value]) -> Int:
    """How many elements an operand is away from its first one at some indices."""
    total: Int = 0
    for loop, index in indices.items():
        total = b.add(total, b.mul(index, evaluate(b, access.strides[loop], symbols)))
    return total
