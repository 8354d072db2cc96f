# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-simplify-while`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["SimplifyWhile"]


class SimplifyWhile(Pass, name="mo-simplify-while", anchor="mo.graph"):
    """Remove loops that run not at all or once, and carried values that loops do not need.

    How often a loop runs is known where its condition depends on constants and on what the loop makes of them, such as
    a counter. A carried value goes away when nothing needs it, when each trip leaves it as it was, or when it is equal
    to another; what the condition hands on is taken from where it comes from. What the condition computes from outside
    is computed before the loop.
    """

    unroll: int = option(1, "loops that run as often or less become straight code")
    max_ops: int = option(1000, "operations that one loop becomes at most, where it runs more than once")
    expanded = statistic("loops that became straight code")
    dropped = statistic("carried values removed")
    hoisted = statistic("operations of conditions moved before their loop")

    def run(self, op: Any) -> None:
        """Simplify the loops of the graph `op`, those inside of others first."""
        from mograph.transforms.mo._carried import simplify_carried
        from mograph.transforms.mo._trips import count_trips, expand, hoist
        from mograph.transforms.mo._walking import operations

        for loop in reversed([each for each in operations(op) if each.operation.name == "mo.while"]):
            self.hoisted += hoist(loop)
            loop, dropped = simplify_carried(loop)
            self.dropped += dropped
            trips = count_trips(loop, max(self.unroll, 0))
            size = sum(1 for _ in operations(loop))
            if trips is not None and (trips < 2 or trips * size <= self.max_ops):
                expand(loop, trips)
                self.expanded += 1
        if not (self.expanded or self.dropped or self.hoisted):
            self.preserve_analyses()
