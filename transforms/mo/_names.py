# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of dimensions in types: which there are, what they stand for elsewhere, and new ones."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from mograph.dialects.kit import Dim, wrap_type
from mograph.transforms.mo._walking import values_in

__all__ = ["Extents", "Names", "bind", "named", "names_in", "substituted"]

Extents = dict[str, "int | Dim"]
"""What names stand for: extents of another graph or another trip."""


def _dims(type_: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The parameters of a type that are shapes, by name."""
    wrapped = wrap_type(type_)
    for name, field in getattr(wrapped, "FIELDS", {}).items():
        if field.constraint.kind == "dims":
            yield name, tuple(getattr(wrapped, name))


def names_in(type_: Any) -> list[str]:
    """All names in a type, in the order of its dimensions."""
    dims = (dim for _, shape in _dims(type_) for dim in shape if isinstance(dim, Dim))
    return list(dict.fromkeys(name for dim in dims for name in dim.names()))


def named(type_: Any) -> set[str]:
    """The names that stand alone in a type, so that a value of it gives them their extents."""
    return {str(dim) for _, shape in _dims(type_) for dim in shape if _is_name(dim)}


def _is_name(dim: Any) -> bool:
    return isinstance(dim, Dim) and dim.names() == [str(dim)]


def substituted(type_: Any, extents: Mapping[str, "int | Dim"]) -> Any:
    """The type with other extents in the place of names; the same type where it has none of them."""
    wrapped = wrap_type(type_)
    changed = {}
    for name, shape in _dims(type_):
        other = tuple(dim.substitute(extents) if isinstance(dim, Dim) else dim for dim in shape)
        if other != shape:
            changed[name] = other
    if not changed:
        return type_
    return type(wrapped).get(**{field: changed.get(field, getattr(wrapped, field)) for field in wrapped.FIELDS})


def bind(declared: Iterable[Any], given: Iterable[Any], extents: Extents) -> None:
    """Let the names that stand alone in declared types, and have no extent yet, stand for what is given there."""
    for mine, other in zip(declared, given, strict=True):
        for (_, shape), (_, found) in zip(_dims(mine), _dims(other), strict=True):
            for dim, extent in zip(shape, found, strict=True):
                if _is_name(dim):
                    extents.setdefault(str(dim), extent)


class Names:
    """The names of one graph, and new ones. `taken` are further names not to give."""

    def __init__(self, graph: Any, taken: Collection[str] = ()) -> None:
        self._taken = {name for value in values_in(graph) for name in names_in(value.type)} | set(taken)

    def fresh(self, wanted: str) -> Dim:
        """A name like `wanted` that the graph does not have yet."""
        stem, number, name = wanted.rstrip("0123456789").rstrip("_") or wanted, 0, wanted
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._taken.add(name)
        return Dim(name)
