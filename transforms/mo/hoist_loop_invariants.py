# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-hoist-loop-invariants`."""

from typing import Any

from mograph.transforms.kit import Pass, statistic

__all__ = ["HoistLoopInvariants"]


class HoistLoopInvariants(Pass, name="mo-hoist-loop-invariants", anchor="mo.graph"):
    """Compute before a loop what no trip changes.

    Upstream's loop-invariant-code-motion: of what has no effect and cannot fail, since the loop may make no trip. What
    brings the name of a dimension in stays, and so does what needs a name that is bound in the loop.
    """

    hoisted = statistic("operations moved out of loops")

    def run(self, op: Any) -> None:
        """Hoist in the graph `op`."""
        before = _in_loops(op)
        if not before:
            self.preserve_analyses()
            return
        self.run_pipeline("loop-invariant-code-motion", op)
        self.hoisted += before - _in_loops(op)


def _in_loops(op: Any) -> int:
    """How many operations there are in loops, those in several counted for each."""
    from mograph.transforms.mo._finding import find
    from mograph.transforms.mo._walking import operations

    return sum(1 for loop in find(op, ("mo.while",)) for _ in operations(loop))
