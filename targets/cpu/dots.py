# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of the rows of a matrix with one vector: several rows at a time.

Memory that is read in several places at once comes an eighth faster than row after row, and the vector is loaded once
for all of them.
"""

from collections.abc import Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Body, Emitter, split
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, ZERO, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bits, element_bytes
from mograph.targets.cpu.plan import combiners, vectorizable

AT_ONCE = 8  # rows
SHORTEST = 16  # vectors of a row: shorter ones wait for the sums of lanes in the end


@record
class Dots:
    """A nest of rows by a vector: which operands these are, the loops along and over rows by number, and the body."""

    vector: int
    matrix: int
    row: int
    k: int
    body: Body
    lanes: int


def recognize(nest: Nest, machine: Machine) -> Dots | None:
    """The roles in a nest whose last loops go over rows and along them; None where it is something else."""
    loops, memory = nest.loops, nest.memory
    reducing = [i for i, loop in enumerate(loops) if loop.reduces]
    if len(loops) < 2 or reducing != [len(loops) - 1] or len(nest.accesses) != 3 or len(memory) != 3:
        return None
    if len(nest.outputs) != 1 or nest.indexed or combiners(nest) not in (["arith.addf"], ["arith.addi"]):
        return None
    row, k, total = reducing[0] - 1, reducing[0], nest.outputs[0]
    if storage_type(total.element) != total.element or not vectorizable(nest):
        return None
    if not all(isinstance(x.element, (ir.FloatType, ir.IntegerType)) and element_bits(x.element) >= 8 for x in memory):
        return None
    for x, y in ((0, 1), (1, 0)):
        if memory[x].strides[row] != ZERO or memory[y].strides[row] == ZERO:
            continue
        if memory[x].strides[k] != ONE or memory[y].strides[k] != ONE:
            continue
        body = split(nest, x, y, 2)
        if body is None or body.total.type != body.result.type:
            continue
        values = (body.left.value.type, body.right.value.type, *(access.element for access in memory))
        lanes = machine.vector_bits // max(element_bits(type_) for type_ in values)
        extent = loops[k].extent
        if lanes > 1 and not extent.symbols and extent.constant >= SHORTEST * lanes:
            return Dots(x, y, row, k, body, lanes)
    return None


def emit(b: Builder, nest: Nest, dots: Dots, seen: Seen, machine: Machine) -> None:
    """Makes the code of a nest of two loops."""
    emitter = Emitter(b, dots.body, seen.captured, machine.fused)
    rows = evaluate(b, nest.loops[dots.row].extent, seen.symbols)
    depth = nest.loops[dots.k].extent.constant
    whole = depth // dots.lanes * dots.lanes
    storage = [storage_type(access.element) for access in nest.memory]
    over = [evaluate(b, access.strides[dots.row], seen.symbols) for access in nest.memory]
    result = storage[2]
    bytes_ = element_bytes(result)

    def some(first: Int, count: int) -> None:
        lines = [
            b.address(seen.bases[dots.matrix], b.mul(b.add(first, r), over[dots.matrix]), storage[dots.matrix])
            for r in range(count)
        ]

        def stretch(lo: int, hi: int, width: int) -> list[ir.Value]:
            """The sums of all lines from one element on up to another, `width` lanes of each."""

            def load(address: ir.Value, operand: int, k: ir.Value) -> ir.Value:
                element = storage[operand]
                type_ = ir.VectorType.get([width], element)
                return b.load(type_, b.address(address, k, element), element_bytes(element))

            def step(k: ir.Value, sums: list[ir.Value]) -> Sequence[ir.Value]:
                left = emitter.factor(dots.body.left, load(seen.bases[dots.vector], dots.vector, k))
                return [
                    emitter.combine(left, emitter.factor(dots.body.right, load(line, dots.matrix, k)), sum_)
                    for line, sum_ in zip(lines, sums, strict=True)
                ]

            start = b.number(ir.VectorType.get([width], result), -0.0)
            return b.loop(lo, hi, width, [start] * count, step)

        sums = [_across(b, value) for value in stretch(0, whole, dots.lanes)]
        if whole < depth:
            rest = [_across(b, value) for value in stretch(whole, depth, 1)]
            sums = [_plus(b, x, y) for x, y in zip(sums, rest, strict=True)]
        for r, sum_ in enumerate(sums):
            place = b.address(seen.bases[2], b.mul(b.add(first, r), over[2]), result)
            b.store(_plus(b, b.load(result, place, bytes_), sum_), place, bytes_)

    full = b.mul(b.split(rows, AT_ONCE)[0], AT_ONCE)
    b.each(0, full, AT_ONCE, lambda first: some(first, AT_ONCE))
    b.each(full, rows, 1, lambda first: some(first, 1))


def _plus(b: Builder, x: ir.Value, y: ir.Value) -> ir.Value:
    return b.one("arith.addf" if isinstance(x.type, ir.FloatType) else "arith.addi", x.type, x, y)


def _across(b: Builder, value: ir.Value) -> ir.Value:
    """The sum of a vector's lanes."""
    attributes: dict[str, ir.Attribute] = {"kind": ir.Attribute.parse("#vector.kind<add>")}
    element = ir.VectorType(value.type).element_type
    if isinstance(element, ir.FloatType):
        attributes["fastmath"] = ir.Attribute.parse("#arith.fastmath<reassoc>")
    return b.create("vector.reduction", [element], [value], attributes).results[0]
