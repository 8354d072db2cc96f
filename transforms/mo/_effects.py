# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What may be done with an operation, by its effects and those of what is inside of it.

An operation that brings the name of a dimension in writes the resource `names`: whoever drops or moves it looks after
the name.
"""

from typing import Any

from mograph import _native

__all__ = ["NAMES", "is_dead", "is_movable", "is_pure", "is_removable"]

NAMES = "names"
"""The resource that an operation writes which may bind the name of a dimension."""

_PASSIVE = ("allocate", "read")  # nobody sees these, but through results


def is_pure(op: Any) -> bool:
    """Whether the operation has no effect, and brings no name in: equal ones are one."""
    return _native.effects_of(op.operation) == []


def is_movable(op: Any) -> bool:
    """Whether it is pure and may run where it would not have: what it does cannot fail."""
    return is_pure(op) and _native.is_speculatable(op.operation)


def is_dead(op: Any) -> bool:
    """Whether nothing is lost without the operation but its results: it brings no name in, either."""
    effects = _native.effects_of(op.operation)
    return effects is not None and all(kind in _PASSIVE for kind, _ in effects)


def is_removable(op: Any) -> bool:
    """Whether nothing is lost without the operation but its results, and the names that they bind."""
    effects = _native.effects_of(op.operation)
    return effects is not None and all(kind in _PASSIVE or resource == NAMES for kind, resource in effects)
