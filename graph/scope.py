# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where operations are being built: the innermost open graph or region of this thread or task."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Optional

from mlir import ir

from mograph.graph.errors import GraphError
from mograph.graph.locations import place

if TYPE_CHECKING:
    from mograph.graph.graph import Graph

__all__ = ["Scope", "current", "entered", "innermost"]


class Scope:
    """A block that operations are being added to: of a graph, or (with a `parent`) of an operation in one."""

    __slots__ = ("block", "ended", "graph", "ip", "parent")

    def __init__(self, graph: "Graph", block: ir.Block, parent: Optional["Scope"] = None) -> None:
        self.graph, self.block, self.parent = graph, block, parent
        self.ip = ir.InsertionPoint(block)
        self.ended = False

    def sees(self, other: "Scope") -> bool:
        """Whether values made in another scope can be used in this one."""
        scope: Scope | None = self
        while scope is not None:
            if scope is other:
                return True
            scope = scope.parent
        return False


# Not MLIR's own stack of contexts and insertion points, which belongs to the thread: tasks that take turns in one
# thread would pop each other's entries.
_innermost: ContextVar[Scope | None] = ContextVar("mograph.graph", default=None)


def innermost() -> Scope | None:
    """The scope that is open here, if any."""
    return _innermost.get()


def current(what: str) -> Scope:
    """The scope that is open here. Raises GraphError when there is none, or it has ended; `what` needs it."""
    scope = _innermost.get()
    if scope is None:
        raise GraphError(f"{what}: no graph is open here; operations are built inside of `with Graph(...)`", place())
    if scope.ended:
        raise GraphError(f"{what}: graph '{scope.graph.name}' has its outputs already", place())
    return scope


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Makes a scope the innermost one."""
    token = _innermost.set(scope)
    try:
        yield scope
    finally:
        _innermost.reset(token)
