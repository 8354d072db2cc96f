# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-infer-shapes`."""

from typing import Any

from mograph.transforms.kit import Pass, option, statistic

__all__ = ["InferShapes"]


class InferShapes(Pass, name="mo-infer-shapes", anchor="mo.graph"):
    """Find out extents at compile time that operands give at run time.

    The contents of small integer tensors are followed from `mo.shape_of`, `mo.dim` and constants through arithmetic,
    slices and concatenations to where they say what shape a result has. A name that such a result binds, or a
    `mo.rebind`, is then replaced everywhere by what it stands for; an operand that says no more than the type goes
    away; a tensor of known numbers becomes a constant; and assertions that hold are removed. Types of the graph stay.
    """

    max_rounds: int = option(8, "how often to look again after something was found")
    names = statistic("names of dimensions replaced by what they stand for")
    operands = statistic("operands removed that gave known extents")
    constants = statistic("values replaced by constants")
    assertions = statistic("assertions removed that hold")

    def run(self, op: Any) -> None:
        """Infer in the graph `op`."""
        from mograph.transforms.mo._inference import Inference

        total = 0
        for _ in range(self.max_rounds):
            found = Inference(op).run()
            self.names += found.names
            self.operands += found.operands
            self.constants += found.constants
            self.assertions += found.assertions
            total += sum(found)
            if not found.names:
                break
        if not total:
            self.preserve_analyses()
