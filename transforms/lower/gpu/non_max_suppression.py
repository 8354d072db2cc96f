# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_max_suppression`, whose scores are put in order by a network."""

from __future__ import annotations

from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.gpu.network import sorted_rows
from mograph.transforms.lower.non_max_suppression import non_max_suppression
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = ("mo.non_max_suppression",)


def _order(k: KernelBuilder, scores: Tensor) -> Tensor:
    return sorted_rows(k, scores, descending=True, places=True)[1]


def _suppression(k: KernelBuilder, op: Op, boxes: Tensor, scores: Tensor, *given: Tensor) -> Tensor:
    return non_max_suppression(k, op, boxes, scores, *given, order=_order)


RULES = {"mo.non_max_suppression": _suppression}
