# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the extents of values are that branches give and loops carry, where they are the same on all ways."""

from collections.abc import Iterator
from typing import Any

from mograph.dialects.kit import Dim
from mograph.dialects.mo import TensorType
from mograph.transforms.mo._walking import block_of, terminator

__all__ = ["carried", "flowing"]

Known = tuple[Any, "int | Dim", "int | Dim | None"]
"""A result, a declared extent of it, and what that is."""


def _shape(value: Any) -> tuple[Any, ...]:
    return tuple(TensorType(value.type).shape) if TensorType.isinstance(value.type) else ()


def flowing(op: Any) -> Iterator[Known]:
    """The extents that both branches of a `mo.if` give."""
    if any(len(region.blocks) != 1 for region in op.operation.regions):
        return
    ends = [terminator(block_of(region)).operation.operands for region in op.operation.regions]
    for result, first, second in zip(op.operation.results, *ends, strict=True):
        for declared, one, other in zip(_shape(result), _shape(first), _shape(second), strict=True):
            yield result, declared, one if one == other else None


def carried(op: Any) -> Iterator[Known]:
    """The extents of a loop's initial values that no trip changes."""
    forwarded = list(terminator(block_of(op.cond)).operation.operands)[1:]
    yielded = terminator(block_of(op.body)).operation.operands
    places = zip(op.operation.results, op.operation.operands, forwarded, yielded, strict=True)
    known: dict[Any, set[Any]] = {}
    binds: dict[Any, Any] = {}
    for result, *values in places:
        for declared, *dims in zip(_shape(result), *map(_shape, values), strict=True):
            # What is carried is the name itself, unless a trip makes something else of it.
            known.setdefault(declared, set()).update(set(dims) - {declared})
            binds.setdefault(declared, result)
    for declared, found in known.items():
        if isinstance(declared, Dim):
            yield binds[declared], declared, next(iter(found)) if len(found) == 1 else None
