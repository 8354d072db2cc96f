# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constants and weights as operations that may stand anywhere in a graph."""

from typing import Any

from mlir import ir

from mograph.transforms.mo._walking import block_of, operations

__all__ = ["hoist", "sink"]


def _constants(op: Any, weights: bool) -> list[Any]:
    names = ("mo.constant", "mo.constant.external") if weights else ("mo.constant",)
    return [each for each in operations(op) if each.operation.name in names]


def _key(op: Any) -> tuple[Any, ...]:
    operation = op.operation
    return operation.name, tuple((name, operation.attributes[name]) for name in operation.attributes), op.result.type


def hoist(graph: Any, weights: bool) -> tuple[int, int]:
    """Move constants to the start of the graph, equal ones as one; returns how many were moved, and merged."""
    known: dict[Any, Any] = {}
    merged = 0
    for op in _constants(graph, weights):
        first = known.setdefault(_key(op), op)
        if first is not op:
            op.result.replace_all_uses_with(first.result)
            op.operation.erase()
            merged += 1
    kept = list(known.values())
    block = block_of(graph.body)
    there = list(block.operations)[: len(kept)]
    right = 0
    while right < len(kept) and there[right].operation == kept[right].operation:
        right += 1
    for place, op in enumerate(kept[right:], start=right):
        if place:
            op.operation.move_after(kept[place - 1].operation)
        elif op.operation != block.operations[0].operation:
            op.operation.move_before(block.operations[0].operation)
    return len(kept) - right, merged


def sink(graph: Any, weights: bool) -> int:
    """Give each region that uses a constant from outside one of its own; returns how many were made."""
    made = 0
    for op in _constants(graph, weights):
        home = op.operation.block
        copies: dict[Any, Any] = {}
        for use in list(op.result.uses):
            block = use.owner.operation.block
            if block == home:
                continue
            if block not in copies:
                copies[block] = op.operation.clone(ip=ir.InsertionPoint.at_block_begin(block))
                made += 1
            use.owner.operation.operands[use.operand_number] = copies[block].results[0]
        if copies and next(iter(op.result.uses), None) is None:
            op.operation.erase()
    return made
