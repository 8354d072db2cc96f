# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-outline`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["Outline"]


class Outline(Pass, name="mo-outline", anchor="builtin.module"):
    """Make private graphs of groups of operations, one for all groups that are alike, and calls of them.

    A group is what carries the same string in the attribute `attribute`; what stands in one named location that
    `scopes` tell; and, with `repeats`, each of the layers that follow each other: runs of operations which differ in
    constants and weights only. Constants that differ are arguments. Weights whose names differ in how they begin,
    `layers.0.w` and `layers.1.w`, are `w` in the graph that is called, and the calls have a prefix; others are
    arguments.
    """

    attribute: str = option("mo.outline", "operations with the same value of this attribute are a group")
    scopes: list[str] = option([], "named locations whose operations are a group, such as layers.*")
    repeats: bool = option(True, "find what repeats")
    min_ops: int = option(4, "operations that a repeated group has at least")
    min_repeats: int = option(2, "how often a group is repeated at least")
    outlined = statistic("groups that became calls")
    made = statistic("private graphs made")

    def run(self, op: Any) -> None:
        """Outline what is marked in the graphs of the module `op`, then what repeats."""
        from mograph.transforms.mo._marks import by_attribute, by_scope
        from mograph.transforms.mo._outlining import Outliner
        from mograph.transforms.mo._repeats import repeated
        from mograph.transforms.mo._walking import blocks_in, graphs_in

        outliner = Outliner(op)
        graphs = list(graphs_in(op).values())
        changed = False
        for find, marks in ((by_attribute, [self.attribute]), (by_scope, self.scopes)):
            marked: dict[str, list[list[Any]]] = {}
            for block in [block for graph in graphs for block in blocks_in(graph)]:
                for name, ops in find(block, marks).items():
                    marked.setdefault(name, []).append(ops)
                    changed = True
            for group, problem in outliner.outline([(name, ops) for name in marked for ops in marked[name]]):
                self.warning(group.ops[0], f"cannot outline {len(group.ops)} operations: {problem}")
        for block in [block for graph in graphs for block in blocks_in(graph)] if self.repeats else ():
            while groups := repeated(block, outliner, self.min_ops, self.min_repeats):
                outliner.outline([("layer", ops) for ops in groups])
        self.outlined, self.made = outliner.calls, outliner.graphs
        if not self.outlined and not changed:
            self.preserve_analyses()
