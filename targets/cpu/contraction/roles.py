# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which groups of nests are contractions: C[…, m, n] = combine(C[…, m, n], term(A[…, m, k], B[…, k, n])), perhaps with
a nest before that fills C, and nests after that compute element by element from C.
"""

from dataclasses import replace

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.contraction.body import Body, split
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, ZERO, Access, Loop, Nest
from mograph.targets.cpu.plan import vectorizable

SMALLEST = 32**3  # products of fewer multiplications are left to the general code


@record
class Contraction:
    """The product among a group's nests, by number, its operands A and B and its loops m, n and k by number, the
    loops of independent products, and the parts of its body. `fill` is whether the first nest fills C, by which value.
    """

    product: int
    a: int
    b: int
    m: int
    n: int
    k: int
    batch: tuple[int, ...]
    body: Body
    fill: ir.Value | None

    def factor(self, nest: Nest, k: int) -> Access:
        """An operand of the product, which is in memory."""
        access = nest.accesses[k]
        assert isinstance(access, Access)
        return access


def recognize(group: Group) -> Contraction | None:
    """The roles in a group; None when it is no contraction, or too small a one."""
    at = next((i for i, nest in enumerate(group.nests) if any(loop.reduces for loop in nest.loops)), None)
    if at is None or at > 1:
        return None
    nest = group.nests[at]
    parallel = sum(not loop.reduces for loop in nest.loops)
    if len(group.nests) > 1 and parallel != group.shared:
        return None
    fill = None
    if at == 1:
        fill = _filled(group.nests[0], nest)
        if fill is None:
            return None
    for after in group.nests[at + 1 :]:
        if len(after.loops) != group.shared or any(loop.reduces for loop in after.loops):
            return None
    return _roles(nest, at, fill)


def recognized(group: Group) -> tuple[Group, Contraction] | None:
    """The group as a contraction, with one more loop where it is a vector that is multiplied; None when it is none."""
    roles = recognize(group)
    if roles is None:
        group = with_row(group)
        roles = recognize(group)
    return None if roles is None else (group, roles)


def is_product(nest: Nest) -> bool:
    """Whether a nest alone is a contraction."""
    if not any(loop.reduces for loop in nest.loops):
        return False
    return _roles(nest, 0, None) is not None or _roles(_with_row(nest), 0, None) is not None


def with_row(group: Group) -> Group:
    """The group with one more loop, over the single row of a vector that is multiplied by a matrix; the group itself
    where nothing in it has two factors.
    """
    if not any(len(nest.memory) == 3 and any(loop.reduces for loop in nest.loops) for nest in group.nests):
        return group
    return replace(group, nests=[_with_row(nest) for nest in group.nests], shared=group.shared and group.shared + 1)


def _with_row(nest: Nest) -> Nest:
    accesses = [
        replace(access, strides=[ZERO, *access.strides]) if isinstance(access, Access) else access
        for access in nest.accesses
    ]
    return replace(nest, loops=[Loop(ONE, False, None), *nest.loops], accesses=accesses)


def _filled(nest: Nest, product: Nest) -> ir.Value | None:
    """The value with which a nest fills what the product adds to."""
    if len(nest.body_ops) != 1 or len(nest.memory) != 1 or nest.memory[0].memref != product.outputs[0].memref:
        return None
    value = nest.yielded[0]
    return value if value in nest.captured else None


def _roles(nest: Nest, at: int, fill: ir.Value | None) -> Contraction | None:
    reductions = [i for i, loop in enumerate(nest.loops) if loop.reduces]
    parallel = [i for i, loop in enumerate(nest.loops) if not loop.reduces]
    if len(nest.memory) != 3 or len(nest.accesses) != 3 or len(nest.outputs) != 1 or len(reductions) != 1:
        return None
    if len(parallel) < 2 or nest.indexed or not vectorizable(nest):
        return None
    if not all(isinstance(x.element, (ir.FloatType, ir.IntegerType)) and x.element.width >= 8 for x in nest.memory):
        return None
    known = 1
    for loop in nest.loops:
        known *= loop.extent.constant if not loop.extent.symbols else SMALLEST
    if known < SMALLEST:
        return None
    k, c = reductions[0], nest.memory[2]
    for a, b in ((0, 1), (1, 0)):
        x, y = nest.memory[a], nest.memory[b]
        columns = [i for i in parallel if c.strides[i] == ONE and x.strides[i] == ZERO and y.strides[i] != ZERO]
        rows = [i for i in parallel if x.strides[i] != ZERO and y.strides[i] == ZERO]
        if nest.loops[0].extent == ONE and columns and y.strides[columns[0]] == ONE:
            rows = [0]
        if not columns or not rows or x.strides[k] == ZERO or y.strides[k] == ZERO:
            continue
        body = split(nest, a, b, 2)
        if body is None or body.total.type != body.result.type:
            return None
        m = max(rows, key=lambda i: (bool(nest.loops[i].extent.symbols), nest.loops[i].extent.constant, i))
        batch = tuple(i for i in parallel if i not in (m, columns[0]))
        return Contraction(at, a, b, m, columns[0], k, batch, body, fill)
    return None
