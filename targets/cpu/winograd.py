# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of convolutions by Winograd's algorithm: 2-D, windows of 3 x 3 or 5 x 5 that start side by side.

The result is cut into squares of m x m. With (m + r - 1)^2 products for each and channel instead of m^2 r^2, a sum over
channels is a product of matrices for each place of the transformed square: Y = A^T [(G g G^T) . (B^T d B)] A. F(4, 3)
takes a quarter of the multiplications of the direct form. What it costs is rounding: in f32, errors stay below 2^-17
of the sum of the absolute values of all terms, and below 2^-21 by F(2, 3), where those of direct sums are about 2^-23.
A schedule whose `square` is 0 leaves a convolution to the direct form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.convolution_schedule import PER_CYCLE, registers
from mograph.targets.cpu.followers import surrounded
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.matmul import PICOSECONDS
from mograph.targets.cpu.nest import ONE, ZERO, Loop, Nest, Seen
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.schedules import tunable
from mograph.targets.cpu.winograd_tiles import Squares

SQUARES = {3: (4, 2), 5: (2,)}  # the sizes of squares of results, for a window's size
LEAST_GAIN = 0.8  # of the direct form's time
PER_TRANSFORMED = 4.0  # cycles to make a vector of transformed elements
PER_FILTER = 10.0  # the same of the filter, whose many vectors leave the nearer caches
PER_ACROSS = 0.5  # cycles to move an element between layouts
STREAMED = 16  # bytes in a cycle from the second cache
HIGHEST = 14  # rows of a register tile


@dataclass(frozen=True)
class Roles:
    """A convolution whose filter is operand `w` and whose input is operand `x`, and what its loops are: images (None
    where there is one), rows and columns of the result, results and channels; with their extents, and the taps of a
    window in one direction. `last` is whether channels are what lies side by side.
    """

    w: int
    x: int
    image: int | None
    row: int
    column: int
    result: int
    channel: int
    row_tap: int
    column_tap: int
    images: int
    rows: int
    columns: int
    results: int
    channels: int
    taps: int
    last: bool


@dataclass(frozen=True)
class Schedule:
    """Squares of `square` x `square` results, 0 for none; an item is `high` rows of them. Products are in register
    tiles of `rows` squares by `width` results.
    """

    square: int
    high: int
    rows: int
    width: int

    def __post_init__(self) -> None:
        if self.square not in (0, 2, 4) or min(self.high, self.rows, self.width) < 1:
            raise ValueError(f"expected squares of 0, 2 or 4 and positive numbers, found {self}")


def recognize(nest: Nest) -> Roles | None:
    """The roles of a nest's operands and loops; None when it is no such convolution."""
    loops = nest.loops
    if len(nest.memory) != 3 or len(nest.accesses) != 3 or len(nest.outputs) != 1 or nest.indexed:
        return None
    if any(loop.extent.symbols for loop in loops) or any(s.symbols for a in nest.memory for s in a.strides):
        return None
    if [op.name for op in nest.body_ops[:-1]] != ["arith.mulf", "arith.addf"] or not _sums_products(nest):
        return None
    if any(not isinstance(a.element, (ir.F32Type, ir.F64Type)) for a in nest.memory):
        return None
    found = (_roles(nest, loops, w, x) for w, x in ((0, 1), (1, 0)))
    return next((roles for roles in found if roles is not None), None)


def _sums_products(nest: Nest) -> bool:
    multiply, add = nest.body_ops[:-1]
    first, second, total = nest.body.arguments
    return (
        set(multiply.operands) == {first, second}
        and set(add.operands) == {multiply.results[0], total}
        and nest.yielded[0] == add.results[0]
    )


def _roles(nest: Nest, loops: Sequence[Loop], w: int, x: int) -> Roles | None:
    filter_, input_, result = (nest.memory[i].strides for i in (w, x, 2))
    parallel = [i for i, loop in enumerate(loops) if not loop.reduces]
    sums = [i for i, loop in enumerate(loops) if loop.reduces]
    over = [i for i in parallel if filter_[i] != ZERO]
    rest = [i for i in parallel if filter_[i] == ZERO]
    if len(over) != 1 or input_[over[0]] != ZERO or len(rest) not in (2, 3) or len(sums) != 3:
        return None
    # A window's loop goes with the one over places that moves as far in the input.
    pairs = [(i, k) for i in rest for k in sums if input_[i] == input_[k] and loops[k].extent.constant in SQUARES]
    if len(pairs) != 2:
        return None
    (row, row_tap), (column, column_tap) = sorted(pairs, key=lambda pair: -input_[pair[0]].constant)
    taps = loops[row_tap].extent.constant
    others = [i for i in rest if i not in (row, column)]
    if row_tap == column_tap or row == column or loops[column_tap].extent.constant != taps:
        return None
    (m,), (channel,) = over, [k for k in sums if k not in (row_tap, column_tap)]
    last = all(strides[i] == ONE for strides, i in ((input_, channel), (filter_, m), (result, m)))
    steps = [filter_[i].constant for i in (channel, row_tap, column_tap)]
    first = steps == [taps * taps, taps, 1] and input_[column] == result[column] == ONE
    first = first and result[row].constant == loops[column].extent.constant
    if not (last or first):
        return None
    image = others[0] if others else None
    images = loops[image].extent.constant if image is not None else 1
    rows, columns, results, channels = (loops[i].extent.constant for i in (row, column, m, channel))
    return Roles(
        w, x, image, row, column, m, channel, row_tap, column_tap,
        images, rows, columns, results, channels, taps, last,
    )  # fmt: skip


def _cycles(roles: Roles, square: int, schedule: Schedule, lanes: int, cores: int) -> float:
    """Estimated cycles of one core."""
    places, work = (square + roles.taps - 1) ** 2, roles.results * roles.channels
    squares = roles.images * ceil(roles.rows / square) * ceil(roles.columns / square)
    vectors = schedule.width // lanes
    step = max(schedule.rows * vectors / PER_CYCLE, (schedule.rows + vectors) / PER_CYCLE, 4)
    products = squares * places * work / (schedule.rows * schedule.width) * step
    moved = squares * places * (roles.results + roles.channels) / lanes * PER_TRANSFORMED
    filters = work * places / lanes * PER_FILTER
    items = roles.images * ceil(ceil(roles.rows / square) / schedule.high)
    streamed = items * places * work * 64 / lanes / STREAMED
    across = 0.0
    if not roles.last:
        across = PER_ACROSS * roles.images * roles.rows * roles.columns * (roles.results + roles.channels)
        filters += PER_ACROSS * work * roles.taps**2
    return (max(products, streamed) + moved + across) / cores + filters


def direct_cycles(roles: Roles, lanes: int, cores: int) -> float:
    """Estimated cycles of the direct form."""
    places = roles.images * roles.rows * roles.columns * roles.taps**2
    return places * roles.results * roles.channels / (lanes * PER_CYCLE) / cores


def _check(schedule: Schedule, roles: Roles, bits: int, machine: Machine) -> None:
    lanes = machine.vector_bits // bits
    if schedule.square not in (0, *SQUARES[roles.taps]):
        raise ValueError(f"expected a square of 0 or one of {SQUARES[roles.taps]}, found {schedule.square}")
    if schedule.square and (roles.channels % lanes or roles.results % schedule.width or schedule.width % lanes):
        raise ValueError(f"expected channels in vectors of {lanes}, and results in tiles of some of them")
    if schedule.square and schedule.rows > ceil(roles.columns / schedule.square):
        raise ValueError(f"expected no more rows than squares side by side, found {schedule.rows}")


@tunable("winograd", candidates=lambda schedule: (Schedule(0, 1, 1, schedule.width),), check=_check)
def choose(roles: Roles, bits: int, machine: Machine) -> Schedule:
    """The squares that take the fewest cycles, or none where the direct form does not take many more; and as many rows
    of them as the second cache holds and leave all cores some.
    """
    lanes = max(1, machine.vector_bits // bits)
    best = Schedule(0, 1, 1, lanes)
    if lanes == 1 or roles.channels % lanes or roles.results % lanes:
        return best
    limit = direct_cycles(roles, lanes, machine.cores) * LEAST_GAIN
    for square in SQUARES[roles.taps]:
        high, wide = ceil(roles.rows / square), ceil(roles.columns / square)
        places = (square + roles.taps - 1) ** 2
        held = machine.cache(2) // 2 // (places * (roles.results + roles.channels) * bits // 8 * wide)
        high = max(1, min(held, ceil(high * roles.images / machine.cores), high))
        # Every row of squares has a tile's rows at least; a tile that ends beyond the last square starts earlier.
        for vectors in (2, 4):
            width = vectors * lanes
            if roles.results % width == 0:
                rows = max(1, min((registers(machine) - vectors - 1) // vectors, HIGHEST, wide))
                schedule = Schedule(square, high, rows, width)
                cycles = _cycles(roles, square, schedule, lanes, machine.cores)
                if cycles < limit:
                    best, limit = schedule, cycles
    return best


@dataclass(frozen=True)
class WinogradCode:
    """The code of a group with a convolution that is nest `at`, whose results the nest before fills if `filled`."""

    group: Group
    at: int
    filled: bool
    roles: Roles
    schedule: Schedule
    machine: Machine

    def work(self, b: Builder) -> Work:
        """Items are rows of squares; each thread transforms the filter once."""
        roles, cut = self.roles, self.schedule
        items = roles.images * ceil(ceil(roles.rows / cut.square) / cut.high)
        total = direct_cycles(roles, 1, 1) * PICOSECONDS
        return Work(items, int(total / items) // 4, unit=ceil(items / self.machine.cores))

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        """The items lo <= i < hi."""
        Squares(b, self.group, (self.at, self.filled), self.roles, self.schedule, seen, self.machine).emit(lo, hi)


def match(group: Group, machine: Machine) -> Coded | None:
    """The group as a convolution that is worth it, with what fills its results."""
    found = surrounded(group)
    if found is None:
        return None
    at, fill = found
    if at != len(group.nests) - 1 or group.temps:
        return None
    chosen = preferred(group.nests[at], machine)
    if chosen is None or (fill is None and not chosen[0].last):
        return None
    return WinogradCode(group, at, fill is not None, *chosen, machine)


def preferred(nest: Nest, machine: Machine) -> tuple[Roles, Schedule] | None:
    """The roles and the schedule of a nest, where this form of it takes less time than the direct one."""
    roles = recognize(nest)
    if roles is None:
        return None
    schedule = choose(roles, element_bits(nest.outputs[0].element), machine)
    return (roles, schedule) if schedule.square else None
