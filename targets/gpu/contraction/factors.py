# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A product's factors in memory, as code for matrix units takes them: as matrices, even where rows, columns or sums are
several loops, as in convolutions, whose factor is then never made.

A step of the sums is a number, of which each of their loops has a part. Their order is free: it is the one in which
most is copied at once, for both factors.
"""

from collections.abc import Callable, Sequence
from math import gcd

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import ONE, Access, Nest, evaluate
from mograph.targets.cpu.nest import Product as Size
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu import product
from mograph.targets.gpu.contraction.roles import Roles, factor
from mograph.targets.gpu.points import VECTOR, is_narrow, split


@record
class Side:
    """An operand, by number, and its loops of rows or columns. `by_k` is whether neighbours along k are to be taken
    together, and not rows or columns; `together` how many are known to lie together, 0 where all of them do, and
    `aligned` how many bytes divide the address of those taken together.
    """

    operand: int
    outer: tuple[int, ...]
    sums: tuple[int, ...]
    by_k: bool
    together: int
    aligned: int


def sides(nest: Nest, roles: Roles) -> tuple[Side, Side]:
    """Both factors of a product."""
    lies = [
        loop for loop in roles.sums[:-1] if any(factor(nest, each).strides[loop] == ONE for each in (roles.a, roles.b))
    ]
    orders = [roles.sums, *((*(each for each in roles.sums if each != loop), loop) for loop in lies)]
    found = [(_side(nest, roles.a, roles.rows, order), _side(nest, roles.b, roles.columns, order)) for order in orders]
    return max(found, key=lambda pair: pair[0].aligned + pair[1].aligned)


def _side(nest: Nest, operand: int, outer: tuple[int, ...], sums: tuple[int, ...]) -> Side:
    access = factor(nest, operand)
    ways = [(by_k, *_run(nest, access, loops)) for by_k, loops in ((True, sums), (False, outer))]
    by_k, together, aligned = max(ways, key=lambda way: (way[2], way[1] or VECTOR << 20))
    return Side(operand, outer, sums, by_k, together, aligned)


def _run(nest: Nest, access: Access, loops: Sequence[int]) -> tuple[int, int]:
    """How many points of loops are known to lie together, 0 for all, and the bytes by which their addresses divide."""
    bytes_, inside, run, whole = element_bytes(access.element), set[int](), ONE, True
    for loop in reversed(loops):
        if access.strides[loop] != run:
            whole = False
            break
        inside.add(loop)
        run = run * nest.loops[loop].extent
    if not inside:
        return 1, bytes_
    others = [stride for loop, stride in enumerate(access.strides) if loop not in inside]
    apart = [each.constant for each in (*others, *access.offset)]
    if not whole:
        apart.append(run.constant)
    return (0 if whole else run.constant), gcd(VECTOR, *(each * bytes_ for each in apart))


def sample(access: Access, side: Side) -> product.Factor:
    """What of a factor schedules are chosen for."""

    def of(stride: Size) -> Int:
        return -1 if stride.symbols else stride.constant  # one that is not known is not 1

    def place(loops: Sequence[int]) -> product.Offset | None:
        return None if len(loops) == 1 else lambda number: number

    return _factor(access, side, access.memref, of, place)


def emitted(
    b: Builder, nest: Nest, access: Access, side: Side, base: ir.Value, symbols: Sequence[ir.Value]
) -> product.Factor:
    """A factor in a kernel, whose first element is at `base`."""

    def of(stride: Size) -> Int:
        return evaluate(b, stride, symbols)

    def place(loops: Sequence[int]) -> product.Offset | None:
        if len(loops) == 1:
            return None
        sizes = [nest.loops[loop].extent for loop in loops]
        extents, strides = [of(size) for size in sizes], [of(access.strides[loop]) for loop in loops]

        def offset(number: Int) -> Int:
            total: Int = 0
            for index, stride in zip(split(b, number, extents, is_narrow(sizes)), strides, strict=True):
                total = b.add(total, b.mul(index, stride))
            return total

        return offset

    return _factor(access, side, base, of, place)


def _factor(
    access: Access,
    side: Side,
    base: ir.Value,
    of: Callable[[Size], Int],
    place: Callable[[Sequence[int]], product.Offset | None],
) -> product.Factor:
    """A factor, whose neighbours in the direction that is not taken together are said not to be so."""
    across, along = (of(access.strides[loops[-1]]) for loops in (side.outer, side.sums))
    rows, steps = place(side.outer), place(side.sums)
    if side.by_k and rows is not None:
        across = 0
    if not side.by_k and isinstance(along, int) and along == 1:
        along = 0 if steps is not None else along
    return product.Factor(base, access.element, across, along, side.aligned, rows, steps, side.together)
