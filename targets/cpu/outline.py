# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions for the thread pool: (context, lo, hi) over a range of items, with all that they need in the context.

The context is an array of words on the caller's stack.
"""

from collections.abc import Callable, Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, Int, descriptor_type, operations
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.partial import element_bits

PARALLEL = "mograph_parallel"

Read = Callable[[Builder, ir.Value], ir.Value]  # (builder inside the kernel, context) -> value
KernelBody = Callable[[Builder, Mapping[ir.Value, ir.Value], ir.Value, ir.Value], None]


class Outliner:
    """Makes functions in one module, which are called `name` and a number."""

    def __init__(self, module: ir.Module, name: str = "kernel") -> None:
        self.module = module
        self.name = name
        self.count = 0
        self.runtime = Runtime(module)

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
        name = f"{self.name}_{self.count}"
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
        self.runtime.call(b, PARALLEL, [pointer, memory, b.value(items), b.value(unit), b.value(picoseconds)])


class Runtime:
    """The functions of the runtime that a module calls, each declared once."""

    def __init__(self, module: ir.Module) -> None:
        self._module = module
        names = (op.attributes["sym_name"] for op in operations(module.body, module.operation))
        self._declared = {ir.StringAttr(name).value for name in names}

    def call(
        self, b: Builder, name: str, operands: Sequence[ir.Value], results: Sequence[ir.Type] = ()
    ) -> list[ir.Value]:
        """Calls a function of the runtime; gives its results."""
        if name not in self._declared:
            self._declared.add(name)
            attributes = {
                "sym_name": ir.StringAttr.get(name),
                "function_type": ir.TypeAttr.get(ir.FunctionType.get([value.type for value in operands], results)),
                "sym_visibility": ir.StringAttr.get("private"),
            }
            ir.Operation.create(
                "func.func",
                attributes=attributes,
                regions=1,
                ip=ir.InsertionPoint.at_block_begin(self._module.body),
                loc=ir.Location.unknown(),
            )
        return list(b.create("func.call", results, operands, {"callee": ir.FlatSymbolRefAttr.get(name)}).results)


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
