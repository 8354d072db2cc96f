# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From `linalg.generic` and `memref.copy` on memrefs to vector code, run on all cores where the work repays it.

Products of matrices, convolutions and elementwise nests that read across have code of their own; `NestCode` makes the
rest. Small work of known size is expanded in place. Everything else becomes a function over a range of items, which is
handed to the thread pool together with an estimate of its cost; the pool decides at run time. What the analysis cannot
express stays a `linalg.generic` for upstream's conversion to loops.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from mlir import ir

from mograph.targets.cpu import convolution, convolution_rows, matmul, transpose
from mograph.targets.cpu.builder import Builder, Int, find, parallel_loops, walk
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Access, Nest, Seen, analyze, evaluate
from mograph.targets.cpu.outline import Outliner
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.plan import Plan, choose

SMALL = 20_000_000  # picoseconds: less than what a thread costs to wake

# Picoseconds per element, measured roughly: arithmetic on a super-vector, traffic to the outer caches, scalar code.
PER_OPERATION, PER_BYTE, SCALAR_FACTOR = 15, 15, 12


class Code(Protocol):
    """What makes the code of a nest."""

    def emit(self, lo: Int, hi: Int) -> None:
        """The code for the items lo <= i < hi."""


def lower_kernels(module: ir.Module, machine: Machine) -> None:
    """Replaces every `linalg.generic` and `memref.copy` in the module's functions that can be expressed as a nest."""
    outliner = Outliner(module)
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            _lower_function(function, machine, outliner)


def _lower_function(function: ir.Operation, machine: Machine, outliner: Outliner) -> None:
    ops = find(function, "linalg.generic", "memref.copy")
    if not ops:
        return
    constants: dict[ir.Value, ir.Attribute] = {}

    def note(op: ir.Operation) -> None:
        if op.name == "arith.constant":
            constants[op.results[0]] = op.attributes["value"]

    walk(function, note)
    b = Builder.before(ops[0], function)
    done = []
    for op in ops:
        with op.location:
            b.at = ir.InsertionPoint(op)
            generic = op if op.name == "linalg.generic" else _copy_as_generic(b, op)
            b.at = ir.InsertionPoint(generic)
            nest = analyze(generic, b)
            if nest is not None:
                _Lowering(nest, b, constants, machine, outliner).run()
                done.append(generic)
            if generic != op:
                done.append(op)
    for op in done:  # only now, since the builder's insertion points may refer to them
        op.erase()


class _Lowering:
    """The lowering of one nest, with `b` creating before its operation; `constants` are those of its function."""

    def __init__(
        self, nest: Nest, b: Builder, constants: Mapping[ir.Value, ir.Attribute], machine: Machine, outliner: Outliner
    ) -> None:
        self.nest, self.b, self.constants, self.machine, self.outliner = nest, b, constants, machine, outliner
        self.bases = [access.base if isinstance(access, Access) else access for access in nest.accesses]
        self.captured = _captured(nest)

    def run(self) -> None:
        nest, b, machine = self.nest, self.b, self.machine
        windows = convolution.recognize(nest)
        if windows is not None:
            tasks = convolution.tasks(nest, windows, machine, b)
            self.outline(lambda inner, seen: convolution.ConvolutionCode(inner, nest, windows, seen, machine), *tasks)
            return
        rows = convolution_rows.recognize(nest)
        if rows is not None:
            tasks = convolution_rows.tasks(nest, rows, machine, b)
            self.outline(
                lambda inner, seen: convolution_rows.RowsConvolutionCode(inner, nest, rows, seen, machine), *tasks
            )
            return
        product = matmul.recognize(nest)
        if product is not None:
            tasks = matmul.tasks(nest, product, machine, b)
            self.outline(lambda inner, seen: matmul.MatmulCode(inner, nest, product, seen, machine), *tasks)
            return
        plan = choose(nest, machine.vector_bits)
        per_item, total = cost(nest, plan, b)
        if not nest.loops or isinstance(total, int) and total < SMALL:
            seen = Seen(self.bases, nest.symbols, {value: self.constants.get(value, value) for value in self.captured})
            in_place = NestCode(b, nest, plan, seen, machine)
            in_place.emit(0, in_place.extents[in_place.order[0]] if nest.loops else 1)
            return
        crossed = transpose.recognize(nest)
        if crossed is not None:
            tasks = transpose.tasks(nest, crossed, b, per_element(nest))
            self.outline(lambda inner, seen: transpose.TransposeCode(inner, nest, crossed, seen, machine), *tasks)
            return
        outermost = _outermost(nest, plan)
        items = evaluate(b, nest.loops[outermost].extent, nest.symbols)
        unit = plan.width if outermost == plan.loop else 1
        serial = nest.loops[outermost].reduces
        self.outline(lambda inner, seen: NestCode(inner, nest, plan, seen, machine), items, per_item, unit, serial)

    def outline(
        self, make: Callable[[Builder, Seen], Code], items: Int, picoseconds: Int, unit: int = 1, serial: bool = False
    ) -> None:
        """Makes a function of the code and calls it over all items, each of which takes so long."""
        constants, symbols = self.constants, self.nest.symbols

        def body(inner: Builder, values: Mapping[ir.Value, ir.Value], lo: ir.Value, hi: ir.Value) -> None:
            bases = [values[v] if v in values else inner.constant(v.type, constants[v]) for v in self.bases]
            captured = {v: constants[v] if v in constants else values[v] for v in self.captured}
            make(inner, Seen(bases, [values[v] for v in symbols], captured)).emit(lo, hi)

        passed = [value for value in dict.fromkeys([*self.bases, *symbols, *self.captured]) if value not in constants]
        self.outliner.launch(self.b, passed, body, items, unit, picoseconds, serial)


def per_element(nest: Nest) -> int:
    """Estimated picoseconds for one execution of the body in vector code."""
    return PER_OPERATION * len(nest.body_ops) + sum(
        PER_BYTE * max(1, element_bits(access.element) // 8) for access in nest.memory
    )


def cost(nest: Nest, plan: Plan, b: Builder) -> tuple[Int, Int]:
    """Estimated picoseconds for one step of the outermost loop, and for the whole nest."""
    total: Int = per_element(nest) * (1 if plan.loop is not None else SCALAR_FACTOR)
    outermost = _outermost(nest, plan) if nest.loops else None
    for i, loop in enumerate(nest.loops):
        if i != outermost:
            total = b.mul(total, evaluate(b, loop.extent, nest.symbols))
    return total, b.mul(
        total, evaluate(b, nest.loops[outermost].extent, nest.symbols)
    ) if outermost is not None else total


def _outermost(nest: Nest, plan: Plan) -> int:
    """The loop that is run in parallel: the first, except that the vectorised loop is the innermost of its kind."""
    kind = [i for i, loop in enumerate(nest.loops) if loop.reduces == nest.loops[0].reduces]
    others = [i for i in kind if i != plan.loop]
    return others[0] if others else kind[0]


def _captured(nest: Nest) -> list[ir.Value]:
    """The values from outside that the body uses."""
    inside = set(nest.body.arguments) | {result for op in nest.body_ops for result in op.results}
    return list(dict.fromkeys(value for op in nest.body_ops for value in op.operands if value not in inside))


def _copy_as_generic(b: Builder, copy: ir.Operation) -> ir.Operation:
    source, target = copy.operands
    rank = ir.MemRefType(source.type).rank
    identity = ir.AffineMapAttr.get(ir.AffineMap.get_identity(rank))
    attributes = {
        "indexing_maps": ir.ArrayAttr.get([identity, identity]),
        "iterator_types": parallel_loops(rank),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 1]),
    }
    generic = b.create("linalg.generic", [], [source, target], attributes, regions=1)
    element = ir.MemRefType(source.type).element_type
    block = ir.Block.create_at_start(generic.regions[0], [element, element], [copy.location] * 2)
    with b.inside(block):
        b.create("linalg.yield", [], [block.arguments[0]])
    return generic
