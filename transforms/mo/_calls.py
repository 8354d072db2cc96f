# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls between graphs: their order, and bodies in the place of calls."""

from collections.abc import Mapping
from typing import Any

from mlir import ir

from mograph.transforms.mo._copying import CALL, Copier
from mograph.transforms.mo._names import Extents, Names, bind
from mograph.transforms.mo._walking import block_of, operations

__all__ = ["CircleError", "callees_first", "inline"]


class CircleError(Exception):
    """Graphs that call each other in a circle; `call` is the call that closes it."""

    def __init__(self, call: Any, names: list[str]) -> None:
        super().__init__(f"expected graphs that end, found a circle of calls: {' -> '.join(f'@{n}' for n in names)}")
        self.call = call


def callees_first(graphs: Mapping[str, Any]) -> list[Any]:
    """The graphs, each after those that it calls. Raises `CircleError` where there is no such order."""
    order: dict[str, Any] = {}

    def visit(name: str, within: tuple[str, ...]) -> None:
        for call in operations(graphs[name]):
            if call.operation.name == CALL and call.callee in graphs:
                if call.callee in (*within, name):
                    raise CircleError(call, [*within, name, call.callee][(*within, name).index(call.callee) :])
                if call.callee not in order:
                    visit(call.callee, (*within, name))
        order[name] = graphs[name]

    for name in graphs:
        if name not in order:
            visit(name, ())
    return list(order.values())


def inline(call: Any, graph: Any, names: Names) -> None:
    """Put the body of `graph` in the place of a call of it; `names` are those of the caller."""
    block = block_of(graph.body)
    type_ = graph.function_type
    extents: Extents = {}
    bind(type_.inputs, (operand.type for operand in call.operation.operands), extents)
    bind(type_.results, (result.type for result in call.operation.results), extents)
    values = dict(zip(block.arguments, call.operation.operands, strict=True))
    copier = Copier(
        values, extents, names.fresh, call.prefix or "", lambda at: ir.Location.callsite(at, [call.location])
    )
    results = copier.body(block, ir.InsertionPoint(call))
    for result, value in zip(call.operation.results, results, strict=True):
        result.replace_all_uses_with(value)
    call.operation.erase()
