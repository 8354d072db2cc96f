# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-propagate-layout`."""

from typing import Any, Literal

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["PropagateLayout"]


class PropagateLayout(Pass, name="mo-propagate-layout", anchor="mo.graph"):
    """Let convolutions and pools work in one layout, with the transpositions between them gone where they cancel.

    An operation in another layout is put between transpositions. These move through elementwise operations,
    concatenations, reductions, norms and the like towards the outputs, and where one meets its inverse, both go away.
    A pool whose indices are used stays, since these count elements in its layout.
    """

    layout: Literal["channels_last", "channels_first"] = option("channels_last", "the layout to work in")
    converted = statistic("operations put into the layout")
    moved = statistic("operations that transpositions moved through")
    cancelled = statistic("transpositions that went away")

    def run(self, op: Any) -> None:
        """Convert the operations of the graph `op` in their order, which meets transpositions before their users."""
        from mograph.transforms.mo._layouts import convert
        from mograph.transforms.mo._transposing import drop_unused, join, move
        from mograph.transforms.mo._walking import operations

        for each in list(operations(op)):
            if each.operation.name == "mo.transpose":
                self.cancelled += join(each)
            elif convert(each, self.layout):
                self.converted += 1
            elif move(each):
                self.moved += 1
        self.cancelled += drop_unused(op)
        if not (self.converted or self.moved or self.cancelled):
            self.preserve_analyses()
