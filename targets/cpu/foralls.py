# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`scf.forall` becomes a function over a range of its trips, which the thread pool runs on as many threads as pay.

This comes before kernels are made of the nests in its body, so that what they keep on the stack is each thread's own.
"""

from collections.abc import Mapping

from mlir import ir

from mograph.targets.cpu.builder import DYNAMIC, Builder, Descriptor, Int, captured, find, operations
from mograph.targets.cpu.outline import Outliner
from mograph.targets.cpu.outside import constants_of

PER_ELEMENT = 10_000
"""Picoseconds that a trip is taken to spend on each element of its share of the buffers: it sorts or scans them."""


def lower_foralls(module: ir.Module) -> None:
    """Replaces every `scf.forall` on memrefs, nested ones after those around them."""
    for copy in find(module.operation, "memref.copy"):  # what bufferisation leaves of rows that were set in place
        if copy.operands[0] == copy.operands[1]:
            copy.erase()
    outliner = Outliner(module, "rows")
    while loops := find(module.operation, "scf.forall"):
        loop = loops[0]
        with loop.location:
            _lower(loop, outliner)


def _lower(loop: ir.Operation, outliner: Outliner) -> None:
    b = Builder.before(loop, _function(loop))
    trips = Trips(loop, b)

    def body(inner: Builder, values: Mapping[ir.Value, ir.Value], lo: ir.Value, hi: ir.Value) -> None:
        def trip(item: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            trips.move(inner, values, item)
            return []

        inner.loop(lo, hi, 1, [], trip)

    outliner.launch(b, trips.passed, body, trips.items, 1, _picoseconds(b, trips.outside, trips.items))
    loop.erase()


class Trips:
    """The trips of an `scf.forall`, numbered from 0 to `items`. `outside` are the values that its body uses, and
    `passed` what its code has to be handed, where it is moved elsewhere; `b` creates before the loop.
    """

    def __init__(self, loop: ir.Operation, b: Builder) -> None:
        self._loop = loop
        self._starts, stops, self._steps = _bounds(loop, b)
        bounds = zip(self._starts, stops, self._steps, strict=True)
        self._extents = [b.split(b.add(b.sub(stop, start), b.sub(step, 1)), step)[0] for start, stop, step in bounds]
        self.items: Int = 1
        for extent in self._extents:
            self.items = b.mul(self.items, extent)
        self.outside = captured(loop)
        constants = constants_of(_function(loop))
        self._constants = {value: constants[value] for value in self.outside if value in constants}
        numbers = [value for value in (*self._starts, *self._steps, *self._extents) if not isinstance(value, int)]
        inside = [value for value in self.outside if value not in self._constants]
        self.passed: list[ir.Value] = list(dict.fromkeys([*inside, *numbers]))

    def move(self, inner: Builder, values: Mapping[ir.Value, ir.Value], item: ir.Value) -> None:
        """Moves the body to where `inner` creates, for the trip of a number; `values` are the `passed` ones as they are
        called there.
        """

        def seen(value: Int) -> Int:
            return value if isinstance(value, int) else values[value]

        block = self._loop.regions[0].blocks[0]
        rest: Int = item
        for number in reversed(range(len(self._extents))):
            rest, position = inner.split(rest, seen(self._extents[number])) if number else (0, rest)
            index = inner.add(inner.mul(position, seen(self._steps[number])), seen(self._starts[number]))
            block.arguments[number].replace_all_uses_with(
                inner.one("arith.index_cast", inner.index, inner.value(index))
            )
        inside = {value: values[value] for value in self.outside if value not in self._constants}
        inside |= {value: inner.constant(value.type, constant) for value, constant in self._constants.items()}
        *ops, _ = operations(block, self._loop)
        inner.take(ops, inside)


def _bounds(loop: ir.Operation, b: Builder) -> list[list[Int]]:
    """Where the loop starts and stops in each dimension, and its steps."""
    sizes = list(ir.DenseI32ArrayAttr(loop.attributes["operandSegmentSizes"]))
    operands = iter(loop.operands)
    result: list[list[Int]] = []
    for name, size in zip(("staticLowerBound", "staticUpperBound", "staticStep"), sizes, strict=False):
        dynamic = [b.one("arith.index_cast", b.i64, next(operands)) for _ in range(size)]
        given = iter(dynamic)
        result.append(
            [next(given) if number == DYNAMIC else number for number in ir.DenseI64ArrayAttr(loop.attributes[name])]
        )
    return result


def _picoseconds(b: Builder, outside: list[ir.Value], items: Int) -> Int:
    """What one trip may take."""
    elements: Int = 1
    for value in outside:
        if isinstance(value.type, ir.MemRefType):
            descriptor = Descriptor(b, value)
            size: Int = 1
            for axis, extent in enumerate(ir.MemRefType(value.type).shape):
                size = b.mul(size, descriptor.size(axis) if extent == DYNAMIC else extent)
            elements = b.add(elements, size)
    trips = b.one("arith.maxsi", b.i64, b.value(items), b.value(1))
    return b.mul(b.split(elements, trips)[0], PER_ELEMENT)


def _function(op: ir.Operation) -> ir.Operation:
    while op.name != "func.func":
        op = op.parent
    return op
