# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-expand-composites`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["ExpandComposites"]


class ExpandComposites(Pass, name="mo-expand-composites", anchor="mo.graph"):
    """Write composite operations, such as softmax, norms and attention, in terms of simpler ones.

    What is computed in f32 for a narrower dtype still is. An operation of a plugin is expanded by the static method
    `expansion` of its class. Where an expansion depends on an extent that has a name, the operation may stay.
    """

    ops: list[str] = option([], "operations to expand, such as mo.softmax; none: all that have an expansion")
    expanded = statistic("operations replaced by simpler ones")

    def run(self, op: Any) -> None:
        """Expand the operations of the graph `op`."""
        from mograph.transforms.mo._expansions import expansion_of
        from mograph.transforms.mo._expansions.builder import Builder
        from mograph.transforms.mo._walking import operations

        for each in list(operations(op)):
            if self.ops and each.operation.name not in self.ops:
                continue
            expand = expansion_of(each)
            if expand is None:
                continue
            operands = [getattr(each, field.name) for field in each.OPERANDS]
            found = expand(Builder(each), each, *operands)
            if found is not None:
                (result,) = each.operation.results
                result.replace_all_uses_with(found)
                each.operation.erase()
                self.expanded += 1
        if not self.expanded:
            self.preserve_analyses()
