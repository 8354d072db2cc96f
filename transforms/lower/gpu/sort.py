# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.sort`, `mo.argsort`, `mo.top_k`, `mo.bottom_k`: long rows by a bitonic network."""

from __future__ import annotations

from collections.abc import Callable

from mograph.transforms.lower import sort as general
from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.gpu.network import is_long, sorted_rows
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
        rows = sorted_rows(k, k.transpose(x, order), descending=bool(op.descending), places=places)
        return k.transpose(rows[int(places)], back)

    return rule


def _selection(name: str, descending: bool) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor, count: Tensor | None = None) -> list[Tensor]:
        """The first of each row, all of which is sorted."""
        shape = op.outputs[0].type.shape
        if _is_for_one_thread(x, op.axis) or 0 in shape:
            found = general.RULES[name](k, op, x, *([] if count is None else [count]))
            assert not isinstance(found, Tensor)
            return list(found)
        selected_extent(k, op, x, count)
        order, back = last_axis(op.axis, x.rank)
        rows = sorted_rows(k, k.transpose(x, order), descending=descending, places=True)
        return [k.generate(_reader(k, each, back), shape, each.dtype) for each in rows]

    return rule


def _reader(k: KernelBuilder, x: Tensor, permutation: list[int]) -> Callable[..., Scalar]:
    """What lies at indices of which the axis `permutation[i]` of `x` is given as number i."""

    def element(*indices: Scalar) -> Scalar:
        return k.extract(x, [indices[permutation.index(axis)] for axis in range(x.rank)])

    return element


RULES: dict[str, Rule] = {
    "mo.argsort": _whole("mo.argsort", places=True),
    "mo.bottom_k": _selection("mo.bottom_k", descending=False),
    "mo.sort": _whole("mo.sort", places=False),
    "mo.top_k": _selection("mo.top_k", descending=True),
}
