# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Opaque kernels: calls of functions declared with the attribute `mogg.library` become calls of functions of C.

Those get of each memref, which is contiguous, the address of its first element and that of its extents, and all other
values as they are. They return null, or why they failed.
"""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, find
from mograph.targets.cpu.checks import FAIL
from mograph.targets.cpu.compiled import Import
from mograph.targets.cpu.outline import Runtime

ATTRIBUTE = "mogg.library"
_NOT_EQUAL = 1  # llvm's predicate


def imports_of(module: ir.Module) -> tuple[Import, ...]:
    """The functions of shared libraries that a module calls, each once."""
    bindings = [ir.DictAttr(each.attributes[ATTRIBUTE]) for each in _declared(module).values()]
    return tuple(
        dict.fromkeys(Import(_text(each, "path"), _text(each, "function")) for each in bindings if "path" in each)
    )


def lower_libraries(module: ir.Module) -> None:
    """Replaces such calls and their declarations."""
    declared = _declared(module)
    if not declared:
        return
    bound = {name: _symbol(ir.DictAttr(each.attributes[ATTRIBUTE])) for name, each in declared.items()}
    for function in declared.values():
        function.erase()
    runtime = Runtime(module)  # which may have functions of those names
    for function in find(module.operation, "func.func"):
        for call in find(function, "func.call"):
            name = ir.FlatSymbolRefAttr(call.attributes["callee"]).value
            if name in bound:
                with call.location:
                    _call(Builder.before(call, function), runtime, bound[name], list(call.operands))
                call.erase()


def _declared(module: ir.Module) -> dict[str, ir.Operation]:
    return {
        ir.StringAttr(function.attributes["sym_name"]).value: function
        for function in find(module.operation, "func.func")
        if ATTRIBUTE in function.attributes
    }


def _symbol(binding: ir.DictAttr) -> str:
    function = _text(binding, "function")
    return Import(_text(binding, "path"), function).symbol if "path" in binding else function


def _text(binding: ir.DictAttr, key: str) -> str:
    text: str = ir.StringAttr(binding[key]).value
    return text


def _call(b: Builder, runtime: Runtime, symbol: str, operands: list[ir.Value]) -> None:
    values: list[ir.Value] = []
    for operand in operands:
        values += _memory(b, operand) if isinstance(operand.type, ir.MemRefType) else [operand]
    (text,) = runtime.call(b, symbol, values, [b.ptr])
    null = b.one("llvm.mlir.zero", b.ptr)
    failed = b.one("llvm.icmp", b.i1, text, null, predicate=ir.IntegerAttr.get(b.i64, _NOT_EQUAL))

    def fail() -> None:
        runtime.call(b, FAIL, [text])

    b.if_(failed, fail)


def _memory(b: Builder, memref: ir.Value) -> list[ir.Value]:
    """The addresses of the first element and of the extents."""
    descriptor, rank = Descriptor(b, memref), ir.MemRefType(memref.type).rank
    sizes = b.stack(b.i64, max(1, rank), 8)
    for dim in range(rank):
        b.store(descriptor.size(dim), b.address(sizes, dim, b.i64), 8)
    return [descriptor.aligned(), sizes]
