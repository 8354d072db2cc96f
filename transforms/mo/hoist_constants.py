# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-hoist-constants`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["HoistConstants"]


class HoistConstants(Pass, name="mo-hoist-constants", anchor="mo.graph"):
    """Put constants at the start of the graph, out of all regions, and equal ones into one."""

    weights: bool = option(True, "weights too")
    moved = statistic("constants moved")
    merged = statistic("constants that were equal to another")

    def run(self, op: Any) -> None:
        """Hoist in the graph `op`."""
        from mograph.transforms.mo._constants import hoist

        self.moved, self.merged = hoist(op, self.weights)
        if not self.moved and not self.merged:
            self.preserve_analyses()
