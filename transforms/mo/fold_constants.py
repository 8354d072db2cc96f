# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-fold-constants`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["FoldConstants"]


class FoldConstants(Pass, name="mo-fold-constants", anchor="mo.graph"):
    """Compute operations on constants by their references.

    As `canonicalize`, which stops at 65,536 elements, with a limit to choose. Operands count too, so that a reduction
    of a large constant is left to the target, unless all elements are the same number: such constants take no memory,
    and what is computed element by element of them is folded in any size.
    """

    max_elements: int = option(1 << 20, "elements of the constants that are made or read, unless all are the same")
    folded = statistic("operations replaced by constants")

    def run(self, op: Any) -> None:
        """Fold in the graph `op`."""
        from mlir import ir

        from mograph.dialects.mo import Constant
        from mograph.transforms.mo._folding import fold
        from mograph.transforms.mo._walking import operations

        if self.max_elements < 0:
            self.error(op, f"expected max-elements of 0 or more, found {self.max_elements}")
            return
        read = []
        for each in list(operations(op)):
            found = fold(each, self.max_elements)
            if found is None:
                continue
            for result, value in zip(each.operation.results, found, strict=True):
                place = ir.InsertionPoint(each.operation)
                made = Constant.build(results=[result.type], value=value, loc=each.location, ip=place)
                result.replace_all_uses_with(made.result)
            read += [operand.owner for operand in each.operation.operands]
            each.operation.erase()
            self.folded += 1
        for constant in dict.fromkeys(each.operation for each in read):
            if next(iter(constant.results[0].uses), None) is None:
                constant.erase()
        if not self.folded:
            self.preserve_analyses()
