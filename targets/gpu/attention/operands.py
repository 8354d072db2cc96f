# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What code of attention on matrix units is made for, whoever made the chip."""

from collections.abc import Callable, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.gpu.attention.schedule import Shape
from mograph.targets.gpu.product import Factor


@record
class Operands:
    """Queries, keys and values: `across` is from row to row, and `along` from element to element. A block has the
    queries from `first` on, and takes the keys from `begin` up to `end`, those up to `inside` without a look at their
    indices; `begin` and `inside` are multiples of a schedule's tile of keys. `workspace` is global memory of the
    block's own, as much as the schedule asks for.
    """

    queries: Factor
    keys: Factor
    values: Factor
    first: Int
    begin: Int
    inside: Int
    end: Int
    shape: Shape
    workspace: ir.Value | None

    def loops(
        self,
        b: Builder,
        tile: int,
        carried: Sequence[ir.Value],
        some: Callable[[ir.Value, list[ir.Value], bool], Sequence[ir.Value]],
    ) -> list[ir.Value]:
        """`some(key, carried, within)` for all tiles of so many keys, first for those whose indices do not matter."""
        found = list(carried)
        for begin, end, within in ((self.begin, self.inside, True), (self.inside, self.end, False)):
            if not (isinstance(begin, int) and begin == end):

                def one(key: ir.Value, carried: list[ir.Value], within: bool = within) -> Sequence[ir.Value]:
                    return some(key, carried, within)

                found = b.loop(begin, end, tile, found, one)
        return found
