# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of products on matrix units: what is multiplied, and what becomes of the sums, in the form in which the
code for a maker's units takes it.

They multiply exactly and sum up in f32 or i32, as the nests of such products say. f32 is taken as it is, or as tf32
where who compiles allows that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from math import ceil, gcd
from types import ModuleType
from typing import Any

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Access, Loop, Nest, Product, Seen, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu import product
from mograph.targets.gpu.chip import ALLOW_TF32, Chip
from mograph.targets.gpu.contraction.epilogue import Epilogue, width
from mograph.targets.gpu.contraction.factors import emitted, sample, sides
from mograph.targets.gpu.contraction.indices import loops_of
from mograph.targets.gpu.contraction.roles import Roles, factor, recognize
from mograph.targets.gpu.contraction.roles import known as points
from mograph.targets.gpu.contraction.shares import Part, Shares
from mograph.targets.gpu.contraction.sharing import EVEN
from mograph.targets.gpu.contraction.tables import FLOATS, is_widened
from mograph.targets.gpu.contraction.unit_schedule import LEAST_SPLIT, Shape
from mograph.targets.gpu.group import Coded, Grid, Thread
from mograph.targets.gpu.loops import Loops, offset_of
from mograph.targets.gpu.points import VECTOR

UNITS = {"mma.sync": ("nvidia", "mma"), "mfma": ("amd", "mfma"), "wmma": ("amd", "mfma")}
"""By feature of chips: the package and the module that has the code for these units."""
_WIDENED = {"arith.extf": ("f16", "bf16"), "arith.extsi": ("i8",)}
MOST = 8  # sums that are handed over at once
_FEW = 64  # rows or columns


@record
class Maker:
    """The code for one maker's units, and the module of its schedules."""

    code: ModuleType
    schedules: ModuleType
    chip: Chip

    def choose(self, wanted: product.Product, batch: int, vector: int) -> Any:
        """The schedule, by which at most so many sums are finished at once; None where units do not take them."""
        if not self.code.suits(wanted, self.chip):
            return None
        copied = [self.code.copied(*side) for side in ((wanted.a, wanted.m), (wanted.b, wanted.n))]
        m, n, k = (each if isinstance(each, int) else None for each in (wanted.m, wanted.n, wanted.k))
        element = wanted.a.element
        held = self.code.held(element, self.chip)
        shape = Shape(m, n, k, batch, element.width // 8, copied[0], copied[1], vector, held)
        return self.schedules.choose(shape, self.chip)

    def emit(
        self,
        b: Builder,
        thread: Thread,
        wanted: product.Product,
        schedule: Any,
        origin: tuple[Int, Int],
        end: product.Epilogue,
    ) -> None:
        """The code of a thread."""
        self.code.emit(b, thread, wanted, schedule, self.chip, *origin, end)


@record
class _UnitsCode:
    group: Group
    roles: Roles
    schedule: Any
    maker: Maker

    def grid(self, b: Builder) -> Grid:
        nest, roles, cut = self.group.nests[self.roles.product], self.roles, self.schedule
        threads = (cut.threads, 1, 1)
        if cut.splits != 1:
            return self._shares.grid(b, threads)
        rows, columns, batch = (loops.total for loops in loops_of(b, nest, roles, nest.symbols))
        blocks = b.mul(b.blocks(rows, cut.rows), b.blocks(columns, cut.columns))
        return Grid((b.mul(blocks, batch), 1, 1), threads, name="product")

    @property
    def _shares(self) -> Shares:
        cut, workers = self.schedule, self.maker.chip.multiprocessors
        least = ceil(LEAST_SPLIT / cut.depth)
        return Shares(
            self.group, self.roles, cut.rows, cut.columns, cut.depth, cut.band, cut.splits, workers, least, cut.vector
        )

    def emit(self, b: Builder, seen: Sequence[Seen], thread: Thread) -> None:
        roles, cut = self.roles, self.schedule
        nest, own = self.group.nests[roles.product], seen[roles.product]
        rows, columns, batch = loops_of(b, nest, roles, own.symbols)
        depth = Loops(b, nest, roles.sums, own.symbols).total

        def make(part: Part) -> None:
            one, other = sides_of(b, nest, roles, own, part.outer)
            wanted = product.Product(rows.total, columns.total, depth, one, other, part.ends)
            self.maker.emit(b, thread, wanted, cut, part.first, part.finish)

        if cut.splits != 1:
            self._shares.each(b, seen, thread, make)
            return
        down, across = b.blocks(rows.total, cut.rows), b.blocks(columns.total, cut.columns)
        rest, number = b.split(thread.block(0), b.mul(down, across))
        row, column = product.raster(b, number, down, across, cut.band)
        outer = batch.indices(rest)
        end = Epilogue(b, self.group, roles, seen, outer, (rows, columns), cut.vector).finish
        make(Part((b.mul(row, cut.rows), b.mul(column, cut.columns)), outer, (0, depth), end))


def aligned(access: Access) -> int:
    """How many bytes divide the address and what all distances but one of 1 element are in bytes."""
    apart = [each.constant for each in (*access.strides, *access.offset) if each != ONE]
    return gcd(VECTOR, *(each * element_bytes(access.element) for each in apart))


def sides_of(
    b: Builder, nest: Nest, roles: Roles, seen: Seen, first: Mapping[int, Int]
) -> tuple[product.Factor, product.Factor]:
    """A and B from the indices `first` of some loops on."""
    found = []
    for side in sides(nest, roles):
        access = factor(nest, side.operand)
        offset = offset_of(b, access, first, seen.symbols)
        base = b.address(seen.bases[side.operand], offset, storage_type(access.element))
        found.append(emitted(b, nest, access, side, base, seen.symbols))
    return found[0], found[1]


def maker_of(chip: Chip) -> Maker | None:
    """The code for the units of a chip; None where it has none."""
    where = next((place for feature, place in UNITS.items() if chip.has(feature)), None)
    if where is None:
        return None
    package, module = (f"mograph.targets.{where[0]}.{name}" for name in (where[1], "schedule"))
    return Maker(import_module(package), import_module(module), chip)


def described(nest: Nest, roles: Roles) -> product.Product:
    """What is multiplied, as far as it is known before it runs."""
    a, b = (sample(factor(nest, side.operand), side) for side in sides(nest, roles))
    m, n, k = (extent([nest.loops[loop] for loop in loops]) for loops in (roles.rows, roles.columns, roles.sums))
    return product.Product(m, n, k, a, b)


def match(group: Group, chip: Chip) -> Coded | None:
    """The code of a group that is a product of elements that the chip's units take."""
    maker = maker_of(chip)
    roles = recognize(group) if maker is not None else None
    if maker is None or roles is None or not takes(roles, chip):
        return None
    return _code(group, roles, maker, described(group.nests[roles.product], roles))


def of_few_tiles(group: Group, roles: Roles, chip: Chip) -> Coded | None:
    """The code of such a product for when it has few rows or few columns, as far as that is not known."""
    maker, wanted = maker_of(chip), described(group.nests[roles.product], roles)
    m, n = (size if isinstance(size, int) else _FEW for size in (wanted.m, wanted.n))
    few = product.Product(m, n, wanted.k, wanted.a, wanted.b)
    return None if maker is None else _code(group, roles, maker, few, splits=EVEN)


def _code(group: Group, roles: Roles, maker: Maker, wanted: product.Product, splits: int | None = None) -> Coded | None:
    """With a schedule for what is wanted, but for its number of splits if that is given."""
    batch = 1
    for loop in roles.batch:
        batch *= max(1, group.nests[roles.product].loops[loop].extent.constant)
    schedule = maker.choose(wanted, batch, min(MOST, width(group, roles)))
    if schedule is None:
        return None
    return _UnitsCode(group, roles, schedule if splits is None else replace(schedule, splits=splits), maker)


def takes(roles: Roles, chip: Chip) -> bool:
    """Whether terms are products of elements that units multiply."""
    if not roles.zeros:
        return False
    left, right = roles.body.left, roles.body.right
    names = [op.name for op in (*left.ops, *right.ops)]
    element = str(left.argument.type)
    if str(right.argument.type) != element or str(roles.body.total.type) not in ("f32", "i32"):
        return False
    if element == "f32":
        return not names and (chip.kind == "amd" or chip.has("tf32") and chip.has(ALLOW_TF32))
    if element in FLOATS:
        return all(is_widened(each, roles.body.constants) for each in (left, right))
    return len(left.ops) == len(right.ops) == 1 and names[0] == names[1] and element in _WIDENED.get(names[0], ())


def extent(loops: Sequence[Loop]) -> Any:
    """How many points loops have together where that is known, else nothing that is a number."""
    return points(loops)


def known(extent: Product) -> Any:
    """A number where it is known, else nothing that is one."""
    return None if extent.symbols else extent.constant
