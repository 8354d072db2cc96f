# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.unique`, whose elements are put in order by the runtime; slices of several elements are not."""

from __future__ import annotations

from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.cpu.orders import is_sortable, order_rows
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.unique import places_of, unique

__all__ = ["OPS", "RULES"]

OPS = ("mo.unique",)


def _places(k: KernelBuilder, slices: Tensor) -> Tensor:
    if slices.shape[1] != 1 or not is_sortable(slices.dtype):
        return places_of(k, slices)
    return order_rows(k, k.reshape(slices, slices.shape[:1]), descending=False)


def _unique(k: KernelBuilder, op: Op, x: Tensor) -> list[Tensor]:
    return unique(k, op, x, _places)


RULES = {"mo.unique": _unique}
