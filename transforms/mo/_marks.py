# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Groups of operations that are marked: by an attribute, or by the names of their locations."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from mlir import ir

from mograph.transforms.mo._walking import body_of

__all__ = ["by_attribute", "by_scope"]


def by_attribute(block: Any, attributes: Sequence[str]) -> dict[str, list[Any]]:
    """The operations right in `block` that have one of the attributes, by its value. It is taken off them."""
    groups: dict[str, list[Any]] = {}
    for op in body_of(block):
        own = op.operation.attributes
        for attribute in attributes:
            if attribute in own and isinstance(own[attribute], ir.StringAttr):
                groups.setdefault(ir.StringAttr(own[attribute]).value, []).append(op)
                del own[attribute]
    return groups


def by_scope(block: Any, scopes: Sequence[str]) -> dict[str, list[Any]]:
    """The operations right in `block` whose location has a name that one of the patterns `scopes` tells, by it."""
    groups: dict[str, list[Any]] = {}
    for op in body_of(block) if scopes else ():
        named = (name for name in _names(op.location) if any(fnmatchcase(name, scope) for scope in scopes))
        name = next(named, None)
        if name is not None and op.operation.name != "mo.call":
            groups.setdefault(name, []).append(op)
    return groups


def _names(location: Any) -> Iterator[str]:
    """The names in a location, from outside."""
    if location.is_a_name():
        yield location.name_str
        yield from _names(location.child_loc)
    elif location.is_a_callsite():
        yield from _names(location.caller)
        yield from _names(location.callee)
    elif location.is_a_fused():
        for each in location.locations:
            yield from _names(each)
