# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Memory that tiles ask for while they work, so that it is in the second cache when it is read.

All at once, requests would take the places in which lines of B wait that tiles read now. So each tile asks for a part,
which it spreads over its steps along k.
"""

from collections.abc import Iterable

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.packing import LINE
from mograph.targets.cpu.contraction.schedule import Schedule
from mograph.targets.cpu.partial import element_bytes


@record
class Later:
    """What one tile asks for: from an address on, so many bytes in each step."""

    base: ir.Value
    bytes: int


def ask(b: Builder, laters: Iterable[Later], k: Int, steps: int) -> None:
    """Asks for the lines of so many steps from the `k`th on. The memory need not exist."""
    for each in laters:
        at = b.address(each.base, b.mul(k, each.bytes), b.i8)
        for line in range(0, each.bytes * steps, LINE):
            b.prefetch(b.address(at, line, b.i8), 2)


def rows_later(
    b: Builder, schedule: Schedule, rows: Iterable[tuple[ir.Value, Int, int, ir.Type]], column: Int
) -> list[Later]:
    """What the tile at a column of the task asks for, such that all tiles of a strip together ask for as many rows as a
    tile has, of each of `rows`: the address of the first row, how far rows are from each other, and how many elements
    of what type they have.
    """
    panels = schedule.task_columns // schedule.width
    count, pieces = -(-schedule.rows // panels), max(1, panels // schedule.rows)
    first, piece = b.split(b.split(column, schedule.width)[0], pieces)
    laters = []
    for start, stride, length, element in rows:
        share = -(-length * element_bytes(element) // pieces)
        begin = b.address(b.address(start, b.mul(b.mul(first, count), stride), element), b.mul(piece, share), b.i8)
        each = -(-share // schedule.lines)
        laters += [Later(b.address(begin, b.mul(r, stride), element), each) for r in range(count)]
    return laters
