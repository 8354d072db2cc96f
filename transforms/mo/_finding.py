# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finding operations by name, fast: most passes have nothing to do in most graphs, and should see that at once."""

from collections.abc import Iterable
from typing import Any

from mograph import _native
from mograph.transforms.mo._effects import is_dead
from mograph.transforms.mo._walking import operations

__all__ = ["erase_unused", "find", "has_unused"]


def find(op: Any, names: Iterable[str]) -> list[Any]:
    """The operations in `op` of these names, each before what is nested in it."""
    return [each.opview for each in _native.find_ops(op.operation, [*names])]


def has_unused(op: Any) -> bool:
    """Whether an operation in `op`, itself included, has results, and nothing uses one of them."""
    return _native.has_unused(op.operation)


def erase_unused(op: Any) -> int:
    """Erase operations in `op` that nothing uses, and then those that only these used; returns how many.

    Upstream's cse erases what it finds unused on its way forward, and leaves what becomes so.
    """
    if not has_unused(op):
        return 0
    erased = 0
    for each in reversed(list(operations(op))):
        used = any(next(iter(result.uses), None) is not None for result in each.operation.results)
        if len(each.operation.results) and not used and is_dead(each):
            each.operation.erase()
            erased += 1
    return erased
