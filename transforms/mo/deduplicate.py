# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-deduplicate`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["Deduplicate"]


class Deduplicate(Pass, name="mo-deduplicate", anchor="builtin.module"):
    """Keep one of private graphs that are equal but for names and locations.

    Names are those of graphs, of their inputs and outputs, and of dimensions; called graphs count as what they do. All
    models of a module share what is kept. With `models`, a model that is equal to another calls what both do.
    """

    models: bool = option(False, "bodies of equal models become one private graph too")
    merged = statistic("private graphs that went away")
    shared = statistic("models that share their body with another")

    def run(self, op: Any) -> None:
        """Compare the graphs of the module `op`, those that are called before those that call them."""
        from mograph.transforms.mo._calls import CircleError, callees_first
        from mograph.transforms.mo._content import content
        from mograph.transforms.mo._symbols import redirect, share
        from mograph.transforms.mo._walking import graphs_in

        graphs = graphs_in(op)
        if not self.models and sum(graph.sym_visibility == "private" for graph in graphs.values()) < 2:
            self.preserve_analyses()
            return
        try:
            order = callees_first(graphs)
        except CircleError as circle:
            self.error(circle.call, str(circle))
            return
        kept: dict[Any, str] = {}
        instead: dict[str, str] = {}
        models: dict[Any, list[Any]] = {}
        for graph in order:
            private = graph.sym_visibility == "private"
            if not private and not self.models:
                continue
            found = content(graph, instead)
            if not private:
                models.setdefault(found, []).append(graph)
            elif kept.setdefault(found, graph.sym_name) != graph.sym_name:
                instead[graph.sym_name] = kept[found]
        redirect(op, instead)
        for name in instead:
            graphs[name].operation.erase()
        self.merged += len(instead)
        for alike in models.values():
            if len(alike) > 1 and share(op, alike):
                self.shared += len(alike)
        if not self.merged and not self.shared:
            self.preserve_analyses()
