# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code that is no nest: each trip of an `scf.forall` is a thread's, and a loop over single elements is one thread's.

That is right for all such code, and fast for none of it.
"""

from collections.abc import Iterable, Mapping

from mlir import ir
from mlir.passmanager import PassManager

from mograph import _native
from mograph.targets.cpu.builder import DYNAMIC, Builder, Descriptor, Int, captured, find, is_used, walk
from mograph.targets.cpu.foralls import Trips
from mograph.targets.cpu.groups import copy_as_generic
from mograph.targets.cpu.memory import RETAIN
from mograph.targets.cpu.outside import constants_of
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.group import Grid, Thread
from mograph.targets.gpu.host import Program
from mograph.targets.gpu.outline import GLOBAL, Kernels
from mograph.targets.gpu.points import UNSIGNED_LESS, compare, where

THREADS = 64
ALIGNMENT = 16
"""Bytes, of the memory that each thread has for itself."""

_ELEMENTS = ("memref.load", "memref.store")
_NESTS = ("linalg.generic", "memref.copy", "scf.forall", "scf.execute_region", "func.call", "cf.assert")
_ALLOCATIONS = ("memref.alloc", "memref.alloca")


def lower_threads(module: ir.Module, kernels: Kernels) -> None:
    """Makes kernels of every `scf.forall` of the module's functions, and of loops that go through memory element by
    element.

    Raises ValueError for what no thread can do: to call functions, to fail, and to allocate memory whose size depends
    on the trip.
    """
    for copy in find(module.operation, "memref.copy"):  # what bufferisation leaves of rows that were set in place
        if copy.operands[0] == copy.operands[1]:
            copy.erase()
    for function in find(module.operation, "func.func"):
        names = _native.op_names(function)
        if "scf.forall" in names or "scf.for" in names or "scf.while" in names:
            _Function(function, kernels).run()


class _Function:
    def __init__(self, function: ir.Operation, kernels: Kernels) -> None:
        self.function, self.kernels = function, kernels
        self.program = Program(function)

    def run(self) -> None:
        """Takes the outermost loops one after the other."""
        if find(self.function, "scf.forall"):  # sizes of what their trips allocate come before them
            PassManager.parse("func.func(loop-invariant-code-motion)", self.function.context).run(self.function)
        while loops := find(self.function, "scf.forall"):
            with loops[0].location:
                self._forall(loops[0])
        while loops := [op for op in find(self.function, "scf.for", "scf.while") if _is_serial(op)]:
            with loops[0].location:
                self._serial(loops[0])

    def _forall(self, loop: ir.Operation) -> None:
        b = Builder.before(loop, self.function)
        trips = Trips(loop, b)
        own = _Own(b, loop, trips.items)
        passed = list(dict.fromkeys([*trips.passed, *own.passed]))
        total = trips.items
        if not isinstance(total, int):
            passed = list(dict.fromkeys([*passed, total]))

        def body(inner: Builder, values: Mapping[ir.Value, ir.Value], thread: Thread) -> None:
            number = inner.value(inner.add(inner.mul(thread.block(0), THREADS), thread.thread(0)))
            limit = total if isinstance(total, int) else values[total]

            def trip() -> None:
                own.place(inner, values, number)
                trips.move(inner, values, number)

            where(inner, compare(inner, UNSIGNED_LESS, number, limit), trip)
            _in_memory_of_the_device(self.kernels.newest)

        grid = Grid((b.blocks(total, THREADS), 1, 1), (THREADS, 1, 1))
        self.kernels.launch(b, self.program.value, "rows", passed, body, grid)
        own.release(b)
        loop.erase()

    def _serial(self, loop: ir.Operation) -> None:
        b = Builder.before(loop, self.function)
        own = _Own(b, loop, 1)
        constants = constants_of(self.function)
        used = [*captured(loop), *loop.operands]
        found = [result for result in loop.results if is_used(result)]  # others are not brought to the host
        results = [b.buffer(ir.MemRefType.get([], result.type), []) for result in found]
        passed = list(dict.fromkeys([*(each for each in used if each not in constants), *own.passed, *results]))
        after = b.create("arith.constant", [b.i1], [], {"value": ir.BoolAttr.get(True)})
        for result, room in zip(found, results, strict=True):
            result.replace_all_uses_with(b.one("memref.load", result.type, room))
            b.create("memref.dealloc", [], [room])
        b.at = ir.InsertionPoint(after)

        def body(inner: Builder, values: Mapping[ir.Value, ir.Value], thread: Thread) -> None:
            names = {value: values.get(value, value) for value in used}
            names |= {each: inner.constant(each.type, constants[each]) for each in used if each in constants}
            own.place(inner, values, inner.value(0))
            inner.take([loop], names)
            for result, room in zip(found, results, strict=True):
                inner.create("memref.store", [], [result, values[room]])
            _in_memory_of_the_device(self.kernels.newest)

        self.kernels.launch(b, self.program.value, "loop", passed, body, Grid((1, 1, 1), (1, 1, 1)))
        own.release(b)
        after.erase()


def _is_serial(op: ir.Operation) -> bool:
    """Whether a loop of the host goes through memory element by element, and nothing in it is worth a kernel."""
    if not find(op, *_ELEMENTS) or find(op, *_NESTS):
        return False
    return not any(isinstance(result.type, ir.MemRefType) for result in op.results)


class _Own:
    """Memory that each of so many threads has for itself: what the operations of a loop allocate."""

    def __init__(self, b: Builder, loop: ir.Operation, threads: Int) -> None:
        self._allocations: list[tuple[ir.Operation, ir.Value, Int, list[Int]]] = []
        outside = set(captured(loop))
        for op in find(loop, "func.call", "cf.assert", "mogg.launch"):
            if op.name != "func.call" or ir.FlatSymbolRefAttr(op.attributes["callee"]).value != RETAIN:
                raise ValueError(f"{op.location}: {op.name} in code of a thread: threads call nothing and do not fail")
        for op in find(loop, *_ALLOCATIONS):
            if any(value not in outside for value in op.operands):
                raise ValueError(f"{op.location}: {op.name} of a size that depends on the trip, in code of a thread")
            _check_not_carried(op, loop)
            type_ = ir.MemRefType(op.results[0].type)
            given = iter(b.one("arith.index_cast", b.i64, value) for value in op.operands)
            sizes: list[Int] = [next(given) if size == DYNAMIC else size for size in type_.shape]
            bytes_: Int = element_bytes(type_.element_type)
            for size in sizes:
                bytes_ = b.mul(bytes_, size)
            each = b.round_up(bytes_, ALIGNMENT)
            self._allocations.append((op, b.allocate(b.i8, b.mul(each, threads)), each, sizes))

    @property
    def passed(self) -> list[ir.Value]:
        """What the threads have to be handed."""
        found: list[ir.Value] = []
        for _, memory, each, sizes in self._allocations:
            found += [memory, *(number for number in (each, *sizes) if not isinstance(number, int))]
        return found

    def place(self, b: Builder, values: Mapping[ir.Value, ir.Value], number: ir.Value) -> None:
        """Gives the operations their part of the memory, in the code of the thread of a number."""

        def seen(value: Int) -> Int:
            return value if isinstance(value, int) else values[value]

        for op, memory, each, sizes in self._allocations:
            start = Descriptor(b, values[memory]).aligned()
            address = b.address(start, b.mul(number, seen(each)), b.i8)
            own = b.row_major(ir.MemRefType(op.results[0].type), address, [seen(size) for size in sizes])
            op.results[0].replace_all_uses_with(own)
            op.erase()

    def release(self, b: Builder) -> None:
        """Gives the memory back."""
        for _, memory, _, _ in self._allocations:
            b.create("memref.dealloc", [], [memory])


def _check_not_carried(op: ir.Operation, loop: ir.Operation) -> None:
    """Raises ValueError for a buffer that a loop inside makes and carries on: each trip would need another."""
    parent = op.parent
    while parent != loop:
        if parent.name in ("scf.for", "scf.while") and any(
            isinstance(each.type, ir.MemRefType) for each in parent.results
        ):
            raise ValueError(f"{op.location}: {op.name} that a loop carries on, in code of a thread")
        parent = parent.parent


def _in_memory_of_the_device(function: ir.Operation) -> None:
    """Lets all memrefs of a kernel be of the device's memory; nothing is released or counted there."""
    space = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), GLOBAL)

    def settle(values: Iterable[ir.Value]) -> None:
        for value in values:
            if isinstance(value.type, ir.MemRefType):
                old = ir.MemRefType(value.type)
                value.set_type(ir.MemRefType.get(old.shape, old.element_type, old.layout, space))

    def visit(op: ir.Operation) -> None:
        settle(op.results)
        for region in op.regions:
            for block in region.blocks:
                settle(block.arguments)

    for op in find(function, "memref.dealloc", "func.call"):
        op.erase()
    for name in ("llvm.extractvalue", "builtin.unrealized_conversion_cast"):  # what was counted
        for op in find(function, name):
            if next(iter(op.results[0].uses), None) is None:
                op.erase()
    for op in find(function, "memref.copy"):
        copy_as_generic(op)
        op.erase()
    walk(function, visit)
