# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Host code over a device: buffers are in the device's memory, elements that the host reads or writes are copied.

Afterwards memrefs are descriptors of memory that the host does not touch; what entries take and give is the device's.
"""

from collections.abc import Callable, Sequence

from mlir import ir

from mograph.targets.cpu.builder import DYNAMIC, Builder, Descriptor, Int, find
from mograph.targets.cpu.memory import RETAIN
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.outline import Runtime
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.prints import ATTRIBUTE as PRINT
from mograph.targets.gpu.compiled import PROGRAM

ALLOCATE, HOLD, RELEASE, UPLOAD, DOWNLOAD, CONSTANT = (
    f"mograph_device_{name}" for name in ("allocate", "retain", "release", "upload", "download", "constant")
)


class Program:
    """The program in the code of a function, declared where it is asked for first."""

    def __init__(self, function: ir.Operation) -> None:
        self._function = function
        self._value: ir.Value | None = None

    @property
    def value(self) -> ir.Value:
        """Its address."""
        if self._value is None:
            self._value = ir.Operation.create(
                "llvm.mlir.addressof",
                results=[ir.Type.parse("!llvm.ptr")],
                attributes={"global_name": ir.FlatSymbolRefAttr.get(PROGRAM)},
                ip=ir.InsertionPoint.at_block_begin(self._function.regions[0].blocks[0]),
                loc=self._function.location,
            ).results[0]
        return self._value


def declare_program(module: ir.Module) -> None:
    """Declares the program that all functions of the module belong to, unless it is."""
    globals_ = find(module.operation, "llvm.mlir.global")
    if any(ir.StringAttr(each.attributes["sym_name"]).value == PROGRAM for each in globals_):
        return
    attributes = {
        "sym_name": ir.StringAttr.get(PROGRAM),
        "global_type": ir.TypeAttr.get(ir.IntegerType.get_signless(8)),
        "linkage": ir.Attribute.parse("#llvm.linkage<external>"),
        "addr_space": ir.IntegerAttr.get(ir.IntegerType.get_signless(32), 0),
    }
    at = ir.InsertionPoint.at_block_begin(module.body)
    ir.Operation.create("llvm.mlir.global", attributes=attributes, regions=1, ip=at, loc=ir.Location.unknown())


def lower_host(module: ir.Module) -> None:
    """Makes all functions of a module use the device's memory; launches are there already."""
    declare_program(module)
    runtime = Runtime(module)
    functions = find(module.operation, "func.func")
    printers = {_name(function) for function in functions if PRINT in function.attributes}
    coded = [function for function in functions if len(function.regions[0].blocks)]
    for function in coded:
        _Function(runtime, function, printers).run()


class _Function:
    def __init__(self, runtime: Runtime, function: ir.Operation, printers: set[str]) -> None:
        self.runtime, self.function, self.printers = runtime, function, printers
        self.program = Program(function)
        self.b = Builder.before(self._first(), function)

    def _first(self) -> ir.Operation:
        return next(iter(find(self.function, "func.return")))

    def run(self) -> None:
        """Rewrites the function."""
        rules: dict[str, Callable[[ir.Operation], None]] = {
            "memref.alloc": self._alloc,
            "memref.dealloc": self._dealloc,
            "memref.load": self._load,
            "memref.store": self._store,
            "memref.get_global": self._constant,
            "func.call": self._call,
        }
        for op in find(self.function, *rules):
            with op.location:
                self.b.at = ir.InsertionPoint(op)
                rules[op.name](op)

    def _runtime(self, name: str, operands: Sequence[Int], results: Sequence[ir.Type] = ()) -> list[ir.Value]:
        return self.runtime.call(self.b, name, [self.program.value, *map(self.b.value, operands)], results)

    # Buffers

    def _allocated(self, type_: ir.MemRefType, sizes: Sequence[Int]) -> ir.Value:
        """A new buffer of these extents on the device, in row-major order."""
        address = self._runtime(ALLOCATE, [self._bytes(type_, sizes)], [self.b.ptr])[0]
        return self.b.row_major(type_, address, sizes)

    def _bytes(self, type_: ir.MemRefType, sizes: Sequence[Int]) -> Int:
        total: Int = element_bytes(type_.element_type)
        for size in sizes:
            total = self.b.mul(total, size)
        return total

    def _sizes(self, memref: ir.Value) -> list[Int]:
        descriptor = Descriptor(self.b, memref)
        shape = ir.MemRefType(memref.type).shape
        return [descriptor.size(dim) if size == DYNAMIC else size for dim, size in enumerate(shape)]

    def _address(self, memref: ir.Value) -> ir.Value:
        """Where the first element of a memref without strides is."""
        return Descriptor(self.b, memref).aligned()

    def _alloc(self, op: ir.Operation) -> None:
        type_ = ir.MemRefType(op.results[0].type)
        given = iter(self.b.one("arith.index_cast", self.b.i64, value) for value in op.operands)
        sizes = [next(given) if size == DYNAMIC else size for size in type_.shape]
        op.results[0].replace_all_uses_with(self._allocated(type_, sizes))
        op.erase()

    def _dealloc(self, op: ir.Operation) -> None:
        self._runtime(RELEASE, [Descriptor(self.b, op.operands[0]).allocated()])
        op.erase()

    def _constant(self, op: ir.Operation) -> None:
        b, memref = self.b, op.results[0]
        type_ = ir.MemRefType(memref.type)
        b.at = ir.InsertionPoint(op)
        clone = op.clone(ip=b.at)
        host = Descriptor(b, clone.results[0]).aligned()
        address = self._runtime(CONSTANT, [host, self._bytes(type_, type_.shape)], [b.ptr])[0]
        memref.replace_all_uses_with(self.b.row_major(type_, address, list(type_.shape)))
        op.erase()

    # Elements

    def _element(self, memref: ir.Value, indices: Sequence[ir.Value]) -> ir.Value:
        """The address of an element."""
        return Descriptor(self.b, memref).element(indices, storage_type(ir.MemRefType(memref.type).element_type))

    def _load(self, op: ir.Operation) -> None:
        b, (memref, *indices) = self.b, list(op.operands)
        element = ir.MemRefType(memref.type).element_type
        room = b.stack(storage_type(element), 1, 8)
        self._runtime(DOWNLOAD, [room, self._element(memref, indices), element_bytes(element)])
        new = b.create(op.name, [op.results[0].type], [self._scalar(element, room)])
        op.results[0].replace_all_uses_with(new.results[0])
        op.erase()

    def _store(self, op: ir.Operation) -> None:
        b, (value, memref, *indices) = self.b, list(op.operands)
        element = ir.MemRefType(memref.type).element_type
        room = b.stack(storage_type(element), 1, 8)
        b.create(op.name, [], [value, self._scalar(element, room)])
        self._runtime(UPLOAD, [self._element(memref, indices), room, element_bytes(element)])
        op.erase()

    def _scalar(self, element: ir.Type, room: ir.Value) -> ir.Value:
        """A memref of the one element at an address of the host."""
        return self.b.memref(ir.MemRefType.get([], element), [room, room, self.b.value(0)])

    # Calls and entries

    def _call(self, op: ir.Operation) -> None:
        callee = ir.FlatSymbolRefAttr(op.attributes["callee"]).value
        if callee == RETAIN:
            self._runtime(HOLD, [op.operands[0]])
            op.erase()
        elif callee in self.printers:
            op.operands[0] = self._downloaded(op.operands[0])

    def _downloaded(self, memref: ir.Value) -> ir.Value:
        """A copy of a memref without strides in the host's memory."""
        b, type_, sizes = self.b, ir.MemRefType(memref.type), self._sizes(memref)
        dynamic = [b.one("arith.index_cast", b.index, size) for size in sizes if not isinstance(size, int)]
        copy = b.buffer(type_, dynamic)
        self._runtime(DOWNLOAD, [self._address(copy), self._address(memref), self._bytes(type_, sizes)])
        return copy


def _name(function: ir.Operation) -> str:
    return str(ir.StringAttr(function.attributes["sym_name"]).value)
