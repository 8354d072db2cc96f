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
from mograph.targets.cpu.matmul import PICOSECONDS, ROWS, MatmulCode, Product, blocks, recognize, tile_shape
from mograph.targets.cpu.nest import Access, Nest, analyze, evaluate, storage_type
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.plan import Plan, choose

Read = Callable[[Builder, ir.Value], ir.Value]  # (builder inside the kernel, context) -> value
KernelBody = Callable[[Builder, Mapping[ir.Value, ir.Value], ir.Value, ir.Value], None]

PARALLEL = "mograph_parallel"
SMALL = 20_000_000  # picoseconds: less than what a thread costs to wake

# Picoseconds per element, measured roughly: arithmetic on a super-vector, traffic to the outer caches, scalar code.
PER_OPERATION, PER_BYTE, SCALAR_FACTOR = 15, 15, 12


@dataclass(frozen=True)
class Machine:
    """What code generation needs to know of the processor: bits in a vector register; whether loads and stores can be
    masked, multiplication and
    addition fused, and f16 converted by instructions."""

    vector_bits: int
    masks: bool
    fused: bool
    native_f16: bool


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
        items = b.mul(blocks(b, m, ROWS), blocks(b, n, width))
        for i in product.batch:
            items = b.mul(items, evaluate(b, nest.loops[i].extent, nest.symbols))
        self.launch(b, passed, body, items, 1, b.mul(b.mul(b.min(m, ROWS), k), PICOSECONDS * width))

    def launch(
        self,
        b: Builder,
        passed: Sequence[ir.Value],
        body: KernelBody,
        items: Int,
        unit: int,
        picoseconds: Int,
        serial: bool = False,
    ) -> None:
        """Makes a function of `body(builder, values, lo, hi)`, where `values` are the `passed` ones as seen inside, and
        calls it over 0 <= i < items.
        """
        name = f"kernel_{self.count}"
        self.count += 1
        location = ir.Location.unknown()
        type_ = ir.FunctionType.get([b.ptr, b.i64, b.i64], [])
        attributes = {
            "sym_name": ir.StringAttr.get(name),
            "function_type": ir.TypeAttr.get(type_),
            "sym_visibility": ir.StringAttr.get("private"),
            "llvm.linkage": ir.Attribute.parse("#llvm.linkage<internal>"),
        }
        function = ir.Operation.create(
            "func.func", attributes=attributes, regions=1, ip=ir.InsertionPoint(self.module.body)
        )
        block = ir.Block.create_at_start(function.regions[0], [b.ptr, b.i64, b.i64], [location] * 3)
        end = ir.Operation.create("func.return", ip=ir.InsertionPoint(block))
        context, lo, hi = block.arguments
        first = ir.Operation.create(
            "arith.constant",
            results=[b.i64],
            attributes={"value": ir.IntegerAttr.get(b.i64, 0)},
            ip=ir.InsertionPoint(end),
        )
        inner = Builder(ir.InsertionPoint(end), start=ir.InsertionPoint(first))
        slots = _Slots(b)
        reads = [slots.add(value) for value in passed]
        memory = slots.write()
        body(inner, {value: read(inner, context) for value, read in zip(passed, reads, strict=True)}, lo, hi)
        symbol = ir.FlatSymbolRefAttr.get(name)
        if serial:
            b.create("func.call", [], [memory, b.value(0), b.value(items)], {"callee": symbol})
            return
        pointer = b.cast(b.ptr, b.one("func.constant", type_, value=symbol))
        declare(self.module, PARALLEL, [b.ptr, b.ptr, b.i64, b.i64, b.i64])
        operands = [pointer, memory, b.value(items), b.value(unit), b.value(picoseconds)]
        b.create("func.call", [], operands, {"callee": ir.FlatSymbolRefAttr.get(PARALLEL)})


def declare(module: ir.Module, name: str, arguments: Sequence[ir.Type]) -> None:
    """Declares a function of the runtime, once."""
    if any(ir.StringAttr(op.attributes["sym_name"]).value == name for op in find(module.operation, "func.func")):
        return
    attributes = {
        "sym_name": ir.StringAttr.get(name),
        "function_type": ir.TypeAttr.get(ir.FunctionType.get(list(arguments), [])),
        "sym_visibility": ir.StringAttr.get("private"),
    }
    ir.Operation.create(
        "func.func",
        attributes=attributes,
        regions=1,
        ip=ir.InsertionPoint.at_block_begin(module.body),
        loc=ir.Location.unknown(),
    )


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


class _Slots:
    """The context of a kernel: an array of words on the caller's stack."""

    def __init__(self, b: Builder) -> None:
        self.b = b
        self.words: list[ir.Value] = []

    def add(self, value: ir.Value) -> Read:
        """Passes a value; returns how the kernel reads it."""
        if isinstance(value.type, ir.MemRefType):
            return self._add_memref(value)
        at = len(self.words)
        type_ = value.type
        if isinstance(type_, ir.IndexType):
            self.words.append(self.b.one("arith.index_cast", self.b.i64, value))
            return lambda inner, context: inner.one(
                "arith.index_cast", type_, self._read(inner, context, at, inner.i64)
            )
        stored = storage_type(type_)
        if stored != type_:
            there, back = (
                ("arith.extui", "arith.trunci") if element_bits(type_) == 1 else ("arith.bitcast", "arith.bitcast")
            )
            self.words.append(self.b.one(there, stored, value))
            return lambda inner, context: inner.one(back, type_, self._read(inner, context, at, stored))
        self.words.append(value)
        return lambda inner, context: self._read(inner, context, at, type_)

    def _add_memref(self, value: ir.Value) -> Read:
        type_ = ir.MemRefType(value.type)
        old, rank, at = Descriptor(self.b, value), type_.rank, len(self.words)
        dims = range(rank)
        self.words += [
            old.allocated(),
            old.aligned(),
            old.offset(),
            *(old.size(i) for i in dims),
            *(old.stride(i) for i in dims),
        ]
        positions = [[0], [1], [2], *([3, i] for i in dims), *([4, i] for i in dims)]

        def read(inner: Builder, context: ir.Value) -> ir.Value:
            struct = descriptor_type(rank)
            words = inner.one("llvm.mlir.poison", struct)
            for i, position in enumerate(positions):
                word = self._read(inner, context, at + i, inner.ptr if i < 2 else inner.i64)
                words = inner.one("llvm.insertvalue", struct, words, word, position=ir.DenseI64ArrayAttr.get(position))
            return inner.cast(type_, words)

        return read

    def _read(self, inner: Builder, context: ir.Value, at: int, type_: ir.Type) -> ir.Value:
        return inner.load(type_, inner.address(context, at, inner.i64), 8)

    def write(self) -> ir.Value:
        memory = self.b.stack(self.b.i64, max(1, len(self.words)), 8)
        for i, word in enumerate(self.words):
            self.b.store(word, self.b.address(memory, i, self.b.i64), 8)
        return memory
