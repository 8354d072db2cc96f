# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.unique`, whose elements the runtime numbers, or puts in order; slices of several are compared as such."""

from __future__ import annotations

from mograph.transforms.lower.builder import SI64, KernelBuilder, Tensor
from mograph.transforms.lower.cpu.orders import elements, is_sortable, order_rows
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.unique import Numbered, numbered, unique

__all__ = ["OPS", "RULES"]

OPS = ("mo.unique",)


def _numbered(k: KernelBuilder, op: Op, slices: Tensor) -> Numbered:
    extent, width = slices.shape
    if width != 1 or extent == 0 or not is_sortable(slices.dtype):
        return numbered(k, op, slices)
    row = k.reshape(slices, (extent,))
    if not op.sorted:
        return numbered(k, op, slices, lambda k, _: order_rows(k, row, descending=False))
    numbers, firsts, counts, found = k.library(
        "mograph_number", [row], [*[(SI64, (extent,))] * 3, (SI64, (1,))], elements(row, descending=False)
    )
    return k.index(k.extract(found, [k.index(0)])), numbers, firsts, counts


def _unique(k: KernelBuilder, op: Op, x: Tensor) -> list[Tensor]:
    return unique(k, op, x, _numbered)


RULES = {"mo.unique": _unique}
