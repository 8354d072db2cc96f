# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Entries of a compiled module: what the caller sees, and the LLVM code through which it calls.

Every entry is called with one pointer to a frame: the words of the arguments' memref descriptors one after the other,
then room for those of the results. So one C++ signature serves all, and no descriptor is built in Python.
"""

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mlir import ir

from mograph.targets.cpu.builder import find
from mograph.targets.cpu.compiled import Array, Entry
from mograph.targets.cpu.descriptors import WORDS
from mograph.targets.cpu.early import ELSEWHERE
from mograph.targets.cpu.weights import PREPARED, marked, prepare_symbol

_PLAIN = frozenset(string.ascii_letters + string.digits + "._-$")  # what needs no escape in LLVM's names


def entries_of(module: ir.Module) -> tuple[Entry, ...]:
    """The public functions of a module on tensors. Raises ValueError for an argument or result that is neither a ranked
    tensor nor a memref.
    """
    entries: list[Entry] = []
    for function in find(module.operation, "func.func"):
        if "sym_visibility" in function.attributes or not len(function.regions[0].blocks):
            continue
        name = ir.StringAttr(function.attributes["sym_name"]).value
        type_ = ir.FunctionType(ir.TypeAttr(function.attributes["function_type"]).value)
        inputs, outputs = (tuple(_array(name, value) for value in side) for side in (type_.inputs, type_.results))
        weights = len(marked(function))
        entries.append(Entry(name, f"mograph.entry{len(entries)}", inputs, outputs, weights))
    return tuple(entries)


def with_prepared(entries: Iterable[Entry], module: ir.Module) -> tuple[Entry, ...]:
    """The entries with what the lowered module says that they are to be given besides."""
    attributes = module.operation.attributes
    prepared = ir.DictAttr(attributes[PREPARED]) if PREPARED in attributes else {}
    return tuple(
        replace(entry, prepared=tuple(ir.DenseI64ArrayAttr(prepared[entry.name]))) if entry.name in prepared else entry
        for entry in entries
    )


def _array(function: str, type_: ir.Type) -> Array:
    if not isinstance(type_, ir.RankedTensorType | ir.MemRefType):
        raise ValueError(f"func.func @{function}: an entry takes and returns ranked tensors or memrefs, found {type_}")
    return str(type_.element_type), type_.rank


def set_apart(module: ir.Module) -> None:
    """Gives the module's functions names that no function of C has: a model may be called `exp`."""
    defined = {}
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks) or ELSEWHERE in function.attributes:
            name = ir.StringAttr(function.attributes["sym_name"]).value
            defined[name] = _apart(name)
            function.attributes["sym_name"] = ir.StringAttr.get(_apart(name))
    for key, op_name in (("callee", "func.call"), ("value", "func.constant")):
        for op in find(module.operation, op_name):
            name = ir.FlatSymbolRefAttr(op.attributes[key]).value
            op.attributes[key] = ir.FlatSymbolRefAttr.get(defined.get(name, name))


def _apart(name: str) -> str:
    return f"{name}.code"


def _symbol(name: str) -> str:
    """A name in LLVM's syntax."""
    return '@"' + "".join(chr(byte) if chr(byte) in _PLAIN else f"\\{byte:02X}" for byte in name.encode()) + '"'


def wrappers(entries: Sequence[Entry], module: ir.Module) -> Iterator[str]:
    """LLVM code of the functions `entry.symbol`, which call entries with words of a frame, and of those that have their
    buffers filled, where they have such; the module is in the dialect `llvm`.
    """
    taken = {
        ir.StringAttr(function.attributes["sym_name"]).value: list(ir.DenseI64ArrayAttr(function.attributes[WORDS]))
        for function in find(module.operation, "llvm.func")
        if WORDS in function.attributes
    }
    for entry in entries:
        buffers = [("i8", 1)] * len(entry.prepared)
        name = _apart(entry.name)
        yield _wrapper(entry.symbol, name, [*entry.inputs, *buffers], entry.outputs, taken.get(name))
        if buffers:
            weights = entry.inputs[len(entry.inputs) - entry.weights :]
            name = _apart(prepare_symbol(entry.name))
            yield _wrapper(entry.prepare, name, [*weights, *buffers], (), taken.get(name))


def _wrapper(
    symbol: str, name: str, inputs: Sequence[Array], outputs: Sequence[Array], taken: Sequence[int] | None
) -> str:
    """A function that calls the one of that name with these words of its arguments; None for all."""
    words: list[str] = []
    for _, rank in inputs:
        words += ["ptr", "ptr", "i64", *["i64"] * (2 * rank)]
    numbers = range(len(words)) if taken is None else taken
    lines = [f'define void @"{symbol}"(ptr %frame) nounwind {{']
    for i in numbers:
        lines += [f"  %p{i} = getelementptr i64, ptr %frame, i64 {i}", f"  %a{i} = load {words[i]}, ptr %p{i}"]
    results = [
        f"{{ ptr, ptr, i64, [{rank} x i64], [{rank} x i64] }}" if rank else "{ ptr, ptr, i64 }" for _, rank in outputs
    ]
    result = "void" if not results else results[0] if len(results) == 1 else "{ " + ", ".join(results) + " }"
    call = f"call {result} {_symbol(name)}({', '.join(f'{words[i]} %a{i}' for i in numbers)})"
    if results:
        lines += [
            f"  %r = {call}",
            f"  %out = getelementptr i64, ptr %frame, i64 {len(words)}",
            f"  store {result} %r, ptr %out, align 8",
        ]
    else:
        lines.append(f"  {call}")
    return "\n".join([*lines, "  ret void", "}", ""])
