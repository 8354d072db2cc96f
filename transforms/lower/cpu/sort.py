# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.sort`, `mo.argsort`, `mo.top_k`, `mo.bottom_k` by the sorts of the runtime."""

from __future__ import annotations

from collections.abc import Callable

from mograph.transforms.lower import sort as general
from mograph.transforms.lower.builder import SI64, KernelBuilder, Tensor
from mograph.transforms.lower.cpu.orders import elements, is_sortable, order_rows, sort_rows
from mograph.transforms.lower.rule import Op, Rule
from mograph.transforms.lower.sort import last_axis, selected_extent

__all__ = ["OPS", "RULES"]

OPS = ("mo.argsort", "mo.bottom_k", "mo.sort", "mo.top_k")


def _whole(name: str, rows: Callable[..., Tensor]) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        """The axis is the last one while rows are sorted."""
        if 0 in x.shape or not is_sortable(x.dtype):
            made = general.RULES[name](k, op, x)
            assert isinstance(made, Tensor)
            return made
        order, back = last_axis(op.axis, x.rank)
        return k.transpose(rows(k, k.transpose(x, order), descending=bool(op.descending)), back)

    return rule


def _selection(name: str, descending: bool) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor, count: Tensor | None = None) -> list[Tensor]:
        """As many of each row in order as the results have."""
        if 0 in (*x.shape, op.outputs[0].type.shape[op.axis]) or not is_sortable(x.dtype):
            found = general.RULES[name](k, op, x, *([] if count is None else [count]))
            assert not isinstance(found, Tensor)
            return list(found)
        extent = selected_extent(k, op, x, count)
        order, back = last_axis(op.axis, x.rank)
        x = k.transpose(x, order)
        shape = (*x.shape[:-1], extent)
        made = k.library("mograph_first", [x], [(x.dtype, shape), (SI64, shape)], elements(x, descending=descending))
        return [k.transpose(each, back) for each in made]

    return rule


RULES: dict[str, Rule] = {
    "mo.argsort": _whole("mo.argsort", order_rows),
    "mo.bottom_k": _selection("mo.bottom_k", descending=False),
    "mo.sort": _whole("mo.sort", sort_rows),
    "mo.top_k": _selection("mo.top_k", descending=True),
}
