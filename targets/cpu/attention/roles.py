# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which groups have products that follow each other row by row, as in attention: scores, their softmax, and the mix of
the values by it.

Such a product multiplies rows of A, which a task makes or reads, with a B that all rows share.
"""

from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.contraction.body import Body, split
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Product
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.plan import vectorizable

NARROW = 128
"""The smaller extent of every B at most: those are read anew for each block of rows, and must cost less than keeping
what lies between the products."""


@record
class RowProduct:
    """A product among a group's nests, by number: C[m, n] = C[m, n] + A[m, k] * B[k, n] with one row of it for each
    point of the shared loops. `a` and `b` are operands, `n` and `k` loops by number; `fill` is the number of the nest
    that fills C before, if any.
    """

    number: int
    a: int
    b: int
    n: int
    k: int
    body: Body
    fill: int | None


def recognize(group: Group) -> tuple[RowProduct, ...] | None:
    """The products of a group, two at least; None when some nest is neither one nor goes along rows, or when what lies
    between the products is wanted outside: rows of it are computed as far as the next product needs them.
    """
    products: list[RowProduct] = []
    for number, nest in enumerate(group.nests):
        own = nest.loops[group.shared :]
        if len(own) < 2:
            continue
        product = product_of(group, number, group.shared - 1)
        if product is None or not any(_narrow(nest.loops[loop].extent) for loop in (product.n, product.k)):
            return None
        products.append(product)
    if len(products) < 2:
        return None
    fills = {product.fill for product in products}
    for number, nest in enumerate(group.nests[: products[-1].number]):
        if number not in fills and any(access.memref not in group.temps for access in nest.outputs):
            return None
    return tuple(products)


def _narrow(extent: Product) -> bool:
    return not extent.symbols and extent.constant <= NARROW


def product_of(group: Group, number: int, row: int | None) -> RowProduct | None:
    """The product that a nest is: of rows along the shared loop `row`, on which B does not depend, or of one row for
    each point of the shared loops where that is None. None where it is no such product.
    """
    nest = group.nests[number]
    own = range(group.shared, len(nest.loops))
    parallel = [i for i in own if not nest.loops[i].reduces]
    reductions = [i for i in own if nest.loops[i].reduces]
    if len(parallel) != 1 or len(reductions) != 1 or len(nest.accesses) != 3 or len(nest.memory) != 3:
        return None
    if len(nest.outputs) != 1 or nest.indexed or not vectorizable(nest):
        return None
    if not all(
        isinstance(x.element, (ir.FloatType, ir.IntegerType)) and element_bits(x.element) >= 8 for x in nest.memory
    ):
        return None
    n, k, c = parallel[0], reductions[0], nest.outputs[0]
    if c.strides[n] != ONE or row is not None and c.strides[row] == ZERO:
        return None
    for a, b in ((0, 1), (1, 0)):
        x, y = nest.memory[a], nest.memory[b]
        apart = x.strides[n] == ZERO and y.memref not in group.temps
        if not apart or ZERO in (x.strides[k], y.strides[n], y.strides[k]):
            continue
        if row is not None and (y.strides[row] != ZERO or x.strides[row] == ZERO):
            continue
        body = split(nest, a, b, 2)
        if body is not None and body.total.type == body.result.type:
            return RowProduct(number, a, b, n, k, body, _fill(group.nests, number, c))
    return None


def _fill(nests: Sequence[Nest], number: int, c: Access) -> int | None:
    """The last nest before a product that touches C, where that only fills it with a value."""
    for i in reversed(range(number)):
        if any(access.memref == c.memref for access in nests[i].memory):
            nest = nests[i]
            fills = len(nest.body_ops) == 1 and len(nest.memory) == 1 and nest.yielded[0] in nest.captured
            return i if fills and nest.memory[0].offset == c.offset else None
    return None
