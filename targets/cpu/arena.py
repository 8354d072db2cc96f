# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One arena for each call, in which buffers take turns.

A buffer that its block allocates and releases, and that nothing else keeps, becomes a view of the arena of its
function. Where all sizes are known, so are the places; else the runtime finds them when the call starts, from sizes
that have to follow from what the function is given. Private functions get their arena from their callers, in whose
arena it is a buffer like others.

Allocated apart are: results, which live on as arrays; sizes that come out of the data, or that only one side of a
branch asks for; and the buffers of a loop that runs on several threads.
"""

from collections.abc import Sequence
from functools import cached_property

from mlir import ir

from mograph._records import record
from mograph._runtime import plan_arena
from mograph.targets.cpu.builder import ALIGNMENT, DYNAMIC, Builder, find
from mograph.targets.cpu.flow import COUNTED
from mograph.targets.cpu.inplace import COUNT
from mograph.targets.cpu.known import Known
from mograph.targets.cpu.outline import Runtime
from mograph.targets.cpu.partial import element_bytes

PLAN = "mograph_plan"
MEMORY = "mograph.memory"
"""The attribute of a function with what was planned for it: the number of buffers in the arena and their bytes, the
arena's bytes and the least there could be, the number of buffers apart. Bytes are -1 where the runtime plans.
"""
LIMIT = 1 << 62
"""Bytes: more than any memory holds."""


def share_arena(module: ir.Module) -> None:
    """Plans the memory of every function, those that are called before those that call them."""
    functions = {
        ir.StringAttr(op.attributes["sym_name"]).value: op
        for op in find(module.operation, "func.func")
        if len(op.regions[0].blocks)
    }
    planned: set[str] = set()
    active: set[str] = set()
    recursive: set[str] = set()  # their own callers: they allocate for themselves
    arenas: dict[str, ir.Type] = {}  # of what a private function is given for its arena
    runtime = Runtime(module)

    def plan(name: str) -> None:
        planned.add(name)
        active.add(name)
        function = functions[name]
        for call in find(function, "func.call"):
            callee = ir.FlatSymbolRefAttr(call.attributes["callee"]).value
            if callee in active:
                recursive.add(callee)
            elif callee in functions and callee not in planned:
                plan(callee)
            if callee in arenas:
                _give_arena(call, arenas[callee])
        given = "sym_visibility" in function.attributes and name not in recursive
        made = _Function(module, function, runtime, given).run()
        active.remove(name)
        if made is not None:
            arenas[name] = made

    for name in functions:
        if name not in planned:
            plan(name)


def described(module: ir.Module) -> list[str]:
    """A line for each function of a planned module that has buffers."""
    lines = []
    for function in find(module.operation, "func.func"):
        if MEMORY not in function.attributes:
            continue
        found = {each.name: ir.IntegerAttr(each.attr).value for each in ir.DictAttr(function.attributes[MEMORY])}
        merged = ir.IntegerAttr(function.attributes[COUNT]).value if COUNT in function.attributes else 0
        planned = "planned at run time"
        if found["arena"] >= 0:
            planned = "{bytes} bytes in an arena of {arena}, of which {bound} are needed at once".format(**found)
        name = ir.StringAttr(function.attributes["sym_name"]).value
        lines.append(f"@{name}: {found['buffers']} buffers, {planned}; {found['apart']} apart, {merged} in place")
    return lines


def _give_arena(call: ir.Operation, type_: ir.Type) -> None:
    """Allocates what a function needs for its arena around a call of it."""
    with call.location:
        at = ir.InsertionPoint(call)
        arena = _allocate(at, type_, [])
        attributes = {name: call.attributes[name] for name in call.attributes}
        results = [result.type for result in call.results]
        new = ir.Operation.create(
            "func.call", results=results, operands=[*call.operands, arena], attributes=attributes, ip=at
        )
        ir.Operation.create("memref.dealloc", operands=[arena], ip=at)
    for old, result in zip(call.results, new.results, strict=True):
        old.replace_all_uses_with(result)
    call.erase()


def _allocate(at: ir.InsertionPoint, type_: ir.Type, sizes: Sequence[ir.Value]) -> ir.Value:
    attributes = {
        "alignment": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), ALIGNMENT),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([len(sizes), 0]),
    }
    op = ir.Operation.create("memref.alloc", results=[type_], operands=sizes, attributes=attributes, ip=at)
    return op.results[0]


@record
class _Buffer:
    """A buffer with the operations between which it is needed, and the moments of these."""

    alloc: ir.Operation
    dealloc: ir.Operation
    first: int
    last: int

    @cached_property
    def type(self) -> ir.MemRefType:
        return ir.MemRefType(self.alloc.results[0].type)

    @property
    def is_static(self) -> bool:
        return DYNAMIC not in self.type.shape

    @property
    def fixed_bytes(self) -> int:
        """What the element and the extents that are known take together."""
        total = element_bytes(self.type.element_type)
        for extent in self.type.shape:
            total *= 1 if extent == DYNAMIC else extent
        return total


class _Function:
    """One function; `given` says whether callers pass its arena."""

    def __init__(self, module: ir.Module, function: ir.Operation, runtime: Runtime, given: bool) -> None:
        self.module, self.function, self.runtime, self.given = module, function, runtime, given
        self.known = Known(function)

    def run(self) -> ir.Type | None:
        """Plans; returns the type of the argument that callers have to pass for the arena, if there is one now."""
        allocs = find(self.function, "memref.alloc")
        buffers = self._buffers()
        if not allocs:
            return None
        if not buffers:
            self._note(0, 0, 0, 0, len(allocs))
            return None
        apart = len(allocs) - len(buffers)
        with self.function.location:
            start = ir.InsertionPoint(self._mark())
            b = Builder(start, start)
            if not all(buffer.is_static for buffer in buffers):
                self._plan_later(b, buffers)
                self._note(len(buffers), -1, -1, -1, apart)
                return None
            sizes = [buffer.fixed_bytes for buffer in buffers]
            offsets, total, bound = plan_arena([(buffer.first, buffer.last) for buffer in buffers], sizes)
            self._note(len(buffers), sum(sizes), total, bound, apart)
            return self._plan_now(b, buffers, offsets, total)

    def _buffers(self) -> list[_Buffer]:
        """The buffers that can be in the arena, in the order of their allocation."""
        ops = find(self.function, "memref.alloc", "memref.dealloc")
        moments = {op.results[0]: (number, op) for number, op in enumerate(ops) if op.name == "memref.alloc"}
        ends: dict[ir.Value, list[tuple[int, ir.Operation]]] = {}
        for number, op in enumerate(ops):
            if op.name == "memref.dealloc":
                ends.setdefault(op.operands[0], []).append((number, op))
        found = []
        for value, (first, alloc) in moments.items():
            if len(ends.get(value, ())) != 1 or COUNTED in alloc.attributes:
                continue
            last, dealloc = ends[value][0]
            buffer = _Buffer(alloc, dealloc, first, last)
            if dealloc.block == alloc.block and self._is_placeable(buffer):
                found.append(buffer)
        return found

    def _is_placeable(self, buffer: _Buffer) -> bool:
        if not isinstance(buffer.type.layout, ir.AffineMapAttr):
            return False
        around = ["func.func", "scf.for", "scf.while"]
        if buffer.is_static:
            around.append("scf.if")
        elif not all(self.known.is_known(size) for size in buffer.alloc.operands):
            return False
        parent = buffer.alloc.parent
        while parent.name in around:
            if parent == self.function:
                return True
            parent = parent.parent
        return False

    def _note(self, buffers: int, together: int, arena: int, bound: int, apart: int) -> None:
        i64 = ir.IntegerType.get_signless(64)
        numbers = {"buffers": buffers, "bytes": together, "arena": arena, "bound": bound, "apart": apart}
        self.function.attributes[MEMORY] = ir.DictAttr.get(
            {name: ir.IntegerAttr.get(i64, number) for name, number in numbers.items()}
        )

    def _mark(self) -> ir.Operation:
        """An operation at the start of the function, before which others can be created in order."""
        return ir.Operation.create(
            "arith.constant",
            results=[ir.IntegerType.get_signless(1)],
            attributes={"value": ir.BoolAttr.get(False)},
            ip=ir.InsertionPoint.at_block_begin(self.function.regions[0].blocks[0]),
        )

    def _plan_now(self, b: Builder, buffers: Sequence[_Buffer], offsets: Sequence[int], total: int) -> ir.Type | None:
        type_ = ir.MemRefType.get([total], b.i8)
        if self.given:
            arena = self._argument(type_)
        else:
            arena = self._own_arena(b, type_, [])
        for buffer, offset in zip(buffers, offsets, strict=True):
            self._place(b, buffer, arena, b.number(b.index, offset), list(buffer.alloc.operands))
        return type_ if self.given else None

    def _plan_later(self, b: Builder, buffers: Sequence[_Buffer]) -> None:
        """Lets the runtime plan for the sizes of each call."""
        extents = [[self.known.at_start(b, size) for size in buffer.alloc.operands] for buffer in buffers]
        words = b.stack(b.i64, len(buffers) + 1, 8)
        known: dict[tuple[int, tuple[ir.Value, ...]], ir.Value] = {}
        for number, (buffer, sizes) in enumerate(zip(buffers, extents, strict=True)):
            key = buffer.fixed_bytes, tuple(sizes)
            if key not in known:
                known[key] = _bytes(b, *key)
            b.store(known[key], b.address(words, number, b.i64), 8)
        table = [moment for buffer in buffers for moment in (buffer.first, buffer.last)]
        symbol = ir.FlatSymbolRefAttr.get(_define_table(self.module, self.function, table))
        lifetimes = b.one("llvm.mlir.addressof", b.ptr, global_name=symbol)
        self.runtime.call(b, PLAN, [lifetimes, b.value(len(buffers)), words])
        places = [
            b.one("arith.index_cast", b.index, b.load(b.i64, b.address(words, number, b.i64), 8))
            for number in range(len(buffers) + 1)
        ]
        arena = self._own_arena(b, ir.MemRefType.get([DYNAMIC], b.i8), places[-1:])
        for buffer, place, sizes in zip(buffers, places, extents, strict=False):
            self._place(b, buffer, arena, place, sizes)

    def _own_arena(self, b: Builder, type_: ir.Type, sizes: Sequence[ir.Value]) -> ir.Value:
        """Memory that is released before the function returns."""
        for end in find(self.function, "func.return"):
            at = ir.InsertionPoint(end)
        arena = _allocate(b.at, type_, sizes)
        ir.Operation.create("memref.dealloc", operands=[arena], ip=at)
        return arena

    def _argument(self, type_: ir.Type) -> ir.Value:
        """A further argument of the function."""
        attributes = self.function.attributes
        before = ir.FunctionType(ir.TypeAttr(attributes["function_type"]).value)
        after = ir.FunctionType.get([*before.inputs, type_], before.results)
        attributes["function_type"] = ir.TypeAttr.get(after)
        if "arg_attrs" in attributes:
            each = [*ir.ArrayAttr(attributes["arg_attrs"]), ir.DictAttr.get({})]
            attributes["arg_attrs"] = ir.ArrayAttr.get(each)
        return self.function.regions[0].blocks[0].add_argument(type_, self.function.location)

    def _place(self, b: Builder, buffer: _Buffer, arena: ir.Value, offset: ir.Value, sizes: Sequence[ir.Value]) -> None:
        view = b.create("memref.view", [buffer.type], [arena, offset, *sizes]).results[0]
        buffer.alloc.results[0].replace_all_uses_with(view)
        buffer.dealloc.erase()
        buffer.alloc.erase()


def _bytes(b: Builder, fixed: int, sizes: Sequence[ir.Value]) -> ir.Value:
    """The bytes of a buffer; LIMIT where 64 bits might not hold them."""
    if not sizes:
        return b.number(b.i64, fixed)
    f64 = ir.F64Type.get()
    roughly, exactly = b.number(f64, float(fixed)), b.number(b.i64, fixed)
    for size in sizes:
        extent = b.one("arith.index_cast", b.i64, size)
        roughly = b.one("arith.mulf", f64, roughly, b.one("arith.sitofp", f64, extent))
        exactly = b.one("arith.muli", b.i64, exactly, extent)
    less = ir.IntegerAttr.get(b.i64, 4)
    fits = b.one("arith.cmpf", b.i1, roughly, b.number(f64, float(LIMIT)), predicate=less)
    return b.one("arith.select", b.i64, fits, exactly, b.number(b.i64, LIMIT))


def _define_table(module: ir.Module, function: ir.Operation, numbers: Sequence[int]) -> str:
    """Defines a constant array of numbers for a function; returns its symbol."""
    symbol = f"{ir.StringAttr(function.attributes['sym_name']).value}.lifetimes"
    i64 = ir.IntegerType.get_signless(64)
    attributes = {
        "sym_name": ir.StringAttr.get(symbol),
        "global_type": ir.TypeAttr.get(ir.Type.parse(f"!llvm.array<{len(numbers)} x i64>")),
        "linkage": ir.Attribute.parse("#llvm.linkage<internal>"),
        "constant": ir.UnitAttr.get(),
        "value": ir.DenseElementsAttr.get(
            [ir.IntegerAttr.get(i64, number) for number in numbers], ir.RankedTensorType.get([len(numbers)], i64)
        ),
        "addr_space": ir.IntegerAttr.get(ir.IntegerType.get_signless(32), 0),
    }
    at = ir.InsertionPoint.at_block_begin(module.body)
    ir.Operation.create("llvm.mlir.global", attributes=attributes, regions=1, ip=at)
    return symbol
