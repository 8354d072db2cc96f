# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a contraction is cut up: its schedule, and the analytic model that chooses one.

A task is a block of C. It goes through k in slabs; for each it copies its slab of B to panels as wide as a register
tile, which stay in the second cache, and goes through its rows in strips. A strip of A is copied once and stays in the
first cache while panel after panel passes by. So the more rows a task has, the less copies of B cost, and the more
columns, the less those of A.

What loads there are beside arithmetic costs more than their time: processors lower their clocks, here from 3.4 GHz for
multiplications alone to 3.1 with 10 loads for 24 of them, and to 2.9 with 10 or more for 16. So tiles are such that few
loads are needed, and ask for memory only where they would wait for it.
"""

from math import ceil, gcd

from mograph._records import record
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.schedules import tunable

LATENCY, PORTS = 5, 2  # cycles until a multiplication and addition is done at the latest, and how many start in a cycle
OVERHEAD = 0.25  # cycles of a step besides arithmetic and loads
LOAD_A, LOAD_B = 0.08, 0.2  # cycles of an element of A and a vector of B: loads beside arithmetic lower the clock
UNKNOWN = 512  # what an extent is taken for that is not known
DEEPEST, ALIGNED = 512, 32  # of k in a slab, and what it is a multiple of
COPY = 1.04  # how much longer a tile may take for which A is not copied
COPY_A, COPY_B = 10.0, 22.0  # cycles to copy a line of A or B
READ, AHEAD = 5.0, 2.0  # cycles to get a line from the outer caches where it is not copied, and of panels of a weight
PERIOD, LINE = 4096, 64  # bytes after which rows compete for places of the first cache, and those of a place
NARROWEST = 2  # register tiles in a task whose next slab is asked for, where that is what caches hold
FEW_TILES = 2  # rows of tiles for which copying B does not pay
FAR = 16 << 20  # bytes of A and C which do not stay in caches near cores from one product to the next
MANY_TILES = 100  # rows of tiles that use a slab so often that it does not pay to ask for it ahead
DEEPEST_AHEAD = 256  # of k in one of several slabs whose next one is asked for
MOST_STREAMED, AT_ONCE = 8, 8  # rows of C and of B in a stream
FEW, MANY = 1 << 26, 1 << 29  # multiplications of a product that is worth shorter code, and longer code
CODE = 0.003  # of the cycles that each multiplication in a tile costs where code is to be short
STEPS, TRIP = 4, 40  # of k in a trip of its tiles' loop at most, and so many multiplications are enough
TASKS, TASKS_AHEAD = 4, 8  # for each core are enough, and where copies of B cost nothing
WAIT = 0.1  # how much of a task cores wait for each other at the end, as they are never equally fast
PIECES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)  # that are tried in a direction


@record
class Shape:
    """What the choice is made for: extents (None where not known), bytes of the elements that are multiplied, bytes
    between rows of A (None where it is not read as it lies), whether B can be read where it is, bytes of what is kept
    of each element of C until a task is done, whether B can be copied once, when the model is loaded, whether the
    processor multiplies and adds such elements in pairs, and what m is taken for where it is not known.
    """

    m: int | None
    n: int | None
    k: int | None
    batch: int
    bytes: int
    a_stride: int | None
    b_direct: bool
    kept: int
    prepared: bool = False
    pairs: bool = False
    likely: int = UNKNOWN


@record
class Schedule:
    """A register tile has `rows` rows of `registers` vectors of `lanes` elements. `depth` of k are in a slab, and all
    of them where `single` is set. A task has `task_rows` by `task_columns` elements of C. Where `pack_a` or `pack_b`
    is not set, that operand is read where it is. Where `stream` is not 0, there are no tiles in registers: so many
    rows of B at a time pass by the few rows of C, which are in the first cache. Where `close` is set, a tile asks for
    lines of a copied B some steps before it reads them; where `ahead` is set, the tiles of a slab ask for the next one
    of a B that was copied when the model was loaded; where `soon` is set, those of a strip ask for the rows of A and C
    that the next one has. Where `pairs` is set, two neighbours along k are packed into one i32. A tile takes `steps` of
    k in a trip of its loop.
    """

    lanes: int
    registers: int
    rows: int
    depth: int
    single: bool
    task_rows: int
    task_columns: int
    pack_a: bool
    pack_b: bool
    stream: int = 0
    close: bool = False
    ahead: bool = False
    pairs: bool = False
    soon: bool = False
    steps: int = 1

    def __post_init__(self) -> None:
        if min(self.lanes, self.registers, self.rows, self.depth, self.task_rows, self.task_columns, self.steps) < 1:
            raise ValueError("expected sizes above 0")
        if self.lanes & (self.lanes - 1):
            raise ValueError(f"expected a power of two for lanes, found {self.lanes}")
        if self.stream < 0 or (
            self.stream and (self.single or self.pack_a or self.pack_b or self.rows != self.task_rows)
        ):
            raise ValueError("expected tasks of one tile of rows, and operands where they are, for a stream")
        if self.soon and self.stream:
            raise ValueError("expected tiles where the next strip is asked for, not a stream")
        if self.ahead and not self.pack_b:
            raise ValueError("expected a copy of B where it is asked for ahead")
        if self.pairs and not (self.pack_a and self.pack_b):
            raise ValueError("expected copies of A and B where they are packed in pairs")
        if self.task_rows % self.rows or self.task_columns % self.width:
            raise ValueError(f"expected tasks of whole tiles of {self.rows} by {self.width}")

    @property
    def width(self) -> int:
        """Columns of a register tile."""
        return self.lanes * self.registers

    @property
    def lines(self) -> int:
        """Lines of packed operands in a slab."""
        return ceil(self.depth / 2) if self.pairs else self.depth


def _check(schedule: Schedule, shape: Shape, machine: Machine) -> None:
    """Raises ValueError for a schedule that was changed to what cannot be done for a shape."""
    if schedule.single and schedule.depth != shape.k:
        raise ValueError(f"expected a depth of {shape.k} where all of k is taken at once, found {schedule.depth}")
    if schedule.steps > 1 and (schedule.stream or schedule.pairs or not shape.k or shape.k % schedule.steps):
        raise ValueError(f"expected whole trips of a tile's loop, found {schedule.steps} steps in each")
    if schedule.steps > 1 and not schedule.single and schedule.depth % schedule.steps:
        raise ValueError(f"expected a depth of whole trips of {schedule.steps} steps, found {schedule.depth}")
    if schedule.stream and shape.m != schedule.rows:
        raise ValueError(f"expected all {shape.m} rows in a stream, found {schedule.rows}")
    if (
        not schedule.pack_a
        and not schedule.stream
        and (shape.a_stride is None or shape.m is None or shape.m < schedule.rows)
    ):
        raise ValueError("expected A to be copied: its rows are not known, or fewer than a tile's")
    if schedule.pairs and (
        not shape.pairs or schedule.lanes * 32 != machine.vector_bits or (schedule.depth % 2 and not schedule.single)
    ):
        raise ValueError("expected whole vectors of pairs of narrow integers, and an even depth")
    if not schedule.pack_b and not shape.b_direct:
        raise ValueError("expected B to be copied: its columns do not lie together")


@tunable("contraction", check=_check)
def choose(shape: Shape, machine: Machine) -> Schedule:
    """The tile that takes the fewest cycles, slabs that the caches hold, and enough tasks for all cores."""
    lanes = max(1, machine.vector_bits // (8 * shape.bytes))
    m, n = shape.m or shape.likely, shape.n or UNKNOWN
    if _streams(shape, machine):
        return _stream(shape, machine, m, n, lanes)
    rows, registers = _tile(shape, machine, m, n, lanes)
    strips = ceil(m / rows)
    again = shape.prepared and strips > 1
    ahead = again and strips < MANY_TILES
    deepest = max(ALIGNED, machine.cache(1) * 2 // 3 // (rows * shape.bytes) // ALIGNED * ALIGNED)
    if not again or shape.k is None or shape.k > deepest * (1 + shape.pairs):  # else C is written only once
        deepest = min(DEEPEST_AHEAD if ahead else DEEPEST, deepest)
    deepest *= 1 + shape.pairs
    single = shape.k is not None and shape.k <= deepest
    depth = deepest if shape.k is None else _even(shape.k, deepest, 1 if single else ALIGNED)
    near = shape.k is not None and shape.k * n * shape.bytes <= machine.cache(1) // 2 and n * shape.bytes % LINE == 0
    large = (shape.k or UNKNOWN) * n * shape.bytes > machine.cache(2)
    few = strips <= FEW_TILES and not large and not shape.prepared
    pack_b = not (shape.b_direct and (near or few))
    pack_a = not (_direct(shape, rows, machine) and m >= rows)
    kept = 0 if single else shape.kept
    lines = ceil(depth / (1 + shape.pairs))
    ahead = ahead and pack_b
    height, columns = _block(shape, machine, (rows, registers, lanes), lines, kept, (pack_a, pack_b), ahead)
    much = shape.k is not None and shape.k % STEPS == 0 and m * n * shape.k >= MANY and not shape.pairs
    return Schedule(
        lanes,
        registers,
        rows,
        depth,
        single,
        height,
        columns,
        pack_a,
        pack_b,
        close=pack_b and strips < MANY_TILES,
        ahead=ahead,
        pairs=shape.pairs,
        soon=much and (not single or m * (n + (shape.k or 0)) * shape.bytes > FAR),
        steps=min(STEPS, _power(TRIP / (rows * registers))) if much else 1,
    )


def _block(
    shape: Shape,
    machine: Machine,
    tile: tuple[int, int, int],
    depth: int,
    kept: int,
    packed: tuple[bool, bool],
    ahead: bool,
) -> tuple[int, int]:
    """Rows and columns of the tasks that are done soonest, by the cycles of their tiles and copies for one step along k
    and by how well the cores share them.
    """
    rows, registers, lanes = tile
    m, n, width = shape.m or shape.likely, shape.n or UNKNOWN, registers * lanes
    cache = machine.cache(2) // 2
    widest = cache // (max(depth, DEEPEST) * shape.bytes)
    if ahead:  # the next slab comes in meanwhile, and C stays
        widest = max(widest // 2, NARROWEST * width)
    elif shape.k is None or shape.k > depth * (1 + shape.pairs):  # C comes and goes
        widest = widest * 3 // 4
    widest = max(width, widest // width * width)
    read_a = (COPY_A if packed[0] else READ) * shape.bytes / LINE
    read_b = (AHEAD if ahead else COPY_B if packed[1] else READ) * shape.bytes / LINE
    step = _step(rows, registers)
    best, found = float("inf"), (rows, width)
    narrow, most = ceil(n / widest), (TASKS_AHEAD if ahead else TASKS) * machine.cores
    for across in (1, 1.25, 1.5, *PIECES[1:]):
        columns = _even(n, ceil(n / ceil(across * narrow)), width)
        over = shape.batch * ceil(n / columns)
        highest = min(m, max(rows, cache // (columns * kept))) if kept else m
        for down in PIECES:
            height = _even(m, ceil(highest / down), rows)
            count = over * ceil(m / height)
            task = step * (height // rows) * (columns // width) + read_a * height + read_b * columns
            cycles = task * (ceil(count / machine.cores) + WAIT)
            if cycles < best:
                best, found = cycles, (height, columns)
            if count >= most or height == rows:
                break
        if over >= most and across > 1.5 or columns == width:
            break
    return found


def _streams(shape: Shape, machine: Machine) -> bool:
    """Whether B is read once, in order, for few rows: for a single one, and where B is too large for the caches."""
    if shape.m is None or not shape.b_direct or shape.m > MOST_STREAMED:
        return False
    size = (shape.k or UNKNOWN) * (shape.n or UNKNOWN) * shape.bytes
    return shape.m == 1 or size > machine.cache(2)


def _stream(shape: Shape, machine: Machine, m: int, n: int, lanes: int) -> Schedule:
    """A stream: the rows of C take half of the first cache, and the elements of A that wait the registers."""
    registers = 2 if m <= 2 else 1
    width = lanes * registers
    columns = max(width, machine.cache(1) // 2 // (m * shape.bytes) // width * width)
    columns = min(
        columns, _even(n, max(1, ceil(n * shape.batch / machine.cores)), width)
    )  # long runs pay more than tasks
    at_once = max(1, min(AT_ONCE, machine.registers // m))
    depth = shape.k or UNKNOWN
    return Schedule(lanes, registers, m, depth, False, m, columns, pack_a=False, pack_b=False, stream=at_once)


def _tile(shape: Shape, machine: Machine, m: int, n: int, lanes: int) -> tuple[int, int]:
    """Rows and vectors of the register tile: those that take the fewest cycles, or nearly, where A need not be copied
    then.
    """
    short = CODE if m * n * (shape.k or UNKNOWN) * shape.batch < FEW else 0

    def cost(tile: tuple[int, int]) -> float:
        return _cycles(tile, m, n, lanes) * (1 + short * tile[0] * tile[1])

    tiles = sorted(_tiles(machine), key=lambda tile: (cost(tile), -tile[0] * tile[1], -tile[0]))
    limit = cost(tiles[0]) * COPY
    direct = []
    for rows, registers in tiles:
        if cost((rows, registers)) > limit:
            break
        if m >= rows and _direct(shape, rows, machine):
            direct.append((rows, registers))
    whole = (tile for tile in direct if n % (tile[1] * lanes) == 0)
    return next(whole, direct[0] if direct else tiles[0])


def _direct(shape: Shape, rows: int, machine: Machine) -> bool:
    """Whether so many rows of A can be read where they are, without getting into each other's way in the cache."""
    if shape.a_stride is None:
        return False
    rivals = ceil(rows * gcd(shape.a_stride, PERIOD) / PERIOD)
    return rows == 1 or rivals <= machine.cache(1) // PERIOD * 2 // 3


def _tiles(machine: Machine) -> list[tuple[int, int]]:
    """The register tiles, as rows and vectors in a row, that leave registers for a row of B and an element of A, for a
    product where that is not added at once, and, where there are many, for what is loaded earlier than it is needed.
    """
    count = machine.registers - (machine.registers // 8 - 1) - (0 if machine.fused else 1)
    return [
        (rows, registers)
        for registers in range(1, 5)
        for rows in range(1, count)
        if rows * registers + registers <= count
    ]


def _cycles(tile: tuple[int, int], m: int, n: int, lanes: int) -> float:
    """Cycles for one step along k of all tiles, by what a step is bound by: arithmetic, loads or latency."""
    rows, registers = tile
    return _step(rows, registers) * ceil(m / rows) * ceil(n / (registers * lanes))


def _step(rows: int, registers: int) -> float:
    """Cycles for one step along k of a tile; lines of B are loaded and asked for."""
    loads = LOAD_A * rows + LOAD_B * registers
    return max(rows * registers / PORTS, (rows + 2 * registers) / PORTS, LATENCY) + OVERHEAD + loads


def _power(least: float) -> int:
    """The smallest power of two that is not below a number."""
    return 1 << max(0, ceil(least) - 1).bit_length()


def _even(extent: int, most: int, multiple: int) -> int:
    """The size of equal pieces of an extent, none larger than `most`, rounded up to a multiple."""
    size = ceil(extent / ceil(extent / max(1, most)))
    return ceil(size / multiple) * multiple
