# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How convolutions are cut into tasks, panels and register tiles: plain numbers, chosen from a model of the machine."""

from collections.abc import Sequence
from math import prod

from mograph._records import record
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.schedules import tunable

MOST_ROWS = 32  # of a tile
LATENCY = 4  # cycles from a multiplication and addition to the next one on the same register
PER_CYCLE = 2  # multiplications and additions, and loads
VECTORS = 2  # registers side by side in a tile
UNKNOWN = 128  # what an extent that is not known is taken for
LARGEST = 192 << 10  # bytes of panels on the stack of a task
TASKS = 3  # for each core, so that none waits long for another


@record
class Schedule:
    """How a product of rows by columns is cut.

    A tile of `rows` by `width` results is in registers. A panel is `width` columns of the operand that is read through
    windows, `depth` of its sums at once, copied to where a tile reads it in order; a task copies `panels` of them and
    goes through `block` rows for each.
    """

    rows: int
    width: int
    depth: int
    panels: int
    block: int


def tile_rows(rows: int | None, vectors: int, machine: Machine, most: int = MOST_ROWS) -> int:
    """The rows of a tile of `vectors` registers side by side, `most` at most: so many that arithmetic and not loads,
    latency or what remains at the end decide how long all `rows` (None when not known) take.
    """
    most = min(most, (machine.registers - vectors - 2) // vectors)
    if rows is None:
        return most // 4 * 4 or most

    def cycles(size: int) -> float:
        return max(size * vectors / PER_CYCLE, (size + vectors) / PER_CYCLE, LATENCY)

    def key(size: int) -> tuple[float, bool, int]:
        whole, rest = divmod(rows, size)
        return whole * cycles(size) + (cycles(rest) if rest else 0), rest != 0, -size

    return min(range(1, max(1, min(most, rows)) + 1), key=key)


def _check(
    schedule: Schedule,
    rows: int | None,
    columns: int | None,
    sums: Sequence[int | None],
    copies: int | None,
    bits: int,
    machine: Machine,
    most: int = MOST_ROWS,
) -> None:
    """Raises ValueError for a schedule that was changed to what cannot be done."""
    taps = prod(extent or 1 for extent in sums[1:])
    if min(schedule.rows, schedule.depth, schedule.panels, schedule.block) < 1:
        raise ValueError("expected numbers of 1 or more")
    if schedule.width != VECTORS * max(2, machine.vector_bits // bits):
        raise ValueError(f"expected a width of {VECTORS} registers, found {schedule.width}")
    if schedule.rows > most or schedule.block % schedule.rows:
        raise ValueError(f"expected tiles of at most {most} rows that divide a block of {schedule.block}")
    if schedule.depth % taps:
        raise ValueError(f"expected a depth of whole windows of {taps}, found {schedule.depth}")
    if schedule.depth * schedule.width * bits // 8 * schedule.panels > LARGEST:
        raise ValueError(f"expected panels of at most {LARGEST} bytes")
    if schedule.block * schedule.width * bits // 8 * schedule.panels > 2 * LARGEST:
        raise ValueError(f"expected results of a task of at most {2 * LARGEST} bytes")


@tunable("convolution", check=_check)
def choose(
    rows: int | None,
    columns: int | None,
    sums: Sequence[int | None],
    copies: int | None,
    bits: int,
    machine: Machine,
    most: int = MOST_ROWS,
) -> Schedule:
    """The schedule for `copies` products of `rows` by `columns` results of `bits` bits, whose sums are of so many terms
    in each of their loops; what is None is not known. Tiles have `most` rows at most.
    """
    lanes = max(2, machine.vector_bits // bits)
    size, width = tile_rows(rows, VECTORS, machine, most), VECTORS * lanes
    # Most of the first cache for the panel, which every tile reads; the rest for the other operand's part of a tile.
    depth = machine.cache(1) * 2 // 3 // (width * bits // 8)
    taps = prod(extent or 1 for extent in sums[1:])
    depth = max(depth // taps, 1) * taps
    if sums[0] is not None:
        slabs = -(-sums[0] * taps // depth)
        depth = -(-sums[0] // slabs) * taps
    known = UNKNOWN if rows is None else rows
    count = -(-(columns or UNKNOWN * width) // width) * (copies or 1)
    panel = depth * width * bits // 8
    panels, block = 1, -(-known // size) * size
    wanted = TASKS * machine.cores
    # The other operand is read once for each task: the more panels it meets the better, if it does not stay in a cache.
    total = taps * (sums[0] or UNKNOWN)
    large = known * total * bits // 8 > machine.cache(2) // 2
    while large and panel * panels * 2 <= LARGEST and count // (panels * 2) >= wanted:
        panels *= 2
    results = panels * width * bits // 8  # bytes of a row of a task, which may be kept on the stack, too
    while block >= 2 * size and block * results > LARGEST:
        block = -(-block // (2 * size)) * size
    while block >= 4 * size and -(-count // panels) * -(-known // block) < wanted:
        block = -(-block // (2 * size)) * size
    return Schedule(size, width, depth, panels, block)
