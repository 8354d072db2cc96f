# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-inline`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["Inline"]


class Inline(Pass, name="mo-inline", anchor="builtin.module"):
    """Put the bodies of graphs in the place of calls.

    The prefix of a call goes before the names of the weights, and the caller's extents in the place of the names of
    dimensions. Graphs that are called by none afterwards stay: `symbol-dce` removes private ones. Graphs that call each
    other in a circle are an error.
    """

    max_ops: int = option(-1, "calls of graphs with more operations stay; -1: no limit")
    inlined = statistic("calls replaced by what they called")

    def run(self, op: Any) -> None:
        """Inline the calls of the module `op`, those of a graph before the calls of it."""
        from mograph.transforms.mo._calls import CircleError, callees_first, inline
        from mograph.transforms.mo._names import Names
        from mograph.transforms.mo._walking import graphs_in, operations

        graphs = graphs_in(op)
        try:
            order = callees_first(graphs)
        except CircleError as circle:
            self.error(circle.call, str(circle))
            return
        small = set()
        for graph in order:
            names = None
            for call in [each for each in operations(graph) if each.operation.name == "mo.call"]:
                if call.callee in small:
                    names = names or Names(graph)
                    inline(call, graphs[call.callee], names)
                    self.inlined += 1
            if self.max_ops < 0 or sum(1 for _ in operations(graph)) - 1 <= self.max_ops:
                small.add(graph.sym_name)
        if not self.inlined:
            self.preserve_analyses()
