# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mo-simplify-signs`, made of one declared pattern."""

from mograph.transforms.kit import Pass, Pattern, operand, ops

negative = ops["mo.negative"]


class DoubleNegation(Pattern):
    """-(-x) is x."""

    x = operand()
    root = negative(negative(x))
    replace = x


class SimplifySigns(Pass, name="mo-simplify-signs", anchor="mo.graph"):
    """Remove pairs of negations."""

    patterns = [DoubleNegation]
