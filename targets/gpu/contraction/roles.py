# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which groups of nests are products: C[…, m…, n…] = combine(C[…, m…, n…], term(A[…, m…, k…], B[…, n…, k…])), perhaps
with a nest before that C starts from, and nests after that compute element by element from C.

Rows, columns and sums may each be several loops, as in convolutions.
"""

from collections.abc import Sequence
from math import prod

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.contraction.body import Body, split
from mograph.targets.cpu.followers import begins
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, ZERO, Access, Loop, Nest, storage_type
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.plan import combiners, vectorizable

SMALLEST = 32**3
"""Products of fewer multiplications are left to code that takes any nest."""
_TERMS = ({"arith.mulf", "arith.addf"}, {"arith.muli", "arith.addi"})


@record
class Roles:
    """The product among a group's nests, by number, whether nest 0 makes what it adds to, its operands A and B by
    number, and its loops: those of A's rows, of B's columns, of the sums, and of independent products, each outermost
    first. `kind` is the operation that combines a sum with a new term; `zeros` is whether terms of zeros add nothing.
    """

    product: int
    begun: bool
    a: int
    b: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    sums: tuple[int, ...]
    batch: tuple[int, ...]
    body: Body
    kind: str
    zeros: bool


def factor(nest: Nest, k: int) -> Access:
    """An operand of a product, which is in memory."""
    access = nest.accesses[k]
    assert isinstance(access, Access)
    return access


def known(loops: Sequence[Loop], unknown: int | None = None) -> int | None:
    """How many points loops have together, where one that is not known counts as `unknown`; None where it is None."""
    extents = [unknown if loop.extent.symbols else loop.extent.constant for loop in loops]
    return None if None in extents else prod(each for each in extents if each is not None)


def recognize(group: Group) -> Roles | None:
    """The roles in a group; None when it is no product, or too small a one."""
    at = summing(group)
    return None if at is None else _roles(group, at)


def summing(group: Group) -> int | None:
    """The number of the nest that sums up, where the others are one that its results start from and some that compute
    from these element by element.
    """
    at = next((i for i, nest in enumerate(group.nests) if any(loop.reduces for loop in nest.loops)), None)
    if at is None or at > 1 or (at and not begins(group.nests[0], group.nests[1])):
        return None
    nest = group.nests[at]
    if len(group.nests) > 1 and sum(not loop.reduces for loop in nest.loops) != group.shared:
        return None
    return at if all(pointwise(group, number) for number in range(at + 1, len(group.nests))) else None


def pointwise(group: Group, number: int) -> bool:
    """Whether a nest computes from elements that the nests before it have made only those at the same place."""
    nest = group.nests[number]
    if len(nest.loops) != group.shared or any(loop.reduces for loop in nest.loops):
        return False
    for access in nest.memory:
        for before in group.nests[:number]:
            for made in before.outputs:
                if made.memref == access.memref and not same_place(made, access, group.shared):
                    return False
    return True


def same_place(one: Access, other: Access, loops: int) -> bool:
    """Whether two accesses to a memref are to the same element at the same indices of the first loops."""
    return one.offset == other.offset and one.strides[:loops] == other.strides[:loops]


def _roles(group: Group, at: int) -> Roles | None:
    nest = group.nests[at]
    if len(nest.memory) != 3 or len(nest.accesses) != 3 or len(nest.outputs) != 1:
        return None
    if nest.indexed or not vectorizable(nest) or not all(map(is_number, nest.memory)):
        return None
    kinds = combiners(nest)
    written = {access.memref for each in group.nests for access in each.outputs}
    if kinds is None or any(access.memref in written for access in nest.memory[:2]):
        return None
    if (known(nest.loops, SMALLEST) or 0) < SMALLEST:
        return None
    c = nest.memory[2]
    parallel = [i for i, loop in enumerate(nest.loops) if not loop.reduces]
    sums = tuple(i for i, loop in enumerate(nest.loops) if loop.reduces)
    last = next((i for i in reversed(parallel) if c.strides[i] == ONE), None)
    for a, b in ((0, 1), (1, 0)):
        x, y = nest.memory[a], nest.memory[b]
        rows = tuple(i for i in parallel if x.strides[i] != ZERO and y.strides[i] == ZERO)
        columns = tuple(i for i in parallel if x.strides[i] == ZERO and y.strides[i] != ZERO)
        if not rows or not columns or last in rows or ZERO in (c.strides[i] for i in parallel):
            continue
        body = split(nest, a, b, 2)
        if body is None or body.total.type != body.result.type or storage_type(body.total.type) != body.total.type:
            return None
        batch = tuple(i for i in parallel if i not in rows and i not in columns)
        return Roles(at, at == 1, a, b, rows, columns, sums, batch, body, kinds[0], is_plain(body))
    return None


def is_number(access: Access) -> bool:
    """Whether elements are of a type that products are made of."""
    return isinstance(access.element, (ir.FloatType, ir.IntegerType)) and element_bits(access.element) >= 8


def is_plain(body: Body) -> bool:
    """Whether a term is the product of both factors alone."""
    return {op.name for op in body.core} in _TERMS and len(body.core) == 2
