# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-sink-constants`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["SinkConstants"]


class SinkConstants(Pass, name="mo-sink-constants", anchor="mo.graph"):
    """Put constants into the regions that use them, so that a region takes no constant from outside.

    What becomes a graph of its own then carries its constants, instead of getting them as arguments.
    """

    weights: bool = option(False, "weights too")
    copied = statistic("constants made in regions")

    def run(self, op: Any) -> None:
        """Sink in the graph `op`."""
        from mograph.transforms.mo._constants import sink

        self.copied = sink(op, self.weights)
        if not self.copied:
            self.preserve_analyses()
