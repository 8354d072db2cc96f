# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which groups of nests are grouped products: C[m, n] = sum over k of A[m, k] * B[g, k, n], where g is the group that
row m is in.

The nest sums up over g as well, and keeps the sum of rows outside the group: `select(start[g] <= m and m < stop[g],
c + a * b, c)`. Groups follow each other: that is for who writes such a nest to see to. Only the device knows where they
are, so that blocks look for tiles of rows among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import split
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, ZERO, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import vectorizable
from mograph.targets.gpu.contraction.roles import Roles, factor, is_number, is_plain, summing
from mograph.targets.gpu.points import UNSIGNED_LESS, compare

_AT_LEAST, _LESS = 5, 2  # predicates of `arith.cmpi`
_SUMS = ("arith.addf", "arith.addi")


@dataclass(frozen=True)
class Groups:
    """The roles in a grouped product, where the loop over groups is that of independent products, and the operands that
    say where groups start and stop, by number.
    """

    roles: Roles
    starts: int
    stops: int

    @property
    def loop(self) -> int:
        """The loop over groups."""
        return self.roles.batch[0]


@dataclass
class _Unmasked(Nest):
    """A nest whose body is the sum before it is chosen or not."""

    total: ir.Value | None = None

    @property
    def yielded(self) -> list[ir.Value]:
        return [] if self.total is None else [self.total]


def recognize(group: Group) -> Groups | None:
    """The roles in a group; None when it is no grouped product."""
    at = summing(group)
    if at is None:
        return None
    nest = group.nests[at]
    if len(nest.accesses) != 5 or len(nest.memory) != 5 or len(nest.outputs) != 1:
        return None
    mask = _mask(nest)
    if mask is None:
        return None
    written = {access.memref for each in group.nests for access in each.outputs}
    if any(access.memref in written for access in nest.memory[:4]):
        return None
    return _roles(nest, at, *mask)


def _roles(nest: Nest, at: int, plain: Nest, row: int, starts: int, stops: int) -> Groups | None:
    kind = _kind(plain)
    a, b = (number for number in range(4) if number not in (starts, stops))
    for left, right in ((a, b), (b, a)):
        loops = _loops(nest, row, left, right, starts, stops)
        if loops is None or kind is None or not vectorizable(plain):
            continue
        columns, sums, groups = loops
        body = split(plain, left, right, 4)
        if body is None or body.total.type != body.result.type or storage_type(body.total.type) != body.total.type:
            continue
        roles = Roles(at, at == 1, left, right, (row,), (columns,), (sums,), (groups,), body, kind, is_plain(body))
        return Groups(roles, starts, stops)
    return None


def _kind(plain: Nest) -> str | None:
    """What adds a term to the sum so far, which nothing else uses."""
    (total,), (_, _, _, _, before) = plain.yielded, plain.body.arguments
    uses = [operand for op in plain.body_ops[:-1] for operand in op.operands]
    made = next((op for op in plain.body_ops if total in list(op.results)), None)
    if made is None or made.name not in _SUMS or before not in list(made.operands):
        return None
    return str(made.name) if uses.count(before) == 1 and total not in uses else None


def _loops(nest: Nest, row: int, a: int, b: int, starts: int, stops: int) -> tuple[int, int, int] | None:
    """The loops of columns, of sums and of groups, where a and b are the factors."""
    if not all(is_number(factor(nest, each)) for each in (a, b, 4)):
        return None
    if any(str(factor(nest, each).element) != "i64" for each in (starts, stops)):
        return None

    def moved(loop: int) -> tuple[bool, ...]:
        return tuple(factor(nest, each).strides[loop] != ZERO for each in (a, b, starts, stops, 4))

    found = {moved(loop): loop for loop in range(len(nest.loops)) if loop != row}
    wanted = (
        (False, True, False, False, True),
        (True, True, False, False, False),
        (False, True, True, True, False),
    )
    if len(nest.loops) != 4 or set(found) != set(wanted) or moved(row) != (True, False, False, False, True):
        return None
    # Rows of a group begin anywhere, so that no neighbours among them are read at once.
    if factor(nest, a).strides[row] == ONE or factor(nest, 4).strides[row] == ONE:
        return None
    columns, sums, groups = (found[each] for each in wanted)
    return (columns, sums, groups) if nest.loops[sums].reduces and nest.loops[groups].reduces else None


def _mask(nest: Nest) -> tuple[Nest, int, int, int] | None:
    """The nest without what chooses the sum, the loop of rows, and the operands that rows are compared with."""
    made = {result: op for op in nest.body_ops for result in op.results}
    arguments = list(nest.body.arguments)
    choice = made.get(nest.yielded[0])
    if choice is None or choice.name != "arith.select" or choice.operands[2] != arguments[4]:
        return None
    both = made.get(choice.operands[0])
    if both is None or both.name != "arith.andi":
        return None
    taken, bounds, rows = [choice, both], [], set()
    for operand, predicate in zip(both.operands, (_AT_LEAST, _LESS), strict=True):
        test = made.get(operand)
        if test is None or test.name != "arith.cmpi" or ir.IntegerAttr(test.attributes["predicate"]).value != predicate:
            return None
        cast = made.get(test.operands[0])
        index = made.get(cast.operands[0]) if cast is not None and cast.name == "arith.index_cast" else None
        if cast is None or index is None or index.name != "linalg.index" or test.operands[1] not in arguments[:4]:
            return None
        taken += [test, cast, index]
        bounds.append(arguments.index(test.operands[1]))
        rows.add(ir.IntegerAttr(index.attributes["dim"]).value)
    left = [op for op in nest.body_ops if op not in taken]
    gone = {result for op in taken for result in op.results}
    row = [number for number, loop in enumerate(nest.loops) if loop.dim in rows]
    inside = any(operand in gone for op in left[:-1] for operand in op.operands)
    if inside or len(row) != 1 or len(rows) != 1 or len(set(bounds)) != 2:
        return None
    plain = _Unmasked(nest.op, nest.loops, nest.accesses, nest.body, left, nest.symbols, total=choice.operands[1])
    return plain, row[0], bounds[0], bounds[1]


@dataclass(frozen=True)
class Tile:
    """Some rows of one group: its number, whether there is one, the first row of the tile, and where the group stops;
    and the first row of the tile where it is one of those behind all groups.
    """

    group: ir.Value
    exists: ir.Value
    first: ir.Value
    stop: ir.Value
    behind: Int


class Tiles:
    """The tiles of `rows` rows of groups, one group after the other, and of the rows behind them."""

    def __init__(self, b: Builder, groups: Groups, nest: Nest, symbols: Sequence[ir.Value], rows: int) -> None:
        self.b, self.groups, self.nest, self.symbols, self.rows = b, groups, nest, symbols, rows
        self.count = evaluate(b, nest.loops[groups.loop].extent, symbols)

    @property
    def most(self) -> Int:
        """How many there are at most: each has a row, and the last one of each group, and of what is behind them, may
        not be full.
        """
        b = self.b
        total = evaluate(b, self.nest.loops[self.groups.roles.rows[0]].extent, self.symbols)
        return b.min(b.blocks(b.add(total, b.mul(self.count, self.rows - 1)), self.rows), total)

    def find(self, seen: Seen, number: Int) -> Tile:
        """The tile of a number."""
        b = self.b

        def step(group: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
            before, *known, _ = carried
            start, stop = (self._bound(seen, each, group) for each in (self.groups.starts, self.groups.stops))
            count, place = b.blocks(b.sub(stop, start), self.rows), b.sub(number, before)
            here = compare(b, UNSIGNED_LESS, place, count)
            mine = group, b.value(b.add(start, b.mul(place, self.rows))), stop
            chosen = [b.one("arith.select", b.i64, here, new, old) for new, old in zip(mine, known, strict=True)]
            return [b.value(b.add(before, count)), *chosen, stop]

        zero = b.value(0)
        before, group, first, stop, end = b.loop(0, self.count, 1, [zero, b.value(self.count), zero, zero, zero], step)
        behind = b.add(end, b.mul(b.sub(number, before), self.rows))
        return Tile(group, compare(b, UNSIGNED_LESS, group, self.count), first, stop, behind)

    def _bound(self, seen: Seen, operand: int, group: ir.Value) -> ir.Value:
        b, stride = self.b, factor(self.nest, operand).strides[self.groups.loop]
        at = b.mul(group, evaluate(b, stride, self.symbols))
        return b.load(b.i64, b.address(seen.bases[operand], at, b.i64), element_bytes(b.i64))
