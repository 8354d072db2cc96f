# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Puts extents in the place of names of dimensions, in all types of a graph."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim, VerifyError, hooks, wrap_type
from mograph.dialects.mo import Rebind
from mograph.dialects.mo.flow import flows_into
from mograph.transforms.mo._names import Extents, named, substituted
from mograph.transforms.mo._walking import block_of, operations, terminator, values_in

__all__ = ["binders", "unify"]


def binders(graph: Any) -> dict[str, Any]:
    """The value that binds each name which one value of the graph binds: names bound in several regions are left out.

    A name that a loop carries is bound by each of its regions and by its results, which is one binding: the result's.
    """
    found: dict[str, Any] = {}
    times: Counter[str] = Counter()

    def scan(block: Any, visible: frozenset[str]) -> None:
        def see(value: Any) -> None:
            nonlocal visible
            for name in named(value.type) - visible:
                found[name] = value
                times[name] += 1
                visible |= {name}

        for argument in block.arguments:
            see(argument)
        for op in block.operations:
            if op.operation.name == "mo.while":
                for result in op.operation.results:
                    see(result)
            for region in op.operation.regions:
                for inner in region.blocks:
                    scan(inner, visible)
            for result in op.operation.results:
                see(result)

    scan(block_of(graph.body), frozenset())
    return {name: value for name, value in found.items() if times[name] == 1}


def unify(graph: Any, extents: Extents) -> int:
    """Replace names by their extents in all types of `graph`; returns how many could be.

    The graph's own type stays: where it has a name that is replaced, the result is rebound to it. A name stays where
    the graph would not be valid without: rules on types compare expressions, not what they stand for.
    """
    if not extents:
        return 0
    if _attempt(graph, extents):
        return len(extents)
    return sum(_attempt(graph, {name: extent}) for name, extent in extents.items()) if len(extents) > 1 else 0


def _attempt(graph: Any, extents: Mapping[str, "int | Dim"]) -> bool:
    try:
        types = _types(graph, extents)
    except VerifyError:
        return False
    for value, type_ in types.items():
        value.set_type(type_)
    _rebind(graph)
    return bool(types)


def _types(graph: Any, extents: Mapping[str, "int | Dim"]) -> dict[Any, ir.Type]:
    """The values whose types change, with the new ones. Raises `VerifyError` where an operation would not be valid."""
    types: dict[Any, ir.Type] = {}

    def now(value: Any) -> ir.Type:
        return types.get(value, value.type)

    for value in values_in(graph):
        type_ = substituted(value.type, extents)
        if type_ != value.type:
            types[value] = type_
    if not types:
        return types
    for op in operations(graph):
        operation = op.operation
        results = list(operation.results)
        if not any(value in types for value in (*operation.operands, *results)):
            continue
        operands = [now(operand) for operand in operation.operands]
        types.update(zip(results, _inferred(op, operands, [now(result) for result in results]), strict=True))
        if operation.name in ("mo.condition", "mo.yield"):
            _require_flow(op, operands, [now(result) for result in operation.parent.results])
    return {value: type_ for value, type_ in types.items() if type_ != value.type}


def _inferred(op: Any, operands: list[ir.Type], results: list[ir.Type]) -> list[ir.Type]:
    """The types of the results, by the operation's own rules, which the types must keep."""
    cls = type(op)
    attributes = ir.DictAttr.get({name: op.operation.attributes[name] for name in op.operation.attributes})
    infers, checks = hooks.parameters_of(cls, "infer"), hooks.parameters_of(cls, "check")
    if infers is not None:
        results = hooks.infer_hook(cls, infers)(operands, attributes)
    if checks is not None:
        hooks.check_hook(cls, checks)(operands, results, attributes)
    return results


def _require_flow(op: Any, operands: list[ir.Type], results: list[ir.Type]) -> None:
    """An error unless what a region ends with may arrive at the results."""
    given = operands[len(operands) - len(results) :]
    for type_, declared in zip(given, results, strict=True):
        if not flows_into(wrap_type(type_), wrap_type(declared)):
            raise VerifyError(f"expected {declared}, found {type_}")


def _rebind(graph: Any) -> None:
    """Let the results have the types that the graph declares, by rebinding them."""
    end = terminator(block_of(graph.body))
    for index, declared in enumerate(graph.function_type.results):
        value = end.operation.operands[index]
        if value.type != declared:
            with ir.InsertionPoint(end.operation), end.location:
                end.operation.operands[index] = Rebind.build(value, results=[declared]).result
