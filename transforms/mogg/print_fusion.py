# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mogg-print-fusion`."""

import sys
from collections.abc import Iterator
from typing import Any

import mlir.ir as ir

from mograph.transforms.kit import Pass

__all__ = ["PrintFusion"]


class PrintFusion(Pass, name="mogg-print-fusion", anchor="builtin.module"):
    """Print to stderr which launches `mogg-fuse` put together, why, and what that saves.

    For each kernel, one line for each step: the two kernels, the reason, the bytes that are no longer written and read
    again at each launch, and the operations that are done twice instead.
    """

    def run(self, op: Any) -> None:
        """Print what the kernels of the module `op` tell of themselves."""
        for kernel in op.regions[0].blocks[0].operations:
            attributes = kernel.operation.attributes
            if kernel.operation.name == "mogg.kernel" and "fusion" in attributes:
                name = ir.StringAttr(attributes["sym_name"]).value
                print(f"@{name}", *_lines(attributes["fusion"]), sep="\n", file=sys.stderr, flush=True)
        self.preserve_analyses()


def _lines(steps: Any) -> Iterator[str]:
    for step in steps:
        producer, consumer, reason = (ir.StringAttr(step[key]).value for key in ("producer", "consumer", "reason"))
        saved, recomputed = (ir.IntegerAttr(step[key]).value for key in ("saved", "recomputed"))
        twice = f", {recomputed} operations done twice" if recomputed else ""
        yield f"  @{producer} with @{consumer}: {reason}; {saved} bytes saved{twice}"
