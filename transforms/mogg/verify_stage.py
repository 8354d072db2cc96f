# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mogg-verify-stage`."""

from typing import Any, Literal

from mograph.transforms.kit import Pass, option

__all__ = ["VerifyStage"]


class VerifyStage(Pass, name="mogg-verify-stage", anchor="builtin.module"):
    """Check that a module is what a stage of the lowering gives to the next one.

    `graphs`: graphs of `mo`, and nothing of `mogg`. `values`: programs that launch kernels, both on tensors. `buffers`:
    both on buffers; what a program allocates it gives back or returns. `functions`: upstream's dialects only.
    Everything that is not so is an error.
    """

    stage: Literal["graphs", "values", "buffers", "functions"] = option("values", "the stage")

    def run(self, op: Any) -> None:
        """Check the module `op`."""
        from mograph.transforms.mogg._stages import problems

        for at, problem in problems(op, self.stage):
            self.error(at, f"stage '{self.stage}': {problem}")
        self.preserve_analyses()
