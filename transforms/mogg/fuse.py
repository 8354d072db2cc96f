# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mogg-fuse`."""

from typing import Any

from mograph.transforms.kit import Pass, statistic

__all__ = ["Fuse"]


class Fuse(Pass, name="mogg-fuse", anchor="builtin.module", dialects=("linalg", "tensor")):
    """Put launches in one kernel where that saves memory traffic.

    Launches are fused with those that they get their operands from: what is elementwise with what reads or makes its
    elements, reductions over the same rows with each other, copies and slices with what reads them. Nothing is fused
    across effects, regions or calls, and no result changes. Rules of plugins are asked first. A kernel's attribute
    `fusion` keeps the reasons, which `mogg-print-fusion` prints.
    """

    groups = statistic("kernels made of several launches")
    launches = statistic("launches that went away")
    saved = statistic("bytes that are no longer written and read again")

    def run(self, op: Any) -> None:
        """Fuse the launches in the programs of the module `op`."""
        from mograph.transforms.fusion_source import further_rules
        from mograph.transforms.mogg._fusion.merging import Fuser
        from mograph.transforms.mogg._fusion.rules import RULES

        fuser = Fuser(op, (*further_rules(), *RULES))
        fuser.run()
        self.groups, self.launches, self.saved = fuser.groups, fuser.launches, fuser.saved
        if not fuser.groups:
            self.preserve_analyses()
