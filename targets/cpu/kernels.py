# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From `linalg.generic` and `memref.copy` on memrefs to vector code, run on all cores where the work repays it.

Small work of known size is expanded in place. Everything else becomes a function of (context, lo, hi) over a range of
its outermost loop, where the context is an array of the values that it needs, and is handed to the thread pool together
with an estimate of its cost; the pool decides at run time. What the analysis cannot express stays a `linalg.generic`
for upstream's conversion to loops.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, Int, descriptor_type, find, walk
from mograph.targets.cpu.codegen import NestCode
from mograph.targets.cpu.matmul import PICOSECONDS, ROWS, MatmulCode, Product, recognize, tile_shape
from mograph.targets.cpu.nest import Access, Nest, analyze, evaluate, storage_type
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.plan import Plan, choose

SMALL = 20_000_000  # picoseconds: less than what a thread costs to wake

# Picoseconds per element, measured roughly: arithmetic on a super-vector, traffic to the outer caches, scalar code.
PER_OPERATION, PER_BYTE, SCALAR_FACTOR = 15, 15, 12


def lower_kernels(module: ir.Module, machine: Machine) -> None:
    """Replaces every `linalg.generic` and `memref.copy` in the module's functions that can be expressed as a nest."""
    kernels = _Kernels(module, machine)
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            kernels.lower_function(function)


class _Kernels:
    def __init__(self, module: ir.Module, machine: Machine) -> None:
        self.module = module
        self.machine = machine
        self.count = 0

    def lower_function(self, function: ir.Operation) -> None:
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
                    self.lower(nest, b, constants)
                    done.append(generic)
                if generic != op:
                    done.append(op)
        for op in done:  # only now, since the builder's insertion points may refer to them
            op.erase()

    def lower(self, nest: Nest, b: Builder, constants: Mapping[ir.Value, ir.Attribute]) -> None:
        product = recognize(nest)
        if product is not None:
            self.lower_product(nest, product, b, constants)
            return
        plan = choose(nest, self.machine.vector_bits)
        per_item, total = cost(nest, plan, b)
        captured = _captured(nest)
        bases = [access.base if isinstance(access, Access) else access for access in nest.accesses]
        if not nest.loops or isinstance(total, int) and total < SMALL:
            code = NestCode(
                b,
                nest,
                plan,
                bases,
                nest.symbols,
                {value: constants.get(value, value) for value in captured},
                self.machine.masks,
            )
            code.emit(0, code.extents[code.order[0]] if nest.loops else 1)
            return
        passed = [value for value in dict.fromkeys([*bases, *nest.symbols, *captured]) if value not in constants]
        outermost = _outermost(nest, plan)
        unit = plan.width if outermost == plan.loop else 1

        def body(inner: Builder, values: Mapping[ir.Value, ir.Value], lo: ir.Value, hi: ir.Value) -> None:
            inner_bases = [values[v] if v in values else inner.constant(v.type, constants[v]) for v in bases]
            outside = {v: constants[v] if v in constants else values[v] for v in captured}
            code = NestCode(
                inner, nest, plan, inner_bases, [values[v] for v in nest.symbols], outside, self.machine.masks
            )
            code.emit(lo, hi)

        self.launch(
            b,
            passed,
            body,
            evaluate(b, nest.loops[outermost].extent, nest.symbols),
            unit,
            per_item,
            serial=nest.loops[outermost].reduces,
        )

    def lower_product(
        self, nest: Nest, product: Product, b: Builder, constants: Mapping[ir.Value, ir.Attribute]
    ) -> None:
        """A product of matrices."""
        machine = self.machine
        captured = _captured(nest)
        bases = [access.base for access in nest.memory]
        passed = [value for value in dict.fromkeys([*bases, *nest.symbols, *captured]) if value not in constants]

        def body(inner: Builder, values: Mapping[ir.Value, ir.Value], lo: ir.Value, hi: ir.Value) -> None:
            outside = {v: constants[v] if v in constants else values[v] for v in captured}
            inner_bases, symbols = [values[v] for v in bases], [values[v] for v in nest.symbols]
            MatmulCode(
                inner, nest, product, machine.vector_bits, machine.masks, machine.fused, inner_bases, symbols, outside
            ).emit(lo, hi)

        m, n, k = (evaluate(b, nest.loops[i].extent, nest.symbols) for i in (product.m, product.n, product.k))
        width, _ = tile_shape(nest, machine.vector_bits)
        items = b.mul(b.blocks(m, ROWS), b.blocks(n, width))
        for i in product.batch:
            items = b.mul(items, evaluate(b, nest.loops[i].extent, nest.symbols))
        self.launch(b, passed, body, items, 1, b.mul(b.mul(b.min(m, ROWS), k), PICOSECONDS * width))


def cost(nest: Nest, plan: Plan, b: Builder) -> tuple[Int, Int]:
    """Estimated picoseconds for one step of the outermost loop, and for the whole nest."""
    per_element = PER_OPERATION * len(nest.body_ops) + sum(
        PER_BYTE * max(1, element_bits(access.element) // 8) for access in nest.memory
    )
    total: Int = per_element * (1 if plan.loop is not None else SCALAR_FACTOR)
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
        "iterator_types": ir.ArrayAttr.get([ir.Attribute.parse("#linalg.iterator_type<parallel>")] * rank),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 1]),
    }
    generic = b.create("linalg.generic", [], [source, target], attributes, regions=1)
    element = ir.MemRefType(source.type).element_type
    block = ir.Block.create_at_start(generic.regions[0], [element, element], [copy.location] * 2)
    with b.inside(block):
        b.create("linalg.yield", [], [block.arguments[0]])
    return generic
