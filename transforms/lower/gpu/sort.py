# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.sort`, `mo.argsort`, `mo.top_k`, `mo.bottom_k`: long rows by tiles that are merged."""

from __future__ import annotations

from collections.abc import Sequence

from mograph.transforms.lower import sort as general
from mograph.transforms.lower.builder import INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.gpu.sorting import first_places, is_long, sorted_places, taken
from mograph.transforms.lower.rule import Op, Rule
from mograph.transforms.lower.sort import last_axis, selected_extent

__all__ = ["OPS", "RULES"]

OPS = ("mo.argsort", "mo.bottom_k", "mo.sort", "mo.top_k")


def _is_for_one_thread(x: Tensor, axis: int) -> bool:
    return x.uniform is not None or 0 in x.shape or not is_long(x.shape[axis])


def _whole(name: str, places: bool) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        """The axis is the last one while rows are sorted."""
        if _is_for_one_thread(x, op.axis):
            made = general.RULES[name](k, op, x)
            assert isinstance(made, Tensor)
            return made
        order, back = last_axis(op.axis, x.rank)
        rows = k.transpose(x, order)
        found = sorted_places(k, rows, descending=bool(op.descending))
        return k.transpose(found if places else taken(k, rows, found), back)

    return rule


def _selection(name: str, descending: bool) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor, count: Tensor | None = None) -> list[Tensor]:
        """The first of each row in order."""
        shape = op.outputs[0].type.shape
        if _is_for_one_thread(x, op.axis) or 0 in shape:
            found = general.RULES[name](k, op, x, *([] if count is None else [count]))
            assert not isinstance(found, Tensor)
            return list(found)
        extent = selected_extent(k, op, x, count)
        order, _ = last_axis(op.axis, x.rank)
        rows = k.transpose(x, order)
        places = first_places(k, rows, extent, descending=descending)

        def place(at: Sequence[Scalar]) -> tuple[list[Scalar], Scalar]:
            row = [at[axis] for axis in order]
            return row[:-1], k.extract(places, row)

        def value(*at: Scalar) -> Scalar:
            row, found = place(at)
            return k.extract(rows, [*row, cast(found, INDEX)])

        return [k.generate(value, shape, x.dtype), k.generate(lambda *at: place(at)[1], shape, SI64)]

    return rule


RULES: dict[str, Rule] = {
    "mo.argsort": _whole("mo.argsort", places=True),
    "mo.bottom_k": _selection("mo.bottom_k", descending=False),
    "mo.sort": _whole("mo.sort", places=False),
    "mo.top_k": _selection("mo.top_k", descending=True),
}
