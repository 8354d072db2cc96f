# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What several regions of an operation compute alike."""

from collections.abc import Hashable
from typing import Any

from mlir import ir

from mograph.transforms.mo._effects import is_movable
from mograph.transforms.mo._walking import block_of, body_of

__all__ = ["hoist_common", "is_outside"]


def hoist_common(owner: Any) -> int:
    """Move operations that both regions of `owner` have, of values from outside, before it; returns how many."""
    if any(len(region.blocks) != 1 for region in owner.operation.regions):
        return 0
    first, second = map(block_of, owner.operation.regions)
    twins: dict[Hashable, list[Any]] = {}
    for each in body_of(second):
        twins.setdefault(_key(each), []).append(each)
    hoisted = 0
    for op in body_of(first):
        found = twins.pop(_key(op), None)
        if not found:
            continue
        outside = all(is_outside(operand, owner) for operand in op.operation.operands)
        if len(op.operation.regions) or not outside or not is_movable(op):
            continue
        op.operation.move_before(owner.operation)
        for twin in found:
            users = {use.owner.operation for result in twin.operation.results for use in result.uses}
            for old, new in zip(twin.operation.results, op.operation.results, strict=True):
                old.replace_all_uses_with(new)
            twin.operation.erase()
            for user in users:  # which now may be found under another key; under the old one nothing looks any more
                if user.block == second:
                    twins.setdefault(_key(user), []).append(user)
        hoisted += 1
    return hoisted


def _key(op: Any) -> Hashable:
    """What operations have in common that are the same in one place."""
    operation = op.operation
    attributes = tuple((name, operation.attributes[name]) for name in operation.attributes)
    return operation.name, tuple(operation.operands), attributes, tuple(result.type for result in operation.results)


def is_outside(value: Any, owner: Any) -> bool:
    """Whether `value`, which is visible in regions of `owner`, is not from there."""
    block = value.owner if isinstance(value.owner, ir.Block) else value.owner.operation.block
    at = block.owner.operation
    while at is not None and at.name != "builtin.module":
        if at == owner.operation:
            return False
        at = at.parent
    return True
