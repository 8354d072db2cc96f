# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-remove-dead-values`."""

from typing import Any

from mograph.transforms.kit import Pass, statistic

__all__ = ["RemoveDeadValues"]


class RemoveDeadValues(Pass, name="mo-remove-dead-values", anchor="builtin.module"):
    """Remove operations, carried values, results, arguments and graphs that nothing needs.

    Through loops, branches and calls: a value that a loop carries for itself only goes, and so does what a private
    graph is given or gives in vain, and a private graph that is never called; with them the weights. Signatures of
    public graphs stay. What binds the name of a dimension stays as long as a type elsewhere has the name: upstream's
    remove-dead-values does not see such uses.
    """

    ops = statistic("operations removed")
    values = statistic("carried values, arguments and results removed")

    def run(self, op: Any) -> None:
        """Clean up the module `op`."""
        from mograph.transforms.mo._finding import find, has_unused
        from mograph.transforms.mo._liveness import Liveness
        from mograph.transforms.mo._pruning import prune

        self.run_pipeline("symbol-dce", op)
        if not find(op, ("mo.call", "mo.if", "mo.while")) and not has_unused(op):
            return
        self.ops, self.values = prune(op, Liveness(op))
        if self.ops:
            self.run_pipeline("symbol-dce", op)
        elif not self.values:
            self.preserve_analyses()
