# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a rule of fusion works with: the edge that it decides on, what is known of the two kernels, and its decision."""

from mograph.transforms.mogg._fusion.rules import RULES, Decision, Edge, Rule
from mograph.transforms.mogg._fusion.summary import Summary, bytes_of, elements_of

__all__ = ["RULES", "Decision", "Edge", "Rule", "Summary", "bytes_of", "elements_of"]
