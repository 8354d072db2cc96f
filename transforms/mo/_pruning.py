# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Takes out of graphs what `Liveness` does not need."""

from collections.abc import Iterable
from typing import Any

from mlir import ir

from mograph.transforms.mo._liveness import Liveness
from mograph.transforms.mo._walking import block_of, operations, terminator

__all__ = ["prune"]


def prune(module: Any, live: Liveness) -> tuple[int, int]:
    """Remove operations and values; returns how many of each."""
    dead = {op.operation for op in _inside(live) if op.operation not in live.ops}
    kept = [op for op in _inside(live) if op.operation in live.ops]
    slots = 0
    removed = len(dead)
    for op in kept:
        if op.operation.name in ("mo.if", "mo.while", "mo.call"):
            dropped = _narrow(op, live)
            if dropped is not None:
                dead.add(op.operation)
                slots += dropped
    for name, graph in live.graphs.items():
        slots += _narrow_outputs(graph, live.slots[name], live)
    for graph in live.graphs.values():
        _erase(block_of(graph.body), dead)
    for graph in live.graphs.values():
        slots += _narrow_arguments(graph, live)
    return removed, slots


def _inside(live: Liveness) -> list[Any]:
    """All operations in the graphs but terminators."""
    ends = ("mo.condition", "mo.output", "mo.yield")
    return [op for graph in live.graphs.values() for op in operations(graph) if op.operation.name not in ends]


def _chosen(items: Iterable[Any], places: Iterable[int]) -> list[Any]:
    everything = list(items)
    return [everything[place] for place in places]


def _copy(op: Any, operands: list[Any], results: list[Any]) -> Any:
    """The operation with other operands and types of results, before it. Its regions are left to it, but for blocks."""
    operation = op.operation
    attributes = {name: operation.attributes[name] for name in operation.attributes}
    made = ir.Operation.create(
        operation.name,
        results=results,
        operands=operands,
        attributes=attributes,
        regions=len(operation.regions),
        loc=operation.location,
        ip=ir.InsertionPoint(operation),
    )
    for old, new in zip(operation.regions, made.regions, strict=True):
        for block in list(old.blocks):
            block.append_to(new)
    return made


def _end(block: Any, places: list[int], first: int = 0) -> None:
    """Let the terminator have the operands at these places only, after the `first` ones, which it keeps."""
    old = terminator(block)
    operands = list(old.operation.operands)
    kept = [*operands[:first], *_chosen(operands[first:], places)]
    ir.Operation.create(old.operation.name, operands=kept, loc=old.location, ip=ir.InsertionPoint(old.operation))
    old.operation.erase()


def _narrow(op: Any, live: Liveness) -> int | None:
    """Replace the operation by one with the needed operands and results only.

    Returns how many results there were more, or None where nothing is to be done. The operation itself is left.
    """
    operation, name = op.operation, op.operation.name
    results = list(operation.results)
    operands = list(operation.operands)
    if name == "mo.call":
        if op.callee not in live.graphs:
            return None
        places = sorted(live.slots[op.callee])
        arguments = block_of(live.graphs[op.callee].body).arguments
        operands = [operand for operand, argument in zip(operands, arguments, strict=True) if argument in live.values]
    else:
        places = [place for place, result in enumerate(results) if result in live.values]
    if len(places) == len(results) and len(operands) == len(operation.operands):
        return None
    if name == "mo.if":
        for region in operation.regions:
            if len(region.blocks):
                _end(block_of(region), places)
    elif name == "mo.while":
        operands = _chosen(operands, places)
        _end(block_of(op.cond), places, first=1)
        _end(block_of(op.body), places)
    made = _copy(op, operands, [results[place].type for place in places])
    for place, result in zip(places, made.results, strict=True):
        results[place].replace_all_uses_with(result)
    return len(results) - len(places)


def _narrow_outputs(graph: Any, slots: set[int], live: Liveness) -> int:
    """Drop the outputs that no call needs; the arguments stay for now."""
    block = block_of(graph.body)
    count = len(terminator(block).operation.operands)
    if len(slots) == count:
        return 0
    places = sorted(slots)
    type_ = graph.function_type
    _end(block, places)
    graph.function_type = ir.FunctionType.get(list(type_.inputs), _chosen(type_.results, places))
    if graph.res_attrs:
        graph.res_attrs = _chosen(graph.res_attrs, places)
    return count - len(places)


def _narrow_arguments(graph: Any, live: Liveness) -> int:
    """Drop arguments that nothing needs any more, of the graph and of the blocks in its loops."""
    block = block_of(graph.body)
    for op in operations(graph):
        if op.operation.name == "mo.while":
            for inner in map(block_of, op.operation.regions):
                _drop(inner, live)
    places = [place for place, argument in enumerate(block.arguments) if argument in live.values]
    count = len(block.arguments)
    if len(places) == count:
        return 0
    _drop(block, live)
    type_ = graph.function_type
    graph.function_type = ir.FunctionType.get(_chosen(type_.inputs, places), list(type_.results))
    if graph.arg_attrs:
        graph.arg_attrs = _chosen(graph.arg_attrs, places)
    return count - len(places)


def _drop(block: Any, live: Liveness) -> None:
    for argument in reversed(list(block.arguments)):
        if argument not in live.values:
            block.erase_argument(argument.arg_number)


def _erase(block: Any, dead: set[Any]) -> None:
    """Erase operations, users before what they use."""
    for op in reversed(list(block.operations)):
        if op.operation in dead:
            op.operation.erase()
        else:
            for region in op.operation.regions:
                for inner in region.blocks:
                    _erase(inner, dead)
