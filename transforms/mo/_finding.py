# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finding operations by name, fast: most passes have nothing to do in most graphs, and should see that at once."""

from collections.abc import Container
from typing import Any

from mlir import ir

__all__ = ["find", "has_unused"]


def find(op: Any, names: Container[str]) -> list[Any]:
    """The operations in `op` of these names, each before what is nested in it."""
    found = []

    def step(each: Any) -> Any:
        if each.name in names:
            found.append(each)
        return ir.WalkResult.ADVANCE

    op.operation.walk(step, ir.WalkOrder.PRE_ORDER)
    return [each.opview for each in found]


def has_unused(op: Any) -> bool:
    """Whether an operation in `op` has results, and nothing uses one of them."""
    found = False

    def step(each: Any) -> Any:
        nonlocal found
        results = each.results
        if len(results) and all(next(iter(result.uses), None) is None for result in results):
            found = True
            return ir.WalkResult.INTERRUPT
        return ir.WalkResult.ADVANCE

    op.operation.walk(step, ir.WalkOrder.PRE_ORDER)
    return found
