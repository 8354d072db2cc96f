# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The extents of named dimensions while a graph is interpreted."""

from collections.abc import Mapping, Sequence

from mograph.dialects.kit import Dim

Shape = Sequence["int | Dim"]


class Extents:
    """What the names of one graph stand for, and what gave each its extent.

    The names that a region binds are known inside it only, so that each trip of a loop binds them anew: `inner`.
    """

    def __init__(self, outer: "Extents | None" = None) -> None:
        self._values: dict[str, int] = dict(outer._values) if outer else {}
        self._origins: dict[str, str] = dict(outer._origins) if outer else {}

    def inner(self) -> "Extents":
        """For a region: knows all that is known here."""
        return Extents(self)

    @property
    def values(self) -> Mapping[str, int]:
        """The extents by name."""
        return self._values

    def expected(self, shape: Shape) -> tuple[int, ...]:
        """The extents of a shape, -1 for those that depend on names without one."""
        return tuple(self._evaluate(dim) for dim in shape)

    def bind(self, shape: Shape, found: Sequence[int], origin: str) -> None:
        """Give the names that stand alone in `shape`, and have no extent yet, those of the array from `origin`."""
        for dim, extent in zip(shape, found, strict=False):
            if isinstance(dim, Dim) and dim.names() == [str(dim)] and str(dim) not in self._values:
                self._values[str(dim)] = extent
                self._origins[str(dim)] = origin

    def check(self, shape: Shape, found: Sequence[int], what: str) -> None:
        """Compare a shape with an array's. Raises ValueError that names the dimension, both extents, their origins."""
        if len(shape) != len(found):
            raise ValueError(f"{what} has rank {len(found)}, expected {len(shape)}: [{', '.join(map(str, shape))}]")
        for axis, (dim, extent) in enumerate(zip(shape, found, strict=True)):
            expected = self._evaluate(dim)
            if expected == extent:
                continue
            if isinstance(dim, int):
                raise ValueError(f"{what}: dimension {axis} is {extent}, expected {dim}")
            unknown = [name for name in dim.names() if name not in self._values]
            if unknown:
                raise ValueError(f"{what}: nothing gives the dimension '{unknown[0]}' in '{dim}' an extent")
            origin = ", ".join(f"{name} is {self._values[name]} in {self._origins[name]}" for name in dim.names())
            also = "" if dim.names() == [str(dim)] else f", which makes it {expected}"
            raise ValueError(f"{what}: dimension {dim} is {extent}, but {origin}{also}")

    def _evaluate(self, dim: "int | Dim") -> int:
        if isinstance(dim, int):
            return dim
        if any(name not in self._values for name in dim.names()):
            return -1
        return dim.evaluate(self._values)
