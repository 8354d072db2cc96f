# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a group of products by rows is cut up, and the model that chooses."""

from dataclasses import dataclass

from mograph.targets.cpu.attention.roles import RowProduct
from mograph.targets.cpu.cost import points
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Product
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.schedules import tunable

TASKS = 4  # for each core, so that none waits long for another
MOST, LEAST = 256, 32  # rows of a task: what copying B costs is shared by them
REGISTERS = 2  # vectors in a row of a register tile
FEW_TILES = 2  # for which copying does not pay
MOST_TILES = 4  # of a block, one above the other
ROWS, COLUMNS = 512, 1024  # where they are not known


@dataclass(frozen=True)
class Schedule:
    """Register tiles have `rows` rows of `registers` vectors of `lanes` elements, and products go through k in steps of
    `depth`. The nests run one after the other on `block_rows` rows; a task has `task_rows`. Each of these numbers of
    rows is a multiple of the one before. `pack`: what all rows share is copied to panels even where it need not be.
    """

    lanes: int
    registers: int
    rows: int
    depth: int
    block_rows: int
    task_rows: int
    pack: bool

    def __post_init__(self) -> None:
        if min(self.lanes, self.registers, self.rows, self.depth, self.block_rows, self.task_rows) < 1:
            raise ValueError("expected numbers above 0")
        if self.lanes & (self.lanes - 1) or self.registers & (self.registers - 1):
            raise ValueError("expected lanes and registers to be powers of two")
        if self.block_rows % self.rows or self.task_rows % self.block_rows:
            raise ValueError("expected task_rows to be a multiple of block_rows, and that one of rows")

    @property
    def width(self) -> int:
        """Columns of a register tile."""
        return self.lanes * self.registers


@tunable("attention")
def choose(group: Group, products: tuple[RowProduct, ...], machine: Machine) -> Schedule:
    """Tiles that fill the registers, and several tasks for each core."""
    bits = max(element_bits(product.body.total.type) for product in products)
    rows = 8 if machine.vector_bits >= 512 else 4
    lanes = max(2, machine.vector_bits // bits)
    columns = max(_known(group.nests[product.number].loops[product.n].extent, COLUMNS) for product in products)
    row_bytes = max(1, columns * bits // 8)
    block = machine.cache(1) // 2 // row_bytes // rows
    if block < 2:  # the rows are in the second cache then, together with what they are multiplied with
        block = machine.cache(2) // 8 // row_bytes // rows
    block_rows = rows * max(1, min(MOST_TILES, block))
    loops = group.nests[0].loops[: group.shared]
    total = _known(points(loops), ROWS * machine.cores * TASKS)
    extent = _known(loops[-1].extent, ROWS)
    block_rows = min(block_rows, -(-extent // rows) * rows)
    task = min(MOST, extent, max(LEAST, total // (TASKS * machine.cores)))
    depth = machine.cache(1) // 3 // (lanes * REGISTERS * bits // 8)
    task = -(-task // block_rows) * block_rows
    return Schedule(lanes, REGISTERS, rows, depth, block_rows, task, extent > FEW_TILES * rows)


def _known(extent: Product, otherwise: int) -> int:
    return otherwise if extent.symbols else extent.constant
