# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls of functions declared with the attribute `mogg.print` become calls of the runtime, which prints by Python."""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, find
from mograph.targets.cpu.checks import define_text
from mograph.targets.cpu.outline import Runtime

ATTRIBUTE = "mogg.print"
PRINT = "mograph_print"


def lower_prints(module: ir.Module) -> None:
    """Replaces such calls, which take one contiguous memref, and their declarations."""
    functions = find(module.operation, "func.func")
    printers = {
        ir.StringAttr(function.attributes["sym_name"]).value: function
        for function in functions
        if ATTRIBUTE in function.attributes
    }
    if not printers:
        return
    runtime = Runtime(module)
    for name, function in printers.items():
        define_text(module, _text_symbol(name), ir.StringAttr(function.attributes[ATTRIBUTE]).value)
    for function in functions:
        for call in find(function, "func.call"):
            name = ir.FlatSymbolRefAttr(call.attributes["callee"]).value
            if name in printers:
                with call.location:
                    _print(Builder.before(call, function), runtime, _text_symbol(name), call.operands[0])
                call.erase()
    for function in printers.values():
        function.erase()


def _text_symbol(name: str) -> str:
    return f"{name}.text"


def _print(b: Builder, runtime: Runtime, text: str, memref: ir.Value) -> None:
    descriptor = Descriptor(b, memref)
    rank = ir.MemRefType(memref.type).rank
    sizes = b.stack(b.i64, max(1, rank), 8)
    for dim in range(rank):
        b.store(descriptor.size(dim), b.address(sizes, dim, b.i64), 8)
    address = b.one("llvm.mlir.addressof", b.ptr, global_name=ir.FlatSymbolRefAttr.get(text))
    runtime.call(b, PRINT, [address, descriptor.aligned(), b.value(rank), sizes])
