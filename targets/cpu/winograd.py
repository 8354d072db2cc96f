# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of convolutions by Winograd's algorithm: 2-D, windows of 3 x 3 or 5 x 5 that start side by side.

The result is cut into squares of m x m. With (m + r - 1)^2 products for each and channel instead of m^2 r^2, a sum over
channels is a product of matrices for each place of the transformed square: Y = A^T [(G g G^T) . (B^T d B)] A. F(4, 3)
takes a quarter of the multiplications of the direct form. What it costs is rounding: in f32, errors stay below 2^-17
of the sum of the absolute values of all terms, and below 2^-21 by F(2, 3), where those of direct sums are about 2^-23.
A schedule whose `square` is 0 leaves a convolution to the direct form.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import ceil

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.convolution_schedule import LATENCY, PER_CYCLE
from mograph.targets.cpu.cook_toom import transforms
from mograph.targets.cpu.followers import surrounded
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.matmul import PICOSECONDS
from mograph.targets.cpu.nest import ONE, ZERO, Loop, Nest, Seen
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.schedules import tunable
from mograph.targets.cpu.weights import Job
from mograph.targets.cpu.winograd_filters import Filters
from mograph.targets.cpu.winograd_tiles import Squares

SQUARES = {3: (4, 2), 5: (2,)}  # the sizes of squares of results, for a window's size
LEAST_GAIN = 1.0  # of the time in which the direct form could do its sums
PER_TRANSFORMED = 4.0  # cycles to make a vector of transformed elements
PER_FILTER = 10.0  # the same of the filter, whose many vectors leave the nearer caches
PER_ACROSS = 0.5  # cycles to move an element between layouts
NEAR, FAR = 32, 8  # bytes in a cycle from the second cache, and from behind it
VECTORS = (1, 2, 4)  # side by side in a register tile
HIGHEST = 16  # rows of one


@record
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


@record
class Schedule:
    """Squares of `square` x `square` results, 0 for none; an item is `high` rows of them, for one of `parts` of the
    results. Products are in register tiles of `rows` squares by `width` results.
    """

    square: int
    high: int
    parts: int
    rows: int
    width: int

    def __post_init__(self) -> None:
        if self.square not in (0, 2, 4) or min(self.high, self.parts, self.rows, self.width) < 1:
            raise ValueError(f"expected squares of 0, 2 or 4 and positive numbers, found {self}")

    def across(self, roles: Roles) -> int:
        """How many squares are side by side."""
        return ceil(roles.columns / self.square)

    def down(self, roles: Roles) -> int:
        """How many rows of squares an image has."""
        return ceil(roles.rows / self.square)

    def items(self, roles: Roles) -> int:
        """How many items there are."""
        return self.parts * roles.images * ceil(self.down(roles) / self.high)

    def least(self, roles: Roles) -> int:
        """The squares of the smallest item."""
        return ((self.down(roles) - 1) % self.high + 1) * self.across(roles)


def recognize(nest: Nest) -> Roles | None:
    """The roles of a nest's operands and loops; None when it is no such convolution."""
    loops = nest.loops
    if len(nest.memory) != 3 or len(nest.accesses) != 3 or len(nest.outputs) != 1 or nest.indexed:
        return None
    if any(loop.extent.symbols or not loop.extent.constant for loop in loops):
        return None
    if any(stride.symbols for access in nest.memory for stride in access.strides):
        return None
    if not sums_products(nest):
        return None
    if any(not isinstance(a.element, (ir.F32Type, ir.F64Type)) for a in nest.memory):
        return None
    found = (_roles(nest, loops, w, x) for w, x in ((0, 1), (1, 0)))
    return next((roles for roles in found if roles is not None), None)


def sums_products(nest: Nest) -> bool:
    """Whether the body adds the product of two floats to the third."""
    if [op.name for op in nest.body_ops[:-1]] != ["arith.mulf", "arith.addf"]:
        return False
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


def _cycles(roles: Roles, schedule: Schedule, lanes: int, ready: bool, machine: Machine) -> float:
    """Estimated cycles of one core, where the filter has to be transformed unless it is `ready`."""
    places, vectors = (schedule.square + roles.taps - 1) ** 2, schedule.width // lanes
    squares, results = schedule.high * schedule.across(roles), roles.results // schedule.parts
    step = max(schedule.rows * vectors / PER_CYCLE, (schedule.rows + vectors) / PER_CYCLE, LATENCY)
    tiles, filters = ceil(squares / schedule.rows), places * roles.channels * results
    multiplied = tiles * filters / schedule.width * step
    element = machine.vector_bits // lanes // 8
    streamed = filters * element / (FAR if filters * element > machine.cache(2) // 2 else NEAR)
    if roles.channels * schedule.width * element > machine.cache(1) // 2:  # what one tile has read is gone for the next
        streamed += (tiles - 1) * filters * element / NEAR
    moved = squares * places * (results + roles.channels) / lanes * PER_TRANSFORMED
    made = 0.0 if ready else filters / lanes * PER_FILTER
    if not roles.last:
        moved += PER_ACROSS * squares * schedule.square**2 * (results + roles.channels)
        made += 0.0 if ready else PER_ACROSS * roles.taps**2 * roles.channels * results
    items = schedule.items(roles)
    rounds = ceil(items / machine.cores)
    return rounds * (max(multiplied, streamed) + moved) + ceil(rounds * schedule.parts / items) * made


def direct_cycles(roles: Roles, lanes: int, cores: int) -> float:
    """Estimated cycles of the direct form."""
    places = roles.images * roles.rows * roles.columns * roles.taps**2
    return places * roles.results * roles.channels / (lanes * PER_CYCLE) / cores


def _check(schedule: Schedule, roles: Roles, bits: int, ready: bool, machine: Machine) -> None:
    lanes = machine.vector_bits // bits
    if schedule.square not in (0, *SQUARES[roles.taps]):
        raise ValueError(f"expected a square of 0 or one of {SQUARES[roles.taps]}, found {schedule.square}")
    if not schedule.square:
        return
    part, rest = divmod(roles.results, schedule.parts)
    if roles.channels % lanes or rest or part % schedule.width or schedule.width % lanes:
        raise ValueError(f"expected channels in vectors of {lanes}, and parts of results in tiles of some of them")
    if schedule.high > schedule.down(roles) or schedule.rows > schedule.least(roles):
        raise ValueError(f"expected no more rows than there are, nor than the squares of an item, found {schedule}")


def _untransformed(schedule: Schedule) -> tuple[Schedule]:
    return (replace(schedule, square=0),)


@tunable("winograd", candidates=_untransformed, check=_check)
def choose(roles: Roles, bits: int, ready: bool, machine: Machine) -> Schedule:
    """The squares that take the fewest cycles, or none where the direct form does not take many more; and as many rows
    of them as the second cache holds and leave all cores some, if there are not parts of the results for them.
    `ready` is whether the filter is transformed before.
    """
    lanes = max(1, machine.vector_bits // bits)
    best = Schedule(0, 1, 1, 1, lanes)
    if lanes == 1 or roles.channels % lanes or roles.results % lanes:
        return best
    limit = direct_cycles(roles, lanes, machine.cores) * LEAST_GAIN
    for square, parts in product(SQUARES[roles.taps], _parts(roles.results // lanes, machine.cores)):
        results = roles.results // parts
        wide, down = ceil(roles.columns / square), ceil(roles.rows / square)
        places = (square + roles.taps - 1) ** 2
        held = machine.cache(2) // 2 // (places * (results + roles.channels) * bits // 8 * wide)
        each = ceil(down * roles.images * parts / machine.cores)
        high = ceil(down / ceil(down / max(1, min(held, each, down))))
        for vectors in VECTORS:
            if results % (vectors * lanes) == 0:
                schedule = Schedule(square, high, parts, 1, vectors * lanes)
                most = min((machine.registers - vectors - 1) // vectors, HIGHEST, schedule.least(roles))
                if most > 0:
                    squares = high * wide
                    rows = ceil(squares / ceil(squares / most))
                    schedule = replace(schedule, rows=rows)
                    cycles = _cycles(roles, schedule, lanes, ready, machine)
                    if cycles < limit:
                        best, limit = schedule, cycles
    return best


def _parts(vectors: int, cores: int) -> list[int]:
    """The numbers of parts in which so many vectors of results are worth a try."""
    return [parts for parts in range(1, cores + 1) if vectors % parts == 0]


@record
class WinogradCode:
    """The code of a group with a convolution that is nest `at`, whose results start from those of the nest before if
    `begun`.
    """

    group: Group
    at: int
    begun: bool
    roles: Roles
    schedule: Schedule
    machine: Machine

    def work(self, b: Builder) -> Work:
        """Items are rows of squares; each thread transforms what it needs of the filter."""
        items = self.schedule.items(self.roles)
        each = int(direct_cycles(self.roles, 1, 1) * PICOSECONDS / items) // 4
        if not prepares(self.group, self.at, self.roles):
            return Work(items, each, unit=ceil(items / self.machine.cores))
        return Work(items, each, passed=[self._prepared(b)])

    def _prepared(self, b: Builder) -> ir.Value:
        """The address of the transformed filter, which is made when the model is loaded."""
        filters, nest = self.filters, self.group.nests[self.at]

        def fill(b: Builder, source: ir.Value, target: ir.Value, lo: Int, hi: Int) -> None:
            first = b.address(target, b.mul(lo, filters.panel), filters.type)
            filters.emit(b, self.machine.fused, source, first, (lo, hi))

        job = Job(filters.bytes, filters.count, filters.panel * PICOSECONDS, fill)
        return Descriptor(b, self.group.weights.prepare(nest.memory[self.roles.w], filters.key, job)).aligned()

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        """The items lo <= i < hi."""
        place = self.at, self.begun
        Squares(b, self.group, place, self.roles, self.schedule, self.filters, seen, self.machine).emit(lo, hi)

    @property
    def filters(self) -> Filters:
        """The transformed filter."""
        nest, cut = self.group.nests[self.at], self.schedule
        lanes = self.machine.vector_bits // element_bits(nest.outputs[0].element)
        return Filters(nest, self.roles, transforms(cut.square, self.roles.taps), cut.width, lanes)


def match(group: Group, machine: Machine) -> Coded | None:
    """The group as a convolution that is worth it, with what comes before and after."""
    found = surrounded(group)
    if found is None:
        return None
    at, begun = found
    chosen = preferred(group, at, machine)
    if chosen is None or not all(_follows(nest, chosen[0]) for i, nest in enumerate(group.nests) if i != at):
        return None
    return WinogradCode(group, at, begun, *chosen, machine)


def _follows(nest: Nest, roles: Roles) -> bool:
    """Whether a nest computes on vectors as the results come: of results where these lie side by side, else of pixels,
    whose operands walk rows and columns as one, or not at all.
    """
    if nest.indexed or any(stride.symbols for access in nest.memory for stride in access.strides):
        return False
    for access in nest.memory:
        row, column = (access.strides[loop].constant for loop in (roles.row, roles.column))
        near = access.strides[roles.result] == ONE if roles.last else (row, column) == (roles.columns, 1)
        constant = access.strides[roles.result] == ZERO if roles.last else row == column == 0
        if not near and (access.is_output or not constant):
            return False
    return True


def preferred(group: Group, at: int, machine: Machine) -> tuple[Roles, Schedule] | None:
    """The roles and the schedule of a group's nest, where this form of it takes less time than the direct one."""
    nest = group.nests[at]
    roles = recognize(nest)
    if roles is None:
        return None
    schedule = choose(roles, element_bits(nest.outputs[0].element), prepares(group, at, roles), machine)
    return (roles, schedule) if schedule.square else None


def prepares(group: Group, at: int, roles: Roles) -> bool:
    """Whether the filter that a group's nest reads is known when the model is loaded."""
    access = group.nests[at].memory[roles.w]
    return group.weights.has(access.memref) and not any(part.symbols for part in access.offset)
