# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of convolutions: products of matrices of which B is read through windows that slide over it.

Any nest C[…, m, n…] = combine(C[…, m, n…], term(A[…, m, k…], B[…, n…, k…])) whose columns n and whose sums k may each
be several loops, as long as C walks the columns, and A the sums, as one loop would; with a nest before that fills C,
and nests after that compute from it element by element.
"""

from collections.abc import Sequence
from math import prod

from mograph._records import record
from mograph.targets.cpu import winograd
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.convolution_schedule import Schedule, choose
from mograph.targets.cpu.convolution_tiles import Tiles, count_blocks, count_of
from mograph.targets.cpu.followers import surrounded
from mograph.targets.cpu.group import Coded, Group, Work
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.matmul import DEPTH, PICOSECONDS, SMALLEST, Product
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.nest import Product as Extent
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.plan import vectorizable

FEWEST_ROWS = 4  # with fewer, copying B costs more than the products


@record
class Convolution:
    """The product that a convolution is, and the loops of its columns and of its sums, outermost first."""

    product: Product
    columns: tuple[int, ...]
    sums: tuple[int, ...]


def recognize(nest: Nest, plain: bool = False) -> Convolution | None:
    """The roles of the nest's operands and loops; None when it is no convolution, too small, or a product of matrices
    as it is, unless these are wanted too: `plain`.
    """
    sums = tuple(i for i, loop in enumerate(nest.loops) if loop.reduces)
    parallel = [i for i, loop in enumerate(nest.loops) if not loop.reduces]
    if not product_like(nest):
        return None
    taps = [nest.loops[i].extent for i in sums[1:]]
    if any(extent.symbols for extent in taps) or prod(extent.constant for extent in taps) > DEPTH:
        return None
    for a, b in ((0, 1), (1, 0)):
        x, y = nest.memory[a], nest.memory[b]
        columns = _columns(nest, parallel, x, y)
        rows = [i for i in parallel if x.strides[i] != ZERO and y.strides[i] == ZERO]
        if not columns or not rows or (not plain and len(columns) == len(sums) == 1):
            continue
        rows_known = nest.loops[rows[-1]].extent
        if not rows_known.symbols and rows_known.constant < FEWEST_ROWS:
            continue
        if all(y.strides[i] != ZERO for i in sums) and x.strides[sums[-1]] != ZERO and as_one(nest, x, sums):
            batch = tuple(i for i in parallel if i != rows[-1] and i not in columns)
            return Convolution(Product(a, b, rows[-1], columns[-1], sums[-1], batch), columns, sums)
    return None


def product_like(nest: Nest) -> bool:
    """Whether a nest sums terms of two operands in memory, and enough of them to be worth a product's code."""
    if len(nest.memory) != len(nest.accesses) or len(nest.memory) != 3 or len(nest.outputs) != 1:
        return False
    if not any(loop.reduces for loop in nest.loops) or nest.indexed or not vectorizable(nest):
        return False
    known = prod(loop.extent.constant if not loop.extent.symbols else SMALLEST for loop in nest.loops)
    return known >= SMALLEST and all(storage_type(access.element) == access.element for access in nest.memory)


def _columns(nest: Nest, parallel: Sequence[int], x: Access, y: Access) -> tuple[int, ...]:
    """The innermost loops that B alone has and that C walks as one, element after element."""
    c = nest.outputs[0]
    found: tuple[int, ...] = ()
    for i in reversed(parallel):
        if x.strides[i] != ZERO or y.strides[i] == ZERO:
            break
        if c.strides[i] != ONE if not found else not as_one(nest, c, (i, found[0])):
            break
        found = (i, *found)
    return found


def as_one(nest: Nest, access: Access, loops: Sequence[int]) -> bool:
    """Whether the loops, outermost first, walk an operand as one loop would."""
    return all(
        access.strides[outer] == access.strides[inner] * nest.loops[inner].extent
        for outer, inner in zip(loops, loops[1:], strict=False)
    )


def known(extents: Sequence[Extent]) -> int | None:
    """The product of extents where all of them are known."""
    return None if any(extent.symbols for extent in extents) else prod(extent.constant for extent in extents)


def result_bits(nest: Nest) -> int:
    """Of the widest number that the body computes with."""
    return max(element_bits(value.type) for op in nest.body_ops[:-1] for value in op.results)


def schedule(nest: Nest, roles: Convolution, machine: Machine) -> Schedule:
    """How the convolution is cut."""
    loops = nest.loops
    return choose(
        known([loops[roles.product.m].extent]),
        known([loops[i].extent for i in roles.columns]),
        [known([loops[i].extent]) for i in roles.sums],
        known([loops[i].extent for i in roles.product.batch]),
        result_bits(nest),
        machine,
    )


@record
class ConvolutionCode:
    """The code of a group with a convolution: nest number `at`, whose results start from those of the nest before if
    `begun`.
    """

    group: Group
    at: int
    begun: bool
    roles: Convolution
    schedule: Schedule
    machine: Machine

    def work(self, b: Builder) -> Work:
        """Items are some panels by a block of rows."""
        nest, cut, product = self.group.nests[self.at], self.schedule, self.roles.product
        extents = [evaluate(b, loop.extent, nest.symbols) for loop in nest.loops]
        rows = extents[product.m]
        columns = count_of(b, [extents[i] for i in self.roles.columns])
        count = b.mul(count_blocks(b, rows, cut.block), count_blocks(b, columns, cut.width * cut.panels))
        count = b.mul(count, count_of(b, [extents[i] for i in product.batch]))
        depth = count_of(b, [extents[i] for i in self.roles.sums])
        return Work(count, b.mul(b.mul(b.min(rows, cut.block), depth), PICOSECONDS * cut.width * cut.panels))

    def emit(self, b: Builder, seen: Sequence[Seen], lo: Int, hi: Int) -> None:
        """The items lo <= i < hi."""
        Tiles(b, self.group, (self.at, self.begun), self.roles, self.schedule, seen, self.machine).emit(lo, hi)


def match(group: Group, machine: Machine) -> Coded | None:
    """The group as a convolution, with what comes before and after on register tiles."""
    found = surrounded(group)
    if found is None:
        return None
    at, begun = found
    roles = recognize(group.nests[at])
    if roles is None or not all(follows(nest, roles) for i, nest in enumerate(group.nests) if i != at):
        return None
    if winograd.preferred(group, at, machine):
        return None
    return ConvolutionCode(group, at, begun, roles, schedule(group.nests[at], roles, machine), machine)


def follows(nest: Nest, roles: Convolution) -> bool:
    """Whether a nest computes on vectors of columns: its operands walk them as one, or not at all."""
    columns = roles.columns
    return not nest.indexed and all(
        (access.strides[columns[-1]] == ONE and as_one(nest, access, columns))
        or (not access.is_output and all(access.strides[i] == ZERO for i in columns))
        for access in nest.memory
    )
