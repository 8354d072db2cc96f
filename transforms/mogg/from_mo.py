# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mogg-from-mo`."""

from typing import Any

from mograph.transforms.kit import Pass, option
from mograph.transforms.lower.registry import current

__all__ = ["FromMo"]


class FromMo(
    Pass,
    name="mogg-from-mo",
    anchor="builtin.module",
    dialects=("arith", "bufferization", "cf", "func", "linalg", "math", "memref", "mogg", "scf", "tensor"),
):
    """Translate graphs to programs that launch kernels.

    Each operation is lowered by the rule for its name and the target. Neighbouring element-wise operations of one
    shape share a kernel, kernels of equal content are one, and work on scalars and shapes stays in the program.
    """

    target: str = option("cpu", "the target that lowering rules are taken for")

    def run(self, op: Any) -> None:
        """Translate the graphs of the module `op`."""
        from mograph.transforms.mogg._errors import LoweringError
        from mograph.transforms.mogg._translate import translate

        try:
            translate(op, current(), self.target)
        except LoweringError as error:
            self.error(error.op, str(error))
