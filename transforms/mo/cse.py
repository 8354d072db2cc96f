# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-cse`."""

from typing import Any

from mograph.transforms.kit import Pass, statistic

__all__ = ["Cse"]


class Cse(Pass, name="mo-cse", anchor="mo.graph"):
    """Compute once what is computed twice, also in regions of one operation.

    Upstream's cse, and what both branches of a `mo.if` compute, or the condition and the body of a `mo.while`, goes
    before it. Only what has no effect, cannot fail and brings no name of a dimension in is merged.
    """

    removed = statistic("operations removed that nothing uses")
    hoisted = statistic("operations moved before the branches or the loop that both computed them")

    def run(self, op: Any) -> None:
        """Clean up the graph `op`."""
        from mograph.transforms.mo._common import hoist_common
        from mograph.transforms.mo._finding import erase_unused, find

        self.removed += erase_unused(op)
        self.run_pipeline("cse", op)
        # Those inside of others first: what leaves them may leave these too.
        for owner in reversed(find(op, ("mo.if", "mo.while"))):
            self.hoisted += hoist_common(owner)
        if self.hoisted:
            self.run_pipeline("cse", op)
        self.removed += erase_unused(op)
