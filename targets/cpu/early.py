# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that are done before the rest of their module: in modules of their own they go through what is left of the
pipeline, and LLVM compiles them while the rest is being made.
"""

from collections.abc import Iterable, Iterator, Sequence

from mlir import ir

from mograph import _native
from mograph.targets.cpu.builder import find, operations

ELSEWHERE = "mograph.elsewhere"
"""Attribute of the declaration that a function leaves in its module."""

LEAST = 400
"""Operations in a module of its own, at least: it takes the passes most of a millisecond, whatever is in it."""


def modules_of(done: Iterable[ir.Operation], module: ir.Module) -> Iterator[ir.Module]:
    """Modules of the functions that `done` gives, as soon as there is enough in them. The last ones stay in `module`:
    with them it is done as a whole.
    """
    ready: list[ir.Operation] = []
    size = 0
    for function in done:
        if size >= LEAST:
            yield _moved(ready, module)
            ready, size = [], 0
        if _is_alone(function, module):
            ready.append(function)
            size += _native.count_ops(function)


def _is_alone(function: ir.Operation, module: ir.Module) -> bool:
    """Whether a function uses nothing of its module but what is declared there."""
    declared = {_name(each) for each in _declarations(module)}
    return _used(function) <= declared and not find(function, "memref.get_global")


def _moved(functions: Sequence[ir.Operation], module: ir.Module) -> ir.Module:
    """A new module with functions of another one, where they are declared."""
    with ir.Location.unknown():
        part = ir.Module.create()
    used: set[str] = set().union(*map(_used, functions))
    for declaration in _declarations(module):
        if _name(declaration) in used:
            part.body.append(declaration.clone(ip=False))
    for function in functions:
        kept = ("sym_name", "sym_visibility", "function_type")
        attributes = {name: function.attributes[name] for name in kept} | {ELSEWHERE: ir.UnitAttr.get()}
        at = ir.InsertionPoint(function)
        ir.Operation.create("func.func", attributes=attributes, regions=1, ip=at, loc=function.location)
        function.detach_from_parent()
        part.body.append(function)
        del function.attributes["sym_visibility"]  # it is called from elsewhere
    return part


def _declarations(module: ir.Module) -> list[ir.Operation]:
    functions = (op for op in operations(module.body, module.operation) if op.name == "func.func")
    return [op for op in functions if not len(op.regions[0].blocks)]


def _name(function: ir.Operation) -> str:
    return str(ir.StringAttr(function.attributes["sym_name"]).value)


def _used(function: ir.Operation) -> set[str]:
    """The functions that one uses."""
    uses = (("func.call", "callee"), ("func.constant", "value"))
    return {ir.FlatSymbolRefAttr(op.attributes[key]).value for name, key in uses for op in find(function, name)}
