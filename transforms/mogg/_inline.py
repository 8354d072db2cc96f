# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Puts the code of a kernel in the place of a launch."""

from __future__ import annotations

from typing import Any

import mlir.ir as ir

__all__ = ["copy_into", "move_into"]


def move_into(call: Any, function: Any) -> None:
    """Move the operations of `function`, which has one block, to where `call` calls it, and erase `call`."""
    block = function.regions[0].blocks[0]
    for argument, operand in zip(block.arguments, call.operands, strict=True):
        argument.replace_all_uses_with(operand)
    *ops, terminator = _operations(function)
    for op in ops:
        op.move_before(call)
    _replace(call, list(terminator.operands))


def copy_into(call: Any, function: Any) -> None:
    """As `move_into`, with copies."""
    block = function.regions[0].blocks[0]
    known = dict(zip(block.arguments, call.operands, strict=True))
    *ops, terminator = _operations(function)
    place = ir.InsertionPoint(call)
    for op in ops:
        copy = op.clone(ip=place)
        _rewire(copy, known)
        known.update(zip(op.results, copy.results, strict=True))
    _replace(call, [known.get(value, value) for value in terminator.operands])


def _rewire(copy: Any, known: dict[Any, Any]) -> None:
    def step(op: Any) -> Any:
        for index, operand in enumerate(op.operands):
            if operand in known:
                op.operands[index] = known[operand]
        return ir.WalkResult.ADVANCE

    copy.walk(step, ir.WalkOrder.PRE_ORDER)


def _replace(call: Any, values: list[Any]) -> None:
    for result, value in zip(call.results, values, strict=True):
        result.replace_all_uses_with(value)
    call.erase()


def _operations(function: Any) -> list[Any]:
    """The operations right in `function`: plain ones, where `block.operations` would import upstream's classes."""
    found = []

    def step(op: Any) -> Any:
        if op == function:
            return ir.WalkResult.ADVANCE
        found.append(op)
        return ir.WalkResult.SKIP

    function.walk(step, ir.WalkOrder.PRE_ORDER)
    return found
