# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is done with sums: they are combined with what C starts from, and the nests after the product go on with them.

All of it is done in registers, for some neighbours of a row at a time: of what lives in the group only nothing is in
memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import gcd

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Nest, Seen
from mograph.targets.gpu.contraction.roles import Roles
from mograph.targets.gpu.loops import Loops
from mograph.targets.gpu.points import (
    EQUAL,
    Points,
    aligned,
    both,
    compare,
    evaluate_all,
    fits,
    steps,
    where,
    width_of,
)


def width(group: Group, roles: Roles) -> int:
    """How many neighbours of a row are loaded and stored at once, as far as they are aligned where that is known."""
    along, product, nests = roles.columns[-1], group.nests[roles.product], _ends(group, roles)
    extent = product.loops[along].extent
    if product.outputs[0].strides[along] != ONE or (len(roles.columns) > 1 and extent.symbols):
        return 1
    found = aligned(steps(nests, along), width_of(nests, along, group.temps))[0]
    return found if len(roles.columns) == 1 else gcd(found, extent.constant)


def _ends(group: Group, roles: Roles) -> list[Nest]:
    """The nests of a group, the product without its factors."""
    product = group.nests[roles.product]
    end = replace(product, accesses=[*product.outputs])
    return [*group.nests[: roles.product], end, *group.nests[roles.product + 1 :]]


class Epilogue:
    """Finishes elements of C, of one of the independent products: that at the indices `outer`. `rows` and `columns` are
    the loops of C, `width` is how many neighbours are finished at once.
    """

    def __init__(
        self,
        b: Builder,
        group: Group,
        roles: Roles,
        seen: Sequence[Seen],
        outer: Mapping[int, Int],
        loops: tuple[Loops, Loops],
        width: int,
    ) -> None:
        self.b, self.group, self.roles, self.outer, self.width = b, group, roles, outer, width
        self.rows, self.columns = loops
        self.along, self.symbols = roles.columns[-1], seen[roles.product].symbols
        self.points = [Points(b, nest, each, self.along) for nest, each in zip(group.nests, seen, strict=True)]

    def finish(self, b: Builder, row: Int, column: Int, sums: ir.Value, count: Int) -> None:
        """Goes on with the sums of `width` neighbours from a row and column on, of which `count` exist, at least 1."""
        indices = {**self.outer, **self.rows.indices(row)}
        if self.width == 1:
            value = b.first(sums) if isinstance(sums.type, ir.VectorType) else sums
            self._at({**indices, **self.columns.indices(column)}, value, 1)
            return
        _, unknown = aligned(steps(_ends(self.group, self.roles), self.along), self.width)
        whole = None if count == self.width else compare(b, EQUAL, count, self.width)

        def wide() -> None:
            self._at({**indices, **self.columns.indices(column)}, sums, self.width)

        def one(lane: Int) -> None:
            self._at({**indices, **self.columns.indices(b.add(column, lane))}, self._lane(sums, lane), 1)

        where(
            b,
            both(b, whole, fits(b, unknown, self.width, self.symbols)),
            wide,
            lambda: b.each(0, b.value(count), 1, one),
        )

    def _lane(self, sums: ir.Value, lane: Int) -> ir.Value:
        """The element of a vector, found without memory."""
        b, type_ = self.b, sums.type.element_type
        found = b.first(sums)
        for number in range(1, self.width):
            value = b.one("vector.extract", type_, sums, static_position=ir.DenseI64ArrayAttr.get([number]))
            found = b.one("arith.select", type_, compare(b, EQUAL, lane, number), value, found)
        return found

    def _at(self, indices: Mapping[int, Int], total: ir.Value, width: int) -> None:
        """All nests at one place."""
        product = self.points[self.roles.product]

        def sums(known: Mapping[ir.Value, ir.Value]) -> list[ir.Value]:
            """What C starts from, and the sums."""
            c = product.access(product.first_output).memref
            start = known[c] if c in known else product.load(product.first_output, indices, width)
            return [self.b.one(self.roles.kind, total.type, start, total)]

        evaluate_all(self.group, self.points, indices, width, (self.roles.product, sums))
