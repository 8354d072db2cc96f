# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the nests between the products of attention compute, and those after them, for values that threads have in
registers.
"""

from collections.abc import Callable, Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.body import from_storage, spread, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ZERO, Seen, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.attention.inside import FAR
from mograph.targets.gpu.attention.roles import Roles, made
from mograph.targets.gpu.points import UNSIGNED_LESS, Points, compare

_EQUAL = 1  # arith's predicate for numbers of which none is NaN


class Between:
    """Makes the code with builder `b`, at the indices `outer` of the loops around rows, of which there are `rows`.

    Scores are asked for of `keys` keys and some behind them, unless `whole` says that there are none. `exp2` makes
    powers of 2 where units compute them, to as many digits as matter. `keep` stores what is not to be finished yet.
    """

    def __init__(
        self,
        b: Builder,
        group: Group,
        roles: Roles,
        seen: Sequence[Seen],
        outer: Mapping[int, Int],
        extents: tuple[Int, Int],
        whole: bool,
        exp2: Callable[[Builder, ir.Value], ir.Value] | None = None,
        keep: Callable[[Int, Int, ir.Value, ir.Value, ir.Value], None] | None = None,
    ) -> None:
        self.b, self.group, self.roles, self.outer = b, group, roles, outer
        (self.rows, self.keys), self.whole, self.exp2, self.keep = extents, whole, exp2, keep
        self.points = [
            Points(b, nest, each, group.shared if len(nest.loops) > group.shared else None)
            for nest, each in zip(group.nests, seen, strict=True)
        ]

    def score(self, row: Int, key: Int, value: ir.Value, within: bool = False) -> ir.Value:
        """What the nests make of the scores of a row and neighbouring keys; minus infinity behind the last. Where they
        are known to be `within` what `inside` says, their indices are not looked at.
        """
        b, roles, group = self.b, self.roles, self.group
        width = _width(value)
        at = self._at(row)
        indices = {**self._at(FAR), group.shared: 0} if within else {**at, group.shared: key}
        known = {made(group.nests[roles.scores.number]): value}
        for nest in roles.chain:
            points = self.points[nest]
            arguments = {}
            for k in points.reads:
                memref = points.access(k).memref
                arguments[k] = known[memref] if memref in known else self._load(points, k, at, key, width)
            (value,) = points.apply(arguments, indices, width)
            known[made(group.nests[nest])] = value
        if self.whole or within:
            return value
        type_ = roles.scores.body.total.type
        lowest = b.number(type_, float("-inf"))
        if width == 1:
            return b.one("arith.select", type_, compare(b, UNSIGNED_LESS, key, self.keys), value, lowest)
        for lane in range(width):
            place = ir.DenseI64ArrayAttr.get([lane])
            one = b.one("vector.extract", type_, value, static_position=place)
            one = b.one("arith.select", type_, compare(b, UNSIGNED_LESS, b.add(key, lane), self.keys), one, lowest)
            value = b.one("vector.insert", value.type, one, value, static_position=place)
        return value

    def _at(self, row: Int) -> dict[int, Int]:
        """The indices of all shared loops at a row."""
        return dict(self.outer) if self.roles.row is None else {**self.outer, self.roles.row: row}

    def _load(self, points: Points, k: int, at: Mapping[int, Int], first: Int, width: int) -> ir.Value:
        """An operand at some neighbouring keys; rows and keys that there are not are the last ones."""
        b, own, access = self.b, self.group.shared, points.access(k)
        if (row := self.roles.row) is not None:
            at = {**at, row: b.min(at[row], b.sub(self.rows, 1))}
        if access.strides[own] == ZERO:
            return points.load(k, at, 1)
        storage, bytes_ = storage_type(access.element), element_bytes(access.element)
        value = b.number(vector_of(storage, width), 0)
        for lane in range(width):
            key = b.min(b.add(first, lane), b.sub(self.keys, 1))
            one = b.load(storage, points.address(k, {**at, own: key}), bytes_)
            at_lane = ir.DenseI64ArrayAttr.get([lane])
            value = one if width == 1 else b.one("vector.insert", value.type, one, value, static_position=at_lane)
        return from_storage(b, value, access.element)

    def powers(self, highest: ir.Value) -> Callable[[ir.Value], ir.Value]:
        """What makes the power of a score's distance from a maximum, or of each of some; 0 for minus infinity."""
        if self.exp2 is not None and self.roles.rate is not None:
            return self._powers_of_two(highest)
        b, points = self.b, self.points[self.roles.powers]
        scores, _ = self.group.nests[self.roles.maximum].memory

        def power(value: ir.Value) -> ir.Value:
            arguments = {k: value if points.access(k).memref == scores.memref else highest for k in points.reads}
            (power,) = points.apply(arguments, {}, _width(value))
            return b.one("arith.select", power.type, self._is_lowest(value), b.number(power.type, 0.0), power)

        return power

    def _powers_of_two(self, highest: ir.Value) -> Callable[[ir.Value], ir.Value]:
        """By one multiplication with an addition, and the unit's power: maxima of minus infinity count as 0."""
        b, type_, rate = self.b, highest.type, self.roles.rate
        assert rate is not None
        assert self.exp2 is not None
        exp2, zero = self.exp2, b.number(type_, 0.0)
        finite = b.one("arith.select", type_, self._is_lowest(highest), zero, highest)
        less = b.one("arith.mulf", type_, finite, b.number(type_, -rate))

        def power(value: ir.Value) -> ir.Value:
            width = _width(value)
            places = [ir.DenseI64ArrayAttr.get([lane]) for lane in range(width)]
            distance = b.one("math.fma", value.type, value, b.number(value.type, rate), spread(b, less, width))
            if width == 1:
                return exp2(b, distance)
            each = [exp2(b, b.one("vector.extract", type_, distance, static_position=place)) for place in places]
            return b.one("vector.from_elements", value.type, *each)

        return power

    def _is_lowest(self, value: ir.Value) -> ir.Value:
        """Whether a number, or each of some, is minus infinity."""
        b, predicate = self.b, ir.IntegerAttr.get(self.b.i64, _EQUAL)
        lowest = b.number(value.type, float("-inf"))
        return b.one("arith.cmpf", vector_of(b.i1, _width(value)), value, lowest, predicate=predicate)

    def finish(self, row: Int, column: Int, mix: ir.Value, highest: ir.Value, total: ir.Value) -> None:
        """What follows the mix of values, at a row and neighbouring columns that there are, and its results."""
        if self.keep is not None:
            self.keep(row, column, mix, highest, total)
            return
        group, roles, width = self.group, self.roles, _width(mix)
        nests = group.nests
        at = {**self._at(row), group.shared: column}
        values = {
            made(nests[roles.mix.number]): mix,
            made(nests[roles.maximum]): highest,
            made(nests[roles.total]): total,
        }
        product, points = nests[roles.mix.number], self.points[roles.mix.number]
        last = {access.memref: i for i, nest in enumerate(nests) for access in nest.outputs}
        if made(product) not in group.temps and last[made(product)] == roles.mix.number:
            place = {**{loop: at[loop] for loop in range(group.shared)}, roles.mix.n: column}
            points.store(points.first_output, place, mix, width)
        for number in roles.after:
            points = self.points[number]
            arguments = {}
            for k in points.reads:
                memref = points.access(k).memref
                arguments[k] = values[memref] if memref in values else points.load(k, at, width)
            (value,) = points.apply(arguments, at, width)
            value = spread(self.b, value, width)
            values[made(nests[number])] = value
            if made(nests[number]) not in group.temps and last[made(nests[number])] == number:
                points.store(points.first_output, at, value, width)


def _width(value: ir.Value) -> int:
    return value.type.shape[0] if isinstance(value.type, ir.VectorType) else 1
