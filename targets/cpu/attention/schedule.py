# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a group of products by rows is cut up, and the model that chooses."""

from math import ceil

from mograph._records import record
from mograph.targets.cpu.attention.roles import RowProduct
from mograph.targets.cpu.cost import points
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Product
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.schedules import tunable

TASKS = 4  # for each core, so that none waits long for another
MOST, LEAST = 256, 32  # rows of a task: what copying B costs is shared by them
TILES = {512: ((6, 4, 1.0), (8, 2, 1.07)), 256: ((6, 2, 1.0), (4, 2, 1.1))}
"""Register tiles by bits of a register: rows, vectors in a row, and how long a multiplication takes, measured; those of
256 do for less, too."""
FEW_TILES = 2  # for which copying does not pay
MOST_TILES = 4  # of a block, one above the other
ROWS, COLUMNS = 512, 1024  # where they are not known


@record
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
    lanes = max(2, machine.vector_bits // bits)
    widths = [_known(group.nests[product.number].loops[product.n].extent, COLUMNS) for product in products]
    columns = max(widths)
    loops = group.nests[0].loops[: group.shared]
    extent = _known(loops[-1].extent, ROWS)

    def cycles(tile: tuple[int, int, float]) -> float:
        rows, registers, each = tile
        return each * ceil(extent / rows) * rows * sum(ceil(n / (registers * lanes)) * registers for n in widths)

    rows, registers, _ = min(TILES[512 if machine.vector_bits >= 512 else 256], key=cycles)
    row_bytes = max(1, columns * bits // 8)
    block = machine.cache(1) // 2 // row_bytes // rows
    if block < 2:  # the rows are in the second cache then, together with what they are multiplied with
        block = machine.cache(2) // 8 // row_bytes // rows
    block_rows = rows * max(1, min(MOST_TILES, block))
    total = _known(points(loops), ROWS * machine.cores * TASKS)
    block_rows = min(block_rows, -(-extent // rows) * rows)
    task = min(MOST, extent, max(LEAST, total // (TASKS * machine.cores)))
    depth = machine.cache(1) * 2 // 3 // (lanes * registers * bits // 8)
    task = -(-task // block_rows) * block_rows
    return Schedule(lanes, registers, rows, depth, block_rows, task, extent > FEW_TILES * rows)


def _known(extent: Product, otherwise: int) -> int:
    return otherwise if extent.symbols else extent.constant
