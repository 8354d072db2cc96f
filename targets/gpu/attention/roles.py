# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which groups are attention: scores, what is computed of them element by element, their maximum by rows, powers of the
distances from it, their sum by rows, a mix of values by the powers, and what is computed of that and the sum.

That powers can be taken from another maximum later is found by computing with them: it is so where
f(x, m) * f(m, n) = f(x, n).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log2

import numpy as np
from mlir import ir

from mograph.targets.cpu.attention.masks import values_of
from mograph.targets.cpu.attention.roles import NARROW, RowProduct, product_of
from mograph.targets.cpu.attention.roles import recognize as products_of
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Access, Nest
from mograph.targets.cpu.outside import constants_of
from mograph.targets.cpu.plan import combiners, vectorizable
from mograph.targets.gpu.contraction.roles import same_place

MAXIMA = ("arith.maximumf", "arith.maxnumf")
_EXAMPLES = (-30.0, -1.25, -0.5, 0.0, 3.0)
_NEAR = 1e-5


@dataclass(frozen=True)
class Roles:
    """Nests by number: the products, what is computed of scores, their maximum, the powers, their sum, and what follows
    in the end; and the operation that finds maxima. The power of a distance d is 2 to the `rate` * d where that is
    known. `row` is the shared loop over rows with the same keys and values, None where each row has its own.
    """

    scores: RowProduct
    mix: RowProduct
    chain: tuple[int, ...]
    maximum: int
    powers: int
    total: int
    after: tuple[int, ...]
    kind: str
    rate: float | None
    row: int | None


def recognize(group: Group) -> Roles | None:
    """The roles in a group; None when it is no attention."""
    if sum(len(nest.loops) > group.shared + 1 for nest in group.nests) != 2 or group.shared < 1:
        return None
    products = products_of(group)
    row = None if products is None else group.shared - 1
    products = products or _alone(group)
    if len(products) != 2:
        return None
    scores, mix = products
    nests = group.nests
    depth, width = nests[scores.number].loops[scores.k].extent, nests[mix.number].loops[mix.n].extent
    if any(each.symbols or not 0 < each.constant <= NARROW for each in (depth, width)):
        return None
    return _Reader(group, scores, mix, row).roles()


def _alone(group: Group) -> tuple[RowProduct, ...]:
    """The products of rows that have keys and values of their own."""
    wide = [number for number, nest in enumerate(group.nests) if len(nest.loops) > group.shared + 1]
    found = (product_of(group, number, None) for number in wide)
    return tuple(product for product in found if product is not None)


def made(nest: Nest) -> ir.Value:
    """The memref that a nest of one output writes."""
    return nest.outputs[0].memref


class _Reader:
    def __init__(self, group: Group, scores: RowProduct, mix: RowProduct, row: int | None) -> None:
        self.group, self.scores, self.mix, self.row = group, scores, mix, row
        self.fills: dict[ir.Value, ir.Value] = {}
        self.chain: list[int] = []
        self.after: list[int] = []
        self.found: dict[str, int] = {}
        self.kind = ""

    def roles(self) -> Roles | None:
        """All nests have to have a role."""
        group, scores, mix = self.group, self.scores, self.mix
        for number, nest in enumerate(group.nests):
            if self._fills(nest):
                self.fills[made(nest)] = nest.yielded[0]
            elif number not in (scores.number, mix.number) and not self._reads(number):
                return None
        if set(self.found) != {"maximum", "powers", "total"} or not self._connected():
            return None
        constants = constants_of(group.weights.function)
        if not self._begins(constants):
            return None
        power = _power(group, self.found["powers"], self.wide, constants)
        if not _multiplies(power):
            return None
        numbers, rate = self._numbers(), _rate(power)
        return Roles(scores, mix, tuple(self.chain), *numbers, tuple(self.after), self.kind, rate, self.row)

    def _numbers(self) -> tuple[int, int, int]:
        return self.found["maximum"], self.found["powers"], self.found["total"]

    def _fills(self, nest: Nest) -> bool:
        plain = len(nest.body_ops) == 1 and len(nest.accesses) == 1
        return plain and nest.yielded[0] in nest.captured and made(nest) in self.group.temps

    def _reads(self, number: int) -> bool:
        """Whether a nest that is neither a product nor fills has its place, which is noted."""
        group, nest = self.group, self.group.nests[number]
        own = nest.loops[group.shared :]
        if len(own) != 1 or len(nest.outputs) != 1 or number < self.scores.number:
            return False
        if any(op.name == "memref.load" for op in nest.body_ops) or not vectorizable(nest):
            return False
        if number > self.mix.number:
            self.after.append(number)
            return not own[0].reduces
        if made(nest) not in group.temps:
            return False
        if own[0].reduces:
            return self._reduces(number)
        if "maximum" not in self.found:
            self.chain.append(number)
            return True
        self.found["powers"] = number
        return "total" not in self.found and len(nest.memory) == 3 and not nest.indexed and len(nest.accesses) == 3

    def _reduces(self, number: int) -> bool:
        nest = self.group.nests[number]
        kinds = combiners(nest)
        if kinds is None or len(nest.accesses) != 2 or len(nest.memory) != 2 or len(nest.body_ops) != 2:
            return False
        if not self.found and kinds[0] in MAXIMA:
            self.kind, self.found["maximum"] = kinds[0], number
            return True
        if "powers" in self.found and "total" not in self.found and kinds[0] == "arith.addf":
            self.found["total"] = number
            return True
        return False

    @property
    def wide(self) -> tuple[ir.Value, ir.Value]:
        """The memrefs of what the maximum is taken of, and of the maximum."""
        nest = self.group.nests[self.found["maximum"]]
        return nest.memory[0].memref, made(nest)

    def _connected(self) -> bool:
        """Whether nests read what the nests before them have made, at the same places, and nothing else of that."""
        group, nests, shared = self.group, self.group.nests, self.group.shared
        scores, highest = self.wide
        powers, total = (made(nests[self.found[name]]) for name in ("powers", "total"))
        last = made(nests[self.chain[-1]]) if self.chain else made(nests[self.scores.number])
        mix = nests[self.mix.number]
        if scores != last or mix.accesses[self.mix.a].memref != powers:
            return False
        if [each.memref for each in nests[self.found["powers"]].memory[:2]] not in ([last, highest], [highest, last]):
            return False
        if nests[self.found["total"]].memory[0].memref != powers:
            return False
        within = {made(nests[number]) for number in (self.scores.number, *self.chain)} | {powers}
        extent = nests[self.scores.number].loops[self.scores.n].extent
        for number, nest in enumerate(nests):
            for access in nest.memory:
                outside = access.memref not in group.temps
                if outside and number <= self.mix.number and access.is_output:
                    return False
                if number in self.after and access.memref in within:
                    return False
                if not outside and not self._fits(number, access):
                    return False
            wide = number in (*self.chain, *self.found.values())
            if wide and nest.loops[shared].extent != extent:
                return False
        return all(nests[number].loops[shared].extent == mix.loops[self.mix.n].extent for number in self.after)

    def _fits(self, number: int, access: Access) -> bool:
        """Whether what is read was made at the same place of all shared loops."""
        for nest in self.group.nests[:number]:
            for each in nest.outputs:
                if each.memref == access.memref and not same_place(each, access, self.group.shared):
                    return False
        return True

    def _begins(self, constants: Mapping[ir.Value, ir.Attribute]) -> bool:
        """Whether the maximum starts from minus infinity, and all sums from 0."""
        nests = self.group.nests
        wanted = {made(nests[self.found["maximum"]]): -np.inf, made(nests[self.found["total"]]): 0.0}
        wanted |= {made(nests[each.number]): 0.0 for each in (self.scores, self.mix)}
        for memref, number in wanted.items():
            value = constants.get(self.fills[memref]) if memref in self.fills else None
            if not isinstance(value, ir.FloatAttr) or value.value != number:
                return False
        return True


def _power(
    group: Group, number: int, wide: tuple[ir.Value, ir.Value], constants: Mapping[ir.Value, ir.Attribute]
) -> Callable[[float, float], float]:
    """What a nest computes of an element and the maximum."""

    @cache
    def power(x: float, highest: float) -> float:
        known = {wide[0]: np.float32(x), wide[1]: np.float32(highest)}
        found = values_of(group, number, known, constants)[0]
        return float("nan") if found is None else float(found)

    return power


def _multiplies(f: Callable[[float, float], float]) -> bool:
    """Whether f(x, m) * f(m, n) = f(x, n)."""
    for x in _EXAMPLES:
        for middle in _EXAMPLES:
            for last in _EXAMPLES:
                if x <= middle <= last:
                    one, other, both = f(x, middle), f(middle, last), f(x, last)
                    if not abs(one * other - both) <= _NEAR * max(1e-30, both):
                        return False
        if f(-np.inf, x) != 0:
            return False
    return True


def _rate(f: Callable[[float, float], float]) -> float | None:
    """The number by which f(x, m) = 2 ** (number * (x - m)); None where there is none."""
    lowest, highest = _EXAMPLES[0], _EXAMPLES[-1]
    if f(lowest, highest) <= 0:
        return None
    rate = log2(f(lowest, highest)) / (lowest - highest)
    for x in _EXAMPLES:
        for m in _EXAMPLES:
            if x <= m and not abs(f(x, m) - 2 ** (rate * (x - m))) <= _NEAR * f(x, m):
                return None
    return rate
